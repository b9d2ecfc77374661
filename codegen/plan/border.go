package plan

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// border has a reduction of windows that reach beyond their array, as those of
// pooling may,
//
//	y[i] = max[u in 3] if 0 <= 2*i+u-1 and 2*i+u-1 < N then x[2*i+u-1] else -inf
//
// read a copy of the array with a border, so that no window asks where it is.
func (n *normaliser) border(s *scope, owner *Def, e *ir.Expr, free, rdims []Dim) *ir.Expr {
	if e.Kind != ir.KIf || e.Type != ir.Real || e.Args[2].Kind != ir.KConst || !e.Args[2].IsConst(0) && e.Args[1].Kind != ir.KRead {
		return e
	}
	zero := n.Const(0)
	w := n.window(n.If(e.Args[0], e.Args[1], zero), slices.Concat(free, rdims))
	if w == nil || !slices.ContainsFunc(w.at, func(x *ir.Expr) bool {
		return len(freeOf(n.Builder, x, free)) > 0 && len(freeOf(n.Builder, x, rdims)) > 0
	}) {
		return e
	}
	body := w.body
	if body.Kind == ir.KIf && body.Args[2] == zero {
		body = n.If(body.Args[0], body.Args[1], e.Args[2])
	}
	return n.copied(s, owner, body, w.dims, w.at)
}

// borderOfPlaces is border for an argmax, whose index is the number of an element.
func (n *normaliser) borderOfPlaces(s *scope, owner *Def, e *ir.Expr, free, rdims []Dim) *ir.Expr {
	over, body := placed(n.Builder, rdims, e, slices.Concat(s.times(), free))
	if len(over) > 2 {
		return e
	}
	x := n.border(s, owner, body, free, over)
	if x == body {
		return e
	}
	back, q := map[ir.Index]*ir.Expr{}, n.Idx(rdims[0].Idx)
	if len(over) == 2 {
		w := over[1].Hi
		back[over[0].Idx], back[over[1].Idx] = n.Call(ir.IDiv, q, w), n.Call(ir.Mod, q, w)
	}
	return n.Subst(x, back)
}

// copied reads e, over the given indices, from an array of its own.
func (n *normaliser) copied(s *scope, owner *Def, e *ir.Expr, dims []Dim, at []*ir.Expr) *ir.Expr {
	key := n.close(e, dims)
	a := s.lookup(key, dims)
	if a == nil {
		d := n.temp(owner, key, dims, ir.Real, "in")
		d.Body = e
		s.keep(key, d)
		n.finish(s, d)
		a = d.Array
	}
	n.uses[a]++
	return n.Read(a, at...)
}
