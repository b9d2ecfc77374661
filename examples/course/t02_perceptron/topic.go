// Package perceptron lets Rosenblatt's rule learn what one unit can do, counts
// its mistakes, and shows that it never comes to rest on xor.
package perceptron

import (
	"context"
	"math"

	"github.com/nnc-lang/nnc/examples/course/course"
	sets "github.com/nnc-lang/nnc/examples/course/data"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/optim"
	"github.com/nnc-lang/nnc/runtime/train"
)

//go:generate go tool nnc compile -simd=off perceptron.nn

// Topic is number 2 of the course.
var Topic = course.Topic{
	Number: 2, Name: "t02_perceptron", Title: "The perceptron and its learning rule",
	Claim: "On separable data the rule comes to rest after at most (R/γ)² mistakes, R the radius and γ the margin of the data; on xor it errs for ever.",
	Run:   run,
}

const d = 2

// learner is a unit and what it has learnt from x [N,d] and y [N] of -1 and +1.
type learner struct {
	unit     *Unit
	mistakes []float64 // in each epoch
}

// learn makes epochs passes over the examples, one example a step.
func learn(x, y []float64, epochs int, seed uint64) (*learner, error) {
	unit, grad := NewUnit(UnitDims{D: d}), NewUnit(UnitDims{D: d})
	criterion := NewCriterion(CriterionDims{D: d, N: 1})
	l := &learner{unit: unit, mistakes: make([]float64, epochs)}
	loop := train.Loop[float64]{
		Model: unit, Grad: grad, Optimizer: optim.NewSGD[float64](d+1, 1),
		Rows: data.All(len(y)), Size: 1, Epochs: epochs, Seed: seed,
		Step: func(b train.Batch) (float64, error) {
			n := b.Rows[0]
			return criterion.LossGrad(unit, CriterionBatch{X: x[n*d:][:d], Y: y[n:][:1]}, grad)
		},
		OnStep: func(b train.Batch, _ float64) error {
			if grad.B[0] != 0 { // -y if the example was misread
				l.mistakes[b.Epoch]++
			}
			return nil
		},
	}
	_, err := loop.Run(context.Background())
	return l, err
}

// total is the number of all mistakes.
func (l *learner) total() (n float64) {
	for _, m := range l.mistakes {
		n += m
	}
	return n
}

// wrong is the number of examples that the unit misreads.
func (l *learner) wrong(x, y []float64) (n float64, err error) {
	z, fires := make([]float64, len(y)), make([]float64, len(y))
	err = NewUnitEval(UnitDims{D: d, N: len(y)}).Forward(l.unit, x, z, fires)
	for i := range y {
		if y[i]*z[i] <= 0 {
			n++
		}
	}
	return n, err
}

// separable returns n points of the square -1..1 on both sides of a random
// line, none nearer to it than margin, and (R/γ)² with γ measured from that
// line: an upper bound of the least. The bias counts as a weight of an input 1.
func separable(n int, margin float64, seed uint64) (x, y []float64, bound float64) {
	rnd := sets.NewRand(seed)
	sin, cos := math.Sincos(2 * math.Pi * rnd.Float64())
	shift := 0.4 * (rnd.Float64() - 0.5)
	radius, gamma := 0.0, math.Inf(1)
	for len(y) < n {
		a, b := 2*rnd.Float64()-1, 2*rnd.Float64()-1
		side := cos*a + sin*b + shift
		if math.Abs(side) < margin {
			continue
		}
		x, y = append(x, a, b), append(y, math.Copysign(1, side))
		radius = max(radius, math.Sqrt(a*a+b*b+1))
		gamma = min(gamma, math.Abs(side)/math.Sqrt(1+shift*shift))
	}
	return x, y, radius * radius / (gamma * gamma)
}

