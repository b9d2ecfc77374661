package descent

import (
	"math"
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

// The times that a run measures are told, not tested: the work is counted.
func TestDescent(t *testing.T) {
	r := course.Test(t, Topic)
	start := r.Figure("distance from the truth at the start")
	for _, key := range []string{"batch: after 60 steps", "stochastic: after one pass"} {
		if d := r.Figure(key); !(d < start/10) {
			t.Errorf("%s it is %v from the truth, at the start %v", key, d, start)
		}
	}
	batch := r.Figure("loss above the least after N gradients, batch (1 step)")
	single := r.Figure("loss above the least after N gradients, stochastic (N steps)")
	if !(single < batch/5) {
		t.Errorf("after the same work stochastic is %v above the least, batch %v", single, batch)
	}
	work := func(n int) float64 {
		return course.Operations(t, "descent.nn", "Risk.lossgrad", map[string]int{"D": 32, "N": n})
	}
	for _, n := range []int{100, 1000, 10000} {
		if times := work(n) / work(1); !(math.Abs(times/float64(n)-1) < 0.02) {
			t.Errorf("a batch step of %d examples takes %v times the operations of a stochastic step", n, times)
		}
	}
}
