// Package layers shows what a second layer adds, and that it adds nothing
// without a function between the two.
package layers

import (
	"context"
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/examples/course/course"
	sets "github.com/nnc-lang/nnc/examples/course/data"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/optim"
	"github.com/nnc-lang/nnc/runtime/train"
)

//go:generate go tool nnc compile -simd=off layers.nn

// Topic is number 8 of the course.
var Topic = course.Topic{
	Number: 8, Name: "t08_layers", Title: "Layers: xor, and why they must not be linear",
	Claim: "Two units and a third that reads them compute xor, with weights set by hand, and learnt where the beginning is lucky; a deep linear network has the same best loss as one layer, on xor that of guessing, log 2.",
	Run:   run,
}

var (
	xorX = []float64{0, 0, 0, 1, 1, 0, 1, 1}
	xorY = []float64{-1, 1, 1, -1}
)

// gate returns what the three units give with the weights of the course.
func gate(x []float64) ([]float64, error) {
	g := NewGate()
	copy(g.W, []float64{1, 1, 1, 1}) // both units add the inputs:
	copy(g.B, []float64{-0.5, -1.5}) // one fires from 1 on, or; one from 2 on, and
	copy(g.V, []float64{1, -1})      // the third: or, but not and
	g.C[0] = -0.5
	fires := make([]float64, len(x)/2)
	return fires, NewGateEval(len(fires)).Forward(g, x, fires)
}

// network is a model with the loss it learns by and its value.
type network struct {
	name  string
	model train.Model[float64]
	fit   func(seed uint64, x, y []float64, epochs int, progress func(epoch int)) (float64, error)
	value func(x []float64) ([]float64, error)
}

// learner trains any model on all examples at once.
func learner[M train.Model[float64]](m, grad M, init func(uint64), lossGrad func(x, y []float64) (float64, error)) func(uint64, []float64, []float64, int, func(int)) (float64, error) {
	return func(seed uint64, x, y []float64, epochs int, progress func(int)) (float64, error) {
		init(seed)
		loop := train.Loop[float64]{
			Model: m, Grad: grad, Optimizer: optim.NewAdam[float64](len(m.Flat()), 0.05),
			Schedule: optim.Cosine(0.05, 1e-5, epochs),
			Rows:     data.All(len(y)), InOrder: true, Epochs: epochs, Seed: seed,
			Step: func(train.Batch) (float64, error) { return lossGrad(x, y) },
			OnEpoch: func(e train.Epoch) error {
				if progress != nil {
					progress(e.N)
				}
				return nil
			},
		}
		result, err := loop.Run(context.Background())
		if err != nil {
			return math.NaN(), err
		}
		return result.Epochs[len(result.Epochs)-1].Loss, nil
	}
}

// networks are the four models, for up to most examples.
func networks(most int) []network {
	linear, dlinear, fl := NewLinear(), NewLinear(), NewFitLinear(FitLinearDims{N: most})
	deep, ddeep, fd := NewDeep(), NewDeep(), NewFitDeep(FitDeepDims{N: most})
	small, dsmall, fs := NewSmall(), NewSmall(), NewFitSmall(FitSmallDims{N: most})
	net, dnet, fn := NewNet(), NewNet(), NewFitNet(FitNetDims{N: most})
	evaluate := func(forward func(x, z []float64) error) func([]float64) ([]float64, error) {
		return func(x []float64) ([]float64, error) {
			z := make([]float64, len(x)/2)
			return z, forward(x, z)
		}
	}
	return []network{
		{"one layer", linear,
			learner(linear, dlinear, linear.Init, func(x, y []float64) (float64, error) {
				return fl.LossGrad(linear, FitLinearBatch{X: x, Y: y}, dlinear)
			}),
			evaluate(func(x, z []float64) error { return NewLinearEval(len(z)).Forward(linear, x, z) })},
		{"three linear layers", deep,
			learner(deep, ddeep, deep.Init, func(x, y []float64) (float64, error) {
				return fd.LossGrad(deep, FitDeepBatch{X: x, Y: y}, ddeep)
			}),
			evaluate(func(x, z []float64) error { return NewDeepEval(len(z)).Forward(deep, x, z) })},
		{"two hidden units", small,
			learner(small, dsmall, small.Init, func(x, y []float64) (float64, error) {
				return fs.LossGrad(small, FitSmallBatch{X: x, Y: y}, dsmall)
			}),
			evaluate(func(x, z []float64) error { return NewSmallEval(len(z)).Forward(small, x, z) })},
		{"three layers with tanh", net,
			learner(net, dnet, net.Init, func(x, y []float64) (float64, error) {
				return fn.LossGrad(net, FitNetBatch{X: x, Y: y}, dnet)
			}),
			evaluate(func(x, z []float64) error { return NewNetEval(len(z)).Forward(net, x, z) })},
	}
}

func run(r *course.Run) error {
	out, err := gate(xorX)
	if err != nil {
		return err
	}
	wrong := 0.0
	for i, y := range xorY {
		if out[i] != (y+1)/2 {
			wrong++
		}
	}
	r.Log("xor by hand: wrong outputs", wrong, "of 4")
	if err := learnXor(r); err != nil {
		return err
	}
	return moons(r)
}

