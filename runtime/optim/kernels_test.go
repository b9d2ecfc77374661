package optim

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"testing"

	rt "github.com/nnc-lang/nnc/runtime"
)

// widths are those of vectors, and what in the environment of a program makes them the
// widest.
var widths = map[int]string{512: "", 256: "cpu.avx512f=off", 0: "cpu.avx512f=off,cpu.avx2=off"}

// TestKernels: every step, on vectors of each width and without, is that of the loops
// below, at all lengths, with what is special among the gradients, and nothing beside
// the slices is written.
func TestKernels(t *testing.T) {
	const child = "OPTIM_WIDTH"
	if width := os.Getenv(child); width != "" {
		if fmt.Sprint(rt.VectorBits()) != width {
			t.Fatalf("vectors of %d bits, not %s", rt.VectorBits(), width)
		}
		agree[float32](t, 4e-6)
		agree[float64](t, 1e-14)
		return
	}
	for width, off := range widths {
		if width > rt.VectorBits() {
			continue
		}
		cmd := exec.Command(os.Args[0], "-test.run=^TestKernels$")
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", child, width), "GODEBUG="+off)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("vectors of %d bits: %v\n%s", width, err, out)
		}
	}
}

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

func agree[T rt.Float](t *testing.T, eps float64) {
	inf := T(math.Inf(1))
	special := []T{inf, -inf, inf - inf, 0, 1e-38, 1e18}
	lengths := []int{rt.RowPart + 5, 2*rt.RowPart + 5}
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
				byLoops(loops[c], p, g)
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

// byLoops is Step, element by element as the formulas of the comments stand.
func byLoops[T rt.Float](o Optimizer[T], params, grad []T) {
	abs := func(x T) T { return T(math.Abs(float64(x))) }
	sqrt := func(x T) T { return T(math.Sqrt(float64(x))) }
	o.SetSteps(o.Steps() + 1)
	t := float64(o.Steps())
	for i, p := range params {
		g := grad[i]
		switch o := o.(type) {
		case *SGD[T]:
			g += T(o.WeightDecay) * p
			if o.Momentum != 0 {
				fresh := T(1 - o.Dampening)
				if t == 1 {
					fresh = 1
				}
				v := T(o.Momentum)*o.velocity[i] + fresh*g
				o.velocity[i] = v
				if g = v; o.Nesterov {
					g = grad[i] + T(o.WeightDecay)*p + T(o.Momentum)*v
				}
			}
			params[i] = p - T(o.Rate)*g
		case *Adam[T]:
			keep, decay := T(1), T(o.WeightDecay)
			if o.Decoupled {
				keep, decay = T(1-float64(o.Rate)*o.WeightDecay), 0
			}
			g += decay * p
			o.m[i] = T(o.Beta1)*o.m[i] + T(1-o.Beta1)*g
			o.v[i] = T(o.Beta2)*o.v[i] + T(1-o.Beta2)*g*g
			rate, root := T(float64(o.Rate)/(1-math.Pow(o.Beta1, t))), T(1/math.Sqrt(1-math.Pow(o.Beta2, t)))
			params[i] = keep*p - rate*o.m[i]/(sqrt(o.v[i])*root+T(o.Epsilon))
		case *Adamax[T]:
			g += T(o.WeightDecay) * p
			o.m[i] = T(o.Beta1)*o.m[i] + T(1-o.Beta1)*g
			o.u[i] = max(T(o.Beta2)*o.u[i], abs(g)+T(o.Epsilon))
			params[i] = p - T(float64(o.Rate)/(1-math.Pow(o.Beta1, t)))*o.m[i]/o.u[i]
		case *AdaGrad[T]:
			g += T(o.WeightDecay) * p
			o.sum[i] += g * g
			params[i] = p - T(float64(o.Rate)/(1+(t-1)*o.RateDecay))*g/(sqrt(o.sum[i])+T(o.Epsilon))
		case *RMSProp[T]:
			g += T(o.WeightDecay) * p
			v := T(o.Alpha)*o.v[i] + T(1-o.Alpha)*g*g
			o.v[i] = v
			if o.Centered {
				m := T(o.Alpha)*o.mean[i] + T(1-o.Alpha)*g
				o.mean[i] = m
				v -= m * m
			}
			o.velocity[i] = T(o.Momentum)*o.velocity[i] + g/(sqrt(v)+T(o.Epsilon))
			params[i] = p - T(o.Rate)*o.velocity[i]
		}
	}
}

// TestProcessors: a step gives the same bits on any number of processors, and
// allocates nothing.
func TestProcessors(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	const n = 300007
	g := make([]float32, n)
	for i := range g {
		g[i] = float32(math.Cos(float64(i)))
	}
	first := map[int][]float32{}
	for _, procs := range []int{1, 2, 3, 64} {
		runtime.GOMAXPROCS(procs)
		for c, o := range made[float32](n) {
			p := slices.Repeat([]float32{1}, n)
			o.Step(p, g)
			o.Step(p, g)
			if first[c] == nil {
				first[c] = slices.Clone(p)
			} else if !slices.Equal(p, first[c]) {
				t.Errorf("%T %d: other bits on %d processors", o, c, procs)
			}
			if a := testing.AllocsPerRun(5, func() { o.Step(p, g) }); a > 0.5 {
				t.Errorf("%T: %v allocations on %d processors", o, a, procs)
			}
		}
	}
}

func BenchmarkStep(b *testing.B) {
	b.Run("float32", steps[float32])
	b.Run("float64", steps[float64])
}

func steps[T rt.Float](b *testing.B) {
	const n = 101770 // parameters of the network 784-128-10
	for i, name := range []string{"SGD", "Momentum", "Nesterov", "Adam", "AdamW", "Adamax", "AdaGrad", "RMSProp", "Centered"} {
		o := made[T](n)[i]
		b.Run(name, func(b *testing.B) {
			p, g := make([]T, n), make([]T, n)
			for i := range g {
				p[i], g[i] = 1, T(math.Cos(float64(i)))
			}
			for b.Loop() {
				o.Step(p, g)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/element")
		})
	}
}
