package syntax

import (
	"io"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// participle sees the tokens that scan made. Each token's Pos.Offset is its
// number in the file's token list rather than a byte offset, so that a
// grammar struct's Pos and EndPos say which tokens it covers.

var symbols = map[string]lexer.TokenType{
	"EOF": lexer.EOF, "Ident": -2, "Number": -3, "String": -4, "Keyword": -5, "Reducer": -6, "Punct": -7, "Bad": -8,
}

var symbolOf = [...]lexer.TokenType{
	kEOF: lexer.EOF, kIdent: -2, kNumber: -3, kString: -4, kKeyword: -5, kReducer: -6, kPunct: -7, kBad: -8,
}

// definition lets participle build the grammar; files are read through feed.
type definition struct{}

func (definition) Symbols() map[string]lexer.TokenType { return symbols }

func (definition) Lex(name string, r io.Reader) (lexer.Lexer, error) {
	src, err := io.ReadAll(r)
	tokens, _ := scan(name, src)
	return &feed{tokens: tokens}, err
}

// feed hands scanned tokens to participle.
type feed struct {
	tokens []token
	next   int
}

func (f *feed) Next() (lexer.Token, error) {
	if f.next >= len(f.tokens) {
		return lexer.EOFToken(lexer.Position{Offset: f.next}), nil
	}
	t := &f.tokens[f.next]
	out := lexer.Token{Type: symbolOf[t.kind], Value: t.text, Pos: lexer.Position{Offset: f.next}}
	if t.kind == kBad {
		out.Value = "" // or it could pass for the literal it looks like
	}
	f.next++
	return out, nil
}

// One token beyond the first decides everywhere. With more, a mistake would
// be reported at the start of its statement.
var parser = participle.MustBuild[gFile](participle.Lexer(definition{}), participle.UseLookahead(1))

// parseTokens runs the grammar; culprit is the number of the token that no
// file starting so could have, or -1.
func parseTokens(tokens []token) (file *gFile, culprit int) {
	file, culprit = parseOnce(tokens)
	if culprit < 0 {
		return file, -1
	}
	// participle gives up an optional part after its first token, and then
	// calls that token unexpected where in truth the next one is.
	for culprit < len(tokens)-1 && accepts(tokens, culprit, tokens[culprit]) {
		culprit++
	}
	return nil, culprit
}

// accepts reports whether t can follow the first n tokens, which are known to
// start a file. It parses them anew from the last declaration on.
func accepts(tokens []token, n int, t token) bool {
	if t.kind == kBad {
		return false
	}
	from := declStart(tokens, n)
	probe := append([]token{}, tokens[from:n]...)
	for _, next := range follow(t) {
		_, at := parseOnce(append(probe, t, next, token{kind: kEOF}))
		if at < 0 || at > n-from {
			return true
		}
	}
	return false
}

// declStart is the number of the keyword that starts the last declaration
// among the first n tokens, 0 if there is none.
func declStart(tokens []token, n int) int {
	for i := n - 1; i >= 0; i-- {
		if tokens[i].is("const", "fn", "layer", "model", "loss", "derive") {
			return i
		}
	}
	return 0
}

func parseOnce(tokens []token) (*gFile, int) {
	lex, err := lexer.Upgrade(&feed{tokens: tokens})
	if err != nil {
		panic("nnc bug: feed never fails: " + err.Error())
	}
	file, err := parser.ParseFromLexer(lex)
	if err == nil {
		return file, -1
	}
	perr, ok := err.(participle.Error)
	if !ok {
		panic("nnc bug: participle: " + err.Error())
	}
	return nil, min(max(perr.Position().Offset, 0), len(tokens)-1)
}

// follow is what may come after t, if anything may: one of these.
func follow(t token) []token {
	name := token{kind: kIdent, text: "auto"}
	switch {
	case t.kind == kEOF:
		return []token{t}
	case t.is("import"):
		return []token{{kind: kString, text: `""`}}
	case t.is("dtype"):
		return []token{{kind: kIdent, text: "f32"}}
	case t.kind == kIdent:
		return []token{name, {kind: kPunct, text: "="}}
	}
	return []token{name}
}
