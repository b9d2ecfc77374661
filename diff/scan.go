package diff

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// scan is a recurrence while it is being reversed. The adjoints of its arrays
// are one recurrence that runs the other way: what h[t+1] made of h[t] is
// undone after what came after it. Within a step they stand in reverse order,
// each with the seeds that are stored for it.
type scan struct {
	rec    *ir.Recurrence
	fields map[*ir.Array]field // adjoints by array
	defs   []*ir.Array         // of the reversed recurrence, in order
	inside map[*ir.Array]bool  // set of defs
	after  []*ir.Array         // what reads the recurrence but is no part of it
	late   map[*ir.Array]bool  // set of after
	time   ir.Index            // time index of the body at hand
}

func (s *scan) has(a *ir.Array) bool {
	if s == nil {
		return false
	}
	_, ok := s.fields[a]
	return ok
}

// emit appends a definition. While a recurrence is reversed, what reads its
// adjoints is a part of it, if it has a time axis, or comes after it.
func (r *reverse) emit(a *ir.Array, time int) {
	s := r.scan
	reads := func(set map[*ir.Array]bool) bool {
		return slices.ContainsFunc(a.Reads(), func(x *ir.Array) bool { return set[x] })
	}
	switch {
	case s == nil || !reads(s.inside) && !reads(s.late):
		r.p.Append(a)
	case time < 0 || reads(s.late):
		s.after = append(s.after, a)
		s.late[a] = true
	default:
		a.Rec, a.TimeAxis = s.rec, time
		s.defs = append(s.defs, a)
		s.inside[a] = true
	}
}

// recurrence reverses a recurrence.
func (r *reverse) recurrence(defs []*ir.Array) {
	reached := r.reached(defs)
	if len(reached) == 0 {
		return
	}
	s := &scan{rec: &ir.Recurrence{Down: !defs[0].Rec.Down}, fields: map[*ir.Array]field{}, inside: map[*ir.Array]bool{}, late: map[*ir.Array]bool{}}
	for _, a := range defs {
		if reached[a] {
			d := r.array(a)
			d.Rec, d.TimeAxis = s.rec, len(r.lift)+a.TimeAxis
			s.fields[a] = field{array: d}
			s.inside[d] = true
		}
	}
	r.scan = s
	for i := len(defs) - 1; i >= 0; i-- {
		if a := defs[i]; reached[a] {
			s.defs = append(s.defs, s.fields[a].array)
			r.body(a, s.fields[a])
		}
	}
	r.scan = nil
	for _, a := range defs {
		if reached[a] {
			s.fields[a].array.Body = r.total(r.parts[a])
		}
	}
	r.p.Defs = append(append(r.p.Defs, s.defs...), s.after...)
}

// reached are the arrays of a recurrence that anything flows into: from
// outside, or from each other.
func (r *reverse) reached(defs []*ir.Array) map[*ir.Array]bool {
	out := map[*ir.Array]bool{}
	for changed := true; changed; {
		changed = false
		for _, a := range defs {
			if out[a] || !r.active[a] {
				continue
			}
			from := len(r.parts[a]) > 0
			for _, b := range defs {
				from = from || out[b] && slices.Contains(ir.Reads(b.Body), a)
			}
			if from {
				out[a], changed = true, true
			}
		}
	}
	return out
}
