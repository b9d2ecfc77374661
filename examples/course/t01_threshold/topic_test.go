package threshold

import (
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

// A unit that errs on one input is not the gate.
func TestGates(t *testing.T) {
	r := course.Test(t, Topic)
	if n := r.Figure("outputs tested"); n != 10 {
		t.Errorf("%v outputs tested, want 10", n)
	}
	if n := r.Figure("wrong outputs"); n != 0 {
		t.Errorf("%v wrong outputs", n)
	}
}
