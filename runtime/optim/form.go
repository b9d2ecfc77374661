package optim

import (
	rt "github.com/nnc-lang/nnc/runtime"
	"github.com/nnc-lang/nnc/runtime/optim/internal/step32"
	"github.com/nnc-lang/nnc/runtime/optim/internal/step64"
)

// form is a step that nnc has compiled from internal/step.nn, for some number of
// values. It reads and writes each slice once, on several processors where there are
// many values. It is made at the first step, as the fields of an optimiser may be set
// until then.
type form[T rt.Float] struct {
	numbers []T // as the parameters of the model stand in the text
	// in changes p and the slices that are kept, as many as the model has, against dp.
	in func(p, a, b, c, dp []T) error
}

// step changes p, and what is kept, against dp. Make is called if there has been no
// step of this form.
func (f *form[T]) step(make func(n int) form[T], p, a, b, c, dp []T, numbers ...T) {
	if f.in == nil {
		*f = make(len(p))
	}
	for i, x := range numbers {
		f.numbers[i] = x
	}
	if err := f.in(p, a, b, c, dp); err != nil {
		panic(err)
	}
}

// model is a model of step.nn.
type model[T rt.Float] interface{ Flat() []T }

// none, one, two and three are a form that keeps so many slices.
func none[T rt.Float, M model[T], E interface {
	Forward(m M, p, dp, p2 []T) error
}](model func() M, eval func(int) E) func(int) form[T] {
	return func(n int) form[T] {
		m, e := model(), eval(n)
		return form[T]{m.Flat(), func(p, _, _, _, dp []T) error { return e.Forward(m, p, dp, p) }}
	}
}

func one[T rt.Float, M model[T], E interface {
	Forward(m M, p, a, dp, p2, a2 []T) error
}](model func() M, eval func(int) E) func(int) form[T] {
	return func(n int) form[T] {
		m, e := model(), eval(n)
		return form[T]{m.Flat(), func(p, a, _, _, dp []T) error { return e.Forward(m, p, a, dp, p, a) }}
	}
}

func two[T rt.Float, M model[T], E interface {
	Forward(m M, p, a, b, dp, p2, a2, b2 []T) error
}](model func() M, eval func(int) E) func(int) form[T] {
	return func(n int) form[T] {
		m, e := model(), eval(n)
		return form[T]{m.Flat(), func(p, a, b, _, dp []T) error { return e.Forward(m, p, a, b, dp, p, a, b) }}
	}
}

func three[T rt.Float, M model[T], E interface {
	Forward(m M, p, a, b, c, dp, p2, a2, b2, c2 []T) error
}](model func() M, eval func(int) E) func(int) form[T] {
	return func(n int) form[T] {
		m, e := model(), eval(n)
		return form[T]{m.Flat(), func(p, a, b, c, dp []T) error { return e.Forward(m, p, a, b, c, dp, p, a, b, c) }}
	}
}

// of is the form on T.
func of[T rt.Float](f32 func(int) form[float32], f64 func(int) form[float64], n int) form[T] {
	if f, ok := any(f32).(func(int) form[T]); ok {
		return f(n)
	}
	return any(f64).(func(int) form[T])(n)
}

func sgd[T rt.Float](n int) form[T] {
	return of[T](none[float32](step32.NewSGD, step32.NewSGDEval), none[float64](step64.NewSGD, step64.NewSGDEval), n)
}

func momentum[T rt.Float](n int) form[T] {
	return of[T](one[float32](step32.NewMomentum, step32.NewMomentumEval), one[float64](step64.NewMomentum, step64.NewMomentumEval), n)
}

func nesterov[T rt.Float](n int) form[T] {
	return of[T](one[float32](step32.NewNesterov, step32.NewNesterovEval), one[float64](step64.NewNesterov, step64.NewNesterovEval), n)
}

func adam[T rt.Float](n int) form[T] {
	return of[T](two[float32](step32.NewAdam, step32.NewAdamEval), two[float64](step64.NewAdam, step64.NewAdamEval), n)
}

func adamax[T rt.Float](n int) form[T] {
	return of[T](two[float32](step32.NewAdamax, step32.NewAdamaxEval), two[float64](step64.NewAdamax, step64.NewAdamaxEval), n)
}

func adagrad[T rt.Float](n int) form[T] {
	return of[T](one[float32](step32.NewAdaGrad, step32.NewAdaGradEval), one[float64](step64.NewAdaGrad, step64.NewAdaGradEval), n)
}

func rmsprop[T rt.Float](n int) form[T] {
	return of[T](two[float32](step32.NewRMSProp, step32.NewRMSPropEval), two[float64](step64.NewRMSProp, step64.NewRMSPropEval), n)
}

func centered[T rt.Float](n int) form[T] {
	return of[T](three[float32](step32.NewCentered, step32.NewCenteredEval), three[float64](step64.NewCentered, step64.NewCenteredEval), n)
}
