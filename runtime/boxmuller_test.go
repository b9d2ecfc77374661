package runtime

import (
	"math"
	"testing"
)

// TestBoxMuller compares the transform with its definition, at the ends of quarter turns
// and of the numbers, too.
func TestBoxMuller(t *testing.T) {
	s := NewStream(1, "u")
	u := []float64{0, 0x1p-53, 0.25, 0.5, 1 - math.Sqrt2/2, 1 - 0x1p-53}
	v := []float64{0, 0x1p-53, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1 - 0x1p-53}
	for i := range 10_000 {
		u, v = append(u, s.Uniform(i)), append(v, s.Uniform(i+20_000))
	}
	for i, u := range u {
		for _, v := range []float64{v[i%10], v[i]} {
			x, y := boxMuller(u, v)
			r := math.Sqrt(-2 * math.Log1p(-u))
			sin, cos := math.Sincos(2 * math.Pi * v)
			if limit := 2e-15 * r; !(math.Abs(x-r*cos) <= limit && math.Abs(y-r*sin) <= limit) {
				t.Errorf("of %g and %g: %g and %g, want %g and %g", u, v, x, y, r*cos, r*sin)
			}
		}
	}
}
