package runtime

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestRowPicks: the smallest and the largest element, and where they are, by the
// loop that says what is meant, for rows with ties, zeros of both signs,
// infinities and NaN.
func TestRowPicks(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		picks[float32](t)
		picks[float64](t)
	})
}

func picks[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	zero := T(0)
	special := []T{0, -zero, 1, 1, -1, 2, Inf[T](1), Inf[T](-1), 1e-38, NaN[T]()}
	for n := range 100 {
		for trial := range 40 {
			x := make([]T, n+trial%5, n+trial%5+8)[trial%5:]
			for i := range x[:cap(x)] { // the best is beyond the end
				x[:cap(x)][i] = 0
			}
			for i := range x {
				x[i] = T(r.NormFloat64())
				if trial%2 == 1 {
					x[i] = special[r.IntN(len(special)-trial%4/3)]
				}
			}
			low, high, lowAt, highAt := Inf[T](1), Inf[T](-1), 0, 0
			for i, v := range x {
				if v < low || v != v && low == low {
					low, lowAt = v, i
				}
				if v > high || v != v && high == high {
					high, highAt = v, i
				}
			}
			if got := Mins(x); !sameNumber(got, low) && !(got == 0 && low == 0) {
				t.Fatalf("min of %v: %g, want %g", x, got, low)
			}
			if got := ArgMins(x); got != lowAt {
				t.Fatalf("argmin of %v: %d, want %d", x, got, lowAt)
			}
			if got := ArgMaxs(x); got != highAt {
				t.Fatalf("argmax of %v: %d, want %d", x, got, highAt)
			}
		}
	}
}

// TestSquareDists: all lengths and strides against the sums as they are written;
// nothing beside the columns asked for is touched, and a NaN stays.
func TestSquareDists(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		squareDists[float32](t, 0x1p-21)
		squareDists[float64](t, 0x1p-50)
	})
}

func squareDists[T Float](t *testing.T, eps float64) {
	r := rand.New(rand.NewPCG(7, 8))
	for n := range 80 {
		for _, m := range []int{0, 1, 2, 3, 8, 17} {
			stride := n + r.IntN(3)
			x, dst, want := make([]T, m), make([]T, n+1+n%3)[n%3:], make([]float64, n+1)
			c := make([]T, 1+max(0, (m-1)*stride+n))[1:]
			for i := range x {
				x[i] = T(r.NormFloat64())
			}
			for i := range c {
				c[i] = T(r.NormFloat64())
			}
			if len(c) > 0 && n%5 == 0 {
				c[r.IntN(len(c))] = NaN[T]()
			}
			for i := range dst {
				dst[i] = T(i)
				want[i] = float64(i)
				for j := range x {
					if i < n {
						d := float64(x[j]) - float64(c[j*stride+i])
						want[i] += d * d
					}
				}
			}
			SquareDists(dst[:n], x, c, stride)
			for i, w := range want {
				if got := float64(dst[i]); !(got-w <= eps*w && w-got <= eps*w) && !(w != w && got != got) {
					t.Fatal(fmt.Sprintf("%d columns of %d %T, stride %d: dst[%d] = %g, want %g", n, m, dst[0], stride, i, got, w))
				}
			}
		}
	}
}
