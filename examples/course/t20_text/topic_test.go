package text

import (
	"math"
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

// In a few seconds the LSTM passes the bigram model, and the transformer, which
// learns late what to look back at, comes to within a twentieth of it.
func TestPredicts(t *testing.T) {
	r := course.Test(t, Topic)
	bigram := r.Figure("bigram")
	if b := r.Figure("LSTM"); !(b < bigram) {
		t.Errorf("the LSTM needs %.3f bits, the bigram model %.3f", b, bigram)
	}
	if b := r.Figure("transformer"); !(b < 1.05*bigram) {
		t.Errorf("the transformer needs %.3f bits, the bigram model %.3f", b, bigram)
	}
}

// The probabilities of an n-gram model sum to 1 after every context, or its bits
// are no baseline.
func TestNgram(t *testing.T) {
	c, err := load()
	if err != nil {
		t.Fatal(err)
	}
	g := count(c.train[:5000], 3)
	context := c.test[:2]
	sum := 0.0
	for k := range int32(V) {
		whole := g.bits(append(append([]int32(nil), context...), k)) * 3
		sum += math.Exp2(g.bits(context)*2 - whole)
	}
	if math.Abs(sum-1) > 1e-12 {
		t.Errorf("the probabilities of the next character sum to %v", sum)
	}
}
