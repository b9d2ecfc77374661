// Package logistic tells benign from malignant tumours by logistic regression,
// and shows that its two usual losses are one.
package logistic

import (
	"context"
	"math"

	"github.com/nnc-lang/nnc/examples/course/course"
	sets "github.com/nnc-lang/nnc/examples/course/data"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/optim"
	"github.com/nnc-lang/nnc/runtime/train"
)

//go:generate go tool nnc compile -simd=off logistic.nn

// Topic is number 4 of the course.
var Topic = course.Topic{
	Number: 4, Name: "t04_logistic", Title: "Logistic regression",
	Claim: "The logit loss with labels ±1 and the cross-entropy with labels 0, 1 are the same function, value and gradient, to 1e-12; with it one linear unit tells benign from malignant tumours, held out, in at least 95 % of cases.",
	Run:   run,
}

const benign = 1

// part is examples and both forms of their labels.
type part struct{ x, y, t []float64 }

// problem is the tumours by some of their columns, standardised as the training
// part is.
type problem struct {
	d           int
	train, held part
}

func load(seed uint64, columns ...int) (*problem, *sets.Set[float64], error) {
	set, err := sets.Cancer[float64]()
	if err != nil {
		return nil, nil, err
	}
	x, d := set.X, set.D
	if columns != nil {
		x, d = sets.Select(set.X, set.D, columns...), len(columns)
	}
	rows, held := data.Split(set.N, 0.3, seed)
	y := sets.Signs[float64](set.Y, benign)
	take := func(rows []int) part {
		p := part{
			x: data.Gather(make([]float64, len(rows)*d), x, rows, d),
			y: data.Gather(make([]float64, len(rows)), y, rows, 1),
			t: make([]float64, len(rows)),
		}
		for i, y := range p.y {
			p.t[i] = (y + 1) / 2
		}
		return p
	}
	p := &problem{d: d, train: take(rows), held: take(held)}
	scaler := data.FitScaler(p.train.x, d)
	data.Standardise(scaler, p.train.x)
	data.Standardise(scaler, p.held.x)
	return p, set, nil
}

// learnt is a unit and its course of training.
type learnt struct {
	unit                   *Logistic
	epoch, loss, held, hit []float64
}

// learn fits the unit by gradient descent with momentum on all examples at once.
func (p *problem) learn(epochs int, seed uint64) (*learnt, error) {
	unit, grad := NewLogistic(LogisticDims{D: p.d}), NewLogistic(LogisticDims{D: p.d})
	most := max(len(p.train.y), len(p.held.y))
	fit, prob := NewFit(FitDims{D: p.d, N: most}), NewProb(ProbDims{D: p.d, N: most})
	probs := make([]float64, len(p.held.y))
	l := &learnt{unit: unit}
	loop := train.Loop[float64]{
		Model: unit, Grad: grad, Optimizer: optim.NewMomentum[float64](p.d+1, 0.05, 0.9, true),
		Rows: data.All(len(p.train.y)), InOrder: true, Epochs: epochs, Seed: seed,
		Step: func(train.Batch) (float64, error) {
			return fit.LossGrad(unit, FitBatch{X: p.train.x, Y: p.train.y}, grad)
		},
		Validate: func(e *train.Epoch) error {
			held, err := fit.Loss(unit, FitBatch{X: p.held.x, Y: p.held.y})
			if err != nil {
				return err
			}
			if err := prob.Value(unit, ProbBatch{X: p.held.x}, probs); err != nil {
				return err
			}
			hits := 0.0
			for i, q := range probs {
				if (q >= 0.5) == (p.held.y[i] > 0) {
					hits++
				}
			}
			l.epoch, l.loss = append(l.epoch, float64(e.N)), append(l.loss, e.Loss)
			l.held, l.hit = append(l.held, held), append(l.hit, 100*hits/float64(len(probs)))
			return nil
		},
	}
	_, err := loop.Run(context.Background())
	return l, err
}

// apart is the greatest difference of the two losses, and of any element of
// their gradients, for parameters drawn at random.
func (p *problem) apart(trials int, seed uint64) (value, gradient float64, err error) {
	dims := LogisticDims{D: p.d}
	unit, a, b := NewLogistic(dims), NewLogistic(dims), NewLogistic(dims)
	n := len(p.train.y)
	fit, cross := NewFit(FitDims{D: p.d, N: n}), NewCrossEntropy(CrossEntropyDims{D: p.d, N: n})
	rnd := sets.NewRand(seed)
	for range trials {
		for i := range unit.Flat() {
			unit.Flat()[i] = rnd.NormFloat64()
		}
		u, err := fit.LossGrad(unit, FitBatch{X: p.train.x, Y: p.train.y}, a)
		if err != nil {
			return 0, 0, err
		}
		v, err := cross.LossGrad(unit, CrossEntropyBatch{X: p.train.x, T: p.train.t}, b)
		if err != nil {
			return 0, 0, err
		}
		value = max(value, math.Abs(u-v))
		for i, g := range a.Flat() {
			gradient = max(gradient, math.Abs(g-b.Flat()[i]))
		}
	}
	return value, gradient, nil
}

func run(r *course.Run) error {
	all, set, err := load(r.Seed)
	if err != nil {
		return err
	}
	value, gradient, err := all.apart(r.Pick(100, 10), r.Seed)
	if err != nil {
		return err
	}
	r.Log("logit loss − cross-entropy, greatest", value, "")
	r.Log("the same of their gradients", gradient, "")
	big, err := all.learn(r.Pick(300, 100), r.Seed)
	if err != nil {
		return err
	}
	last := len(big.epoch) - 1
	r.Log("held-out tumours", float64(len(all.held.y)), "")
	r.Log("accuracy on them, 30 measures", big.hit[last], "%")
	r.Log("training loss", big.loss[last], "")
	r.Log("held-out loss", big.held[last], "")

	columns := []int{21, 27} // texture and concave points of the worst nuclei
	two, _, err := load(r.Seed, columns...)
	if err != nil {
		return err
	}
	small, err := two.learn(r.Pick(300, 100), r.Seed)
	if err != nil {
		return err
	}
	r.Log("accuracy on them, 2 measures", small.hit[len(small.hit)-1], "%")
	return draw(r, set, two, small, big)
}
