package syntax

import (
	"strings"
	"unicode/utf8"
)

// A line is one line of output.
type line struct {
	indent  int
	text    strings.Builder
	columns int    // of text
	comment string // behind the text
	column  int    // of the comment in the source
	own     bool   // the comment is the line
}

// A pipePlace is where a |> was put.
type pipePlace struct{ line, column int }

// An emitter puts the lines together.
type emitter struct {
	*layout
	lines []*line
	cur   *line

	base   int   // indent of the statement or declaration
	nested []int // for each open bracket, the indent of the line that opened it
	closed int   // what it was for the bracket closed last
	pipes  []int // for each open bracket and outside, the column of the first |> of its chain, -1 if none

	pipeLine  int               // the source line of the last |>
	pipeAt    map[int]pipePlace // source column to place of the |> on that line
	pipeAbove map[int]pipePlace // the same for the line before
	place     int               // source line where what was put last ends
	next      int               // the next comment
}

func (l *layout) emit() []byte {
	e := &emitter{layout: l, pipes: []int{-1}}
	for i := range l.tokens {
		e.token(i)
	}
	e.alignComments()
	var b strings.Builder
	for _, n := range e.lines {
		text := strings.Repeat(" ", n.indent) + n.text.String()
		if n.comment != "" {
			if !n.own {
				text += strings.Repeat(" ", n.column-n.indent-n.columns)
			}
			text += n.comment
		}
		b.WriteString(strings.TrimRight(text, " ") + "\n")
	}
	return []byte(b.String())
}

// token puts token i and the comments before it.
func (e *emitter) token(i int) {
	t := &e.tokens[i]
	fresh := e.comment(i)
	if t.is(";") {
		e.place = t.span.End.Line
		if fresh {
			e.brk[i+1] = true
		}
		return
	}
	if t.kind == kEOF {
		return
	}
	e.before(i)
	if e.cur == nil || e.brk[i] || fresh {
		e.gap(i, t.span.Pos.Line, false)
		e.start(e.indent(i))
		if t.is("|>") && e.pipe() >= 0 {
			e.cur.indent = e.pipe()
		}
	} else {
		switch {
		case e.role[i] == startStmt && e.lastToken(i) != blockOpen:
			e.put(";  ")
		case e.space[i]:
			e.put(" ")
		}
		e.put(strings.Repeat(" ", e.pad[i]))
		if t.is("|>") {
			e.linePipe(t)
		}
	}
	if t.is("|>") {
		e.notePipe(t)
	}
	e.put(t.text)
	e.place = t.span.End.Line
	e.after(t)
}

// lastToken is the role of the token before i that is no ';'.
func (e *emitter) lastToken(i int) role {
	for i--; i > 0 && e.tokens[i].is(";"); i-- {
	}
	return e.role[i]
}

// before keeps base and the brackets, as far as they change ahead of token i.
func (e *emitter) before(i int) {
	switch e.role[i] {
	case startDecl, blockClose:
		e.base, e.nested, e.pipes = 0, nil, []int{-1}
	case startStmt:
		e.base, e.nested, e.pipes = 2, nil, []int{-1}
	}
	if e.tokens[i].is(")", "]") && len(e.nested) > 0 {
		e.closed = e.nested[len(e.nested)-1]
		e.nested = e.nested[:len(e.nested)-1]
		e.pipes = e.pipes[:len(e.pipes)-1]
	}
}

// after does so behind the token.
func (e *emitter) after(t *token) {
	switch {
	case t.is("(", "["):
		e.nested = append(e.nested, e.cur.indent)
		e.pipes = append(e.pipes, -1)
	case t.is(",", "=", "~", "<-", "then", "else", "{", "where", "deriv"):
		e.pipes[len(e.pipes)-1] = -1
	}
}

// indent is the indent of a line that starts with token i.
func (e *emitter) indent(i int) int {
	n := len(e.nested)
	switch {
	case e.role[i] == startDecl, e.role[i] == startStmt, e.role[i] == blockOpen, e.role[i] == blockClose:
		return e.base
	case e.tokens[i].is(")", "]"):
		return e.closed
	case n > 0:
		return e.nested[n-1] + 2
	case e.role[i] == clause:
		return e.base + 4
	}
	return e.base + 2
}

