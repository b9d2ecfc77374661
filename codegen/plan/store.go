package plan

import (
	"cmp"
	"container/heap"
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// Storage says where the elements of an array are.
type Storage struct {
	// Keep tells the axes that need memory; the others are those of loops
	// around all uses. With none kept the array is a local variable.
	Keep []bool
	// Order lists the axes, slowest first, where that is not as declared.
	Order []int
	// Offset is where the array starts in the arena of its element type, for
	// arrays that are neither outputs nor locals.
	Offset, Size *ir.Expr
	Alias        *Alias
	Output       bool
	// In is the innermost loop around all uses; nil: the whole method.
	In *Loop
	// Nested reports that a local is set in blocks within In, so that it has
	// to be declared before them.
	Nested bool
	// carried is the recurrence whose steps have the same memory, each what is
	// left of the one before.
	carried *Loop
	// Part is where a local is used, of [Plan.Parts]; Apart says that one
	// element is used in several, so that it needs memory.
	Part  int
	Apart bool
}

// Axes lists the axes that need memory, slowest first.
func (s *Storage) Axes() []int {
	var out []int
	for k := range s.Keep {
		if s.Order != nil {
			k = s.Order[k]
		}
		if s.Keep[k] {
			out = append(out, k)
		}
	}
	return out
}

// Local reports whether the array is a variable.
func (s *Storage) Local() bool {
	return s.Alias == nil && !s.Output && !s.Apart && !slices.Contains(s.Keep, true)
}

// Alias says that an array's elements are those of another: element [i…] is
// Array[At], with the indices as axes.
type Alias struct {
	Array *ir.Array
	At    []*ir.Expr
}

// use is a place where an array is written or read.
type use struct {
	at    []*ir.Expr
	path  []*Loop
	block int // of branches around, so that a declaration is seen
	part  int // of the plan
	write bool
	pos   int
}

type storer struct {
	*ir.Builder
	p     *Plan
	uses  map[*ir.Array][]use
	span  map[*Loop][2]int
	pos   int
	depth int // of branches
	part  int // of the plan
	alias map[*ir.Array]*Alias
}

// store decides where everything is. Outputs last to the end; those outside
// are the caller's.
func (s *storer) store(outputs, outside map[*ir.Array]bool) {
	for s.part = range s.p.Parts {
		s.walk(s.p.Parts[s.part], nil)
	}
	for _, a := range s.p.Locals {
		st := &Storage{Output: outside[a], Alias: s.alias[a]}
		s.p.Store[a] = st
		st.Keep, st.Apart = make([]bool, a.Rank()), s.apart(a, outputs[a])
		if len(s.uses[a]) > 0 {
			st.Part = s.uses[a][0].part
		}
		s.shrink(a, st, outputs[a])
	}
	s.p.in = map[*Loop][]*ir.Array{}
	for _, a := range s.p.Locals {
		in := s.p.Store[a].In
		s.p.in[in] = append(s.p.in[in], a)
	}
	s.arena(outputs)
	s.share()
}

func (s *storer) note(a *ir.Array, at []*ir.Expr, path []*Loop, write bool) {
	u := use{at: at, path: path, write: write, pos: s.pos, block: s.depth, part: s.part}
	if al := s.alias[a]; al != nil {
		sub := map[ir.Index]*ir.Expr{}
		for k, x := range at {
			sub[ir.Axis(k)] = x
		}
		to := make([]*ir.Expr, len(al.At))
		for k, x := range al.At {
			to[k] = s.Subst(x, sub)
		}
		s.uses[a] = append(s.uses[a], u)
		a, u.at = al.Array, to
	}
	s.uses[a] = append(s.uses[a], u)
}

// reads notes what bounds and conditions read.
func (s *storer) reads(path []*Loop, list ...*ir.Expr) {
	for _, e := range list {
		ir.Walk(e, func(x *ir.Expr) bool {
			if x.Kind == ir.KRead {
				s.note(x.Array, x.Args, path, false)
			}
			return true
		})
	}
}

func (s *storer) walk(list []Node, path []*Loop) {
	for _, n := range list {
		s.pos++
		switch n := n.(type) {
		case *Loop:
			start := s.pos
			s.reads(path, n.Lo, n.Hi)
			s.walk(n.Body, append(slices.Clip(path), n))
			s.pos++
			s.span[n] = [2]int{start, s.pos}
		case *Branch:
			s.reads(path, n.Cond)
			s.depth++
			s.walk(n.Then, path)
			s.walk(n.Else, path)
			s.depth--
		case *Contraction:
			s.note(n.A.Array, n.A.Args, path, false)
			s.note(n.B.Array, n.B.Args, path, false)
			s.note(n.Def.Array, n.Def.At, path, true)
		case *Window:
			s.note(n.Def.Body.Array, n.Def.Body.Args, path, false)
			s.note(n.Def.Array, n.Def.At, path, true)
		case *Draw:
			at := make([]*ir.Expr, n.Def.Array.Rank())
			for k := range at {
				at[k] = s.Int(-1)
			}
			s.note(n.Def.Array, at, path, true)
		case *Begin, *End:
			d := DefOf(n)
			s.note(d.Array, d.At, path, true)
		case *Stmt:
			for _, e := range readsOf(n.Def) {
				s.note(e.Array, e.Args, path, false)
			}
			if n.Def.Red == nil || !n.Def.Scalar {
				s.note(n.Def.Array, n.Def.At, path, true)
			}
		}
	}
}

// shrink drops the axes whose index is, at every use, that of a loop around
// all uses, as long as no loop around that carries elements; and those with one
// value.
func (s *storer) shrink(a *ir.Array, st *Storage, output bool) {
	uses := s.uses[a]
	for k := range st.Keep {
		st.Keep[k] = !a.Shape[k].IsConst(1) || a.Def == ir.Accumulate || a.Def == ir.Draw
	}
	if st.Alias != nil || len(uses) == 0 {
		return
	}
	common := uses[0].path
	for _, u := range uses[1:] {
		k := 0
		for k < len(common) && k < len(u.path) && common[k] == u.path[k] {
			k++
		}
		common = common[:k]
	}
	if output {
		common = nil
	}
	if len(common) > 0 {
		st.In = common[len(common)-1]
	}
	for _, u := range uses {
		st.Nested = st.Nested || u.write && (u.block > 0 || len(u.path) > len(common))
	}
	for depth, l := range common {
		for k, keep := range st.Keep {
			if keep && !slices.ContainsFunc(uses, func(u use) bool { return u.at[k].Kind != ir.KIndex || u.at[k].Idx != l.Idx }) {
				st.Keep[k] = false
			}
		}
		if s.crosses(a, st, l) {
			s.succeed(uses, st, l, depth)
			return
		}
	}
}

// succeed drops the axis along which a recurrence runs where the elements of a
// step may take the place of those of the step before: these are read for the
// last time before the first of the next is set. What is one number a step
// stays an array.
func (s *storer) succeed(uses []use, st *Storage, l *Loop, depth int) {
	before := -1.0
	if l.Down {
		before = 1
	}
	within := func(u use) *Loop {
		if len(u.path) == depth+1 {
			return nil
		}
		return u.path[depth+1]
	}
	for k, keep := range st.Keep {
		if !keep || !l.Time || len(st.Axes()) == 1 || slices.ContainsFunc(uses, func(u use) bool {
			off := s.Call(ir.Sub, u.at[k], s.Idx(l.Idx))
			return !off.IsConst(0) && (!off.IsConst(before) || u.write || slices.ContainsFunc(uses, func(w use) bool {
				return w.write && (w.pos <= u.pos || within(w) == within(u) && within(u) != nil)
			}))
		}) {
			continue
		}
		st.Keep[k], st.carried = false, l
		return
	}
}

// crosses reports whether elements that one iteration of l writes are read by
// another, so that the loops within are no longer at them.
func (s *storer) crosses(a *ir.Array, st *Storage, l *Loop) bool {
	uses := s.uses[a]
	for k, keep := range st.Keep {
		if keep && slices.ContainsFunc(uses, func(u use) bool {
			return u.at[k] != uses[0].at[k] && (u.at[k].Depends(l.Idx) || uses[0].at[k].Depends(l.Idx))
		}) {
			return true
		}
	}
	return false
}

// arena gives every array that needs memory its place: an array takes that of
// one of the same size whose last use is over.
func (s *storer) arena(outputs map[*ir.Array]bool) {
	type life struct {
		a          *ir.Array
		start, end int
	}
	var lives []life
	for _, a := range s.p.Locals {
		st := s.p.Store[a]
		if st.Output || st.Local() || st.Alias != nil || len(s.uses[a]) == 0 {
			continue
		}
		l := life{a, 1 << 30, 0}
		for _, u := range s.uses[a] {
			from, to := u.pos, u.pos
			for _, x := range u.path {
				if x == st.carried || s.carried(a, st, x) || !s.shared(a, x) {
					from, to = min(from, s.span[x][0]), max(to, s.span[x][1])
				}
			}
			l.start, l.end = min(l.start, from), max(l.end, to)
		}
		if outputs[a] {
			l.end = 1 << 30
		}
		lives = append(lives, l)
	}
	slices.SortStableFunc(lives, func(x, y life) int { return cmp.Compare(x.start, y.start) })
	var busy slots
	type key struct {
		elem ir.Elem
		size *ir.Expr
	}
	free := map[key][]*ir.Expr{}
	total := [3]*ir.Expr{s.Int(0), s.Int(0), s.Int(0)}
	for _, l := range lives {
		for len(busy) > 0 && busy[0].end < l.start {
			x := heap.Pop(&busy).(slot)
			k := key{x.elem, x.size}
			free[k] = append(free[k], x.offset)
		}
		st := s.p.Store[l.a]
		st.Size = s.sizeOf(l.a, st)
		k := key{l.a.Elem, st.Size}
		if n := len(free[k]); n > 0 {
			st.Offset, free[k] = free[k][n-1], free[k][:n-1]
		} else {
			st.Offset = total[l.a.Elem]
			total[l.a.Elem] = s.Call(ir.Add, total[l.a.Elem], st.Size)
		}
		heap.Push(&busy, slot{l.end, l.a.Elem, st.Size, st.Offset})
	}
	s.p.Arena = total
}

func (s *storer) sizeOf(a *ir.Array, st *Storage) *ir.Expr {
	e := s.Int(1)
	for k, x := range a.Shape {
		if !st.Keep[k] {
			continue
		}
		// Room for T elements is no less than for T - 2, nor than for none.
		room := slices.DeleteFunc(slices.Clone(s.PolyOf(x)), func(t ir.Term) bool { return t.Coef < 0 })
		e = s.Call(ir.Mul, e, s.FromPoly(room))
	}
	return e
}

// shared reports whether l is around all uses of a.
func (s *storer) shared(a *ir.Array, l *Loop) bool {
	for _, u := range s.uses[a] {
		if !slices.Contains(u.path, l) {
			return false
		}
	}
	return true
}

// carried reports whether a keeps elements from one iteration of l to the next.
func (s *storer) carried(a *ir.Array, st *Storage, l *Loop) bool {
	for _, u := range s.uses[a] {
		for k, x := range u.at {
			if st.Keep[k] && x.Depends(l.Idx) {
				return true
			}
		}
	}
	return false
}

type slot struct {
	end          int
	elem         ir.Elem
	size, offset *ir.Expr
}

// slots is a heap by end of life.
type slots []slot

func (h slots) Len() int           { return len(h) }
func (h slots) Less(i, j int) bool { return h[i].end < h[j].end }
func (h slots) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *slots) Push(x any)        { *h = append(*h, x.(slot)) }
func (h *slots) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}
