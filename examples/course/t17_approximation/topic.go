// Package approximation shows what sums of few units approximate: a curve,
// ever better with more of them, and functions of several variables at a rate
// that the number of variables does not spoil.
package approximation

import (
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/examples/course/course"
)

//go:generate go tool nnc compile -simd=off approximation.nn

// Topic is number 17 of the course.
var Topic = course.Topic{
	Number: 17, Name: "t17_approximation", Title: "Universal approximation, and Barron's rate",
	Claim: "A sum of q hinges follows any curve: its squared error falls about as q⁻⁴. In eight dimensions, with N noisy examples, the error of q sigmoidal units first falls about as 1/q, Barron's rate, and then rises; the best q grows with N, and with it the error falls at least as N^-½.",
	Run:   run,
}

func run(r *course.Run) error {
	if err := hinges(r); err != nil {
		return err
	}
	return barron(r)
}

// slope is the exponent a of the power law y = c*x^a nearest to the points.
func slope(x, y []float64) float64 {
	var sx, sy, sxx, sxy, k float64
	for i := range x {
		a, b := math.Log(x[i]), math.Log(y[i])
		sx, sy, sxx, sxy, k = sx+a, sy+b, sxx+a*a, sxy+a*b, k+1
	}
	return (k*sxy - sx*sy) / (k*sxx - sx*sx)
}

// floats are the same numbers as float64.
func floats(n []int) []float64 {
	out := make([]float64, len(n))
	for i, v := range n {
		out[i] = float64(v)
	}
	return out
}

func count(q int, noun string) string {
	if q == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", q, noun)
}
