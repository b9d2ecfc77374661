package optim

import (
	"iter"

	rt "github.com/nnc-lang/nnc/runtime"
)

// AdaGrad divides by the root of the sum of all squared gradients (Duchi, Hazan
// and Singer 2011); the rate falls as Rate/(1 + t*RateDecay).
type AdaGrad[T rt.Float] struct {
	Rate
	Count
	RateDecay, Epsilon, WeightDecay float64

	sum  []T
	form form[T]
}

// NewAdaGrad returns an AdaGrad for n values with Epsilon 1e-10.
func NewAdaGrad[T rt.Float](n int, rate float64) *AdaGrad[T] {
	return &AdaGrad[T]{Rate: Rate(rate), Epsilon: 1e-10, sum: make([]T, n)}
}

// Step implements Optimizer.
func (o *AdaGrad[T]) Step(params, grad []T) {
	check("AdaGrad", params, grad, len(o.sum))
	rate := float64(o.Rate) / (1 + float64(o.Count)*o.RateDecay)
	o.form.step(adagrad[T], params, o.sum, nil, nil, grad, T(rate), T(o.WeightDecay), T(o.Epsilon))
	o.Count++
}

// State implements Optimizer: "adagrad.sum".
func (o *AdaGrad[T]) State() iter.Seq[rt.Param[T]] { return state(slice[T]{"adagrad.sum", o.sum}) }

// RMSProp divides by the root of a running mean of squared gradients (Hinton's
// lecture 6e, 2012), less the square of their mean if Centered:
//
//	v = Alpha*v + (1-Alpha)*g^2;  b = Momentum*b + g/(sqrt(v)+Epsilon);  p -= Rate*b
type RMSProp[T rt.Float] struct {
	Rate
	Count
	Alpha, Epsilon, Momentum, WeightDecay float64
	Centered                              bool

	v, mean, velocity []T
	form, centered    form[T]
}

// NewRMSProp returns an RMSProp for n values with Alpha 0.99, Epsilon 1e-8, no
// momentum, not centered.
func NewRMSProp[T rt.Float](n int, rate float64) *RMSProp[T] {
	return &RMSProp[T]{Rate: Rate(rate), Alpha: 0.99, Epsilon: 1e-8,
		v: make([]T, n), mean: make([]T, n), velocity: make([]T, n)}
}

// Step implements Optimizer.
func (o *RMSProp[T]) Step(params, grad []T) {
	check("RMSProp", params, grad, len(o.v))
	rate, decay, alpha, rest, eps, keep := T(o.Rate), T(o.WeightDecay), T(o.Alpha), T(1-o.Alpha), T(o.Epsilon), T(o.Momentum)
	if o.Centered {
		o.centered.step(centered[T], params, o.v, o.mean, o.velocity, grad, rate, decay, alpha, rest, eps, keep)
	} else {
		o.form.step(rmsprop[T], params, o.v, o.velocity, nil, grad, rate, decay, alpha, rest, eps, keep)
	}
	o.Count++
}

// State implements Optimizer: "rmsprop.v", "rmsprop.mean", "rmsprop.velocity".
func (o *RMSProp[T]) State() iter.Seq[rt.Param[T]] {
	return state(slice[T]{"rmsprop.v", o.v}, slice[T]{"rmsprop.mean", o.mean}, slice[T]{"rmsprop.velocity", o.velocity})
}
