// Xor trains two hidden units to tell whether exactly one of two inputs is on,
// which no single threshold unit can.
package main

//go:generate go tool nnc compile xor.nn

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/optim"
	"github.com/nnc-lang/nnc/runtime/train"
)

// table is the truth table: x [4,2], y [4].
var table = FitBatch{
	X: []float32{0, 0, 0, 1, 1, 0, 1, 1},
	Y: []float32{0, 1, 1, 0},
}

func main() {
	log.SetFlags(0)
	seed := flag.Uint64("seed", 1, "of the first initial values")
	flag.Parse()
	p, err := learn(context.Background(), *seed)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("a b  xor  probability")
	for i, y := range table.Y {
		fmt.Printf("%v %v  %v    %.4f\n", table.X[2*i], table.X[2*i+1], y, p[i])
	}
}

// learn returns the probabilities of a trained network for the four rows. Two
// hidden units get stuck from half of all starts, with two rows told apart and
// two not, so that a loss which stays high means another start.
func learn(ctx context.Context, seed uint64) ([]float32, error) {
	net, grad := NewXor(), NewXor()
	fit := NewFit(FitDims{N: 4})
	for start := range uint64(20) {
		net.Init(seed + start)
		loop := train.Loop[float32]{
			Model: net, Grad: grad,
			Optimizer: optim.NewAdam[float32](XorSize, 0.05),
			Rows:      data.All(4), Epochs: 1000, // all four at once
			Step: func(train.Batch) (float32, error) {
				return fit.LossGrad(net, table, grad)
			},
		}
		result, err := loop.Run(ctx)
		if err != nil {
			return nil, err
		}
		if result.Best.Loss < 0.05 {
			p := make([]float32, 4)
			return p, NewXorEval(4).Forward(net, table.X, p)
		}
	}
	return nil, errors.New("stuck from twenty starts")
}
