// Package activations draws the functions that units apply to their weighted
// sums, with the derivatives that back-propagation multiplies by.
package activations

import (
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/examples/course/course"
)

//go:generate go tool nnc compile -simd=off activations.nn

// Topic is number 9 of the course.
var Topic = course.Topic{
	Number: 9, Name: "t09_activations", Title: "Activations and their derivatives",
	Claim: "The derivative that nnc finds of each activation is the textbook's to the last digits; only sigmoid's never exceeds ¼, those of ReLU and tanh reach 1, that of sign is 0 and teaches nothing; softmax has the Jacobian pᵢ(δᵢⱼ − pⱼ).",
	Run:   run,
}

// activation is a compiled function with its derivative, and what a textbook
// says that the derivative is.
type activation struct {
	file, name, remark string
	value              func(z, y, dy []float64) error
	slope              func(z float64) float64
}

// leak is the slope of leaky ReLU below 0.
const leak = 0.1

func activations(n int) []activation {
	sign, sigmoid, tanh := NewSign(SignDims{n}), NewSigmoid(SigmoidDims{n}), NewTanh(TanhDims{n})
	relu, leaky := NewReLU(ReLUDims{n}), NewLeaky(LeakyDims{n})
	softplus, elu := NewSoftplus(SoftplusDims{n}), NewELU(ELUDims{n})
	return []activation{
		{"sign", "sign(z)", "The threshold: flat but for its jump. No gradient passes.",
			func(z, y, dy []float64) error { return sign.Value(SignBatch{z}, y, dy) },
			func(float64) float64 { return 0 }},
		{"sigmoid", "σ(z) = 1/(1 + e⁻ᶻ)", "The derivative is σ(1 − σ), at most ¼, and dies on both sides.",
			func(z, y, dy []float64) error { return sigmoid.Value(SigmoidBatch{z}, y, dy) },
			func(z float64) float64 { return logistic(z) * logistic(-z) }},
		{"tanh", "tanh(z)", "A sigmoid through 0 of twice the height and half the width; the derivative is 1 − tanh², 1 at 0.",
			func(z, y, dy []float64) error { return tanh.Value(TanhBatch{z}, y, dy) },
			func(z float64) float64 { return 1 / (math.Cosh(z) * math.Cosh(z)) }},
		{"relu", "ReLU(z) = max(z, 0)", "The derivative is 1 where the unit is on and 0 where it is off; at 0 itself nnc takes 0.",
			func(z, y, dy []float64) error { return relu.Value(ReLUBatch{z}, y, dy) },
			func(z float64) float64 { return pick(z > 0, 1, 0) }},
		{"leaky_relu", fmt.Sprintf("leaky ReLU: z, or %v z below 0", leak), "What is off still lets a tenth of the gradient through.",
			func(z, y, dy []float64) error { return leaky.Value(LeakyBatch{z}, y, dy) },
			func(z float64) float64 { return pick(z > 0, 1, leak) }},
		{"softplus", "softplus(z) = log(1 + eᶻ)", "ReLU without the corner; its derivative is the sigmoid.",
			func(z, y, dy []float64) error { return softplus.Value(SoftplusBatch{z}, y, dy) },
			logistic},
		{"elu", "ELU(z): z, or eᶻ − 1 below 0", "ReLU above 0, an exponential that ends at −1 below; for α = 1 the derivative has no jump.",
			func(z, y, dy []float64) error { return elu.Value(ELUBatch{z}, y, dy) },
			func(z float64) float64 { return pick(z > 0, 1, math.Exp(z)) }},
	}
}

func logistic(z float64) float64 {
	e := math.Exp(-math.Abs(z))
	return pick(z >= 0, 1, e) / (1 + e)
}

func pick(is bool, yes, no float64) float64 {
	if is {
		return yes
	}
	return no
}

func run(r *course.Run) error {
	const n = 4001
	z, y, dy := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range z {
		z[i] = float64(i-n/2) / 100 // -20 .. 20, 0 among them
	}
	var rows [][]string
	all := 0.0
	for _, a := range activations(n) {
		if err := a.value(z, y, dy); err != nil {
			return err
		}
		worst, least, most := 0.0, math.Inf(1), math.Inf(-1)
		for i := range z {
			want := a.slope(z[i])
			worst = max(worst, math.Abs(dy[i]-want)/max(math.Abs(want), 1e-300))
			least, most = min(least, dy[i]), max(most, dy[i])
		}
		all = max(all, worst)
		r.Log(a.file+": greatest derivative", most, "")
		rows = append(rows, []string{a.name, course.Number(least), course.Number(most), fmt.Sprintf("%.1g", worst)})
		if err := r.Save(a.file+".svg", a.remark, curves(a, z, y, dy)); err != nil {
			return err
		}
	}
	r.Log("derivative − closed form, relative, greatest", all, "")
	r.Table("Derivatives on −20 … 20, and how far the compiled ones are from the closed forms, relative to them",
		[]string{"activation", "least", "greatest", "difference"}, rows)
	return softmax(r)
}

// curves shows an activation and its derivative between -5 and 5.
func curves(a activation, z, y, dy []float64) *course.Chart {
	c := course.NewChart(a.name, "z", "y, dy/dz").XRange(-5, 5).YRange(-1.5, 3)
	c.W, c.H = 5.2, 3
	f, d := append([]float64(nil), y...), append([]float64(nil), dy...)
	for i := 1; i < len(z); i++ {
		// A line that leaps is broken there.
		if math.Abs(y[i]-y[i-1]) > 0.5 {
			f[i] = math.NaN()
		}
		if math.Abs(dy[i]-dy[i-1]) > 0.5 {
			d[i] = math.NaN()
		}
	}
	c.Horizontal("", 0, course.Thin)
	c.Line("activation", z, f, course.Colour(course.Blue))
	c.Line("derivative", z, d, course.Colour(course.Vermilion))
	if a.file == "sigmoid" {
		c.Horizontal("¼", 0.25, course.Dotted)
	}
	return c
}

// softmax compares the Jacobian with its closed form, tries that a shift of all
// scores changes nothing, and draws three probabilities as one score moves.
func softmax(r *course.Run) error {
	const k = 3
	f := NewSoftmax(SoftmaxDims{k})
	p, q := make([]float64, k), make([]float64, k)
	jac := make([]float64, k*k)
	apart, shift, rowSum := 0.0, 0.0, 0.0
	var x []float64
	var lines [k][]float64
	for i := -80; i <= 80; i++ {
		z := []float64{float64(i) / 10, 0, 1}
		if err := f.Value(SoftmaxBatch{z}, p, jac); err != nil {
			return err
		}
		x = append(x, z[0])
		for a := range k {
			lines[a] = append(lines[a], p[a])
			sum := 0.0
			for b := range k {
				sum += jac[a*k+b]
				apart = max(apart, math.Abs(jac[a*k+b]-p[a]*(pick(a == b, 1, 0)-p[b])))
			}
			rowSum = max(rowSum, math.Abs(sum))
		}
		for a := range z {
			z[a] += 1000
		}
		if err := f.Value(SoftmaxBatch{z}, q, jac); err != nil {
			return err
		}
		for a := range k {
			shift = max(shift, math.Abs(p[a]-q[a]))
		}
	}
	r.Log("softmax: Jacobian − p(δ − p), greatest", apart, "")
	r.Log("softmax: a row of the Jacobian sums to at most", rowSum, "")
	r.Log("softmax: change when 1000 is added to all scores", shift, "")
	c := course.NewChart("softmax(z, 0, 1)", "z", "probability").YRange(0, 1)
	c.W, c.H = 5.2, 3
	for a, name := range []string{"of score z", "of score 0", "of score 1"} {
		c.Line(name, x, lines[a])
	}
	return r.Save("softmax.svg", "Softmax makes three scores probabilities. When one score grows the others share what it leaves, in the ratio e⁰ : e¹ all the while.", c)
}
