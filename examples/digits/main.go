// Digits trains a two-layer network on the 1,797 handwritten 8x8 digits of the
// UCI repository and tells how many of the held-out ones it reads right.
package main

//go:generate go tool nnc compile digits.nn

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"

	digits "github.com/nnc-lang/nnc/examples/digits/data"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/optim"
	"github.com/nnc-lang/nnc/runtime/train"
)

func main() {
	log.SetFlags(0)
	epochs := flag.Int("epochs", 40, "passes over the training set")
	seed := flag.Uint64("seed", 1, "of the split, the initial values and the order of the examples")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	result, err := learn(ctx, *epochs, *seed, os.Stderr)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("test accuracy %.2f %%\n", 100*result.Best.Get("accuracy"))
}

// learn fits a network to four fifths of the digits and measures its accuracy on
// the rest after each epoch.
func learn(ctx context.Context, epochs int, seed uint64, progress io.Writer) (*train.Result, error) {
	x, y, err := digits.Load()
	if err != nil {
		return nil, err
	}
	rows, held := data.Split(len(y), 0.2, seed)
	test := AccuracyBatch{
		X: data.Gather(make([]float32, len(held)*D), x, held, D),
		Y: data.Gather(make([]int32, len(held)), y, held, 1),
	}
	const size = 32
	xs, ys := make([]float32, size*D), make([]int32, size)
	net, grad := NewNet(), NewNet()
	net.Init(seed)
	fit, accuracy := NewFit(FitDims{N: size}), NewAccuracy(AccuracyDims{N: len(held)})
	loop := train.Loop[float32]{
		Model: net, Grad: grad,
		Optimizer: optim.NewMomentum[float32](NetSize, 0.05, 0.9, true),
		Rows:      rows, Size: size, Epochs: epochs, Seed: seed,
		Step: func(b train.Batch) (float32, error) {
			return fit.LossGrad(net, FitBatch{
				X: data.Gather(xs, x, b.Rows, D),
				Y: data.Gather(ys, y, b.Rows, 1),
			}, grad)
		},
		Validate: func(e *train.Epoch) error {
			a, err := accuracy.Value(net, test)
			e.Set("accuracy", float64(a))
			return err
		},
		Progress: progress,
	}
	return loop.Run(ctx)
}