// start begins a line.
func (e *emitter) start(indent int) {
	e.cur = &line{indent: indent}
	e.lines = append(e.lines, e.cur)
}

func (e *emitter) put(s string) {
	e.cur.text.WriteString(s)
	e.cur.columns += utf8.RuneCountInString(s)
}

// gap puts an empty line if the source has one before line at and token i,
// or a comment before it, starts something.
func (e *emitter) gap(i, at int, comment bool) {
	starts := comment && e.role[i] == blockClose || e.cur != nil && e.cur.own || e.role[i] == startDecl || e.role[i] == startStmt || e.tokens[i].kind == kEOF
	if len(e.lines) > 0 && at > e.place+1 && starts && (i == 0 || e.lastToken(i) != blockOpen || e.cur == nil) {
		e.lines = append(e.lines, &line{})
	}
}

// comment puts the comments before token i, and reports whether there are any.
func (e *emitter) comment(i int) bool {
	any := false
	for ; e.next < len(e.comments) && e.comments[e.next].before == i; e.next++ {
		c := &e.comments[e.next]
		if !c.own && e.cur != nil && e.cur.comment == "" {
			e.cur.comment, e.cur.column = c.text, c.span.Pos.Col-1
		} else {
			e.gap(i, c.span.Pos.Line, true)
			e.start(e.commentIndent(i))
			e.cur.comment, e.cur.own = c.text, true
		}
		e.place = c.span.End.Line
		any = true
	}
	return any
}

// commentIndent is the indent of a comment line before token i.
func (e *emitter) commentIndent(i int) int {
	for e.tokens[i].is(";") {
		i++
	}
	switch n := len(e.nested); {
	case e.role[i] == startDecl, e.tokens[i].kind == kEOF:
		return 0
	case e.role[i] == startStmt, e.role[i] == blockClose:
		return 2
	case n > 0:
		return e.nested[n-1] + 2
	}
	return e.indent(i)
}

func (e *emitter) pipe() int { return e.pipes[len(e.pipes)-1] }

// linePipe moves a |> right to stand under one of the line above if it did so
// in the source.
func (e *emitter) linePipe(t *token) {
	above := e.pipeAbove
	switch t.span.Pos.Line {
	case e.pipeLine:
	case e.pipeLine + 1:
		above = e.pipeAt
	default:
		return
	}
	if p, ok := above[t.span.Pos.Col]; ok && p.line == len(e.lines)-1 {
		e.put(strings.Repeat(" ", max(0, p.column-e.cur.indent-e.cur.columns)))
	}
}

// notePipe remembers where a |> stands.
func (e *emitter) notePipe(t *token) {
	column := e.cur.indent + e.cur.columns
	if e.pipe() < 0 {
		e.pipes[len(e.pipes)-1] = column
	}
	switch t.span.Pos.Line {
	case e.pipeLine:
	case e.pipeLine + 1:
		e.pipeAbove, e.pipeAt = e.pipeAt, map[int]pipePlace{}
	default:
		e.pipeAbove, e.pipeAt = nil, map[int]pipePlace{}
	}
	e.pipeLine = t.span.Pos.Line
	e.pipeAt[t.span.Pos.Col] = pipePlace{len(e.lines), column}
}

// alignComments gives the comments behind lines their columns: two spaces
// from the text, and one column for those on consecutive lines, or on lines
// without an empty one between if they had one column in the source.
func (e *emitter) alignComments() {
	var group []*line
	flush := func() {
		column := 0
		for _, n := range group {
			column = max(column, n.indent+n.columns+2)
		}
		for _, n := range group {
			n.column = column
		}
		group = nil
	}
	lastAt := -1
	for i, n := range e.lines {
		switch {
		case n.own || n.columns == 0:
			flush()
		case n.comment != "":
			if len(group) > 0 && lastAt != i-1 && group[len(group)-1].column != n.column {
				flush()
			}
			group = append(group, n)
			lastAt = i
		}
	}
	flush()
}
