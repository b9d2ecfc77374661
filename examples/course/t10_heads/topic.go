// Package heads pairs what a network ends with and what it is scored by:
// identity and squared error, sigmoid and cross-entropy of two classes, softmax
// and cross-entropy of many.
package heads

import (
	"math"

	"github.com/nnc-lang/nnc/examples/course/course"
	"github.com/nnc-lang/nnc/examples/course/data"
)

//go:generate go tool nnc compile -simd=off heads.nn

// Topic is number 10 of the course.
var Topic = course.Topic{
	Number: 10, Name: "t10_heads", Title: "Three heads and their losses",
	Claim: "Identity with half the squared error, sigmoid with binary cross-entropy, softmax with cross-entropy: for all three the derivative of the loss by the score is prediction − target, and so never dies on a confident mistake.",
	Run:   run,
}

func run(r *course.Run) error {
	if err := compare(r); err != nil {
		return err
	}
	if err := drawSlopes(r); err != nil {
		return err
	}
	return learn(r)
}

// compare draws scores at random, some of them very confident, and compares the
// derivatives that nnc finds with prediction - target.
func compare(r *course.Run) error {
	const n, k = 500, 4
	rng := data.NewRand(r.Seed)
	z, y, label := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range z {
		z[i], y[i] = 10*rng.NormFloat64(), 10*rng.NormFloat64()
		label[i] = float64(rng.IntN(2))
	}
	z[0], label[0] = -700, 1
	z[1], label[1] = 700, 0

	dz, p := make([]float64, n), make([]float64, n)
	if _, err := NewSquare(SquareDims{n}).LossGrad(SquareBatch{Z: z, Y: y}, dz); err != nil {
		return err
	}
	r.Log("identity, squared error: dl/dz − (z − y), greatest", apart(dz, z, y), "")

	if _, err := NewBinary(BinaryDims{n}).LossGrad(BinaryBatch{Z: z, Y: label}, dz); err != nil {
		return err
	}
	if err := NewSigmoid(SigmoidDims{n}).Value(SigmoidBatch{z}, p); err != nil {
		return err
	}
	r.Log("sigmoid, cross-entropy: dl/dz − (p − y), greatest", apart(dz, p, label), "")

	scores, onehot, class := make([]float64, n*k), make([]float64, n*k), make([]int32, n)
	for i := range n {
		class[i] = int32(rng.IntN(k))
		onehot[i*k+int(class[i])] = 1
		for j := range k {
			scores[i*k+j] = 10 * rng.NormFloat64()
		}
	}
	scores[int(class[0])] = -700
	dz, p = make([]float64, n*k), make([]float64, n*k)
	if _, err := NewClass(ClassDims{N: n, K: k}).LossGrad(ClassBatch{Z: scores, Y: class}, dz); err != nil {
		return err
	}
	if err := NewSoftmax(SoftmaxDims{N: n, K: k}).Value(SoftmaxBatch{K: k, Z: scores}, p); err != nil {
		return err
	}
	r.Log("softmax, cross-entropy: dl/dz − (p − onehot), greatest", apart(dz, p, onehot), "")
	return nil
}

// apart is the greatest |d - (p - y)|.
func apart(d, p, y []float64) float64 {
	worst := 0.0
	for i := range d {
		worst = max(worst, math.Abs(d[i]-(p[i]-y[i])))
	}
	return worst
}

// drawSlopes shows dl/dz for a target of 1 under each head, and under a pair
// that does not belong together.
func drawSlopes(r *course.Run) error {
	const n = 161
	z, one := make([]float64, n), make([]float64, n)
	three, first := make([]float64, 3*n), make([]int32, n)
	for i := range z {
		z[i] = float64(i-n/2) / 10
		one[i] = 1
		three[3*i] = z[i] // against two scores of 0
	}
	square, binary, mismatched, class := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, 3*n)
	if _, err := NewSquare(SquareDims{n}).LossGrad(SquareBatch{Z: z, Y: one}, square); err != nil {
		return err
	}
	if _, err := NewBinary(BinaryDims{n}).LossGrad(BinaryBatch{Z: z, Y: one}, binary); err != nil {
		return err
	}
	if _, err := NewMismatched(MismatchedDims{n}).LossGrad(MismatchedBatch{Z: z, Y: one}, mismatched); err != nil {
		return err
	}
	if _, err := NewClass(ClassDims{N: n, K: 3}).LossGrad(ClassBatch{Z: three, Y: first}, class); err != nil {
		return err
	}
	r.Log("dl/dz at z = −8, target 1: sigmoid, cross-entropy", binary[0], "")
	r.Log("dl/dz at z = −8, target 1: sigmoid, squared error", mismatched[0], "")

	a := course.NewChart("identity, ½ squared error", "z", "dl/dz")
	a.Line("", z, square, course.Colour(course.Blue))
	b := course.NewChart("sigmoid, cross-entropy", "z", "dl/dz").YRange(-1.1, 1.1)
	b.Line("", z, binary, course.Colour(course.Blue))
	b.Line("", z, mismatched, course.Colour(course.Vermilion), course.Dashed)
	b.Text(-7.6, -0.98, "p − 1")
	b.Text(-7.6, 0.03, "with squared error")
	c := course.NewChart("softmax, cross-entropy", "z of the true class, the others 0", "dl/dz").YRange(-1.1, 1.1)
	column := func(j int) []float64 {
		return data.Select(class, 3, j)
	}
	c.Line("", z, column(0), course.Colour(course.Blue))
	c.Line("", z, column(1), course.Colour(course.Green))
	c.Text(-7.6, -0.98, "true class: p − 1")
	c.Text(-7.6, 0.52, "each other: p")
	for _, chart := range []*course.Chart{a, b, c} {
		chart.W, chart.H = 4, 3.2
		chart.Horizontal("", 0, course.Thin)
	}
	return r.Save("slopes.svg", "What each head sends back to the score when the target is 1 (the first class). Sigmoid with squared error (dashed) is silent where it is most wrong.", course.Row(a, b, c))
}
