package optim

import (
	"iter"

	rt "github.com/nnc-lang/nnc/runtime"
)

// SGD is gradient descent with momentum (Polyak 1964) or Nesterov's:
//
//	g = grad + WeightDecay*p;  b = Momentum*b + (1-Dampening)*g;  p -= Rate*b
//
// where b is g in the first step. Nesterov steps along g + Momentum*b.
type SGD[T rt.Float] struct {
	Rate
	Count
	Momentum, Dampening, WeightDecay float64
	Nesterov                         bool

	n                   int
	velocity            []T
	plain, heavy, ahead form[T]
}

// NewSGD returns an SGD for n values without momentum; set the fields before the
// first step for more.
func NewSGD[T rt.Float](n int, rate float64) *SGD[T] {
	return &SGD[T]{Rate: Rate(rate), n: n}
}

// NewMomentum returns an SGD with momentum for n values.
func NewMomentum[T rt.Float](n int, rate, momentum float64, nesterov bool) *SGD[T] {
	return &SGD[T]{Rate: Rate(rate), Momentum: momentum, Nesterov: nesterov, n: n, velocity: make([]T, n)}
}

// Step implements Optimizer.
func (o *SGD[T]) Step(params, grad []T) {
	check("SGD", params, grad, o.n)
	if o.Momentum == 0 {
		o.plain.step(sgd[T], params, nil, nil, nil, grad, T(o.Rate), T(o.WeightDecay))
		o.Count++
		return
	}
	o.grow()
	fresh := T(1 - o.Dampening)
	if o.Count == 0 {
		fresh = 1
	}
	f, make := &o.heavy, momentum[T]
	if o.Nesterov {
		f, make = &o.ahead, nesterov[T]
	}
	f.step(make, params, o.velocity, nil, nil, grad, T(o.Rate), T(o.WeightDecay), T(o.Momentum), fresh)
	o.Count++
}

// State implements Optimizer: "sgd.velocity" if there is momentum.
func (o *SGD[T]) State() iter.Seq[rt.Param[T]] {
	if o.Momentum == 0 {
		return state[T]()
	}
	o.grow()
	return state(slice[T]{"sgd.velocity", o.velocity})
}

// grow makes the velocity, which SGD without momentum does not need.
func (o *SGD[T]) grow() {
	if len(o.velocity) != o.n {
		o.velocity = make([]T, o.n)
	}
}
