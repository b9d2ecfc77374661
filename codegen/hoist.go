package codegen

import (
	"slices"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// hoist prints, before a loop, what does not change in it: values, and rows of
// arrays cut to the length of the loop over them.
func (b *body) hoist(l *plan.Loop) {
	inner := map[ir.Index]bool{}
	b.visit(l, nil, nil, func(_ *plan.Def, path []*plan.Loop, _ bool) {
		for _, x := range path {
			inner[x.Idx] = true
		}
	})
	inner[l.Idx] = true
	fixed := func(e *ir.Expr) bool {
		for _, i := range e.Free() {
			if inner[i] {
				return false
			}
		}
		if l.Time {
			for _, a := range ir.Reads(e) {
				if l.Writes(a) {
					return false
				}
			}
		}
		return true
	}
	b.visit(l, nil, nil, func(d *plan.Def, path []*plan.Loop, lazy bool) {
		if lazy {
			return
		}
		body := d.Body
		if d.Array.Def == ir.Accumulate && body.Kind == ir.KIf {
			body = body.Args[0] // where it does not hold there may be no element to add to
		}
		b.invariants(body, fixed)
		for _, x := range d.At {
			b.invariants(x, fixed)
		}
	})
	b.visit(l, nil, nil, func(d *plan.Def, path []*plan.Loop, lazy bool) {
		if d.Red == nil || !d.Scalar {
			b.row(d.Array, d.At, path, !lazy, fixed)
		}
		b.rowsOf(d.Body, path, lazy, fixed)
	})
}

// visit calls f for the statements within a loop, with the loops around each
// from l inwards, and whether it may not run.
func (b *body) visit(l *plan.Loop, path []*plan.Loop, list []plan.Node, f func(d *plan.Def, path []*plan.Loop, lazy bool)) {
	var walk func(list []plan.Node, path []*plan.Loop, lazy bool)
	walk = func(list []plan.Node, path []*plan.Loop, lazy bool) {
		for _, n := range list {
			switch n := n.(type) {
			case *plan.Stmt:
				f(n.Def, path, lazy)
			case *plan.Loop:
				walk(n.Body, append(path[:len(path):len(path)], n), lazy || b.backwards(n.Dim, path...))
			case *plan.Branch:
				walk(n.Then, path, true)
				walk(n.Else, path, true)
			}
		}
	}
	walk(l.Body, []*plan.Loop{l}, false)
}

// invariants computes the largest parts of e that are fixed.
func (b *body) invariants(e *ir.Expr, fixed func(*ir.Expr) bool) {
	eager(e, func(x *ir.Expr) bool {
		if b.isKnown(x) || x.Kind == ir.KConst {
			return false
		}
		if fixed(x) && (b.worth(x) || x.IsCall(ir.ToReal)) && b.insideAll(x) {
			b.value(x, b.hint(x))
			return false
		}
		return true
	})
}

// open are the loops around, as ranges.
func (b *body) open(more ...*plan.Loop) []plan.Dim {
	var out []plan.Dim
	for _, l := range b.loops {
		out = append(out, l.Dim)
	}
	for _, l := range more {
		out = append(out, l.Dim)
	}
	return out
}

// insideAll reports whether e can be evaluated where nothing says that it
// will be: a loop may run no times. More loops may be around than are open.
func (b *body) insideAll(e *ir.Expr, more ...*plan.Loop) bool {
	ok := true
	dims := b.open(more...)
	ir.Walk(e, func(x *ir.Expr) bool {
		switch {
		case x.Kind == ir.KReduce:
			ok = false
		case x.Kind == ir.KRead:
			ok = ok && (b.inner[x] || plan.Inside(b.b, x, dims))
		case x.Kind == ir.KCall && x.Op.Class == ir.IntOnly:
			ok = ok && x.Args[1].Kind == ir.KConst
		}
		return ok
	})
	return ok
}

// rowsOf cuts rows for the reads of e. One that may not happen has to be
// provably inside its array.
func (b *body) rowsOf(e *ir.Expr, path []*plan.Loop, lazy bool, fixed func(*ir.Expr) bool) {
	sure := map[*ir.Expr]bool{}
	if !lazy {
		eager(e, func(x *ir.Expr) bool {
			if sure[x] {
				return false
			}
			sure[x] = true
			return true
		})
	}
	var dims []plan.Dim
	seen := map[*ir.Expr]bool{}
	var walk func(e *ir.Expr)
	walk = func(e *ir.Expr) {
		if seen[e] || b.isKnown(e) || e.Kind == ir.KReduce {
			return
		}
		seen[e] = true
		for _, a := range e.Args {
			walk(a)
		}
		if e.Kind != ir.KRead {
			return
		}
		if !sure[e] {
			if dims == nil {
				dims = b.open(path...)
			}
			if !b.inner[e] && !plan.Inside(b.b, e, dims) {
				return
			}
		}
		b.row(e.Array, e.Args, path, sure[e], fixed)
	}
	walk(e)
}

// row cuts the row of an array that the innermost loop of a path runs along.
// An element that is surely read at index 0 has a position that is not
// negative.
func (b *body) row(a *ir.Array, at []*ir.Expr, path []*plan.Loop, sure bool, fixed func(*ir.Expr) bool) {
	if st := b.plan.Store[a]; st != nil && st.Local() || len(at) == 0 {
		return
	}
	root, e := b.flat(a, at)
	l := path[len(path)-1]
	base := b.b.Call(ir.Sub, e, b.b.Idx(l.Idx))
	if base.Depends(l.Idx) || !fixed(base) || !fixed(l.Hi) || !(sure && l.Lo.IsConst(0)) && !b.positive(base) {
		return
	}
	if !b.strip.is(l) && (b.backwards(l.Dim, path...) || b.falls(b.size(l.Dim)) && !(b.positive(base) && b.begins(root, base, path...))) {
		return
	}
	if len(path) > 1 && b.emptied(root, l.Hi) {
		return
	}
	for _, r := range b.rows[root] {
		if r.base == base && r.idx == l.Idx && r.hi == l.Hi {
			return
		}
	}
	if st := b.plan.Store[root]; base.IsConst(0) && st != nil && st.Size == l.Hi {
		return
	}
	// Another loop along the same row has the same slice.
	for _, r := range b.rows[root] {
		if r.base == base && r.hi == l.Hi {
			b.addRow(row{root, base, l.Idx, l.Hi, r.name})
			return
		}
	}
	from := ""
	if !base.IsConst(0) {
		from = "[" + b.expr(base, 0) + ":]"
	}
	text := b.arr[root] + from + "[:" + b.expr(l.Hi, 0) + "]"
	name := b.names.pick(b.withIndices(local(last(root.Name)), base))
	b.line("%s := %s", name, text)
	b.addRow(row{root, base, l.Idx, l.Hi, name})
}

// emptied reports whether an array may have no element where a row of it has, for all
// that the loops say which run: the first row of x[N, 2], within a loop over N.
func (b *body) emptied(root *ir.Array, length *ir.Expr) bool {
	some := false
	ir.Walk(b.elementsOf(root), func(n *ir.Expr) bool {
		if n.Kind == ir.KDim {
			within := func(e *ir.Expr) (found bool) {
				ir.Walk(e, func(x *ir.Expr) bool { found = found || x == n; return !found })
				return found
			}
			runs := slices.ContainsFunc(b.loops, func(l *plan.Loop) bool { return within(l.Hi) })
			some = some || !runs && !within(length)
		}
		return !some
	})
	return some
}

// begins reports whether an offset is provably within an array or at its end,
// within the loops that are open and more, though a row from there may have no
// element: x[M + 1:] is not, for i in M - 1, where x is [M].
func (b *body) begins(a *ir.Array, offset *ir.Expr, more ...*plan.Loop) bool {
	rest := b.b.Call(ir.Sub, b.elementsOf(a), offset)
	one := b.b.Int(1)
	last := map[ir.Index]*ir.Expr{}
	known := slices.Clone(b.runs) // none is below 0
	for _, l := range slices.Concat(b.loops, more[:len(more)-1]) {
		last[l.Idx] = b.b.Call(ir.Sub, l.Hi, one)
		known = append(known, b.rest(l))
	}
	for _, w := range b.plan.Program.Where {
		if w.IsCall(ir.Ge) {
			known = append(known, b.b.Call(ir.Sub, w.Args[0], w.Args[1]))
		}
	}
	rest = b.b.Subst(rest, last)
	for _, k := range known {
		if n := b.b.Call(ir.Add, k, one); n.Kind == ir.KDim {
			rest = b.b.Map(rest, func(x *ir.Expr) *ir.Expr {
				if x == n {
					return b.b.Call(ir.Add, n, one)
				}
				return x
			})
		}
	}
	return !b.falls(rest)
}

// elementsOf is how many elements of an array there are in memory.
func (b *body) elementsOf(a *ir.Array) *ir.Expr {
	if st := b.plan.Store[a]; st != nil && st.Size != nil {
		return st.Size
	}
	n := b.b.Int(1)
	for _, x := range a.Shape {
		n = b.b.Call(ir.Mul, n, x)
	}
	return n
}

func (b *body) addRow(r row) {
	b.rows[r.array] = append(b.rows[r.array], r)
	b.cut = append(b.cut, r.array)
}

// positive reports whether an offset is provably not negative; what has been
// checked at the border is.
func (b *body) positive(e *ir.Expr) bool {
	for _, t := range b.b.PolyOf(e) {
		if t.Coef < 0 {
			return false
		}
		for _, a := range t.Atoms {
			if a.Kind != ir.KDim && a.Kind != ir.KIndex && !(a.IsCall(ir.Mod) && b.b.NonNegative(a.Args[1])) && !(a.Kind == ir.KRead && a.Array.In != nil) {
				return false
			}
		}
	}
	return true
}
