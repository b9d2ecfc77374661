package images

import (
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

// A tenth of the training set, and few epochs: enough to read 95 of 100.
func TestReads(t *testing.T) {
	if testing.Short() {
		t.Skip("12 MB to fetch, 220 MB of memory")
	}
	r := course.Test(t, Topic)
	if r.Figure(unavailable) == 1 {
		t.Skip(unavailable)
	}
	if a := r.Figure("test accuracy"); !(a > 93) {
		t.Errorf("%v %% of the test digits are read right", a)
	}
}
