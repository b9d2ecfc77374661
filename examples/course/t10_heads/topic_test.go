package heads

import (
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

func TestHeads(t *testing.T) {
	r := course.Test(t, Topic)
	for _, key := range []string{
		"identity, squared error: dl/dz − (z − y), greatest",
		"sigmoid, cross-entropy: dl/dz − (p − y), greatest",
		"softmax, cross-entropy: dl/dz − (p − onehot), greatest",
	} {
		if v := r.Figure(key); !(v <= 1e-14) {
			t.Errorf("%s: %v", key, v)
		}
	}
	if d := r.Figure("dl/dz at z = −8, target 1: sigmoid, cross-entropy"); d > -0.999 {
		t.Errorf("a confident mistake gets the slope %v", d)
	}
	if d := r.Figure("dl/dz at z = −8, target 1: sigmoid, squared error"); d < -0.001 {
		t.Errorf("the mismatched pair was to be silent, its slope is %v", d)
	}
	if e := r.Figure("regression: held-out error, root mean square"); !(e < 0.3) {
		t.Errorf("the line misses by %v cm", e)
	}
	if a := r.Figure("binary: held-out accuracy"); !(a > 85) {
		t.Errorf("two classes: %v %%", a)
	}
	if a := r.Figure("three classes: held-out accuracy"); !(a > 90) {
		t.Errorf("three classes: %v %%", a)
	}
}
