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
	step     sgdStep[T]
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
	s := &o.step
	// One by one, since a literal is built elsewhere and copied: a quarter of the step of a tiny model.
	s.params, s.grad = params, grad
	s.rate, s.decay, s.nesterov = T(o.Rate), T(o.WeightDecay), o.Nesterov
	if o.Momentum != 0 {
		o.grow()
		s.velocity, s.momentum, s.fresh = o.velocity, T(o.Momentum), T(1-o.Dampening)
		if o.Count == 0 {
			s.fresh = 1
		}
	}
	o.Count++
	sweep(s, o.n)
	*s = sgdStep[T]{}
}

// sgdStep is one step of SGD; without velocity there is no momentum.
type sgdStep[T rt.Float] struct {
	params, grad, velocity       []T
	rate, decay, momentum, fresh T
	nesterov                     bool
}

// Chunk implements crew.Work.
func (s *sgdStep[T]) Chunk(c, _ int) {
	at, n := part(c, len(s.params))
	params, grad := s.params[at:][:n], s.grad[at:][:n]
	k := stepsOf[T]()
	switch {
	case s.velocity == nil && k != nil:
		k.Sgd(n, &params[0], &grad[0], s.rate, s.decay)
		return
	case s.velocity == nil:
		for i, p := range params {
			params[i] = p - s.rate*(grad[i]+s.decay*p)
		}
		return
	}
	velocity := s.velocity[at:][:n]
	switch {
	case k != nil && s.nesterov:
		k.Nesterov(n, &params[0], &velocity[0], &grad[0], s.rate, s.decay, s.momentum, s.fresh)
		return
	case k != nil:
		k.Momentum(n, &params[0], &velocity[0], &grad[0], s.rate, s.decay, s.momentum, s.fresh)
		return
	}
	for i, p := range params {
		g := grad[i] + s.decay*p
		v := s.momentum*velocity[i] + s.fresh*g
		velocity[i] = v
		if s.nesterov {
			v = g + s.momentum*v
		}
		params[i] = p - s.rate*v
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
