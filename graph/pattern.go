package graph

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// patterns are the functions that are drawn as one node, as terms in the
// operations that they are made of. A word is an argument, _ any number; x:
// names a part, so that it can be asked for again. The first that fits counts.
var patterns = []struct{ label, term string }{
	{"relu", "(max x 0)"},
	{"gelu", "(/ (* x (+ 1 (erf (/ x _)))) 2)"},
	{"sigmoid", "(/ 1 (+ 1 (exp (neg x))))"},
	{"softplus", "(log (+ 1 (exp x)))"},
	{"step", "(if (>= x 0) 1 0)"},
	{"softmax", "(/ e:(exp x) (sum e))"},
	{"log softmax", "(- x (logsumexp x))"},
	{"silu", "(* x (sigmoid x))"},
	{"mish", "(* x (tanh (softplus x)))"},
	{"layer norm", "(+ (/ (* g c:(- x (mean x))) (sqrt (+ (mean (sq c)) _))) b)"},
	{"rms norm", "(/ (* g x) (sqrt (+ (mean (sq x)) _)))"},
	{"cross-entropy", "(neg (log (pick p y)))"},
	{"cross-entropy", "(- (logsumexp z) (pick z y))"},
	{"cross-entropy", "(neg (+ (* y (log p)) (* (- 1 y) (log (- 1 p)))))"},
	{"neg log likelihood", "(neg (pick l y))"},
	{"mse", "(mean (sq (- p y)))"},
	{"‖ ‖", "(sqrt (sum (sq x)))"},
	{"‖ ‖", "(root (sum (sq x)))"},
	{"‖ ‖²", "(sum (sq x))"},
	{"∑ ( )²", "(sum q:(sq x))"},
	{"softshrink", "(if (> x _) (- x _) (if (< x _) (+ x _) 0))"},
	{"leaky relu", "(if (> x 0) x (* _ x))"},
}

// term is a parsed pattern.
type term struct {
	op    string // "" for a leaf
	label string // of a part
	leaf  string
	args  []*term
}

func parseTerm(s string) *term {
	words := strings.Fields(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(s))
	var parse func() *term
	parse = func() *term {
		w := words[0]
		words = words[1:]
		label := ""
		if l, ok := strings.CutSuffix(w, ":"); ok {
			label, w, words = l, words[0], words[1:]
		}
		if w != "(" {
			return &term{leaf: w}
		}
		t := &term{op: words[0], label: label}
		words = words[1:]
		for words[0] != ")" {
			t.args = append(t.args, parse())
		}
		words = words[1:]
		return t
	}
	return parse()
}

// match is what a pattern has found so far.
type match struct {
	bound map[string]Arg
	order []string // of arguments
	parts []*Node
}

func (m *match) node(t *term, n *Node) bool {
	if n == nil || n.op != t.op || len(n.Args) != len(t.args) {
		return false
	}
	if t.label != "" {
		m.bound[t.label] = Arg{Node: n}
	}
	m.parts = append(m.parts, n)
	for k, s := range t.args {
		if !m.arg(s, n.Args[k]) {
			return false
		}
	}
	return true
}

func (m *match) arg(t *term, a Arg) bool {
	switch {
	case t.op != "":
		return !a.Back && m.node(t, a.Node)
	case t.leaf == "_":
		return a.Const != nil
	case t.leaf[0] >= '0' && t.leaf[0] <= '9':
		v, _ := strconv.ParseFloat(t.leaf, 64)
		return a.Const != nil && constant(a.Const, v)
	case a.Node == nil:
		return false
	}
	if old, ok := m.bound[t.leaf]; ok {
		return old == a
	}
	m.bound[t.leaf] = a
	m.order = append(m.order, t.leaf)
	return true
}

func constant(e *ir.Expr, v float64) bool {
	return e.IsConst(v) || e.IsCall(ir.ToReal) && e.Args[0].IsConst(v)
}

// fold replaces what patterns match by single nodes.
func (g *Graph) fold() {
	for _, p := range patterns {
		t := parseTerm(p.term)
		read := consumers(g.Nodes)
		gone := map[*Node]bool{}
		for _, n := range g.Nodes {
			m := &match{bound: map[string]Arg{}}
			if n.Kind != Op || gone[n] || !m.node(t, n) {
				continue
			}
			closed := true
			for _, part := range m.parts[1:] {
				for _, r := range read[part] {
					closed = closed && slices.Contains(m.parts, r)
				}
			}
			if !closed {
				continue
			}
			n.op, n.Label, n.Args = letters(p.label), p.label, nil
			for _, k := range m.order {
				n.Args = append(n.Args, m.bound[k])
			}
			for _, part := range g.Nodes { // in the order of their definitions
				if part != n && slices.Contains(m.parts, part) {
					gone[part] = true
					n.inside = append(n.inside, part)
				}
			}
		}
		g.Nodes = slices.DeleteFunc(g.Nodes, func(n *Node) bool { return gone[n] })
	}
}
