package dsl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/ir"
)

// temp makes an index with a range.
func (c *checker) temp(name string, lo, hi *ir.Expr) ir.Index {
	t := c.Temp(name)
	c.index[t] = indexInfo{name, lo, hi}
	return t
}

// temps makes one index for each axis of a shape.
func (c *checker) temps(shape []*ir.Expr, names []string) ([]ir.Index, []*ir.Expr) {
	var ts []ir.Index
	var es []*ir.Expr
	for k, d := range shape {
		name := dimLetter(d)
		if name == "" {
			name = axisLetters[k%len(axisLetters)]
		}
		if k < len(names) && names[k] != "" {
			name = names[k]
		}
		t := c.temp(name, c.Int(0), d)
		ts = append(ts, t)
		es = append(es, c.Idx(t))
	}
	return ts, es
}

// dimLetter is the letter for an index over a symbolic size: n for N.
func dimLetter(d *ir.Expr) string {
	if d.Kind == ir.KDim {
		if c := strings.TrimLeft(d.Name, "?")[0] | 0x20; c >= 'a' && c <= 'z' {
			return string(c)
		}
	}
	return ""
}

var axisLetters = []string{"i", "j", "k", "l", "m", "n", "o", "p"}

// substIndex replaces temporaries.
func (c *checker) substIndex(e *ir.Expr, from []ir.Index, to []*ir.Expr) *ir.Expr {
	sub := map[ir.Index]*ir.Expr{}
	for k, t := range from {
		sub[t] = to[k]
	}
	return c.Subst(e, sub)
}

func (b *build) unused(name string) string {
	if name == "" {
		name = "v"
	}
	n := name
	for b.taken[n] {
		if b.copies == nil {
			b.copies = map[string]int{}
		}
		b.copies[name] = max(b.copies[name], 1) + 1
		n = fmt.Sprintf("%s_%d", name, b.copies[name])
	}
	b.taken[n] = true
	return n
}

// store makes an array of v, with the axes of v behind those of the
// temporaries in scope that its elements depend on. A value that is a plain
// array already, read at all its axes in order, is returned as it is, and so
// is one that depends on an index whose range is not fixed.
func (s *scope) store(name string, v *value, at diag.Span, axes []string) *value {
	return s.storeAs(name, v, at, axes, nil, false)
}

// storeAs is store with axes that must lead (the frame of an entry's result);
// force makes an array even of a plain read.
func (s *scope) storeAs(name string, v *value, at diag.Span, axes []string, lead []ir.Index, force bool) *value {
	if v.kind != arrayValue {
		return v
	}
	if axes == nil {
		axes = s.axisNames(v)
	}
	own, idx := s.temps(v.shape, axes)
	elem := v.at(idx)
	if elem.Kind == ir.KConst && !force {
		return v
	}
	if !force && plainRead(elem, own) {
		return v
	}
	frame := slices.Clone(lead)
	needed := s.timesOf(elem)
	for _, t := range append(slices.Clone(elem.Free()), needed...) {
		if !slices.Contains(own, t) && !slices.Contains(frame, t) {
			info := s.index[t]
			if len(info.lo.Free()) > 0 || len(info.hi.Free()) > 0 {
				return v
			}
			frame = append(frame, t)
		}
	}
	inner := frame[len(lead):]
	slices.SortFunc(inner, func(a, b ir.Index) int { return int(b) - int(a) }) // oldest first
	elem = s.guarded(elem, frame)
	if slices.ContainsFunc(elem.Free(), func(t ir.Index) bool { return !slices.Contains(own, t) && !slices.Contains(frame, t) }) {
		return v // a guard depends on more: leave it where it is
	}
	if s.site.IsValid() {
		at = s.site
	}
	a := &ir.Array{Name: s.body.build.unused(name), Elem: elem.Type, Def: ir.Equation, Pos: posOf(at), In: s.holding(v.bound)}
	var to, read []*ir.Expr
	for k, t := range frame {
		size, at, where := s.place(a, k, t)
		a.Shape, a.Axes = append(a.Shape, size), append(a.Axes, s.index[t].name)
		to, read = append(to, at), append(read, where)
	}
	for _, o := range s.opens {
		if slices.Contains(needed, o.time) {
			o.arrays[a] = true
		}
	}
	for k, t := range own {
		a.Shape = append(a.Shape, v.shape[k])
		a.Axes = append(a.Axes, s.index[t].name)
		to = append(to, s.Idx(ir.Axis(len(frame)+k)))
	}
	a.Body = s.substIndex(elem, append(slices.Clone(frame), own...), to)
	s.body.build.prog.Append(a)
	w := *v
	w.elem, w.lit, w.hint = a.Elem, false, ""
	w.at = func(idx []*ir.Expr) *ir.Expr { return s.Read(a, append(slices.Clone(read), idx...)...) }
	return &w
}

