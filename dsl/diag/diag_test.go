package diag

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// at is the span of the nth (from 0) occurrence of text on a line of src.
func at(src, file string, line int, text string, nth int) Span {
	l := strings.Split(src, "\n")[line-1]
	off := strings.Index(l, text)
	for ; nth > 0; nth-- {
		off += 1 + strings.Index(l[off+1:], text)
	}
	base := len(strings.Join(strings.SplitAfter(src, "\n")[:line-1], ""))
	col := len([]rune(l[:off])) + 1
	p := Pos{file, base + off, line, col}
	return Span{p, Pos{file, p.Offset + len(text), line, col + len([]rune(text))}}
}

// TestSamples renders the reference's own samples. Each block of the file is
// what is wanted; what is fed in is read back from it, so that only the form
// is tested: gutters, carets, punctuation.
func TestSamples(t *testing.T) {
	data, err := os.ReadFile("testdata/samples.txt")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n---\n")
	if len(blocks) < 15 {
		t.Fatalf("only %d samples", len(blocks))
	}
	for _, block := range blocks {
		lines := strings.Split(block, "\n")
		var file string
		head := strings.SplitN(lines[0], ":", 4)
		file = head[0]
		var line, col int
		for _, n := range []struct {
			s string
			p *int
		}{{head[1], &line}, {head[2], &col}} {
			if err := json.Unmarshal([]byte(n.s), n.p); err != nil {
				t.Fatal(err)
			}
		}
		code, msg, _ := strings.Cut(strings.TrimPrefix(head[3], " "), " ")
		d := &Diagnostic{Code: code, Msg: msg}
		if rest, ok := strings.CutPrefix(msg, "warning: "); ok {
			d.Warning, d.Msg = true, rest
		}
		src := strings.Repeat("\n", line-1) + lines[1][7:] + "\n"
		carets := lines[2][7:]
		for i := 0; i < len(carets); {
			if carets[i] != '^' {
				i++
				continue
			}
			j := i
			for j < len(carets) && carets[j] == '^' {
				j++
			}
			d.Spans = append(d.Spans, Span{Pos{file, 0, line, i + 1}, Pos{file, 0, line, j + 1}})
			i = j
		}
		// The place is the one of the head, which may be a later caret.
		for i, s := range d.Spans {
			if s.Pos.Col == col {
				d.Spans[0], d.Spans[i] = d.Spans[i], d.Spans[0]
			}
		}
		tail := strings.TrimPrefix(lines[3], "     = ")
		note, hint, found := strings.Cut(tail, "hint: ")
		if note = strings.TrimSuffix(note, ". "); note != "" {
			d.Notes = []string{note}
		}
		if found {
			d.Hint = hint
		}
		got := d.Render(func(string) []byte { return []byte(src) })
		if got != block+"\n" {
			t.Errorf("got\n%swant\n%s", got, block)
		}
	}
}

