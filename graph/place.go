package graph

import "math"

// coordinates gives the vertices of some layers their heights: each wants to
// be level with its neighbours, none may come too near to the next in its
// layer. Sweeps solve one layer after the other, exactly.
func (l *layout) coordinates(layers [][]*vertex) {
	inside := map[*vertex]bool{}
	for _, layer := range layers {
		y := 0.0
		for i, v := range layer {
			inside[v] = true
			if i > 0 {
				y += separation(layer[i-1], v)
			}
			v.y = y
		}
	}
	for sweep := range 60 {
		for i := range layers {
			k := i
			if sweep%2 == 1 {
				k = len(layers) - 1 - i
			}
			// At first one side counts, so that what is found travels; then both.
			l.level(layers[k], inside, sweep >= 40 || sweep%2 == 0, sweep >= 40 || sweep%2 == 1)
		}
	}
	for range 3 {
		l.straighten(layers, inside)
	}
	for _, layer := range layers {
		for _, v := range layer {
			v.y = math.Round(v.y*2) / 2
		}
	}
}

// straighten puts ways that could be level exactly level, and those that only
// pass through as near to the others as there is room.
func (l *layout) straighten(layers [][]*vertex, inside map[*vertex]bool) {
	first := layers[0][0].layer
	for _, layer := range layers {
		for _, v := range layer {
			if p := l.prev[v]; p != nil && inside[p] {
				continue
			}
			for v != nil && inside[v] {
				v = l.alignRun(layers, first, v, inside)
			}
		}
	}
}

// alignRun levels as much of the way from v on as there is room for, and
// returns where the next run begins.
func (l *layout) alignRun(layers [][]*vertex, first int, v *vertex, inside map[*vertex]bool) *vertex {
	lo, hi := math.Inf(-1), math.Inf(1)
	sum, run := 0.0, []*vertex(nil)
	through := true // held by nothing
	for ; v != nil && inside[v]; v = l.next[v] {
		a, b := room(layers[v.layer-first], v)
		a, b = max(a, lo), min(b, hi)
		if a > b {
			break
		}
		lo, hi = a, b
		run, sum = append(run, v), sum+v.y
		through = through && v.node == nil && len(v.down) == 1
	}
	y := min(max(sum/float64(len(run)), lo), hi)
	if through && (v == nil || !inside[v]) && !math.IsInf(lo, 0) {
		y = lo
	}
	for _, u := range run {
		u.y = y
		layer := layers[u.layer-first]
		for i := u.order + 1; i < len(layer) && loose(layer[i:], u); i++ {
			layer[i].y = max(layer[i].y, layer[i-1].y+separation(layer[i-1], layer[i]))
		}
	}
	return v
}

// loose reports whether all these are inputs, which give way to u.
func loose(vs []*vertex, u *vertex) bool {
	for _, v := range vs {
		if v.rank() < 2 || v.rank() <= u.rank() {
			return false
		}
	}
	return true
}

// ways finds which vertex goes on in which: for an operation the argument that
// took most operations to compute, data before parameters.
func (l *layout) ways() {
	depth, height := map[*vertex]int{}, map[*vertex]int{}
	own := func(v *vertex) int {
		if v.node != nil && v.node.Kind == Op {
			return 2
		}
		if v.node != nil && v.node.Kind == Data {
			return 1
		}
		return 0
	}
	for _, layer := range l.layers {
		for _, v := range layer {
			for _, u := range v.up {
				depth[v] = max(depth[v], depth[u])
			}
			depth[v] += own(v)
		}
	}
	for k := len(l.layers) - 1; k >= 0; k-- {
		for _, v := range l.layers[k] {
			for _, u := range v.down {
				height[v] = max(height[v], height[u])
			}
			height[v] += own(v)
		}
	}
	l.next, l.prev = map[*vertex]*vertex{}, map[*vertex]*vertex{}
	want := map[*vertex]*vertex{}
	for _, layer := range l.layers {
		for _, v := range layer {
			for _, u := range v.up {
				if w := want[v]; w == nil || depth[u] > depth[w] {
					want[v] = u
				}
			}
		}
	}
	for _, layer := range l.layers {
		for _, v := range layer {
			for _, u := range v.down {
				if w := l.next[v]; want[u] == v && (w == nil || height[u] > height[w]) {
					l.next[v] = u
				}
			}
			if u := l.next[v]; u != nil {
				l.prev[u] = v
			}
		}
	}
}

// room is how far a vertex can move without coming too near to its neighbours.
func room(layer []*vertex, v *vertex) (lo, hi float64) {
	lo, hi = math.Inf(-1), math.Inf(1)
	if v.order > 0 {
		u := layer[v.order-1]
		lo = u.y + separation(u, v)
	}
	if below := layer[v.order+1:]; loose(below, v) {
		return min(lo, v.y), hi
	} else if len(below) > 0 {
		u := below[0]
		hi = u.y - separation(v, u)
	}
	return min(lo, v.y), max(hi, v.y)
}

// separation is the least distance of two neighbours in a layer.
func separation(above, below *vertex) float64 {
	gap := 14.0
	if above.node == nil && below.node == nil {
		gap = 4
	}
	return above.below + gap + below.above
}

// pull is how strongly an edge wants to be level: the way that goes on most,
// then bends, and parameters give way.
func (l *layout) pull(from, to *vertex) float64 {
	switch {
	case l.next[from] == to:
		return 20
	case from.node == nil && to.node == nil:
		return 8
	case from.node != nil && from.node.op == "input":
		return 0.02
	case from.node == nil || to.node == nil:
		return 0.5
	}
	return 1
}

// level moves the vertices of one layer: least squares under the order of the
// layer, by pooling adjacent violators.
func (l *layout) level(layer []*vertex, inside map[*vertex]bool, before, behind bool) {
	type block struct {
		sum, weight float64
		from        int
	}
	var blocks []block
	offset := make([]float64, len(layer)) // what stands above, packed
	for i, v := range layer {
		if i > 0 {
			offset[i] = offset[i-1] + separation(layer[i-1], v)
		}
		want, weight := 0.0, 0.0
		add := func(u *vertex, w float64) {
			if inside[u] {
				want += w * u.y
				weight += w
			}
		}
		for _, u := range v.up {
			if before || len(v.down) == 0 {
				add(u, l.pull(u, v))
			}
		}
		for _, u := range v.down {
			if behind || len(v.up) == 0 {
				add(u, l.pull(v, u))
			}
		}
		if weight == 0 {
			want, weight = v.y, 1e-3
		} else {
			want /= weight
		}
		b := block{(want - offset[i]) * weight, weight, i}
		for len(blocks) > 0 {
			last := blocks[len(blocks)-1]
			if last.sum/last.weight <= b.sum/b.weight {
				break
			}
			b.sum, b.weight, b.from = b.sum+last.sum, b.weight+last.weight, last.from
			blocks = blocks[:len(blocks)-1]
		}
		blocks = append(blocks, b)
	}
	for k, b := range blocks {
		to := len(layer)
		if k+1 < len(blocks) {
			to = blocks[k+1].from
		}
		for i := b.from; i < to; i++ {
			layer[i].y = b.sum/b.weight + offset[i]
		}
	}
}
