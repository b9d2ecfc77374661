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
		e = whole(b, b.Call(ir.Add, b.Call(ir.Mul, e, shape[k]), x))
	}
	return e
}

// remains reports whether a remainder is a term of e, or a factor of one.
func remains(e *ir.Expr) bool {
	if e.IsCall(ir.Add) || e.IsCall(ir.Sub) || e.IsCall(ir.Neg) || e.IsCall(ir.Mul) {
		return slices.ContainsFunc(e.Args, remains)
	}
	return e.IsCall(ir.Mod)
}

// whole puts the parts of a position together, as those that a reshape takes it
// to: k*m*div(x, m) + k*(x % m) is k*x.
func whole(b *ir.Builder, e *ir.Expr) *ir.Expr {
	if !remains(e) {
		return e
	}
	terms := b.PolyOf(e)
	for _, t := range terms {
		if len(t.Atoms) != 1 || !t.Atoms[0].IsCall(ir.Mod) {
			continue
		}
		x, m := t.Atoms[0].Args[0], t.Atoms[0].Args[1]
		if m.Kind != ir.KConst || m.N <= 0 {
			continue
		}
		div := b.Call(ir.IDiv, x, m)
		if x.IsCall(ir.IDiv) && x.Args[1].Kind == ir.KConst && x.Args[1].N > 0 {
			div = b.Call(ir.IDiv, x.Args[0], b.Int(x.Args[1].N*m.N))
		}
		for _, u := range terms {
			if len(u.Atoms) == 1 && u.Atoms[0] == div && u.Coef == t.Coef*m.N {
				parts := b.FromPoly(ir.Poly{t})
				parts = b.Call(ir.Add, parts, b.FromPoly(ir.Poly{u}))
				return whole(b, b.Call(ir.Add, b.Call(ir.Sub, e, parts), b.Call(ir.Mul, b.Int(t.Coef), x)))
			}
		}
	}
	return e
}
