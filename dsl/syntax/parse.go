package syntax

import (
	"path"
	"regexp"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/dsl/diag"
)

// maxSize bounds a source file in bytes, maxTokens in what is no comment or
// white space; the parser needs about ten microseconds for a token.
const (
	maxSize   = 16 << 20
	maxTokens = 250_000
)

// Parse reads one file; file is its name in positions and messages. The
// error, if any, is a diag.List with one NN001: the first mistake.
func Parse(file string, src []byte) (*File, error) {
	f, d := parse(file, src)
	if d != nil {
		return nil, diag.List{d}
	}
	return f, nil
}

func parse(file string, src []byte) (*File, *diag.Diagnostic) {
	if len(src) > maxSize {
		at := diag.Pos{File: file, Line: 1, Col: 1}
		return nil, diag.New("NN001", diag.Span{Pos: at, End: at}, "the file has %d bytes, more than %d", len(src), maxSize)
	}
	tokens, comments := scan(file, src)
	if d := checkNesting(tokens); d != nil {
		// Something earlier may be wrong too, and is then what is reported.
		cut := sort.Search(len(tokens), func(i int) bool {
			return tokens[i].span.Pos.Offset >= d.Pos().Offset
		})
		prefix := append(append([]token{}, tokens[:cut]...), token{kind: kEOF})
		if _, culprit := parseTokens(prefix); culprit >= 0 && culprit < cut {
			return nil, explain(src, tokens, culprit)
		}
		return nil, d
	}
	g, culprit := parseTokens(tokens)
	if d, at := checkImports(tokens); d != nil && (culprit < 0 || at < culprit) {
		return nil, d
	}
	if culprit >= 0 {
		return nil, explain(src, tokens, culprit)
	}
	c := &converter{file: file, tokens: tokens, comments: comments}
	f := c.fileNode(g)
	return f, c.err
}

// checkImports finds an import of which the file's name is no name of the
// language, so that nothing could be said of what it holds.
func checkImports(tokens []token) (d *diag.Diagnostic, at int) {
	for i := 0; i+2 < len(tokens); i++ {
		t := &tokens[i+1]
		if !tokens[i].is("import") || t.kind != kString || tokens[i+2].is("as") {
			continue
		}
		name := strings.TrimSuffix(path.Base(strings.Trim(t.text, `"`)), ".nn")
		why := "is no name"
		switch r, _ := utf8.DecodeRuneInString(name); {
		case Keyword(name):
			why = "is a word of the language"
		case isLetter(r) && nameLen([]byte(name)) == len(name):
			continue
		}
		return diag.New("NN001", t.span, "%s %s, so the import needs another", name, why).WithHint("import %s as m", t.text), i + 1
	}
	return nil, 0
}

// docAbove is the text of the comment lines that end on the line above token
// i, and have nothing but white space before them.
func (c *converter) docAbove(i int) string {
	line := c.tokens[i].span.Pos.Line
	if i > 0 && c.tokens[i-1].span.End.Line == line {
		return ""
	}
	end := sort.Search(len(c.comments), func(k int) bool { return c.comments[k].before > i })
	from := end
	for from > 0 {
		k := &c.comments[from-1]
		if k.before != i || !k.own || k.span.Pos.Line != line-(end-from)-1 {
			break
		}
		from--
	}
	return docText(c.comments[from:end])
}

// doc is the comment above the node of tokens from..to-1 or, if there is
// none, the one behind it on its last line.
func (c *converter) doc(from, to int) string {
	if above := c.docAbove(from); above != "" {
		return above
	}
	line := c.tokens[to-1].span.End.Line
	if c.tokens[to].is(",", ";") && c.tokens[to].span.Pos.Line == line {
		to++
	}
	k := sort.Search(len(c.comments), func(k int) bool { return c.comments[k].before >= to })
	if k < len(c.comments) && c.comments[k].before == to && !c.comments[k].own && c.comments[k].span.Pos.Line == line {
		return docText(c.comments[k : k+1])
	}
	return ""
}

// docText leaves out what Go would take for an order to its tools, such as
// //go:generate, for documentation becomes comments of emitted code.
func docText(comments []comment) string {
	var lines []string
	for _, k := range comments {
		if !directive.MatchString(k.text) {
			lines = append(lines, strings.TrimPrefix(strings.TrimPrefix(k.text, "//"), " "))
		}
	}
	return strings.Join(lines, "\n")
}

var directive = regexp.MustCompile(`^//([a-z0-9]+:[a-z0-9]|\s*\+build|line |extern |export )`)

// fileDoc is the first comment block, unless it documents the declaration
// right below it.
func (c *converter) fileDoc() string {
	n := 0
	for n < len(c.comments) && c.comments[n].before == 0 && (n == 0 || c.comments[n].span.Pos.Line == c.comments[n-1].span.Pos.Line+1) {
		n++
	}
	if n == 0 {
		return ""
	}
	t := &c.tokens[0]
	if t.span.Pos.Line == c.comments[n-1].span.Pos.Line+1 && !t.is("package", "dtype", "import") && t.kind != kEOF {
		return ""
	}
	return docText(c.comments[:n])
}
