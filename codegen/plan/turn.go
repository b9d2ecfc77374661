package plan

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// Sizes at which lanes along an axis of the result pay.
const (
	fewestLanes = 16 // of a constant axis
	longSum     = 64 // a constant sum this long is better done by itself
)

// turn prepares a sum that is no product to run its innermost loop over the
// last axis of the result rather than over what is summed, a few coordinates
// perhaps: what is read along the sum,
//
//	d[n, k] = sum[i] (x[n, i] - c[k, i])^2
//
// is copied once with the two axes exchanged, where the copy serves another
// axis too, here n. Each d[n, k] is summed in the order it was.
func (n *normaliser) turn(s *scope, owner *Def, body *ir.Expr, free, rdims []Dim) *ir.Expr {
	if s.up != nil || len(free) < 2 || len(rdims) != 1 || !pointwise(body) {
		return body
	}
	lane, sum := free[len(free)-1], rdims[0]
	for _, d := range []Dim{lane, sum} {
		if !d.Lo.IsConst(0) || len(d.Hi.Free()) > 0 {
			return body
		}
	}
	switch {
	case lane.Hi.Kind == ir.KConst && lane.Hi.N < fewestLanes,
		lane.Hi.Kind != ir.KConst && sum.Hi.Kind == ir.KConst && sum.Hi.N >= longSum:
		return body
	}
	sub := map[*ir.Expr]*Dim{}
	ok := true
	ir.Walk(body, func(e *ir.Expr) bool {
		if e.Kind == ir.KRead && e.Depends(lane.Idx) && e.Args[len(e.Args)-1] != n.Idx(lane.Idx) {
			sub[e] = nil
			ok = ok && len(e.Args) <= len(free) && e.Args[len(e.Args)-1] == n.Idx(sum.Idx) && plain(e)
		}
		return ok
	})
	if !ok || len(sub) == 0 {
		return body
	}
	return n.Map(body, func(e *ir.Expr) *ir.Expr {
		if _, ok := sub[e]; !ok {
			return e
		}
		all := slices.Concat(free, rdims)
		var dims []Dim
		for _, x := range e.Args {
			if x.Idx != lane.Idx {
				dims = append(dims, all[slices.IndexFunc(all, func(d Dim) bool { return d.Idx == x.Idx })])
			}
		}
		dims = append(dims, lane)
		key := n.close(e, dims)
		a := s.lookup(key, dims)
		if a == nil {
			d := n.temp(owner, key, dims, ir.Real, "turned")
			d.Body, n.turned[d.Array] = e, true
			s.keep(key, d)
			n.finish(s, d)
			a = d.Array
		}
		n.uses[a]++
		return n.Read(a, indices(n.Builder, dims)...)
	})
}

// plain reports whether a read is of an element at indices that differ.
func plain(e *ir.Expr) bool {
	seen := map[ir.Index]bool{}
	for _, x := range e.Args {
		if x.Kind != ir.KIndex || seen[x.Idx] {
			return false
		}
		seen[x.Idx] = true
	}
	return true
}

// pointwise reports whether e is arithmetic on reads that has a form for rows.
func pointwise(e *ir.Expr) bool {
	ok := true
	ir.Walk(e, func(x *ir.Expr) bool {
		switch x.Kind {
		case ir.KRead:
			ok = ok && x.Type == ir.Real
			return false
		case ir.KCall:
			ok = ok && x.Type == ir.Real && (x.Op.Row != "" || x.Op == ir.Neg)
		case ir.KConst:
		default:
			ok = false
		}
		return ok
	})
	return ok
}
