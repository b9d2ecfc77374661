package pass

import (
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// A matcher finds what the letters of a pattern stand for. It tries the
// arguments of + and * in both orders, so the rest of a match is a
// continuation that may fail and be tried again.
type matcher struct {
	r       *rewriter
	through bool
	depth   int
	vars    [len(exprLetters)]*ir.Expr
	binders [len(indexLetters)][]ir.Binder
}

// The letters of patterns; their places are where a matcher keeps what they
// stand for.
const (
	exprLetters  = "xyzabcdmngh"
	indexLetters = "ijk"
)

func exprSlot(letter byte) int  { return strings.IndexByte(exprLetters, letter) }
func indexSlot(letter byte) int { return strings.IndexByte(indexLetters, letter) }

// fits is a quick look at the arguments of e: whether the rule could match.
func (rl *rule) fits(e *ir.Expr) bool {
	p := rl.lhs
	if p.Type != e.Type {
		return false
	}
	either := p.IsCall(ir.Add) || p.IsCall(ir.Mul)
	for k, x := range p.Args {
		if !rl.maybe(x, e.Args[k]) && !(either && rl.maybe(x, e.Args[1-k])) {
			return false
		}
	}
	return true
}

func (rl *rule) maybe(p, e *ir.Expr) bool {
	return p.Kind == ir.KRead || root(p) == root(e) || rl.through && e.Kind == ir.KRead
}

func (m *matcher) match(p, e *ir.Expr, then func() bool) bool {
	if p.Type != e.Type {
		return false
	}
	switch p.Kind {
	case ir.KRead:
		return m.letter(p.Array.Name[0], e, then)
	case ir.KConst:
		return e.Kind == ir.KConst && e.Val == p.Val && e.N == p.N && then()
	}
	if root(p) != root(e) {
		if e = m.behind(e); e == nil || root(p) != root(e) {
			return false
		}
	}
	m.depth++
	defer func() { m.depth-- }()
	if p.Kind == ir.KReduce {
		return m.reduction(p, e, then)
	}
	if m.args(p.Args, e.Args, then) {
		return true
	}
	if p.Kind == ir.KCall && (p.Op == ir.Add || p.Op == ir.Mul) {
		return m.args(p.Args, []*ir.Expr{e.Args[1], e.Args[0]}, then)
	}
	return false
}

func (m *matcher) args(ps, es []*ir.Expr, then func() bool) bool {
	if len(ps) == 0 {
		return then()
	}
	return m.match(ps[0], es[0], func() bool { return m.args(ps[1:], es[1:], then) })
}

func (m *matcher) letter(letter byte, e *ir.Expr, then func() bool) bool {
	l := exprSlot(letter)
	if old := m.vars[l]; old != nil {
		return old == e && then()
	}
	if (letter == 'c' || letter == 'd') && e.Kind != ir.KConst {
		return false
	}
	m.vars[l] = e
	if then() {
		return true
	}
	m.vars[l] = nil
	return false
}

func (m *matcher) reduction(p, e *ir.Expr, then func() bool) bool {
	l := indexSlot(p.Binders[0].Name[0])
	o := m.r.open(e)
	if old := m.binders[l]; old != nil { // the same ranges, so the same indices
		if len(old) != len(o.binders) {
			return false
		}
		sub := map[ir.Index]*ir.Expr{}
		for k, bd := range o.binders {
			if m.r.Subst(bd.Lo, sub) != old[k].Lo || m.r.Subst(bd.Hi, sub) != old[k].Hi {
				return false
			}
			sub[bd.Idx] = m.r.Idx(old[k].Idx)
		}
		return m.match(p.Args[0], m.r.Subst(o.body, sub), then)
	}
	m.binders[l] = o.binders
	if m.match(p.Args[0], o.body, then) {
		return true
	}
	m.binders[l] = nil
	return false
}

// behind is the body of the definition that e reads, at the indices of e: the
// rule sees through the definition. Only small bodies count, and only below
// the root; a recurrence is never looked into.
func (m *matcher) behind(e *ir.Expr) *ir.Expr {
	if !m.through || m.depth == 0 || e.Kind != ir.KRead {
		return nil
	}
	return m.r.behind(e)
}

func (r *rewriter) behind(e *ir.Expr) *ir.Expr {
	a := e.Array
	if a.Def != ir.Equation || a.Rec != nil || a.Body.Size() > 200 {
		return nil
	}
	sub := map[ir.Index]*ir.Expr{}
	for k, x := range e.Args {
		sub[ir.Axis(k)] = x
	}
	return r.Subst(a.Body, sub)
}

// closes reports whether the letters of a right-hand side use the indices of
// reductions only below those.
func (m *matcher) closes(p *ir.Expr, inside []byte) bool {
	switch p.Kind {
	case ir.KRead:
		x := m.vars[exprSlot(p.Array.Name[0])]
		for l := range indexLetters {
			open := true
			for _, in := range inside {
				open = open && indexSlot(in) != l
			}
			for _, bd := range m.binders[l] {
				if open && x.Depends(bd.Idx) {
					return false
				}
			}
		}
		return true
	case ir.KReduce:
		inside = append(inside[:len(inside):len(inside)], p.Binders[0].Name[0])
	}
	for _, x := range p.Args {
		if !m.closes(x, inside) {
			return false
		}
	}
	return true
}

// build is a pattern with its letters filled in.
func (m *matcher) build(p *ir.Expr) *ir.Expr {
	switch p.Kind {
	case ir.KRead:
		return m.vars[exprSlot(p.Array.Name[0])]
	case ir.KConst:
		if p.Type == ir.Bool {
			return m.r.Bool(p.N != 0)
		}
		return m.r.Const(p.Val)
	case ir.KReduce:
		// Two reductions of a right-hand side may not share temporaries.
		bs := m.binders[indexSlot(p.Binders[0].Name[0])]
		return m.r.reduce(p.Red, bs, m.build(p.Args[0]))
	}
	args := make([]*ir.Expr, len(p.Args))
	for k, x := range p.Args {
		args[k] = m.build(x)
	}
	if p.Kind == ir.KIf {
		return m.r.cond(args[0], args[1], args[2])
	}
	return m.r.call(p.Op, args...)
}
