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

	sum []T
}

// NewAdaGrad returns an AdaGrad for n values with Epsilon 1e-10.
func NewAdaGrad[T rt.Float](n int, rate float64) *AdaGrad[T] {
	return &AdaGrad[T]{Rate: Rate(rate), Epsilon: 1e-10, sum: make([]T, n)}
}

// Step implements Optimizer.
func (o *AdaGrad[T]) Step(params, grad []T) {
	check("AdaGrad", params, grad, len(o.sum))
	rate := T(float64(o.Rate) / (1 + float64(o.Count)*o.RateDecay))
	o.Count++
	eps, decay := T(o.Epsilon), T(o.WeightDecay)
	grad, sum := grad[:len(params)], o.sum[:len(params)]
	if k := stepsOf[T](); k != nil {
		chunks(len(params), func(i, n int) { k.Adagrad(n, &params[i], &sum[i], &grad[i], rate, decay, eps) })
		return
	}
	for i, p := range params {
		g := grad[i] + decay*p
		s := sum[i] + g*g
		sum[i] = s
		params[i] = p - rate*g/(sqrt(s)+eps)
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
	rate, alpha, rest, eps := T(o.Rate), T(o.Alpha), T(1-o.Alpha), T(o.Epsilon)
	momentum, decay := T(o.Momentum), T(o.WeightDecay)
	grad, vs := grad[:len(params)], o.v[:len(params)]
	mean, velocity := o.mean[:len(params)], o.velocity[:len(params)]
	if k := stepsOf[T](); k != nil {
		chunks(len(params), func(i, n int) {
			if o.Centered {
				k.Centered(n, &params[i], &vs[i], &mean[i], &velocity[i], &grad[i], rate, decay, alpha, rest, eps, momentum)
			} else {
				k.Rmsprop(n, &params[i], &vs[i], &velocity[i], &grad[i], rate, decay, alpha, rest, eps, momentum)
			}
		})
		return
	}
	for i, p := range params {
		g := grad[i] + decay*p
		v := alpha*vs[i] + rest*g*g
		vs[i] = v
		if o.Centered {
			m := alpha*mean[i] + rest*g
			mean[i] = m
			v -= m * m
		}
		b := momentum*velocity[i] + g/(sqrt(v)+eps)
		velocity[i] = b
		params[i] = p - rate*b
	}
}

// State implements Optimizer: "rmsprop.v", "rmsprop.mean", "rmsprop.velocity".
func (o *RMSProp[T]) State() iter.Seq[rt.Param[T]] {
	return state(slice[T]{"rmsprop.v", o.v}, slice[T]{"rmsprop.mean", o.mean}, slice[T]{"rmsprop.velocity", o.velocity})
}
