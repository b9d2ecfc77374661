package diff

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// first says that binders stand at the first extremum of e.
func (d *engine) first(e *ir.Expr, binders []ir.Binder, body *ir.Expr, keep func(*ir.Expr) *ir.Expr) []*ir.Expr {
	var on []*ir.Expr
	for k, at := range d.extremum(e, binders, body, keep) {
		on = append(on, d.Call(ir.Eq, d.Idx(binders[k].Idx), at))
	}
	return on
}

// extremum is where the first extremum of e is, in the order of the loops. Where
// sizes are known that is one number, with the binders as its digits:
//
//	at = argmax[q in 2*3] x[2*i + floor(q/3), j + q%3]
//
// Else the first index is the first at which the extremum over the others is
// one, the next index the first given that, and so on.
func (d *engine) extremum(e *ir.Expr, binders []ir.Binder, body *ir.Expr, keep func(*ir.Expr) *ir.Expr) []*ir.Expr {
	arg := ir.ArgMax
	if e.Red == ir.MinOver {
		arg = ir.ArgMin
	}
	if len(binders) > 1 && counted(binders) {
		size := int64(1)
		for _, b := range binders {
			size *= b.Hi.N
		}
		q := ir.Binder{Idx: d.Temp("q"), Name: "q", Lo: d.Int(0), Hi: d.Int(size)}
		digits := func(q *ir.Expr) []*ir.Expr {
			out, rest := make([]*ir.Expr, len(binders)), size
			for k, b := range binders {
				if out[k] = q; k > 0 {
					out[k] = d.Call(ir.Mod, q, d.Int(rest))
				}
				rest /= b.Hi.N
				out[k] = d.Call(ir.IDiv, out[k], d.Int(rest))
			}
			return out
		}
		sub := map[ir.Index]*ir.Expr{}
		for k, x := range digits(d.Idx(q.Idx)) {
			sub[binders[k].Idx] = x
		}
		return digits(keep(d.Reduce(arg, []ir.Binder{q}, d.Subst(body, sub))))
	}
	var out []*ir.Expr
	for k, b := range binders {
		rest, _ := d.again(binders[k:], body)
		x := d.Subst(body, d.renamed(binders[k:], rest))
		best := keep(d.Reduce(arg, rest[:1], d.Reduce(e.Red, rest[1:], x)))
		out = append(out, best)
		at := map[ir.Index]*ir.Expr{b.Idx: best}
		body = d.Subst(body, at)
		binders = slices.Clone(binders)
		for j := k + 1; j < len(binders); j++ {
			binders[j].Lo, binders[j].Hi = d.Subst(binders[j].Lo, at), d.Subst(binders[j].Hi, at)
		}
	}
	return out
}

// counted reports whether binders run from 0 over constant sizes that are not 0.
func counted(binders []ir.Binder) bool {
	return !slices.ContainsFunc(binders, func(b ir.Binder) bool {
		return !b.Lo.IsConst(0) || b.Hi.Kind != ir.KConst || b.Hi.N <= 0
	})
}

// atFirst is the body of e at its first extremum, which is all that a derivative
// goes to: then what flows into windows that overlap is added where it belongs,
// and no element asks of all windows that it is in whether it is their extremum.
// Nil: e is better asked element by element, as along one row, or has none.
func (r *reverse) atFirst(e *ir.Expr, binders []ir.Binder, body *ir.Expr, keep func(*ir.Expr) *ir.Expr) *ir.Expr {
	if e.Red.Deriv != "first" || r.scan != nil || !counted(binders) || len(binders) == 1 && !r.slides(body, binders[0].Idx) {
		return nil
	}
	sub := map[ir.Index]*ir.Expr{}
	for k, at := range r.extremum(e, binders, body, keep) {
		if !at.ReadsAny() || at.Reduces() {
			return nil
		}
		sub[binders[k].Idx] = at
	}
	return r.Subst(body, sub)
}

// slides reports whether e reads something at the sum of i and another index.
func (d *engine) slides(e *ir.Expr, i ir.Index) bool {
	found := false
	ir.Walk(e, func(x *ir.Expr) bool {
		found = found || x.Kind == ir.KRead && slices.ContainsFunc(x.Args, func(f *ir.Expr) bool { return f.Depends(i) && len(f.Free()) > 1 })
		return !found
	})
	return found
}
