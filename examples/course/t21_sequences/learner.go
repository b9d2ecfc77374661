package sequences

import (
	"math/rand/v2"

	"github.com/nnc-lang/nnc/runtime/train"
)

// sums are sequences of T numbers of 0..1, each with a mark that is 1 for two of
// them, the first in the first half: what is asked is the sum of these two. This
// is the adding problem of Hochreiter and Schmidhuber (1997).
type sums struct {
	x []float32 // [N,T,2]: number, mark
	y []float32 // [N]
}

// draw fills b with n sequences of t numbers.
func (b *sums) draw(n, t int, rnd *rand.Rand) {
	b.x, b.y = b.x[:0], b.y[:0]
	for range n {
		first, second := rnd.IntN(t/2), t/2+rnd.IntN(t-t/2)
		var sum float32
		for i := range t {
			v, mark := rnd.Float32(), float32(0)
			if i == first || i == second {
				mark, sum = 1, sum+v
			}
			b.x = append(b.x, v, mark)
		}
		b.y = append(b.y, sum)
	}
}

// learner is a network with what it takes to train and test it.
type learner struct {
	name        string
	model, grad train.Model[float32]
	lossGrad    func(b *sums) (float32, error)
	forward     func(b *sums, s []float32) error
}

// gated returns a GRU for batches of at most n sequences of t numbers.
func gated(n, t int, seed uint64) *learner {
	m, dm := NewGated(), NewGated()
	m.Init(seed)
	fit, eval := NewFitGated(FitGatedDims{N: n, T: t}), NewGatedEval(GatedDims{N: n, T: t})
	return &learner{
		name: "GRU", model: m, grad: dm,
		lossGrad: func(b *sums) (float32, error) { return fit.LossGrad(m, FitGatedBatch{X: b.x, Y: b.y}, dm) },
		forward:  func(b *sums, s []float32) error { return eval.Forward(m, len(b.x)/2/len(s), b.x, s) },
	}
}

// plain returns a plain recurrent network of the same kind.
func plain(n, t int, seed uint64) *learner {
	m, dm := NewPlain(), NewPlain()
	m.Init(seed)
	fit, eval := NewFitPlain(FitPlainDims{N: n, T: t}), NewPlainEval(PlainDims{N: n, T: t})
	return &learner{
		name: "plain", model: m, grad: dm,
		lossGrad: func(b *sums) (float32, error) { return fit.LossGrad(m, FitPlainBatch{X: b.x, Y: b.y}, dm) },
		forward:  func(b *sums, s []float32) error { return eval.Forward(m, len(b.x)/2/len(s), b.x, s) },
	}
}
