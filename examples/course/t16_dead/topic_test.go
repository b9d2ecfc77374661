package dead

import (
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

func TestDead(t *testing.T) {
	r := course.Test(t, Topic)
	if s := r.Figure("small steps: outputs that are 0"); !(s > 50) {
		t.Errorf("%v %% of the outputs are 0, a layer of ReLU was to be sparse", s)
	}
	if n := r.Figure("small steps: dead units"); !(n <= 5) {
		t.Errorf("small steps kill %v units", n)
	}
	killed := r.Figure("large steps: dead units")
	if !(killed >= 50) {
		t.Errorf("large steps kill only %v units", killed)
	}
	if g := r.Figure("greatest gradient of a weight of a dead unit"); g != 0 {
		t.Errorf("a dead unit gets the gradient %v", g)
	}
	if n := r.Figure("of these, dead after small steps"); n != killed {
		t.Errorf("of %v dead units %v stay dead, all should", killed, n)
	}
	if n := r.Figure("the same, made leaky"); !(n < 2*killed/3) {
		t.Errorf("of %v dead units %v stay dead when they are leaky", killed, n)
	}
	if a, b := r.Figure("accuracy then, ReLU"), r.Figure("accuracy then, leaky"); !(b > a+10) {
		t.Errorf("ReLU gets %v %% right, leaky %v %%", a, b)
	}
}
