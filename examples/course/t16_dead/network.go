package dead

import (
	"context"

	"github.com/nnc-lang/nnc/examples/course/data"
	"github.com/nnc-lang/nnc/runtime/optim"
	"github.com/nnc-lang/nnc/runtime/train"

	rt "github.com/nnc-lang/nnc/runtime/data"
)

// state is what is known of a network at some epoch.
type state struct {
	dead     []bool  // [H]: silent on every example
	silent   float64 // share of the outputs of hidden units that are not on
	accuracy float64
}

func (s state) count() (n int) {
	for _, d := range s.dead {
		if d {
			n++
		}
	}
	return n
}

// net is a network of either kind with its workspaces.
type net struct {
	model, grad train.Model[float32]
	slopes      [2][]float32 // of the gradient: dW [2,H] and db [H] of the hidden layer
	step        func(x []float32, y []int32) (float32, error)
	forward     func(x, z, p []float32) error
}

func newReLU(n int) *net {
	m, g := NewReLU(), NewReLU()
	fit, eval := NewFitReLU(FitReLUDims{N: n}), NewReLUEval(n)
	return &net{m, g, [2][]float32{g.Hidden.W, g.Hidden.B},
		func(x []float32, y []int32) (float32, error) { return fit.LossGrad(m, FitReLUBatch{X: x, Y: y}, g) },
		func(x, z, p []float32) error { return eval.Forward(m, x, z, p) }}
}

func newLeaky(n int) *net {
	m, g := NewLeaky(), NewLeaky()
	fit, eval := NewFitLeaky(FitLeakyDims{N: n}), NewLeakyEval(n)
	return &net{m, g, [2][]float32{g.Hidden.W, g.Hidden.B},
		func(x []float32, y []int32) (float32, error) { return fit.LossGrad(m, FitLeakyBatch{X: x, Y: y}, g) },
		func(x, z, p []float32) error { return eval.Forward(m, x, z, p) }}
}

// look looks at the network on all examples.
func (n *net) look(set *data.Set[float32]) (s state, err error) {
	z, p, most := make([]float32, set.N*H), make([]float32, set.N*K), make([]float32, H)
	if err := n.forward(set.X, z, p); err != nil {
		return s, err
	}
	silent, err := NewActivity(ActivityDims{N: set.N}).Value(ActivityBatch{Z: z}, most)
	if err != nil {
		return s, err
	}
	accuracy, err := NewAccuracy(AccuracyDims{N: set.N}).Value(AccuracyBatch{P: p, Y: set.Y})
	s.silent, s.accuracy = float64(silent), float64(accuracy)
	for _, v := range most {
		s.dead = append(s.dead, v <= 0)
	}
	return s, err
}

// learn trains the network by SGD at a rate and returns what it is like before
// the first and after each epoch.
func (n *net) learn(set *data.Set[float32], rate float64, epochs int, seed uint64) ([]state, error) {
	const size = 50
	x, y := make([]float32, size*2), make([]int32, size)
	first, err := n.look(set)
	if err != nil {
		return nil, err
	}
	states := []state{first}
	loop := train.Loop[float32]{
		Model: n.model, Grad: n.grad, Optimizer: optim.NewSGD[float32](len(n.model.Flat()), rate),
		Rows: rt.All(set.N), Size: size, Epochs: epochs, Seed: seed,
		Step: func(b train.Batch) (float32, error) {
			return n.step(rt.Gather(x, set.X, b.Rows, 2), rt.Gather(y, set.Y, b.Rows, 1))
		},
		OnEpoch: func(train.Epoch) error {
			s, err := n.look(set)
			states = append(states, s)
			return err
		},
	}
	_, err = loop.Run(context.Background())
	return states, err
}
