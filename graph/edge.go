package graph

import (
	"fmt"
	"math"
	"strings"
)

// edges draws the arrows: forward ones, or those of the backward pass.
func (l *layout) edges(s *strings.Builder, back bool) {
	for _, layer := range l.layers {
		for _, v := range layer {
			for _, u := range v.down {
				if u.row == v.row && (!back || v.adjointTo(u)) {
					l.curve(s, v, u, back)
				}
			}
		}
	}
	for _, t := range l.turns {
		if !back || t.adjoint {
			l.turn(s, t, back)
		}
	}
	for _, p := range l.loops {
		if p.adjoint == back {
			l.loop(s, p)
		}
	}
}

// curve is an edge between neighbouring layers: level where it leaves and
// where it arrives, so that it goes on smoothly through bends.
func (l *layout) curve(s *strings.Builder, v, u *vertex, back bool) {
	_, x0, y0 := l.ports(v, back)
	x1, _, y1 := l.ports(u, back)
	_, c0 := l.column(v)
	c1, _ := l.column(u)
	c0 += l.labelled(v)
	if u.node != nil {
		c1 -= 9 // the head of the arrow is level
	}
	if y0 == y1 {
		c0 = c1
	}
	mid := (c0 + c1) / 2
	p := []point{{x0, y0}, {c0, y0}, {mid, y0}, {mid, y1}, {c1, y1}, {x1, y1}}
	if back {
		for i, j := 0, len(p)-1; i < j; i, j = i+1, j-1 {
			p[i], p[j] = p[j], p[i]
		}
	}
	d := fmt.Sprintf("M%s %sH%s", px(p[0].x), px(p[0].y), px(p[1].x))
	if y0 != y1 {
		d += fmt.Sprintf("C%s %s %s %s %s %s", px(p[2].x), px(p[2].y), px(p[3].x), px(p[3].y), px(p[4].x), px(p[4].y))
	}
	d += "H" + px(p[5].x)
	to, id := u, "to"
	if back {
		to, id = v, "back"
	}
	l.path(s, d, to.node != nil, id)
}

type point struct{ x, y float64 }

func (l *layout) path(s *strings.Builder, d string, head bool, id string) {
	mark := ""
	if head {
		mark = fmt.Sprintf(` marker-end="url(#%s)"`, id)
	}
	fmt.Fprintf(s, `<path d="%s"%s/>`+"\n", d, mark)
}

// rounded is a path through points, level and upright in turn, with round
// corners.
func rounded(p []point) string {
	d := fmt.Sprintf("M%s %s", px(p[0].x), px(p[0].y))
	for i := 1; i+1 < len(p); i++ {
		a, b, c := p[i-1], p[i], p[i+1]
		r := min(8, dist(a, b)/2, dist(b, c)/2)
		from, to := toward(b, a, r), toward(b, c, r)
		d += fmt.Sprintf("L%s %sQ%s %s %s %s", px(from.x), px(from.y), px(b.x), px(b.y), px(to.x), px(to.y))
	}
	last := p[len(p)-1]
	return d + fmt.Sprintf("L%s %s", px(last.x), px(last.y))
}

func dist(a, b point) float64 { return math.Abs(a.x-b.x) + math.Abs(a.y-b.y) }

func toward(a, b point, r float64) point {
	if n := dist(a, b); n > 0 {
		return point{a.x + (b.x-a.x)*r/n, a.y + (b.y-a.y)*r/n}
	}
	return a
}

func reversed(p []point) []point {
	out := make([]point, len(p))
	for i := range p {
		out[len(p)-1-i] = p[i]
	}
	return out
}

// turn is an edge from the end of a row round to the beginning of the next.
func (l *layout) turn(s *strings.Builder, t *turn, back bool) {
	_, x0, y0 := l.ports(t.from, back)
	x1, _, y1 := l.ports(t.to, back)
	right, y, left := t.right, t.y, t.left
	if back {
		right, y, left = right+lane, y+lane, left+lane
	}
	p := []point{{x0, y0}, {right, y0}, {right, y}, {left, y}, {left, y1}, {x1, y1}}
	if back {
		l.path(s, rounded(reversed(p)), t.from.node != nil, "back")
		return
	}
	l.path(s, rounded(p), false, "to")
}

// loop is an edge to the next step of a recurrence.
func (l *layout) loop(s *strings.Builder, p *loop) {
	_, x0, y0 := l.ports(p.from, p.adjoint)
	x1, _, y1 := l.ports(p.to, p.adjoint)
	way := []point{{x0, y0}, {p.out, y0}, {p.out, p.y1}}
	if p.from.row != p.to.row {
		way = append(way, point{p.left, p.y1}, point{p.left, p.y2})
	}
	way = append(way, point{p.in, p.y2}, point{p.in, y1}, point{x1, y1})
	if p.adjoint {
		l.path(s, rounded(reversed(way)), true, "back")
		return
	}
	l.path(s, rounded(way), true, "to")
	step := "t − 1"
	if r := p.from.node.Array.Rec; r != nil && r.Down {
		step = "t + 1"
	}
	fmt.Fprintf(s, `<text x="%s" y="%s" font-size="%s" fill="%s" stroke="none" >%s</text>`+"\n", px(p.in+9), px(p.y2-4), px(l.style.small), grey, step)
}
