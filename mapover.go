package nnc

import (
	"github.com/nnc-lang/nnc/ir"
	"slices"
)

// mapOver is the pass map. Every array that depends on the data of an example
// gets one more axis in front, the example; what depends on parameters alone
// stays one. Inputs become those of the mapped program.
func mapOver(j *job) error {
	over := j.want.over
	if over == nil {
		return nil
	}
	p := j.program
	m := &mapper{p: p, to: map[*ir.Array]*ir.Array{}, mapped: map[*ir.Array]bool{}}
	q := &ir.Program{Builder: p.Builder, Name: over.Name, Dims: over.Dims, Where: over.Where}
	for _, in := range p.Inputs {
		x := over.Lookup(in.Name)
		if x == nil {
			return bugf("the program of a batch has no input %s", in.Name)
		}
		m.to[in], m.mapped[in] = x, x.Rank() > in.Rank()
		if m.mapped[in] {
			m.size = x.Shape[0]
		}
		q.Inputs = append(q.Inputs, x)
	}
	if m.size == nil { // without data there is nothing to map over
		return bugf("%s has no data to be mapped over", over.Name)
	}
	// In a recurrence arrays read each other, so it takes rounds.
	for again := true; again; {
		again = false
		for _, a := range p.Defs {
			if !m.mapped[a] && m.dependent(a) {
				m.mapped[a], again = true, true
			}
		}
	}
	recs := ir.Recurrences{}
	for _, a := range p.Defs {
		m.to[a] = m.array(a, recs)
	}
	for _, a := range p.Defs {
		m.define(a, m.to[a])
		q.Defs = append(q.Defs, m.to[a])
	}
	for _, o := range p.Outputs {
		if !m.mapped[o.Array] { // the same for every example
			q.Outputs = append(q.Outputs, ir.Output{Name: o.Name, Array: q.Append(m.spread(q, m.to[o.Array]))})
			continue
		}
		q.Outputs = append(q.Outputs, ir.Output{Name: o.Name, Array: m.to[o.Array]})
	}
	j.program = q
	return nil
}

type mapper struct {
	p      *ir.Program
	size   *ir.Expr // of the new axis
	to     map[*ir.Array]*ir.Array
	mapped map[*ir.Array]bool
}

// dependent reports whether a definition differs from example to example.
func (m *mapper) dependent(a *ir.Array) bool {
	if a.Def == ir.Draw {
		return true
	}
	for _, r := range a.Reads() {
		if m.mapped[r] {
			return true
		}
	}
	return false
}

// array is a with its new shape, still defined as before.
func (m *mapper) array(a *ir.Array, recs ir.Recurrences) *ir.Array {
	c := *a
	c.Rec = recs.Copy(a.Rec)
	if !m.mapped[a] {
		return &c
	}
	c.Shape = append([]*ir.Expr{m.size}, a.Shape...)
	c.Axes = []string{"n"}
	if len(a.Axes) == a.Rank() {
		c.Axes = append(c.Axes, a.Axes...)
	}
	c.TimeAxis, c.Outer = a.TimeAxis+1, slices.Clone(a.Outer)
	for k := range c.Outer {
		c.Outer[k]++
	}
	return &c
}

// define rewrites the definition of a into c.
func (m *mapper) define(a, c *ir.Array) {
	if !m.mapped[a] {
		c.Rewrite(m.p.Builder, func(e *ir.Expr) *ir.Expr { return m.read(e, nil) })
		return
	}
	shift := map[ir.Index]*ir.Expr{}
	for k := range a.Rank() {
		shift[ir.Axis(k)] = m.p.Idx(ir.Axis(k + 1))
	}
	example := m.p.Idx(ir.Axis(0))
	if a.Def == ir.Accumulate {
		t := m.p.Temp("n")
		example = m.p.Idx(t)
		c.Domain = append([]ir.Binder{{Idx: t, Name: "n", Lo: m.p.Int(0), Hi: m.size}}, a.Domain...)
		c.At = append([]*ir.Expr{example}, a.At...)
		shift = nil // its indices are all bound by the domain
	}
	move := func(e *ir.Expr) *ir.Expr {
		return m.p.Map(m.p.Subst(e, shift), func(e *ir.Expr) *ir.Expr { return m.read(e, example) })
	}
	if a.Body != nil {
		c.Body = move(a.Body)
	}
	if a.Def == ir.Accumulate {
		for k := range a.At {
			c.At[k+1] = move(a.At[k])
		}
		for k, bd := range a.Domain {
			bd.Lo, bd.Hi = move(bd.Lo), move(bd.Hi)
			c.Domain[k+1] = bd
		}
	}
	c.DistArgs = nil
	for _, e := range a.DistArgs {
		c.DistArgs = append(c.DistArgs, move(e))
	}
}

// read makes a read one of the new arrays, at the example where they have one.
func (m *mapper) read(e *ir.Expr, example *ir.Expr) *ir.Expr {
	if e.Kind != ir.KRead || m.to[e.Array] == nil {
		return e
	}
	args := e.Args
	if m.mapped[e.Array] {
		args = append([]*ir.Expr{example}, args...)
	}
	return m.p.Read(m.to[e.Array], args...)
}

// spread repeats an array for every example.
func (m *mapper) spread(q *ir.Program, a *ir.Array) *ir.Array {
	c := &ir.Array{Name: q.Unused(a.Name + "_each"), Elem: a.Elem, Def: ir.Equation, Pos: a.Pos,
		Shape: append([]*ir.Expr{m.size}, a.Shape...), Axes: append([]string{"n"}, a.Axes...)}
	var idx []*ir.Expr
	for k := range a.Rank() {
		idx = append(idx, q.Idx(ir.Axis(k+1)))
	}
	c.Body = q.Read(a, idx...)
	return c
}
