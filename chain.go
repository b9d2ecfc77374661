package nnc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/graph"
	"github.com/nnc-lang/nnc/ir"
)

// mostPaths is how many paths are written out.
const mostPaths = 12

// ExplainChain derives the gradient of a loss (the first, if entry is empty)
// with respect to one parameter or argument by the chain rule: the sum over
// all paths from the result to it in the computational graph, each the product
// of the derivatives of its steps, which are listed.
func ExplainChain(file string, src []byte, opt Options, entry, name string) (string, error) {
	m, ev, err := gradOf(file, src, opt, entry)
	if err != nil {
		return "", err
	}
	wrt, err := findLeaves(ev.low, name)
	if err != nil {
		return "", err
	}
	of, err := ev.scalar()
	if err != nil {
		return "", err
	}
	shortenPlaces(ev.low.Program)
	g := graph.NewUnfolded(ev.low.Program, m.Consts)
	c := &chain{options: opt, g: g, model: soleModel(ev.low), of: of}
	for i, a := range wrt {
		if i > 0 {
			c.out.WriteByte('\n')
		}
		c.derive(a)
	}
	if err := c.factors(); err != nil {
		return "", err
	}
	return c.out.String(), nil
}

// chain is a derivation.
type chain struct {
	options Options
	g       *graph.Graph
	model   string // left out in front of parameters
	of      string // the result
	out     strings.Builder
	steps   []step // on the paths, from the result on
	nodes   []*graph.Node
	loops   bool // a recurrence is on the way
}

// step is an edge of the graph, seen from the result.
type step struct{ from, to *graph.Node }

// name is what an array is called in the derivation.
func (c *chain) name(n *graph.Node) string {
	if n.Kind == graph.Result {
		return n.Label
	}
	return c.short(n.Array.Name)
}

func (c *chain) short(s string) string {
	if c.model == "" {
		return s
	}
	return strings.ReplaceAll(s, c.model+".", "")
}

// derive writes the gradient with respect to one input as a sum of paths.
func (c *chain) derive(a *ir.Array) {
	for _, n := range c.g.Nodes {
		n.Adjoint = false
	}
	c.g.Differentiate(c.g.Program.Output(c.of), []*ir.Array{a})
	var root, leaf *graph.Node
	for _, n := range c.g.Nodes {
		if n.Kind == graph.Result && n.Label == graph.Greek(c.of) {
			root = n.Args[0].Node
		}
		if n.Kind != graph.Op && n.Kind != graph.Result && n.Array == a {
			leaf = n
		}
	}
	if leaf == nil || !leaf.Adjoint || root == nil {
		fmt.Fprintf(&c.out, "%s does not depend on %s: d%s/d%s = 0\n", c.of, c.short(a.Name), c.of, c.short(a.Name))
		return
	}
	count := c.count(leaf)
	total := count(root)
	some := "one path"
	if total > 1 {
		some = fmt.Sprintf("%d paths", total)
	}
	fmt.Fprintf(&c.out, "%s depends on %s along %s:\n\n  d%s/d%s =\n", c.of, c.short(a.Name), some, c.of, c.short(a.Name))
	shown := 0
	var walk func(n *graph.Node, product []string, steps []step)
	walk = func(n *graph.Node, product []string, steps []step) {
		if shown == mostPaths {
			return
		}
		if n == leaf {
			sign := "  "
			if shown > 0 {
				sign = "+ "
			}
			if len(product) == 0 {
				product = []string{"1"}
			}
			fmt.Fprintf(&c.out, "    %s%s\n", sign, folded(product))
			shown++
			c.keep(steps)
			return
		}
		for _, u := range c.args(n) {
			if count(u) > 0 {
				walk(u, append(slices.Clip(product), fmt.Sprintf("d%s/d%s", c.name(n), c.name(u))), append(slices.Clip(steps), step{n, u}))
			}
		}
	}
	walk(root, nil, nil)
	if total > shown {
		fmt.Fprintf(&c.out, "    + %d more\n", total-shown)
	}
	for _, n := range c.g.Nodes {
		for _, x := range n.Args {
			c.loops = c.loops || x.Back && n.Adjoint && x.Node.Adjoint
		}
	}
}

// folded is a product in lines of a length that can be read.
func folded(factors []string) string {
	var b strings.Builder
	width := 6
	for i, f := range factors {
		if n := len([]rune(f)) + 3; i > 0 && width+n > 92 {
			b.WriteString("\n        · ")
			width = 10 + n
		} else if i > 0 {
			b.WriteString(" · ")
			width += n
		} else {
			width += n
		}
		b.WriteString(f)
	}
	return b.String()
}

// keep notes the steps of a path that is written out.
func (c *chain) keep(path []step) {
	for _, s := range path {
		if !slices.Contains(c.steps, s) {
			c.steps = append(c.steps, s)
		}
		if !slices.Contains(c.nodes, s.from) {
			c.nodes = append(c.nodes, s.from)
		}
	}
}

// args are the nodes that an operation is computed from, in the same step of
// a recurrence.
func (c *chain) args(n *graph.Node) []*graph.Node {
	var out []*graph.Node
	for _, a := range n.Args {
		if a.Node != nil && !a.Back && a.Node.Adjoint && !slices.Contains(out, a.Node) {
			out = append(out, a.Node)
		}
	}
	return out
}

// count tells how many paths lead from a node to the leaf.
func (c *chain) count(leaf *graph.Node) func(*graph.Node) int {
	memo := map[*graph.Node]int{leaf: 1}
	var f func(n *graph.Node) int
	f = func(n *graph.Node) int {
		if k, ok := memo[n]; ok {
			return k
		}
		memo[n] = 0
		k := 0
		for _, u := range c.args(n) {
			k = min(k+f(u), 1<<40)
		}
		memo[n] = k
		return k
	}
	return f
}

// factors lists what each node computes and the derivative of each step.
func (c *chain) factors() error {
	if len(c.steps) == 0 {
		return nil
	}
	if c.loops {
		c.out.WriteString("\nThese are the paths within one step of the recurrence; each may also go back\nthrough any number of the steps before it.\n")
	}
	c.out.WriteString("\nwhere\n\n")
	var rows [][2]string
	for _, n := range c.g.Nodes {
		if !slices.Contains(c.nodes, n) {
			continue
		}
		eq, _, _ := strings.Cut(ir.Equate(c.whole(n)), "  ")
		rows = append(rows, [2]string{c.plainText(eq), n.Array.Pos.String()})
	}
	c.table(rows)
	c.out.WriteString("\nand, step by step,\n\n")
	rows = nil
	for _, s := range c.steps {
		lines, err := c.local(s)
		if err != nil {
			return err
		}
		for _, l := range lines {
			rows = append(rows, [2]string{l, ""})
		}
	}
	c.table(rows)
	return nil
}

// table prints lines with their places in a column.
func (c *chain) table(rows [][2]string) {
	w := 0
	for _, r := range rows {
		if n := len([]rune(r[0])); n <= 78 && r[1] != "" {
			w = max(w, n)
		}
	}
	for _, r := range rows {
		line := fmt.Sprintf("  %-*s", w, r[0])
		if r[1] != "" {
			line += "  // " + r[1]
		}
		c.out.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}
