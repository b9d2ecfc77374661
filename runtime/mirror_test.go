package runtime

import (
	"math"
	"testing"
)

// TestBoth: a pair of values is that of two calls, or its neighbour.
func TestBoth(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	list := []float64{0, 1e-300, 1e-40, 1e-8, 8.9999, 9, 9.0001, 19, 20, 87, 88, 89, 103.9, 104, 110, 700, 745, 800, 1e30, 1e300, inf, nan}
	for k := range 4000 {
		list = append(list, float64(k)*0.03)
	}
	for _, a := range list {
		for _, x := range []float64{a, -a} {
			x32 := float32(x)
			for _, c := range []struct {
				name     string
				both     func(float32) (float32, float32)
				both64   func(float64) (float64, float64)
				single   func(float32) float32
				single64 func(float64) float64
			}{
				{"sigmoid", SigmoidBoth32, SigmoidBoth64, Sigmoid32, Sigmoid64},
				{"softplus", SoftplusBoth32, SoftplusBoth64, Softplus32, Softplus64},
			} {
				y, z := c.both(x32)
				y64, z64 := c.both64(x)
				for _, v := range []struct{ got, want float32 }{{y, c.single(x32)}, {z, c.single(-x32)}} {
					if !(ulps(v.got, float64(v.want)) <= 1) {
						t.Errorf("%s of ±%g in float32: %g, want %g", c.name, x32, v.got, v.want)
					}
				}
				for _, v := range []struct{ got, want float64 }{{y64, c.single64(x)}, {z64, c.single64(-x)}} {
					if !(ulps(v.got, v.want) <= 1) {
						t.Errorf("%s of ±%g: %g, want %g", c.name, x, v.got, v.want)
					}
				}
			}
		}
	}
}
