package opt

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// bowl is sum_i (i+1) (x_i - i)^2 / 2 + x_0 x_1 / 2, with its least value at a
// point away from the integers.
type bowl struct{ losses, gradients, products, running int }

func (b *bowl) loss(x []float64) (float64, error) {
	b.losses++
	b.running++
	if b.running > 1 {
		panic("two evaluations run at the same time")
	}
	defer func() { b.running-- }()
	l := x[0] * x[1] / 2
	for i, v := range x {
		r := v - float64(i)
		l += float64(i+1) * r * r / 2
	}
	return l, nil
}

func (b *bowl) lossGrad(x, grad []float64) (float64, error) {
	b.gradients++
	b.losses--
	for i, v := range x {
		grad[i] = float64(i+1) * (v - float64(i))
	}
	grad[0] += x[1] / 2
	grad[1] += x[0] / 2
	return b.loss(x)
}

func (b *bowl) hvp(x, v, hv []float64) error {
	b.products++
	for i := range x {
		hv[i] = float64(i+1) * v[i]
	}
	hv[0] += v[1] / 2
	hv[1] += v[0] / 2
	return nil
}

// Two rows of gradient = 0: x0 + x1/2 = 0, 2 (x1 - 1) + x0/2 = 0.
var least = []float64{-4.0 / 7, 8.0 / 7, 2, 3}

func near(t *testing.T, x []float64, tolerance float64) {
	t.Helper()
	for i, v := range least {
		if !(math.Abs(x[i]-v) <= tolerance) {
			t.Fatalf("the least value is at %v, want %v", x, least)
		}
	}
}

func TestMethods(t *testing.T) {
	for _, c := range []struct {
		name      string
		method    optimize.Method
		settings  *optimize.Settings
		tolerance float64
	}{
		{"LBFGS", &optimize.LBFGS{}, nil, 1e-6},
		{"CG", &optimize.CG{}, nil, 1e-6},
		{"Newton", &optimize.Newton{}, nil, 1e-9},
		{"NelderMead", &optimize.NelderMead{}, nil, 1e-3},
		{"CmaEsChol, concurrently", &optimize.CmaEsChol{Src: rand.NewPCG(1, 2)},
			&optimize.Settings{Concurrent: 4, Converger: &optimize.FunctionConverge{Absolute: 1e-10, Iterations: 200}}, 1e-2},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b bowl
			o := Objective{LossGrad: b.lossGrad, Loss: b.loss, HVP: b.hvp}
			r, err := optimize.Minimize(o.Problem(), make([]float64, 4), c.settings, c.method)
			if err != nil {
				t.Fatal(err)
			}
			near(t, r.X, c.tolerance)
			if r.GradEvaluations == 0 && b.gradients != 0 {
				t.Errorf("%d gradients for a method that uses none", b.gradients)
			}
		})
	}
}

// TestOneCallForBoth would fail if value and gradient at one point cost two
// calls, or if a changed x were taken for the last one.
func TestOneCallForBoth(t *testing.T) {
	var b bowl
	p := Objective{LossGrad: b.lossGrad}.Problem()
	x, grad, want := []float64{1, 2, 3, 4}, make([]float64, 4), make([]float64, 4)
	for range 3 {
		p.Func(x)
		p.Grad(grad, x)
	}
	if b.gradients != 1 {
		t.Errorf("%d calls of LossGrad at one point", b.gradients)
	}
	x[2] = 5 // gonum reuses x
	p.Grad(grad, x)
	loss, _ := new(bowl).lossGrad(x, want)
	if got := p.Func(x); b.gradients != 2 || got != loss || grad[2] != want[2] {
		t.Errorf("%d calls, value %v and gradient %v; want 2, %v and %v", b.gradients, got, grad, loss, want)
	}
	x[0] = math.NaN()
	p.Func(x)
	p.Func(x)
	if b.gradients != 4 {
		t.Error("NaN was taken for the last point")
	}
}

