package runtime

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestInners: a product by inner products is right at all edges of its blocks,
// adds where it is told to, and gives a row the same bits whatever rows are
// around it.
func TestInners(t *testing.T) {
	if !level.Windows() {
		t.Skip("no kernel of inner products on this processor")
	}
	r := rand.New(rand.NewPCG(5, 6))
	for _, k := range []int{minInner, 301, 1152, 2500} {
		for _, m := range []int{maxDotRows + 1, 7, 8, 9, 17, maxInnerRows} {
			for _, n := range []int{1, 2, innerCols - 1, innerCols + 5} {
				for _, acc := range []bool{false, true} {
					checkInners[float32](t, r, m, n, k, acc, 1e-4)
					checkInners[float64](t, r, m, n, k, acc, 1e-12)
				}
			}
		}
	}
}

func checkInners[T Float](t *testing.T, r *rand.Rand, m, n, k int, acc bool, tol float64) {
	t.Helper()
	ars, bcs, crs := k+3, k+1, n+2
	a, b := noise[T](r, m*ars, false), noise[T](r, n*bcs, false)
	c := noise[T](r, m*crs, false)
	got := slices.Clone(c)
	Gemm(m, n, k, a, ars, 1, b, 1, bcs, got, crs, 1, acc)
	for i := range m {
		for j := range n {
			want := 0.0
			if acc {
				want = float64(c[i*crs+j])
			}
			for p := range k {
				want += float64(a[i*ars+p]) * float64(b[j*bcs+p])
			}
			if d := float64(got[i*crs+j]) - want; d > tol || d < -tol {
				t.Fatalf("%d x %d x %d: C[%d,%d] is %v, want %v", m, n, k, i, j, got[i*crs+j], want)
			}
		}
		for j := n; j < crs && i*crs+j < len(c); j++ {
			if got[i*crs+j] != c[i*crs+j] {
				t.Fatalf("%d x %d x %d: written beside row %d of C", m, n, k, i)
			}
		}
	}
	if m <= maxDotRows+1 {
		return
	}
	rows := slices.Clone(c)
	half := m - maxDotRows - 1
	Gemm(m-half, n, k, a[half*ars:], ars, 1, b, 1, bcs, rows[half*crs:], crs, 1, acc)
	if !slices.Equal(rows[half*crs:], got[half*crs:]) {
		t.Fatalf("%d x %d x %d: the last rows have other bits by themselves", m, n, k)
	}
}
