package graph

import "slices"

// vertex is a place of the layout: a node, or a bend of an edge that passes
// through a layer.
type vertex struct {
	node         *Node // nil: a bend
	layer, order int
	up, down     []*vertex // neighbours in the layer before and behind
	x, y         float64   // centre; of a node, of its forward box
	w            float64
	above, below float64 // how far it reaches from y
	label        float64 // width of the text behind it
	adjoint      bool
	row          int
}

// layout places the nodes of a graph.
type layout struct {
	g      *Graph
	style  style
	of     map[*Node]*vertex
	layers [][]*vertex
	chains map[*Node][]*vertex // bends of the edges out of a node, by layer
	// which vertex goes on in which
	next, prev map[*vertex]*vertex
	rows       []row
	loops      []*loop
	turns      []*turn
	groups     []rect
	groupsOf   []*Group
	w, h       float64
}

// assign gives every node a layer, longer than its arguments', by longest
// paths; what can stand nearer to where it is read is moved there.
func (l *layout) assign() map[*Node]int {
	at := map[*Node]int{}
	group := map[*Node]*Group{}
	for _, g := range l.g.Groups {
		for _, n := range g.Nodes {
			group[n] = g
		}
	}
	span := func(from, to *Node) int {
		if group[from] != group[to] && from.op != "input" {
			return 2 // room beside the frame of a group
		}
		return 1
	}
	read := map[*Node][]*Node{}
	for _, n := range l.g.Nodes {
		for _, a := range n.Args {
			if a.Node == nil || a.Back {
				continue
			}
			at[n] = max(at[n], at[a.Node]+span(a.Node, n))
			if !slices.Contains(read[a.Node], n) {
				read[a.Node] = append(read[a.Node], n)
			}
		}
	}
	for i := len(l.g.Nodes) - 1; i >= 0; i-- {
		n := l.g.Nodes[i]
		in := 0
		for _, a := range n.Args {
			if a.Node != nil && !a.Back && a.Node.op != "input" {
				in++
			}
		}
		if len(read[n]) == 0 || in > 0 {
			continue
		}
		first := 1 << 30
		for _, r := range read[n] {
			first = min(first, at[r]-span(n, r))
		}
		at[n] = max(at[n], first)
	}
	low := 1 << 30
	for _, n := range l.g.Nodes {
		low = min(low, at[n])
	}
	for n := range at {
		at[n] -= low
	}
	return at
}

// build makes the vertices and their order from the layers of the nodes. All
// edges out of a node share their bends.
func (l *layout) build(at map[*Node]int) {
	count := 0
	for _, n := range l.g.Nodes {
		count = max(count, at[n]+1)
	}
	l.layers = make([][]*vertex, count)
	l.of, l.chains = map[*Node]*vertex{}, map[*Node][]*vertex{}
	// The way through the operations comes first, so that it runs along the
	// top and parameters stand below.
	for _, late := range []bool{false, true} {
		for _, n := range l.g.Nodes {
			if (n.Kind == Param) == late {
				v := l.style.vertex(n)
				v.layer = at[n]
				l.of[n] = v
				l.put(v)
			}
		}
	}
	for _, e := range l.g.Edges() {
		if e.Back {
			continue
		}
		from, to := l.of[e.From], l.of[e.To]
		last := from
		chain := l.chains[e.From]
		for k := from.layer + 1; k < to.layer; k++ {
			i := k - from.layer - 1
			if i == len(chain) {
				v := &vertex{layer: k, above: 5, below: 5}
				chain = append(chain, v)
				l.put(v)
				link(last, v)
			}
			if e.From.Adjoint && e.To.Adjoint && !chain[i].adjoint {
				chain[i].adjoint = true
				chain[i].below += l.style.bendGap
			}
			last = chain[i]
		}
		l.chains[e.From] = chain
		link(last, to)
	}
}

func (l *layout) put(v *vertex) {
	v.order = len(l.layers[v.layer])
	l.layers[v.layer] = append(l.layers[v.layer], v)
}

func link(from, to *vertex) {
	from.down = append(from.down, to)
	to.up = append(to.up, from)
}
