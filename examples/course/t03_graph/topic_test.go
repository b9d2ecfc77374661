package graph

import (
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

// Other counts would be another picture than the one on the blackboard; another
// gradient would be a wrong walk.
func TestGraph(t *testing.T) {
	r := course.Test(t, Topic)
	for key, want := range map[string]float64{
		"inputs and results (white)": 3, "parameters (red)": 2, "operations (blue)": 3,
	} {
		if n := r.Figure(key); n != want {
			t.Errorf("%s: %v, want %v", key, n, want)
		}
	}
	if d := r.Figure("walk by hand − LossGrad, greatest"); !(d <= 1e-15) {
		t.Errorf("the gradients differ by %g", d)
	}
}
