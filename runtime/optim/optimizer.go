package optim

import (
	"fmt"
	"math"

	rt "github.com/nnc-lang/nnc/runtime"
)

// Optimizer changes params by one step against grad. Both have the length the
// optimiser was made for; grad is not changed.
type Optimizer[T rt.Float] interface {
	Step(params, grad []T)
	SetRate(rate float64)
}

// check panics at a length that the state was not made for.
func check[T rt.Float](name string, params, grad []T, n int) {
	if len(params) != n || len(grad) != n {
		panic(fmt.Sprintf("optim: %s was made for %d values, Step got %d and a gradient of %d", name, n, len(params), len(grad)))
	}
}

// Rate is the learning rate of an optimiser.
type Rate float64

// SetRate changes the learning rate, as a Schedule says.
func (r *Rate) SetRate(rate float64) { *r = Rate(rate) }

func sqrt[T rt.Float](x T) T { return T(math.Sqrt(float64(x))) }

func abs[T rt.Float](x T) T { return T(math.Abs(float64(x))) }
