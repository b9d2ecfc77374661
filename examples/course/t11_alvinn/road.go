package alvinn

import (
	"math"
	"math/rand/v2"
)

// The road and the car, in metres.
const (
	halfRoad  = 2.5     // from the middle to the edge
	halfCar   = 0.8     // of its width
	wheelbase = 2.6     // between the axles
	sharpest  = 1. / 12 // the curvature of the car's path at an angle of 1
	ahead     = 9.      // how far the teacher looks
)

// road is a curve by its curvature at each distance: three waves.
type road struct {
	wave [3]struct{ size, length, phase float64 }
}

func newRoad(rng *rand.Rand) (r road) {
	for i := range r.wave {
		r.wave[i].size = (0.4 + 0.6*rng.Float64()) / 75
		r.wave[i].length = 50 + 40*float64(i) + 30*rng.Float64()
		r.wave[i].phase = 2 * math.Pi * rng.Float64()
	}
	return r
}

// curvature is positive where the road bends to the right.
func (r road) curvature(s float64) (k float64) {
	for _, w := range r.wave {
		k += w.size * math.Sin(2*math.Pi*s/w.length+w.phase)
	}
	return k
}

// car is where a car is on a road: how far along it, how far right of its
// middle, and how much it points to the right of its direction.
type car struct{ s, off, heading float64 }

// middle is how far to the right of the car's axis the middle of the road is,
// at distances 0, step, 2 step, … ahead: [n].
func (c car) middle(r road, step float64, n int) []float64 {
	x := make([]float64, n)
	at, turn := -c.off, -c.heading
	for i := range x {
		x[i] = at
		k := r.curvature(c.s + float64(i)*step)
		at += step * (turn + k*step/2)
		turn += k * step
	}
	return x
}

// teacher is the angle of a driver who steers along the arc to the middle of
// the road ahead.
func (c car) teacher(r road) float64 {
	const step = 0.5
	x := c.middle(r, step, int(ahead/step)+1)
	k := 2 * x[len(x)-1] / (ahead * ahead)
	return max(-1, min(1, k/sharpest))
}

// drive moves the car along its path by a distance, at an angle of the wheel.
func (c car) drive(r road, angle, distance float64) car {
	k := r.curvature(c.s)
	c.off += distance * math.Sin(c.heading)
	c.heading += distance * (angle*sharpest - k)
	c.s += distance * math.Cos(c.heading) / (1 - c.off*k)
	return c
}

// degrees is how far the front wheels turn for a difference in angle.
func degrees(angle float64) float64 {
	return math.Atan(wheelbase*sharpest*angle) * 180 / math.Pi
}