func run(r *course.Run) error {
	bounds := course.NewChart("Mistakes against their bound", "(R/γ)²", "mistakes until rest").LogX().LogY()
	bounds.W = 5
	trials := r.Pick(60, 12)
	var at, made []float64
	worst, still := 0.0, 0.0
	for i := range trials {
		r.At("%d of %d data sets", i, trials)
		margin := math.Pow(10, -0.3-1.4*float64(i)/float64(trials-1))
		x, y, bound := separable(100, margin, r.Seed+uint64(i))
		l, err := learn(x, y, r.Pick(400, 200), r.Seed+uint64(i))
		if err != nil {
			return err
		}
		wrong, err := l.wrong(x, y)
		if err != nil {
			return err
		}
		still += wrong
		at, made = append(at, bound), append(made, l.total())
		worst = max(worst, l.total()/bound)
	}
	r.Log("separable sets learnt", float64(trials), "")
	r.Log("examples misread at rest", still, "")
	r.Log("mistakes / (R/γ)², greatest", worst, "")
	bounds.Points("data set", at, made)
	bounds.Line("bound", []float64{3, 1.2e4}, []float64{3, 1.2e4}, course.Colour(course.Grey), course.Dashed)

	x, y, _ := separable(100, 0.08, r.Seed)
	easy, err := learn(x, y, 50, r.Seed)
	if err != nil {
		return err
	}
	xor, err := learn([]float64{0, 0, 0, 1, 1, 0, 1, 1}, []float64{-1, 1, 1, -1}, r.Pick(1000, 200), r.Seed)
	if err != nil {
		return err
	}
	epochs := len(xor.mistakes)
	least := math.Inf(1)
	for _, m := range xor.mistakes {
		least = min(least, m)
	}
	r.Log("epochs on xor", float64(epochs), "")
	r.Log("xor: mistakes in the best epoch", least, "of 4")
	r.Log("xor: mistakes in all", xor.total(), "")

	curves := course.NewChart("Mistakes so far", "epoch", "mistakes")
	curves.W = 5
	curves.Line("100 separable", count(len(easy.mistakes)), sums(easy.mistakes))
	curves.Line("xor, 4 examples", count(50), sums(xor.mistakes)[:50], course.Dashed)
	learnt, err := picture(easy, x, y)
	if err != nil {
		return err
	}
	return r.Save("perceptron.svg", "What the unit has learnt of one set; mistakes until rest of many sets, all below the bound; mistakes as the epochs go by: separable data make no more of them, xor makes them for ever.", course.Row(learnt, bounds, curves))
}

// picture shows the two sides of the learnt line and the examples.
func picture(l *learner, x, y []float64) (*course.Chart, error) {
	const n = 200
	box := course.Box{X0: -1.1, X1: 1.1, Y0: -1.1, Y1: 1.1}
	z, fires := make([]float64, n*n), make([]float64, n*n)
	err := NewUnitEval(UnitDims{D: d, N: n * n}).Forward(l.unit, course.Grid[float64](box, n), z, fires)
	class := make([]int, n*n)
	for i, f := range fires {
		class[i] = 1 - int(f)
	}
	c := course.NewChart("Separable data", "x₁", "x₂").Square()
	c.W, c.H = 3.8, 3.8
	course.Regions(c, box, class)
	var xs, ys [2][]float64
	for i := range y {
		k := 0
		if y[i] < 0 {
			k = 1
		}
		xs[k], ys[k] = append(xs[k], x[2*i]), append(ys[k], x[2*i+1])
	}
	c.Points("+1", xs[0], ys[0], course.Colour(course.Blue))
	c.Points("−1", xs[1], ys[1], course.Colour(course.Vermilion))
	return c, err
}

// count is 1..n.
func count(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = float64(i + 1)
	}
	return out
}

// sums are the sums of the first values of v.
func sums(v []float64) []float64 {
	out, sum := make([]float64, len(v)), 0.0
	for i := range v {
		sum += v[i]
		out[i] = sum
	}
	return out
}
