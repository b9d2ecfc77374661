package nnc

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
)

// measure is the shape of nested lists as their first elements tell it; what
// an empty list hides is -1. more says that lists go deeper than rank.
func measure(n *node, rank int) (shape []int, more bool) {
	for n != nil && n.kind == '[' {
		if len(shape) == rank {
			return shape, true
		}
		shape = append(shape, len(n.items))
		if len(n.items) == 0 {
			for len(shape) < rank {
				shape = append(shape, -1)
			}
			return shape, false
		}
		n = &n.items[0]
	}
	return shape, false
}

// depth is how deep the lists of n nest.
func depth(n *node) int {
	s, _ := measure(n, maxNesting+1)
	for k, d := range s {
		if d == 0 {
			return k + 1
		}
	}
	return len(s)
}

// reader turns nested lists into tensors.
type reader struct {
	bits int // of reals: 32 or 64
	elem ir.Elem
	hi   int // of Int: elements lie in 0..hi; -1: any
}

// tensor reads n as an array of the given shape.
func (r reader) tensor(n *node, path string, shape []int) (*interp.Tensor, error) {
	t := &interp.Tensor{Shape: shape}
	err := r.fill(t, n, 0, func() string { return path })
	return t, err
}

func (r reader) fill(t *interp.Tensor, n *node, k int, path func() string) error {
	if k == len(t.Shape) {
		v, err := r.number(n)
		if err != nil {
			return fmt.Errorf("%s %w", path(), err)
		}
		t.Data = append(t.Data, v)
		return nil
	}
	if n.kind != '[' {
		return fmt.Errorf("%s is %s, not a list of %d", path(), n.what(), t.Shape[k])
	}
	if len(n.items) == 0 && slices.Contains(t.Shape, 0) { // [] is any empty array
		return nil
	}
	if len(n.items) != t.Shape[k] {
		return fmt.Errorf("%s has %s, its neighbours have %d", path(), count(len(n.items), "element"), t.Shape[k])
	}
	for i := range n.items {
		if err := r.fill(t, &n.items[i], k+1, func() string { return path() + "[" + strconv.Itoa(i) + "]" }); err != nil {
			return err
		}
	}
	return nil
}

// number reads one element; its errors continue "args.x[3] ".
func (r reader) number(n *node) (float64, error) {
	switch {
	case n.kind == '[':
		return 0, errors.New("is a list, not " + r.article())
	case r.elem == ir.Bool:
		if n.kind != 'b' {
			return 0, fmt.Errorf("is %s, not true or false", n.what())
		}
		if n.text == "true" {
			return 1, nil
		}
		return 0, nil
	case n.kind == '"' && r.elem == ir.Real:
		switch n.text {
		case "NaN":
			return math.NaN(), nil
		case "Inf":
			return math.Inf(1), nil
		case "-Inf":
			return math.Inf(-1), nil
		}
		return 0, fmt.Errorf(`is %s, not a number, "NaN", "Inf" or "-Inf"`, n.what())
	case n.kind != '0':
		return 0, fmt.Errorf("is %s, not %s", n.what(), r.article())
	}
	bits := r.bits
	if r.elem == ir.Int {
		bits = 64
	}
	v, err := strconv.ParseFloat(n.text, bits)
	if err != nil {
		return 0, fmt.Errorf("= %s is too large for f%d", n.text, bits)
	}
	if r.elem == ir.Int {
		switch {
		case v != math.Trunc(v):
			return 0, fmt.Errorf("= %s is not an integer", n.text)
		case r.hi == 0:
			return 0, fmt.Errorf("= %s is not in an empty range", n.text)
		case r.hi > 0 && (v < 0 || v >= float64(r.hi)):
			return 0, fmt.Errorf("= %s is not in 0..%d", n.text, r.hi-1)
		case v < math.MinInt32 || v > math.MaxInt32:
			return 0, fmt.Errorf("= %s does not fit an int32", n.text)
		}
	}
	return v, nil
}

func (r reader) article() string {
	return [...]string{ir.Real: "a number", ir.Int: "an integer", ir.Bool: "true or false"}[r.elem]
}

func count(n int, what string) string {
	switch {
	case n == 1:
		return "1 " + what
	case what == "axis":
		return fmt.Sprintf("%d axes", n)
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// writer prints tensors as nested lists.
type writer struct {
	strings.Builder
	bits int
}

func (w *writer) tensor(t *interp.Tensor, elem ir.Elem) {
	at := 0
	w.axis(t, elem, 0, &at)
}

func (w *writer) axis(t *interp.Tensor, elem ir.Elem, k int, at *int) {
	if k == len(t.Shape) {
		w.number(t.Data[*at], elem)
		*at++
		return
	}
	w.WriteByte('[')
	for i := range t.Shape[k] {
		if i > 0 {
			w.WriteByte(',')
		}
		w.axis(t, elem, k+1, at)
	}
	w.WriteByte(']')
}

// number prints the shortest decimal that reads back to the same bits.
func (w *writer) number(v float64, elem ir.Elem) {
	switch {
	case elem == ir.Bool:
		w.WriteString(strconv.FormatBool(v != 0))
	case math.IsNaN(v):
		w.WriteString(`"NaN"`)
	case math.IsInf(v, 1):
		w.WriteString(`"Inf"`)
	case math.IsInf(v, -1):
		w.WriteString(`"-Inf"`)
	case elem == ir.Int:
		w.WriteString(strconv.FormatFloat(v, 'f', -1, 64))
	default:
		w.WriteString(strconv.FormatFloat(v, 'g', -1, w.bits))
	}
}

// sumAxis is t summed over axis k.
func sumAxis(t *interp.Tensor, k int) *interp.Tensor {
	inner := 1
	for _, d := range t.Shape[k+1:] {
		inner *= d
	}
	n := t.Shape[k]
	shape := append(append([]int{}, t.Shape[:k]...), t.Shape[k+1:]...)
	out := interp.Zeros(shape...)
	for i, v := range t.Data {
		out.Data[i/(inner*n)*inner+i%inner] += v
	}
	return out
}

// repeat is n copies of t along a new first axis.
func repeat(t *interp.Tensor, n int) *interp.Tensor {
	out := &interp.Tensor{Shape: append([]int{n}, t.Shape...)}
	for range n {
		out.Data = append(out.Data, t.Data...)
	}
	return out
}

// reshape is t with the first n axes replaced by lead.
func reshape(t *interp.Tensor, n int, lead []int) *interp.Tensor {
	return &interp.Tensor{Shape: append(append([]int{}, lead...), t.Shape[n:]...), Data: t.Data}
}
