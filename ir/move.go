package ir

import "slices"

// Move copies programs of one Builder to a new one, which they share, so that
// nothing that is done with them concerns others: they may be compiled while
// others are. Inputs and definitions are new arrays.
//
// Expressions are numbered in the order that they had, on which normal forms
// depend.
func Move(programs ...*Program) []*Program {
	from := programs[0].Builder
	m := &mover{
		to:    &Builder{Single: from.Single, ints: map[int64]*Expr{}, names: slices.Clip(from.names)},
		exprs: make([]*Expr, from.table.n+1), copies: make([]*Expr, from.table.n+1),
		arrays: map[*Array]*Array{}, customs: map[*Custom]*Custom{}, recs: Recurrences{},
	}
	for _, p := range programs {
		for _, list := range [][]*Array{p.Inputs, p.Defs} {
			for _, a := range list {
				m.array(a)
			}
		}
		for _, e := range p.Where {
			m.collect(e)
		}
	}
	for id, e := range m.exprs {
		if e != nil {
			m.copies[id] = m.copy(e)
		}
	}
	for _, c := range m.arrays {
		m.define(c)
	}
	for from, to := range m.customs {
		to.Value, to.Partials = m.expr(from.Value), m.all(from.Partials)
	}
	var out []*Program
	for _, p := range programs {
		q := *p
		q.Builder = m.to
		q.Inputs, q.Defs, q.Where = m.those(p.Inputs), m.those(p.Defs), m.all(p.Where)
		q.Outputs = slices.Clone(p.Outputs)
		for i, o := range q.Outputs {
			q.Outputs[i].Array = m.arrays[o.Array]
		}
		out = append(out, &q)
	}
	return out
}

type mover struct {
	to      *Builder
	exprs   []*Expr // all there are, by number
	copies  []*Expr
	arrays  map[*Array]*Array
	customs map[*Custom]*Custom
	recs    Recurrences
}

// array makes the copy of an array, which is still defined as it was.
func (m *mover) array(a *Array) {
	if a == nil || m.arrays[a] != nil {
		return
	}
	c := *a
	m.arrays[a] = &c
	for _, e := range a.Shape {
		m.collect(e)
	}
	if a.In != nil {
		m.collect(a.In)
	}
	a.each(m.collect)
	m.array(a.Of)
}

// collect lists e and what is below it.
func (m *mover) collect(e *Expr) {
	if m.exprs[e.id] != nil {
		return
	}
	m.exprs[e.id] = e
	if e.Kind == KRead {
		m.array(e.Array)
	}
	for _, bd := range e.Binders {
		m.collect(bd.Lo)
		m.collect(bd.Hi)
	}
	for _, x := range e.Args {
		m.collect(x)
	}
	if f := e.Fn; f != nil && m.customs[f] == nil {
		m.customs[f] = &Custom{Name: f.Name, Params: f.Params}
		m.collect(f.Value)
		for _, x := range f.Partials {
			if x != nil {
				m.collect(x)
			}
		}
	}
}

// expr is the copy of an expression, nil of nil.
func (m *mover) expr(e *Expr) *Expr {
	if e == nil {
		return nil
	}
	return m.copies[e.id]
}

// copy makes the copy of an expression whose parts have theirs.
func (m *mover) copy(e *Expr) *Expr {
	c := Expr{Kind: e.Kind, Type: e.Type, Idx: e.Idx, Val: e.Val, N: e.N, Name: e.Name, Op: e.Op, Red: e.Red}
	c.Array, c.Fn, c.Binders = m.arrays[e.Array], m.customs[e.Fn], m.binders(e.Binders)
	var few [4]*Expr
	args := few[:0]
	for _, x := range e.Args {
		args = append(args, m.copies[x.id])
	}
	return m.to.intern(&c, args...)
}

// define makes the definition of a copy that of the copies.
func (m *mover) define(a *Array) {
	a.Shape, a.At, a.DistArgs, a.Domain = m.all(a.Shape), m.all(a.At), m.all(a.DistArgs), m.binders(a.Domain)
	a.In, a.Body, a.Of = m.expr(a.In), m.expr(a.Body), m.arrays[a.Of]
	a.Rec = m.recs.Copy(a.Rec)
}

func (m *mover) those(list []*Array) []*Array {
	out := make([]*Array, len(list))
	for i, a := range list {
		out[i] = m.arrays[a]
	}
	return out
}

func (m *mover) all(list []*Expr) []*Expr {
	if list == nil {
		return nil
	}
	out := make([]*Expr, len(list))
	for i, e := range list {
		out[i] = m.expr(e)
	}
	return out
}

func (m *mover) binders(list []Binder) []Binder {
	out := slices.Clone(list)
	for i := range out {
		out[i].Lo, out[i].Hi = m.expr(out[i].Lo), m.expr(out[i].Hi)
	}
	return out
}
