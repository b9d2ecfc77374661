package approximation

import (
	"context"
	"fmt"
	"math"
	"sync"

	"github.com/nnc-lang/nnc/examples/course/course"
	sets "github.com/nnc-lang/nnc/examples/course/data"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/optim"
	"github.com/nnc-lang/nnc/runtime/train"
)

const (
	dim   = 8   // variables
	waves = 8   // of the target
	noise = 0.5 // deviation of y; the target's own is 1
)

// wavy is a sum of plane waves in random directions: a function whose Fourier
// transform has a first moment, Barron's condition (1993).
type wavy struct{ omega, phase, c []float64 }

func newWavy(seed uint64) *wavy {
	rnd := sets.NewRand(seed)
	w := &wavy{}
	for range waves {
		for range dim {
			w.omega = append(w.omega, 0.7*rnd.NormFloat64())
		}
		w.phase = append(w.phase, 2*math.Pi*rnd.Float64())
		w.c = append(w.c, math.Sqrt(2./waves))
	}
	return w
}

func (w *wavy) at(x []float64) float64 {
	sum := 0.0
	for j, c := range w.c {
		t := w.phase[j]
		for i, v := range x {
			t += w.omega[j*dim+i] * v
		}
		sum += c * math.Cos(t)
	}
	return sum
}

// examples draws n points of the cube -1..1 and the target there, with noise.
func (w *wavy) examples(n int, noise float64, seed uint64) FitNetBatch {
	rnd := sets.NewRand(seed)
	var b FitNetBatch
	for range n {
		for range dim {
			b.X = append(b.X, 2*rnd.Float64()-1)
		}
		b.Y = append(b.Y, w.at(b.X[len(b.X)-dim:])+noise*rnd.NormFloat64())
	}
	return b
}

// fit returns the squared error, on test, of q units trained on b.
func fit(b, test FitNetBatch, q, steps int, seed uint64) (float64, error) {
	size := 64
	dims := NetDims{D: dim, Q: q}
	net, grad := NewNet(dims), NewNet(dims)
	net.Init(seed)
	n := len(b.Y)
	loss := NewFitNet(FitNetDims{D: dim, Q: q, N: max(size, len(test.Y))})
	xs, ys := make([]float64, size*dim), make([]float64, size)
	epochs := max(1, steps*size/n)
	loop := train.Loop[float64]{
		Model: net, Grad: grad,
		Optimizer: optim.NewAdam[float64](len(net.Flat()), 0.01),
		Schedule:  optim.Cosine(0.02, 1e-4, epochs*((n+size-1)/size)),
		Rows:      data.All(n), Size: size, Epochs: epochs, Seed: seed,
		Step: func(t train.Batch) (float64, error) {
			return loss.LossGrad(net, FitNetBatch{
				X: data.Gather(xs, b.X, t.Rows, dim), Y: data.Gather(ys, b.Y, t.Rows, 1),
			}, grad)
		},
	}
	if _, err := loop.Run(context.Background()); err != nil {
		return 0, err
	}
	return loss.Loss(net, test)
}

// barron fits networks of several sizes to several numbers of examples.
func barron(r *course.Run) error {
	units := []int{1, 2, 4, 8, 16, 32, 64}[:r.Pick(7, 6)]
	counts := []int{200, 800, 3200, 12800}[:r.Pick(4, 3)]
	steps := r.Pick(3000, 1000)
	w := newWavy(r.Seed)
	test := w.examples(r.Pick(4000, 1000), 0, r.Seed+1)
	errs := make([][]float64, len(counts))
	var wait sync.WaitGroup
	var mu sync.Mutex
	var failed error
	slots := make(chan struct{}, 2)
	for i, n := range counts {
		b := w.examples(n, noise, r.Seed+2)
		errs[i] = make([]float64, len(units))
		for j, q := range units {
			slots <- struct{}{}
			r.At("%d examples, %s", n, count(q, "unit"))
			wait.Go(func() {
				defer func() { <-slots }()
				e, err := fit(b, test, q, steps, r.Seed)
				errs[i][j] = e
				if err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
				}
			})
		}
	}
	wait.Wait()
	if failed != nil {
		return failed
	}
	q := floats(units)
	last := errs[len(errs)-1]
	var best, bestQ []float64
	for _, e := range errs {
		k := 0
		for j := range e {
			if e[j] < e[k] {
				k = j
			}
		}
		best, bestQ = append(best, e[k]), append(bestQ, q[k])
	}
	few := 5
	r.Log("Barron: exponent of q in the error, 1 to 16 units, most examples", slope(q[:few], last[:few]), "")
	r.Log("Barron: exponent of N in the error at the best q", slope(floats(counts), best), "")
	r.Log("Barron: best q for the fewest examples", bestQ[0], "")
	r.Log("Barron: best q for the most examples", bestQ[len(bestQ)-1], "")

	byQ := course.NewChart("Error against units", "units q", "mean squared error").LogX().LogY()
	for i, n := range counts {
		byQ.Line("", q, errs[i], course.Colour(i))
		byQ.Points(fmt.Sprintf("N = %d", n), q, errs[i], course.Colour(i))
	}
	byQ.Line("as 1/q", []float64{1, 32}, []float64{last[0], last[0] / 32}, course.Colour(course.Grey), course.Dashed)
	byN := course.NewChart("Error against examples", "examples N", "mean squared error").LogX().LogY()
	at := floats(counts)
	for j := 0; j < len(units); j += 2 {
		var e []float64
		for i := range counts {
			e = append(e, errs[i][j])
		}
		byN.Line("", at, e, course.Colour(j/2))
		byN.Points(count(units[j], "unit"), at, e, course.Colour(j/2))
	}
	byN.Line("best q", at, best, course.Colour(course.Black), course.Thick)
	top := len(at) - 1
	byN.Line("as 1/√N", []float64{at[0], at[top]}, []float64{best[0], best[0] * math.Sqrt(at[0]/at[top])}, course.Colour(course.Grey), course.Dashed)
	return r.Save("barron.svg", fmt.Sprintf("Networks of one hidden layer fitted to a function of %d variables from N noisy examples: more units approximate better, but too many for N follow the noise; the more examples, the more units pay.", dim), course.Row(byQ, byN))
}
