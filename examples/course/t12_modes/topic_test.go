package modes

import (
	"math"
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

func TestModes(t *testing.T) {
	r := course.Test(t, Topic)
	if a := r.Figure("forward − reverse, greatest"); !(a <= 1e-12) {
		t.Errorf("the Jacobians differ by %v", a)
	}
	work := func(method string, d, k int) float64 {
		return course.Operations(t, "modes.nn", method, map[string]int{"D": d, "K": k})
	}
	// How many times the operations of reverse mode forward mode takes.
	ratio := func(d, k int) float64 { return work("Forward.jacobian", d, k) / work("Reverse.jacobian", d, k) }
	for _, c := range []struct {
		d, k        int
		least, most float64
	}{
		{1, 256, 0, 0.1}, {256, 1, 10, math.Inf(1)},
		{2, 16, 0, 0.5}, {128, 16, 2, math.Inf(1)}, {16, 2, 2, math.Inf(1)}, {16, 128, 0, 0.5}, // they cross between
		{16, 16, 0.5, 2},
	} {
		if x := ratio(c.d, c.k); !(x >= c.least && x <= c.most) {
			t.Errorf("%d inputs, %d outputs: forward mode takes %v times the operations of reverse mode, want %v to %v", c.d, c.k, x, c.least, c.most)
		}
	}
	if n := work("Reverse.jacobian", 256, 1) / work("Reverse.value", 256, 1); !(n < 4) {
		t.Errorf("a gradient takes the operations of %v evaluations", n)
	}
}
