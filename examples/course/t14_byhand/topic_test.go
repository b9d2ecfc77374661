package byhand

import (
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

func TestByHand(t *testing.T) {
	r := course.Test(t, Topic)
	n := r.Figure("equations by hand")
	if n != 7 || r.Figure("equations by nnc") != n || r.Figure("equations that are the same") != n {
		t.Errorf("the equations differ: %v", r.Tables[0].Rows)
	}
	for _, key := range []string{"by hand − LossGrad, greatest of 1000 examples", "loops in Go − LossGrad, greatest"} {
		if d := r.Figure(key); !(d <= 1e-12) {
			t.Errorf("%s: %v", key, d)
		}
	}
}
