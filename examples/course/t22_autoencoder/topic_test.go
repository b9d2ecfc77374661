package autoencoder

import (
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

// The claim after a sixth of the epochs.
func TestTwoNumbers(t *testing.T) {
	r := course.Test(t, Topic)
	linear := r.Figure("principal components: squared error of a test digit")
	same := r.Figure("principal components: nearest code is the same digit")
	for name, most := range map[string]float64{"autoencoder": 0.75, "variational": 0.85} {
		if e := r.Figure(name + ": squared error of a test digit"); !(e < most*linear) {
			t.Errorf("%s: squared error %v, principal components have %v", name, e, linear)
		}
		if a := r.Figure(name + ": nearest code is the same digit"); !(a > same+5) {
			t.Errorf("%s: the nearest code is the same digit in %v %%, of principal components in %v %%", name, a, same)
		}
	}
	// The square of a standard normal number is 1 in the mean.
	if s := r.Figure("variational: mean square of a code"); !(s > 0.75 && s < 1.25) {
		t.Errorf("the mean square of a variational code is %v", s)
	}
}
