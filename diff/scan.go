package diff

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// scan is a recurrence while it is being reversed, with those that run in its
// steps. The adjoints of its arrays are one recurrence that runs the other
// way: what h[t+1] made of h[t] is undone after what came after it. Within a
// step they stand in reverse order, each with the seeds that are stored for it.
type scan struct {
	to     map[*ir.Recurrence]*ir.Recurrence // what becomes of a recurrence
	fields map[*ir.Array]field               // adjoints by array
	inside map[*ir.Array]bool                // arrays of the reversed recurrence
	lists  [][]*ir.Array                     // reversed so far at each depth; at 0 the finished ones
	after  [][]*ir.Array                     // what follows the recurrence at that depth
	late   map[*ir.Array]int                 // depths of those in after
	at     *ir.Recurrence                    // of the body at hand
	times  []ir.Index                        // its time indices, the outermost first
}

func (s *scan) has(a *ir.Array) bool {
	if s == nil {
		return false
	}
	_, ok := s.fields[a]
	return ok
}

// begin says that the body of a is at hand, with the indices of ctx.
func (s *scan) begin(a *ir.Array, ctx []ir.Binder) {
	s.at, s.times = a.Rec, nil
	for k := range a.Rec.Depth() {
		s.times = append(s.times, ctx[a.TimeIn(a.Rec.Around(k))].Idx)
	}
}

// sums reports whether a sum over the given indices of what flows into e waits
// for later steps of the recurrence that e is read in.
func (s *scan) sums(over []ir.Index, e *ir.Expr) bool {
	if s == nil {
		return false
	}
	for k, t := range s.times {
		if slices.Contains(over, t) {
			r := s.at.Around(k)
			return slices.ContainsFunc(ir.Reads(e), func(a *ir.Array) bool { return s.has(a) && a.Rec.Within(r) })
		}
	}
	return false
}

// emit appends a definition; time gives the axes for time indices. While a
// recurrence is reversed, what reads its adjoints is a part of it, as far as it
// has the time axes, or comes after it.
func (r *reverse) emit(a *ir.Array, time map[ir.Index]int) {
	s := r.scan
	reads, depth := false, 0
	if s != nil {
		for depth < len(s.times) {
			if _, ok := time[s.times[depth]]; !ok {
				break
			}
			depth++
		}
		for _, x := range a.Reads() {
			if d, ok := s.late[x]; ok {
				reads, depth = true, min(d, depth)
			}
			reads = reads || s.inside[x]
		}
	}
	if !reads {
		r.p.Append(a)
		return
	}
	if depth > 0 {
		a.Rec = s.to[s.at.Around(depth-1)]
		a.TimeAxis = time[s.times[depth-1]]
		for k := depth - 2; k >= 0; k-- {
			a.Outer = append(a.Outer, time[s.times[k]])
		}
	}
	if depth == len(s.times) {
		s.lists[depth] = append(s.lists[depth], a)
		s.inside[a] = true
	} else {
		s.after[depth] = append(s.after[depth], a)
		s.late[a] = depth
	}
}

// recurrence reverses a recurrence.
func (r *reverse) recurrence(defs []*ir.Array) {
	reached := r.reached(defs)
	if len(reached) == 0 {
		return
	}
	s := &scan{to: map[*ir.Recurrence]*ir.Recurrence{nil: nil}, fields: map[*ir.Array]field{}, inside: map[*ir.Array]bool{}, late: map[*ir.Array]int{}}
	var reversed func(o *ir.Recurrence) *ir.Recurrence
	reversed = func(o *ir.Recurrence) *ir.Recurrence {
		if _, ok := s.to[o]; !ok {
			s.to[o] = &ir.Recurrence{Down: !o.Down, In: reversed(o.In)}
		}
		return s.to[o]
	}
	for _, a := range defs {
		if reached[a] {
			d := r.array(a)
			d.Rec, d.TimeAxis = reversed(a.Rec), len(r.lift)+a.TimeAxis
			for _, k := range a.Outer {
				d.Outer = append(d.Outer, len(r.lift)+k)
			}
			s.fields[a] = field{array: d}
			s.inside[d] = true
		}
	}
	r.scan = s
	r.backwards(defs, 0, reached)
	r.scan = nil
	for _, a := range defs {
		if reached[a] {
			s.fields[a].array.Body = r.total(r.parts[a])
		}
	}
	r.p.Defs = append(r.p.Defs, s.lists[0]...)
}

// backwards reverses definitions in the recurrences above depth.
func (r *reverse) backwards(defs []*ir.Array, depth int, reached map[*ir.Array]bool) {
	s := r.scan
	s.lists, s.after = append(s.lists, nil), append(s.after, nil)
	for end := len(defs); end > 0; {
		i := end - 1
		a := defs[i]
		if a.Rec.Depth() == depth {
			if reached[a] {
				s.lists[depth] = append(s.lists[depth], s.fields[a].array)
				r.body(a, s.fields[a])
			}
		} else {
			for i > 0 && defs[i-1].Rec.Around(depth) == a.Rec.Around(depth) {
				i--
			}
			r.backwards(defs[i:end], depth+1, reached)
			s.lists[depth] = slices.Concat(s.lists[depth], s.lists[depth+1], s.after[depth])
			s.lists, s.after = s.lists[:depth+1], s.after[:depth+1]
			for _, x := range s.after[depth] {
				s.inside[x] = true
				delete(s.late, x)
			}
			s.after[depth] = nil
		}
		end = i
	}
}

// reached are the arrays of a recurrence that anything flows into: from
// outside, or from each other.
func (r *reverse) reached(defs []*ir.Array) map[*ir.Array]bool {
	group := map[*ir.Array]bool{}
	out := map[*ir.Array]bool{}
	var todo []*ir.Array
	for _, a := range defs {
		group[a] = true
		if r.active[a] && len(r.parts[a]) > 0 {
			out[a] = true
			todo = append(todo, a)
		}
	}
	for len(todo) > 0 {
		b := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, a := range ir.Reads(b.Body) {
			if group[a] && r.active[a] && !out[a] {
				out[a] = true
				todo = append(todo, a)
			}
		}
	}
	return out
}
