package perceptron

import (
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

// More mistakes than Novikoff's theorem allows, or rest on xor, which no line
// separates, would mean that the rule is another one.
func TestMistakes(t *testing.T) {
	r := course.Test(t, Topic)
	if n := r.Figure("examples misread at rest"); n != 0 {
		t.Errorf("%v examples of separable data are misread", n)
	}
	if w := r.Figure("mistakes / (R/γ)², greatest"); !(w > 0 && w <= 1) {
		t.Errorf("the mistakes are %v of their bound", w)
	}
	if n := r.Figure("xor: mistakes in the best epoch"); !(n >= 1) {
		t.Errorf("an epoch of xor has %v mistakes", n)
	}
}
