// Package risk takes the error of a learnt function apart: what its family
// cannot express, what the examples do not tell, and what the descent has not
// reached; and lets SGD minimise the expected risk itself.
package risk

import (
	"context"
	"math"
	"math/rand/v2"
	"strconv"

	"github.com/nnc-lang/nnc/examples/course/course"
	sets "github.com/nnc-lang/nnc/examples/course/data"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/optim"
	"github.com/nnc-lang/nnc/runtime/train"
)

//go:generate go tool nnc compile -simd=off series.nn

// Topic is number 6 of the course.
var Topic = course.Topic{
	Number: 6, Name: "t06_risk", Title: "Expected risk, online SGD, and the three errors",
	Claim: "One pass of SGD over fresh examples lowers the expected risk itself, where passes over the same few end at their estimation error; a larger family has less approximation and more estimation error, more examples have less estimation error, more steps less optimisation error.",
	Run:   run,
}

const (
	terms = 64  // of the truth
	noise = 0.5 // deviation of y
)

// truth are the coefficients of the function that the examples come from: a
// jump, so that every further cosine has something to add.
func truth() []float64 {
	c := make([]float64, terms)
	for k := 1; k < terms; k++ {
		c[k] = math.Sqrt2 * 2 * math.Sin(math.Pi*float64(k)*0.4) / (math.Pi * float64(k))
	}
	return c
}

// at is the truth at x.
func at(c []float64, x float64) float64 {
	sum := c[0]
	for k := 1; k < len(c); k++ {
		sum += c[k] * math.Sqrt2 * math.Cos(math.Pi*float64(k)*x)
	}
	return sum
}

// draw returns n fresh examples.
func draw(n int, rnd *rand.Rand) RiskBatch {
	c, b := truth(), RiskBatch{X: make([]float64, n), Y: make([]float64, n)}
	for i := range n {
		b.X[i] = rnd.Float64()
		b.Y[i] = at(c, b.X[i]) + noise*rnd.NormFloat64()
	}
	return b
}

// excess is the expected risk of weights w less that of the truth: the cosines
// are orthonormal, so it is a sum of squares.
func excess(w []float64) (sum float64) {
	for k, c := range truth() {
		if k < len(w) {
			c -= w[k]
		}
		sum += c * c
	}
	return sum
}

// erm returns the minimiser of the empirical risk among the series of k terms.
func erm(b RiskBatch, k int) ([]float64, error) {
	dims := SeriesDims{K: k}
	m, g, v, hv := NewSeries(dims), NewSeries(dims), NewSeries(dims), NewSeries(dims)
	risk := NewRisk(RiskDims{K: k, N: len(b.Y)})
	if _, err := risk.LossGrad(m, b, g); err != nil {
		return nil, err
	}
	err := course.NewtonStep(m.W, g.W, 1e-9, func(x, hx []float64) error {
		copy(v.W, x)
		err := risk.HVP(m, b, v, hv)
		copy(hx, hv.W)
		return err
	})
	return m.W, err
}

// sgd makes passes over the examples, one a step, and returns the weights; it
// calls note after each step.
func sgd(b RiskBatch, k, passes int, seed uint64, note func(step int, w []float64)) ([]float64, error) {
	n := len(b.Y)
	m, g := NewSeries(SeriesDims{K: k}), NewSeries(SeriesDims{K: k})
	risk := NewRisk(RiskDims{K: k, N: 1})
	loop := train.Loop[float64]{
		Model: m, Grad: g, Optimizer: optim.NewSGD[float64](k, 1), Schedule: rate(k),
		Rows: data.All(n), Size: 1, Epochs: passes, Seed: seed,
		Step: func(s train.Batch) (float64, error) {
			i := s.Rows[0]
			return risk.LossGrad(m, RiskBatch{X: b.X[i : i+1], Y: b.Y[i : i+1]}, g)
		},
		OnStep: func(s train.Batch, _ float64) error {
			if note != nil {
				note(s.Step+1, m.W)
			}
			return nil
		},
	}
	_, err := loop.Run(context.Background())
	return m.W, err
}

// rate falls as 1/t once t exceeds the first steps. The Hessian is twice the
// identity, for which 1/(2t) is Newton's rate; one step may go no farther than
// the inverse of the greatest curvature of one example.
func rate(k int) optim.Schedule {
	return func(t int) float64 { return 1 / (4*float64(k) + float64(t)) }
}

// parts are the three errors; their sum is the excess risk of what was learnt.
type parts struct{ approximation, estimation, optimisation float64 }

func (p parts) sum() float64 { return p.approximation + p.estimation + p.optimisation }

// measure returns the mean parts of trials runs of SGD for a family of k terms,
// n examples, and about steps steps.
func measure(k, n, steps, trials int, seed uint64) (parts, error) {
	var mean parts
	best := truth()[:k]
	for t := range trials {
		b := draw(n, sets.NewRand(seed+uint64(t)))
		fit, err := erm(b, k)
		if err != nil {
			return mean, err
		}
		var made []float64
		_, err = sgd(b, k, (steps+n-1)/n, seed+uint64(t), func(step int, w []float64) {
			if step == steps {
				made = append(made, w...)
			}
		})
		if err != nil {
			return mean, err
		}
		mean.approximation += excess(best) / float64(trials)
		mean.estimation += (excess(fit) - excess(best)) / float64(trials)
		mean.optimisation += (excess(made) - excess(fit)) / float64(trials)
	}
	return mean, nil
}

