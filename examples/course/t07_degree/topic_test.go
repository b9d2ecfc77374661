package degree

import (
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

// A training error that rises would be a bad fit; a validation error that
// falls on would choose the worst polynomial.
func TestChoice(t *testing.T) {
	r := course.Test(t, Topic)
	if n := r.Figure("degrees at which the training error rises"); n != 0 {
		t.Errorf("the training error rises at %v degrees", n)
	}
	for _, way := range []string{"leave-one-out", "10-fold"} {
		if u := r.Figure(way + " error at the highest degree / least"); !(u > 1.5) {
			t.Errorf("%s: the error at the highest degree is only %v of the least", way, u)
		}
		if e := r.Figure("true error of " + way + "'s choice / best"); !(e < 1.25) {
			t.Errorf("%s: its choice has %v of the best true error", way, e)
		}
	}
}
