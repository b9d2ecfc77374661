package graph

import (
	"fmt"
	"strings"
)

// DOT is the graph as text for Graphviz.
func (g *Graph) DOT() []byte {
	var s strings.Builder
	fmt.Fprintf(&s, "digraph %s {\n\trankdir=LR;\n\tnode [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\"];\n\tedge [fontname=\"Helvetica\", fontsize=10];\n", dotQuote(g.Name))
	id := map[*Node]string{}
	for i, n := range g.Nodes {
		id[n] = fmt.Sprintf("n%d", i)
		c := fills[n.Kind]
		shape := ""
		if n.Kind == Op {
			shape = "shape=ellipse, style=filled, "
		}
		fmt.Fprintf(&s, "\t%s [%slabel=%s, fillcolor=%q, color=%q, fontcolor=%q];\n", id[n], shape, dotQuote(n.lines(n.Label, n.Value)), c.fill, c.stroke, c.text)
		if n.Adjoint {
			fmt.Fprintf(&s, "\td%s [%slabel=%s, style=\"rounded,dashed\", color=%q, fontcolor=%q];\n", id[n], shape, dotQuote(adjointLines(n)), c.stroke, c.stroke)
		}
	}
	for k, group := range g.Groups {
		fmt.Fprintf(&s, "\tsubgraph cluster_%d {\n\t\tlabel=%s; style=dashed;\n\t\t", k, dotQuote(group.Label))
		for _, n := range group.Nodes {
			fmt.Fprintf(&s, "%s; ", id[n])
			if n.Adjoint {
				fmt.Fprintf(&s, "d%s; ", id[n])
			}
		}
		s.WriteString("\n\t}\n")
	}
	for _, e := range g.Edges() {
		back := ""
		if e.Back {
			back = ", constraint=false"
		}
		fmt.Fprintf(&s, "\t%s -> %s [label=%s%s];\n", id[e.From], id[e.To], dotQuote(e.label()), back)
		if e.From.Adjoint && e.To.Adjoint {
			fmt.Fprintf(&s, "\td%s -> d%s [style=dashed, constraint=false];\n", id[e.To], id[e.From])
		}
	}
	s.WriteString("}\n")
	return []byte(s.String())
}

// label of an edge: its shape, and which step it comes from.
func (e *Edge) label() string {
	if !e.Back {
		return e.Label
	}
	step := "t − 1"
	if r := e.From.Array.Rec; r != nil && r.Down {
		step = "t + 1"
	}
	return strings.TrimSpace(e.Label + " " + step)
}

// lines are the lines of text in a node: name, operation, number.
func (n *Node) lines(label, value string) string {
	t := label
	if n.Name != "" {
		t = n.Name + "\n" + t
	}
	if value != "" {
		t += "\n" + value
	}
	return t
}

func adjointLines(n *Node) string {
	t := n.adjointLabel()
	if n.Grad != "" {
		t += "\n" + n.Grad
	}
	return t
}

func dotQuote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}

// Mermaid is the graph as text for Mermaid, as Markdown shows it.
func (g *Graph) Mermaid() []byte {
	var s strings.Builder
	s.WriteString("flowchart LR\n")
	class := [...]string{Data: "data", Param: "param", Op: "op", Result: "data"}
	id := map[*Node]string{}
	group := map[*Node]int{}
	for k, c := range g.Groups {
		for _, n := range c.Nodes {
			group[n] = k + 1
		}
	}
	node := func(i int, n *Node) {
		open, shut := "[", "]"
		if n.Kind == Op {
			open, shut = "([", "])"
		}
		fmt.Fprintf(&s, "\tn%d%s%s%s:::%s\n", i, open, mermaidQuote(n.lines(n.Label, n.Value)), shut, class[n.Kind])
		if n.Adjoint {
			fmt.Fprintf(&s, "\tdn%d%s%s%s:::d%s\n", i, open, mermaidQuote(adjointLines(n)), shut, class[n.Kind])
		}
	}
	for i, n := range g.Nodes {
		id[n] = fmt.Sprintf("n%d", i)
		if group[n] == 0 {
			node(i, n)
		}
	}
	for k, c := range g.Groups {
		fmt.Fprintf(&s, "\tsubgraph g%d[%s]\n", k, mermaidQuote(c.Label))
		for i, n := range g.Nodes {
			if group[n] == k+1 {
				node(i, n)
			}
		}
		s.WriteString("\tend\n")
	}
	for _, e := range g.Edges() {
		label := ""
		if t := e.label(); t != "" {
			label = "|" + mermaidQuote(t) + "|"
		}
		fmt.Fprintf(&s, "\t%s -->%s %s\n", id[e.From], label, id[e.To])
		if e.From.Adjoint && e.To.Adjoint {
			fmt.Fprintf(&s, "\td%s -.-> d%s\n", id[e.To], id[e.From])
		}
	}
	fmt.Fprintf(&s, "\tclassDef data fill:#fff,stroke:%[1]s,color:%[1]s\n\tclassDef param fill:%[2]s,stroke:%[2]s,color:#fff\n\tclassDef op fill:%[3]s,stroke:%[3]s,color:#fff\n", ink, red, blue)
	if g.backward() {
		for k, c := range []string{ink, red, blue} {
			fmt.Fprintf(&s, "\tclassDef %s fill:#fff,stroke:%[2]s,color:%[2]s,stroke-dasharray:4 3\n", [...]string{"ddata", "dparam", "dop"}[k], c)
		}
	}
	return []byte(s.String())
}

func mermaidQuote(s string) string {
	return `"` + strings.NewReplacer(`"`, "#quot;", "<", "#lt;", ">", "#gt;", "\n", "<br/>").Replace(s) + `"`
}
