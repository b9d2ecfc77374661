package plan

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// Inside reports whether a read is provably within its array when every index
// in it is within the range given by dims.
func Inside(b *ir.Builder, e *ir.Expr, dims []Dim) bool {
	for k, x := range e.Args {
		if !within(b, x, e.Array.Shape[k], dims) {
			return false
		}
	}
	return true
}

// within reports whether 0 ≤ x < size is provable.
func within(b *ir.Builder, x, size *ir.Expr, dims []Dim) bool {
	if x.Kind == ir.KRead { // a gather by checked data
		return x.Array.In == size && Inside(b, x, dims)
	}
	lo, hi, ok := limits(b, x, dims)
	if !ok {
		return false
	}
	return b.NonNegative(lo) && b.NonNegative(b.Call(ir.Sub, b.Call(ir.Sub, size, b.Int(1)), hi))
}

// limits are the smallest and the largest value of an expression that is
// affine in dims, as expressions in sizes.
func limits(b *ir.Builder, x *ir.Expr, dims []Dim) (lo, hi *ir.Expr, ok bool) {
	lo, hi = x, x
	for range 8 { // a range may depend on indices further out
		free := slices.Concat(lo.Free(), hi.Free())
		if len(free) == 0 {
			return lo, hi, true
		}
		i := free[len(free)-1]
		k := slices.IndexFunc(dims, func(d Dim) bool { return d.Idx == i })
		if k < 0 {
			return nil, nil, false
		}
		d := dims[k]
		last := b.Call(ir.Sub, d.Hi, b.Int(1))
		var okLo, okHi bool
		lo, okLo = bound(b, lo, i, d.Lo, last)
		hi, okHi = bound(b, hi, i, last, d.Lo)
		if !okLo || !okHi {
			return nil, nil, false
		}
	}
	return nil, nil, false
}

// bound replaces index i by up where its coefficient is positive, by down
// where it is negative.
func bound(b *ir.Builder, x *ir.Expr, i ir.Index, up, down *ir.Expr) (*ir.Expr, bool) {
	if !x.Depends(i) {
		return x, true
	}
	coef, rest, ok := b.Affine(x, []ir.Index{i})
	if !ok || rest.Depends(i) {
		return nil, false
	}
	c := coef[i]
	switch {
	case b.NonNegative(c):
		return b.Call(ir.Add, b.Call(ir.Mul, c, up), rest), true
	case b.NonNegative(b.Call(ir.Neg, c)):
		return b.Call(ir.Add, b.Call(ir.Mul, c, down), rest), true
	}
	return nil, false
}

// Flat is the row-major position of an element in an array of the given shape.
func Flat(b *ir.Builder, at, shape []*ir.Expr) *ir.Expr {
	e := b.Int(0)
	for k, x := range at {
		e = b.Whole(b.Call(ir.Add, b.Call(ir.Mul, e, shape[k]), x))
	}
	return e
}
