package syntax

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/dsl/diag"
)

// A scanner cuts a file into tokens and comments. It does not stop at what it
// does not know: that becomes a kBad token, so that an earlier mistake of
// another kind is the one that is reported.
type scanner struct {
	src      []byte
	pos      diag.Pos // of the next character
	tokens   []token
	comments []comment
	bad      bool // the last token is kBad, and nothing follows
}

// scan returns the tokens of src, the last one kEOF, and its comments.
func scan(file string, src []byte) ([]token, []comment) {
	s := &scanner{src: src, pos: diag.Pos{File: file, Line: 1, Col: 1}}
	if bytes.HasPrefix(src, []byte("\ufeff")) {
		s.pos.Offset = len("\ufeff")
	}
	s.tokens = make([]token, 0, min(len(src)/3, maxTokens)+2)
	for !s.bad && s.pos.Offset < len(src) {
		if len(s.tokens) == maxTokens {
			s.fail(1, "move declarations to other files and import them", "the file has more than %d words and signs", maxTokens)
			break
		}
		s.next()
	}
	s.tokens = append(s.tokens, token{kind: kEOF, span: diag.Span{Pos: s.pos, End: s.pos}})
	return s.tokens, s.comments
}

// next reads one token, comment or white space character.
func (s *scanner) next() {
	r, _ := s.peek()
	rest := s.src[s.pos.Offset:]
	switch {
	case r == ' ', r == '\t', r == '\n':
		s.advance(1)
	case r == '\r' && bytes.HasPrefix(rest, []byte("\r\n")):
		s.advance(2)
	case bytes.HasPrefix(rest, []byte("//")):
		s.comment(rest)
	case isLetter(r):
		s.name(rest)
	case r >= '0' && r <= '9':
		s.number(rest)
	case r == '"':
		s.str(rest)
	default:
		s.punct(r, rest)
	}
}

// peek is the next character and its size; size 1 and RuneError if it is not
// UTF-8.
func (s *scanner) peek() (rune, int) { return utf8.DecodeRune(s.src[s.pos.Offset:]) }

// advance steps over n bytes.
func (s *scanner) advance(n int) {
	for end := s.pos.Offset + n; s.pos.Offset < end; {
		r, size := s.peek()
		s.pos.Offset += size
		s.pos.Col++
		if r == '\n' {
			s.pos.Line++
			s.pos.Col = 1
		}
	}
}

func (s *scanner) emit(k kind, n int) {
	from := s.pos
	s.advance(n)
	text := string(s.src[from.Offset:s.pos.Offset])
	s.tokens = append(s.tokens, token{kind: k, text: text, span: diag.Span{Pos: from, End: s.pos}})
}

// fail makes the next n bytes a kBad token, after which nothing is read.
func (s *scanner) fail(n int, hint, format string, args ...any) {
	s.emit(kBad, n)
	t := &s.tokens[len(s.tokens)-1]
	t.why = diag.New("NN001", t.span, format, args...)
	t.why.Hint = hint
	s.bad = true
}

func (s *scanner) comment(rest []byte) {
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	for i := 0; i < len(line); {
		r, size := utf8.DecodeRune(line[i:])
		if r == utf8.RuneError && size == 1 || invisible(r, true) {
			s.advance(i)
			s.illegal(r, size)
			return
		}
		i += size
	}
	from := s.pos
	s.advance(len(line))
	text := strings.TrimRight(string(line), " \t")
	own := len(s.tokens) == 0 || s.tokens[len(s.tokens)-1].span.End.Line < from.Line
	end := from
	end.Offset += len(text)
	end.Col += utf8.RuneCountInString(text)
	s.comments = append(s.comments, comment{text, diag.Span{Pos: from, End: end}, len(s.tokens), own})
}

// nameLen is the length of the name characters that rest starts with.
func nameLen(rest []byte) int {
	n := 0
	for n < len(rest) {
		r, size := utf8.DecodeRune(rest[n:])
		if !isLetter(r) && !isDigit(r) {
			break
		}
		n += size
	}
	return n
}

