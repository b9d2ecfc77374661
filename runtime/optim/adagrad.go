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
	step adagradStep[T]
}

// NewAdaGrad returns an AdaGrad for n values with Epsilon 1e-10.
func NewAdaGrad[T rt.Float](n int, rate float64) *AdaGrad[T] {
	return &AdaGrad[T]{Rate: Rate(rate), Epsilon: 1e-10, sum: make([]T, n)}
}

// Step implements Optimizer.
func (o *AdaGrad[T]) Step(params, grad []T) {
	check("AdaGrad", params, grad, len(o.sum))
	s := &o.step
	*s = adagradStep[T]{params: params, grad: grad, sum: o.sum,
		rate: T(float64(o.Rate) / (1 + float64(o.Count)*o.RateDecay)), eps: T(o.Epsilon), decay: T(o.WeightDecay)}
	o.Count++
	sweep(s, len(params))
	*s = adagradStep[T]{}
}

// adagradStep is one step of AdaGrad.
type adagradStep[T rt.Float] struct {
	params, grad, sum []T
	rate, eps, decay  T
}

// Chunk implements crew.Work.
func (s *adagradStep[T]) Chunk(c, _ int) {
	at, n := part(c, len(s.params))
	params, grad, sum := s.params[at:][:n], s.grad[at:][:n], s.sum[at:][:n]
	if k := stepsOf[T](); k != nil {
		k.Adagrad(n, &params[0], &sum[0], &grad[0], s.rate, s.decay, s.eps)
		return
	}
	for i, p := range params {
		g := grad[i] + s.decay*p
		sum[i] += g * g
		params[i] = p - s.rate*g/(sqrt(sum[i])+s.eps)
	}
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
	step              rmspropStep[T]
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
	o.Count++
	s := &o.step
	*s = rmspropStep[T]{params: params, grad: grad, v: o.v, mean: o.mean, velocity: o.velocity,
		rate: T(o.Rate), alpha: T(o.Alpha), rest: T(1 - o.Alpha), eps: T(o.Epsilon),
		momentum: T(o.Momentum), decay: T(o.WeightDecay), centered: o.Centered}
	sweep(s, len(params))
	*s = rmspropStep[T]{}
}

// rmspropStep is one step of RMSProp.
type rmspropStep[T rt.Float] struct {
	params, grad, v, mean, velocity         []T
	rate, alpha, rest, eps, momentum, decay T
	centered                                bool
}

// Chunk implements crew.Work.
func (s *rmspropStep[T]) Chunk(c, _ int) {
	at, n := part(c, len(s.params))
	params, grad, vs := s.params[at:][:n], s.grad[at:][:n], s.v[at:][:n]
	mean, velocity := s.mean[at:][:n], s.velocity[at:][:n]
	switch k := stepsOf[T](); {
	case k != nil && s.centered:
		k.Centered(n, &params[0], &vs[0], &mean[0], &velocity[0], &grad[0], s.rate, s.decay, s.alpha, s.rest, s.eps, s.momentum)
		return
	case k != nil:
		k.Rmsprop(n, &params[0], &vs[0], &velocity[0], &grad[0], s.rate, s.decay, s.alpha, s.rest, s.eps, s.momentum)
		return
	}
	for i, p := range params {
		g := grad[i] + s.decay*p
		v := s.alpha*vs[i] + s.rest*g*g
		vs[i] = v
		if s.centered {
			m := s.alpha*mean[i] + s.rest*g
			mean[i] = m
			v -= m * m
		}
		b := s.momentum*velocity[i] + g/(sqrt(v)+s.eps)
		velocity[i] = b
		params[i] = p - s.rate*b
	}
}

// State implements Optimizer: "rmsprop.v", "rmsprop.mean", "rmsprop.velocity".
func (o *RMSProp[T]) State() iter.Seq[rt.Param[T]] {
	return state(slice[T]{"rmsprop.v", o.v}, slice[T]{"rmsprop.mean", o.mean}, slice[T]{"rmsprop.velocity", o.velocity})
}
