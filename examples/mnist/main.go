// Mnist trains a two-layer network on the 60,000 handwritten digits of MNIST and
// tells how many of its 10,000 test digits it reads right.
package main

//go:generate go tool nnc compile mnist.nn

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"

	"github.com/nnc-lang/nnc/examples/mnist/source"
	rt "github.com/nnc-lang/nnc/runtime"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/optim"
	"github.com/nnc-lang/nnc/runtime/train"
)

func main() {
	log.SetFlags(0)
	dir := flag.String("data", "", "folder of MNIST's four IDX files, plain or .gz; without it, the go command downloads them once")
	epochs := flag.Int("epochs", 10, "passes over the training set")
	seed := flag.Uint64("seed", 1, "of the split, the initial values and the order of the examples")
	checkpoint := flag.String("checkpoint", "", "file to save the run to; if it exists, the run goes on from there")
	save := flag.String("save", "", "file to save the trained network to, in the safetensors format")
	flag.Parse()
	images, test, err := source.Load(*dir)
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program as usual
	net, result, err := learn(ctx, images, options{*epochs, *seed, *checkpoint, os.Stderr})
	if errors.Is(err, context.Canceled) {
		log.Fatalf("interrupted after %d steps", result.Steps)
	}
	if err != nil {
		log.Fatal(err)
	}
	accuracy, err := NewAccuracy(AccuracyDims{N: test.N}).Value(net, AccuracyBatch{X: test.Images, Y: test.Labels})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("test accuracy %.2f %%\n", 100*accuracy)
	if *save != "" {
		if err := rt.SaveFile(*save, net); err != nil {
			log.Fatal(err)
		}
	}
}

// options is what the command's flags say.
type options struct {
	epochs     int
	seed       uint64
	checkpoint string
	progress   io.Writer
}

// learn fits a network to eleven twelfths of the images and keeps the weights of
// the epoch that reads the rest best.
func learn(ctx context.Context, images source.Set, o options) (*Net, *train.Result, error) {
	const size = 64
	rows, held := data.Split(images.N, 1./12, o.seed)
	check := AccuracyBatch{
		X: data.Gather(make([]float32, len(held)*D), images.Images, held, D),
		Y: data.Gather(make([]int32, len(held)), images.Labels, held, 1),
	}
	net, grad := NewNet(), NewNet()
	net.Init(o.seed)
	fit, accuracy := NewFit(FitDims{N: size}), NewAccuracy(AccuracyDims{N: len(held)})
	xs, ys := make([]float32, size*D), make([]int32, size)
	steps := o.epochs * ((len(rows) + size - 1) / size)
	loop := train.Loop[float32]{
		Model: net, Grad: grad,
		Optimizer: optim.NewMomentum[float32](NetSize, 0.1, 0.9, true),
		Schedule:  optim.Cosine(0.1, 0.001, steps),
		Rows:      rows, Size: size, Epochs: o.epochs, Seed: o.seed,
		Step: func(b train.Batch) (float32, error) {
			return fit.LossGrad(net, FitBatch{
				X: data.Gather(xs, images.Images, b.Rows, D),
				Y: data.Gather(ys, images.Labels, b.Rows, 1),
			}, grad)
		},
		Validate: func(e *train.Epoch) error {
			a, err := accuracy.Value(net, check)
			e.Set("accuracy", float64(a))
			return err
		},
		Keep:       train.Highest("accuracy"),
		Checkpoint: train.Checkpoint{File: o.checkpoint},
		Progress:   o.progress,
	}
	result, err := loop.Run(ctx)
	return net, result, err
}
