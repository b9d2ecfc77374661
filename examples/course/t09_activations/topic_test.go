package activations

import (
	"math"
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

func TestDerivatives(t *testing.T) {
	r := course.Test(t, Topic)
	for key, most := range map[string]float64{
		"derivative − closed form, relative, greatest":     1e-13,
		"softmax: Jacobian − p(δ − p), greatest":           1e-14,
		"softmax: a row of the Jacobian sums to at most":   1e-14,
		"softmax: change when 1000 is added to all scores": 1e-12, // the scores are rounded near 1000
	} {
		if v := r.Figure(key); !(v <= most) {
			t.Errorf("%s: %v, want at most %v", key, v, most)
		}
	}
	for name, want := range map[string]float64{"sign": 0, "sigmoid": 0.25, "tanh": 1, "relu": 1, "leaky_relu": 1, "elu": 1} {
		if v := r.Figure(name + ": greatest derivative"); math.Abs(v-want) > 1e-15 {
			t.Errorf("%s has a derivative of %v, the greatest should be %v", name, v, want)
		}
	}
}

// What the derivative says a step does, the function does.
func TestDifferences(t *testing.T) {
	const h = 1e-5
	z := []float64{-3.1, -1.2, -0.4, 0.3, 0.9, 2.5}
	n := len(z)
	up, down := make([]float64, n), make([]float64, n)
	for i := range z {
		up[i], down[i] = z[i]+h, z[i]-h
	}
	y, dy, yu, yd, no := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for _, a := range activations(n) {
		for _, at := range []struct{ z, y, dy []float64 }{{z, y, dy}, {up, yu, no}, {down, yd, no}} {
			if err := a.value(at.z, at.y, at.dy); err != nil {
				t.Fatal(err)
			}
		}
		for i := range z {
			if d := (yu[i] - yd[i]) / (2 * h); math.Abs(d-dy[i]) > 1e-9 {
				t.Errorf("%s at %v: derivative %v, difference quotient %v", a.name, z[i], dy[i], d)
			}
		}
	}
}
