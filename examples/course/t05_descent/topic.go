// Package descent walks down one loss in two ways: along the gradient of all
// examples, and along that of one example at a time.
package descent

import (
	"context"
	"math"
	"time"

	"github.com/nnc-lang/nnc/examples/course/course"
	sets "github.com/nnc-lang/nnc/examples/course/data"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/optim"
	"github.com/nnc-lang/nnc/runtime/train"
)

//go:generate go tool nnc compile -simd=off descent.nn

// Topic is number 5 of the course.
var Topic = course.Topic{
	Number: 5, Name: "t05_descent", Title: "Gradient descent, batch and stochastic",
	Claim: "Both descend to the minimum; a batch step takes time in proportion to N, a stochastic step a constant time, so that with many examples the stochastic path is near the minimum before the batch has made its first steps.",
	Run:   run,
}

// line returns n examples of a noisy function of d inputs, and its weights.
func line(n, d int, noise float64, seed uint64) (x, y, w []float64) {
	rnd := sets.NewRand(seed)
	w = make([]float64, d)
	for i := range w {
		w[i] = math.Pow(-1, float64(i)) / float64(1+i%4)
	}
	for range n {
		sum := noise * rnd.NormFloat64()
		for i := range d {
			v := rnd.NormFloat64() / (1 + float64(i%2)) // a valley, not a bowl
			x, sum = append(x, v), sum+w[i]*v
		}
		y = append(y, sum)
	}
	return x, y, w
}

// walk is a descent and where it came.
type walk struct {
	w    []float64   // where it is
	path [][]float64 // [D][steps+1]
	cost []float64   // gradients of examples so far
}

// descend makes steps steps from start with batches of size examples.
func descend(x, y, start []float64, size, steps int, schedule optim.Schedule, seed uint64) (*walk, error) {
	d, n := len(start), len(y)
	plane, grad := NewPlane(PlaneDims{D: d}), NewPlane(PlaneDims{D: d})
	copy(plane.W, start)
	risk := NewRisk(RiskDims{D: d, N: size})
	xs, ys := make([]float64, size*d), make([]float64, size)
	out := &walk{path: make([][]float64, d)}
	note := func(cost int) {
		for i := range d {
			out.path[i] = append(out.path[i], plane.W[i])
		}
		out.cost = append(out.cost, float64(cost))
	}
	note(0)
	loop := train.Loop[float64]{
		Model: plane, Grad: grad, Optimizer: optim.NewSGD[float64](d, 1), Schedule: schedule,
		Rows: data.All(n), Size: size, Epochs: (steps*size + n - 1) / n, Seed: seed,
		Step: func(b train.Batch) (float64, error) {
			return risk.LossGrad(plane, RiskBatch{
				X: data.Gather(xs, x, b.Rows, d), Y: data.Gather(ys, y, b.Rows, 1),
			}, grad)
		},
		OnStep: func(b train.Batch, _ float64) error {
			note((b.Step + 1) * size)
			if b.Step+1 == steps {
				return train.ErrStop
			}
			return nil
		},
	}
	if _, err := loop.Run(context.Background()); err != nil {
		return nil, err
	}
	out.w = plane.W
	return out, nil
}

func run(r *course.Run) error {
	const d = 2
	n := r.Pick(1000, 300)
	x, y, w := line(n, d, 0.5, r.Seed)
	start := []float64{-1, 1.4}
	batch, err := descend(x, y, start, n, 60, optim.Constant(0.4), r.Seed)
	if err != nil {
		return err
	}
	single, err := descend(x, y, start, 1, n, optim.InverseRoot(0.15, 20), r.Seed)
	if err != nil {
		return err
	}
	away := func(a []float64) float64 { return math.Hypot(a[0]-w[0], a[1]-w[1]) }
	r.Log("distance from the truth at the start", away(start), "")
	r.Log("batch: after 60 steps", away(batch.w), "")
	r.Log("stochastic: after one pass", away(single.w), "")
	risk := NewRisk(RiskDims{D: d, N: n})
	loss := func(a []float64) (float64, error) {
		p := NewPlane(PlaneDims{D: d})
		copy(p.W, a)
		return risk.Loss(p, RiskBatch{X: x, Y: y})
	}
	least, err := loss(batch.w)
	if err != nil {
		return err
	}
	first, err := loss([]float64{batch.path[0][1], batch.path[1][1]})
	if err != nil {
		return err
	}
	after, err := loss(single.w)
	if err != nil {
		return err
	}
	r.Log("loss above the least after N gradients, batch (1 step)", first-least, "")
	r.Log("loss above the least after N gradients, stochastic (N steps)", after-least, "")

	r.At("measuring steps")
	sizes := []int{100, 300, 1000, 3000, 10000, 30000, 100000}
	sizes = sizes[:r.Pick(len(sizes), 5)]
	whole, one, err := measure(sizes, r.Seed)
	if err != nil {
		return err
	}
	r.Log("batch step: exponent of N in its time", slope(sizes, whole), "")
	r.Log("stochastic step: exponent of N in its time", slope(sizes, one), "")
	last := len(sizes) - 1
	r.Log("batch step at the greatest N", whole[last]/1e3, "µs")
	r.Log("stochastic step at the greatest N", one[last]/1e3, "µs")
	return draw(r, x, y, batch, single, loss, sizes, whole, one)
}

// measure returns the nanoseconds of a batch step and of a stochastic one for
// each number of examples of 32 inputs, the least of several trials.
func measure(sizes []int, seed uint64) (whole, one []float64, err error) {
	const d = 32
	for _, n := range sizes {
		x, y, _ := line(n, d, 0.1, seed)
		plane, grad := NewPlane(PlaneDims{D: d}), NewPlane(PlaneDims{D: d})
		opt := optim.NewSGD[float64](d, 1e-3)
		risk := NewRisk(RiskDims{D: d, N: n})
		rnd := sets.NewRand(seed)
		step := func(from, to int) error {
			_, err := risk.LossGrad(plane, RiskBatch{X: x[from*d : to*d], Y: y[from:to]}, grad)
			opt.Step(plane.Flat(), grad.Flat())
			return err
		}
		a, err := quickest(max(1, 20000/n), func() error { return step(0, n) })
		if err != nil {
			return nil, nil, err
		}
		b, err := quickest(20000, func() error {
			i := rnd.IntN(n)
			return step(i, i+1)
		})
		if err != nil {
			return nil, nil, err
		}
		whole, one = append(whole, a), append(one, b)
	}
	return whole, one, nil
}

// quickest is the nanoseconds of do, the mean of times calls in the best of
// five trials.
func quickest(times int, do func() error) (float64, error) {
	best := math.Inf(1)
	for range 5 {
		began := time.Now()
		for range times {
			if err := do(); err != nil {
				return 0, err
			}
		}
		best = min(best, float64(time.Since(began).Nanoseconds())/float64(times))
	}
	return best, nil
}

// slope is the exponent a of the power law t = c*n^a nearest to the times.
func slope(n []int, t []float64) float64 {
	var sx, sy, sxx, sxy, k float64
	for i := range n {
		x, y := math.Log(float64(n[i])), math.Log(t[i])
		sx, sy, sxx, sxy, k = sx+x, sy+y, sxx+x*x, sxy+x*y, k+1
	}
	return (k*sxy - sx*sy) / (k*sxx - sx*sx)
}
