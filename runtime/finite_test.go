package runtime

import (
	"math"
	"testing"
)

// TestFinite finds the one element that is not finite, wherever it stands, and
// nothing in the largest and smallest numbers.
func TestFinite(t *testing.T) {
	testFinite[float32](t, math.MaxFloat32, math.SmallestNonzeroFloat32)
	testFinite[float64](t, math.MaxFloat64, math.SmallestNonzeroFloat64)
}

func testFinite[T Float](t *testing.T, most, least T) {
	t.Helper()
	for n := range 20 {
		x := make([]T, n)
		for i := range x {
			x[i] = [...]T{most, -most, least, -least, 0, 1}[i%6]
		}
		if !Finite(x) {
			t.Errorf("%v is finite", x)
		}
		for i := range x {
			for _, v := range []float64{math.NaN(), math.Copysign(math.NaN(), -1), math.Inf(1), math.Inf(-1)} {
				was := x[i]
				x[i] = T(v)
				if Finite(x) {
					t.Errorf("%v is not finite", x)
				}
				x[i] = was
			}
		}
	}
	x := make([]T, 24) // columns 0 and 1 of two matrices of three rows of four
	for i := range x {
		x[i] = T(math.NaN())
		if i%4 < 2 {
			x[i] = 1
		}
	}
	if !FiniteAt(x, [2]int{2, 12}, [2]int{3, 4}, [2]int{2, 1}) || !FiniteAt(x) || FiniteAt(x, [2]int{3, 1}) || !FiniteAt(x[:0], [2]int{0, 1}) {
		t.Error("FiniteAt looks at other elements")
	}
	x[17] = T(math.Inf(1))
	if FiniteAt(x, [2]int{2, 12}, [2]int{3, 4}, [2]int{2, 1}) || !FiniteAt(x, [2]int{3, 4}, [2]int{2, 1}) {
		t.Error("FiniteAt looks at other elements")
	}
}
