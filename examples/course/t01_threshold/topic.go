// Package threshold shows what one threshold unit computes when its weights
// are set by hand.
package threshold

import (
	"fmt"

	"github.com/nnc-lang/nnc/examples/course/course"
)

//go:generate go tool nnc compile threshold.nn

// Topic is number 1 of the course.
var Topic = course.Topic{
	Number: 1, Name: "t01_threshold", Title: "The threshold unit",
	Claim: "One unit sign(wᵀx + b) computes or, and, not: each by its weights, with nothing else changed.",
	Run:   run,
}

// gate is a function of truth values and the weights that make a unit compute it.
type gate struct {
	name string
	w    []float32
	b    float32
	want func(x []float32) bool
}

var gates = []gate{
	{"or", []float32{1, 1}, -0.5, func(x []float32) bool { return x[0]+x[1] > 0 }},
	{"and", []float32{1, 1}, -1.5, func(x []float32) bool { return x[0]*x[1] > 0 }},
	{"not", []float32{-1}, 0.5, func(x []float32) bool { return x[0] == 0 }},
}

func run(r *course.Run) error {
	wrong := 0
	var rows [][]string
	var charts []*course.Chart
	for _, g := range gates {
		unit := NewUnit(UnitDims{D: len(g.w)})
		copy(unit.W, g.w)
		unit.B[0] = g.b
		inputs := truths(len(g.w))
		n := len(inputs) / len(g.w)
		fires := make([]float32, n)
		if err := NewUnitEval(UnitDims{D: len(g.w), N: n}).Forward(unit, inputs, fires); err != nil {
			return err
		}
		for i, f := range fires {
			x := inputs[i*len(g.w):][:len(g.w)]
			if (f == 1) != g.want(x) {
				wrong++
			}
			rows = append(rows, []string{g.name, fmt.Sprint(x), fmt.Sprint(g.w), fmt.Sprint(g.b), fmt.Sprint(f)})
		}
	}
	_ = charts
	r.Log("wrong outputs", float64(wrong), "")
	r.Table("Truth tables", []string{"gate", "x", "w", "b", "fires"}, rows)
	return nil
}

// truths are all inputs of d truth values: [2^d,d].
func truths(d int) (x []float32) {
	for i := range 1 << d {
		for j := range d {
			x = append(x, float32(i>>j&1))
		}
	}
	return x
}
