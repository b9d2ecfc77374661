package runtime

// Index is one index of a contraction: how many values it takes, and by how
// many elements a step of it moves in A, B and C. A stride of an array the index
// does not occur in is ignored.
type Index struct{ Size, A, B, C int }

// maxIndices bounds the indices of one group, so that the fused groups live on
// the stack.
const maxIndices = 8

// Contract is the general contraction
//
//	C[batch, m, n] (+)= sum[k] A[batch, m, k]*B[batch, k, n]
//
// where each of m, n, k and batch is a group of any number (up to 8) of
// indices, in any order of memory. Transposition, batched products and
// convolution are choices of strides; a window x[i+u] is two indices, one in m
// and one in k, with the same stride in A. An empty group is a single value. As
// in Gemm, strides are not negative, C overlaps nothing, every product is
// formed, and acc adds to C.
//
// The groups are only read during the call, so that literals at the call site
// stay on its stack.
func Contract[T Float](c, a, b []T, m, n, k, batch []Index, acc bool) {
	var x contraction
	if !x.set(m, n, k, batch) {
		return
	}
	x.check(len(a), len(b), len(c))
	if x.exchange() {
		a, b = b, a
	}
	if level > 0 && x.scattered() {
		var s shift
		contractParallel(chooseForm[T](&x, &s), &x, &s, c, a, b, acc)
		return
	}
	contractParallel(byGemm, &x, nil, c, a, b, acc)
}

// form is a way to compute a contraction.
type form int

const (
	byGemm    form = iota
	byShift        // contractShifted
	byInners       // contractInners
	byWindows      // contractWindows
	directly       // contractDirect
	byPacking      // contractPacked
)

// chooseForm is the form of a contraction of short rows or sums; of byShift, s is
// what it copies.
func chooseForm[T Float](x *contraction, s *shift) form {
	switch {
	case chooseShift[T](x, s):
		return byShift
	case innerProducts[T](x):
		return byInners
	case x.inPlace() && level.Windows():
		return byWindows
	case x.inPlace():
		return directly
	}
	return byPacking
}

// contractBy is Contract in a given form. It changes x.
func contractBy[T Float](f form, x *contraction, s *shift, c, a, b []T, acc bool) {
	switch f {
	case byGemm:
		contractOuter(x, c, a, b, acc)
	case byShift:
		contractShifted(s, c, a, b, acc)
	case byInners:
		contractInners(x, c, a, b, acc)
	case byWindows:
		contractWindows(x, c, a, b, acc)
	case directly:
		contractDirect(x, c, a, b, acc)
	case byPacking:
		contractPacked(x, c, a, b, acc)
	}
}

// contraction is a call with its groups fused.
type contraction struct {
	m, n, k, batch group
}

func (x *contraction) set(m, n, k, batch []Index) bool {
	x.m.set(m, true, false, true)
	x.n.set(n, false, true, true)
	x.k.set(k, true, true, false)
	x.batch.set(batch, true, true, true)
	x.absorb()
	if x.k.empty { // nothing is read: A and B may be empty
		x.k.n = 0
		x.m.still()
		x.n.still()
		x.batch.still()
	}
	return !x.m.empty && !x.n.empty && !x.batch.empty
}

// absorb moves a batch index that does not occur in B to m, and one that does not
// occur in A to n: longer products rather than more of them.
func (x *contraction) absorb() {
	for i := 0; i < x.batch.n; i++ {
		ix := x.batch.ix[i]
		to := &x.m
		if ix.A == 0 && ix.B != 0 {
			to = &x.n
		} else if ix.B != 0 || ix.A == 0 {
			continue
		}
		if to.n == maxIndices {
			continue
		}
		to.ix[to.n] = ix
		to.n++
		to.sort()
		to.fuse()
		copy(x.batch.ix[i:x.batch.n-1], x.batch.ix[i+1:x.batch.n])
		x.batch.n--
		i--
	}
}

// check panics if a slice is too short for its strides or a stride is negative:
// the kernels do not look.
func (x *contraction) check(a, b, c int) {
	var ea, eb, ec int
	for _, g := range []*group{&x.m, &x.n, &x.k, &x.batch} {
		for i := range g.n {
			x := g.ix[i]
			if x.A < 0 || x.B < 0 || x.C < 0 {
				panic("rt: Contract: negative stride")
			}
			ea, eb, ec = ea+(x.Size-1)*x.A, eb+(x.Size-1)*x.B, ec+(x.Size-1)*x.C
		}
	}
	if ec >= c || !x.k.empty && (ea >= a || eb >= b) {
		panic("rt: Contract: a slice is too short for its strides")
	}
}

// exchange makes C contiguous along n rather than m, by exchanging A with B, and
// says whether it did.
func (x *contraction) exchange() bool {
	if x.n.unit() || !x.m.unit() {
		return false
	}
	x.m, x.n = x.n, x.m
	for _, g := range []*group{&x.m, &x.n, &x.k, &x.batch} {
		for i := range g.n {
			g.ix[i].A, g.ix[i].B = g.ix[i].B, g.ix[i].A
		}
		g.sort()
	}
	return true
}

// scattered says whether one Gemm covers so little of the contraction that
// packing is worth its while: short rows, or short sums of several indices.
func (x *contraction) scattered() bool {
	const long = 64
	return !x.k.empty && (x.n.n > 1 && x.n.longest() < long || x.k.n > 1 && x.k.longest() < long)
}

// contractOuter loops over what one Gemm does not cover: batch, then the
// leftover rows and columns, then the leftover sums.
func contractOuter[T Float](x *contraction, c, a, b []T, acc bool) {
	im, in, ik := x.m.take(byA), x.n.take(byB), x.k.take(byA)
	if x.k.empty {
		ik.Size = 0
	}
	var at offsets
	for more := true; more; more = x.batch.next(&at, 0) {
		for more := true; more; more = x.m.next(&at, 1) {
			for more := true; more; more = x.n.next(&at, 2) {
				add := acc
				for more := true; more; more = x.k.next(&at, 3) {
					Gemm(im.Size, in.Size, ik.Size, a[at.a:], im.A, ik.A, b[at.b:], ik.B, in.B, c[at.c:], im.C, in.C, add)
					add = true
				}
			}
		}
	}
}

// offsets is where nested loops over groups stand.
type offsets struct {
	a, b, c int
	at      [4][maxIndices]int
}
