package sequences

import (
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

// The claim with sequences of up to 20 numbers and fewer steps.
func TestGateRemembers(t *testing.T) {
	r := course.Test(t, Topic)
	gated := r.Figure("GRU: sums right, mean over the lengths trained")
	plain := r.Figure("plain network: sums right, mean over the lengths trained")
	if !(gated > 70) {
		t.Errorf("the GRU has %v %% of the sums right", gated)
	}
	if !(plain < gated-15) {
		t.Errorf("the plain network has %v %% of the sums right, the GRU %v %%", plain, gated)
	}
}
