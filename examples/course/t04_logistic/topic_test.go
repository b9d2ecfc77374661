package logistic

import (
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

// Two losses that differ would be two methods; a linear unit that errs in more
// than one tumour of twenty would not be the method of the literature.
func TestLosses(t *testing.T) {
	r := course.Test(t, Topic)
	for _, key := range []string{"logit loss − cross-entropy, greatest", "the same of their gradients"} {
		if d := r.Figure(key); !(d <= 1e-12) {
			t.Errorf("%s is %g", key, d)
		}
	}
	if a := r.Figure("accuracy on them, 30 measures"); !(a >= 95) {
		t.Errorf("accuracy is %v %%", a)
	}
}
