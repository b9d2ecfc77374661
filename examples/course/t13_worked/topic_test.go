package worked

import (
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

func TestPaths(t *testing.T) {
	r := course.Test(t, Topic)
	if n := r.Figure("paths from W₁ to the loss"); n != 2 {
		t.Errorf("%v paths, want one by the prediction and one by the length", n)
	}
	if d := r.Figure("sum over the paths − LossGrad, greatest"); !(d <= 1e-15) {
		t.Errorf("the paths sum to something else than LossGrad, by %v", d)
	}
	if d := r.Figure("central differences − LossGrad, greatest"); !(d <= 1e-9) {
		t.Errorf("differences say something else than LossGrad, by %v", d)
	}
}
