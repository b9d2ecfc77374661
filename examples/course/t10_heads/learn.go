package heads

import (
	"context"
	"math"

	"github.com/nnc-lang/nnc/examples/course/course"
	"github.com/nnc-lang/nnc/examples/course/data"
	"github.com/nnc-lang/nnc/runtime/optim"
	"github.com/nnc-lang/nnc/runtime/train"

	rt "github.com/nnc-lang/nnc/runtime/data"
)

// learn puts one linear unit, or three, under each head and trains it on irises.
func learn(r *course.Run) error {
	iris, err := data.Iris[float64]()
	if err != nil {
		return err
	}
	x := data.Select(iris.X, iris.D, 2, 3) // length and width of the petals
	a, err := regression(r, x)
	if err != nil {
		return err
	}
	b, err := binary(r, x[2*50:], iris.Y[50:]) // versicolor and virginica
	if err != nil {
		return err
	}
	c, err := classes(r, x, iris.Y)
	if err != nil {
		return err
	}
	return r.Save("heads.svg", "A linear unit under each head, on irises: the width of a petal from its length; the probability that it is a virginica and not a versicolor; which of the three it is.", course.Row(a, b, c))
}

// descend trains a model on all examples at once.
func descend(r *course.Run, m, grad train.Model[float64], step func(train.Batch) (float64, error)) error {
	loop := train.Loop[float64]{
		Model: m, Grad: grad, Step: step,
		Optimizer: optim.NewAdam[float64](len(m.Flat()), 0.05),
		Rows:      rt.All(1), Epochs: r.Pick(4000, 1500), // one step is one epoch
	}
	_, err := loop.Run(context.Background())
	return err
}

func regression(r *course.Run, petals []float64) (*course.Chart, error) {
	long, wide := data.Select(petals, 2, 0), data.Select(petals, 2, 1)
	tr, te := rt.Split(len(long), 0.3, r.Seed)
	pick := func(rows []int) FitLineBatch {
		return FitLineBatch{X: rt.Gather(make([]float64, len(rows)), long, rows, 1), Y: rt.Gather(make([]float64, len(rows)), wide, rows, 1)}
	}
	batch, held := pick(tr), pick(te)
	d := LineDims{D: 1, N: 200}
	line, grad := NewLine(d), NewLine(d)
	fit := NewFitLine(FitLineDims(d))
	if err := descend(r, line, grad, func(train.Batch) (float64, error) { return fit.LossGrad(line, batch, grad) }); err != nil {
		return nil, err
	}
	loss, err := fit.Loss(line, held)
	if err != nil {
		return nil, err
	}
	r.Log("regression: held-out error, root mean square", math.Sqrt(2*loss), "cm")
	c := course.NewChart("identity: width of petals", "length of petals, cm", "width of petals, cm")
	c.W, c.H = 4, 3.4
	c.Points("", long, wide, course.Thin)
	ends := []float64{1, 7}
	c.Line("", ends, []float64{line.W[0]*ends[0] + line.B[0], line.W[0]*ends[1] + line.B[0]}, course.Colour(course.Vermilion))
	return c, nil
}

func binary(r *course.Run, petals []float64, class []int32) (*course.Chart, error) {
	y := make([]float64, len(class))
	for i, k := range class {
		y[i] = float64(k - 1)
	}
	tr, te := rt.Split(len(y), 0.3, r.Seed)
	batch := FitOddsBatch{X: rt.Gather(make([]float64, 2*len(tr)), petals, tr, 2), Y: rt.Gather(make([]float64, len(tr)), y, tr, 1)}
	const n = 150
	d := OddsDims{D: 2, N: n * n}
	odds, grad := NewOdds(d), NewOdds(d)
	fit := NewFitOdds(FitOddsDims(d))
	if err := descend(r, odds, grad, func(train.Batch) (float64, error) { return fit.LossGrad(odds, batch, grad) }); err != nil {
		return nil, err
	}
	p := make([]float64, len(te))
	eval := NewOddsEval(d)
	if err := eval.Forward(odds, rt.Gather(make([]float64, 2*len(te)), petals, te, 2), p); err != nil {
		return nil, err
	}
	right := 0
	for i, row := range te {
		if (p[i] > 0.5) == (y[row] == 1) {
			right++
		}
	}
	r.Log("binary: held-out accuracy", 100*float64(right)/float64(len(te)), "%")

	c := course.NewChart("sigmoid: is it a virginica?", "length of petals, cm", "width of petals, cm")
	c.W, c.H = 5, 3.4
	box := course.Around(petals, 0.08)
	field := make([]float64, n*n)
	if err := eval.Forward(odds, course.Grid[float64](box, n), field); err != nil {
		return nil, err
	}
	c.Field(box, field, -0.6, 1.6, course.Diverging)
	c.Contours("", box, field, []float64{0.5}, course.Colour(course.Black))
	scatter(c, petals, class, "", "versicolor", "virginica")
	return c, nil
}

func classes(r *course.Run, petals []float64, class []int32) (*course.Chart, error) {
	tr, te := rt.Split(len(class), 0.3, r.Seed)
	batch := FitClassesBatch{X: rt.Gather(make([]float64, 2*len(tr)), petals, tr, 2), Y: rt.Gather(make([]int32, len(tr)), class, tr, 1)}
	const n = 150
	d := ClassesDims{D: 2, N: n * n}
	m, grad := NewClasses(d), NewClasses(d)
	m.Init(r.Seed)
	fit := NewFitClasses(FitClassesDims(d))
	if err := descend(r, m, grad, func(train.Batch) (float64, error) { return fit.LossGrad(m, batch, grad) }); err != nil {
		return nil, err
	}
	eval := NewClassesEval(d)
	p := make([]float64, 3*len(te))
	if err := eval.Forward(m, rt.Gather(make([]float64, 2*len(te)), petals, te, 2), p); err != nil {
		return nil, err
	}
	right := 0
	for i, row := range te {
		if best(p[3*i:][:3]) == int(class[row]) {
			right++
		}
	}
	r.Log("three classes: held-out accuracy", 100*float64(right)/float64(len(te)), "%")

	c := course.NewChart("softmax: which iris?", "length of petals, cm", "width of petals, cm")
	c.W, c.H = 5, 3.4
	box := course.Around(petals, 0.08)
	q := make([]float64, 3*n*n)
	if err := eval.Forward(m, course.Grid[float64](box, n), q); err != nil {
		return nil, err
	}
	region := make([]int, n*n)
	for i := range region {
		region[i] = colours[best(q[3*i:][:3])]
	}
	course.Regions(c, box, region)
	scatter(c, petals, class, "setosa", "versicolor", "virginica")
	return c, nil
}

// colours are those of setosa, versicolor and virginica; the last two are the
// ends of the field's.
var colours = []int{course.Green, course.Blue, course.Vermilion}

// scatter draws the points of each class.
func scatter(c *course.Chart, petals []float64, class []int32, names ...string) {
	for k, name := range names {
		var x, y []float64
		for i, is := range class {
			if int(is) == k {
				x, y = append(x, petals[2*i]), append(y, petals[2*i+1])
			}
		}
		if x != nil {
			c.Points(name, x, y, course.Colour(colours[k]))
		}
	}
}

func best(p []float64) (at int) {
	for k := range p {
		if p[k] > p[at] {
			at = k
		}
	}
	return at
}
