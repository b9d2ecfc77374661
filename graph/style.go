package graph

// style is the sizes of a drawing, in pixels.
type style struct {
	text, name, small float64 // sizes of letters: in boxes, above them, on edges
	height            float64 // of a box with one line
	line              float64 // that a line of numbers adds
	between           float64 // a box and its adjoint
	bendGap           float64 // the two ways of an edge
	margin            float64
}

var slide = style{text: 14, name: 13, small: 10.5, height: 28, line: 15, between: 7, bendGap: 9, margin: 22}

// box is how large the box of a label with a number below is.
func (s style) box(label, value string) (w, h float64) {
	w, h = textWidth(label, s.text)+18, s.height
	if value != "" {
		w, h = max(w, textWidth(value, s.small)+18), h+s.line
	}
	return max(w, s.height), h
}

// vertex measures a node: its box with the name above, and below the box of
// its adjoint.
func (s style) vertex(n *Node) *vertex {
	w, h := s.box(n.Label, n.Value)
	v := &vertex{node: n, w: w, above: h / 2, below: h / 2, adjoint: n.Adjoint}
	if n.Name != "" {
		v.above += s.name + 3
		v.w = max(v.w, textWidth(n.Name, s.name))
	}
	if n.shape != "" && n.Kind != Result {
		v.label = textWidth(n.shape, s.small) + 10
	}
	if n.Adjoint {
		aw, ah := s.box(n.adjointLabel(), n.Grad)
		v.w = max(v.w, aw)
		v.below += s.between + ah
	}
	return v
}

// adjointLabel is what stands in the box of an adjoint: dW1, or only d where
// the node has no name.
func (n *Node) adjointLabel() string {
	switch {
	case n.Kind == Result:
		return "1"
	case n.Kind != Op:
		return "d" + n.Label
	}
	return "d" + n.Name
}

// rect is a box of the drawing.
type rect struct{ x, y, w, h float64 }

func (r rect) right() float64  { return r.x + r.w }
func (r rect) bottom() float64 { return r.y + r.h }

// overlaps reports whether two boxes have a point in common.
func (r rect) overlaps(o rect) bool {
	return r.x < o.right() && o.x < r.right() && r.y < o.bottom() && o.y < r.bottom()
}

// boxes are those of a node and, if it has one, of its adjoint.
func (l *layout) boxes(v *vertex) (box, adjoint rect) {
	w, h := l.style.box(v.node.Label, v.node.Value)
	box = rect{v.x - w/2, v.y - h/2, w, h}
	if v.adjoint {
		aw, ah := l.style.box(v.node.adjointLabel(), v.node.Grad)
		adjoint = rect{v.x - aw/2, v.y + h/2 + l.style.between, aw, ah}
	}
	return box, adjoint
}

// ports are where edges meet a vertex: in from the left and out to the right,
// or, going back, the other way round.
func (l *layout) ports(v *vertex, back bool) (left, right, y float64) {
	switch {
	case v.node == nil && back:
		return v.x, v.x, v.y + l.style.bendGap
	case v.node == nil:
		return v.x, v.x, v.y
	}
	r, a := l.boxes(v)
	if back {
		r = a
	}
	return r.x, r.right(), r.y + r.h/2
}
