package pass

import (
	"maps"
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// share stores what would be computed more than once: the exponentials, roots
// and the like that a backward pass needs again, and those that an outer loop
// repeats.
//
//	u[n] = w[n]*tanh(c[n,3])      =>   u_tanh[n] = tanh(c[n,3])
//	dc[n,k] = if k == 3 then …*(1 - tanh(c[n,k])^2) else 0
//
// The indices of a read may differ by a shift, as they do in derivatives of
// slices; the condition around then says that the stored part is meant.
//
// In sum[d] (x[n,d]/exp(s[k,d]))^2 the exponential does not depend on n, the
// outermost index, so no loop order of the definition computes it once.
func share(p *ir.Program) error {
	s := newSplitter(p)
	h := &sharing{splitter: s, hash: sharer{hashes: map[*ir.Expr]uint64{}, loose: true}, uses: map[uint64]int{}, stored: map[uint64][]*ir.Array{}}
	for k, a := range p.Defs {
		for _, e := range a.Exprs() {
			ir.Walk(e, func(x *ir.Expr) bool {
				if dear(x) {
					h.uses[h.hash.hash(x)] = k + 1 // the last definition that has it
				}
				return true
			})
		}
	}
	h.walk(h.definition)
	return nil
}

type sharing struct {
	*splitter
	hash   sharer
	uses   map[uint64]int
	stored map[uint64][]*ir.Array
	at     int
	scope  []ir.Index // of the loops around, outermost first
}

// repeats reports whether a loop around those that e depends on repeats it.
func (h *sharing) repeats(e *ir.Expr) bool {
	outside := false
	for _, i := range h.scope {
		if e.Depends(i) {
			if outside {
				return true
			}
		} else {
			outside = true
		}
	}
	return outside && len(e.Free()) == 0
}

// idle reports whether nothing in a is stored or worth storing.
func (h *sharing) idle(a *ir.Array) bool {
	idle := true
	for _, e := range a.Exprs() {
		ir.Walk(e, func(x *ir.Expr) bool {
			if idle && dear(x) {
				key := h.hash.hash(x)
				idle = h.uses[key] <= h.at && h.stored[key] == nil && len(x.Free()) == a.Rank() && a.Def == ir.Equation && x != a.Body && !a.Body.Reduces()
			}
			return idle
		})
	}
	return idle
}

// dear reports whether a call costs more than a read of its value would.
func dear(e *ir.Expr) bool {
	return e.Kind == ir.KCall && e.Type == ir.Real && !cheapOp(e) && !e.Reduces() && (e.ReadsAny() || len(e.Free()) > 0) && e.Size() <= 60
}

func (h *sharing) definition(a *ir.Array) {
	h.at++
	if h.idle(a) {
		h.put(a)
		return
	}
	h.begin(a)
	h.scope = h.scope[:0]
	for k := range a.Shape {
		if a.Def != ir.Accumulate {
			h.scope = append(h.scope, ir.Axis(k))
		}
	}
	for _, bd := range a.Domain {
		h.scope = append(h.scope, bd.Idx)
	}
	if a.Def == ir.Equation && dear(a.Body) {
		if x := h.known(a.Body); x != nil {
			a.Body = x
		} else {
			args := slices.Clone(a.Body.Args)
			for k, x := range args {
				args[k] = h.expr(x)
			}
			key := h.hash.hash(a.Body)
			a.Body = h.Rebuild(a.Body, args)
			if len(a.Body.Free()) == a.Rank() {
				h.stored[key] = append(h.stored[key], a)
			}
		}
	} else {
		if a.Body != nil {
			a.Body = h.expr(a.Body)
		}
	}
	h.put(a)
}

// expr is e with what is stored read, and what is needed later stored.
func (h *sharing) expr(e *ir.Expr) *ir.Expr {
	if dear(e) {
		if x := h.known(e); x != nil {
			return x
		}
		key := h.hash.hash(e)
		if (h.uses[key] > h.at || h.repeats(e)) && (len(h.conds) == 0 || h.onIndices()) {
			var x *ir.Expr
			if len(h.conds) == 0 || h.safe(e) {
				x = h.extract(e, ending(e.Op))
			} else {
				x = h.whole(e)
			}
			if x != nil {
				h.stored[key] = append(h.stored[key], x.Array)
				return x
			}
		}
	}
	if e.Kind == ir.KReduce {
		binders, body := h.Open(e)
		h.enter(binders)
		n := len(h.scope)
		for _, bd := range binders {
			h.scope = append(h.scope, bd.Idx)
		}
		body = h.expr(body)
		h.scope = h.scope[:n]
		return h.Reduce(e.Red, binders, body)
	}
	if len(e.Args) == 0 || e.Kind == ir.KRead {
		return e
	}
	args := slices.Clone(e.Args)
	for k, x := range args {
		h.branch(e, k, func() { args[k] = h.expr(x) })
	}
	return h.Rebuild(e, args)
}

// whole extracts e, which is inside the arrays that it reads only by the conditions
// around, over all of their axes: cos(a[t, i - 32]) where i >= 32 is an element of the
// cosines of a. What a recurrence sets is left alone.
func (h *sharing) whole(e *ir.Expr) *ir.Expr {
	lo, hi, conds := h.lo, h.hi, h.conds
	own, end := maps.Clone(lo), maps.Clone(hi)
	for _, i := range e.Free() {
		var from, size *ir.Expr
		ok := true
		ir.Walk(e, func(r *ir.Expr) bool {
			for k, x := range r.Args {
				if r.Kind != ir.KRead || !x.Depends(i) {
					continue
				}
				d := h.Call(ir.Sub, h.Idx(i), x)
				ok = ok && r.Array.Rec == nil && len(d.Free()) == 0 && !d.ReadsAny() && (from == nil || d == from && size == r.Array.Shape[k])
				from, size = d, r.Array.Shape[k]
			}
			return ok
		})
		if !ok || from == nil || !h.reaches(i, from, h.Call(ir.Add, from, size)) { // e may have a condition of its own
			return nil
		}
		own[i], end[i] = from, h.Call(ir.Add, from, size)
	}
	h.lo, h.hi, h.conds = own, end, nil
	defer func() { h.lo, h.hi, h.conds = lo, hi, conds }()
	if !h.safe(e) {
		return nil
	}
	return h.extract(e, ending(e.Op))
}

// reaches reports whether the conditions around keep an index in lo..hi.
func (h *sharing) reaches(i ir.Index, lo, hi *ir.Expr) bool {
	for k := range h.conds {
		defer h.assume(h.conds[k])()
	}
	return h.bounds.within(h.Idx(i), lo, hi)
}

// ending is what an operator adds to the name of an array.
func ending(op *ir.Operator) string {
	if op == ir.Pow {
		return "_power"
	}
	return "_" + op.Name
}

// onIndices reports whether the conditions around are about indices alone. One
// on data is there to keep the arm that is not taken from being computed.
func (h *sharing) onIndices() bool {
	return !slices.ContainsFunc(h.conds, func(c *ir.Expr) bool { return c.ReadsAny() })
}

// known is a read of an array that holds e, or nil.
func (h *sharing) known(e *ir.Expr) *ir.Expr {
	for _, d := range h.stored[h.hash.hash(e)] {
		if d == h.a || d.Rec != nil && d.Rec.Around(0) == h.a.Rec.Around(0) && !h.placed(d) {
			continue
		}
		body := d.Body
		if body.Kind == ir.KIf { // guarded by extract
			continue
		}
		sub := map[ir.Index]*ir.Expr{}
		if !h.unify(body, e, sub) || len(sub) != d.Rank() || h.Subst(body, sub) != e {
			continue
		}
		args := make([]*ir.Expr, d.Rank())
		for i, x := range sub {
			args[i] = x
		}
		read := h.Read(d, args...)
		for k := range h.conds {
			defer h.assume(h.conds[k])()
		}
		if h.inside(read) {
			return read
		}
	}
	return nil
}

// unify finds what the axes in p must be for p to equal e.
func (h *sharing) unify(p, e *ir.Expr, sub map[ir.Index]*ir.Expr) bool {
	if p == e && len(p.Free()) == 0 {
		return true
	}
	if p.Type == ir.Int {
		over := p.Free()
		if len(over) != 1 {
			return len(over) == 0 || h.Subst(p, sub) == e
		}
		coef, rest, ok := h.Affine(p, over)
		if !ok || coef[over[0]] == nil || !coef[over[0]].IsConst(1) {
			return false
		}
		x := h.Call(ir.Sub, e, rest)
		old := sub[over[0]]
		sub[over[0]] = x
		return old == nil || old == x
	}
	if root(p) != root(e) || p.Array != e.Array || p.Fn != e.Fn || len(p.Args) != len(e.Args) || p.Kind == ir.KReduce {
		return false
	}
	if p.Kind == ir.KConst {
		return p == e
	}
	for k, x := range p.Args {
		if x.Type != e.Args[k].Type || !h.unify(x, e.Args[k], sub) {
			return false
		}
	}
	return true
}
