package syntax

import "github.com/nnc-lang/nnc/dsl/diag"

// A Node is any part of the tree. Every node struct has a field Span.
type Node interface{ At() diag.Span }

// Loc is embedded in every node: the source text the node was read from,
// without the white space and comments around it.
type Loc struct{ Span diag.Span }

// At is the node's place.
func (l Loc) At() diag.Span { return l.Span }

// A File is one parsed .nn file.
type File struct {
	Name    string // as given to Parse
	Package string // "" if the file names none
	Dtype   string // "", "f32" or "f64"
	Imports []*Import
	Decls   []Decl
	Doc     string // the comment block at the top of the file, if a blank line or a clause follows it
	Loc

	tokens   []token   // for Print
	comments []comment // for Print
}

// An Import is `import "Path" as As`; As is "" if not renamed.
type Import struct {
	Path string
	As   string
	Loc
}

// An Ident is a name where it is declared or selected.
type Ident struct {
	Name string
	Loc
}

// A Decl is *Const, *Func or *Derive.
type Decl interface {
	Node
	decl()
}

// A Const is `const H = 128, K = 10`.
type Const struct {
	Items []ConstItem
	Doc   string
	Loc
}

// A ConstItem is one `H = 128` of a Const.
type ConstItem struct {
	Name  Ident
	Value Expr
	Loc
}

// A Func is a fn, layer, model or loss. Exactly one of Body (the "=" form)
// and Stmts (the "{ }" form, Block) is used.
type Func struct {
	Kind    string // "fn", "layer", "model" or "loss"
	Name    Ident
	Statics []*Static
	Args    []*Arg
	Results []*Result // nil if no "->"
	Where   []Expr
	Body    Expr
	Stmts   []Stmt
	Block   bool
	Derivs  []*Deriv
	Doc     string
	Loc
}

// A Static is a static argument `k` or `stride = 1`.
type Static struct {
	Name    Ident
	Default Expr // or nil
	Loc
}

// An Arg is `x: [N, D] = 0`.
type Arg struct {
	Name    Ident
	Type    *Type // nil: real
	Default Expr  // or nil
	Doc     string
	Loc
}

// A Result is `y: [Out]`.
type Result struct {
	Name Ident
	Type *Type // nil: real
	Loc
}

// A Deriv is `z: expr` of a function's deriv clause.
type Deriv struct {
	Name  Ident
	Value Expr
	Loc
}

// A Derive is `derive Fit: jvp, grad[x] by forward`.
type Derive struct {
	Name     Ident
	Requests []*Request
	Doc      string
	Loc
}

// A Request is one thing that a Derive asks for.
type Request struct {
	Kind Ident // hvp, jvp, vjp, grad, jacobian, hessian, ...
	Args []Ident
	By   string // "", "forward", "reverse" or "auto"
	Loc
}

// A Type is, after the optional frozen, one of
//
//	Elem and/or Dims, with an optional bound: real, [N, D], int[N], [N] in K
//	only a bound:                              in K
//	a reference to a layer or model:           Block[64] * 6
type Type struct {
	Frozen  bool
	Elem    string // "", "real", "int" or "bool"
	HasDims bool   // brackets were written, perhaps empty ones
	Dims    []Dim
	In      Expr     // nil, or the bound
	Ref     *TypeRef // nil, or the layer or model; then the fields above but Frozen are zero
	Loc
}

// A Dim is one axis of a type; Rest is "..".
type Dim struct {
	Rest bool
	Expr Expr // nil if Rest
	Loc
}

// A TypeRef is `Name`, `Module.Name[Args] * Times`.
type TypeRef struct {
	Module *Ident // or nil
	Name   Ident
	Args   []*SArg
	Times  Expr // or nil
	Loc
}

// An SArg is an argument of a call or of a type reference, perhaps named.
type SArg struct {
	Name  string // "" if positional
	Value Expr
	Loc
}

// A Stmt is *Param, *State or *Equation.
type Stmt interface {
	Node
	stmt()
}

// A Param is `param W: [In, Out] ~ glorot`.
type Param struct {
	Name  Ident
	Type  *Type
	Op    string // "", "=" or "~"
	Value Expr   // nil if Op is ""
	Doc   string
	Loc
}

// A State is `state m: [C] = 0`.
type State struct {
	Name  Ident
	Type  *Type
	Value Expr
	Doc   string
	Loc
}

// An Equation is `y[i] = e`, `h[t], c[t] = e`, `eps: [Z] ~ e` or `m <- e`.
type Equation struct {
	Targets []*Target
	Type    *Type  // or nil
	Op      string // "=", "~" or "<-"
	Value   Expr
	Doc     string
	Loc
}

// A Target is the left side of an equation, or one of its left sides.
type Target struct {
	Name    Ident
	Indices []*Index // nil if there are no brackets
	Loc
}

// An Index is what stands between the brackets of x[...], one of
//
//	All              ..
//	Name, Expr       pad = 2       (a static argument)
//	Expr             i + 1
//	Slice, Expr, To  0..H
//	Expr, In         t in 1..T     (left sides only; the checker says so elsewhere)
type Index struct {
	Name  string
	All   bool
	Expr  Expr
	To    Expr
	Slice bool
	In    *Range
	Loc
}

// A Range is Lo..Hi with Hi excluded; if Hi is nil it is 0..Lo.
type Range struct {
	Lo, Hi Expr
	Loc
}

// A Bind is the `k in 3` of a reduction; for grad and jacobian, the name of
// the argument.
type Bind struct {
	Name Ident
	In   *Range // or nil
	Loc
}

func (*Const) decl()  {}
func (*Func) decl()   {}
func (*Derive) decl() {}

func (*Param) stmt()    {}
func (*State) stmt()    {}
func (*Equation) stmt() {}
