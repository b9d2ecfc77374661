package layers

import (
	"math"
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

// Linear layers that do better than one would contradict that a product of
// matrices is a matrix.
func TestLayers(t *testing.T) {
	r := course.Test(t, Topic)
	if n := r.Figure("xor by hand: wrong outputs"); n != 0 {
		t.Errorf("%v wrong outputs", n)
	}
	if n := r.Figure("xor learnt: two hidden units"); !(n >= 3) {
		t.Errorf("two hidden units learn xor from %v beginnings", n)
	}
	if n := r.Figure("xor learnt: three layers with tanh"); n != 20 {
		t.Errorf("three layers learn xor from %v beginnings of 20", n)
	}
	for _, key := range []string{"xor: best loss of one layer", "xor: best loss of three linear layers"} {
		if l := r.Figure(key); !(math.Abs(l-math.Ln2) < 1e-6) {
			t.Errorf("%s is %v, not log 2", key, l)
		}
	}
	if d := r.Figure("moons: one layer − three linear layers"); !(math.Abs(d) < 1e-6) {
		t.Errorf("on moons the losses differ by %g", d)
	}
	if one, net := r.Figure("moons: loss of one layer"), r.Figure("moons: loss of three layers with tanh"); !(net < one/2) {
		t.Errorf("tanh between the layers: loss %v, without %v", net, one)
	}
}
