package graph

import (
	"math"
	"slices"
)

// row is a run of layers that stand beside each other.
type row struct {
	from, to    int // layers
	top, bottom float64
	left, right float64
	lanes       int // of edges that run below it
}

// measure gives layers their columns: the width of each, and of the gap behind
// it, which has room for the text on the edges and for their curves.
func (l *layout) measure(layers [][]*vertex) (width, gap []float64) {
	for k, layer := range layers {
		w, text, steep := 0.0, 0.0, 0.0
		for _, v := range layer {
			w, text = max(w, v.w), max(text, v.label)
			for _, u := range v.down {
				if u.layer == k+1 {
					steep = max(steep, math.Abs(u.y-v.y))
				}
			}
		}
		width = append(width, w)
		gap = append(gap, text+min(30+steep/5, 64))
	}
	return width, gap
}

// wrap chooses where to break the layers into rows, as lines of a text, so
// that the whole has the shape of a slide.
func (l *layout) wrap() []int {
	width, gap := l.measure(l.layers)
	n := len(l.layers)
	at := make([]float64, n+1)
	for k := range n {
		at[k+1] = at[k] + width[k] + gap[k]
	}
	cost := make([]float64, n) // of a break before a layer
	for k := 1; k < n; k++ {
		for _, v := range l.layers[k-1] {
			if len(v.down) > 0 {
				cost[k] += 1
			}
		}
		for _, v := range l.layers[k] { // parameters stand by what they are for
			for _, u := range v.up {
				if u.node != nil && u.node.op == "input" {
					cost[k] += 4
				}
			}
		}
		for _, g := range l.g.Groups {
			lo, hi := n, 0
			for _, m := range g.Nodes {
				lo, hi = min(lo, l.of[m].layer), max(hi, l.of[m].layer)
			}
			if k > lo && k <= hi {
				cost[k] += 1.5
			}
			if k == lo && hi-lo > 2 {
				cost[k] -= 1
			}
		}
	}
	for _, e := range l.g.Edges() { // a loop stays in a row
		for k := l.of[e.To].layer + 1; e.Back && k <= l.of[e.From].layer; k++ {
			cost[k] += 1.5
		}
	}
	best, breaks := math.Inf(1), []int(nil)
	for count := 1; count <= 9 && count <= n; count++ {
		cuts, ok := split(at, cost, count)
		if !ok {
			break
		}
		w, h, c := 0.0, 0.0, 0.0
		for i, from := range cuts {
			to := n
			if i+1 < len(cuts) {
				to = cuts[i+1]
			}
			w = max(w, at[to]-at[from])
			lo, hi := math.Inf(1), math.Inf(-1)
			for _, layer := range l.layers[from:to] {
				for _, v := range layer {
					lo, hi = min(lo, v.y-v.above), max(hi, v.y+v.below)
				}
			}
			h += hi - lo + 60
			c += cost[from]
		}
		bad := math.Abs(math.Log(max(w, 400)/h/1.9)) + 0.05*c
		if count == 1 && w < 1500 {
			bad -= 1
		}
		if bad < best {
			best, breaks = bad, cuts
		}
	}
	return breaks
}

// split finds the count rows of the most even widths, at breaks of low cost.
func split(at, cost []float64, count int) ([]int, bool) {
	n := len(cost)
	even := at[n] / float64(count)
	best := make([][]float64, count+1)
	from := make([][]int, count+1)
	for r := range best {
		best[r], from[r] = make([]float64, n+1), make([]int, n+1)
		for k := range best[r] {
			best[r][k] = math.Inf(1)
		}
	}
	best[0][0] = 0
	for r := 1; r <= count; r++ {
		for to := 1; to <= n; to++ {
			for f := range to {
				d := (at[to] - at[f]) / even
				c := best[r-1][f] + (d-1)*(d-1)*3 + 0.2*cost[f]
				if c < best[r][to] {
					best[r][to], from[r][to] = c, f
				}
			}
		}
	}
	if math.IsInf(best[count][n], 1) {
		return nil, false
	}
	var cuts []int
	for r, to := count, n; r > 0; r-- {
		to = from[r][to]
		cuts = append(cuts, to)
	}
	slices.Reverse(cuts)
	return cuts, true
}

// turn is an edge from the end of a row to the beginning of the next.
type turn struct {
	from, to *vertex
	right    float64 // where it goes down behind the row
	y        float64 // where it goes back below the row
	left     float64
	adjoint  bool
}

// breakRows inserts, before each row but the first, a layer of bends: where
// the edges of the row before come in.
func (l *layout) breakRows(breaks []int) {
	var layers [][]*vertex
	l.rows = nil
	for k, layer := range l.layers {
		if slices.Contains(breaks, k) {
			if k > 0 {
				var bends []*vertex
				for _, v := range l.layers[k-1] {
					if len(v.down) == 0 {
						continue
					}
					b := &vertex{above: 5, below: 5, down: v.down, up: []*vertex{v}}
					for _, u := range v.down {
						if v.adjointTo(u) {
							b.adjoint = true
						}
						u.up[slices.Index(u.up, v)] = b
					}
					if b.adjoint {
						b.below += l.style.bendGap
					}
					v.down = []*vertex{b}
					l.turns = append(l.turns, &turn{from: v, to: b, adjoint: b.adjoint})
					bends = append(bends, b)
				}
				l.rows[len(l.rows)-1].to = len(layers)
				l.rows = append(l.rows, row{from: len(layers)})
				layers = append(layers, bends)
			} else {
				l.rows = append(l.rows, row{})
			}
		}
		layers = append(layers, layer)
	}
	l.rows[len(l.rows)-1].to = len(layers)
	l.layers = layers
	for k, layer := range layers {
		for i, v := range layer {
			v.layer, v.order = k, i
		}
	}
}

// adjointTo reports whether the backward pass goes along the edge to u.
func (v *vertex) adjointTo(u *vertex) bool { return v.adjoint && u.adjoint }
