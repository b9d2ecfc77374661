package runtime

// contractDirect is Contract for groups of several indices where n ends in a run
// of neighbours in B and C. The kernel walks k by tables of differences and
// nothing is copied: a convolution reads its windows in place.
func contractDirect[T Float](x *contraction, c, a, b []T, acc bool) {
	run := x.n.ix[x.n.n-1].Size
	x.n.n--
	im := x.m.take(byA)
	rows := level.Rows()
	w := workspaces.Get().(*workspace)
	k := x.k.size()
	for p := 0; p < k; p += tableK {
		depth := min(k-p, tableK)
		x.k.offsets(p, w.kA[:depth], w.kB[:depth])
		a0, b0 := w.kA[0], w.kB[0]
		differences(w.kA[:depth], sizeOf[T]())
		differences(w.kB[:depth], sizeOf[T]())
		add := acc || p > 0
		var at offsets
		for more := true; more; more = x.batch.next(&at, 0) {
			for more := true; more; more = x.m.next(&at, 1) {
				for more := true; more; more = x.n.next(&at, 2) {
					bn := b[at.b+b0:]
					for i := 0; i < im.Size; i += rows {
						stripTable(min(im.Size-i, rows), depth, a[at.a+a0+i*im.A:], im.A, &w.kA[0],
							bn, &w.kB[0], 8, c[at.c+i*im.C:], im.C, run, add)
					}
				}
			}
		}
	}
	workspaces.Put(w)
}

// differences turns offsets in elements into the steps between them in bytes;
// the last step leads nowhere.
func differences(t []int, size int) {
	for i := 1; i < len(t); i++ {
		t[i-1] = (t[i] - t[i-1]) * size
	}
	t[len(t)-1] = 0
}

// minRun is the shortest run that is read in place rather than packed.
const minRun = 4

// inPlace says whether contractDirect applies.
func (x *contraction) inPlace() bool {
	return x.n.n > 0 && x.n.ix[x.n.n-1].C == 1 && x.n.run() >= minRun
}
