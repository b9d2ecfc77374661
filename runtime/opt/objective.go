package opt

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// Objective is a function of n variables with as many derivatives as a method
// asks for. The functions need not be safe for concurrent use, and may not keep
// or change x and v.
type Objective struct {
	// LossGrad returns the value at x and sets grad, of length n, to the
	// gradient. It is required.
	LossGrad func(x, grad []float64) (float64, error)

	// Loss returns the value alone. Where it is nil, LossGrad is called; set it
	// for methods that use no gradient.
	Loss func(x []float64) (float64, error)

	// HVP sets hv, of length n, to the Hessian at x times v. It gives the
	// Hessian, in n calls, where Hess is nil.
	HVP func(x, v, hv []float64) error

	// Hess sets h to the Hessian at x, n rows of n.
	Hess func(x, h []float64) error
}

// Problem returns the objective as gonum takes it.
//
// A method of gonum asks for value and gradient at one point in two calls; they
// cost one call of LossGrad. An error of any function ends the minimisation, and
// is what optimize.Minimize returns. The problem has a Hessian if the objective
// has Hess or HVP. It may be used by methods that evaluate concurrently, though
// no two evaluations run at the same time, and keeps its first error for good:
// each minimisation needs a problem of its own.
func (o Objective) Problem() optimize.Problem {
	if o.LossGrad == nil {
		panic("opt: an Objective needs LossGrad")
	}
	p := &problem{Objective: o}
	q := optimize.Problem{Func: p.value, Grad: p.gradient, Status: p.status}
	if o.Hess != nil || o.HVP != nil {
		q.Hess = p.hessian
	}
	return q
}

// problem remembers the last point, and the first error.
type problem struct {
	Objective
	mu   sync.Mutex
	err  error
	x    []float64 // the last point of LossGrad
	loss float64   // there
	grad []float64 // there

	v, h []float64 // of the Hessian
}

func (p *problem) status() (optimize.Status, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return optimize.Failure, p.err
	}
	return optimize.NotTerminated, nil
}

// at reports whether the last point is x; NaN is never the same.
func (p *problem) at(x []float64) bool { return p.x != nil && slices.Equal(p.x, x) }

// move makes x the last point.
func (p *problem) move(x []float64) error {
	if p.at(x) {
		return nil
	}
	if len(p.grad) != len(x) {
		p.grad = make([]float64, len(x))
	}
	last := p.x
	p.x = nil // grad is no longer that of the last point
	loss, err := p.LossGrad(x, p.grad)
	if err != nil {
		return err
	}
	p.x, p.loss = append(last[:0], x...), loss
	return nil
}

// keep remembers the first error.
func (p *problem) keep(err error) {
	if p.err == nil {
		p.err = err
	}
}

func (p *problem) value(x []float64) float64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.Loss != nil && !p.at(x) {
		loss, err := p.Loss(x)
		if err == nil {
			return loss
		}
		p.keep(err)
		return math.NaN()
	}
	if err := p.move(x); err != nil {
		p.keep(err)
		return math.NaN()
	}
	return p.loss
}

func (p *problem) gradient(grad, x []float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.move(x); err != nil {
		p.keep(err)
		fill(grad, math.NaN())
		return
	}
	copy(grad, p.grad)
}

func (p *problem) hessian(hess *mat.SymDense, x []float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(x)
	if len(p.h) != n*n {
		p.h, p.v = make([]float64, n*n), make([]float64, n)
	}
	if err := p.rows(x, n); err != nil {
		p.keep(err)
		fill(p.h, math.NaN())
	}
	for i := range n {
		for j := range i + 1 { // gonum keeps one triangle: both sides of the diagonal count
			hess.SetSym(i, j, (p.h[i*n+j]+p.h[j*n+i])/2)
		}
	}
}

// rows sets h to the Hessian at x.
func (p *problem) rows(x []float64, n int) error {
	if p.Hess != nil {
		return p.Hess(x, p.h)
	}
	clear(p.v)
	for i := range n {
		p.v[i] = 1
		if err := p.HVP(x, p.v, p.h[i*n:][:n]); err != nil {
			return fmt.Errorf("row %d of the Hessian: %w", i, err)
		}
		p.v[i] = 0
	}
	return nil
}

func fill(x []float64, v float64) {
	for i := range x {
		x[i] = v
	}
}
