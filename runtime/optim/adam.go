package optim

import (
	"iter"
	"math"

	rt "github.com/nnc-lang/nnc/runtime"
)

// Adam is the method of Kingma and Ba (2015); with Decoupled it is AdamW of
// Loshchilov and Hutter (2019), in which the decay does not enter the moments:
//
//	m = Beta1*m + (1-Beta1)*g;  v = Beta2*v + (1-Beta2)*g^2
//	p -= Rate * m/(1-Beta1^t) / (sqrt(v/(1-Beta2^t)) + Epsilon)
type Adam[T rt.Float] struct {
	Rate
	Count
	Beta1, Beta2, Epsilon, WeightDecay float64
	Decoupled                          bool

	m, v []T
	form form[T]
}

// NewAdam returns an Adam for n values with Beta1 0.9, Beta2 0.999, Epsilon 1e-8.
func NewAdam[T rt.Float](n int, rate float64) *Adam[T] {
	return &Adam[T]{Rate: Rate(rate), Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, m: make([]T, n), v: make([]T, n)}
}

// NewAdamW returns an AdamW for n values with the constants of NewAdam.
func NewAdamW[T rt.Float](n int, rate, weightDecay float64) *Adam[T] {
	o := NewAdam[T](n, rate)
	o.WeightDecay, o.Decoupled = weightDecay, true
	return o
}

// Step implements Optimizer.
func (o *Adam[T]) Step(params, grad []T) {
	check("Adam", params, grad, len(o.m))
	o.Count++
	rate := float64(o.Rate) / (1 - math.Pow(o.Beta1, float64(o.Count)))
	root := 1 / math.Sqrt(1-math.Pow(o.Beta2, float64(o.Count)))
	decay, keep := T(o.WeightDecay), T(1)
	if o.Decoupled {
		decay, keep = 0, T(1-float64(o.Rate)*o.WeightDecay)
	}
	o.form.step(adam[T], params, o.m, o.v, nil, grad, T(rate), decay, keep,
		T(o.Beta1), T(1-o.Beta1), T(o.Beta2), T(1-o.Beta2), T(root), T(o.Epsilon))
}

// State implements Optimizer: "adam.m", "adam.v".
func (o *Adam[T]) State() iter.Seq[rt.Param[T]] {
	return state(slice[T]{"adam.m", o.m}, slice[T]{"adam.v", o.v})
}

// Adamax is Adam with the infinity norm in place of the second moment (same
// paper): u = max(Beta2*u, |g|+Epsilon), p -= Rate/(1-Beta1^t) * m/u.
type Adamax[T rt.Float] struct {
	Rate
	Count
	Beta1, Beta2, Epsilon, WeightDecay float64

	m, u []T
	form form[T]
}

// NewAdamax returns an Adamax for n values with the constants of NewAdam.
func NewAdamax[T rt.Float](n int, rate float64) *Adamax[T] {
	return &Adamax[T]{Rate: Rate(rate), Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, m: make([]T, n), u: make([]T, n)}
}

// Step implements Optimizer.
func (o *Adamax[T]) Step(params, grad []T) {
	check("Adamax", params, grad, len(o.m))
	o.Count++
	rate := float64(o.Rate) / (1 - math.Pow(o.Beta1, float64(o.Count)))
	o.form.step(adamax[T], params, o.m, o.u, nil, grad, T(rate), T(o.WeightDecay),
		T(o.Beta1), T(1-o.Beta1), T(o.Beta2), T(o.Epsilon))
}

// State implements Optimizer: "adamax.m", "adamax.u".
func (o *Adamax[T]) State() iter.Seq[rt.Param[T]] {
	return state(slice[T]{"adamax.m", o.m}, slice[T]{"adamax.u", o.u})
}
