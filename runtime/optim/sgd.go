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

	n        int
	velocity []T
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
	rate, decay := T(o.Rate), T(o.WeightDecay)
	grad = grad[:len(params)]
	first := o.Count == 0
	o.Count++
	k := stepsOf[T]()
	if o.Momentum == 0 {
		if k != nil {
			chunks(o.n, func(i, n int) { k.Sgd(n, &params[i], &grad[i], rate, decay) })
			return
		}
		for i, p := range params {
			params[i] = p - rate*(grad[i]+decay*p)
		}
		return
	}
	o.grow()
	momentum, fresh := T(o.Momentum), T(1-o.Dampening)
	if first {
		fresh = 1
	}
	velocity := o.velocity[:len(params)]
	if k != nil {
		step := k.Momentum
		if o.Nesterov {
			step = k.Nesterov
		}
		chunks(o.n, func(i, n int) { step(n, &params[i], &velocity[i], &grad[i], rate, decay, momentum, fresh) })
		return
	}
	for i, p := range params {
		g := grad[i] + decay*p
		v := momentum*velocity[i] + fresh*g
		velocity[i] = v
		if o.Nesterov {
			v = g + momentum*v
		}
		params[i] = p - rate*v
	}
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
