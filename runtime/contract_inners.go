package runtime

import "github.com/nnc-lang/nnc/runtime/internal/kernels"

// contractInners is Contract where k ends in a run of neighbours in A and B, and
// each element of C is a long inner product, as in the gradient of a convolution's
// kernel. The lanes of a vector are steps of k, which are summed at the end. B is
// read in place; A is copied, so that its vectors do not straddle cache lines.
func contractInners[T Float](x *contraction, c, a, b []T, acc bool) {
	last := x.k.ix[x.k.n-1]
	x.k.n--
	im := x.m.take(byA)
	runs, n := x.k.size(), x.n.size()
	w := workspaces.Get().(*workspace)
	block := min(innerRuns[T](last.Size), tableK)
	for p := 0; p < runs; p += block {
		depth := min(runs-p, block)
		x.k.offsets(p, w.kA[:depth], w.kB[:depth])
		for i := range depth {
			w.kA[i], w.kB[i] = w.kA[i]*sizeOf[T](), w.kB[i]*sizeOf[T]()
		}
		for j := 0; j < n; j += tableN {
			cols := min(n-j, tableN)
			x.n.columns(j, w.nB[:cols], w.nC[:cols])
			innerBlock(x, w, im, depth, last.Size, cols, c, a, b, acc || p > 0)
		}
	}
	workspaces.Put(w)
}

// innerRuns is how many runs of a strip's rows the buffer of A holds.
func innerRuns[T Float](run int) int {
	var w *workspace
	lanes := level.Lanes(sizeOf[T]())
	return len(w.a) * 8 / sizeOf[T]() / (kernels.WindowRows * ((run + lanes - 1) / lanes * lanes))
}

// innerBlock adds the products over depth runs of k to cols columns of C.
func innerBlock[T Float](x *contraction, w *workspace, im Index, depth, run, cols int, c, a, b []T, acc bool) {
	lanes := level.Lanes(sizeOf[T]())
	full, rest := run/lanes, 1<<(run%lanes)-1
	ars := depth * ((run + lanes - 1) / lanes * lanes)
	packed, tile := buffer[T](&w.a), buffer[T](&w.c)
	strips := (im.Size + kernels.WindowRows - 1) / kernels.WindowRows
	var at offsets
	for more := true; more; more = x.batch.next(&at, 0) {
		for more := true; more; more = x.m.next(&at, 1) {
			for s := range strips {
				i, end := s*im.Size/strips, (s+1)*im.Size/strips
				rows := end - i
				for r := range rows {
					gatherRuns(depth, full, rest, lanes, a[at.a+(i+r)*im.A:], &w.kA[0], packed[r*ars:])
				}
				per := kernels.WindowVectors(rows)
				for j := 0; j < cols; j += per {
					var nB [4]int
					for q := range nB {
						nB[q] = w.nB[min(j+q, cols-1)] * sizeOf[T]()
					}
					nC := w.nC[j:min(j+per, cols)]
					ci, lanes := c[at.c+i*im.C:], 1<<len(nC)-1
					if nC[len(nC)-1]-nC[0] == len(nC)-1 {
						inners(rows, depth, full, rest, packed, ars, b[at.b:], &nB, &w.kB[0], ci[nC[0]:], im.C, lanes, acc)
						continue
					}
					inners(rows, depth, full, rest, packed, ars, b[at.b:], &nB, &w.kB[0], tile, 4, lanes, false)
					scatterTile(rows, tile, ci, im.C, nC, acc)
				}
			}
		}
	}
}

// scatterTile copies rows of a tile, four apart, to columns of C or adds them.
func scatterTile[T Float](rows int, tile, c []T, crs int, cols []int, acc bool) {
	for r := range rows {
		row := tile[4*r:][:len(cols)]
		for q, at := range cols {
			if acc {
				row[q] += c[r*crs+at]
			}
			c[r*crs+at] = row[q]
		}
	}
}

// innerProducts says whether contractInners applies and fills its vectors better
// than contractWindows.
func innerProducts[T Float](x *contraction) bool {
	if !level.Windows() || x.k.n == 0 {
		return false
	}
	last := x.k.ix[x.k.n-1]
	lanes := level.Lanes(sizeOf[T]())
	if last.A != 1 || last.B != 1 || last.Size < lanes/2 || innerRuns[T](last.Size) < 1 {
		return false
	}
	steps := x.k.size() / last.Size * ((last.Size + lanes - 1) / lanes)
	const enough = 48 // steps of lanes whose sums are worth summing at the end
	if steps < enough {
		return false
	}
	fill := filled(last.Size, lanes) * filled(x.n.size(), 4)
	return !x.inPlace() || fill > 1.2*filled(x.n.run(), lanes)
}

// filled is which part of so many units of a size n elements fill.
func filled(n, size int) float64 {
	return float64(n) / float64((n+size-1)/size*size)
}

// inners and gatherRuns call the kernel of the element type.
func inners[T Float](rows, runs, full, rest int, a []T, ars int, b []T, cols *[4]int, at *int, c []T, crs, mask int, acc bool) {
	if is32[T]() {
		level.Inners32(rows, runs, full, rest, pointer32(a), ars, pointer32(b), &cols[0], at, pointer32(c), crs, mask, acc)
	} else {
		level.Inners64(rows, runs, full, rest, pointer64(a), ars, pointer64(b), &cols[0], at, pointer64(c), crs, mask, acc)
	}
}

func gatherRuns[T Float](runs, full, rest, last int, src []T, at *int, dst []T) {
	if is32[T]() {
		level.Gather32(runs, full, rest, last, pointer32(src), at, pointer32(dst))
	} else {
		level.Gather64(runs, full, rest, last, pointer64(src), at, pointer64(dst))
	}
}
