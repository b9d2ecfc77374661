package dsl

import (
	"slices"

	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// member is one array of a group under elaboration.
type member struct {
	name  string
	array *ir.Array
	axis  int      // of time, among its own axes
	elem  ir.Elem  // as declared, else as the base has it
	bound *ir.Expr // of integers, as declared
	bases []basis
	cell  []*ir.Expr // shape without the frame
}

// recurrence elaborates a group: a body for each array, `if t == base then …
// else step`, over one time index.
func (in *scope) recurrence(g *recurrence, fd *funcDecl) {
	fail := func() {
		for _, st := range append(slices.Clone(g.bases), g.steps...) {
			for _, t := range st.Targets {
				if in.names[t.Name.Name] == nil {
					in.names[t.Name.Name] = bad
				}
			}
		}
	}
	first := g.steps[0]
	shifts := g.shifts()
	time := g.time(shifts, func(ix *syntax.Index) bool {
		n, ok := syntax.Unparen(orNil(ix.Expr)).(*syntax.Name)
		return !ok || in.dim(n.Name) != nil
	})
	if time == nil {
		in.report(diag.New("NN501", first.Span, "%s is defined by itself at the same place", g.names[0]).
			WithHint("a recurrence reads its own earlier entries: %s[t] = … %s[t-1] …", g.names[0], g.names[0]))
		fail()
		return
	}
	tname := time.index
	members := map[string]*member{}
	for _, name := range g.names {
		members[name] = &member{name: name, axis: -1}
	}
	for _, st := range g.steps {
		for _, t := range st.Targets {
			m := members[t.Name.Name]
			for k, ix := range t.Indices {
				if n, ok := syntax.Unparen(orNil(ix.Expr)).(*syntax.Name); ok && n.Name == tname {
					m.axis = k
				}
			}
			if m.axis < 0 || m.axis >= len(t.Indices) {
				d := diag.New("NN501", t.Span, "%s is part of the recurrence in %s, its left side lacks the index", t.Name.Name, tname).
					WithHint("%s[%s] = …", t.Name.Name, tname)
				if slices.ContainsFunc(g.bases, func(b *syntax.Equation) bool { return len(b.Targets[0].Indices) == len(t.Indices) }) && len(t.Indices) > 0 {
					d = diag.New("NN501", st.Span, "a base reads an array of its own recurrence").
						WithHint("give the value a name before, first = …, and use it in both")
				}
				in.report(d)
				fail()
				return
			}
		}
	}
	if !in.oneWay(time, shifts, members) || !in.memberTypes(g, members, fd) || !in.groupBases(g, members, fd) || !in.based(shifts, members, tname) {
		fail()
		return
	}
	if loop := g.ordered(members, tname); loop != nil {
		name := loop.Targets[0].Name.Name
		in.report(diag.New("NN501", loop.Span, "%s is defined by itself at the same place", name).
			WithHint("a step reads what is computed before it, as %s[%s-1] is", name, tname))
		fail()
		return
	}
	lo, hi, size, ok := in.timeRange(g, members, tname, fd)
	if !ok || !in.complete(g, members, lo, hi, size) {
		fail()
		return
	}
	t := in.temp(tname, lo, hi)
	in.times[t] = size
	inner := in.child()
	inner.steps = true
	tv := scalarOf(in.Idx(t))
	tv.bound = hi
	inner.names[tname] = tv
	rec := &ir.Recurrence{Down: time.down}
	frame, ok := in.recurrenceFrame(first)
	if !ok {
		fail()
		return
	}
	in.opens = append(in.opens, &openGroup{t, map[*ir.Array]bool{}})
	defer func(n int) { in.opens = in.opens[:n] }(len(in.opens) - 1)
	start := len(in.body.build.prog.Defs)
	for _, name := range g.names {
		if m := members[name]; len(m.bases) > 0 {
			in.declare(m, frame, size, t)
			inner.names[name] = in.memberValue(m, frame, t, lo, hi)
		}
	}
	by := map[*ir.Array]*syntax.Equation{}
	for _, st := range g.steps {
		n := len(in.body.build.prog.Defs)
		if !in.step(inner, st, members, rec, frame, t, lo, hi, size, fd) {
			fail()
			return
		}
		for _, a := range in.body.build.prog.Defs[n:] {
			by[a] = st
		}
	}
	group := in.sortGroup(start, members, rec, t)
	if !in.checkOrder(order{rec: rec, time: t, lo: lo, hi: hi}, group, by) {
		fail()
		return
	}
	for _, st := range g.steps {
		for _, tg := range st.Targets {
			m := members[tg.Name.Name]
			v := in.memberValue(m, frame, t, nil, nil)
			in.define(tg.Name, v, st.Value.At())
			if len(m.bases) > 0 {
				if in.body.scans == nil {
					in.body.scans = map[*value]*value{}
				}
				in.body.scans[in.names[tg.Name.Name]] = in.memberValue(m, frame, t, lo, hi)
			}
		}
	}
}

// declare makes the array of a member with bases, so that steps can read
// it; its body comes later.
func (in *scope) declare(m *member, frame []ir.Index, size *ir.Expr, t ir.Index) {
	cell := m.bases[0].value.shape
	m.cell = append(append(append([]*ir.Expr(nil), cell[:m.axis]...), size), cell[m.axis:]...)
	in.memberArray(m, frame, t)
}

func (in *scope) memberArray(m *member, frame []ir.Index, t ir.Index) {
	a := &ir.Array{Name: in.body.build.unused(m.name), Elem: m.elem, In: in.holding(m.bound), Def: ir.Equation, TimeAxis: len(frame) + m.axis}
	for k, f := range frame {
		size, _, _ := in.place(a, k, f)
		a.Shape = append(a.Shape, size)
		a.Axes = append(a.Axes, in.index[f].name)
	}
	for _, o := range in.opens {
		if o.time == t || slices.Contains(frame, o.time) {
			o.arrays[a] = true
		}
	}
	a.Shape = append(a.Shape, m.cell...)
	for k := range m.cell {
		name := axisLetters[k%len(axisLetters)]
		if k == m.axis {
			name = in.index[t].name
		}
		a.Axes = append(a.Axes, name)
	}
	m.array = a
	if in.timeAxis[a] == nil {
		in.timeAxis[a] = map[ir.Index]int{}
	}
	in.timeAxis[a][t] = a.TimeAxis
}

// memberValue reads a member; for the steps of its group and of others (lo, hi
// given), entries outside are its bases.
func (in *scope) memberValue(m *member, frame []ir.Index, t ir.Index, lo, hi *ir.Expr) *value {
	v := &value{kind: arrayValue, elem: m.elem, bound: m.bound, shape: m.cell}
	a := m.array
	lead := make([]*ir.Expr, len(frame))
	for k, f := range frame {
		_, _, lead[k] = in.place(a, k, f)
	}
	v.at = func(idx []*ir.Expr) *ir.Expr {
		e := in.Read(a, append(slices.Clone(lead), idx...)...)
		if lo == nil {
			return e
		}
		when := idx[m.axis]
		rest := append(slices.Clone(idx[:m.axis]), idx[m.axis+1:]...)
		for _, b := range m.bases {
			if len(in.outside(b.at, m.cell[m.axis], in.nonNegative)) > 0 && !in.apart(when, b.at) { // it lies outside the tensor
				e = in.If(in.Call(ir.Eq, when, b.at), b.value.at(rest), e)
			}
		}
		return e
	}
	if lo != nil {
		v.extent = &extent{axis: m.axis}
		if len(m.bases) > 0 {
			v.extent.base = m.bases[0].src
		}
		if n := in.beside(m, in.Int(-1), -1); n > 0 {
			v.extent.below = in.Int(int64(n))
		}
		if n := in.beside(m, m.cell[m.axis], 1); n > 0 {
			v.extent.above = in.Int(int64(n))
		}
	}
	return v
}

// apart reports whether integers are provably different.
func (in *scope) apart(x, y *ir.Expr) bool {
	d := in.Call(ir.Sub, x, y)
	return in.known(in.Call(ir.Sub, d, in.Int(1))) || in.known(in.Call(ir.Sub, in.Call(ir.Neg, d), in.Int(1)))
}

// extent widens what may be read of a member: its bases lie outside.
type extent struct {
	axis         int // of time; negative once an entry is taken
	below, above *ir.Expr
	base         *syntax.Equation
}

// moved is the extent of a read of part of a member, in which time is the
// given axis.
func (e *extent) moved(axis int) *extent {
	if e == nil {
		return nil
	}
	return &extent{axis, e.below, e.above, e.base}
}

// step elaborates one step equation and gives its arrays their bodies.
func (in *scope) step(inner *scope, st *syntax.Equation, members map[string]*member, rec *ir.Recurrence, frame []ir.Index, t ir.Index, lo, hi, size *ir.Expr, fd *funcDecl) bool {
	sc := inner.child()
	own := make([][]ir.Index, len(st.Targets))
	for k, tg := range st.Targets {
		m := members[tg.Name.Name]
		for axis, ix := range tg.Indices {
			if axis == m.axis {
				own[k] = append(own[k], t)
				continue
			}
			n, ok := syntax.Unparen(orNil(ix.Expr)).(*syntax.Name)
			if !ok {
				in.errorf("NN229", ix.Span, "indices on the left are fresh names, here is %s", in.source(ix.Span))
				return false
			}
			var l, h *ir.Expr
			if len(m.bases) > 0 && ix.In == nil && axis < len(m.cell) {
				l, h = in.Int(0), m.cell[axis]
			} else if l, h, ok = inner.leftRange(st, tg, ix, axis, n, fd); !ok {
				return false
			}
			i := in.temp(n.Name, l, h)
			v := scalarOf(in.Idx(i))
			v.bound = h
			sc.names[n.Name] = v
			own[k] = append(own[k], i)
		}
	}
	sc.hint = st.Targets[0].Name.Name
	v := sc.expr(st.Value)
	for k, tg := range st.Targets {
		x := v
		if len(st.Targets) > 1 && v.kind == recordValue && len(v.vals) == len(st.Targets) {
			x = v.vals[k]
		}
		if x.kind != arrayValue {
			if x.kind != badValue {
				in.errorf("NN227", st.Value.At(), "%d names on the left, the right side gives %s", len(st.Targets), kindCount(v))
			}
			return false
		}
		m := members[tg.Name.Name]
		if x = in.memberCell(m, x, st.Value.At(), "step"); x.kind == badValue {
			return false
		}
		if m.array == nil {
			for _, i := range own[k] {
				d := in.index[i].hi
				if i == t {
					d = size
				}
				m.cell = append(m.cell, d)
			}
			m.cell = append(m.cell, x.shape...)
			in.memberArray(m, frame, t)
			inner.names[tg.Name.Name] = in.memberValue(m, frame, t, lo, hi)
		} else if !in.sameShape(m.cell[len(own[k]):], x.shape) {
			b := m.bases[0]
			d := diag.New("NN502", st.Value.At(), "the step of %s gives %s, its base gives %s", tg.Name.Name, in.shapeText(x.shape), in.shapeText(b.value.shape))
			d.Note("base: %s (line %d)", in.source(b.src.Span), b.src.Span.Pos.Line)
			in.report(d)
			return false
		}
		in.memberBody(m, own[k], x, frame, t, st)
		m.array.Rec = rec
		in.body.build.prog.Append(m.array)
	}
	return true
}

// memberBody is the step with the bases that lie inside the range.
func (in *scope) memberBody(m *member, own []ir.Index, x *value, frame []ir.Index, t ir.Index, st *syntax.Equation) {
	ts, idx := in.temps(x.shape, in.axisNames(x))
	e := x.at(idx)
	all := append(slices.Clone(own), ts...)
	rest := make([]*ir.Expr, 0, len(all))
	for k, i := range all {
		if k != m.axis {
			rest = append(rest, in.Idx(i))
		}
	}
	inside := false
	for _, b := range m.bases {
		if len(in.outside(b.at, m.cell[m.axis], in.nonNegative)) == 0 {
			e = in.If(in.Call(ir.Eq, in.Idx(t), b.at), b.value.at(rest), e)
			inside = true
		}
	}
	if inside {
		e = in.guarded(e, frame)
	} else { // outside its range the step has no sense: what it reads may not be there
		e = in.guarded(e, append(slices.Clone(frame), t))
	}
	a := m.array
	var from []ir.Index
	var to []*ir.Expr
	for k, i := range append(slices.Clone(frame), all...) {
		x := in.Idx(ir.Axis(k))
		if k < len(frame) {
			_, x, _ = in.place(a, k, i)
		}
		from, to = append(from, i), append(to, x)
	}
	a.Body = in.substIndex(e, from, to)
	a.Pos = posOf(st.Span)
	for k, i := range ts {
		a.Axes[len(frame)+len(own)+k] = in.index[i].name
	}
	for k, i := range own {
		a.Axes[len(frame)+k] = in.index[i].name
	}
}
