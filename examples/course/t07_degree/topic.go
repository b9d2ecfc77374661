// Package degree lets cross-validation choose the degree of a polynomial.
package degree

import (
	"iter"
	"math"
	"strconv"

	"github.com/nnc-lang/nnc/examples/course/course"
	sets "github.com/nnc-lang/nnc/examples/course/data"
	"github.com/nnc-lang/nnc/runtime/data"
)

//go:generate go tool nnc compile -simd=off poly.nn

// Topic is number 7 of the course.
var Topic = course.Topic{
	Number: 7, Name: "t07_degree", Title: "Validation chooses the degree",
	Claim: "The training error falls with every degree of a polynomial; leave-one-out and ten-fold validation turn up again, and the degree where they are least costs at most a quarter more true error than the best.",
	Run:   run,
}

const (
	n       = 40
	highest = 15  // degree
	noise   = 0.3 // deviation of y
)

func truth(x float64) float64 { return math.Sin(4*x) * (1 - x/2) }

func draw(n int, seed uint64) ErrorBatch {
	rnd := sets.NewRand(seed)
	b := ErrorBatch{X: make([]float64, n), Y: make([]float64, n)}
	for i := range n {
		b.X[i] = 2*rnd.Float64() - 1
		b.Y[i] = truth(b.X[i]) + noise*rnd.NormFloat64()
	}
	return b
}

// rows is the part of b with those numbers.
func (b ErrorBatch) rows(rows []int) ErrorBatch {
	return ErrorBatch{
		X: data.Gather(make([]float64, len(rows)), b.X, rows, 1),
		Y: data.Gather(make([]float64, len(rows)), b.Y, rows, 1),
	}
}

// fit returns the polynomial of least squared error on b. The loss is
// quadratic: one Newton step from anywhere is exact.
func fit(b ErrorBatch, degree int) (*Poly, error) {
	dims := PolyDims{K: degree + 1}
	p, g, v, hv := NewPoly(dims), NewPoly(dims), NewPoly(dims), NewPoly(dims)
	loss := NewError(ErrorDims{K: dims.K, N: len(b.Y)})
	if _, err := loss.LossGrad(p, b, g); err != nil {
		return nil, err
	}
	return p, course.NewtonStep(p.W, g.W, 1e-12, func(x, hx []float64) error {
		copy(v.W, x)
		err := loss.HVP(p, b, v, hv)
		copy(hx, hv.W)
		return err
	})
}

// errorOf is the mean squared error of p on b.
func errorOf(p *Poly, b ErrorBatch) (float64, error) {
	return NewError(ErrorDims{K: len(p.W), N: len(b.Y)}).Loss(p, b)
}

// validate is the mean squared error over all test parts.
func validate(b ErrorBatch, degree int, folds iter.Seq[data.Fold]) (float64, error) {
	sum := 0.0
	for f := range folds {
		p, err := fit(b.rows(f.Train), degree)
		if err != nil {
			return 0, err
		}
		e, err := errorOf(p, b.rows(f.Test))
		if err != nil {
			return 0, err
		}
		sum += e * float64(len(f.Test))
	}
	return sum / float64(len(b.Y)), nil
}

// curves are errors by degree, from 0 on.
type curves struct{ degree, train, loo, folds, real []float64 }

func run(r *course.Run) error {
	b := draw(n, r.Seed)
	many := draw(20000, r.Seed+1000)
	var c curves
	var rows [][]string
	for degree := range highest + 1 {
		r.At("degree %d", degree)
		p, err := fit(b, degree)
		if err != nil {
			return err
		}
		row := []string{strconv.Itoa(degree)}
		for _, m := range []struct {
			to   *[]float64
			what func() (float64, error)
		}{
			{&c.train, func() (float64, error) { return errorOf(p, b) }},
			{&c.loo, func() (float64, error) { return validate(b, degree, data.LeaveOneOut(n)) }},
			{&c.folds, func() (float64, error) { return validate(b, degree, data.Folds(n, 10, r.Seed)) }},
			{&c.real, func() (float64, error) { return errorOf(p, many) }},
		} {
			e, err := m.what()
			if err != nil {
				return err
			}
			*m.to = append(*m.to, e)
			row = append(row, course.Number(e))
		}
		c.degree, rows = append(c.degree, float64(degree)), append(rows, row)
	}
	r.Table("Mean squared error by degree; the noise alone is "+course.Number(noise*noise), []string{"degree", "training", "leave-one-out", "10-fold", "true (20,000 new)"}, rows)
	rises := 0.0
	for i := range c.train[1:] {
		if c.train[i+1] > c.train[i]*(1+1e-9) {
			rises++
		}
	}
	loo, folds, best := least(c.loo), least(c.folds), least(c.real)
	r.Log("degrees at which the training error rises", rises, "")
	r.Log("degree chosen by leave-one-out", float64(loo), "")
	r.Log("degree chosen by 10-fold", float64(folds), "")
	r.Log("best degree", float64(best), "")
	r.Log("true error of leave-one-out's choice / best", c.real[loo]/c.real[best], "")
	r.Log("true error of 10-fold's choice / best", c.real[folds]/c.real[best], "")
	r.Log("leave-one-out error at the highest degree / least", c.loo[highest]/c.loo[loo], "")
	r.Log("10-fold error at the highest degree / least", c.folds[highest]/c.folds[folds], "")
	return picture(r, b, c, loo)
}

// least is where v is least.
func least(v []float64) (at int) {
	for i := range v {
		if v[i] < v[at] {
			at = i
		}
	}
	return at
}

func picture(r *course.Run, b ErrorBatch, c curves, chosen int) error {
	errs := course.NewChart("Error by degree", "degree", "mean squared error").LogY().YRange(0.06, 2)
	errs.W = 5.6
	errs.Line("training", c.degree, c.train)
	errs.Line("leave-one-out", c.degree, c.loo)
	errs.Line("10-fold", c.degree, c.folds, course.Dashed)
	errs.Line("true", c.degree, c.real, course.Colour(course.Black), course.Dotted)
	errs.Vertical("chosen", float64(chosen))

	fits := course.NewChart("Three of the polynomials", "x", "y").XRange(-1, 1).YRange(-2.2, 2.2)
	fits.W = 5.6
	const points = 400
	x := make([]float64, points)
	real := make([]float64, points)
	for i := range x {
		x[i] = -1 + 2*(float64(i)+0.5)/points
		real[i] = truth(x[i])
	}
	fits.Points("examples", b.X, b.Y, course.Colour(course.Grey))
	fits.Line("truth", x, real, course.Colour(course.Black), course.Dotted)
	for i, degree := range []int{2, chosen, highest} {
		p, err := fit(b, degree)
		if err != nil {
			return err
		}
		y := make([]float64, points)
		if err := NewValue(ValueDims{K: degree + 1, N: points}).Value(p, ValueBatch{X: x}, y); err != nil {
			return err
		}
		fits.Line("degree "+strconv.Itoa(degree), x, y, course.Colour([]int{course.Orange, course.Blue, course.Vermilion}[i]))
	}
	return r.Save("degree.svg", "Errors by degree: only the training error goes on falling. Right: too low, the one chosen, too high.", course.Row(errs, fits))
}
