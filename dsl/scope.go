package dsl

import (
	"fmt"
	"math"
	"sort"
	"strings"

	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// build is the program under construction.
type build struct {
	prog   *ir.Program
	taken  map[string]bool
	copies map[string]int // the last number given to a name
	train  bool
	impure bool // something read train, drew, or updated state
	leaves map[string]*ir.Array
	// instances whose parameters may still be discovered share a schema node
	open    bool
	states  []stateUpdate
	calls   []ir.CallFrame
	applied int        // calls, all in all
	zeros   []*ir.Expr // what the conditions of layers that are arguments say of their dims
}

// mostCalls are written out in a program: a function that calls another twice, which
// calls a third twice, and so on, soon has more than anybody waits for.
const mostCalls = 200_000

type stateUpdate struct {
	leaf *ir.Array
	to   *value
}

// body is the elaboration of one function's body.
type body struct {
	decl     *funcDecl
	build    *build
	inst     *instance              // the parameters of a layer or model, else nil
	counters map[string]int         // instances made in pipes, by layer name
	lifted   []ir.Index             // axes the call is mapped over, for draws
	env      []ir.Index             // indices that the arguments depend on
	wrt      map[string][]*ir.Array // arguments that a derivative is taken with respect to
	scans    map[*value]*value      // recurrences as the steps of others read them, with their bases
	rest     []*ir.Expr             // what ".." is
	restSet  bool
	path     string // of draws
	result   string // name for the array of the only result, "" for its own
}

// scope resolves names while an expression is elaborated.
type scope struct {
	*checker
	mod    *module
	parent *scope
	body   *body
	names  map[string]*value
	guards []*ir.Expr  // scalar conditions that hold here
	hint   string      // name of the equation under elaboration
	tail   syntax.Expr // its whole right side
	steps  bool        // it is in a step of a recurrence
	site   diag.Span   // in the prelude: the call in the user's file
	hidden map[string]diag.Span
}

func (c *checker) newScope(m *module, b *body) *scope {
	return &scope{checker: c, mod: m, body: b, names: map[string]*value{}}
}

func (s *scope) child() *scope {
	n := *s
	n.parent = s
	n.names = map[string]*value{}
	return &n
}

// under is a scope in which a scalar condition holds.
func (s *scope) under(cond *ir.Expr) *scope {
	n := s.child()
	n.guards = append(append([]*ir.Expr(nil), s.guards...), cond)
	return n
}

func (s *scope) lookup(name string) *value {
	for t := s; t != nil; t = t.parent {
		if v := t.names[name]; v != nil {
			return v
		}
	}
	for m := s.mod; m != nil; m = m.std {
		if v := m.names[name]; v != nil {
			return v
		}
	}
	switch name {
	case "pi":
		return scalarOf(s.Const(math.Pi))
	case "inf":
		return scalarOf(s.Const(math.Inf(1)))
	case "train":
		if s.body != nil && s.body.build != nil {
			s.body.build.impure = true
			return scalarOf(s.Bool(s.body.build.train))
		}
	}
	if b := builtins[name]; b != nil {
		return &value{kind: funcValue, fn: &closure{builtin: b}}
	}
	return nil
}

// name resolves a use of a name or reports NN201.
func (s *scope) name(e *syntax.Name) *value {
	if v := s.lookup(e.Name); v != nil {
		return v
	}
	for t := s; t != nil; t = t.parent {
		if at, ok := t.hidden[e.Name]; ok {
			d := diag.New("NN202", e.Span, "index %s is used outside its sum", e.Name)
			head := s.source(at) + "]"
			body, op := s.behind(at, e.Span)
			d.Note("%s takes the product on its right and ends before '%s'", head, op)
			if op == ")" {
				d.WithHint("put this inside those parentheses too, or in a sum of its own")
			} else {
				d.WithHint("put all of it in parentheses: %s (%s)", head, body)
			}
			s.report(d)
			return bad
		}
	}
	d := diag.New("NN201", e.Span, "unknown name %s", e.Name)
	if at := s.later(e); at.IsValid() {
		d.Note("its equation stands on line %d; equations stand in order", at.Pos.Line).WithHint("move that above")
		s.report(d)
		return bad
	}
	if near := s.near(e.Name); len(near) > 0 {
		text := "did you mean " + near[0] + "?"
		if len(near) > 1 {
			text += " also near: " + strings.Join(near[1:], ", ")
		}
		d.Note("%s", text)
	}
	s.report(d)
	return bad
}

// source is the text of a span.
// behind is the text from a reducer's brackets to the end of the expression
// that the place use is in, and the operator at which the reducer ends.
func (c *checker) behind(head, use diag.Span) (text, op string) {
	src := string(c.sources[head.Pos.File])
	start := head.End.Offset + 1
	if start >= use.End.Offset || use.End.Offset > len(src) {
		return "…", "+"
	}
	end, depth := use.End.Offset, 0
	for k := start; k < len(src); k++ {
		switch r := src[k]; r {
		case '(', '[':
			depth++
		case ')', ']':
			if depth--; depth < 0 && k < end {
				return "", ")"
			}
		case '+', '-', '<', '>', '=':
			if depth == 0 && op == "" && strings.TrimSpace(src[start:k]) != "" {
				op = string(r)
			}
		}
		if k >= end-1 && depth <= 0 {
			end = k + 1
			break
		}
	}
	return strings.Join(strings.Fields(src[start:end]), " "), op
}

// later is the place of an equation or parameter of this name further down in
// the body that the name stands in.
func (s *scope) later(e *syntax.Name) (at diag.Span) {
	if s.body == nil || s.body.decl == nil {
		return at
	}
	for _, st := range s.body.decl.Stmts {
		var names []syntax.Ident
		switch st := st.(type) {
		case *syntax.Param:
			names = []syntax.Ident{st.Name}
		case *syntax.State:
			names = []syntax.Ident{st.Name}
		case *syntax.Equation:
			for _, t := range st.Targets {
				names = append(names, t.Name)
			}
		}
		for _, n := range names {
			if n.Name == e.Name && n.Span.Pos.File == e.Span.Pos.File && n.Span.Pos.Offset > e.Span.Pos.Offset {
				return n.Span
			}
		}
	}
	return at
}

func (c *checker) source(at diag.Span) string {
	src := c.sources[at.Pos.File]
	if at.Pos.Offset < 0 || at.End.Offset > len(src) || at.Pos.Offset > at.End.Offset {
		return ""
	}
	text := strings.Join(strings.Fields(string(src[at.Pos.Offset:at.End.Offset])), " ")
	if len(text) > 60 {
		text = text[:57] + "…"
	}
	return text
}

// near lists the known names that look like name, best first, with where
// they come from.
func (s *scope) near(name string) []string {
	type cand struct {
		text string
		d    int
	}
	var out []cand
	add := func(n, from string) {
		limit := min(max(1, len(name)/3), len(name)-1)
		if d := editDistance(strings.ToLower(name), strings.ToLower(n)); d <= limit || len(name) > 3 && strings.HasPrefix(n, name[:4]) {
			if from != "" {
				n += " (" + from + ")"
			}
			out = append(out, cand{n, d})
		}
	}
	for t := s; t != nil; t = t.parent {
		for n := range t.names {
			add(n, "")
		}
	}
	for m := s.mod; m != nil; m = m.std {
		from := ""
		if m.std == nil {
			from = "std"
		}
		for n := range m.names {
			add(n, from)
		}
	}
	for n := range builtins {
		add(n, "")
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].d != out[j].d {
			return out[i].d < out[j].d
		}
		return out[i].text < out[j].text
	})
	var texts []string
	for _, o := range out {
		if len(texts) < 3 && (len(texts) == 0 || texts[len(texts)-1] != o.text) {
			texts = append(texts, o.text)
		}
	}
	return texts
}

// editDistance counts insertions, deletions, substitutions and swaps.
func editDistance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 64 || len(y) > 64 {
		return 64
	}
	d := make([][]int, len(x)+1)
	for i := range d {
		d[i] = make([]int, len(y)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(x)][len(y)]
}

// shapeText is a shape for messages.
func (c *checker) shapeText(shape []*ir.Expr) string {
	if len(shape) == 0 {
		return "a scalar"
	}
	var parts []string
	for _, d := range shape {
		parts = append(parts, c.dimText(d))
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func (c *checker) dimText(d *ir.Expr) string {
	named := c.Map(c.resolve(d), func(x *ir.Expr) *ir.Expr {
		if info, ok := c.index[x.Idx]; ok && x.Kind == ir.KIndex {
			return c.Dim(info.name)
		}
		return x
	})
	return strings.TrimLeft(fmt.Sprint(ir.Sprint(named)), "?")
}

// describe tells what a value is and where it came from.
func (s *scope) describe(e syntax.Expr, v *value) string {
	e = syntax.Unparen(e)
	text := s.source(e.At()) + " is " + s.shapeText(v.shape)
	switch x := e.(type) {
	case *syntax.Name:
		if v.def.IsValid() {
			if v.text != "" {
				text += fmt.Sprintf(" (line %d: %s)", v.def.Pos.Line, v.text)
			} else {
				text += fmt.Sprintf(" (line %d)", v.def.Pos.Line)
			}
		}
	case *syntax.Call:
		if f := s.quiet(x.Fun); f != nil && f.kind == instValue {
			d := f.inst.decl
			text += fmt.Sprintf(": %s (%s:%d)", d.Name.Name, d.Name.Span.Pos.File, d.Name.Span.Pos.Line)
		}
	}
	return text
}

// quiet resolves a plain name without reporting anything.
func (s *scope) quiet(e syntax.Expr) *value {
	if n, ok := syntax.Unparen(e).(*syntax.Name); ok {
		return s.lookup(n.Name)
	}
	return nil
}
