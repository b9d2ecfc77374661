package graph

import (
	"math"
	"slices"
)

// loop is an edge from one step of a recurrence to the next; it goes back
// below the row.
type loop struct {
	from, to *vertex
	adjoint  bool // the way of the backward pass, from the adjoint of to
	out, in  float64
	y1, y2   float64 // below the rows of from and to
	left     float64 // where it changes rows
}

// arrange lays a graph out.
func (g *Graph) arrange() *layout {
	l := &layout{g: g, style: slide}
	l.build(l.assign())
	l.reorder()
	l.ways()
	l.coordinates(l.layers)
	l.breakRows(l.wrap())
	l.ways()
	for _, r := range l.rows {
		l.coordinates(l.layers[r.from:r.to])
	}
	for _, e := range g.Edges() {
		if !e.Back {
			continue
		}
		l.loops = append(l.loops, &loop{from: l.of[e.From], to: l.of[e.To]})
		if e.From.Adjoint && e.To.Adjoint {
			l.loops = append(l.loops, &loop{from: l.of[e.From], to: l.of[e.To], adjoint: true})
		}
	}
	l.columns()
	l.stack()
	l.frames()
	return l
}

// columns gives each layer its place from left to right.
func (l *layout) columns() {
	width, gap := l.measure(l.layers)
	for k := range l.rows {
		r := &l.rows[k]
		x := 0.0
		if k > 0 {
			x = l.style.margin // where the edges of the row before come in
		}
		for i := r.from; i < r.to; i++ {
			for _, v := range l.layers[i] {
				v.x, v.row = x+width[i]/2, k
			}
			x += width[i]
			if i+1 < r.to {
				x += gap[i]
			}
		}
		last := 0.0
		for _, v := range l.layers[r.to-1] {
			last = max(last, v.label)
		}
		r.right = x + last
	}
}

// edges of the column of a vertex.
func (l *layout) column(v *vertex) (left, right float64) {
	w := 0.0
	for _, u := range l.layers[v.layer] {
		w = max(w, u.w)
	}
	return v.x - w/2, v.x + w/2
}

// labelled is the room for text behind the column of a vertex.
func (l *layout) labelled(v *vertex) float64 {
	t := 0.0
	for _, u := range l.layers[v.layer] {
		t = max(t, u.label)
	}
	return t
}

const lane = 9 // distance of edges beside each other

// stack puts the rows below each other, with room for the edges that run
// between them.
func (l *layout) stack() {
	y := l.style.margin
	margin := l.style.margin // on the left, for edges that change rows
	shift := 0.0
	for k := range l.rows {
		r := &l.rows[k]
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, layer := range l.layers[r.from:r.to] {
			for _, v := range layer {
				lo, hi = min(lo, v.y-v.above), max(hi, v.y+v.below)
			}
		}
		if l.framed(k) {
			lo -= 30
			hi += 12
		}
		for _, layer := range l.layers[r.from:r.to] {
			for _, v := range layer {
				v.y += y - lo
			}
		}
		r.top, r.bottom = y, y+hi-lo
		below := r.bottom + 12
		if slices.ContainsFunc(l.loops, func(p *loop) bool { return p.to.row == k }) {
			below += 8 // for the text on loops
		}
		for _, p := range l.loops {
			if p.from.row == k {
				p.y1 = below
				if p.to.row == k {
					p.y2 = below
				}
				below += lane
			}
		}
		for _, p := range l.loops {
			if p.to.row == k && p.from.row != k {
				p.y2 = below
				below += lane
			}
		}
		var out []*turn
		for _, t := range l.turns {
			if t.from.row == k {
				out = append(out, t)
			}
		}
		slices.SortStableFunc(out, func(a, b *turn) int { return b.from.order - a.from.order })
		x := r.right + 16
		for i, t := range out {
			t.right = x
			t.y = below
			t.left = -float64(len(out)-i) * 2 * lane
			x += lane
			below += lane
			if t.adjoint {
				x += lane
				below += lane
			}
		}
		shift = max(shift, float64(2*len(out)+1)*lane)
		l.w = max(l.w, x)
		y = below + 22
	}
	for _, p := range l.loops {
		out, _ := l.gapBehind(p.from)
		_, in := l.gapBefore(p.to)
		p.out, p.in = out, in
		if p.adjoint {
			p.out, p.in = out+5, in-5
		}
		l.w = max(l.w, p.out+8)
		if p.from.row != p.to.row {
			shift += lane
			p.left = -shift
			shift += lane
		}
	}
	// Everything begins at the margin.
	margin += shift
	for _, layer := range l.layers {
		for _, v := range layer {
			v.x += margin
		}
	}
	for _, t := range l.turns {
		t.right += margin
		t.left += margin
	}
	for _, p := range l.loops {
		p.out, p.in, p.left = p.out+margin, p.in+margin, p.left+margin
	}
	l.w += margin + l.style.margin
	l.h = y - 22 + l.style.margin
}

// gapBehind and gapBefore are where edges curve beside a vertex.
func (l *layout) gapBehind(v *vertex) (from, to float64) {
	_, right := l.column(v)
	right += l.labelled(v)
	return right + 4, right + 26
}

func (l *layout) gapBefore(v *vertex) (from, to float64) {
	left, _ := l.column(v)
	return left - 24, left - 12
}

// framed reports whether a group has nodes in a row.
func (l *layout) framed(row int) bool {
	for _, g := range l.g.Groups {
		for _, n := range g.Nodes {
			if l.of[n].row == row {
				return true
			}
		}
	}
	return false
}

// frames draws a frame around the nodes of each group, in each row, unless it
// would hold others too.
func (l *layout) frames() {
	for _, g := range l.g.Groups {
		for k := range l.rows {
			r := rect{x: math.Inf(1), y: math.Inf(1)}
			right, bottom := math.Inf(-1), math.Inf(-1)
			for _, n := range g.Nodes {
				if v := l.of[n]; v.row == k {
					box, _ := l.boxes(v)
					r.x, right = min(r.x, v.x-v.w/2), max(right, v.x+v.w/2, box.right()+v.label-4)
					r.y, bottom = min(r.y, v.y-v.above), max(bottom, v.y+v.below)
				}
			}
			if math.IsInf(r.x, 1) {
				continue
			}
			for _, n := range append(slices.Clone(g.Nodes), g.entry) { // edges within
				for _, v := range l.chains[n] {
					if n != g.exit && v.row == k && v.x > r.x && v.x < right {
						r.y, bottom = min(r.y, v.y-v.above), max(bottom, v.y+v.below)
					}
				}
			}
			r = rect{r.x - 10, r.y - 8, right - r.x + 20, bottom - r.y + 16}
			alone := true
			for _, n := range l.g.Nodes {
				box, _ := l.boxes(l.of[n])
				alone = alone && (slices.Contains(g.Nodes, n) || !box.overlaps(r))
			}
			if alone {
				l.groups = append(l.groups, r)
				l.groupsOf = append(l.groupsOf, g)
			}
		}
	}
}
