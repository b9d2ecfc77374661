// Package images trains LeNet, a convolutional network, on MNIST.
package images

import (
	"context"
	"errors"
	"fmt"

	"github.com/nnc-lang/nnc/examples/course/course"
	"github.com/nnc-lang/nnc/examples/mnist/source"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/optim"
	"github.com/nnc-lang/nnc/runtime/train"
)

//go:generate go tool nnc compile -simd=off lenet.nn

// Topic is number 18 of the course.
var Topic = course.Topic{
	Number: 18, Name: "t18_images", Title: "Images: LeNet reads handwriting",
	Claim: "LeNet, two convolutions of 5x5 and three dense layers, reads at least 98.8 % of the test digits of MNIST after six passes over the 60,000 training digits.",
	Run:   run,
}

// unavailable is noted instead of all other figures where MNIST cannot be fetched.
const unavailable = "MNIST could not be downloaded, so this topic was skipped"

func run(r *course.Run) error {
	images, test, err := source.Load("")
	if errors.Is(err, source.ErrDownload) {
		r.At("%v", err)
		r.Log(unavailable, 1, "")
		return nil
	}
	if err != nil {
		return err
	}
	images, test = first(images, r.Pick(images.N, 4000)), first(test, r.Pick(test.N, 2000))
	net, epochs, err := learn(r, images, test)
	if err != nil {
		return err
	}
	last := epochs[len(epochs)-1]
	r.Log("test accuracy", 100*last.Get("accuracy"), "%")
	r.Log("test accuracy after one epoch", 100*epochs[0].Get("accuracy"), "%")
	r.Log("parameters", LeNetSize, "")
	if !r.Quick {
		r.Log("training images", float64(images.N), "")
		r.Log("epochs", float64(len(epochs)), "")
	}
	return draw(r, net, test, epochs)
}

// first is the first n examples of a set.
func first(s source.Set, n int) source.Set {
	return source.Set{Images: s.Images[:n*source.D], Labels: s.Labels[:n], N: n}
}

// learn trains on images and measures on test after each epoch.
func learn(r *course.Run, images, test source.Set) (*LeNet, []train.Epoch, error) {
	const size = 64
	net, grad := NewLeNet(), NewLeNet()
	net.Init(r.Seed)
	team := newTeam(2, size)
	n := r.Pick(6, 4)
	steps := n * ((images.N + size - 1) / size)
	loop := train.Loop[float32]{
		Model: net, Grad: grad,
		Optimizer: optim.NewAdam[float32](LeNetSize, 3e-3),
		Schedule:  optim.Warmup(50, optim.Cosine(3e-3, 1e-5, steps)),
		Rows:      data.All(images.N), Size: size, Epochs: n, Seed: r.Seed,
		Step: func(b train.Batch) (float32, error) {
			if b.Step%50 == 0 {
				r.At("LeNet, step %d of %d", b.Step, steps)
			}
			return team.gradient(net, images, b.Rows, grad)
		},
		Validate: func(e *train.Epoch) error {
			a, err := accuracy(net, test)
			e.Set("accuracy", a)
			return err
		},
	}
	result, err := loop.Run(context.Background())
	if err != nil {
		return nil, nil, fmt.Errorf("LeNet: %w", err)
	}
	return net, result.Epochs, nil
}

// accuracy is the share of the set that net reads right.
func accuracy(net *LeNet, s source.Set) (float64, error) {
	const size = 500
	meter := NewAccuracy(AccuracyDims{N: size})
	right := 0.0
	for at := 0; at < s.N; at += size {
		n := min(size, s.N-at)
		a, err := meter.Value(net, AccuracyBatch{X: s.Images[at*source.D:][:n*source.D], Y: s.Labels[at:][:n]})
		if err != nil {
			return 0, err
		}
		right += float64(a) * float64(n)
	}
	return right / float64(s.N), nil
}
