package alvinn

import (
	"fmt"
	"image/color"
	"math"

	"github.com/nnc-lang/nnc/examples/course/course"
	"github.com/nnc-lang/nnc/examples/course/data"
)

// saw shows examples of images, and what each hidden unit looks for in them.
func saw(r *course.Run, net *Alvinn) error {
	rng := data.NewRand(r.Seed + 200)
	sheet := &course.Images{Title: "What the driver sees, and which way the wheel is turned", W: W, H: H, Cols: 6, Scale: 4, Map: grey, Hi: 1}
	images, angles := lesson(12, rng)
	for i, a := range angles {
		sheet.Values = append(sheet.Values, wide(images[i*pixels:][:pixels]))
		sheet.Labels = append(sheet.Labels, fmt.Sprintf("%+.1f°", degrees(float64(a))))
	}
	if err := r.Save("views.png", "Camera images of the lesson: bends, positions off the middle, light and shadows.", sheet); err != nil {
		return err
	}
	weights := &course.Images{Title: "Weights from the image to each hidden unit", W: W, H: H, Cols: Hidden, Scale: 4, Map: course.Diverging}
	for j := range Hidden {
		w, square := make([]float64, pixels), 0.0
		for i := range w {
			w[i] = float64(net.See.W[i*Hidden+j])
			square += w[i] * w[i] / pixels
		}
		for i := range w {
			w[i] /= math.Sqrt(square)
		}
		weights.Values = append(weights.Values, w)
		weights.Labels = append(weights.Labels, fmt.Sprint("unit ", j+1))
	}
	weights.Lo, weights.Hi = -3, 3
	return r.Save("weights.png", "What each hidden unit looks for: light excites it where it is vermilion and calms it where it is blue, each unit on its own scale.", weights)
}

// drawTrip shows how learning went and where the car was.
func drawTrip(r *course.Run, losses []float64, trip []moment, way road) error {
	a := course.NewChart("Learning", "epoch", "loss").LogY()
	a.W, a.H = 3.6, 3.2
	var epochs []float64
	for i := range losses {
		epochs = append(epochs, float64(i+1))
	}
	a.Line("", epochs, losses)
	b := course.NewChart("The first kilometre", "distance, m", "right of the middle, m").YRange(-2.7, 2.7)
	b.W, b.H = 7.6, 3.2
	var s, off, bend []float64
	for _, m := range trip {
		if m.car.s > 1000 {
			break
		}
		s, off = append(s, m.car.s), append(off, m.car.off)
		bend = append(bend, 50*way.curvature(m.car.s))
	}
	b.Line("bend (1: radius 50 m)", s, bend, course.Colour(course.Sky), course.Thin)
	b.Line("middle of the car", s, off, course.Colour(course.Blue))
	b.Horizontal("a wheel leaves", halfRoad-halfCar, course.Colour(course.Vermilion))
	b.Horizontal("", -(halfRoad - halfCar), course.Colour(course.Vermilion))
	return r.Save("drive.svg", "The loss as the network learns, and where the car then is on a road that it has not seen.", course.Row(a, b))
}

// film shows what the camera sees, how the units answer, and where the car is.
func film(r *course.Run, trip []moment, way road) error {
	xs, ys, turn := path(way, trip[len(trip)-1].car.s+80)
	f := &course.Film{Delay: 10}
	hill := NewHill()
	directions := make([]float64, S)
	for i := range directions {
		directions[i] = 2*float64(i)/(S-1) - 1
	}
	for i := 0; i < len(trip); i += 8 {
		m := trip[i]
		r.At("frame %d of %d", i/8, len(trip)/8)
		view := course.NewChart("Camera", "", "")
		view.W, view.H = 2.1, 2.2
		box := course.Box{X0: 0, X1: 1, Y0: 0, Y1: 1}
		view.Plot.HideAxes()
		view.Field(box, square(m.image), 0, 1, grey)

		want := make([]float32, S)
		if err := hill.Value(HillBatch{Angle: float32(m.taught)}, want); err != nil {
			return err
		}
		units := course.NewChart(fmt.Sprintf("Steering: %+.1f°", degrees(m.angle)), "left            right", "").YRange(0, 1.05).XRange(-1, 1)
		units.W, units.H = 2.8, 2.2
		units.Line("", directions, wide(want), course.Colour(course.Grey), course.Dashed)
		units.Line("", directions, wide(m.units), course.Colour(course.Blue), course.Thick)
		units.Vertical("", m.angle, course.Colour(course.Vermilion))

		hidden := course.NewChart("Hidden", "", "").YRange(0, 1.05)
		hidden.W, hidden.H = 1.7, 2.2
		hidden.Bars("", []string{"1", "2", "3", "4", "5"}, wide(m.hidden))

		f.Frames = append(f.Frames, course.Row(view, hidden, units, above(m.car, xs, ys, turn)))
	}
	return r.Save("drive.gif", "240 m of the drive: the camera; the hidden units; the steering units, with the hill that the driver's angle would make (dashed); the road from above.", f)
}

// pathStep is the distance between the points of path, in metres.
const pathStep = 0.5

// path is the middle of a road as a curve in the plane, with its direction.
func path(way road, end float64) (x, y, turn []float64) {
	var px, py, t float64
	for i := range int(end/pathStep) + 1 {
		x, y, turn = append(x, px), append(y, py), append(turn, t)
		px, py = px+pathStep*math.Sin(t), py+pathStep*math.Cos(t)
		t += pathStep * way.curvature(float64(i)*pathStep)
	}
	return x, y, turn
}

// above shows the road around the car from above, north at the top.
func above(c car, x, y, turn []float64) *course.Chart {
	at := min(int(c.s/pathStep), len(x)-1)
	side := func(i int, by float64) (float64, float64) {
		return x[i] + by*math.Cos(turn[i]), y[i] - by*math.Sin(turn[i])
	}
	cx, cy := side(at, c.off)
	top := course.NewChart(fmt.Sprintf("%.0f m", c.s), "", "").XRange(cx-22, cx+22).YRange(cy-22, cy+22)
	top.W, top.H = 2.1, 2.2
	top.Plot.HideAxes()
	from, to := max(0, at-80), min(len(x), at+80)
	for _, by := range []float64{-halfRoad, halfRoad} {
		var ex, ey []float64
		for i := from; i < to; i++ {
			px, py := side(i, by)
			ex, ey = append(ex, px), append(ey, py)
		}
		top.Line("", ex, ey, course.Colour(course.Black))
	}
	t := turn[at] + c.heading
	nose := []float64{cx - 1.3*math.Sin(t), cx + 1.3*math.Sin(t)}
	tail := []float64{cy - 1.3*math.Cos(t), cy + 1.3*math.Cos(t)}
	top.Line("", nose, tail, course.Colour(course.Vermilion), course.Thick, course.Thick)
	return top
}

// square stretches an image over 96 by 96 values, the lowest row first.
func square(image []float32) []float64 {
	const n = 96
	v := make([]float64, n*n)
	for i := range n {
		for j := range n {
			v[(n-1-i)*n+j] = float64(image[i*H/n*W+j*W/n])
		}
	}
	return v
}

func wide(x []float32) []float64 {
	v := make([]float64, len(x))
	for i := range x {
		v[i] = float64(x[i])
	}
	return v
}

// grey goes from black to white.
func grey(t float64) color.RGBA { return course.Ink(1 - t) }
