package risk

import (
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

// Each part must answer to what it is said to answer to.
func TestParts(t *testing.T) {
	r := course.Test(t, Topic)
	less := func(a, b string, factor float64) {
		t.Helper()
		if x, y := r.Figure(a), r.Figure(b); !(x < y*factor) {
			t.Errorf("%s is %v, %s is %v", a, x, b, y)
		}
	}
	less("approximation error, 60 terms", "approximation error, 2 terms", 0.1)
	less("estimation error, 2 terms", "estimation error, 60 terms", 0.2)
	less("estimation error, 3200 examples", "estimation error, 100 examples", 0.1)
	less("optimisation error, 8000 steps", "optimisation error, 20 steps", 0.1)
	less("online SGD, fresh examples", "SGD over the same 100", 0.7)
	less("online SGD, fresh examples", "best of the family", 1.1)
}
