package syntax

import "github.com/nnc-lang/nnc/dsl/diag"

// A kind says what a token is to the grammar.
type kind int8

const (
	kEOF     kind = iota
	kIdent        // name
	kNumber       // 1, 0.5, 1e-4
	kString       // "blocks.nn", as written
	kKeyword      // if, param, ...
	kReducer      // sum, mean, ...
	kPunct        // + |> ?? ...
)

// A token is a piece of source that is neither white space nor a comment.
type token struct {
	kind kind
	text string // names in NFC, everything else as written
	span diag.Span
}

// A comment is `// text`.
type comment struct {
	text   string // with the slashes, without trailing white space
	span   diag.Span
	before int  // index of the token that follows it
	own    bool // it stands on a line of its own
}
