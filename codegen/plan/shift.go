package plan

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// shifted computes a reduction that is needed in a part of an axis only, and
// reads its arrays from the start of that part, over their own axis:
//
//	d[b] = if 3*B <= b then sum[t] f[t, b - 3*B] else 0
//
// sums f for all of its b first, in the order of memory. The gradients of
// slices are such. Nil: it is of another kind, as where the condition stands
// within the sum, which is then needed for other b too.
func (n *normaliser) shifted(s *scope, owner *Def, e, inner *ir.Expr, dims, rdims []Dim) *ir.Expr {
	for k, d := range dims {
		if !e.Depends(d.Idx) {
			continue
		}
		off, size := n.offset(inner, d.Idx)
		if off == nil || slices.ContainsFunc(rdims, func(r Dim) bool { return r.Lo.Depends(d.Idx) || r.Hi.Depends(d.Idx) }) || !n.always(inner, d.Idx) {
			continue
		}
		if off.IsConst(0) && size == d.Hi || size.IsConst(1) { // one element needs no axis
			continue
		}
		to := Dim{Idx: n.Temp(d.Name), Name: d.Name, Lo: n.Int(0), Hi: size}
		over := append([]Dim{}, dims...)
		over[k] = to
		sub := map[ir.Index]*ir.Expr{d.Idx: n.Call(ir.Add, n.Idx(to.Idx), off)}
		all := append(append(s.times(), over...), rdims...)
		if !safe(n.Builder, n.Subst(inner, sub), all) {
			continue
		}
		runs := n.Bool(true) // that there is anything to reduce: else the axis may have no element
		for _, r := range rdims {
			if !n.NonNegative(n.Call(ir.Sub, n.Call(ir.Sub, r.Hi, r.Lo), n.Int(1))) && sharesDim(r.Hi, size) {
				runs = n.Call(ir.And, runs, n.Call(ir.Lt, r.Lo, r.Hi))
			}
		}
		if !runs.IsConst(1) && (e.Red != ir.Sum || e.Type != ir.Real) {
			continue
		}
		x := n.reduce(s, owner, n.Subst(e, sub), over, false, nil)
		x = n.Subst(x, map[ir.Index]*ir.Expr{to.Idx: n.Call(ir.Sub, n.Idx(d.Idx), off)})
		if runs.IsConst(1) {
			return x
		}
		return n.If(runs, x, n.Const(0))
	}
	return nil
}

// sharesDim reports whether two sizes depend on one dim.
func sharesDim(x, y *ir.Expr) bool {
	dims := map[*ir.Expr]bool{}
	ir.Walk(x, func(d *ir.Expr) bool {
		dims[d] = d.Kind == ir.KDim
		return true
	})
	found := false
	ir.Walk(y, func(d *ir.Expr) bool {
		found = found || dims[d]
		return !found
	})
	return found
}

// offset is c where everything reads its arrays at i - c, if it reads them at i
// alone, and how long those axes are; nil: they differ, or c is not a size.
func (n *normaliser) offset(e *ir.Expr, i ir.Index) (c, size *ir.Expr) {
	ok := true
	ir.Walk(e, func(r *ir.Expr) bool {
		if r.Kind != ir.KRead {
			return ok
		}
		for k, x := range r.Args {
			if !x.Depends(i) {
				continue
			}
			if coef, _, affine := n.Affine(x, []ir.Index{i}); affine && !coef[i].IsConst(1) {
				continue // of an axis of which i is a part
			}
			d := n.Call(ir.Sub, n.Idx(i), x)
			ok = ok && len(d.Free()) == 0 && len(ir.Reads(d)) == 0 && (c == nil || c == d && size == r.Array.Shape[k])
			c, size = d, r.Array.Shape[k]
		}
		return ok
	})
	if !ok {
		return nil, nil
	}
	return c, size
}

// always reports whether e reads something at i in every case.
func (n *normaliser) always(e *ir.Expr, i ir.Index) bool {
	if e.Kind == ir.KRead && slices.ContainsFunc(e.Args, func(x *ir.Expr) bool { return x.Depends(i) }) {
		return true
	}
	if e.Kind == ir.KReduce {
		_, e = n.Open(e)
		return n.always(e, i)
	}
	for k, a := range e.Args {
		if k > 0 && (e.Kind == ir.KIf || e.IsCall(ir.And) || e.IsCall(ir.Or)) {
			break
		}
		if n.always(a, i) {
			return true
		}
	}
	return false
}
