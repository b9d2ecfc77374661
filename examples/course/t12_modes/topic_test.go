package modes

import (
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

func TestModes(t *testing.T) {
	r := course.Test(t, Topic)
	if a := r.Figure("forward − reverse, greatest"); !(a <= 1e-12) {
		t.Errorf("the Jacobians differ by %v", a)
	}
	for _, key := range []string{"1 input, 256 outputs: reverse / forward", "256 inputs, 1 output: forward / reverse"} {
		if ratio := r.Figure(key); !(ratio > 4) {
			t.Errorf("%s: %v, want far more than 1", key, ratio)
		}
	}
	if ratio := r.Figure("256 inputs, 1 output: gradient / value"); !(ratio < 10) {
		t.Errorf("a gradient costs %v evaluations", ratio)
	}
	for _, key := range []string{"16 outputs: the modes cross at", "16 inputs: the modes cross at"} {
		if n := r.Figure(key); !(n > 2 && n < 128) {
			t.Errorf("%s %v, want about 16", key, n)
		}
	}
}
