package dsl

import (
	"slices"

	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// basis is an entry that is given: at its place on the time axis, a value
// whose axes are the others.
type basis struct {
	at    *ir.Expr
	value *value
	src   *syntax.Equation
}

// groupBases elaborates the bases.
func (in *scope) groupBases(g *recurrence, members map[string]*member, fd *funcDecl) bool {
	for _, st := range g.bases {
		inner := in.child()
		var ranges [][]ir.Index
		var places []*ir.Expr
		for _, t := range st.Targets {
			m := members[t.Name.Name]
			if m == nil || m.axis >= len(t.Indices) {
				in.errorf("NN501", t.Span, "a base gives one entry: %s[-1] = …", t.Name.Name)
				return false
			}
			var own []ir.Index
			for k, ix := range t.Indices {
				if k == m.axis {
					at := in.intExpr(ix.Expr)
					if at == nil {
						return false
					}
					places = append(places, in.resolve(at))
					continue
				}
				n, ok := syntax.Unparen(orNil(ix.Expr)).(*syntax.Name)
				if !ok {
					in.errorf("NN229", ix.Span, "indices on the left are fresh names, here is %s", in.source(ix.Span))
					return false
				}
				lo, hi, ok := in.leftRange(st, t, g.ranged(t.Name.Name, k, ix), k, n, fd)
				if !ok {
					return false
				}
				i := in.temp(n.Name, lo, hi)
				v := scalarOf(in.Idx(i))
				v.bound = hi
				inner.names[n.Name] = v
				own = append(own, i)
			}
			ranges = append(ranges, own)
		}
		inner.hint = st.Targets[0].Name.Name + "0"
		v := inner.expr(st.Value)
		for k, t := range st.Targets {
			x := v
			if len(st.Targets) > 1 && v.kind == recordValue && len(v.vals) == len(st.Targets) {
				x = v.vals[k]
			}
			if x.kind != arrayValue {
				if x.kind != badValue {
					in.errorf("NN227", st.Value.At(), "the base of %s is numbers, here is %s", t.Name.Name, kindText(x))
				}
				return false
			}
			m := members[t.Name.Name]
			if x = in.memberCell(m, x, st.Value.At(), "base"); x.kind == badValue {
				return false
			}
			if k := slices.IndexFunc(m.bases, func(b basis) bool { return b.at == places[k] }); k >= 0 {
				in.report(diag.New("NN206", t.Span, "%s is given twice", in.source(t.Span)).Also(m.bases[k].src.Span))
				return false
			}
			x = in.abstract(x, ranges[k])
			x = in.store(inner.hint, x, st.Span, nil)
			m.bases = append(m.bases, basis{places[k], x, st})
		}
	}
	return true
}

// timeRange is the range of the step, and the size of the time axis.
func (in *scope) timeRange(g *recurrence, members map[string]*member, tname string, fd *funcDecl) (lo, hi, size *ir.Expr, ok bool) {
	var exprs []syntax.Expr
	for _, st := range g.steps {
		exprs = append(exprs, st.Value)
		for _, t := range st.Targets {
			m := members[t.Name.Name]
			ix := t.Indices[m.axis]
			if ix.In != nil && hi == nil {
				if lo, hi, ok = in.rangeOf(ix.In); !ok {
					return nil, nil, nil, false
				}
			}
			for _, r := range fd.Results {
				if r.Name.Name == t.Name.Name && r.Type != nil && m.axis < len(r.Type.Dims) && r.Type.Dims[m.axis].Expr != nil && size == nil {
					known := true
					for _, n := range freeNames(r.Type.Dims[m.axis].Expr) {
						known = known && in.dim(n) != nil
					}
					if known {
						size = in.intExpr(r.Type.Dims[m.axis].Expr)
					}
				}
			}
		}
	}
	explicit := hi != nil
	if hi == nil && size != nil {
		lo, hi = in.Int(0), size
	}
	if hi == nil {
		if lo, hi, ok = in.rangeOfTime(tname, g.steps[0].Targets[0].Span, exprs...); !ok {
			return nil, nil, nil, false
		}
	}
	if size == nil {
		size = hi
	}
	if !explicit { // bases inside shorten the range of the step
		for _, m := range members {
			for _, b := range m.bases {
				if in.nonNegative(b.at) && in.nonNegative(in.Call(ir.Sub, in.Call(ir.Sub, size, in.Int(1)), b.at)) {
					if b.at == in.resolve(in.Call(ir.Sub, hi, in.Int(1))) {
						hi = b.at
					} else if next := in.Call(ir.Add, b.at, in.Int(1)); in.nonNegative(in.Call(ir.Sub, next, lo)) {
						lo = next
					}
				}
			}
		}
	}
	return lo, hi, size, true
}

// rangeOfTime is inferRange for the index of a recurrence, which may stand bare
// nowhere: then it is that of another recurrence that the steps read at t-1.
func (in *scope) rangeOfTime(name string, at diag.Span, exprs ...syntax.Expr) (lo, hi *ir.Expr, ok bool) {
	f := &bareFinder{s: in, name: name}
	var visit func(e syntax.Expr)
	visit = func(e syntax.Expr) {
		f.walk(e)
		if x, ok := e.(*syntax.IndexExpr); ok && hi == nil {
			if h := in.body.scans[in.quiet(x.X)]; h != nil && h.extent.axis < len(x.Indices) {
				if b, ok := syntax.Unparen(orNil(x.Indices[h.extent.axis].Expr)).(*syntax.Binary); ok && in.source(b.X.At()) == name {
					hi = h.shape[h.extent.axis]
				}
			}
		}
		children(e, visit)
	}
	for _, e := range exprs {
		visit(e)
	}
	if len(f.found) == 0 && hi != nil {
		return in.Int(0), hi, true
	}
	return in.inferRange(name, at, exprs...)
}

// ranged is the index of a base with the range that a step gives the axis,
// where the base gives none.
func (g *recurrence) ranged(name string, axis int, ix *syntax.Index) *syntax.Index {
	for _, st := range g.steps {
		for _, t := range st.Targets {
			if ix.In == nil && t.Name.Name == name && axis < len(t.Indices) && t.Indices[axis].In != nil {
				w := *ix
				w.In = t.Indices[axis].In
				return &w
			}
		}
	}
	return ix
}

// memberTypes notes what the members are declared to hold.
func (in *scope) memberTypes(g *recurrence, members map[string]*member, fd *funcDecl) bool {
	types := map[string]*syntax.Type{}
	for _, st := range slices.Concat(g.bases, g.steps) {
		if st.Type != nil && len(st.Targets) == 1 {
			types[st.Targets[0].Name.Name] = st.Type
		}
	}
	for _, r := range fd.Results {
		if r.Type != nil {
			types[r.Name.Name] = r.Type
		}
	}
	for _, m := range members {
		m.elem = noElem
		t := types[m.name]
		switch {
		case t == nil:
			continue
		case t.In != nil:
			m.elem = ir.Int
			if m.bound = in.intExpr(t.In); m.bound == nil {
				return false
			}
		case t.Elem == "int":
			m.elem = ir.Int
		case t.Elem == "bool":
			m.elem = ir.Bool
		default:
			m.elem = ir.Real
		}
	}
	return true
}

// noElem is the element type of a member that is not declared and has no base
// yet: what comes first decides, and numbers are real.
const noElem = ir.Elem(255)

// memberCell is x, the base or step of a member, with its element type.
func (in *scope) memberCell(m *member, x *value, at diag.Span, what string) *value {
	switch {
	case m.elem != noElem:
	case x.elem == ir.Bool:
		m.elem = ir.Bool
	default:
		m.elem = ir.Real
	}
	if m.elem == ir.Real && x.elem == ir.Int {
		x = in.real(x)
	}
	if x.elem != m.elem {
		return in.errorf("NN502", at, "the %s of %s gives %s, %s is %s", what, m.name, x.elem, m.name, m.elem)
	}
	if m.bound != nil && !in.boundedBy(x, m.bound) {
		return in.errorf("NN205", at, "nothing bounds the %s of %s to %s", what, m.name, in.dimText(m.bound))
	}
	return x
}

// boundedBy reports whether the elements of x are shown to lie in 0..bound.
func (in *scope) boundedBy(x *value, bound *ir.Expr) bool {
	if b := x.bound; b != nil {
		return in.equal(b, bound) || in.nonNegative(in.Call(ir.Sub, bound, b))
	}
	_, idx := in.temps(x.shape, nil)
	return len(in.outside(x.at(idx), bound, in.nonNegative)) == 0
}

// oneWay checks that all shifted reads go the way of the first.
func (in *scope) oneWay(time *shift, shifts []shift, members map[string]*member) bool {
	for _, sh := range shifts {
		if sh.index == time.index && sh.axis == members[sh.array].axis && sh.down != time.down {
			d := diag.New("NN501", sh.at, "a recurrence runs one way, here it reads %s and %s", in.source(time.at), in.source(sh.at))
			in.report(d.Also(time.at).WithHint("two passes are two recurrences: the second reads the array that the first gives"))
			return false
		}
	}
	return true
}

// beside is the number of bases of m that stand side by side from a place on.
func (in *scope) beside(m *member, place *ir.Expr, step int64) int {
	n := 0
	for slices.ContainsFunc(m.bases, func(b basis) bool { return in.equal(b.at, place) }) {
		n++
		place = in.Call(ir.Add, place, in.Int(step))
	}
	return n
}

// complete checks that the bases of each member and the range of its step
// together give every entry, and that no base lies apart.
func (in *scope) complete(g *recurrence, members map[string]*member, lo, hi, size *ir.Expr) bool {
	gap := func(m *member, from, to *ir.Expr) *ir.Expr { // the first place between that no base gives
		for range m.bases {
			if in.equal(from, to) || !slices.ContainsFunc(m.bases, func(b basis) bool { return in.equal(b.at, from) }) {
				break
			}
			from = in.Call(ir.Add, from, in.Int(1))
		}
		if in.equal(from, to) {
			return nil
		}
		return from
	}
	for _, name := range g.names {
		m := members[name]
		if len(m.bases) == 0 {
			continue
		}
		missing := gap(m, in.Int(0), lo)
		if missing == nil {
			missing = gap(m, hi, size)
		}
		for _, b := range m.bases {
			if missing != nil || len(in.outside(b.at, size, in.nonNegative)) == 0 {
				continue
			}
			if in.nonNegative(in.Call(ir.Sub, b.at, size)) {
				missing = gap(m, size, b.at)
			} else {
				missing = gap(m, in.Call(ir.Add, b.at, in.Int(1)), in.Int(0))
			}
		}
		if missing != nil {
			in.report(diag.New("NN501", m.bases[0].src.Span, "nothing gives %s at %s", name, in.dimText(missing)).
				Note("its step runs over %s..%s", in.dimText(lo), in.dimText(hi)).
				WithHint("bases stand side by side, next to the range of the step"))
			return false
		}
	}
	return true
}

// based checks that what the steps read beside their place has a base.
func (in *scope) based(shifts []shift, members map[string]*member, tname string) bool {
	for _, sh := range shifts {
		m := members[sh.array]
		if sh.index != tname || sh.axis != m.axis || sh.safe || len(m.bases) > 0 {
			continue
		}
		place := "-1"
		if sh.down {
			place = "…"
		}
		in.report(diag.New("NN501", sh.at, "%s has no base: nothing gives the entry that its first step reads", m.name).
			WithHint("%s[%s] = …", m.name, place))
		return false
	}
	return true
}