func run(r *course.Run) error {
	trials := r.Pick(30, 5)
	if err := online(r); err != nil {
		return err
	}
	var charts []*course.Chart
	for _, e := range []struct {
		title, axis string
		values      []int
		parts       func(v int) (parts, error)
	}{
		{"Larger families", "terms of the family, 400 examples", []int{2, 4, 8, 16, 32, 60},
			func(k int) (parts, error) { return measure(k, 400, 8000, trials, r.Seed) }},
		{"More examples", "examples, 16 terms", []int{100, 200, 400, 800, 1600, 3200},
			func(n int) (parts, error) { return measure(16, n, 8000, trials, r.Seed) }},
		{"More steps", "steps, 16 terms, 400 examples", []int{20, 50, 100, 200, 500, 1000, 2000, 8000},
			func(t int) (parts, error) { return measure(16, 400, t, trials, r.Seed) }},
	} {
		c := course.NewChart(e.title, e.axis, "excess risk").LogX()
		c.W = 3.5
		var x, a, s, o, sum []float64
		var rows [][]string
		for _, v := range e.values {
			r.At("%s: %d", e.title, v)
			p, err := e.parts(v)
			if err != nil {
				return err
			}
			x = append(x, float64(v))
			a, s, o, sum = append(a, p.approximation), append(s, p.estimation), append(o, p.optimisation), append(sum, p.sum())
			row := []string{course.Number(float64(v))}
			for _, q := range []float64{p.approximation, p.estimation, p.optimisation, p.sum()} {
				row = append(row, fixed(q))
			}
			rows = append(rows, row)
		}
		r.Table(e.title, []string{e.axis, "approximation", "estimation", "optimisation", "sum"}, rows)
		last := len(x) - 1
		switch e.title {
		case "Larger families":
			r.Log("approximation error, 2 terms", a[0], "")
			r.Log("approximation error, 60 terms", a[last], "")
			r.Log("estimation error, 2 terms", s[0], "")
			r.Log("estimation error, 60 terms", s[last], "")
		case "More examples":
			r.Log("estimation error, 100 examples", s[0], "")
			r.Log("estimation error, 3200 examples", s[last], "")
		case "More steps":
			r.Log("optimisation error, 20 steps", o[0], "")
			r.Log("optimisation error, 8000 steps", o[last], "")
		}
		name := func(s string) string { // one legend is enough
			if e.title != "More steps" {
				return ""
			}
			c.W = 4.8
			return s
		}
		c.Line(name("sum"), x, sum, course.Colour(course.Black))
		c.Line(name("approximation"), x, a, course.Colour(course.Blue))
		c.Line(name("estimation"), x, s, course.Colour(course.Vermilion), course.Dashed)
		c.Line(name("optimisation"), x, o, course.Colour(course.Green), course.Dotted)
		charts = append(charts, c)
	}
	return r.Save("parts.svg", "The three parts of the excess risk and their sum, by the size of the family, the number of examples, and the number of steps.", course.Row(charts...))
}

// fixed is v with four digits after the point.
func fixed(v float64) string {
	return strconv.FormatFloat(math.Round(v*1e4)/1e4+0, 'f', 4, 64) // + 0: no -0
}

// online compares a stream of fresh examples with passes over the same few.
func online(r *course.Run) error {
	const k, few = 16, 100
	steps := r.Pick(100000, 20000)
	rnd := sets.NewRand(r.Seed)
	c := course.NewChart("Expected risk of SGD", "steps", "excess risk").LogX().LogY()
	var at, fresh, again []float64
	note := func(out *[]float64) func(int, []float64) {
		next := 1.0
		return func(step int, w []float64) {
			if float64(step) >= next || step == steps {
				next = float64(step) * 1.12
				*out = append(*out, excess(w))
			}
		}
	}
	r.At("online SGD")
	keep := note(&fresh)
	if _, err := sgd(draw(steps, rnd), k, 1, r.Seed, func(step int, w []float64) {
		n := len(fresh)
		if keep(step, w); len(fresh) > n {
			at = append(at, float64(step))
		}
	}); err != nil {
		return err
	}
	b := draw(few, rnd)
	if _, err := sgd(b, k, steps/few, r.Seed, note(&again)); err != nil {
		return err
	}
	fit, err := erm(b, k)
	if err != nil {
		return err
	}
	best := excess(truth()[:k])
	r.Log("best of the family", best, "excess risk")
	r.Log("online SGD, fresh examples", fresh[len(fresh)-1], "excess risk")
	r.Log("SGD over the same 100", again[len(again)-1], "excess risk")
	r.Log("minimum of their empirical risk", excess(fit), "excess risk")
	c.Line("100 examples again and again", at, again, course.Dashed)
	c.Line("fresh examples", at, fresh)
	c.Horizontal("minimum of the 100", excess(fit), course.Colour(course.Blue), course.Dotted)
	c.Horizontal("best of the family", best)
	return r.Save("online.svg", "Expected risk, less that of the truth, along SGD. Over a stream it goes to the best of the family; over the same 100 examples to the minimiser of their risk.", c)
}
