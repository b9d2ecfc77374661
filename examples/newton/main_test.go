package main

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

const lambda = 1e-3

func loaded(t *testing.T) *problem {
	t.Helper()
	x, y, d, err := load()
	if err != nil {
		t.Fatal(err)
	}
	if len(y) != 569 || d != 30 || len(x) != 569*30 {
		t.Fatalf("%d labels, %d numbers in rows of %d", len(y), len(x), d)
	}
	return newProblem(x, y, d, lambda)
}

// gradient is that of the loss, by hand.
func gradient(p *problem, w []float64) []float64 {
	g := make([]float64, p.d+1)
	for i, y := range p.batch.Y {
		x := p.batch.X[i*p.d:][:p.d]
		slope := -y / (1 + math.Exp(y*(floats.Dot(x, w[:p.d])+w[p.d]))) / float64(p.n)
		floats.AddScaled(g[:p.d], slope, x)
		g[p.d] += slope
	}
	floats.AddScaled(g[:p.d], lambda, w[:p.d])
	return g
}

// TestFit would fail if a method stopped short of the optimum: the loss is
// strictly convex, so there is one.
func TestFit(t *testing.T) {
	p := loaded(t)
	var fits []*optimize.Result
	for name, method := range map[string]optimize.Method{"L-BFGS": &optimize.LBFGS{}, "Newton": &optimize.Newton{}} {
		r, err := p.fit(method)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for whose, g := range map[string][]float64{"nnc": r.Gradient, "by hand": gradient(p, r.X)} {
			if norm := floats.Norm(g, 2); !(norm < 1e-8) {
				t.Errorf("%s: the gradient (%s) at the optimum is %g", name, whose, norm)
			}
		}
		accuracy, err := p.accuracy(r.X)
		if err != nil {
			t.Fatal(err)
		}
		if accuracy < 0.98 {
			t.Errorf("%s: accuracy %.4f", name, accuracy)
		}
		fits = append(fits, r)
	}
	if d := floats.Distance(fits[0].X, fits[1].X, 2); !(d < 1e-5) {
		t.Errorf("the optima are %g apart", d)
	}
	if d := math.Abs(fits[0].F - fits[1].F); !(d < 1e-14) {
		t.Errorf("the losses are %g apart", d)
	}
}

// TestHessian compares the Hessian of gonum's problem, 31 products with
// directions, with the blocks that nnc derives at once.
func TestHessian(t *testing.T) {
	p := loaded(t)
	w := make([]float64, p.d+1)
	for i := range w {
		w[i] = math.Sin(float64(i))
	}
	got := mat.NewSymDense(len(w), nil)
	q := p.objective().Problem()
	q.Hess(got, w)
	if _, err := q.Status(); err != nil {
		t.Fatal(err)
	}
	ww, wb, bw := make([]float64, p.d*p.d), make([]float64, p.d), make([]float64, p.d)
	bb, err := p.loss.Hessian(p.m, p.batch, ww, wb, bw)
	if err != nil {
		t.Fatal(err)
	}
	same := func(i, j int, want float64) {
		if !(math.Abs(got.At(i, j)-want) < 1e-14) {
			t.Errorf("entry %d, %d is %v by products, %v in one", i, j, got.At(i, j), want)
		}
	}
	for i := range p.d {
		for j := range p.d {
			same(i, j, ww[i*p.d+j])
		}
		same(i, p.d, wb[i])
		same(p.d, i, bw[i])
	}
	same(p.d, p.d, bb)
}

// TestErrors would fail if gonum hid what the loss has to say.
func TestErrors(t *testing.T) {
	p := loaded(t)
	p.batch.Y = p.batch.Y[1:]
	if _, err := p.fit(&optimize.LBFGS{}); err == nil || err.Error() != "main: Fit.LossGrad: x has 17070 values, [N,D] with N = 568 (from y), D = 30 needs 17040" {
		t.Errorf("error %v", err)
	}
}

func BenchmarkNewton(b *testing.B) {
	benchmark(b, func() optimize.Method { return &optimize.Newton{} })
}
func BenchmarkLBFGS(b *testing.B) { benchmark(b, func() optimize.Method { return &optimize.LBFGS{} }) }

func benchmark(b *testing.B, method func() optimize.Method) {
	x, y, d, err := load()
	if err != nil {
		b.Fatal(err)
	}
	p := newProblem(x, y, d, lambda)
	for b.Loop() {
		if _, err := p.fit(method()); err != nil {
			b.Fatal(err)
		}
	}
}
