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
	step adamStep[T]
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
	s := &o.step
	*s = adamStep[T]{params: params, grad: grad, m: o.m, v: o.v,
		rate: T(float64(o.Rate) / (1 - math.Pow(o.Beta1, float64(o.Count)))),
		root: T(1 / math.Sqrt(1-math.Pow(o.Beta2, float64(o.Count)))),
		b1:   T(o.Beta1), c1: T(1 - o.Beta1), b2: T(o.Beta2), c2: T(1 - o.Beta2),
		eps: T(o.Epsilon), keep: 1, decay: T(o.WeightDecay)}
	if o.Decoupled {
		s.keep, s.decay = T(1-float64(o.Rate)*o.WeightDecay), 0
	}
	sweep(s, len(params))
	*s = adamStep[T]{}
}

// adamStep is one step of Adam.
type adamStep[T rt.Float] struct {
	params, grad, m, v                           []T
	rate, root, b1, c1, b2, c2, eps, keep, decay T
}

// Chunk implements crew.Work.
func (s *adamStep[T]) Chunk(c, _ int) {
	at, n := part(c, len(s.params))
	params, grad, ms, vs := s.params[at:][:n], s.grad[at:][:n], s.m[at:][:n], s.v[at:][:n]
	if k := stepsOf[T](); k != nil {
		k.Adam(n, &params[0], &ms[0], &vs[0], &grad[0], s.rate, s.decay, s.keep, s.b1, s.c1, s.b2, s.c2, s.root, s.eps)
		return
	}
	for i, p := range params {
		g := grad[i] + s.decay*p
		m := s.b1*ms[i] + s.c1*g
		v := s.b2*vs[i] + s.c2*g*g
		ms[i], vs[i] = m, v
		params[i] = s.keep*p - s.rate*m/(sqrt(v)*s.root+s.eps)
	}
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
	step adamaxStep[T]
}

// NewAdamax returns an Adamax for n values with the constants of NewAdam.
func NewAdamax[T rt.Float](n int, rate float64) *Adamax[T] {
	return &Adamax[T]{Rate: Rate(rate), Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, m: make([]T, n), u: make([]T, n)}
}

// Step implements Optimizer.
func (o *Adamax[T]) Step(params, grad []T) {
	check("Adamax", params, grad, len(o.m))
	o.Count++
	s := &o.step
	*s = adamaxStep[T]{params: params, grad: grad, m: o.m, u: o.u,
		rate: T(float64(o.Rate) / (1 - math.Pow(o.Beta1, float64(o.Count)))),
		b1:   T(o.Beta1), c1: T(1 - o.Beta1), b2: T(o.Beta2), eps: T(o.Epsilon), decay: T(o.WeightDecay)}
	sweep(s, len(params))
	*s = adamaxStep[T]{}
}

// adamaxStep is one step of Adamax.
type adamaxStep[T rt.Float] struct {
	params, grad, m, u           []T
	rate, b1, c1, b2, eps, decay T
}

// Chunk implements crew.Work.
func (s *adamaxStep[T]) Chunk(c, _ int) {
	at, n := part(c, len(s.params))
	params, grad, ms, us := s.params[at:][:n], s.grad[at:][:n], s.m[at:][:n], s.u[at:][:n]
	if k := stepsOf[T](); k != nil {
		k.Adamax(n, &params[0], &ms[0], &us[0], &grad[0], s.rate, s.decay, s.b1, s.c1, s.b2, s.eps)
		return
	}
	for i, p := range params {
		g := grad[i] + s.decay*p
		m := s.b1*ms[i] + s.c1*g
		u := max(s.b2*us[i], abs(g)+s.eps)
		ms[i], us[i] = m, u
		params[i] = p - s.rate*m/u
	}
}

// State implements Optimizer: "adamax.m", "adamax.u".
func (o *Adamax[T]) State() iter.Seq[rt.Param[T]] {
	return state(slice[T]{"adamax.m", o.m}, slice[T]{"adamax.u", o.u})
}
