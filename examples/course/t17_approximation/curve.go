package approximation

import (
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/examples/course/course"
	"github.com/nnc-lang/nnc/runtime/opt"
	"gonum.org/v1/gonum/optimize"
)

// target is the curve, on 0..1; it begins at 0, as every sum of hinges with
// knots right of 0 does.
func target(x float64) float64 {
	return math.Sin(12*x)*math.Exp(-2*x) + x*x
}

// built returns the curve of q hinges that meets the target at 0, 1/q, 2/q, …:
// its weights are the changes of slope there. This is the whole proof that sums
// of hinges approximate every continuous function of an interval.
func built(q int) *Curve {
	m := NewCurve(CurveDims{Q: q})
	before := 0.0
	for i := range q {
		a, b := float64(i)/float64(q), float64(i+1)/float64(q)
		s := (target(b) - target(a)) * float64(q)
		m.W[i], m.B[i] = s-before, -a
		before = s
	}
	return m
}

// learn moves knots and slopes of m to less squared error on b, by L-BFGS.
func learn(m *Curve, b FitCurveBatch, iterations int) error {
	q := len(m.W)
	loss, grad := NewFitCurve(FitCurveDims{Q: q, N: len(b.X)}), NewCurve(CurveDims{Q: q})
	problem := opt.Objective{
		LossGrad: opt.LossGrad(m, grad, func() (float64, error) { return loss.LossGrad(m, b, grad) }),
	}.Problem()
	start := append([]float64(nil), m.Flat()...)
	// The kinks of the hinges can end a line search early: what it has reached counts.
	best, err := optimize.Minimize(problem, start, &optimize.Settings{MajorIterations: iterations}, &optimize.LBFGS{})
	if best == nil {
		return err
	}
	copy(m.Flat(), best.X)
	return nil
}

// hinges approximates the curve by 1, 2, … hinges, built and learnt.
func hinges(r *course.Run) error {
	const n = 1000
	b := FitCurveBatch{X: make([]float64, n), Y: make([]float64, n)}
	for i := range n {
		b.X[i] = (float64(i) + 0.5) / n
		b.Y[i] = target(b.X[i])
	}
	sizes := []int{1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64}
	var frames []course.Drawing
	var before, after []float64
	for _, q := range sizes {
		r.At("%s", count(q, "hinge"))
		m := built(q)
		loss := NewFitCurve(FitCurveDims{Q: q, N: n})
		e, err := loss.Loss(m, b)
		if err != nil {
			return err
		}
		before = append(before, e)
		plain := NewCurve(CurveDims{Q: q})
		copy(plain.Flat(), m.Flat())
		if err := learn(m, b, r.Pick(3000, 300)); err != nil {
			return err
		}
		if e, err = loss.Loss(m, b); err != nil {
			return err
		}
		after = append(after, e)
		if q <= 32 {
			c, err := frame(b, plain, m, e)
			if err != nil {
				return err
			}
			frames = append(frames, c)
		}
	}
	q := floats(sizes)
	from := 4 // before that, q hinges cannot follow every bend
	r.Log("hinges: exponent of q in the squared error, built", slope(q[from:], before[from:]), "")
	r.Log("hinges: exponent of q in the squared error, learnt", slope(q[from:], after[from:]), "")
	r.Log("hinges: error of 16, built", math.Sqrt(before[9]), "")
	r.Log("hinges: error of 16, learnt", math.Sqrt(after[9]), "")
	if err := r.Save("hinges.gif", "A curve, and 1 to 32 hinges with equal distances, built to meet it at their knots, and learnt from there; the triangles are the learnt knots.", &course.Film{Delay: 100, Frames: frames}); err != nil {
		return err
	}
	c := course.NewChart("Error of q hinges", "hinges q", "mean squared error").LogX().LogY()
	c.Line("", q, before, course.Colour(course.Blue))
	c.Points("built", q, before, course.Colour(course.Blue))
	c.Line("", q, after, course.Colour(course.Vermilion))
	c.Points("learnt", q, after, course.Colour(course.Vermilion))
	c.Line("as q⁻⁴", []float64{5, 64}, []float64{before[4], before[4] * math.Pow(5./64, 4)}, course.Colour(course.Grey), course.Dashed)
	return r.Save("hinges.svg", "The squared error falls as the fourth power of q; where the knots are learnt, it is less by a factor.", c)
}

// frame is one picture of the film.
func frame(b FitCurveBatch, plain, m *Curve, e float64) (*course.Chart, error) {
	q := len(m.W)
	values := NewValues(ValuesDims{Q: q, N: len(b.X)})
	c := course.NewChart(fmt.Sprintf("%s, root mean squared error %.4f", count(q, "hinge"), math.Sqrt(e)), "x", "f(x)").XRange(0, 1).YRange(-0.7, 1.2)
	c.Line("target", b.X, b.Y, course.Colour(course.Grey), course.Thick)
	f := make([]float64, len(b.X))
	if err := values.Value(plain, ValuesBatch{X: b.X}, f); err != nil {
		return nil, err
	}
	c.Line("built", b.X, append([]float64(nil), f...), course.Colour(course.Blue), course.Thin)
	if err := values.Value(m, ValuesBatch{X: b.X}, f); err != nil {
		return nil, err
	}
	c.Line("learnt", b.X, append([]float64(nil), f...), course.Colour(course.Vermilion))
	var kx, ky []float64
	for i := range q {
		if x := -m.B[i]; x >= 0 && x < 1 {
			kx, ky = append(kx, x), append(ky, f[int(x*float64(len(f)))])
		}
	}
	if len(kx) > 0 {
		c.Points("knots", kx, ky, course.Colour(course.Vermilion))
	}
	return c, nil
}
