package codegen

import (
	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// separate reports whether no statement reads what is written, in another iteration.
func (r *rows) separate(written map[*ir.Array]*ir.Expr) bool {
	for _, n := range r.l.Body {
		safe := true
		ir.Walk(n.(*plan.Stmt).Def.Body, func(e *ir.Expr) bool {
			if e.Kind == ir.KRead && !r.isLocal(e.Array) {
				root, at := r.flat(e.Array, e.Args)
				if w := written[root]; w != nil && !r.apart(w, at) {
					safe = false
				}
			}
			return safe
		})
		if !safe {
			return false
		}
	}
	return true
}

// apart reports whether no element that is written is read in another iteration.
func (r *rows) apart(w, at *ir.Expr) bool {
	if w == at {
		return true
	}
	d := r.b.Call(ir.Sub, w, at)
	return r.b.NonNegative(r.b.Call(ir.Sub, d, r.l.Hi)) || r.b.NonNegative(r.b.Call(ir.Neg, r.b.Call(ir.Add, d, r.l.Hi)))
}

// numbersInside reports whether what e reads once for the whole row is there even
// if the row has no element.
func (r *rows) numbersInside(e *ir.Expr) bool {
	ok := true
	ir.Walk(e, func(x *ir.Expr) bool {
		if x.Kind == ir.KRead && !r.varies(x) {
			ok = ok && (r.isLocal(x.Array) || r.insideAll(x))
			return false
		}
		return ok
	})
	return ok
}
