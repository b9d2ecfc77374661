package interp

import (
	"fmt"

	"github.com/nnc-lang/nnc/ir"
)

// MaxElements is the number of elements that the arrays of one program may
// have together; more is refused.
const MaxElements = 1 << 28

// Tensor is an array of numbers in row-major order. Integers and booleans
// (0, 1) are numbers too.
type Tensor struct {
	Shape []int
	Data  []float64
}

// Zeros is a tensor of the given shape.
func Zeros(shape ...int) *Tensor {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return &Tensor{Shape: shape, Data: make([]float64, n)}
}

// Scalar is a tensor without axes.
func Scalar(v float64) *Tensor { return &Tensor{Data: []float64{v}} }

// array is an array of the program being run. Elements are written once; done
// tells which, and is nil when all are.
type array struct {
	*ir.Array
	shape, stride []int
	data          []float64
	done          []bool
}

// layout evaluates the shape of a and counts its elements.
func (m *machine) layout(a *ir.Array) *array {
	x := &array{Array: a, shape: make([]int, a.Rank()), stride: make([]int, a.Rank())}
	n := 1
	for k := a.Rank() - 1; k >= 0; k-- {
		d := m.size(a.Shape[k])
		if d < 0 && a.Def != ir.Input {
			d = 0 // a range that is empty
		}
		if d < 0 {
			m.fail("%s has the size %d on axis %d", a.Name, d, k)
		}
		x.shape[k], x.stride[k] = d, n
		if d > 0 && n > MaxElements/d {
			m.fail("%s has more than %d elements", a.Name, MaxElements)
		}
		n *= d
	}
	if m.elements += n; m.elements > MaxElements {
		m.fail("the arrays of %s have more than %d elements", m.p.Name, MaxElements)
	}
	m.arrays[a] = x
	return x
}

// input binds a tensor of the caller.
func (m *machine) input(a *ir.Array, t *Tensor) {
	if t == nil {
		return // an error when it is read
	}
	x := m.layout(a)
	n := 1
	for _, d := range x.shape {
		n *= d
	}
	if fmt.Sprint(x.shape) != fmt.Sprint(append([]int{}, t.Shape...)) || len(t.Data) != n {
		m.fail("%s has the shape %v, given are %d elements of shape %v", a.Name, x.shape, len(t.Data), t.Shape)
	}
	if a.In != nil {
		hi := m.size(a.In)
		for i, v := range t.Data {
			if v != float64(int(v)) || v < 0 || v >= float64(hi) {
				m.fail("element %d of %s is %v, not in 0..%d", i, a.Name, v, hi)
			}
		}
	}
	x.data = t.Data
}

// size evaluates an integer expression in dims.
func (m *machine) size(e *ir.Expr) int {
	return m.integer(newCompiler(m).compile(e)(), e)
}
