package graph

import (
	"github.com/nnc-lang/nnc/ir"
)

// Kind says what a node stands for, and so its colour.
type Kind uint8

// The kinds of node.
const (
	Data   Kind = iota // given by the caller: white
	Param              // a parameter: red
	Op                 // an operation: blue
	Result             // a result: white
)

// Node is one box of the drawing.
type Node struct {
	Kind  Kind
	Label string    // in the box: "@", "relu", "W1"
	Name  string    // of the array it computes, where the source names it
	Array *ir.Array // that array, in Graph.Program
	Args  []Arg     // what it is computed from

	// Adjoint says that the backward pass reaches the node.
	Adjoint bool
	// Value and Grad are numbers to be written into the node and its adjoint.
	Value, Grad string

	op     string  // what patterns call the operation
	inside []*Node // what was folded into this node
	shape  string  // of the result, for arrows
}

// Arg is an argument of an operation: what another node computes, or a number.
type Arg struct {
	Node  *Node
	Const *ir.Expr
	// Back says that it is the value of the step before, in a recurrence.
	Back bool
}

// Edge is an arrow.
type Edge struct {
	From, To *Node
	Label    string // shape of what flows
	Back     bool   // from one step of a recurrence to the next
}

// Group is a part of the graph that stands for several copies of itself.
type Group struct {
	Label string
	Nodes []*Node
	entry *Node
	exit  *Node
}

// Graph is a computational graph.
type Graph struct {
	Name string
	// Program computes what the original does, one definition for each
	// operation.
	Program *ir.Program
	Nodes   []*Node // an argument stands before what it is an argument of, unless Back
	Groups  []*Group
}

// Edges lists the arrows, in the order of the nodes that they lead to.
func (g *Graph) Edges() []*Edge {
	var out []*Edge
	for _, n := range g.Nodes {
		first := len(out)
		for _, a := range n.Args {
			if a.Node == nil {
				continue
			}
			e := &Edge{From: a.Node, To: n, Label: a.Node.shape, Back: a.Back}
			twice := false
			for _, o := range out[first:] {
				twice = twice || o.From == e.From && o.Back == e.Back
			}
			if !twice {
				out = append(out, e)
			}
		}
	}
	return out
}

// Shape is the shape of what the node computes, as text: [N,784].
func (n *Node) Shape() string { return n.shape }

// Inside lists the nodes that one node of the drawing stands for, itself last.
func (n *Node) Inside() []*Node {
	var out []*Node
	for _, m := range n.inside {
		out = append(out, m.Inside()...)
	}
	return append(out, n)
}

// consumers lists who reads each node.
func consumers(nodes []*Node) map[*Node][]*Node {
	out := map[*Node][]*Node{}
	for _, n := range nodes {
		for _, a := range n.Args {
			if a.Node != nil {
				out[a.Node] = append(out[a.Node], n)
			}
		}
	}
	return out
}
