// Command gomlx times steps of the benchmarks in GoMLX with its backend in Go,
// on one thread.
//
//	GOWORK=off go run .
package main

import (
	"fmt"
	"log"
	"os"
	"runtime"
	"slices"

	"github.com/gomlx/gomlx/backends"
	_ "github.com/gomlx/gomlx/backends/simplego"
	"github.com/gomlx/gomlx/pkg/core/graph"
	"github.com/gomlx/gomlx/pkg/core/tensors"
	"github.com/gomlx/gomlx/pkg/ml/context"
	"github.com/gomlx/gomlx/pkg/ml/layers"
	"github.com/gomlx/gomlx/pkg/ml/layers/activations"
	"github.com/gomlx/gomlx/pkg/ml/train"
	"github.com/gomlx/gomlx/pkg/ml/train/losses"
	"github.com/gomlx/gomlx/pkg/ml/train/optimizers"
	"github.com/nnc-lang/nnc/bench/peers/clock"
)

func main() {
	runtime.GOMAXPROCS(1)
	backend, err := backends.NewWithConfig("go")
	if err != nil {
		log.Fatal(err)
	}
	wanted := func(name string) bool { return len(os.Args) == 1 || slices.Contains(os.Args[1:], name) }
	if wanted("MLP") {
		step(backend, "MLP", 64, activations.TypeRelu, 784, 128, 10)
	}
	if wanted("Wide") {
		step(backend, "Wide", 128, activations.TypeRelu, 784, 512, 512, 10)
	}
	if wanted("Tanh") {
		step(backend, "Tanh", 32, activations.TypeTanh, 64, 64, 64, 64, 64)
	}
}

// step times value, gradient and SGD of dense layers; ten outputs are classes.
func step(backend backends.Backend, name string, n int, act activations.Type, widths ...int) {
	last := widths[len(widths)-1]
	x := make([]float32, n*widths[0])
	for i := range x {
		x[i] = float32(i*7919%2001)/1000 - 1
	}
	var y *tensors.Tensor
	loss := losses.MeanSquaredError
	if last == 10 {
		labels := make([]int32, n)
		for i := range labels {
			labels[i] = int32(i * 7919 % 10)
		}
		y, loss = tensors.FromFlatDataAndDimensions(labels, n, 1), losses.SparseCategoricalCrossEntropyLogits
	} else {
		y = tensors.FromFlatDataAndDimensions(make([]float32, n*last), n, last)
	}
	ctx := context.New()
	ctx.SetParam(optimizers.ParamLearningRate, 0.01)
	net := func(ctx *context.Context, _ any, inputs []*graph.Node) []*graph.Node {
		h := inputs[0]
		for i, w := range widths[1:] {
			h = layers.Dense(ctx.In(fmt.Sprint(i)), h, true, w)
			if i+2 < len(widths) {
				h = activations.Apply(act, h)
			}
		}
		return []*graph.Node{h}
	}
	trainer := train.NewTrainer(backend, ctx, net, loss, optimizers.StochasticGradientDescent().Done(), nil, nil)
	inputs, labels := []*tensors.Tensor{tensors.FromFlatDataAndDimensions(x, n, widths[0])}, []*tensors.Tensor{y}
	clock.Measure(name, func() {
		if _, err := trainer.TrainStep(nil, inputs, labels); err != nil {
			log.Fatal(name, ": ", err)
		}
	})
}