func (s *scanner) name(rest []byte) {
	n := nameLen(rest)
	text := string(rest[:n])
	for i, r := range text {
		if strings.ContainsRune(superscripts, r) {
			s.fail(n, fmt.Sprintf("%s^%s", text[:i], plainDigits(text[i:])), "%q is no digit here: powers are written with ^", r)
			return
		}
		if inTable(r) {
			s.fail(n, "", "the letter %q (%U) is not in Unicode normal form C: two names could look the same", r, r)
			return
		}
	}
	switch {
	case keywords[text]:
		s.emit(kKeyword, n)
	case reducers[text]:
		s.emit(kReducer, n)
	default:
		s.emit(kIdent, n)
	}
}

func plainDigits(text string) string {
	return strings.NewReplacer("⁰", "0", "¹", "1", "²", "2", "³", "3", "⁴", "4",
		"⁵", "5", "⁶", "6", "⁷", "7", "⁸", "8", "⁹", "9").Replace(text)
}

// number reads \d+(\.\d+)?([eE][-+]?\d+)? and explains what is almost that.
func (s *scanner) number(rest []byte) {
	digits := func(i int) int {
		for i < len(rest) && rest[i] >= '0' && rest[i] <= '9' {
			i++
		}
		return i
	}
	at := func(i int) byte {
		if i < len(rest) {
			return rest[i]
		}
		return 0
	}
	n := digits(0)
	if at(n) == '.' && at(n+1) != '.' {
		if m := digits(n + 1); m > n+1 {
			n = m
		} else {
			s.fail(n+1, string(rest[:n])+".0", "a digit is missing after the decimal point")
			return
		}
	}
	if at(n) == 'e' || at(n) == 'E' {
		i := n + 1
		if at(i) == '-' || at(i) == '+' {
			i++
		}
		if m := digits(i); m > i {
			n = m
		}
	}
	if m := nameLen(rest[n:]); m > 0 {
		text := string(rest[:n+m])
		switch {
		case strings.ContainsRune(text, '_') && isNumber(strings.ReplaceAll(text, "_", "")):
			s.fail(n+m, strings.ReplaceAll(text, "_", ""), "a number has no _ in it")
		case len(text) > 1 && text[0] == '0' && strings.ContainsRune("xXbBoO", rune(text[1])):
			s.fail(n+m, "", "numbers are decimal: %s", text)
		case (at(n) == 'e' || at(n) == 'E') && m == 1:
			s.fail(n+m, text+"0", "a digit is missing after the %c of the number", at(n))
		default:
			s.fail(n+m, string(rest[:n])+"*"+string(rest[n:n+m]), "a number and a name without an operator between: %s", clip(text))
		}
		return
	}
	text := string(rest[:n])
	if x, err := strconv.ParseFloat(text, 64); err != nil || math.IsInf(x, 0) {
		s.fail(n, "inf", "the number %s is too large for a float64", clip(text))
		return
	}
	s.emit(kNumber, n)
}

func isNumber(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}

// clip shortens what would fill the screen.
func clip(text string) string {
	if r := []rune(text); len(r) > 40 {
		return string(r[:37]) + "..."
	}
	return text
}

