package logistic

import (
	"image/color"
	"strings"

	"github.com/nnc-lang/nnc/examples/course/course"
	sets "github.com/nnc-lang/nnc/examples/course/data"
)

func draw(r *course.Run, set *sets.Set[float64], two *problem, small, big *learnt) error {
	const n = 200
	box := course.Around(two.held.x, 0.1)
	p := make([]float64, n*n)
	err := NewProb(ProbDims{D: 2, N: n * n}).Value(small.unit, ProbBatch{X: course.Grid[float64](box, n)}, p)
	if err != nil {
		return err
	}
	plane := course.NewChart("Two measures of held-out tumours", label(set, 21), label(set, 27)).Square()
	plane.Field(box, p, -0.6, 1.6, func(t float64) color.RGBA { return course.Diverging(1 - t) })
	plane.Contours("p = 0.5", box, p, []float64{0.5}, course.Colour(course.Black), course.Thick)
	plane.Contours("p = 0.1, 0.9", box, p, []float64{0.1, 0.9}, course.Colour(course.Black), course.Dashed)
	var x, y [2][]float64
	for i, side := range two.held.y {
		k := 0
		if side < 0 {
			k = 1
		}
		x[k], y[k] = append(x[k], two.held.x[2*i]), append(y[k], two.held.x[2*i+1])
	}
	plane.Points("benign", x[0], y[0], course.Colour(course.Blue))
	plane.Points("malignant", x[1], y[1], course.Colour(course.Vermilion))

	loss := course.NewChart("All 30 measures", "epoch", "mean logit loss").LogY()
	loss.Line("training", big.epoch, big.loss)
	loss.Line("held out", big.epoch, big.held, course.Dashed)
	loss.W, loss.H = 5.2, plane.H
	return r.Save("logistic.svg", "The probability that a tumour is benign, by two of its measures: a line divides the plane. Right: the loss with all 30.", course.Row(plane, loss))
}

// label is the name of a column as words: "texture_worst" is the worst texture.
func label(set *sets.Set[float64], column int) string {
	name := strings.ReplaceAll(strings.TrimSuffix(set.Columns[column], "_worst"), "_", " ")
	return "worst " + name + ", standard deviations"
}
