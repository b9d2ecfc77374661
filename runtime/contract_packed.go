package runtime

// contractPacked is Contract for groups of several indices that do not fuse: a
// block of B at a time is copied to contiguous rows, with n and k each run
// through as one index, as a convolution's windows are.
func contractPacked[T Float](x *contraction, c, a, b []T, acc bool) {
	outer := x.n.splitC()
	im := x.m.take(byA)
	n, k := x.n.size(), x.k.size()
	w := workspaces.Get().(*workspace)
	var at offsets
	for more := true; more; more = x.batch.next(&at, 0) {
		for more := true; more; more = outer.next(&at, 1) {
			for j := 0; j < n; j += tableN {
				cols := min(n-j, tableN, blockN/sizeOf[T]())
				x.n.offsets(j, w.unused[:cols], w.nB[:cols])
				for p := 0; p < k; p += blockK / sizeOf[T]() {
					depth := min(k-p, blockK/sizeOf[T]())
					x.k.offsets(p, w.kA[:depth], w.kB[:depth])
					contractBlock(x, w, im, depth, cols, c[at.c+j:], a[at.a:], b[at.b:], acc || p > 0)
				}
			}
		}
	}
	workspaces.Put(w)
}

// contractBlock adds one block: all of m, cols of n, depth of k. The tables of w
// say where they are in A and B.
func contractBlock[T Float](x *contraction, w *workspace, im Index, depth, cols int, c, a, b []T, acc bool) {
	bs, inPlace := affine(w.kB[:depth])
	if ns, ok := affine(w.nB[:cols]); ok && ns == 1 && inPlace {
		b = b[w.kB[0]+w.nB[0]:]
	} else {
		bs = cols&^15 + packPad
		packed := buffer[T](&w.b)
		packOffsets(w.kB[:depth], w.nB[:cols], x.n.run(), b, packed, bs)
		b = packed
	}
	// A is read by a table where k is no single index there, unless its rows are so
	// far apart that they evict each other: then its strips are copied.
	as, direct := affine(w.kA[:depth])
	a0, size, rows := w.kA[0], sizeOf[T](), level.Rows()
	packA := !direct && cols >= 8*rows && collides(im.A*size, 1)
	step := 0
	acs, brs := as*size, bs*size
	pa, pb := &acs, &brs
	if !direct && !packA {
		differences(w.kA[:depth], size)
		for i := range w.kB[:depth] {
			w.kB[i] = brs
		}
		step, pa, pb = 8, &w.kA[0], &w.kB[0]
	}
	var at offsets
	for more := true; more; more = x.m.next(&at, 0) {
		for i := 0; i < im.Size; i += rows {
			r := min(im.Size-i, rows)
			first := at.a + i*im.A
			ci := c[at.c+i*im.C:]
			if !packA {
				stripTable(r, depth, a[first+a0:], im.A, pa, b, pb, step, ci, im.C, cols, acc)
				continue
			}
			packed := buffer[T](&w.a)
			for q := range r {
				gather(packed[q*stripStride:][:depth], a[first+q*im.A:], w.kA[:depth])
			}
			strip(r, depth, packed, stripStride, 1, b, bs, ci, im.C, cols, acc)
		}
	}
}

// affine says whether the offsets go in even steps, and in which.
func affine(t []int) (int, bool) {
	if len(t) < 2 {
		return 1, true
	}
	step := t[1] - t[0]
	for i := 1; i < len(t); i++ {
		if t[i]-t[i-1] != step {
			return 0, false
		}
	}
	return step, true
}

// packOffsets copies src[rows[p]+cols[j]] to dst[p*stride+j]. The columns come
// in runs of neighbours, the first of which may be cut short.
func packOffsets[T Float](rows, cols []int, run int, src, dst []T, stride int) {
	for p, at := range rows {
		to := dst[p*stride:][:len(cols)]
		if run < 4 {
			gather(to, src[at:], cols)
			continue
		}
		for j := 0; j < len(cols); {
			end := j + 1
			for end < len(cols) && cols[end] == cols[end-1]+1 {
				end++
			}
			copy(to[j:end], src[at+cols[j]:])
			j = end
		}
	}
}

// gather is dst[i] = src[at[i]].
func gather[T Float](dst, src []T, at []int) {
	at = at[:len(dst)]
	for i := range dst {
		dst[i] = src[at[i]]
	}
}

// splitC leaves in the group the indices that together walk C by single
// elements, in that order, and returns the others.
func (g *group) splitC() group {
	var outer, inner group
	next := 1
	for range g.n {
		for i := range g.n {
			if x := g.ix[i]; x.C == next && x.Size > 1 {
				copy(inner.ix[1:], inner.ix[:inner.n])
				inner.ix[0] = x
				inner.n++
				next *= x.Size
				g.ix[i].Size = 0 // taken
				break
			}
		}
	}
	for i := range g.n {
		if g.ix[i].Size > 0 {
			outer.ix[outer.n] = g.ix[i]
			outer.n++
		}
	}
	*g = inner
	return outer
}

// run is how many neighbours in B the last index of the group gives.
func (g *group) run() int {
	if g.n > 0 && g.ix[g.n-1].B == 1 {
		return g.ix[g.n-1].Size
	}
	return 1
}
