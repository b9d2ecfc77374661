package runtime

// group is an index group in normal form: no index of size 1, neighbours in
// memory fused, the longest stride first. A group of no index is one value.
type group struct {
	n     int
	empty bool // some index has size 0
	ix    [maxIndices]Index
}

// set takes over the indices of s. Strides of arrays in which the group does
// not occur are cleared, so that they cannot stand in the way of fusion.
func (g *group) set(s []Index, inA, inB, inC bool) {
	g.n, g.empty = 0, false
	for _, x := range s {
		if x.Size <= 0 {
			g.empty = true
		}
		if x.Size <= 1 {
			continue
		}
		if !inA {
			x.A = 0
		}
		if !inB {
			x.B = 0
		}
		if !inC {
			x.C = 0
		}
		if g.n == maxIndices {
			panic("rt: Contract: more than 8 indices in a group")
		}
		g.ix[g.n] = x
		g.n++
	}
	g.sort()
	g.fuse()
}

// sort orders by falling stride, in C first. The order of a sum is thereby a matter of the
// strides, not of how the caller wrote the group.
func (g *group) sort() {
	for i := 1; i < g.n; i++ {
		for j := i; j > 0 && g.ix[j-1].inner(g.ix[j]); j-- {
			g.ix[j-1], g.ix[j] = g.ix[j], g.ix[j-1]
		}
	}
}

// inner says whether x has shorter strides than y.
func (x Index) inner(y Index) bool {
	if x.C != y.C {
		return x.C < y.C
	}
	return max(x.A, x.B) < max(y.A, y.B)
}

// fuse joins an index with the next one where a step of the outer is Size steps
// of the inner in every array.
func (g *group) fuse() {
	for i := 0; i < g.n; i++ {
		for j := 0; j < g.n; j++ {
			o, x := g.ix[i], g.ix[j]
			if i == j || o.A != x.A*x.Size || o.B != x.B*x.Size || o.C != x.C*x.Size {
				continue
			}
			x.Size *= o.Size
			g.ix[j] = x
			copy(g.ix[i:g.n-1], g.ix[i+1:g.n])
			g.n--
			i, j = -1, g.n // start over
		}
	}
}

// still takes A and B out of the group.
func (g *group) still() {
	for i := range g.n {
		g.ix[i].A, g.ix[i].B = 0, 0
	}
}

// unit says whether some index walks C by single elements.
func (g *group) unit() bool {
	for i := range g.n {
		if g.ix[i].C == 1 {
			return true
		}
	}
	return false
}

// longest is the size of the largest index.
func (g *group) longest() int {
	n := 1
	for i := range g.n {
		n = max(n, g.ix[i].Size)
	}
	return n
}

// size is the number of steps of the whole group.
func (g *group) size() int {
	n := 1
	for i := range g.n {
		n *= g.ix[i].Size
	}
	return n
}

// axis is how take ranks the indices of a group.
type axis int

const (
	byA axis = iota
	byB
)

// take removes the index that the inner product shall run over: one with unit
// strides if there is one, else the largest. Without any it is a single step.
func (g *group) take(by axis) Index {
	best := -1
	for i := range g.n {
		if best < 0 || rank(g.ix[i], by) > rank(g.ix[best], by) {
			best = i
		}
	}
	if best < 0 {
		return Index{Size: 1}
	}
	x := g.ix[best]
	copy(g.ix[best:g.n-1], g.ix[best+1:g.n])
	g.n--
	return x
}

func rank(x Index, by axis) int {
	r := x.Size
	if by == byB && x.B == 1 && x.C <= 1 {
		r *= 16
	}
	return r
}

// next steps the loop over the group at the given depth, the last index
// fastest, and says whether there is a step left.
func (g *group) next(at *offsets, depth int) bool {
	pos := &at.at[depth]
	for i := g.n - 1; i >= 0; i-- {
		x := &g.ix[i]
		at.a, at.b, at.c = at.a+x.A, at.b+x.B, at.c+x.C
		if pos[i]++; pos[i] < x.Size {
			return true
		}
		pos[i] = 0
		at.a, at.b, at.c = at.a-x.A*x.Size, at.b-x.B*x.Size, at.c-x.C*x.Size
	}
	return false
}

// offsets fills a and b with where the steps from first on stand in A and B.
func (g *group) offsets(first int, a, b []int) {
	at := g.start(first)
	for i := range a {
		a[i], b[i] = at.a, at.b
		g.next(&at, 0)
	}
}

// columns fills b and c with where the steps from first on stand in B and C.
func (g *group) columns(first int, b, c []int) {
	at := g.start(first)
	for i := range b {
		b[i], c[i] = at.b, at.c
		g.next(&at, 0)
	}
}

// start is a loop over the group that stands at the step first.
func (g *group) start(first int) (at offsets) {
	for i := g.n - 1; i >= 0; i-- {
		x := g.ix[i]
		d := first % x.Size
		first /= x.Size
		at.at[0][i] = d
		at.a, at.b, at.c = at.a+d*x.A, at.b+d*x.B, at.c+d*x.C
	}
	return at
}
