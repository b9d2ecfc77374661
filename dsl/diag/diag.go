package diag

import (
	"fmt"
	"strings"
)

// Pos is a place in a source file. Line and Col count from 1, Col in runes;
// Offset counts bytes from 0. The zero Pos is "nowhere".
type Pos struct {
	File              string
	Offset, Line, Col int
}

// IsValid reports whether p is a place at all.
func (p Pos) IsValid() bool { return p.Line > 0 }

// String is file:line:col, or as much of it as is known.
func (p Pos) String() string {
	file := printable(p.File)
	switch {
	case !p.IsValid():
		return file
	case file == "":
		return fmt.Sprintf("%d:%d", p.Line, p.Col)
	}
	return fmt.Sprintf("%s:%d:%d", file, p.Line, p.Col)
}

// Span is the text from Pos up to, not including, End.
type Span struct {
	Pos Pos
	End Pos
}

// IsValid reports whether s is a place at all.
func (s Span) IsValid() bool { return s.Pos.IsValid() }

// String is the place where s starts.
func (s Span) String() string { return s.Pos.String() }

// To is the span from the start of s to the end of t.
func (s Span) To(t Span) Span { return Span{s.Pos, t.End} }

// Diagnostic is one message about a source file.
type Diagnostic struct {
	Code    string   // stable code, "NN101"
	Warning bool     // a lint: it leaves the exit status alone
	Spans   []Span   // the first is the place; the others get carets too
	Msg     string   // the cause, one line
	Notes   []string // where both sides came from
	Hint    string   // what to write instead
}

// New is an error with the given code, place and message.
func New(code string, at Span, format string, args ...any) *Diagnostic {
	return &Diagnostic{Code: code, Spans: []Span{at}, Msg: fmt.Sprintf(format, args...)}
}

// Warn is a warning with the given code, place and message.
func Warn(code string, at Span, format string, args ...any) *Diagnostic {
	d := New(code, at, format, args...)
	d.Warning = true
	return d
}

// Also adds places that get carets too, and returns d.
func (d *Diagnostic) Also(spans ...Span) *Diagnostic {
	d.Spans = append(d.Spans, spans...)
	return d
}

// Note adds a note, and returns d.
func (d *Diagnostic) Note(format string, args ...any) *Diagnostic {
	d.Notes = append(d.Notes, fmt.Sprintf(format, args...))
	return d
}

// WithHint sets the hint, and returns d.
func (d *Diagnostic) WithHint(format string, args ...any) *Diagnostic {
	d.Hint = fmt.Sprintf(format, args...)
	return d
}

// Pos is the place of d; the zero Pos if it has none.
func (d *Diagnostic) Pos() Pos {
	if len(d.Spans) == 0 {
		return Pos{}
	}
	return d.Spans[0].Pos
}

// Error is the first line of what Render prints: place, code, cause.
func (d *Diagnostic) Error() string {
	var b strings.Builder
	if p := d.Pos(); p.IsValid() || p.File != "" {
		b.WriteString(p.String() + ": ")
	}
	b.WriteString(d.Code)
	if d.Warning {
		b.WriteString(" warning:")
	}
	b.WriteString(" " + printable(d.Msg))
	return b.String()
}
