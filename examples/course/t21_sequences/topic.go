// Package sequences compares how far back two recurrent networks can learn to look.
package sequences

import (
	"context"
	"math"
	"sync"

	"github.com/nnc-lang/nnc/examples/course/course"
	sets "github.com/nnc-lang/nnc/examples/course/data"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/optim"
	"github.com/nnc-lang/nnc/runtime/train"
)

//go:generate go tool nnc compile -simd=off sequences.nn

// Topic is number 21 of the course.
var Topic = course.Topic{
	Number: 21, Name: "t21_sequences", Title: "Sequences: what a gate remembers",
	Claim: "On the adding problem, two marked numbers of up to 60, a GRU gets at least 95 % of the sums right within 0.1, and goes on beyond the lengths trained; a plain recurrent network of the same width, in the same steps, gets less than half.",
	Run:   run,
}

const (
	size = 32   // of a batch
	rate = 5e-3 // of learning
)

// trace is what one network has done.
type trace struct {
	steps, loss []float64 // smoothed
	right       []float64 // for each length, in per cent
}

func run(r *course.Run) error {
	longest := r.Pick(60, 20) // sequence in training
	steps := r.Pick(1500, 600)
	var lengths []int
	for t := 4; t <= 2*longest; t += 2 + t/6 {
		lengths = append(lengths, t)
	}
	makers := []func(n, t int, seed uint64) *learner{gated, plain}
	seeds := r.Pick(2, 1)
	traces := make([]trace, len(makers)*seeds)
	errs := make([]error, len(traces))
	var wait sync.WaitGroup
	for i := range traces {
		wait.Go(func() {
			seed := r.Seed + uint64(i/2)
			l := makers[i%2](size, lengths[len(lengths)-1], seed)
			traces[i], errs[i] = study(r, l, longest, steps, lengths, seed)
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	at := make([]float64, len(lengths))
	for i, t := range lengths {
		at[i] = float64(t)
	}
	curves := course.NewChart("Learning, lengths mixed", "step", "mean squared error, smoothed").LogY()
	success := course.NewChart("Sums right within 0.1", "length of the sequence", "sums right, %").YRange(0, 103)
	for i, name := range []string{"GRU", "plain network"} {
		mean := make([]float64, len(lengths))
		for s := range seeds {
			tr := traces[2*s+i]
			for k, v := range tr.right {
				mean[k] += v / float64(seeds)
			}
			curves.Line(map[bool]string{true: name}[s == 0], tr.steps, tr.loss, course.Colour(i))
			success.Line(map[bool]string{true: name}[s == 0], at, tr.right, course.Colour(i))
		}
		within, count := 0.0, 0.0
		for k, v := range mean {
			if lengths[k] <= longest {
				within, count = within+v, count+1
			}
		}
		r.Log(name+": sums right, mean over the lengths trained", within/count, "%")
		r.Log(name+": sums right at twice the length", mean[len(mean)-1], "%")
	}
	r.Log("longest sequence trained", float64(longest), "")
	curves.Horizontal("answer always 1", 1./6, course.Dashed, course.Colour(course.Grey))
	success.Vertical("longest trained", float64(longest), course.Dotted, course.Colour(course.Grey))
	return r.Save("lengths.svg", "Both networks learn from sequences of all lengths up to the dotted line, two runs each; right: how often they then tell the sum of the two marked numbers.", course.Row(curves, success))
}

// study trains l on sequences of 4 to longest numbers, drawn anew for each step,
// and measures it at each of lengths.
func study(r *course.Run, l *learner, longest, steps int, lengths []int, seed uint64) (trace, error) {
	rnd := sets.NewRand(seed)
	var b sums
	var out trace
	mean := 1. / 6
	loop := train.Loop[float32]{
		Model: l.model, Grad: l.grad, Optimizer: optim.NewAdam[float32](len(l.model.Flat()), rate),
		Schedule: optim.Cosine(rate, rate/100, steps), Clip: 1,
		Rows: data.All(steps * size), Size: size, Epochs: 1, InOrder: true,
		Step: func(train.Batch) (float32, error) {
			b.draw(size, 4+rnd.IntN(longest-3), rnd)
			return l.lossGrad(&b)
		},
		OnStep: func(t train.Batch, loss float32) error {
			mean += 0.02 * (float64(loss) - mean)
			if t.Step%20 == 19 {
				r.At("%s, step %d of %d: error %.4f", l.name, t.Step+1, steps, mean)
				out.steps, out.loss = append(out.steps, float64(t.Step+1)), append(out.loss, mean)
			}
			return nil
		},
	}
	if _, err := loop.Run(context.Background()); err != nil {
		return out, err
	}
	s := make([]float32, size)
	for _, t := range lengths {
		const times = 8
		right := 0.0
		for range times {
			b.draw(size, t, rnd)
			if err := l.forward(&b, s); err != nil {
				return out, err
			}
			for i, y := range b.y {
				if math.Abs(float64(s[i]-y)) < 0.1 {
					right++
				}
			}
		}
		out.right = append(out.right, 100*right/(times*size))
	}
	return out, nil
}
