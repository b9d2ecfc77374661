package plan

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// window is a guarded read, `if 0 <= i+u-1 and i+u-1 < N then x[i+u-1] else 0`,
// as the read of a copy of x with zeros around it: at, in an array over dims
// whose elements are body. The contraction walks that by strides, and no
// matrix of windows is made.
type window struct {
	dims []Dim
	body *ir.Expr
	at   []*ir.Expr
}

// window recognises a guarded read whose guards each bound one of its
// indices. It changes nothing.
func (n *normaliser) window(e *ir.Expr, all []Dim) *window {
	if e.Kind != ir.KIf || !e.Args[2].IsConst(0) || e.Args[1].Kind != ir.KRead || e.Type != ir.Real {
		return nil
	}
	read := e.Args[1]
	over := make([]ir.Index, len(all))
	for k, d := range all {
		over[k] = d.Idx
	}
	w := &window{}
	args := make([]*ir.Expr, len(read.Args)) // of the read within body
	low := make([]*ir.Expr, len(read.Args))
	for k, x := range read.Args {
		if len(freeOf(n.Builder, x, all)) == 0 {
			args[k] = x
			continue
		}
		coef, _, ok := n.Affine(x, over)
		if !ok {
			return nil
		}
		for _, c := range coef {
			if !n.NonNegative(c) {
				return nil
			}
		}
		lo, hi, ok := limits(n.Builder, x, all)
		if !ok {
			return nil
		}
		size := n.Call(ir.Add, n.Call(ir.Sub, hi, lo), n.Int(1))
		d := Dim{Idx: n.Temp("p"), Name: "p", Lo: n.Int(0), Hi: size}
		if x.Kind == ir.KIndex {
			d.Name = all[slices.Index(over, x.Idx)].Name
		}
		w.dims = append(w.dims, d)
		w.at = append(w.at, n.Call(ir.Sub, x, lo))
		low[k] = lo
		args[k] = n.Call(ir.Add, n.Idx(d.Idx), lo)
	}
	cond := n.Bool(true)
	for _, c := range conjuncts(e.Args[0], nil) {
		g := n.guard(c, read.Args, args, low, over)
		if g == nil {
			return nil
		}
		cond = n.Call(ir.And, cond, g)
	}
	inside := n.Read(read.Array, args...)
	if !n.guarded(cond, inside, w.dims) {
		return nil
	}
	w.body = n.If(cond, inside, n.Const(0))
	return w
}

func conjuncts(e *ir.Expr, list []*ir.Expr) []*ir.Expr {
	if e.IsCall(ir.And) {
		return conjuncts(e.Args[1], conjuncts(e.Args[0], list))
	}
	return append(list, e)
}

// guard is comparison c, which bounds one of the indices from, with the
// corresponding one of to in its place.
func (n *normaliser) guard(c *ir.Expr, from, to, low []*ir.Expr, over []ir.Index) *ir.Expr {
	if c.Kind != ir.KCall || c.Op.Class != ir.Compare || c.Args[0].Type != ir.Int {
		return nil
	}
	d := n.Call(ir.Sub, c.Args[0], c.Args[1])
	fixed := func(e *ir.Expr) bool {
		return !slices.ContainsFunc(over, func(i ir.Index) bool { return e.Depends(i) })
	}
	if fixed(d) {
		return c
	}
	for k, x := range from {
		if low[k] == nil {
			continue
		}
		if r := n.Call(ir.Sub, d, x); fixed(r) {
			return n.Call(c.Op, n.Call(ir.Add, to[k], r), n.Int(0))
		}
		if r := n.Call(ir.Add, d, x); fixed(r) {
			return n.Call(c.Op, n.Call(ir.Sub, r, to[k]), n.Int(0))
		}
	}
	return nil
}

// guarded reports whether a read is inside its array wherever cond holds,
// each index for itself.
func (n *normaliser) guarded(cond, read *ir.Expr, dims []Dim) bool {
	list := conjuncts(cond, nil)
	implied := func(e *ir.Expr) bool { // e >= 0 follows from one of the guards
		for _, c := range list {
			var have *ir.Expr // have >= 0 is what the guard says
			switch {
			case c.Kind != ir.KCall || c.Op.Class != ir.Compare:
				continue
			case c.Op == ir.Ge:
				have = n.Call(ir.Sub, c.Args[0], c.Args[1])
			case c.Op == ir.Le:
				have = n.Call(ir.Sub, c.Args[1], c.Args[0])
			case c.Op == ir.Gt:
				have = n.Call(ir.Sub, n.Call(ir.Sub, c.Args[0], c.Args[1]), n.Int(1))
			case c.Op == ir.Lt:
				have = n.Call(ir.Sub, n.Call(ir.Sub, c.Args[1], c.Args[0]), n.Int(1))
			default:
				continue
			}
			if n.NonNegative(n.Call(ir.Sub, e, have)) {
				return true
			}
		}
		return false
	}
	for k, x := range read.Args {
		last := n.Call(ir.Sub, n.Call(ir.Sub, read.Array.Shape[k], x), n.Int(1))
		lo, hi, ok := limits(n.Builder, x, dims)
		if !ok {
			return false
		}
		if !n.NonNegative(lo) && !implied(x) {
			return false
		}
		if !n.NonNegative(n.Call(ir.Sub, n.Call(ir.Sub, read.Array.Shape[k], n.Int(1)), hi)) && !implied(last) {
			return false
		}
	}
	return true
}

// masks reports whether a guard is one of indices that the factor has anyway.
func (n *normaliser) masks(c, f *ir.Expr, all []Dim) bool {
	return !c.ReadsAny() && subset(n.Builder, c, f, all) && len(freeOf(n.Builder, c, all)) > 0
}

// forward turns summed indices that windows run through backwards.
func (n *normaliser) forward(body *ir.Expr, rdims []Dim) *ir.Expr {
	guarded := false
	sub := map[ir.Index]*ir.Expr{}
	ir.Walk(body, func(e *ir.Expr) bool {
		guarded = guarded || e.Kind == ir.KIf
		if e.Kind != ir.KRead {
			return true
		}
		for _, d := range rdims {
			for _, x := range e.Args {
				if coef, _, ok := n.Affine(x, []ir.Index{d.Idx}); ok && coef[d.Idx] != nil && n.NonNegative(n.Call(ir.Neg, coef[d.Idx])) {
					sub[d.Idx] = n.Call(ir.Sub, n.Call(ir.Sub, n.Call(ir.Add, d.Lo, d.Hi), n.Int(1)), n.Idx(d.Idx))
				}
			}
		}
		return true
	})
	if !guarded || len(sub) == 0 {
		return body
	}
	return n.Subst(body, sub)
}