func TestExcerpt(t *testing.T) {
	long := "x = " + strings.Repeat("aaaa + ", 100) + "oops" + strings.Repeat(" + bbbb", 100)
	for _, c := range []struct {
		name, src string
		spans     func(src string) []Span
		want      string // the two lines after the head
	}{
		{"tab", "\tx = y", func(s string) []Span { return []Span{at(s, "f", 1, "y", 0)} },
			"   1 |     x = y\n     |         ^\n"},
		{"wide characters", "名 = y", func(s string) []Span { return []Span{at(s, "f", 1, "y", 0)} },
			"   1 | 名 = y\n     |      ^\n"},
		{"combining mark", "e\u0301 = y", func(s string) []Span { return []Span{at(s, "f", 1, "y", 0)} },
			"   1 | e\u0301 = y\n     |     ^\n"},
		{"span over lines", "a = f(x,\n  y)", func(s string) []Span {
			x := at(s, "f", 1, "f(", 0)
			x.End = at(s, "f", 2, ")", 0).End
			return []Span{x}
		}, "   1 | a = f(x,\n     |     ^^^^\n"},
		{"other line, other file", "a = b\nc = d", func(s string) []Span {
			return []Span{at(s, "f", 1, "b", 0), at(s, "f", 2, "d", 0), at(s, "g", 1, "a", 0)}
		}, "   1 | a = b\n     |     ^\n"},
		{"empty span at the end", "a =", func(s string) []Span {
			p := Pos{"f", 3, 1, 4}
			return []Span{{p, p}}
		}, "   1 | a =\n     |    ^\n"},
		{"carriage return and escape", "a = \x1b[2J b\r\n", func(s string) []Span { return []Span{at(s, "f", 1, "b", 0)} },
			"   1 | a = \ufffd[2J b\n     |          ^\n"},
		{"byte order mark", "\ufeffab", func(s string) []Span {
			return []Span{{Pos{"f", 3, 1, 1}, Pos{"f", 4, 1, 2}}}
		}, "   1 | ab\n     | ^\n"},
		{"line beyond the file", "a", func(string) []Span { return []Span{{Pos{"f", 9, 7, 1}, Pos{"f", 9, 7, 2}}} }, ""},
		{"column beyond the line", "a", func(string) []Span { return []Span{{Pos{"f", 9, 1, 70}, Pos{"f", 9, 1, 90}}} },
			"   1 | a\n     |  ^\n"},
		{"line number of five digits", strings.Repeat("\n", 12344) + "a = b", func(s string) []Span { return []Span{at(s, "f", 12345, "b", 0)} },
			"12345 | a = b\n      |     ^\n"},
		{"long line", long, func(s string) []Span { return []Span{at(s, "f", 1, "oops", 0)} }, "*"},
	} {
		d := &Diagnostic{Code: "NN001", Msg: "m", Spans: c.spans(c.src)}
		_, got, _ := strings.Cut(d.Render(func(string) []byte { return []byte(c.src) }), "\n")
		if c.want == "*" {
			lines := strings.Split(got, "\n")
			i := strings.Index(lines[1], "^^^^")
			if r := []rune(lines[0]); i < 0 || len(r) > 200 || string(r[i:i+4]) != "oops" {
				t.Errorf("%s: the carets are not under oops:\n%s", c.name, got)
			}
		} else if got != c.want {
			t.Errorf("%s: got\n%swant\n%s", c.name, got, c.want)
		}
	}
}

func TestNoSource(t *testing.T) {
	d := New("NN201", Span{Pos{"a.nn", 3, 1, 4}, Pos{"a.nn", 4, 1, 5}}, "unknown name %s", "x").Note("one").Note("two?").WithHint("three")
	want := "a.nn:1:4: NN201 unknown name x\n     = one. two? hint: three\n"
	for _, src := range []Source{nil, func(string) []byte { return nil }} {
		if got := d.Render(src); got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
	}
	if got := (&Diagnostic{Code: "NN001", Msg: "a\nb\x1b"}).Render(nil); got != "NN001 a\\nb\\x1b\n" {
		t.Errorf("a message must stay on its line: %q", got)
	}
}

func TestJSON(t *testing.T) {
	s := Span{Pos{"a.nn", 3, 1, 4}, Pos{"a.nn", 4, 1, 5}}
	l := List{New("NN101", s, "a < b").Also(s).Note("n").WithHint("h"), Warn("NN302", s, "w")}
	want := `{"code":"NN101","severity":"error","message":"a < b","spans":[` +
		`{"file":"a.nn","offset":3,"line":1,"col":4,"endOffset":4,"endLine":1,"endCol":5},` +
		`{"file":"a.nn","offset":3,"line":1,"col":4,"endOffset":4,"endLine":1,"endCol":5}],"notes":["n"],"hint":"h"}` + "\n" +
		`{"code":"NN302","severity":"warning","message":"w","spans":[` +
		`{"file":"a.nn","offset":3,"line":1,"col":4,"endOffset":4,"endLine":1,"endCol":5}]}` + "\n"
	if got := l.JSON(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestList(t *testing.T) {
	span := func(file string, off int) Span { return Span{Pos{file, off, 1, off + 1}, Pos{file, off, 1, off + 1}} }
	l := List{Warn("NN302", span("b", 1), "3"), New("NN101", span("a", 9), "2"), Warn("NN401", span("a", 2), "1")}
	l.Sort()
	if got := l[0].Msg + l[1].Msg + l[2].Msg; got != "123" {
		t.Errorf("order %s, want 123", got)
	}
	if !l.HasErrors() || (List{Warn("NN302", span("b", 1), "")}).HasErrors() {
		t.Error("HasErrors is about what is no warning")
	}
	if (List{}).Err() != nil || l.Err() == nil {
		t.Error("an empty list is no error")
	}
}
