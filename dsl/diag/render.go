package diag

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Source gives the text of a file, nil if it is not known.
type Source func(file string) []byte

// Render is d as people read it, in the form of the package comment, ending
// in a newline. Without source, the lines with the carets are left out.
func (d *Diagnostic) Render(src Source) string {
	var b strings.Builder
	b.WriteString(d.Error() + "\n")
	gutter := max(4, len(fmt.Sprint(d.Pos().Line)))
	if text, carets, ok := d.excerpt(src); ok {
		fmt.Fprintf(&b, "%*d | %s\n", gutter, d.Pos().Line, text)
		fmt.Fprintf(&b, "%*s | %s\n", gutter, "", carets)
	}
	if tail := d.tail(); tail != "" {
		fmt.Fprintf(&b, "%*s = %s\n", gutter, "", tail)
	}
	return b.String()
}

// Render is every diagnostic of l, one after the other.
func (l List) Render(src Source) string {
	var b strings.Builder
	for _, d := range l {
		b.WriteString(d.Render(src))
	}
	return b.String()
}

// tail is the notes, as sentences, and the hint.
func (d *Diagnostic) tail() string {
	var b strings.Builder
	join := func(s string) {
		if b.Len() > 0 {
			if !strings.ContainsRune(".?!", rune(b.String()[b.Len()-1])) {
				b.WriteString(".")
			}
			b.WriteString(" ")
		}
		b.WriteString(printable(s))
	}
	for _, n := range d.Notes {
		join(n)
	}
	if d.Hint != "" {
		join("hint: " + d.Hint)
	}
	return b.String()
}

const (
	tabStop   = 4
	lineWidth = 160 // longer lines are cut to a window around the place
	before    = 60  // columns of the window left of the place
)

// excerpt is the source line of d's place and the carets under it. Spans
// that start on another line get none; of a span over several lines, only
// the part on this one does.
func (d *Diagnostic) excerpt(src Source) (text, carets string, ok bool) {
	at := d.Pos()
	if src == nil || !at.IsValid() {
		return "", "", false
	}
	line, ok := lineOf(src(at.File), at.Line)
	if !ok {
		return "", "", false
	}
	shown, column := display(line)
	marks := make([]bool, column[len(column)-1]+1)
	clamp := func(col int) int { return column[min(max(col-1, 0), len(column)-1)] }
	for _, s := range d.Spans {
		if s.Pos.File != at.File || s.Pos.Line != at.Line {
			continue
		}
		from, to := clamp(s.Pos.Col), column[len(column)-1]
		if s.End.Line == s.Pos.Line {
			to = clamp(s.End.Col)
		}
		for i := from; i < max(to, from+1); i++ {
			marks[i] = true
		}
	}
	row := make([]byte, len(marks))
	for i, m := range marks {
		row[i] = ' '
		if m {
			row[i] = '^'
		}
	}
	text, carets = window(shown, row, clamp(at.Col))
	return strings.TrimRight(text, " "), strings.TrimRight(carets, " "), true
}

// lineOf is line n of src, counted from 1, without its end.
func lineOf(src []byte, n int) ([]byte, bool) {
	if src == nil {
		return nil, false
	}
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	for ; n > 1; n-- {
		_, rest, ok := bytes.Cut(src, []byte("\n"))
		if !ok {
			return nil, false
		}
		src = rest
	}
	line, _, _ := bytes.Cut(src, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), true
}

// A cell is what is shown of one character: its text and its columns.
type cell struct {
	text  string
	width int
}

// display is line as it is shown, with tabs expanded and what a terminal
// would act on replaced; column[i] is where its rune i starts, and the last
// element of column is where the line ends.
func display(line []byte) (cells []cell, column []int) {
	col := 0
	for len(line) > 0 {
		r, size := utf8.DecodeRune(line)
		line = line[size:]
		c := cell{string(r), width(r)}
		switch {
		case r == '\t':
			c.width = tabStop - col%tabStop
			c.text = strings.Repeat(" ", c.width)
		case c.width == 1 && !unicode.IsGraphic(r):
			c.text = "\ufffd"
		}
		column = append(column, col)
		cells = append(cells, c)
		col += c.width
	}
	return cells, append(column, col)
}

// window cuts what is too long to lineWidth columns around the place.
func window(cells []cell, row []byte, at int) (string, string) {
	from, to := 0, len(row)
	if len(row) > lineWidth {
		from = max(0, at-before)
		to = min(len(row), from+lineWidth)
	}
	var text strings.Builder
	col, first, end := 0, to, from
	for _, c := range cells {
		if col >= from && col+c.width <= to {
			text.WriteString(c.text)
			first, end = min(first, col), max(end, col+c.width)
		}
		col += c.width
	}
	if len(row) <= lineWidth {
		return text.String(), string(row)
	}
	left, right := "", ""
	if from > 0 {
		left = "…"
	}
	if end < len(row)-1 {
		right = "…"
	}
	return left + text.String() + right, strings.Repeat(" ", utf8.RuneCountInString(left)) + string(row[min(first, to):to])
}

// wide holds the characters that take two columns (UAX 11, W and F).
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x1100, 0x115f, 1}, {0x2e80, 0x303e, 1}, {0x3041, 0xa4cf, 1}, {0xa960, 0xa97c, 1},
		{0xac00, 0xd7a3, 1}, {0xf900, 0xfaff, 1}, {0xfe30, 0xfe6f, 1}, {0xff00, 0xff60, 1}, {0xffe0, 0xffe6, 1},
	},
	R32: []unicode.Range32{{0x1f300, 0x1f64f, 1}, {0x1f680, 0x1f6ff, 1}, {0x1f900, 0x1f9ff, 1}, {0x20000, 0x3fffd, 1}},
}

// width is the number of columns that a terminal gives r.
func width(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}

// printable is s with control characters escaped, so that no message can
// drive the terminal or take more than its line.
func printable(s string) string {
	if utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsGraphic(r) }) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if unicode.IsGraphic(r) {
			b.WriteRune(r)
		} else {
			q := fmt.Sprintf("%q", r)
			b.WriteString(q[1 : len(q)-1])
		}
	}
	return b.String()
}