// holding is the bound of an array whose elements lie in 0..bound, nil if any
// do: an element that stands for none, such as an argmax of nothing, is 0.
func (s *scope) holding(bound *ir.Expr) *ir.Expr {
	if one := s.Int(1); bound != nil && !s.known(s.Call(ir.Sub, bound, one)) {
		return s.Call(ir.Max, bound, one)
	}
	return bound
}

// guarded keeps an array made under a condition from being computed where
// the condition fails: reads there may lie outside.
func (s *scope) guarded(elem *ir.Expr, frame []ir.Index) *ir.Expr {
	guards := s.guards
	for _, t := range frame { // steps of a recurrence do not run at its bases
		if size := s.times[t]; size != nil {
			if !s.index[t].lo.IsConst(0) {
				guards = append(guards, s.Call(ir.Ge, s.Idx(t), s.index[t].lo))
			}
			if s.resolve(s.index[t].hi) != s.resolve(size) {
				guards = append(guards, s.Call(ir.Lt, s.Idx(t), s.index[t].hi))
			}
		}
	}
	if len(guards) == 0 {
		return elem
	}
	zero := s.Const(0)
	switch elem.Type {
	case ir.Int:
		zero = s.Int(0)
	case ir.Bool:
		zero = s.Bool(false)
	}
	g := guards[0]
	for _, h := range guards[1:] {
		g = s.Call(ir.And, g, h)
	}
	return s.If(g, elem, zero)
}

// plainRead reports whether e reads an array at distinct bare indices that
// end with own in order.
func plainRead(e *ir.Expr, own []ir.Index) bool {
	if e.Kind != ir.KRead || len(e.Args) < len(own) {
		return false
	}
	var seen []ir.Index
	for _, x := range e.Args {
		if x.Kind != ir.KIndex || slices.Contains(seen, x.Idx) {
			return false
		}
		seen = append(seen, x.Idx)
	}
	return slices.Equal(seen[len(seen)-len(own):], own)
}

// axisNames guesses letters for the axes of v from what it reads.
func (s *scope) axisNames(v *value) []string {
	out := make([]string, len(v.shape))
	own, idx := s.temps(v.shape, nil)
	elem := v.at(idx)
	seen := map[string]bool{}
	ir.Walk(elem, func(e *ir.Expr) bool {
		for _, b := range e.Binders {
			seen[b.Name] = true
		}
		if e.Kind == ir.KRead {
			for k, x := range e.Args {
				if p := slices.Index(own, x.Idx); x.Kind == ir.KIndex && p >= 0 && out[p] == "" && k < len(e.Array.Axes) {
					out[p] = e.Array.Axes[k]
				}
			}
		}
		return true
	})
	for _, t := range elem.Free() {
		if !slices.Contains(own, t) {
			seen[s.index[t].name] = true
		}
	}
	for k, d := range v.shape {
		if l := dimLetter(d); out[k] == "" && !seen[l] && !slices.Contains(out, l) {
			out[k] = l
		}
	}
	for k, n := range out {
		if n == "" || seen[n] {
			for _, l := range axisLetters {
				if !seen[l] && !slices.Contains(out, l) {
					out[k] = l
					break
				}
			}
		}
		seen[out[k]] = true
	}
	return out
}

func hintOf(v *value, other string) string {
	if v.hint != "" {
		return v.hint
	}
	return other
}

// named is a name for a part of the equation under elaboration.
func (s *scope) named(part string) string {
	if s.hint == "" {
		return part
	}
	return s.hint + "_" + part
}

// binder is the binder of a temporary.
func (c *checker) binder(t ir.Index) ir.Binder {
	info := c.index[t]
	return ir.Binder{Idx: t, Name: info.name, Lo: info.lo, Hi: info.hi}
}
