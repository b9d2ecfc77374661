// Package graph draws a unit as a computational graph and walks it backward.
package graph

import (
	_ "embed"
	"math"
	"strings"

	"github.com/nnc-lang/nnc/examples/course/course"
)

//go:generate go tool nnc compile -simd=off sign.nn
//go:generate go tool nnc graph -values unit.json -o sign.svg sign.nn Unit
//go:generate go tool nnc graph -backward -values fit.json -o backward.svg sign.nn Fit

// Topic is number 3 of the course.
var Topic = course.Topic{
	Number: 3, Name: "t03_graph", Title: "The computational graph",
	Claim: "sign(wᵀx + b) is a graph of three operations on two parameters; walking the graph of a loss backward, one local derivative at each node, gives the gradient that the compiled program computes.",
	Run:   run,
}

// The pictures that nnc graph draws of sign.nn.
var (
	//go:embed sign.svg
	forward string
	//go:embed backward.svg
	backward string
)

// The example of unit.json and fit.json: the unit, its input, and the label.
var (
	w      = []float64{1, -2}
	b      = 0.5
	x      = []float64{3, 1}
	target = 1.0
)

func run(r *course.Run) error {
	for _, kind := range []struct{ key, paint string }{
		{"inputs and results (white)", `fill="#ffffff" stroke="#1f2430"`},
		{"parameters (red)", `fill="#d64550" stroke="#d64550"`},
		{"operations (blue)", `fill="#2f6db5" stroke="#2f6db5"`},
	} {
		r.Log(kind.key, float64(strings.Count(forward, kind.paint)), "")
	}

	unit, grad := NewUnit(UnitDims{D: 2}), NewUnit(UnitDims{D: 2})
	copy(unit.W, w)
	unit.B[0] = b
	fit := NewFit(FitDims{D: 2})
	loss, err := fit.LossGrad(unit, FitBatch{X: x, T: target}, grad)
	if err != nil {
		return err
	}
	l, dw, db := byHand()
	apart := max(math.Abs(loss-l), math.Abs(grad.B[0]-db))
	for i := range dw {
		apart = max(apart, math.Abs(grad.W[i]-dw[i]))
	}
	r.Log("loss of the example", loss, "")
	r.Log("walk by hand − LossGrad, greatest", apart, "")

	if err := r.Save("sign.svg", "sign(wᵀx + b) with w = (1, −2), b = 0.5, x = (3, 1): data white, parameters red, operations blue; in each node its value.", course.SVG(forward)); err != nil {
		return err
	}
	return r.Save("backward.svg", "A loss of the same unit, walked backward (dashed): at each node the derivative of the loss by it.", course.SVG(backward))
}

// byHand walks the graph of Fit forward and backward as on a blackboard.
func byHand() (loss float64, dw []float64, db float64) {
	// forward
	p := w[0]*x[0] + w[1]*x[1]
	z := p + b
	s := -target * z
	loss = math.Log1p(math.Exp(s))
	// backward: the derivative of the loss by each node, times that of the node
	// by the one before it
	ds := 1 / (1 + math.Exp(-s))
	dz := ds * -target
	db = dz
	dp := dz
	for i := range w {
		dw = append(dw, dp*x[i])
	}
	return loss, dw, db
}
