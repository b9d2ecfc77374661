package optim

import (
	"fmt"
	"math"
	"testing"

	rt "github.com/nnc-lang/nnc/runtime"
	"github.com/nnc-lang/nnc/runtime/internal/kernels"
)

// TestKernels: every step on vectors is that of the loops, at all lengths, with
// what is special among the gradients, and nothing beside the slices is written.
func TestKernels(t *testing.T) {
	defer setLevel(kernels.Best())
	for l := kernels.AVX2; l <= kernels.Best(); l++ {
		t.Run(l.String(), func(t *testing.T) {
			agree[float32](t, l, 4e-6)
			agree[float64](t, l, 1e-14)
		})
	}
}

func setLevel(l kernels.Level) { steps32, steps64 = l.Steps32(), l.Steps64() }

// made are all forms of all optimisers, for n values.
func made[T rt.Float](n int) []Optimizer[T] {
	var all []Optimizer[T]
	for _, decay := range []float64{0, 0.1} {
		sgd, dampened := NewSGD[T](n, 0.1), NewMomentum[T](n, 0.1, 0.9, false)
		dampened.Dampening = 0.5
		nesterov := NewMomentum[T](n, 0.1, 0.9, true)
		adam, adamax, adagrad := NewAdam[T](n, 0.1), NewAdamax[T](n, 0.1), NewAdaGrad[T](n, 0.1)
		rms, centered := NewRMSProp[T](n, 0.1), NewRMSProp[T](n, 0.1)
		centered.Centered, centered.Momentum = true, 0.9
		for _, d := range []*float64{&sgd.WeightDecay, &dampened.WeightDecay, &nesterov.WeightDecay, &adam.WeightDecay,
			&adamax.WeightDecay, &adagrad.WeightDecay, &rms.WeightDecay, &centered.WeightDecay} {
			*d = decay
		}
		all = append(all, sgd, dampened, nesterov, adam, NewAdamW[T](n, 0.1, decay), adamax, adagrad, rms, centered)
	}
	return all
}

func agree[T rt.Float](t *testing.T, l kernels.Level, eps float64) {
	inf := T(math.Inf(1))
	special := []T{inf, -inf, inf - inf, 0, 1e-38, 1e18}
	lengths := []int{chunk + 5}
	for n := range 68 {
		lengths = append(lengths, n)
	}
	for _, n := range lengths {
		loops, vectors := made[T](n), made[T](n)
		for c := range loops {
			const mark = 42
			p, q, g := make([]T, n), make([]T, n+1), make([]T, n)
			q[n] = mark
			for i := range p {
				p[i] = T(math.Sin(float64(i)))
				q[i] = p[i]
			}
			for s := range 4 {
				for i := range g {
					g[i] = T(math.Cos(float64(7*i + s)))
					if i%11 == 3 {
						g[i] = special[(i/11+s)%len(special)]
					}
				}
				setLevel(kernels.None)
				loops[c].Step(p, g)
				setLevel(l)
				vectors[c].Step(q[:n], g)
			}
			what := fmt.Sprintf("%T %d, %d values", loops[c], c, n)
			compare(t, what, q[:n], p, eps)
			if q[n] != mark {
				t.Errorf("%s: wrote beyond the parameters", what)
			}
			kept := map[string][]T{}
			for s := range loops[c].State() {
				kept[s.Name] = s.Data
			}
			for s := range vectors[c].State() {
				compare(t, what+" "+s.Name, s.Data, kept[s.Name], eps)
			}
		}
	}
}

func compare[T rt.Float](t *testing.T, what string, got, want []T, eps float64) {
	for i, v := range got {
		x, y := float64(v), float64(want[i])
		if x != y && (x == x || y == y) && !(math.Abs(x-y) <= eps*max(1, math.Abs(y))) {
			t.Fatalf("%s: element %d is %g, by loops %g", what, i, x, y)
		}
	}
}

func BenchmarkStep(b *testing.B) {
	const n = 101770 // parameters of the network 784-128-10
	defer setLevel(kernels.Best())
	for l := kernels.None; l <= kernels.Best(); l++ {
		for _, o := range made[float32](n)[:9] {
			b.Run(fmt.Sprintf("%T/%s", o, l), func(b *testing.B) {
				setLevel(l)
				p, g := make([]float32, n), make([]float32, n)
				for i := range g {
					p[i], g[i] = 1, float32(math.Cos(float64(i)))
				}
				for b.Loop() {
					o.Step(p, g)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/element")
			})
		}
	}
}
