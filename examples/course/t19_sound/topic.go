// Package sound tells spoken words apart by convolutions along time.
package sound

import (
	"context"
	"fmt"

	"github.com/nnc-lang/nnc/examples/course/course"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/optim"
	"github.com/nnc-lang/nnc/runtime/train"
)

//go:generate go tool nnc compile -simd=off sound.nn

// Topic is number 19 of the course.
var Topic = course.Topic{
	Number: 19, Name: "t19_sound", Title: "Sound: words by convolution along time",
	Claim: "Of ten synthetic words by speakers of any pitch, speed and onset, a convolution along the spectrogram knows at least 95 % in noise; the nearest mean spectrogram knows less than three quarters, the nearest mean spectrum less than two thirds.",
	Run:   run,
}

const noise = 0.5 // of the training and test sounds

func run(r *course.Run) error {
	r.At("speaking")
	training := record(r.Pick(3000, 1500), noise, r.Seed)
	test := record(r.Pick(1000, 300), noise, r.Seed+1)
	net, epochs, err := learn(r, training, test)
	if err != nil {
		return err
	}
	whole, spectrum := nearest(training, func(x []float32) []float32 { return x }), nearest(training, average)
	r.Log("test accuracy of the network", 100*epochs[len(epochs)-1].Get("accuracy"), "%")
	r.Log("test accuracy of the nearest mean spectrogram", 100*whole.accuracy(test), "%")
	r.Log("test accuracy of the nearest mean spectrum", 100*spectrum.accuracy(test), "%")
	r.Log("training sounds", float64(len(training.Y)), "")
	r.Log("parameters", ListenerSize, "")

	levels := []float64{0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2}[:r.Pick(8, 2)]
	var byNet, byWhole, bySpectrum []float64
	for i, level := range levels {
		r.At("listening in noise %v", level)
		b := record(r.Pick(500, 50), level, r.Seed+2+uint64(i))
		a, err := accuracy(net, b)
		if err != nil {
			return err
		}
		byNet, byWhole, bySpectrum = append(byNet, 100*a), append(byWhole, 100*whole.accuracy(b)), append(bySpectrum, 100*spectrum.accuracy(b))
	}
	if err := r.Save("spectrograms.png", "The ten words: time to the right, the bands from low to high upwards, loud is bright.", sheet(r.Seed)); err != nil {
		return err
	}
	var n, a []float64
	for _, e := range epochs {
		n, a = append(n, float64(e.N)), append(a, 100*e.Get("accuracy"))
	}
	learning := course.NewChart("Learning", "epoch", "test accuracy, %").YRange(0, 100)
	learning.Line("network", n, a, course.Colour(course.Vermilion))
	learning.Horizontal("mean spectrogram", 100*whole.accuracy(test), course.Dashed, course.Colour(course.Blue))
	learning.Horizontal("mean spectrum", 100*spectrum.accuracy(test), course.Dotted, course.Colour(course.Green))
	loud := course.NewChart(fmt.Sprintf("In noise (training: %v)", noise), "deviation of the noise, voice 1", "accuracy, %").YRange(0, 100)
	loud.Line("network", levels, byNet, course.Colour(course.Vermilion))
	loud.Line("mean spectrogram", levels, byWhole, course.Dashed, course.Colour(course.Blue))
	loud.Line("mean spectrum", levels, bySpectrum, course.Dotted, course.Colour(course.Green))
	return r.Save("accuracy.svg", "Accuracy on new sounds while the network learns, and when it has learnt, with more or less noise than in training.", course.Row(learning, loud))
}

// learn trains on sounds and measures on test after each epoch.
func learn(r *course.Run, training, test FitBatch) (*Listener, []train.Epoch, error) {
	const size, width = 30, B * T
	net, grad := NewListener(), NewListener()
	net.Init(r.Seed)
	fit := NewFit(FitDims{N: size})
	xs, ys := make([]float32, size*width), make([]int32, size)
	n := r.Pick(20, 15)
	loop := train.Loop[float32]{
		Model: net, Grad: grad,
		Optimizer: optim.NewAdam[float32](ListenerSize, 3e-3),
		Schedule:  optim.Cosine(3e-3, 1e-5, n*len(training.Y)/size),
		Rows:      data.All(len(training.Y)), Size: size, Epochs: n, Seed: r.Seed,
		Step: func(b train.Batch) (float32, error) {
			return fit.LossGrad(net, FitBatch{
				X: data.Gather(xs, training.X, b.Rows, width), Y: data.Gather(ys, training.Y, b.Rows, 1),
			}, grad)
		},
		Validate: func(e *train.Epoch) error {
			r.At("epoch %d of %d", e.N, n)
			a, err := accuracy(net, test)
			e.Set("accuracy", a)
			return err
		},
	}
	result, err := loop.Run(context.Background())
	if err != nil {
		return nil, nil, err
	}
	return net, result.Epochs, nil
}

// accuracy is the share of the sounds that net knows.
func accuracy(net *Listener, b FitBatch) (float64, error) {
	a, err := NewAccuracy(AccuracyDims{N: len(b.Y)}).Value(net, AccuracyBatch{X: b.X, Y: b.Y})
	return float64(a), err
}

// sheet is one spectrogram of each word.
func sheet(seed uint64) *course.Images {
	b := record(K, 0.1, seed+9)
	s := &course.Images{Title: "Ten words", W: T, H: B, Cols: 5, Map: course.Viridis, Scale: 4, Labels: words[:]}
	for k := range K {
		v := make([]float64, B*T)
		for band := range B {
			for t := range T {
				v[(B-1-band)*T+t] = float64(b.X[k*B*T+band*T+t])
			}
		}
		s.Values = append(s.Values, v)
	}
	return s
}