// learnXor fits each network to the four examples from several beginnings.
func learnXor(r *course.Run) error {
	const seeds = 20
	epochs := r.Pick(1000, 500)
	best, solved, half := map[string]float64{}, map[string]float64{}, 0.0
	pictures := [2]*course.Chart{} // of two hidden units: solved, and not
	for _, n := range networks(4) {
		best[n.name] = math.Inf(1)
		for s := range seeds {
			r.At("xor, %s, %d", n.name, s)
			loss, err := n.fit(r.Seed+uint64(s), xorX, xorY, epochs, nil)
			if err != nil {
				return err
			}
			best[n.name] = min(best[n.name], loss)
			k := 0
			if loss < 0.1 {
				solved[n.name]++
			} else {
				k = 1
			}
			if n.name == "two hidden units" {
				if math.Abs(loss-math.Ln2/2) < 0.01 {
					half++
				}
				if pictures[k] == nil {
					if pictures[k], err = xorChart([]string{"learnt", "stuck at log 2 / 2"}[k], n.value); err != nil {
						return err
					}
				}
			}
		}
	}
	of := fmt.Sprintf("of %d beginnings", seeds)
	r.Log("xor learnt: two hidden units", solved["two hidden units"], of)
	r.Log("xor stuck at log 2 / 2: two hidden units", half, of)
	r.Log("xor learnt: three layers with tanh", solved["three layers with tanh"], of)
	r.Log("xor: best loss of one layer", best["one layer"], "")
	r.Log("xor: best loss of three linear layers", best["three linear layers"], "")
	r.Log("log 2", math.Ln2, "")
	hand, err := xorChart("set by hand", func(x []float64) ([]float64, error) {
		fires, err := gate(x)
		for i := range fires {
			fires[i] = 2*fires[i] - 1
		}
		return fires, err
	})
	if err != nil {
		return err
	}
	charts := []*course.Chart{hand}
	for _, c := range pictures {
		if c != nil {
			charts = append(charts, c)
		}
	}
	return r.Save("xor.svg", "Xor by three units: with the weights of the course, learnt, and where learning has stopped with two examples guessed. Blue is +1.", course.Row(charts...))
}

// xorChart shows the sign of a network around the four examples.
func xorChart(title string, value func(x []float64) ([]float64, error)) (*course.Chart, error) {
	const side = 201 // odd, so that no centre lies on an edge of the gate
	box := course.Box{X0: -0.5, X1: 1.5, Y0: -0.5, Y1: 1.5}
	z, err := value(course.Grid[float64](box, side))
	if err != nil {
		return nil, err
	}
	p := make([]float64, len(z))
	for i := range z {
		p[i] = 1 / (1 + math.Exp(3*z[i]))
	}
	c := course.NewChart(title, "x₁", "x₂").Square()
	c.W, c.H = 3.5, 3.5
	c.Field(box, p, -0.6, 1.6, course.Diverging)
	c.Points("", []float64{0, 1}, []float64{1, 0}, course.Colour(course.Blue), course.Thick)
	c.Points("", []float64{0, 1}, []float64{0, 1}, course.Colour(course.Vermilion), course.Thick)
	return c, nil
}

// moons fits the networks to data that no line divides.
func moons(r *course.Run) error {
	const n = 300
	set := sets.Moons[float64](n, 0.2, r.Seed)
	y := sets.Signs[float64](set.Y, 0)
	box := course.Around(set.X, 0.1)
	const side = 160
	var charts []*course.Chart
	for i, net := range networks(n) {
		if net.name == "two hidden units" {
			continue
		}
		epochs := r.Pick(3000, 1200)
		loss, err := net.fit(r.Seed, set.X, y, epochs, func(e int) { r.At("moons, %s, epoch %d of %d", net.name, e, epochs) })
		if err != nil {
			return err
		}
		r.Log("moons: loss of "+net.name, loss, "")
		z, err := net.value(course.Grid[float64](box, side))
		if err != nil {
			return err
		}
		p := make([]float64, len(z))
		for i := range z {
			p[i] = 1 / (1 + math.Exp(z[i])) // of the lower moon
		}
		c := course.NewChart(net.name, "x₁", "x₂").Square()
		c.W, c.H = 3.5, 3.5
		c.Field(box, p, -0.6, 1.6, course.Diverging)
		c.Contours("", box, p, []float64{0.5}, course.Colour(course.Black), course.Thick)
		var xs, ys [2][]float64
		for j, k := range set.Y {
			xs[k], ys[k] = append(xs[k], set.X[2*j]), append(ys[k], set.X[2*j+1])
		}
		name := func(s string) string {
			if i < 3 {
				return ""
			}
			return s
		}
		c.Points(name("+1"), xs[0], ys[0], course.Colour(course.Blue), course.Thin)
		c.Points(name("−1"), xs[1], ys[1], course.Colour(course.Vermilion), course.Thin)
		charts = append(charts, c)
	}
	one, three := r.Figure("moons: loss of one layer"), r.Figure("moons: loss of three linear layers")
	r.Log("moons: one layer − three linear layers", one-three, "")
	return r.Save("layers.svg", "What the networks have learnt of two moons. Layers with nothing between them give the same line as one.", course.Row(charts...))
}
