// Digits trains a two-layer network on the 1,797 handwritten 8x8 digits of the
// UCI repository and tells how many of the held-out ones it reads right.
package main

//go:generate go tool nnc compile digits.nn

import (
	"flag"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/nnc-lang/nnc/examples/digits/data"
	batches "github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/optim"
)

func main() {
	log.SetFlags(0)
	epochs := flag.Int("epochs", 40, "passes over the training set")
	seed := flag.Uint64("seed", 1, "of the split, the initial values and the order of the examples")
	flag.Parse()
	accuracy, err := train(*epochs, *seed, progress(os.Stderr, *epochs))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("test accuracy %.2f %%\n", 100*accuracy)
}

// train fits a network to four fifths of the digits and returns its accuracy
// on the rest; report is called after each epoch.
func train(epochs int, seed uint64, report func(epoch int, loss, accuracy float32)) (float32, error) {
	x, y, err := data.Load()
	if err != nil {
		return 0, err
	}
	rows, held := batches.Split(len(y), 0.2, seed)
	const size = 32
	test := AccuracyBatch{
		X: batches.Gather(make([]float32, len(held)*D), x, held, D),
		Y: batches.Gather(make([]int32, len(held)), y, held, 1),
	}
	net, grad := NewNet(), NewNet()
	net.Init(seed)
	fit := NewFit(FitDims{N: size})
	right := NewAccuracy(AccuracyDims{N: len(held)})
	opt := optim.NewMomentum[float32](NetSize, 0.05, 0.9, true)
	batch := FitBatch{X: make([]float32, size*D), Y: make([]int32, size)}
	index := make([]int, size)
	var accuracy float32
	for epoch := range epochs {
		var sum float32
		steps := 0
		for b := range batches.Batches(len(rows), size, seed+uint64(epoch)) {
			for i, k := range b {
				index[i] = rows[k]
			}
			part := FitBatch{
				X: batches.Gather(batch.X, x, index[:len(b)], D),
				Y: batches.Gather(batch.Y, y, index[:len(b)], 1),
			}
			loss, err := fit.LossGrad(net, part, grad)
			if err != nil {
				return 0, err
			}
			opt.Step(net.Flat(), grad.Flat())
			sum += loss
			steps++
		}
		if accuracy, err = right.Value(net, test); err != nil {
			return 0, err
		}
		report(epoch, sum/float32(steps), accuracy)
	}
	return accuracy, nil
}

// progress returns a report that keeps one line of w up to date.
func progress(w *os.File, epochs int) func(epoch int, loss, accuracy float32) {
	start := time.Now()
	return func(epoch int, loss, accuracy float32) {
		done := epoch + 1
		left := time.Since(start) / time.Duration(done) * time.Duration(epochs-done)
		fmt.Fprintf(w, "\repoch %3d/%d  loss %.4f  test accuracy %5.2f %%  %s left ",
			done, epochs, loss, 100*accuracy, left.Round(100*time.Millisecond))
		if done == epochs {
			fmt.Fprintln(w)
		}
	}
}
