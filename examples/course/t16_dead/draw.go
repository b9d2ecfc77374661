package dead

import (
	"fmt"

	"github.com/nnc-lang/nnc/examples/course/course"
	"github.com/nnc-lang/nnc/examples/course/data"
)

// draw shows dead units, silent outputs and accuracy by epoch.
func draw(r *course.Run, sound, relu, leaky []state, first int) error {
	var charts []*course.Chart
	for _, of := range []struct {
		title, axis string
		value       func(state) float64
	}{
		{"Dead units", "units, of 100", func(s state) float64 { return float64(s.count()) }},
		{"Outputs that are not on", "outputs, %", func(s state) float64 { return 100 * s.silent }},
		{"Accuracy", "told right, %", func(s state) float64 { return 100 * s.accuracy }},
	} {
		c := course.NewChart(of.title, "epoch", of.axis).YRange(-3, 103)
		c.W, c.H = 3.7, 3.3
		lines := []struct {
			name   string
			from   int
			states []state
			colour int
		}{
			{"small steps", 0, sound, course.Blue},
			{"large steps", 0, relu[:first+1], course.Vermilion},
			{"then small: ReLU", first, relu[first:], course.Orange},
			{"then small: leaky", first, leaky, course.Green},
		}
		for _, l := range lines {
			var x, y []float64
			for i, s := range l.states {
				x, y = append(x, float64(l.from+i)), append(y, of.value(s))
			}
			name := ""
			if of.title == "Accuracy" {
				name = l.name
			}
			c.Line(name, x, y, course.Colour(l.colour))
		}
		c.Vertical("", float64(first), course.Thin)
		charts = append(charts, c)
	}
	charts[2].W += 1.3
	return r.Save("units.svg", "A layer of 100 units on three spirals. Large steps kill nearly all; when they become small (dashed) the dead stay dead, but made leaky they come back.", course.Row(charts...))
}

// drawRegions shows what the crippled and the revived network can tell apart.
func drawRegions(r *course.Run, set *data.Set[float32], crippled, revived *net) error {
	const n = 160
	box := course.Around(set.X, 0.06)
	grid := course.Grid[float32](box, n)
	var charts []*course.Chart
	for _, of := range []struct {
		title string
		make  *net
		with  *net
	}{{"ReLU, most units dead", newReLU(n * n), crippled}, {"the same, made leaky", newLeaky(n * n), revived}} {
		copy(of.make.model.Flat(), of.with.model.Flat())
		z, p := make([]float32, n*n*H), make([]float32, n*n*K)
		if err := of.make.forward(grid, z, p); err != nil {
			return err
		}
		class := make([]int, n*n)
		for i := range class {
			for k := range K {
				if p[i*K+k] > p[i*K+class[i]] {
					class[i] = k
				}
			}
		}
		c := course.NewChart(of.title, "x₁", "x₂").Square()
		c.W, c.H = 3.8, 3.8
		course.Regions(c, box, class)
		for k := range K {
			var x, y []float64
			for i, is := range set.Y {
				if int(is) == k {
					x, y = append(x, float64(set.X[2*i])), append(y, float64(set.X[2*i+1]))
				}
			}
			name := ""
			if of.with == revived {
				name = fmt.Sprint("spiral ", k+1)
			}
			c.Points(name, x, y, course.Colour(k), course.Thin)
		}
		charts = append(charts, c)
	}
	return r.Save("regions.svg", "What is left of the network when most units are dead, and what it learns once they have revived.", course.Row(charts...))
}
