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
// indices, or ask that a number divides what it divides:
//
//	if (i - u)%2 == 0 and … then x[floor((i - u)/2)] else 0
//
// reads a copy of x with zeros between its elements. It changes nothing.
func (n *normaliser) window(e *ir.Expr, all []Dim) *window {
	var conds []*ir.Expr
	read := e
	for ; read.Kind == ir.KIf && read.Args[2].IsConst(0); read = read.Args[1] {
		conds = conjuncts(read.Args[0], conds)
	}
	if len(conds) == 0 || read.Kind != ir.KRead || e.Type != ir.Real {
		return nil
	}
	over := make([]ir.Index, len(all))
	for k, d := range all {
		over[k] = d.Idx
	}
	w := &window{}
	args := make([]*ir.Expr, len(read.Args)) // of the read within body
	var from, to []*ir.Expr                  // what guards bound, of the read and within body
	for k, x := range read.Args {
		if len(freeOf(n.Builder, x, all)) == 0 {
			args[k] = x
			continue
		}
		at := n.along(x, over)
		coef, _, ok := n.Affine(at, over)
		if !ok {
			return nil
		}
		for _, c := range coef {
			if !n.NonNegative(c) {
				return nil
			}
		}
		lo, hi, ok := limits(n.Builder, at, all)
		if !ok {
			return nil
		}
		size := n.Call(ir.Add, n.Call(ir.Sub, hi, lo), n.Int(1))
		d := Dim{Idx: n.Temp("p"), Name: "p", Lo: n.Int(0), Hi: size}
		if x.Kind == ir.KIndex {
			d.Name = all[slices.Index(over, x.Idx)].Name
		}
		w.dims = append(w.dims, d)
		w.at = append(w.at, n.Call(ir.Sub, at, lo))
		args[k] = n.Call(ir.Add, n.Idx(d.Idx), lo)
		from, to = append(from, at), append(to, args[k])
		if at != x {
			args[k] = n.Map(x, func(y *ir.Expr) *ir.Expr {
				if y.IsCall(ir.IDiv) && y.Args[0] == at {
					return n.Call(ir.IDiv, args[k], y.Args[1])
				}
				return y
			})
			from, to = append(from, x), append(to, args[k])
		}
	}
	cond := n.Bool(true)
	for _, c := range conds {
		g := n.guard(c, from, to, over)
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

// along is an index that is affine, or what is divided in it.
func (n *normaliser) along(x *ir.Expr, over []ir.Index) *ir.Expr {
	at := x
	ir.Walk(x, func(y *ir.Expr) bool {
		if y.IsCall(ir.IDiv) && !n.dependsOn(n.Call(ir.Sub, x, y), over) && y.Args[1].Kind == ir.KConst && y.Args[1].N > 0 {
			at = y.Args[0]
		}
		return at == x
	})
	return at
}

func (n *normaliser) dependsOn(e *ir.Expr, over []ir.Index) bool {
	return slices.ContainsFunc(over, func(i ir.Index) bool { return e.Depends(i) })
}

// guard is comparison c, which bounds one of from or asks what divides it, with the
// corresponding one of to in its place.
func (n *normaliser) guard(c *ir.Expr, from, to []*ir.Expr, over []ir.Index) *ir.Expr {
	if c.Kind != ir.KCall || c.Op.Class != ir.Compare || c.Args[0].Type != ir.Int {
		return nil
	}
	d := n.Call(ir.Sub, c.Args[0], c.Args[1])
	fixed := func(e *ir.Expr) bool { return !n.dependsOn(e, over) }
	if fixed(d) {
		return c
	}
	mod := c.Args[0]
	for k, x := range from {
		if mod.IsCall(ir.Mod) && fixed(mod.Args[1]) && fixed(c.Args[1]) {
			if r := n.Call(ir.Sub, mod.Args[0], x); fixed(r) {
				return n.Call(c.Op, n.Call(ir.Mod, n.Call(ir.Add, to[k], r), mod.Args[1]), c.Args[1])
			}
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
	var implied func(e *ir.Expr) bool
	implied = func(e *ir.Expr) bool { // e >= 0 follows from one of the guards
		for _, t := range n.PolyOf(e) { // floor(a/m) + r >= 0 where a + m*r is, r - floor(a/m) where m*r + m - 1 - a is
			if len(t.Atoms) == 1 && t.Atoms[0].IsCall(ir.IDiv) && t.Atoms[0].Args[1].Kind == ir.KConst && t.Atoms[0].Args[1].N > 0 && t.Coef*t.Coef == 1 {
				q, sign := t.Atoms[0], n.Int(t.Coef)
				a, m := q.Args[0], q.Args[1]
				r := n.Call(ir.Sub, e, n.Call(ir.Mul, sign, q))
				x := n.Call(ir.Add, n.Call(ir.Mul, m, r), n.Call(ir.Mul, sign, a))
				if t.Coef < 0 {
					x = n.Call(ir.Add, x, n.Call(ir.Sub, m, n.Int(1)))
				}
				if implied(x) {
					return true
				}
			}
		}
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
		if !(ok && n.NonNegative(lo)) && !implied(x) {
			return false
		}
		if !(ok && n.NonNegative(n.Call(ir.Sub, n.Call(ir.Sub, read.Array.Shape[k], n.Int(1)), hi))) && !implied(last) {
			return false
		}
	}
	return true
}

// masks reports whether a guard is one of indices that the factor has anyway, and of
// integers read by them, as lengths of sequences.
func (n *normaliser) masks(c, f *ir.Expr, all []Dim) bool {
	reals := slices.ContainsFunc(ir.Reads(c), func(a *ir.Array) bool { return a.Elem == ir.Real })
	return !reals && safe(n.Builder, c, all) && subset(n.Builder, c, f, all) && len(freeOf(n.Builder, c, all)) > 0
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
				x = n.along(x, []ir.Index{d.Idx})
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
