package syntax

import "github.com/nnc-lang/nnc/dsl/diag"

// A kind says what a token is to the grammar.
type kind int8

const (
	kEOF     kind = iota
	kIdent        // a name, or a word that is a keyword only in its place: by, forward, ...
	kNumber       // 1, 0.5, 1e-4
	kString       // "blocks.nn", with the quotes
	kKeyword      // if, param, ...
	kReducer      // sum, mean, ...
	kPunct        // + |> ?? ...
	kBad          // nothing the language has; why says what is wrong
)

// A token is a piece of source that is neither white space nor a comment.
// Names are in NFC, because names that are not are refused.
type token struct {
	kind kind
	text string
	span diag.Span
	why  *diag.Diagnostic // of a kBad
}

// A comment is `// text`.
type comment struct {
	text   string // with the slashes, without trailing white space
	span   diag.Span
	before int  // index of the token that follows it
	own    bool // it stands on a line of its own
}

var keywords = map[string]bool{
	"package": true, "dtype": true, "import": true, "const": true, "fn": true, "layer": true,
	"model": true, "loss": true, "param": true, "state": true, "derive": true, "deriv": true,
	"where": true, "if": true, "then": true, "else": true, "and": true, "or": true, "not": true,
	"in": true, "frozen": true, "real": true, "int": true, "bool": true,
}

var reducers = map[string]bool{
	"sum": true, "mean": true, "prod": true, "max": true, "min": true, "logsumexp": true,
	"argmax": true, "argmin": true, "any": true, "all": true, "grad": true, "jacobian": true,
}

// puncts has longer texts before their prefixes.
var puncts = []string{
	"->", "|>", "==", "!=", "<=", ">=", "<-", "??", "..",
	"(", ")", "[", "]", "{", "}", ",", ":", ";", "=", "~",
	"+", "-", "*", "/", "@", "%", "^", "<", ">", "'", ".",
}

// Keyword reports whether name is a word of the language, which nothing can
// be named: a keyword or a reducer.
func Keyword(name string) bool { return keywords[name] || reducers[name] }

func (t *token) is(texts ...string) bool {
	if t.kind == kString || t.kind == kBad {
		return false
	}
	for _, s := range texts {
		if t.text == s {
			return true
		}
	}
	return false
}

// word reports whether t is spelled like a name.
func (t *token) word() bool {
	return t.kind == kIdent || t.kind == kKeyword || t.kind == kReducer
}

// operand reports whether an expression can end with t.
func (t *token) operand() bool {
	switch t.kind {
	case kIdent, kNumber, kReducer:
		return true
	case kPunct:
		return t.is(")", "]", "'")
	}
	return false
}
