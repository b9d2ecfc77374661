package codegen

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// A range such as T - 2, of windows or of what a guard leaves, is below 0 where
// T is 1. A loop over it does nothing, but a slice cannot be cut to it.

// size is how often an index runs.
func (b *body) size(d plan.Dim) *ir.Expr { return b.b.Call(ir.Sub, d.Hi, d.Lo) }

// never reports whether a range is known to be empty.
func (b *body) never(d plan.Dim) bool { n := b.size(d); return n.Kind == ir.KConst && n.N <= 0 }

// unread says to Go that variables which only a loop that never runs reads are
// not forgotten.
func (b *body) unread(l *plan.Loop) {
	seen := map[string]bool{}
	b.visit(l, nil, nil, func(d *plan.Def, _ []*plan.Loop, _ bool) {
		for _, a := range ir.Reads(d.Body) {
			st, name := b.plan.Store[a], b.arr[a]
			if st != nil && st.Local() && name != "" && !seen[name] {
				seen[name] = true
				b.line("_ = %s", name)
			}
		}
	})
}

// rest is how often a loop runs after the first time: not below 0 in it.
func (b *body) rest(l *plan.Loop) *ir.Expr { return b.b.Call(ir.Sub, b.size(l.Dim), b.b.Int(1)) }

// backwards reports whether a range may be below 0, as far as is seen easily,
// within the loops that are open and more; or just empty, where it begins
// elsewhere than at 0, as i + 2..N for i in N does.
func (b *body) backwards(d plan.Dim, more ...*plan.Loop) bool {
	size := b.size(d)
	if !b.falls(size) {
		return false
	}
	if !d.Lo.IsConst(0) { // where it does not run, an outer index may be outside
		size = b.b.Call(ir.Sub, size, b.b.Int(1))
	}
	last := map[ir.Index]*ir.Expr{}
	for _, l := range append(b.loops[:len(b.loops):len(b.loops)], more...) {
		last[l.Idx] = b.b.Call(ir.Sub, l.Hi, b.b.Int(1))
	}
	size = b.b.Subst(size, last)
	known := append(b.runs[:len(b.runs):len(b.runs)], b.b.Int(0))
	for _, w := range b.plan.Program.Where {
		if w.IsCall(ir.Ge) {
			known = append(known, b.b.Call(ir.Sub, w.Args[0], w.Args[1]))
		}
	}
	return !slices.ContainsFunc(known, func(k *ir.Expr) bool { return !b.falls(b.b.Call(ir.Sub, size, k)) })
}

// falls reports whether something is subtracted in e.
func (b *body) falls(e *ir.Expr) bool {
	for _, t := range b.b.PolyOf(e) {
		if t.Coef < 0 {
			return true
		}
	}
	return false
}

// some is the condition that a range is not empty, with nothing subtracted in it.
func (b *body) some(d plan.Dim) string {
	var more, less ir.Poly
	for _, t := range b.b.PolyOf(b.size(d)) {
		if t.Coef > 0 {
			more = append(more, t)
		} else {
			less = append(less, ir.Term{Coef: -t.Coef, Atoms: t.Atoms})
		}
	}
	return fmt.Sprintf("%s > %s", b.expr(b.b.FromPoly(more), binary[">"]), b.expr(b.b.FromPoly(less), binary[">"]))
}

// guarded prints a loop over such a range; where rows are cut for it, only if
// it is not empty.
func (b *body) guarded(l *plan.Loop) {
	before := b.w
	b.w = bytes.Buffer{}
	done := b.push()
	b.runs = append(b.runs, b.rest(l))
	b.hoist(l)
	b.plain(l)
	b.runs = b.runs[:len(b.runs)-1]
	done()
	text := b.w.String()
	b.w = before
	if strings.HasPrefix(text, "for ") {
		b.w.WriteString(text)
		return
	}
	b.line("if %s {", b.some(l.Dim))
	b.w.WriteString(text)
	b.line("}")
}
