package runtime

import "github.com/nnc-lang/nnc/runtime/internal/kernels"

// contractWindows is Contract for groups of several indices where n ends in a run
// of neighbours in B and C, as in a convolution with the positions as n and the
// channels as m. Nothing is copied: the kernel walks k by tables of differences,
// and n by a table of vectors, so that one call does whole images. Where runs
// are short, the sums of several stand in registers at once.
func contractWindows[T Float](x *contraction, c, a, b []T, acc bool) {
	run := x.n.ix[x.n.n-1].Size
	x.n.n--
	im := x.m.take(byA)
	w := workspaces.Get().(*workspace)
	k := x.k.size()
	longest := tableV * level.Lanes(sizeOf[T]())
	for p := 0; p < k; p += tableK {
		depth := min(k-p, tableK)
		x.k.offsets(p, w.kA[:depth], w.kB[:depth])
		a0, b0 := w.kA[0], w.kB[0]
		differences(w.kA[:depth], sizeOf[T]())
		differences(w.kB[:depth], sizeOf[T]())
		for j := 0; j < run; j += longest {
			windowBlock(x, w, im, depth, min(run-j, longest), c[j:], a[a0:], b[b0+j:], acc || p > 0)
		}
	}
	workspaces.Put(w)
}

// windowBlock adds what depth steps of k give to one run at each step of n. The
// table of vectors holds as many steps of n as fit, and serves all steps of batch,
// m and the rest of n.
func windowBlock[T Float](x *contraction, w *workspace, im Index, depth, run int, c, a, b []T, acc bool) {
	perRun := (run + level.Lanes(sizeOf[T]()) - 1) / level.Lanes(sizeOf[T]())
	inner, cut, outer := x.n.split(tableV / perRun)
	strips := (im.Size + kernels.WindowRows - 1) / kernels.WindowRows
	for first, vectors := 0, 0; first < cut.Size; first += cut.A {
		if first == 0 || first+cut.A > cut.Size {
			steps := cut
			steps.Size = min(cut.A, cut.Size-first)
			vectors = fillVectors[T](w, inner, steps, run)
		}
		var at offsets
		at.b, at.c = first*cut.B, first*cut.C
		for more := true; more; more = x.batch.next(&at, 0) {
			for more := true; more; more = x.m.next(&at, 1) {
				for more := true; more; more = outer.next(&at, 2) {
					for s := range strips {
						i, end := s*im.Size/strips, (s+1)*im.Size/strips
						windows(end-i, depth, a[at.a+i*im.A:], im.A, w, b[at.b:], c[at.c+i*im.C:], im.C, vectors, acc)
					}
				}
			}
		}
	}
}

// split divides a group into its last indices, of at most the given number of
// steps together, the one before them and the others before that. A of the middle
// one is how many of its steps can be added to the last.
func (g *group) split(most int) (inner group, middle Index, outer group) {
	inner, outer = *g, *g
	size, i := 1, g.n
	for i > 0 && size*g.ix[i-1].Size <= most {
		i--
		size *= g.ix[i].Size
	}
	copy(inner.ix[:], g.ix[i:g.n])
	inner.n = g.n - i
	middle = Index{Size: 1, A: 1}
	if i > 0 {
		i--
		middle = g.ix[i]
		middle.A = min(most/size, middle.Size)
	}
	outer.n = i
	return inner, middle, outer
}

// fillVectors fills the table with the vectors of a run at each step of middle and
// inner, and returns how many there are. The table ends in some of no lanes.
func fillVectors[T Float](w *workspace, inner group, middle Index, run int) int {
	size, lanes := sizeOf[T](), level.Lanes(sizeOf[T]())
	n := 0
	for i := range middle.Size {
		var at offsets
		for more := true; more; more = inner.next(&at, 0) {
			b, c := (i*middle.B+at.b)*size, (i*middle.C+at.c)*size
			for j := 0; j < run; j += lanes {
				mask := 1<<min(run-j, lanes) - 1
				w.vectors[n] = kernels.Vector{B: b + j*size, C: c + j*size, Mask: mask}
				n++
			}
		}
	}
	for i := range w.vectors[n : n+vectorPad] {
		w.vectors[n+i] = kernels.Vector{}
	}
	return n
}

// windows calls the kernel of the element type.
func windows[T Float](rows, k int, a []T, ars int, w *workspace, b, c []T, crs, vectors int, acc bool) {
	per := kernels.WindowVectors(rows)
	groups := (vectors + per - 1) / per
	if is32[T]() {
		level.Windows32(rows, k, pointer32(a), ars, &w.kA[0], pointer32(b), &w.kB[0], pointer32(c), crs, &w.vectors[0], groups, acc)
	} else {
		level.Windows64(rows, k, pointer64(a), ars, &w.kA[0], pointer64(b), &w.kB[0], pointer64(c), crs, &w.vectors[0], groups, acc)
	}
}
