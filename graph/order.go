package graph

import (
	"cmp"
	"slices"
)

// reorder reduces crossings: layers are sorted by the barycentres of their
// neighbours, forwards and backwards in turn, neighbours that are better
// exchanged are; the best order of all sweeps is kept.
func (l *layout) reorder() {
	best, crossings := l.snapshot(), l.crossings()
	for sweep := range 24 {
		for i := range l.layers {
			k, side := i, (*vertex).before
			if sweep%2 == 1 {
				k, side = len(l.layers)-1-i, (*vertex).behind
			}
			l.sortLayer(l.layers[k], side)
		}
		l.exchange()
		if c := l.crossings(); c < crossings {
			best, crossings = l.snapshot(), c
		}
		if crossings == 0 {
			break
		}
	}
	for k := range l.layers {
		l.layers[k] = best[k]
		renumber(l.layers[k])
	}
	l.exchangeIf(func(a, b *vertex, gain int) bool { return gain == 0 && a.rank() > b.rank() })
}

// rank says what stands above what, where crossings leave the choice: the way
// through the operations runs along the top, parameters stand below.
func (v *vertex) rank() int {
	switch {
	case v.node == nil:
		return 1
	case v.node.Kind == Data:
		return 2
	case v.node.Kind == Param:
		return 3
	}
	return 0
}

func (v *vertex) before() []*vertex { return v.up }
func (v *vertex) behind() []*vertex { return v.down }

func renumber(layer []*vertex) {
	for i, v := range layer {
		v.order = i
	}
}

func (l *layout) snapshot() [][]*vertex {
	out := make([][]*vertex, len(l.layers))
	for k := range out {
		out[k] = slices.Clone(l.layers[k])
	}
	return out
}

func (l *layout) sortLayer(layer []*vertex, side func(*vertex) []*vertex) {
	centre := map[*vertex]float64{}
	for _, v := range layer {
		centre[v] = float64(v.order)
		if n := side(v); len(n) > 0 {
			s := 0.0
			for _, u := range n {
				s += float64(u.order)
			}
			centre[v] = s / float64(len(n))
		}
	}
	slices.SortStableFunc(layer, func(a, b *vertex) int { return cmp.Compare(centre[a], centre[b]) })
	renumber(layer)
}

// exchange swaps neighbours while that removes crossings.
func (l *layout) exchange() {
	l.exchangeIf(func(_, _ *vertex, gain int) bool { return gain > 0 })
}

// exchangeIf swaps neighbours where want says so, given how many crossings
// that removes.
func (l *layout) exchangeIf(want func(a, b *vertex, gain int) bool) {
	for range 10 {
		better := false
		for _, layer := range l.layers {
			for i := range len(layer) - 1 {
				a, b := layer[i], layer[i+1]
				gain := pairCrossings(a.up, b.up) + pairCrossings(a.down, b.down) - pairCrossings(b.up, a.up) - pairCrossings(b.down, a.down)
				if want(a, b, gain) {
					layer[i], layer[i+1] = b, a
					a.order, b.order = b.order, a.order
					better = true
				}
			}
		}
		if !better {
			return
		}
	}
}

// pairCrossings counts the crossings of the edges of a vertex with neighbours
// p, above one with neighbours q.
func pairCrossings(p, q []*vertex) int {
	n := 0
	for _, u := range p {
		for _, v := range q {
			if u.order > v.order {
				n++
			}
		}
	}
	return n
}

func (l *layout) crossings() int {
	n := 0
	for _, layer := range l.layers {
		for i, a := range layer {
			for _, b := range layer[i+1:] {
				n += pairCrossings(a.down, b.down)
			}
		}
	}
	return n
}
