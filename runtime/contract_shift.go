package runtime

// contractShifted is Contract for a convolution, or the gradient of its kernel,
// whose rows are so short that they fill few lanes:
//
//	c[i, j] = sum[u, v] a[u, v]*b[i+u, j+v]
//
// B is copied once for each step of v, the rows of a copy as long as those of C.
// They follow each other there, so that i and j are one index, and u skips rows:
// a copy for each column of the window, not for each of its elements.
func contractShifted[T Float](s *shift, c, a, b []T, acc bool) {
	lanes := level.Lanes(sizeOf[T]())
	w := workspaces.Get().(*workspace)
	defer workspaces.Put(w)
	copies := buffer[T](&w.b)
	at := w.nB[:s.rows]
	for i := range at {
		at[i] = i * s.i.B * sizeOf[T]()
	}
	full, last := s.j.Size/lanes, s.j.Size%lanes
	for first := 0; first < s.each.Size; first += s.steps {
		part := *s
		pos, _ := part.groups()
		pos.add(Index{Size: min(s.steps, s.each.Size-first), A: s.each.A, B: s.plane, C: s.each.C})
		var o offsets // rising in the copies: a vector is written whole, beyond the end of its row
		for more := true; more; more = s.rest.next(&o, 0) {
			for e := range min(s.steps, s.each.Size-first) {
				gatherRuns(s.rows, full, 1<<last-1, last, b[(first+e)*s.each.B+o.b:], &at[0], copies[e*s.plane+o.c:])
			}
		}
		if s.sums {
			contractInners(&part.contraction, c, a[first*s.each.A:], copies, acc || first > 0)
		} else {
			contractWindows(&part.contraction, c[first*s.each.C:], a, copies, acc)
		}
	}
}

// chooseShift says whether x is a contraction for contractShifted, and how that
// does it. It is not where copies do not pay.
func chooseShift[T Float](x *contraction, s *shift) bool {
	if !level.Windows() || x.batch.n > 0 {
		return false
	}
	lanes := level.Lanes(sizeOf[T]())
	fill := 0.0 // without copies
	if x.inPlace() {
		fill = filled(x.n.run(), lanes)
	}
	if innerProducts[T](x) {
		fill = max(fill, filled(x.k.ix[x.k.n-1].Size, lanes))
	}
	var w *workspace
	most := len(w.b)*8/sizeOf[T]() - lanes
	var t shift
	ok := s.find(x, false, fill, lanes, most)
	if t.find(x, true, fill, lanes, most) && innerRuns[T](t.run.Size) > 0 && (!ok || filled(t.run.Size, lanes) > filled(s.run.Size, lanes)) {
		*s, ok = t, true
	}
	return ok
}

// shift is how contractShifted does it.
type shift struct {
	contraction       // of the copies, without each
	sums        bool  // i and j are summed
	i, j, run   Index // run is i and j
	rows, plane int   // of one copy, and its elements
	each        Index // the outermost index beside i and j
	steps       int   // of each for which there are copies at a time
	rest        group // the other indices: B is the stride in B, C that in the copies
}

// find looks for i, j, u and v in x; fill is which part of the lanes is filled
// without copies, most how many elements they may have.
func (s *shift) find(x *contraction, sums bool, fill float64, lanes, most int) bool {
	one := Index{Size: 1}
	*s = shift{contraction: *x, sums: sums, each: one}
	pos, win := s.groups()
	other := func(x Index) int { return x.C } // the stride in the array without windows
	if sums {
		other = func(x Index) int { return x.A }
	}
	s.j = pos.pick(func(x Index) bool { return x.B == 1 && other(x) == 1 })
	s.i = pos.pick(func(x Index) bool { return other(x) == s.j.Size && x.B > s.j.Size })
	s.run = Index{Size: s.i.Size * s.j.Size, A: s.j.A, B: 1, C: s.j.C}
	if s.i == one || s.j == one || filled(s.run.Size, lanes) < 1.2*fill {
		return false
	}
	u := win.pick(func(x Index) bool { return x.B >= s.i.B && x.B%s.i.B == 0 })
	s.rows = s.i.Size + (u.Size-1)*(u.B/s.i.B)
	s.plane = s.rows * s.j.Size
	if pos.n > 0 {
		s.each = pos.ix[0]
		pos.n = copy(pos.ix[:], pos.ix[1:pos.n])
	}
	// A step on vectors is half a cycle, and a row of a copy some three.
	steps := float64(x.m.size()*x.n.size()*x.k.size()) / float64(lanes)
	if saved := steps / 2 * (1/max(fill, 0.25) - 1/filled(s.run.Size, lanes)); saved < 2*3*float64(s.rows*s.each.Size*win.size()*pos.size()) {
		return false
	}
	const block = 1 << 16 // elements of copies that stay in the cache
	s.steps = min(s.each.Size, max(1, block/(s.plane*win.size()*pos.size())))
	size := s.steps * s.plane
	for _, g := range []*group{win, pos} {
		for k := range g.n {
			x := &g.ix[k]
			if s.rest.n == maxIndices {
				return false
			}
			copy(s.rest.ix[1:], s.rest.ix[:s.rest.n]) // longest stride first
			s.rest.ix[0] = Index{Size: x.Size, B: x.B, C: size}
			s.rest.n++
			x.B = size
			size *= x.Size
		}
	}
	u.B = u.B / s.i.B * s.j.Size
	win.add(u)
	pos.add(s.run)
	return size <= most && s.rows <= tableN && max(win.n, pos.n) < maxIndices
}

// groups are the group of i and j and that of u and v.
func (s *shift) groups() (pos, win *group) {
	if s.sums {
		return &s.k, &s.n
	}
	return &s.n, &s.k
}

// pick removes the index of shortest stride in B of some; one step if there is none.
func (g *group) pick(some func(Index) bool) Index {
	best := -1
	for i, x := range g.ix[:g.n] {
		if some(x) && (best < 0 || x.B < g.ix[best].B) {
			best = i
		}
	}
	if best < 0 {
		return Index{Size: 1}
	}
	x := g.ix[best]
	g.n = best + copy(g.ix[best:], g.ix[best+1:g.n])
	return x
}

// add puts an index where it belongs.
func (g *group) add(x Index) {
	if x.Size > 1 {
		g.ix[g.n] = x
		g.n++
		g.sort()
	}
}
