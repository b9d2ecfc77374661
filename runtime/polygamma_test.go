package runtime

import (
	"math"
	"testing"
)

// Values from closed forms: ψ'(1) = π²/6, ψ”(1) = -2ζ(3), ψ”'(1) = π⁴/15 and
// what reflection and recurrence make of them.
func TestPolygamma(t *testing.T) {
	const zeta3 = 1.2020569031595942853997
	pi2, pi4 := math.Pi*math.Pi, math.Pow(math.Pi, 4)
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct{ n, x, want float64 }{
		{0, 1, -0.57721566490153286061},
		{1, 1, pi2 / 6}, {1, 0.5, pi2 / 2}, {1, 2, pi2/6 - 1}, {1, -0.5, pi2/2 + 4},
		{1, 0.25, pi2 + 8*0.91596559417721901505}, {1, 1e-3, 1e6 + 1.6425331904}, {1, 1e6, 1.0000005000001666667e-6},
		{2, 1, -2 * zeta3}, {2, 0.5, -14 * zeta3}, {2, -0.5, -14*zeta3 + 16},
		{3, 1, pi4 / 15}, {3, 0.5, pi4}, {3, -1.5, pi4 + 96 + 6/math.Pow(1.5, 4)},
		{1, 0, inf}, {1, -3, inf}, {2, -3, nan}, {1, inf, 0}, {1, -inf, nan}, {1, nan, nan}, {0.5, 1, nan}, {-1, 1, nan},
	} {
		got := Polygamma(c.n, c.x)
		if got != c.want && !(math.Abs(got-c.want) <= 1e-13*math.Abs(c.want)) && !(got != got && c.want != c.want) {
			t.Errorf("derivative %v of digamma at %v is %v, want %v", c.n, c.x, got, c.want)
		}
	}
	for _, x := range []float64{-2.7, -0.3, 0.2, 1.4, 7, 19.5, 33} {
		for n := 1.0; n < 6; n++ {
			const h = 1e-5
			want := (Polygamma(n-1, x+h) - Polygamma(n-1, x-h)) / (2 * h)
			if got := Polygamma(n, x); math.Abs(got-want) > 1e-6*max(1, math.Abs(want)) {
				t.Errorf("derivative %v at %v is %v, by differences %v", n, x, got, want)
			}
		}
	}
	if got := Polygamma[float32](1, 1); got != float32(pi2/6) {
		t.Errorf("in float32 ψ'(1) is %v", got)
	}
}
