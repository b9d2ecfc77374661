package blas

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/blas/gonum"

	rt "github.com/nnc-lang/nnc/runtime"
)

// counted is gonum's BLAS; it counts the products.
type counted struct {
	gonum.Implementation
	n *int
}

func (c counted) Dgemm(ta, tb blas.Transpose, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, y []float64, ldy int) {
	*c.n++
	c.Implementation.Dgemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, y, ldy)
}

// TestUse: products of matrices, transposed or not, added or not, go to gonum and
// give what the kernels give; those of few elements, or of matrices whose rows
// are not contiguous, do not go there.
func TestUse(t *testing.T) {
	calls := 0
	blas64.Use(counted{n: &calls})
	defer blas64.Use(gonum.Implementation{})
	defer Off()
	const m, n, k = 33, 40, 50
	strides := func(rows, cols int) [][2]int { return [][2]int{{cols, 1}, {cols + 3, 1}, {1, rows}, {1, rows + 2}} }
	reals := func(n int, site string) []float64 {
		x := make([]float64, n)
		rt.Normal(x, 1, site, 0, 1)
		return x
	}
	a, b, c := reals((m+3)*(k+3), "a"), reals((k+3)*(n+3), "b"), reals((m+3)*(n+3), "c")
	product := func(rows int, as, bs [2]int, crs, ccs int, acc bool) []float64 {
		y := append([]float64(nil), c...)
		rt.Gemm(rows, n, k, a, as[0], as[1], b, bs[0], bs[1], y, crs, ccs, acc)
		return y
	}
	for _, as := range strides(m, k) {
		for _, bs := range strides(k, n) {
			for _, acc := range []bool{false, true} {
				Off()
				want := product(m, as, bs, n+1, 1, acc)
				Use()
				before := calls
				got := product(m, as, bs, n+1, 1, acc)
				if calls != before+1 {
					t.Errorf("A by %v, B by %v: %d calls of gonum, want 1", as, bs, calls-before)
				}
				for i := range got {
					if math.Abs(got[i]-want[i]) > 1e-12 {
						t.Fatalf("A by %v, B by %v, added %v: element %d is %v, want %v", as, bs, acc, i, got[i], want[i])
					}
				}
			}
		}
	}
	before := calls
	product(1, [2]int{k, 1}, [2]int{n, 1}, n, 1, false)
	product(m, [2]int{k, 1}, [2]int{0, 1}, n, 1, false)
	product(m, [2]int{k, 1}, [2]int{n, 1}, 1, m, false)
	if calls != before {
		t.Errorf("%d products went to gonum that should not have", calls-before)
	}
}

func ExampleUse() {
	Use()
	defer Off()
	a, c := make([]float32, 64*64), make([]float32, 64*64)
	for i := range a {
		a[i] = 1
	}
	rt.Gemm(64, 64, 64, a, 64, 1, a, 64, 1, c, 64, 1, false)
	fmt.Println(c[0])
	// Output: 64
}