// str reads a string: everything up to the next quote on the same line.
func (s *scanner) str(rest []byte) {
	for i := 1; i < len(rest); {
		r, size := utf8.DecodeRune(rest[i:])
		switch {
		case r == '"':
			s.emit(kString, i+1)
			return
		case r == '\n', r == '\r' && i+1 < len(rest) && rest[i+1] == '\n':
			s.fail(i, string(bytes.TrimSpace(rest[:i]))+`"`, "the string has no closing quote on its line")
			return
		case r == '\\':
			s.advance(i)
			s.fail(1, "/ separates the parts of a path on every system", `a string holds no \`)
			return
		case r == utf8.RuneError && size == 1, invisible(r, false), r == '\t':
			s.advance(i)
			s.illegal(r, size)
			return
		}
		i += size
	}
	s.fail(len(rest), clip(string(rest))+`"`, "the string has no closing quote on its line")
}

// illegal reports a character that may stand nowhere.
func (s *scanner) illegal(r rune, size int) {
	switch {
	case r == utf8.RuneError && size == 1:
		s.fail(1, "save the file as UTF-8", "the byte 0x%02x is not UTF-8", s.src[s.pos.Offset])
	case bidi(r):
		s.fail(size, "delete it", "the invisible character %U changes the direction of the text: what is read is not what is seen", r)
	case r == '\r':
		s.fail(size, "end lines with a newline", "a carriage return that does not end a line")
	case r == 0:
		s.fail(size, "", "a NUL byte: this is not a text file")
	default:
		s.fail(size, "delete it", "the invisible character %U", r)
	}
}

// foreign is what other languages write, longer texts before their prefixes.
var foreign = []struct{ text, msg, hint string }{
	{"**", "powers are written with ^", "^"},
	{":=", "an equation is written with =", "="},
	{"===", "equality is written ==", "=="},
	{"<>", "inequality is written !=", "!="},
	{"&&", "the logical operators are words", "and"},
	{"||", "the logical operators are words", "or"},
	{"?", "a choice is written with if", "if c then a else b"},
	{"&", "there are no bit operators", "and"},
	{"|", "there are no bit operators", "or; x |> f applies f to x"},
	{"!", "the logical operators are words", "not"},
	{"/*", "comments start with // and end with the line", "//"},
	{"#", "comments start with // and end with the line", "//"},
	{"=>", "a function's results follow ->, its body follows =", "->"},
	{"...", "two points: 0..n for a range, [..] for any shape", ".."},
	{"+=", "every name has one equation: there is no assignment", "y = x + ... under a new name"},
	{"-=", "every name has one equation: there is no assignment", "y = x - ... under a new name"},
	{"*=", "every name has one equation: there is no assignment", "y = x * ... under a new name"},
	{"/=", "every name has one equation: there is no assignment", "y = x / ... under a new name"},
	{"×", "products are written with *", "*"},
	{"·", "products are written with *", "*"},
	{"−", "minus is the ASCII character -", "-"},
	{"≤", "comparisons are written in ASCII", "<="},
	{"≥", "comparisons are written in ASCII", ">="},
	{"≠", "comparisons are written in ASCII", "!="},
	{"→", "results follow ->", "->"},
	{"∑", "sums are written sum[k]", "sum[k]"},
	{"“", "strings are written in ASCII quotes", `"`},
	{"’", "the transpose is written with an ASCII quote", "'"},
	{"\u00a0", "a no-break space", "use an ordinary space"},
}

func (s *scanner) punct(r rune, rest []byte) {
	p := longest(rest)
	for _, f := range foreign {
		if len(f.text) > len(p) && bytes.HasPrefix(rest, []byte(f.text)) {
			s.fail(len(f.text), f.hint, "%s", f.msg)
			return
		}
	}
	if p != "" {
		if p == "." && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9' && !s.lastOperand() {
			n := 1
			for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
				n++
			}
			s.fail(n, "0"+clip(string(rest[:n])), "a digit is missing before the decimal point")
			return
		}
		s.emit(kPunct, len(p))
		return
	}
	_, size := s.peek()
	switch {
	case r == utf8.RuneError && size == 1, invisible(r, false):
		s.illegal(r, size)
	case r >= 0x300 && !isDigit(r) && isMark(r):
		s.fail(size, "write the letter and its accent as one character (Unicode normal form C)", "the combining character %U", r)
	case isDigit(r):
		s.fail(size, "", "numbers are written with the digits 0 to 9, not %q", r)
	default:
		s.fail(size, "", "the character %q means nothing here", r)
	}
}

// longest is the longest punctuation that rest starts with, "" if none.
func longest(rest []byte) string {
	for _, p := range puncts {
		if bytes.HasPrefix(rest, []byte(p)) {
			return p
		}
	}
	return ""
}

// lastOperand reports whether the token right before, without white space
// between, ends an operand.
func (s *scanner) lastOperand() bool {
	if len(s.tokens) == 0 {
		return false
	}
	t := &s.tokens[len(s.tokens)-1]
	return t.operand() && t.span.End == s.pos
}
