package syntax

import "github.com/nnc-lang/nnc/dsl/diag"

// An Expr is one of the structs of this file.
type Expr interface {
	Node
	expr()
}

// A Number is an unsigned decimal literal, its text as written.
type Number struct {
	Text string
	Loc
}

// A Name is a use of a name.
type Name struct {
	Name string
	Loc
}

// An If is `if Cond then Then else Else`.
type If struct {
	Cond, Then, Else Expr
	Loc
}

// A Binary is X Op Y with Op one of + - * / @ % ^ == != < <= > >= and or.
type Binary struct {
	Op     string
	X, Y   Expr
	OpSpan diag.Span
	Loc
}

// A Unary is -X, not X, or X' (Op "-", "not", "'").
type Unary struct {
	Op string
	X  Expr
	Loc
}

// A Call is Fun(Args).
type Call struct {
	Fun  Expr
	Args []*SArg
	Loc
}

// An IndexExpr is X[Indices]: a read, or static arguments, or both meanings
// until the checker knows what X is.
type IndexExpr struct {
	X       Expr
	Indices []*Index
	Loc
}

// A Field is X.Name.
type Field struct {
	X    Expr
	Name Ident
	Loc
}

// A Reduce is `sum[k, j in N] Body`; Op may be grad or jacobian. Body is the
// product on the right.
type Reduce struct {
	Op     string
	OpSpan diag.Span
	Binds  []*Bind
	Body   Expr
	Loc
}

// A ReducerName is a reducer without brackets, the Fun of a Call in sum(x).
type ReducerName struct {
	Op string
	Loc
}

// A List is [a, b].
type List struct {
	Elems []Expr
	Loc
}

// A Default is X ?? Else: the value of a read that lies outside.
type Default struct {
	X, Else Expr
	Loc
}

// A Pipe is X |> F.
type Pipe struct {
	X, F Expr
	Loc
}

// A Paren is (X). It means X.
type Paren struct {
	X Expr
	Loc
}

func (*Number) expr()      {}
func (*Name) expr()        {}
func (*If) expr()          {}
func (*Binary) expr()      {}
func (*Unary) expr()       {}
func (*Call) expr()        {}
func (*IndexExpr) expr()   {}
func (*Field) expr()       {}
func (*Reduce) expr()      {}
func (*ReducerName) expr() {}
func (*List) expr()        {}
func (*Default) expr()     {}
func (*Pipe) expr()        {}
func (*Paren) expr()       {}

// Unparen is x without the parentheses around it.
func Unparen(x Expr) Expr {
	for {
		p, ok := x.(*Paren)
		if !ok {
			return x
		}
		x = p.X
	}
}
