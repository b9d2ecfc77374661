package graph

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// repeat draws the copies of `Block * 6`, which follow each other, once.
func (g *Graph) repeat() {
	for _, prefix := range g.repeated() {
		g.collapse(prefix.name, prefix.count)
	}
}

type copies struct {
	name  string
	count int
}

var copied = regexp.MustCompile(`^(.*?)\.(\d+)\.`)

// repeated lists the layers that have several copies.
func (g *Graph) repeated() []copies {
	var out []copies
	for _, n := range g.Nodes {
		if n.Kind != Param {
			continue
		}
		m := copied.FindStringSubmatch(n.Label)
		if m == nil {
			continue
		}
		k, _ := strconv.Atoi(m[2])
		i := slices.IndexFunc(out, func(c copies) bool { return c.name == m[1] })
		if i < 0 {
			out = append(out, copies{name: m[1]})
			i = len(out) - 1
		}
		out[i].count = max(out[i].count, k+1)
	}
	return slices.DeleteFunc(out, func(c copies) bool { return c.count < 2 })
}

// collapse finds a node at the end of each copy such that each end is the same
// function of the one before, and draws the first copy for all.
func (g *Graph) collapse(prefix string, count int) {
	g.sort()
	stage := map[*Node]int{} // the last copy it depends on
	for _, n := range g.Nodes {
		s := -1
		if rest, ok := strings.CutPrefix(n.Label, prefix+"."); ok && n.Kind == Param {
			if num, _, ok := strings.Cut(rest, "."); ok {
				s, _ = strconv.Atoi(num)
			}
		}
		for _, a := range n.Args {
			if a.Node != nil && !a.Back {
				s = max(s, stage[a.Node])
			}
		}
		stage[n] = s
	}
	ends := make([]*Node, count)
	for k := range count - 1 {
		if ends[k] = g.cut(stage, k); ends[k] == nil {
			return
		}
	}
	// The end of the last copy and the beginning of the first are where the
	// same function is found.
	same := func(end, begin *Node) string { return canonical(end, begin, prefix) }
	second := same(ends[1], ends[0])
	if count == 2 {
		second = ""
	}
	for k := 2; k < count-1; k++ {
		if same(ends[k], ends[k-1]) != second {
			return
		}
	}
	for _, n := range g.Nodes {
		if n.Kind == Op && stage[n] == count-1 && (second == "" || same(n, ends[count-2]) == second) {
			t := same(n, ends[count-2])
			for _, b := range g.Nodes {
				if stage[b] == -1 && b.Kind != Param && same(ends[0], b) == t {
					ends[count-1] = n
					g.merge(prefix, count, b, ends)
					return
				}
			}
		}
	}
}

// cut is the last node of stage k through which all of stage k+1 that depends
// on stage k goes.
func (g *Graph) cut(stage map[*Node]int, k int) *Node {
	var border []*Node // of stage k, read from stage k+1
	for _, n := range g.Nodes {
		if stage[n] <= k {
			continue
		}
		for _, a := range n.Args {
			if a.Node != nil && stage[a.Node] == k && !slices.Contains(border, a.Node) {
				border = append(border, a.Node)
			}
		}
	}
	if len(border) == 1 {
		return border[0]
	}
	// Several: what all of them go through.
	for i := len(g.Nodes) - 1; i >= 0; i-- {
		c := g.Nodes[i]
		if stage[c] != k || c.Kind != Op {
			continue
		}
		through := true
		for _, b := range border {
			through = through && b != nil && onlyThrough(b, c, stage, k)
		}
		if through {
			return c
		}
	}
	return nil
}

// onlyThrough reports whether all that n depends on in stage k comes by c.
func onlyThrough(n, c *Node, stage map[*Node]int, k int) bool {
	if n == c {
		return true
	}
	if n.Kind == Param && stage[n] == k {
		return false
	}
	deep := false
	for _, a := range n.Args {
		if a.Node == nil || stage[a.Node] < k {
			continue
		}
		deep = true
		if !onlyThrough(a.Node, c, stage, k) {
			return false
		}
	}
	return deep
}

// canonical tells how n is computed from begin, without the number of the copy.
func canonical(n, begin *Node, prefix string) string {
	number := map[*Node]int{}
	var s strings.Builder
	var walk func(n *Node) int
	walk = func(n *Node) int {
		if k, ok := number[n]; ok {
			return k
		}
		text := n.op + " " + n.Label
		if n == begin {
			text = "begin"
		} else if rest, ok := strings.CutPrefix(n.Label, prefix+"."); ok && n.Kind == Param {
			_, rest, _ = strings.Cut(rest, ".")
			text = "param " + rest
		} else {
			for _, a := range n.Args {
				if a.Node == nil {
					text += " " + a.Const.String()
				} else {
					text += fmt.Sprintf(" %d", walk(a.Node))
				}
			}
		}
		number[n] = len(number)
		fmt.Fprintf(&s, "%d: %s\n", number[n], text)
		return number[n]
	}
	walk(n)
	return s.String()
}

// merge keeps the first copy and lets it stand for all.
func (g *Graph) merge(prefix string, count int, begin *Node, ends []*Node) {
	last := ends[count-1]
	group := &Group{Label: fmt.Sprintf("%s × %d", short(prefix), count), entry: begin, exit: ends[0]}
	in := map[*Node]bool{}
	var walk func(n *Node)
	walk = func(n *Node) {
		if n == begin || in[n] || n.op == "input" && !strings.HasPrefix(n.Label, prefix+".0.") {
			return
		}
		in[n] = true
		for _, a := range n.Args {
			if a.Node != nil {
				walk(a.Node)
			}
		}
	}
	walk(ends[0])
	for _, n := range g.Nodes {
		if in[n] {
			group.Nodes = append(group.Nodes, n)
			if n.Kind == Param {
				n.Label = strings.TrimPrefix(n.Label, prefix+".0.")
			}
		}
		if !in[n] {
			for k := range n.Args {
				if n.Args[k].Node == last {
					n.Args[k].Node = ends[0]
				}
			}
		}
	}
	ends[0].Name = ""
	g.Groups = append(g.Groups, group)
	g.live()
}

// short is the last part of a dotted name.
func short(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }
