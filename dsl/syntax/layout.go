package syntax

import (
	"sort"
	"unicode/utf8"
)

// A role says what starts at a token, as far as the layout cares.
type role int8

const (
	inside     role = iota // nothing: the token goes on with what is before it
	startDecl              // package, dtype, import or a declaration
	startStmt              // an equation, param or state
	blockOpen              // the { of a body
	blockClose             // its }
	clause                 // where and what belongs to it
)

// A layout is the decisions about white space, one of each for a token.
type layout struct {
	tokens   []token
	comments []comment
	role     []role
	space    []bool // a space before the token if it does not start a line
	brk      []bool // it starts a line
	pad      []int  // more spaces before it, to line equations up
}

func newLayout(f *File) *layout {
	n := len(f.tokens)
	l := &layout{
		tokens: f.tokens, comments: f.comments, role: make([]role, n),
		space: make([]bool, n), brk: make([]bool, n), pad: make([]int, n),
	}
	for i := 1; i < n; i++ {
		l.space[i] = l.wantSpace(i)
	}
	l.operators(f)
	return l
}

// index is the number of the token at a byte offset.
func (l *layout) index(offset int) int {
	return sort.Search(len(l.tokens), func(i int) bool { return l.tokens[i].span.Pos.Offset >= offset })
}

// last is the number of the last token of the node.
func (l *layout) last(n Node) int { return l.index(n.At().End.Offset) - 1 }

func (l *layout) first(n Node) int { return l.index(n.At().Pos.Offset) }

// newLine reports whether token i is on a later line of the source than the
// one before it.
func (l *layout) newLine(i int) bool {
	return i > 0 && l.tokens[i-1].span.End.Line < l.tokens[i].span.Pos.Line
}

// wantSpace is the rule for all but the operators that may be written tight.
func (l *layout) wantSpace(i int) bool {
	p, t := &l.tokens[i-1], &l.tokens[i]
	switch {
	case t.is(".") && p.kind == kNumber:
		return true // 1.x would be a number
	case p.is("(", "[", ".", "..", "^"), p.is("{") && t.is("}"), t.is(")", "]", ".", "..", "^", ",", ":", ";", "'"):
		return false
	case t.is("(", "["):
		return !p.operand() && !p.is("real", "int", "bool")
	}
	return true
}

// operators decides about + - * / %: they stay tight if they were written
// without any space, unless an operand has spaces in it, and the product
// under a reducer is set off from the brackets.
func (l *layout) operators(f *File) {
	spaced := map[Node]bool{}
	var visit func(Node)
	visit = func(n Node) {
		Walk(n, func(m Node) bool {
			if m == n {
				return true
			}
			visit(m)
			return false
		})
		switch n := n.(type) {
		case *Unary:
			spaced[n] = spaced[n.X] || n.Op == "not"
			if n.Op == "-" {
				l.space[l.first(n)+1] = false
			}
		case *Reduce:
			l.space[l.first(n.Body)] = true
			spaced[n] = true
		case *Default:
			spaced[n] = true
		case *Binary:
			op := l.index(n.OpSpan.Pos.Offset)
			switch n.Op {
			case "^":
				spaced[n] = spaced[n.Y]
				return
			case "+", "-", "*", "/", "%":
				tight := l.adjacent(op) && l.adjacent(op+1)
				spaced[n] = !tight || spaced[n.X] || spaced[n.Y]
			default:
				spaced[n] = true
			}
			l.space[op], l.space[op+1] = spaced[n], spaced[n]
		}
	}
	visit(f)
}

// adjacent reports whether nothing stands between token i and the one before.
func (l *layout) adjacent(i int) bool {
	return l.tokens[i-1].span.End.Offset == l.tokens[i].span.Pos.Offset
}

// breaks decides which tokens start lines.
func (l *layout) breaks(f *File) {
	for i := 1; i < len(l.tokens); i++ {
		p, t := &l.tokens[i-1], &l.tokens[i]
		// A break of the user's stays where a space or the inside of a bracket
		// is, but not between words that make a unit.
		unit := p.is("fn", "layer", "model", "loss", "param", "state", "derive", "import", "package", "dtype", "frozen", "not", "->") ||
			t.is("as", "by") && p.kind != kPunct || p.is("-") && !l.space[i]
		l.brk[i] = l.newLine(i) && !unit && (l.space[i] || p.is("(", "[") || t.is(")", "]"))
	}
	for _, n := range f.Imports {
		l.start(l.first(n), startDecl)
	}
	for i := range l.tokens {
		if l.tokens[i].is("package", "dtype") {
			l.start(i, startDecl)
		}
	}
	for _, n := range f.Decls {
		l.start(l.first(n), startDecl)
		if fn, ok := n.(*Func); ok {
			l.function(fn)
		}
	}
}

func (l *layout) start(i int, r role) {
	l.role[i] = r
	l.brk[i] = true
}

func (l *layout) function(fn *Func) {
	end := l.last(fn)
	for _, w := range fn.Where {
		first := l.first(w)
		if l.tokens[first-1].is("where") {
			first--
		}
		for i := first; i <= l.last(w); i++ {
			l.role[i] = clause
		}
	}
	if !fn.Block {
		return
	}
	// The braces: the open one is before the first statement, or else the
	// token before the close one.
	stop := end
	if len(fn.Derivs) > 0 {
		stop = l.first(fn.Derivs[0]) - 2
	}
	open := stop - 1
	if len(fn.Stmts) > 0 {
		open = l.first(fn.Stmts[0]) - 1
	}
	l.role[open], l.role[stop] = blockOpen, blockClose
	l.brk[open] = false
	for _, s := range fn.Stmts {
		l.role[l.first(s)] = startStmt
	}
	if l.oneLine(open, stop) {
		return
	}
	l.brk[stop] = true
	for i := 0; i < len(fn.Stmts); {
		j := i + 1
		for j < len(fn.Stmts) && l.shares(fn.Stmts[j-1], fn.Stmts[j]) {
			j++
		}
		if l.width(l.first(fn.Stmts[i]), l.last(fn.Stmts[j-1])+1)+2 > maxWidth {
			for k := i; k < j; k++ {
				l.brk[l.first(fn.Stmts[k])] = true
			}
		}
		l.brk[l.first(fn.Stmts[i])] = true
		i = j
	}
}

// oneLine reports whether the body from { to } stays on its line: it was
// written on one, and the line fits.
func (l *layout) oneLine(open, stop int) bool {
	if l.tokens[open].span.Pos.Line != l.tokens[stop].span.Pos.Line {
		return false
	}
	from, to := open, stop+1
	for !l.brk[from] && from > 0 && !l.commentBefore(from) {
		from--
	}
	for to < len(l.tokens)-1 && !l.brk[to] && !l.commentBefore(to) && !l.newLine(to) {
		to++
	}
	indent := 0
	if l.role[from] != startDecl {
		indent = 4
	}
	return indent+l.width(from, to) <= maxWidth
}

// shares reports whether b was written behind a on one line, both of them
// whole.
func (l *layout) shares(a, b Stmt) bool {
	return a.At().Pos.Line == a.At().End.Line && a.At().End.Line == b.At().Pos.Line && b.At().Pos.Line == b.At().End.Line
}

func (l *layout) commentBefore(i int) bool {
	k := sort.Search(len(l.comments), func(k int) bool { return l.comments[k].before >= i })
	return k < len(l.comments) && l.comments[k].before == i
}

// width is the number of columns of the tokens from..to-1 on one line.
func (l *layout) width(from, to int) int {
	w := 0
	for i := from; i < to; i++ {
		switch {
		case l.tokens[i].is(";"):
			continue
		case i > from && l.role[i] == startStmt && l.role[i-1] != blockOpen:
			w += len(";  ")
		case i > from && l.space[i]:
			w++
		}
		w += utf8.RuneCountInString(l.tokens[i].text)
	}
	return w
}

// alignEquations keeps the signs of equations lined up that were written so:
// on consecutive lines of their own, in the same column.
func (l *layout) alignEquations(f *File) {
	for _, d := range f.Decls {
		fn, ok := d.(*Func)
		if !ok {
			continue
		}
		for i := 0; i < len(fn.Stmts); {
			j := i
			for j < len(fn.Stmts) && l.sign(fn.Stmts, j) > 0 && (j == i || l.below(fn.Stmts, j)) {
				j++
			}
			if j > i+1 {
				l.line(fn.Stmts[i:j])
			}
			i = max(j, i+1)
		}
	}
}

// sign is the token of the sign of equation i if the equation has a line of
// its own, else 0.
func (l *layout) sign(stmts []Stmt, i int) int {
	q, ok := stmts[i].(*Equation)
	if !ok || q.At().Pos.Line != q.At().End.Line || !l.brk[l.first(q)] {
		return 0
	}
	if i+1 < len(stmts) && stmts[i+1].At().Pos.Line == q.At().End.Line || i > 0 && stmts[i-1].At().End.Line == q.At().Pos.Line {
		return 0
	}
	if next := l.last(q) + 1; l.tokens[next].is("}") && !l.newLine(next) || l.tokens[l.first(q)-1].is("{") && !l.newLine(l.first(q)) {
		return 0
	}
	return l.first(q.Value) - 1
}

// below reports whether the sign of equation j is right under that of j-1.
func (l *layout) below(stmts []Stmt, j int) bool {
	a, b := &l.tokens[l.sign(stmts, j-1)].span.Pos, &l.tokens[l.sign(stmts, j)].span.Pos
	return b.Line == a.Line+1 && b.Col == a.Col
}

func (l *layout) line(stmts []Stmt) {
	column := 0
	for _, s := range stmts {
		column = max(column, l.width(l.first(s), l.first(s.(*Equation).Value)-1))
	}
	for _, s := range stmts {
		sign := l.first(s.(*Equation).Value) - 1
		l.pad[sign] = column - l.width(l.first(s), sign)
	}
}
