package descent

import (
	"github.com/nnc-lang/nnc/examples/course/course"
)

func draw(r *course.Run, x, y []float64, batch, single *walk, loss func([]float64) (float64, error), sizes []int, whole, one []float64) error {
	const n = 120
	box := course.Box{X0: -1.6, X1: 1.8, Y0: -1.6, Y1: 1.8}
	v := make([]float64, n*n)
	grid := course.Grid[float64](box, n)
	for i := range v {
		var err error
		if v[i], err = loss(grid[2*i:][:2]); err != nil {
			return err
		}
	}
	paths := course.NewChart("Two ways down", "w₁", "w₂").Square()
	paths.Contours("loss", box, v, course.Levels(v, 12))
	few := min(len(single.path[0]), 150)
	paths.Path("stochastic", single.path[0][:few], single.path[1][:few], course.Colour(course.Vermilion), course.Thin)
	paths.Path("batch", batch.path[0], batch.path[1], course.Colour(course.Blue))

	falls := course.NewChart("Loss for the work done", "gradients of single examples", "loss").LogX()
	falls.W, falls.H = 4.6, paths.H
	for _, w := range []struct {
		name string
		walk *walk
		c    int
	}{{"stochastic", single, course.Vermilion}, {"batch", batch, course.Blue}} {
		var at, l []float64
		for i := range w.walk.cost {
			value, err := loss([]float64{w.walk.path[0][i], w.walk.path[1][i]})
			if err != nil {
				return err
			}
			at, l = append(at, max(1, w.walk.cost[i])), append(l, value)
		}
		falls.Line(w.name, at, l, course.Colour(w.c))
	}

	cost := course.NewChart("Time of a step, measured", "examples N", "time of a step, ns").LogX().LogY()
	cost.W, cost.H = 4.6, paths.H
	at := make([]float64, len(sizes))
	for i, n := range sizes {
		at[i] = float64(n)
	}
	cost.Line("", at, one, course.Colour(course.Vermilion))
	cost.Points("stochastic", at, one, course.Colour(course.Vermilion))
	cost.Line("", at, whole, course.Colour(course.Blue))
	cost.Points("batch", at, whole, course.Colour(course.Blue))
	return r.Save("descent.svg", "The paths of both over the contours of the loss (the stochastic one its first 150 steps); the loss as gradients of examples are spent; the time of a step against the number of examples.", course.Row(paths, falls, cost))
}
