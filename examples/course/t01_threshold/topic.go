// Package threshold shows what one threshold unit computes when its weights
// are set by hand.
package threshold

import (
	"fmt"

	"github.com/nnc-lang/nnc/examples/course/course"
)

//go:generate go tool nnc compile -simd=off threshold.nn

// Topic is number 1 of the course.
var Topic = course.Topic{
	Number: 1, Name: "t01_threshold", Title: "The threshold unit",
	Claim: "One unit that fires where wᵀx + b ≥ 0 computes or, and, and not: three gates, and nothing differs but the weights.",
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
	{"or", []float32{1, 1}, -0.5, func(x []float32) bool { return x[0] == 1 || x[1] == 1 }},
	{"and", []float32{1, 1}, -1.5, func(x []float32) bool { return x[0] == 1 && x[1] == 1 }},
	{"not", []float32{-1}, 0.5, func(x []float32) bool { return x[0] == 0 }},
}

func run(r *course.Run) error {
	wrong, outputs := 0, 0
	var rows [][]string
	for _, g := range gates {
		inputs := truths(len(g.w))
		fires, err := g.compute(inputs)
		if err != nil {
			return err
		}
		for i, f := range fires {
			x := inputs[i*len(g.w):][:len(g.w)]
			if (f == 1) != g.want(x) {
				wrong++
			}
			outputs++
			rows = append(rows, []string{g.name, fmt.Sprint(g.w), fmt.Sprint(g.b), fmt.Sprint(x), fmt.Sprint(f)})
		}
	}
	r.Log("outputs tested", float64(outputs), "")
	r.Log("wrong outputs", float64(wrong), "")
	r.Table("What the unit gives for every input", []string{"gate", "w", "b", "x", "fires"}, rows)
	return draw(r)
}

// compute returns what the unit with the weights of g gives for each input.
func (g gate) compute(inputs []float32) ([]float32, error) {
	d := len(g.w)
	n := len(inputs) / d
	unit := NewUnit(UnitDims{D: d})
	copy(unit.W, g.w)
	unit.B[0] = g.b
	fires := make([]float32, n)
	return fires, NewUnitEval(UnitDims{D: d, N: n}).Forward(unit, inputs, fires)
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

// draw shows where each unit fires: beyond a line, and for not beyond a point.
func draw(r *course.Run) error {
	const n = 200
	box := course.Box{X0: -0.5, X1: 1.5, Y0: -0.5, Y1: 1.5}
	var charts []*course.Chart
	for _, g := range gates {
		d := len(g.w)
		c := course.NewChart(fmt.Sprintf("%s: w = %v, b = %v", g.name, g.w, g.b), "x₁", "x₂").Square()
		c.W, c.H = 3.4, 3.4
		grid := course.Grid[float32](box, n)
		if d == 1 {
			c.Plot.Y.Label.Text = ""
			c.Plot.HideY()
			one := make([]float32, 0, n*n)
			for i := 0; i < len(grid); i += 2 {
				one = append(one, grid[i])
			}
			grid = one
		}
		fires, err := g.compute(grid)
		if err != nil {
			return err
		}
		class := make([]int, n*n)
		for i, f := range fires {
			class[i] = 1 - int(f)
		}
		course.Regions(c, box, class)
		var x, y [2][]float64
		inputs := truths(d)
		for i := 0; i < len(inputs); i += d {
			k, second := 0, 0.5
			if !g.want(inputs[i:][:d]) {
				k = 1
			}
			if d == 2 {
				second = float64(inputs[i+1])
			}
			x[k], y[k] = append(x[k], float64(inputs[i])), append(y[k], second)
		}
		c.Points(map[bool]string{true: "fires"}[g.name == "not"], x[0], y[0], course.Colour(course.Blue), course.Thick)
		c.Points(map[bool]string{true: "is silent"}[g.name == "not"], x[1], y[1], course.Colour(course.Vermilion), course.Thick)
		charts = append(charts, c)
	}
	return r.Save("gates.svg", "Where the unit fires (blue) for the weights of each gate, and the inputs that are truth values. The edge is the line wᵀx + b = 0.", course.Row(charts...))
}
