package codegen

import (
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// flat follows an array to where its elements are and gives the position of
// one there.
func (b *body) flat(a *ir.Array, at []*ir.Expr) (*ir.Array, *ir.Expr) {
	st := b.plan.Store[a]
	for st != nil && st.Alias != nil {
		sub := map[ir.Index]*ir.Expr{}
		for k, x := range at {
			sub[ir.Axis(k)] = x
		}
		to := make([]*ir.Expr, len(st.Alias.At))
		for k, x := range st.Alias.At {
			to[k] = b.b.Subst(x, sub)
		}
		a, at = st.Alias.Array, to
		st = b.plan.Store[a]
	}
	if st == nil {
		return a, plan.Flat(b.b, at, a.Shape)
	}
	var kept, shape []*ir.Expr
	for _, k := range st.Axes() {
		kept, shape = append(kept, at[k]), append(shape, a.Shape[k])
	}
	return a, plan.Flat(b.b, kept, shape)
}

// place is an element as it stands left of an assignment.
func (b *body) place(a *ir.Array, at []*ir.Expr) string {
	if st := b.plan.Store[a]; st != nil && st.Local() {
		name, _ := b.variable(a)
		return name
	}
	root, e := b.flat(a, at)
	for _, r := range slices.Backward(b.rows[root]) {
		if b.b.Call(ir.Sub, e, r.base) == b.b.Idx(r.idx) && b.fits(r) {
			return r.name + "[" + b.idx[r.idx] + "]"
		}
	}
	if b.bare[root] {
		return b.arr[root]
	}
	return b.arr[root] + "[" + b.expr(e, 0) + "]"
}

// fits reports whether a row is as long as the loop along it: the copies of a
// loop that stands in an unrolled one share an index, but may have other ends.
func (b *body) fits(r row) bool {
	for _, l := range slices.Backward(b.loops) {
		if l.Idx == r.idx {
			return l.Hi == r.hi
		}
	}
	return true
}

// element is the value of a read. One at a position below 0 is never made, by
// conditions that Go does not see through: it would not compile.
func (b *body) element(e *ir.Expr) string {
	if st := b.plan.Store[e.Array]; st == nil || !st.Local() {
		_, at := b.flat(e.Array, e.Args)
		switch {
		case e.Type == ir.Bool:
		case at.Kind == ir.KConst && at.N < 0:
			return "0"
		case e.Type == ir.Int && !b.inArena(e.Array):
			return "int(" + b.place(e.Array, e.Args) + ")"
		}
	}
	return b.place(e.Array, e.Args)
}

// hook prints variables, and what Go has no expression for.
func (b *body) hook(e *ir.Expr) (string, bool) {
	if s, ok := b.known(e); ok {
		return s, true
	}
	switch {
	case b.joints[e] != nil:
		return b.joined(e, ""), true
	case b.want[e]:
		return b.value(e, b.hint(e)), true
	case e.Kind == ir.KIf:
		return b.value(e, "v"), true
	case e.Kind == ir.KReduce:
		return b.inline(e), true
	case (e.IsCall(ir.And) || e.IsCall(ir.Or)) && b.needsStatements(e.Args[1]):
		name := b.names.pick("ok")
		b.line("%s := %s", name, b.expr(e.Args[0], 0))
		not := ""
		if e.IsCall(ir.Or) {
			not = "!"
		}
		b.line("if %s%s {", not, name)
		b.arm(func() { b.line("%s = %s", name, b.expr(e.Args[1], 0)) })
		b.line("}")
		b.keep(e, name)
		return name, true
	}
	return "", false
}

func (b *body) needsStatements(e *ir.Expr) bool {
	found := false
	ir.Walk(e, func(x *ir.Expr) bool {
		if b.isKnown(x) {
			return false
		}
		found = found || x.Kind == ir.KIf || x.Kind == ir.KReduce || b.want[x]
		return !found
	})
	return found
}

// hint is a name for the value of e: that of an array with its indices, yn
// for y[n], and count for the real number that sizes give.
func (b *body) hint(e *ir.Expr) string {
	if e.IsCall(ir.ToReal) && !e.ReadsAny() && len(e.Free()) == 0 {
		return "count"
	}
	if e.Kind != ir.KRead {
		return "c"
	}
	return local(plan.Numbered(b.withIndices(local(last(e.Array.Name)), e.Args...), e.Array, e.Args))
}

func (b *body) withIndices(name string, at ...*ir.Expr) string {
	seen := map[ir.Index]bool{}
	for _, x := range at {
		for _, i := range x.Free() {
			if s := b.idx[i]; s != "" && !seen[i] {
				seen[i] = true
				name += s
			}
		}
	}
	return name
}

// last is the last part of a dotted name, where that is a name.
func last(s string) string {
	if k := strings.LastIndexByte(s, '.'); k >= 0 && k+1 < len(s) && (s[k+1] < '0' || s[k+1] > '9') {
		return s[k+1:]
	}
	return s
}

// worth reports whether e deserves a variable when it is needed twice or can
// be computed outside a loop.
func (b *body) worth(e *ir.Expr) bool {
	switch e.Kind {
	case ir.KRead:
		if st := b.plan.Store[e.Array]; st != nil && st.Local() {
			return false
		}
		return !b.bare[e.Array]
	case ir.KCall:
		return e.Type == ir.Real && (e.Op != ir.ToReal || e.ReadsAny()) || e.Unexpanded()
	case ir.KIf:
		return true
	}
	return false
}

// eager calls f for e and what is evaluated whenever e is, parents first; f
// returning false skips what is below.
func eager(e *ir.Expr, f func(*ir.Expr) bool) {
	if !f(e) {
		return
	}
	for k, a := range e.Args {
		lazy := k > 0 && (e.Kind == ir.KIf || e.IsCall(ir.And) || e.IsCall(ir.Or))
		if !lazy && e.Kind != ir.KReduce {
			eager(a, f)
		}
	}
}

// share marks what statements that follow each other need more than once.
func (b *body) share(list []plan.Node) {
	count := map[*ir.Expr]int{}
	var visit func(e *ir.Expr)
	visit = func(e *ir.Expr) {
		if count[e]++; count[e] > 1 {
			return
		}
		if e.Kind != ir.KReduce {
			for _, a := range e.Args {
				visit(a)
			}
		}
	}
	var bodies []*ir.Expr
	for _, n := range list {
		s, ok := n.(*plan.Stmt)
		if !ok {
			break
		}
		visit(s.Def.Body)
		bodies = append(bodies, s.Def.Body)
	}
	b.join(bodies)
	for e, n := range count {
		if n > 1 && b.worth(e) {
			b.want[e] = true
		}
	}
}

// readLater reports whether the element that a statement sets is read by the
// steps behind it, in the same iteration.
func (b *body) readLater(d *plan.Def, rest []plan.Node) bool {
	if len(b.loops) == 0 {
		return false
	}
	e := b.b.Read(d.Array, d.At...)
	found := false
	plan.Visit(rest, func(n plan.Node) {
		if s, ok := n.(*plan.Stmt); ok && !found {
			for _, x := range append([]*ir.Expr{s.Def.Body}, s.Def.At...) {
				ir.Walk(x, func(y *ir.Expr) bool {
					found = found || y == e
					return !found
				})
			}
		}
	})
	return found
}
