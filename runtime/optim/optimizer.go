package optim

import (
	"fmt"
	"iter"

	rt "github.com/nnc-lang/nnc/runtime"
)

// Optimizer changes params by one step against grad. Both have the length the
// optimiser was made for; grad is not changed.
type Optimizer[T rt.Float] interface {
	Step(params, grad []T)
	SetRate(rate float64)
	// State names the slices that the optimiser keeps from step to step. They
	// are not copied: a run is saved by writing them and Steps, and continues
	// bit for bit when both are back. Rate and the other fields are the
	// program's and not part of it.
	State() iter.Seq[rt.Param[T]]
	Steps() int // made so far
	SetSteps(n int)
}

// Count is the number of steps an optimiser has made.
type Count int

// Steps is the number of steps made so far.
func (c *Count) Steps() int { return int(*c) }

// SetSteps is for going on where another run has ended.
func (c *Count) SetSteps(n int) { *c = Count(n) }

// slice is one slice of an optimiser's state.
type slice[T rt.Float] struct {
	name string
	data []T
}

// state is the State of an optimiser that keeps these slices.
func state[T rt.Float](list ...slice[T]) iter.Seq[rt.Param[T]] {
	return func(yield func(rt.Param[T]) bool) {
		for _, s := range list {
			if !yield(rt.Param[T]{Name: s.name, Shape: []int{len(s.data)}, Data: s.data}) {
				return
			}
		}
	}
}

// check panics at a length that the state was not made for.
func check[T rt.Float](name string, params, grad []T, n int) {
	if len(params) != n || len(grad) != n {
		panic(wrong(name, len(params), len(grad), n))
	}
}

func wrong(name string, params, grad, n int) string {
	return fmt.Sprintf("optim: %s was made for %d values, Step got %d and a gradient of %d", name, n, params, grad)
}

// Rate is the learning rate of an optimiser.
type Rate float64

// SetRate changes the learning rate, as a Schedule says.
func (r *Rate) SetRate(rate float64) { *r = Rate(rate) }
