package descent

import (
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

// The bounds on the times are wide: other programs run beside this one.
func TestDescent(t *testing.T) {
	r := course.Test(t, Topic)
	start := r.Figure("distance from the truth at the start")
	for _, key := range []string{"batch: after 60 steps", "stochastic: after one pass"} {
		if d := r.Figure(key); !(d < start/10) {
			t.Errorf("%s it is %v from the truth, at the start %v", key, d, start)
		}
	}
	batch := r.Figure("loss above the least after N gradients, batch (1 step)")
	single := r.Figure("loss above the least after N gradients, stochastic (N steps)")
	if !(single < batch/5) {
		t.Errorf("after the same work stochastic is %v above the least, batch %v", single, batch)
	}
	if a := r.Figure("batch step: exponent of N in its time"); !(a > 0.7 && a < 1.3) {
		t.Errorf("the time of a batch step grows as N^%.2f", a)
	}
	if a := r.Figure("stochastic step: exponent of N in its time"); !(a > -0.3 && a < 0.3) {
		t.Errorf("the time of a stochastic step grows as N^%.2f", a)
	}
}
