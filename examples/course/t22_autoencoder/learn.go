package autoencoder

import (
	"context"
	"fmt"

	"github.com/nnc-lang/nnc/examples/course/course"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/optim"
	"github.com/nnc-lang/nnc/runtime/train"
)

const size = 32 // of a batch

// fit runs the training loop that both autoencoders share.
func fit(r *course.Run, name string, net, grad train.Model[float32], known images, epochs int, step func(x []float32, seed uint64) (float32, error)) error {
	n := len(known.y)
	xs := make([]float32, size*D)
	loop := train.Loop[float32]{
		Model: net, Grad: grad, Optimizer: optim.NewAdam[float32](len(net.Flat()), 1),
		Schedule: optim.Cosine(2e-3, 2e-5, epochs*((n+size-1)/size)),
		Rows:     data.All(n), Size: size, Epochs: epochs, Seed: r.Seed,
		Step: func(b train.Batch) (float32, error) { return step(data.Gather(xs, known.x, b.Rows, D), b.Seed) },
		OnEpoch: func(e train.Epoch) error {
			r.At("%s, epoch %d of %d: %.3f", name, e.N, epochs, e.Loss)
			return nil
		},
	}
	if _, err := loop.Run(context.Background()); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func learnPlain(r *course.Run, known images, epochs int) (*Plain, error) {
	net, grad := NewPlain(), NewPlain()
	net.Init(r.Seed)
	loss := NewFitPlain(FitPlainDims{N: size})
	return net, fit(r, "autoencoder", net, grad, known, epochs, func(x []float32, _ uint64) (float32, error) {
		return loss.LossGrad(net, FitPlainBatch{X: x}, grad)
	})
}

// learnVariational differs by the seed: each step draws codes of its own.
func learnVariational(r *course.Run, known images, epochs int) (*Variational, error) {
	net, grad := NewVariational(), NewVariational()
	net.Init(r.Seed)
	loss := NewFitVariational(FitVariationalDims{N: size})
	return net, fit(r, "variational", net, grad, known, epochs, func(x []float32, seed uint64) (float32, error) {
		return loss.LossGrad(net, FitVariationalBatch{X: x}, seed, grad)
	})
}

func viewPlain(m *Plain, s images) (view, error) {
	n := len(s.y)
	v := view{make([]float32, n*Z), make([]float32, n*D)}
	if err := NewPlainEval(n).Forward(m, s.x, v.codes, v.drawn); err != nil {
		return v, err
	}
	// Forward gives logits; DrawPlain the pixels.
	return v, NewDrawPlain(DrawPlainDims{N: n}).Value(m, DrawPlainBatch{Z: v.codes}, v.drawn)
}

// viewVariational returns the logarithms of the codes' variances too. Forward is
// compiled with train = false: its code is the mean.
func viewVariational(m *Variational, s images) (v view, spread []float32, err error) {
	n := len(s.y)
	v, spread = view{make([]float32, n*Z), make([]float32, n*D)}, make([]float32, n*Z)
	if err := NewVariationalEval(n).Forward(m, s.x, v.codes, spread, v.drawn); err != nil {
		return v, nil, err
	}
	return v, spread, NewDrawVariational(DrawVariationalDims{N: n}).Value(m, DrawVariationalBatch{Z: v.codes}, v.drawn)
}
