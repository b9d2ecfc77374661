package vanishing

import (
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

func TestVanishing(t *testing.T) {
	r := course.Test(t, Topic)
	if b := r.Figure("sigmoid: greatest |dz| of a layer / (|W| |dz| of the next)"); !(b <= 0.25) {
		t.Errorf("a gradient came back through sigmoids at %v of the most that its weights let through; the bound is 1/4", b)
	}
	for _, c := range []struct {
		kind, scheme string
		lo, hi       float64
	}{
		{"sigmoid", "standard", 0, 1e-3},
		{"sigmoid", "Glorot", 0, 1. / (4 * 4 * 4 * 4 * 4) * 1.5},
		{"sigmoid", "He", 0, 0.02},
		{"tanh", "standard", 0, 0.2},
		{"tanh", "Glorot", 0.2, 1.5},
		{"ReLU", "standard", 0, 0.05},
		{"ReLU", "Glorot", 0, 0.4},
		{"ReLU", "He", 0.4, 2.5},
	} {
		key := c.kind + ", " + c.scheme + ": gradient of layer 1 / of layer 6"
		if v := r.Figure(key); !(v >= c.lo && v <= c.hi) {
			t.Errorf("%s: %v, want %v to %v", key, v, c.lo, c.hi)
		}
	}
}
