package ir

// Recurrence groups equations that refer to each other at earlier (Down:
// later) entries of their time axes. Entry order is all there is to it: a
// base is an `if` on the time index in the body.
//
// Recurrences nest. One with In runs from end to end in every step of that;
// its arrays have both time axes:
//
//	g[t, l] = if l == 0 then x[t] else tanh(g[t, l - 1] + h[t - 1, l])  scan 2 up axis 1 in 1 up axis 0
//	h[t, l] = g[t, l]                                                   scan 1 up axis 0
type Recurrence struct {
	Down bool
	In   *Recurrence
}

// Depth is the number of recurrences at hand: those around r and r itself.
func (r *Recurrence) Depth() int {
	n := 0
	for ; r != nil; r = r.In {
		n++
	}
	return n
}

// Around is the recurrence at a depth on the way to r, the outermost at 0; nil
// where r lies less deep.
func (r *Recurrence) Around(depth int) *Recurrence {
	for n := r.Depth() - 1; n > depth; n-- {
		r = r.In
	}
	if r.Depth() <= depth {
		return nil
	}
	return r
}

// Within reports whether r is o or runs in it.
func (r *Recurrence) Within(o *Recurrence) bool {
	for ; r != nil; r = r.In {
		if r == o {
			return true
		}
	}
	return false
}

// TimeIn is the axis of a along which r runs, -1 if a is no part of r.
func (a *Array) TimeIn(r *Recurrence) int {
	if r == nil {
		return -1
	}
	if a.Rec == r {
		return a.TimeAxis
	}
	at := a.Rec
	for _, k := range a.Outer {
		if at = at.In; at == r {
			return k
		}
	}
	return -1
}

// Together is the number of definitions at the front of defs that run as one:
// those of a recurrence at a depth, or a single one.
func Together(defs []*Array, depth int) int {
	n := 1
	if r := defs[0].Rec.Around(depth); r != nil {
		for n < len(defs) && defs[n].Rec.Around(depth) == r {
			n++
		}
	}
	return n
}

// Recurrences are copies of recurrences by what they copy.
type Recurrences map[*Recurrence]*Recurrence

// Copy is the copy of r, and of those around it.
func (m Recurrences) Copy(r *Recurrence) *Recurrence {
	if r == nil {
		return nil
	}
	if m[r] == nil {
		m[r] = &Recurrence{Down: r.Down, In: m.Copy(r.In)}
	}
	return m[r]
}