func TestHessian(t *testing.T) {
	var b bowl
	x := make([]float64, 4)
	byProducts, whole := mat.NewSymDense(4, nil), mat.NewSymDense(4, nil)
	Objective{LossGrad: b.lossGrad, HVP: b.hvp}.Problem().Hess(byProducts, x)
	if b.products != 4 {
		t.Errorf("%d products for 4 rows", b.products)
	}
	Objective{LossGrad: b.lossGrad, Hess: func(x, h []float64) error {
		for i := range x {
			e := make([]float64, len(x))
			e[i] = 1
			if err := b.hvp(x, e, h[i*4:][:4]); err != nil {
				return err
			}
		}
		return nil
	}}.Problem().Hess(whole, x)
	if !mat.Equal(byProducts, whole) || whole.At(0, 1) != 0.5 || whole.At(3, 3) != 4 {
		t.Errorf("by products\n%v\nwhole\n%v", mat.Formatted(byProducts), mat.Formatted(whole))
	}
	if (Objective{LossGrad: b.lossGrad}).Problem().Hess != nil {
		t.Error("a Hessian out of nothing")
	}
}

// TestErrors would fail if an error of the loss were lost on its way through gonum.
func TestErrors(t *testing.T) {
	broken := errors.New("the data are gone")
	after := func(n int, f func(x, grad []float64) (float64, error)) func(x, grad []float64) (float64, error) {
		return func(x, grad []float64) (float64, error) {
			if n--; n < 0 {
				return 0, broken
			}
			return f(x, grad)
		}
	}
	var b bowl
	for name, c := range map[string]struct {
		o      Objective
		method optimize.Method
	}{
		"the first gradient": {Objective{LossGrad: after(0, b.lossGrad)}, &optimize.LBFGS{}},
		"a later gradient":   {Objective{LossGrad: after(2, b.lossGrad)}, &optimize.LBFGS{}},
		"the value": {Objective{LossGrad: b.lossGrad, Loss: func([]float64) (float64, error) { return 0, broken }},
			&optimize.NelderMead{}},
		"a product": {Objective{LossGrad: b.lossGrad, HVP: func(x, v, hv []float64) error { return broken }}, &optimize.Newton{}},
		"the Hessian": {Objective{LossGrad: b.lossGrad, Hess: func(x, h []float64) error { return broken }},
			&optimize.Newton{}},
	} {
		r, err := optimize.Minimize(c.o.Problem(), make([]float64, 4), nil, c.method)
		if !errors.Is(err, broken) {
			t.Errorf("%s: error %v", name, err)
		}
		if r != nil && r.Status != optimize.Failure {
			t.Errorf("%s: status %v", name, r.Status)
		}
	}
}

// slab stands for a model of single precision.
type slab []float32

func (s slab) Flat() []float32 { return s }

// TestModels would fail if vectors and models were mixed up on the way.
func TestModels(t *testing.T) {
	m, dm, v, hv := make(slab, 2), make(slab, 2), make(slab, 2), make(slab, 2)
	cube := func() (float32, error) { // x0^3 + x1^3
		for i, x := range m {
			dm[i] = 3 * x * x
		}
		return m[0]*m[0]*m[0] + m[1]*m[1]*m[1], nil
	}
	x, out := []float64{2, 3}, make([]float64, 2)
	loss, err := LossGrad(m, dm, cube)(x, out)
	if err != nil || loss != 35 || out[0] != 12 || out[1] != 27 {
		t.Errorf("value %v, gradient %v, error %v", loss, out, err)
	}
	if loss, err = Loss(m, cube)([]float64{1, 1}); err != nil || loss != 2 {
		t.Errorf("value %v, error %v", loss, err)
	}
	err = HVP(m, v, hv, func() error {
		for i := range m {
			hv[i] = 6 * m[i] * v[i]
		}
		return nil
	})(x, []float64{1, -1}, out)
	if err != nil || out[0] != 12 || out[1] != -18 {
		t.Errorf("product %v, error %v", out, err)
	}
	defer func() {
		if recover() == nil {
			t.Error("a vector of the wrong size was taken")
		}
	}()
	Loss(m, cube)(make([]float64, 3))
}
