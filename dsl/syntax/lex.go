package syntax

import (
	"io"
	"strings"

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
	// calls that token unexpected where in truth the next one is. It was right
	// only if the token cannot be followed by anything, tried with a name.
	for culprit < len(tokens)-1 && tokens[culprit].kind != kBad {
		probe := append(append([]token{}, tokens[:culprit+1]...), follow(tokens[culprit]), token{kind: kEOF})
		if _, at := parseOnce(probe); at >= 0 && at <= culprit {
			break
		}
		culprit++
	}
	return nil, culprit
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

// follow is a token that may come after t if any may.
func follow(t token) token {
	switch {
	case t.is("import"):
		return token{kind: kString, text: `""`}
	case t.is("dtype"):
		return token{kind: kIdent, text: "f32"}
	}
	return token{kind: kIdent, text: "auto"}
}

// symbolName is for messages: what a token is, in words.
func symbolName(t *token) string {
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
	return "'" + strings.TrimSpace(t.text) + "'"
}
