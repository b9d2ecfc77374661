package syntax

import (
	"fmt"
	"strings"
	"unicode"
)

// A place is a syntax error: the token that cannot stand where it does, and
// what is known of what is before it. The messages of explain.go read from it.
type place struct {
	src    []byte
	tokens []token
	i      int    // the token
	t      *token // tokens[i]
	p, pp  *token // the two before; empty tokens at the start of the file
	decl   int    // where the declaration starts
	open   []int  // the brackets that are open, as token numbers
	cache  map[string]bool
}

func newPlace(src []byte, tokens []token, i int) *place {
	none := &token{}
	e := &place{src: src, tokens: tokens, i: i, t: &tokens[i], p: none, pp: none, cache: map[string]bool{}}
	if i > 0 {
		e.p = &tokens[i-1]
	}
	if i > 1 {
		e.pp = &tokens[i-2]
	}
	e.decl = declStart(tokens, i)
	for j := e.decl; j < i; j++ {
		switch t := &tokens[j]; {
		case t.kind != kPunct:
		case t.is("(", "[", "{"):
			e.open = append(e.open, j)
		case t.is(")", "]", "}") && len(e.open) > 0:
			e.open = e.open[:len(e.open)-1]
		}
	}
	return e
}

// probeLimit is the length of a declaration beyond which it is not parsed
// again and again only to say what might have been meant.
const probeLimit = 4000

// can reports whether one of the texts could stand at the place. Stand-ins
// are "name", "1" for an operand and "end" for the end of the file.
func (e *place) can(texts ...string) bool {
	if e.i-e.decl > probeLimit {
		return false
	}
	for _, s := range texts {
		ok, known := e.cache[s]
		if !known {
			ok = accepts(e.tokens, e.i, standIn(s))
			e.cache[s] = ok
		}
		if ok {
			return true
		}
	}
	return false
}

func standIn(s string) token {
	switch {
	case s == "name":
		return token{kind: kIdent, text: "auto"}
	case s == "end":
		return token{kind: kEOF}
	case s == "1":
		return token{kind: kNumber, text: s}
	case s == `""`:
		return token{kind: kString, text: s}
	case keywords[s]:
		return token{kind: kKeyword, text: s}
	case unicode.IsLetter(rune(s[0])):
		return token{kind: kIdent, text: s}
	}
	return token{kind: kPunct, text: s}
}

// opener is the innermost open bracket, an empty token if there is none.
func (e *place) opener() *token {
	if len(e.open) == 0 {
		return &token{}
	}
	return &e.tokens[e.open[len(e.open)-1]]
}

// afterOpener is the token before the innermost open bracket.
func (e *place) afterOpener() *token {
	if len(e.open) == 0 || e.open[len(e.open)-1] == 0 {
		return &token{}
	}
	return &e.tokens[e.open[len(e.open)-1]-1]
}

// operandPlace reports whether an expression's operand must stand here.
func (e *place) operandPlace() bool { return e.can("1") }

// namePlace reports whether a name must stand here, and nothing else.
func (e *place) namePlace() bool { return e.can("name") && !e.can("1") }

// operatorPlace reports whether an expression could go on or end here.
func (e *place) operatorPlace() bool { return e.can("+") && !e.can("1") }

// newLine reports whether the token starts a line.
func (e *place) newLine() bool {
	return e.i > 0 && e.p.span.End.Line < e.t.span.Pos.Line
}

// text is the source of tokens from..to-1, on one line and not long.
func (e *place) text(from, to int) string {
	if from >= to {
		return ""
	}
	s := string(e.src[e.tokens[from].span.Pos.Offset:e.tokens[to-1].span.End.Offset])
	if strings.ContainsAny(s, "\r\n\t") || strings.Contains(s, "//") {
		return ""
	}
	return clip(s)
}

// lineEnd is the number of the first token that is not on the line of token
// i, or ends a statement.
func (e *place) lineEnd(i int) int {
	line := e.tokens[i].span.Pos.Line
	depth := 0
	for ; i < len(e.tokens)-1 && e.tokens[i].kind != kBad && e.tokens[i].span.Pos.Line == line; i++ {
		switch t := &e.tokens[i]; {
		case t.is("(", "["):
			depth++
		case t.is(")", "]"):
			depth--
		}
		if depth < 0 || e.tokens[i].is(";", "}", "param", "state") {
			break
		}
	}
	return i
}

// with is the source from token from to the end of its line, with text put in
// before token at; "" if that is not a good hint.
func (e *place) with(from, at int, text string) string {
	to := max(e.lineEnd(from), at)
	a, b := e.text(from, at), e.text(at, to)
	if from < at && a == "" || strings.HasSuffix(b, "...") {
		return ""
	}
	return strings.TrimSpace(a + text + b)
}

// describe is what a token is, in words.
func describe(t *token) string {
	switch t.kind {
	case kEOF:
		return "the end of the file"
	case kKeyword, kReducer:
		return "the keyword " + t.text
	case kNumber:
		return "the number " + clip(t.text)
	case kString:
		return "the string " + clip(t.text)
	case kIdent:
		return "the name " + clip(t.text)
	}
	return "'" + t.text + "'"
}

// where is a place to point to in a message.
func where(t *token) string {
	return fmt.Sprintf("%d:%d", t.span.Pos.Line, t.span.Pos.Col)
}

// listing is "a, b or c".
func listing(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " or " + parts[len(parts)-1]
}
