package approximation

import (
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

// The claim with fewer units, examples and steps.
func TestRates(t *testing.T) {
	r := course.Test(t, Topic)
	for key, most := range map[string]float64{
		"hinges: exponent of q in the squared error, built":                -3.5,
		"hinges: exponent of q in the squared error, learnt":               -3,
		"Barron: exponent of q in the error, 1 to 16 units, most examples": -0.55,
		"Barron: exponent of N in the error at the best q":                 -0.5,
	} {
		if a := r.Figure(key); !(a < most) {
			t.Errorf("%s: %.2f, want less than %v", key, a, most)
		}
	}
	if built, learnt := r.Figure("hinges: error of 16, built"), r.Figure("hinges: error of 16, learnt"); !(learnt < built/2) {
		t.Errorf("16 hinges: learning takes the error from %v to %v", built, learnt)
	}
	if few, many := r.Figure("Barron: best q for the fewest examples"), r.Figure("Barron: best q for the most examples"); !(few < many) {
		t.Errorf("the best q is %v for few examples and %v for many", few, many)
	}
}
