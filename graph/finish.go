package graph

import (
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// finish makes of the parts of a program what is drawn.
func (g *Graph) finish() {
	g.results()
	g.aliases()
	g.live()
	g.fold()
	g.live()
	g.sort()
}

// results adds a node for each result.
func (g *Graph) results() {
	of := map[*ir.Array]*Node{}
	for _, n := range g.Nodes {
		of[n.Array] = n
	}
	for _, o := range g.Program.Outputs {
		g.Nodes = append(g.Nodes, &Node{Kind: Result, Label: o.Name, Array: o.Array, Args: []Arg{{Node: of[o.Array]}}, op: "result"})
	}
}

// aliases takes out the nodes that only give something another name.
func (g *Graph) aliases() {
	for _, n := range g.Nodes {
		for k := range n.Args {
			for a := &n.Args[k]; a.Node != nil && a.Node.op == "alias" && a.Node.Args[0].Node != nil; {
				from := a.Node.Args[0]
				if from.Node.Kind == Op && (!from.Back || from.Node.Name == "") && from.Node.op != "alias" && n.Kind != Result {
					from.Node.Name = a.Node.Name
				}
				a.Node, a.Back = from.Node, a.Back || from.Back
			}
		}
	}
}

// live drops what no result depends on, except inputs that nothing reads.
func (g *Graph) live() {
	keep := map[*Node]bool{}
	var mark func(n *Node)
	mark = func(n *Node) {
		if keep[n] {
			return
		}
		keep[n] = true
		for _, a := range n.Args {
			if a.Node != nil {
				mark(a.Node)
			}
		}
	}
	for _, n := range g.Nodes {
		if n.Kind == Result {
			mark(n)
		}
	}
	g.Nodes = slices.DeleteFunc(g.Nodes, func(n *Node) bool { return !keep[n] })
}

// sort puts arguments before what they are arguments of.
func (g *Graph) sort() {
	var out []*Node
	seen := map[*Node]bool{}
	var visit func(n *Node)
	visit = func(n *Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		for _, a := range n.Args {
			if a.Node != nil && !a.Back {
				visit(a.Node)
			}
		}
		out = append(out, n)
	}
	for _, n := range g.Nodes {
		visit(n)
	}
	g.Nodes = out
}

// names shortens what is written: parameters without the argument that they
// belong to where there is but one, no name that repeats its operation.
func (g *Graph) names(p *ir.Program) {
	prefix := ""
	for i, a := range slices.DeleteFunc(slices.Clone(p.Inputs), func(a *ir.Array) bool { return a.Role == ir.Data }) {
		head, _, dotted := strings.Cut(a.Name, ".")
		if !dotted || i > 0 && head != prefix {
			prefix = ""
			break
		}
		prefix = head
	}
	results := map[*Node]bool{}
	for _, n := range g.Nodes {
		if n.Kind == Result {
			results[n.Args[0].Node] = true
		}
	}
	for _, n := range g.Nodes {
		if prefix != "" && n.Kind != Op && n.Array.Role != ir.Data {
			n.Label = strings.TrimPrefix(n.Label, prefix+".")
		}
		if n.Kind != Op {
			n.Label = Greek(n.Label)
			continue
		}
		bare := strings.TrimRight(strings.ToLower(n.Name), "0123456789")
		if results[n] || bare == strings.ReplaceAll(n.Label, " ", "") || bare == "flat" {
			n.Name = ""
		}
		n.Name = Greek(n.Name)
	}
}

// Differentiate marks the nodes that the backward pass reaches: those that a
// result depends on and that depend on something that is differentiated.
func (g *Graph) Differentiate(of *ir.Array, wrt []*ir.Array) {
	active := map[*Node]bool{}
	for range 2 { // again for what comes round through a recurrence
		for _, n := range g.Nodes {
			on := n.op == "input" && slices.Contains(wrt, n.Array)
			for _, a := range n.Args {
				on = on || active[a.Node]
			}
			active[n] = active[n] || on && n.Array.Elem == ir.Real
		}
	}
	var mark func(n *Node)
	mark = func(n *Node) {
		if n == nil || !active[n] || n.Adjoint {
			return
		}
		n.Adjoint = true
		for _, a := range n.Args {
			mark(a.Node)
		}
	}
	for _, n := range g.Nodes {
		if n.Kind == Result && n.Array == of {
			mark(n)
		}
	}
}
