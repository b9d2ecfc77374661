package dsl

import (
	"slices"

	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// openGroup is a recurrence under elaboration: its time index, and the arrays
// made so far that depend on its members.
type openGroup struct {
	time   ir.Index
	arrays map[*ir.Array]bool
}

// timesOf are the time indices that an array of this body must have, whether
// they stand in it or not: h[0] is another number before the step that makes
// it than after.
func (c *checker) timesOf(elem *ir.Expr) []ir.Index {
	var out []ir.Index
	for _, o := range c.opens {
		if slices.ContainsFunc(ir.Reads(elem), func(r *ir.Array) bool { return o.arrays[r] }) {
			out = append(out, o.time)
		}
	}
	return out
}

// place is axis k of a as the place for the index t of a frame: its size, the
// index in terms of the axis, and where the index reads. A time axis keeps its
// place, since entries run together; others begin at 0.
func (c *checker) place(a *ir.Array, k int, t ir.Index) (size, index, read *ir.Expr) {
	info := c.index[t]
	axis := c.Idx(ir.Axis(k))
	if size := c.times[t]; size != nil {
		if c.timeAxis[a] == nil {
			c.timeAxis[a] = map[ir.Index]int{}
		}
		c.timeAxis[a][t] = k
		return size, axis, c.Idx(t)
	}
	return c.Call(ir.Sub, info.hi, info.lo), c.Call(ir.Add, axis, info.lo), c.Call(ir.Sub, c.Idx(t), info.lo)
}

// recurrenceFrame are the indices that the members of a recurrence have before
// their own: those of the arguments and of the conditions around.
func (in *scope) recurrenceFrame(at *syntax.Equation) ([]ir.Index, bool) {
	frame := in.withGuards(in.body.env)
	if k := in.ragged(frame); k >= 0 {
		name := in.index[frame[k]].name
		in.report(diag.New("NN503", at.Span, "%s is mapped over %s, whose range depends on other indices", in.body.decl.Name.Name, name).
			WithHint("a recurrence is computed for a whole box of indices: give %s a fixed range and choose with if", name))
		return nil, false
	}
	return frame, true
}

// withGuards is a frame with the indices that the conditions around depend on,
// the oldest first.
func (in *scope) withGuards(frame []ir.Index) []ir.Index {
	frame = slices.Clone(frame)
	for _, g := range in.guards {
		for _, t := range g.Free() {
			if !slices.Contains(frame, t) {
				frame = append(frame, t)
			}
		}
	}
	slices.SortFunc(frame, func(a, b ir.Index) int { return int(b) - int(a) })
	return frame
}

// ragged is the first index of a frame whose range depends on others, or -1.
func (in *scope) ragged(frame []ir.Index) int {
	return slices.IndexFunc(frame, func(t ir.Index) bool {
		return len(in.index[t].lo.Free())+len(in.index[t].hi.Free()) > 0
	})
}

// sortGroup puts the arrays made on the way that do not depend on the group
// before it; those that do join it, recurrences as a whole, and are returned.
func (in *scope) sortGroup(start int, members map[string]*member, rec *ir.Recurrence, t ir.Index) []*ir.Array {
	prog := in.body.build.prog
	inGroup := map[*ir.Array]bool{}
	joined := map[*ir.Recurrence]bool{rec: true}
	for _, m := range members {
		inGroup[m.array] = true
	}
	made := slices.Clone(prog.Defs[start:])
	for changed := true; changed; {
		changed = false
		for _, a := range made {
			if inGroup[a] {
				continue
			}
			r := a.Rec.Around(0)
			if r != nil && joined[r] || slices.ContainsFunc(a.Reads(), func(r *ir.Array) bool { return inGroup[r] }) {
				inGroup[a], changed = true, true
				if r != nil {
					joined[r] = true
				}
			}
		}
	}
	var before, group []*ir.Array
	for _, a := range made {
		if !inGroup[a] {
			before = append(before, a)
			continue
		}
		switch {
		case a.Rec == rec:
		case a.Rec == nil:
			a.Rec, a.TimeAxis = rec, in.axisOf(a, t, inGroup)
		default:
			a.Outer = append(a.Outer, in.axisOf(a, t, inGroup))
		}
		group = append(group, a)
	}
	for r := range joined {
		if r != rec {
			r.In = rec
		}
	}
	prog.Defs = append(append(prog.Defs[:start], before...), group...)
	return group
}

// axisOf is the axis of a for the time index t: noted when a was stored, else
// (the equations of a derivative) where a reads members at their time.
func (in *scope) axisOf(a *ir.Array, t ir.Index, group map[*ir.Array]bool) int {
	if k, ok := in.timeAxis[a][t]; ok {
		return k
	}
	axis := 0
	for _, e := range a.Exprs() {
		ir.Walk(e, func(x *ir.Expr) bool {
			if x.Kind == ir.KRead && group[x.Array] {
				if k, ok := in.timeAxis[x.Array][t]; ok && x.Args[k].Kind == ir.KIndex && x.Args[k].Idx.IsAxis() {
					axis = int(x.Args[k].Idx)
				}
			}
			return true
		})
	}
	if in.timeAxis[a] == nil {
		in.timeAxis[a] = map[ir.Index]int{}
	}
	in.timeAxis[a][t] = axis
	return axis
}
