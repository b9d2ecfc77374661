package pass

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// share stores what several definitions would compute, each for itself: the
// exponentials, roots and the like that a backward pass needs again.
//
//	u[n] = w[n]*tanh(c[n,3])      =>   u_tanh[n] = tanh(c[n,3])
//	dc[n,k] = if k == 3 then …*(1 - tanh(c[n,k])^2) else 0
//
// The indices of a read may differ by a shift, as they do in derivatives of
// slices; the condition around then says that the stored part is meant.
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
}

// dear reports whether a call costs more than a read of its value would.
func dear(e *ir.Expr) bool {
	return e.Kind == ir.KCall && e.Type == ir.Real && !cheapOp(e) && !e.Reduces() && dependsOnRead(e) && e.Size() <= 60
}

func (h *sharing) definition(a *ir.Array) {
	h.at++
	h.begin(a)
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
	h.group = append(h.group, a)
}

// expr is e with what is stored read, and what is needed later stored.
func (h *sharing) expr(e *ir.Expr) *ir.Expr {
	if dear(e) {
		if x := h.known(e); x != nil {
			return x
		}
		key := h.hash.hash(e)
		if h.uses[key] > h.at && (len(h.conds) == 0 || h.safe(e)) {
			if x := h.extract(e, "_"+e.Op.Name); x != nil {
				h.stored[key] = append(h.stored[key], x.Array)
				return x
			}
		}
	}
	if e.Kind == ir.KReduce {
		binders, body := h.Open(e)
		h.enter(binders)
		return h.Reduce(e.Red, binders, h.expr(body))
	}
	if len(e.Args) == 0 || e.Kind == ir.KRead {
		return e
	}
	args := slices.Clone(e.Args)
	for k, x := range args {
		if e.Kind == ir.KIf {
			h.branch(e, k, func() { args[k] = h.expr(x) })
		} else {
			args[k] = h.expr(x)
		}
	}
	return h.Rebuild(e, args)
}

// known is a read of an array that holds e, or nil.
func (h *sharing) known(e *ir.Expr) *ir.Expr {
	for _, d := range h.stored[h.hash.hash(e)] {
		if d == h.a || d.Rec != nil && d.Rec == h.a.Rec && !slices.Contains(h.group, d) {
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
