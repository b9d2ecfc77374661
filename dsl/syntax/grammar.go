package syntax

import "github.com/alecthomas/participle/v2/lexer"

// The structs of this file are the grammar of the reference, one struct for a
// production, in the reference's order; the tags are its right sides. They
// are what participle fills in, and convert.go makes the tree of ast.go of
// them. Their positions are token numbers (see lex.go).

type gFile struct {
	Package *gIdent    `parser:"( 'package' @@ )?"`
	Dtype   *gDtype    `parser:"( 'dtype' @@ )?"`
	Imports []*gImport `parser:"@@*"`
	Decls   []*gDecl   `parser:"@@*"`
}

type gDtype struct {
	Name string `parser:"@( 'f32' | 'f64' )"`
}

type gImport struct {
	Pos, EndPos lexer.Position
	Path        string  `parser:"'import' @String"`
	As          *gIdent `parser:"( 'as' @@ )?"`
}

type gDecl struct {
	Pos, EndPos lexer.Position
	Const       []*gConstItem `parser:"  'const' @@ ( ',' @@ )*"`
	Func        *gFunc        `parser:"| @@"`
	Derive      *gDerive      `parser:"| @@"`
}

type gConstItem struct {
	Pos, EndPos lexer.Position
	Name        *gIdent `parser:"@@"`
	Value       *gExpr  `parser:"'=' @@"`
}

type gFunc struct {
	Kind    string     `parser:"@( 'fn' | 'layer' | 'model' | 'loss' )"`
	Name    *gIdent    `parser:"@@"`
	Statics []*gStatic `parser:"( '[' @@ ( ',' @@ )* ']' )?"`
	Args    []*gArg    `parser:"'(' ( @@ ( ',' @@ )* )? ')'"`
	Results []*gResult `parser:"( '->' ( @@ | '(' @@ ( ',' @@ )* ')' ) )?"`
	Where   []*gExpr   `parser:"( 'where' @@ ( ',' @@ )* )?"`
	Body    *gBody     `parser:"@@"`
	Derivs  []*gDeriv  `parser:"( 'deriv' @@ ( ',' @@ )* )?"`
}

type gBody struct {
	Expr  *gExpr   `parser:"  '=' @@"`
	Block bool     `parser:"| @'{'"`
	Stmts []*gStmt `parser:"( @@ ';'? )* '}'"`
}

type gStatic struct {
	Pos, EndPos lexer.Position
	Name        *gIdent `parser:"@@"`
	Default     *gExpr  `parser:"( '=' @@ )?"`
}

type gArg struct {
	Pos, EndPos lexer.Position
	Name        *gIdent `parser:"@@"`
	Type        *gType  `parser:"( ':' @@ )?"`
	Default     *gExpr  `parser:"( '=' @@ )?"`
}

type gResult struct {
	Pos, EndPos lexer.Position
	Name        *gIdent `parser:"@@"`
	Type        *gType  `parser:"( ':' @@ )?"`
}

type gDeriv struct {
	Pos, EndPos lexer.Position
	Name        *gIdent `parser:"@@"`
	Value       *gExpr  `parser:"':' @@"`
}

type gDerive struct {
	Name     *gIdent     `parser:"'derive' @@ ':'"`
	Requests []*gRequest `parser:"@@ ( ',' @@ )*"`
}

type gRequest struct {
	Pos, EndPos lexer.Position
	Kind        *gKind    `parser:"@@"`
	Args        []*gIdent `parser:"( '[' @@ ( ',' @@ )* ']' )?"`
	By          string    `parser:"( 'by' @( 'forward' | 'reverse' | 'auto' ) )?"`
}

type gKind struct {
	Pos, EndPos lexer.Position
	Name        string `parser:"@( Ident | Reducer )"`
}

type gType struct {
	Pos, EndPos lexer.Position
	Frozen      bool      `parser:"@'frozen'?"`
	Array       *gArray   `parser:"( @@"`
	In          *gSum     `parser:"| 'in' @@"`
	Ref         *gTypeRef `parser:"| @@ )"`
}

type gArray struct {
	Elem string `parser:"( @( 'real' | 'int' | 'bool' )"`
	Dims *gDims `parser:"@@? | @@ )"`
	In   *gSum  `parser:"( 'in' @@ )?"`
}

type gDims struct {
	Open string  `parser:"@'['"`
	Dims []*gDim `parser:"( @@ ( ',' @@ )* )? ']'"`
}

type gDim struct {
	Pos, EndPos lexer.Position
	Rest        bool  `parser:"  @'..'"`
	Expr        *gSum `parser:"| @@"`
}

type gTypeRef struct {
	Pos, EndPos lexer.Position
	Name        *gIdent  `parser:"@@"`
	Sel         *gIdent  `parser:"( '.' @@ )?"`
	Args        []*gSArg `parser:"( '[' @@ ( ',' @@ )* ']' )?"`
	Times       *gUnary  `parser:"( '*' @@ )?"`
}

// gSArg is SArg = [ Ident "=" ] Expr, but read as Expr [ "=" Expr ], which
// one token decides; convert.go refuses what is no name before the "=".
type gSArg struct {
	Pos, EndPos lexer.Position
	X           *gExpr `parser:"@@"`
	Value       *gExpr `parser:"( '=' @@ )?"`
}

type gStmt struct {
	Pos, EndPos lexer.Position
	Param       *gParam    `parser:"  @@"`
	State       *gState    `parser:"| @@"`
	Equation    *gEquation `parser:"| @@"`
}

type gParam struct {
	Name  *gIdent `parser:"'param' @@"`
	Type  *gType  `parser:"':' @@"`
	Op    string  `parser:"( @( '=' | '~' )"`
	Value *gExpr  `parser:"@@ )?"`
}

type gState struct {
	Name  *gIdent `parser:"'state' @@"`
	Type  *gType  `parser:"':' @@"`
	Value *gExpr  `parser:"'=' @@"`
}

type gEquation struct {
	Targets []*gTarget `parser:"@@ ( ',' @@ )*"`
	Type    *gType     `parser:"( ':' @@ )?"`
	Op      string     `parser:"@( '=' | '~' | '<-' )"`
	Value   *gExpr     `parser:"@@"`
}

type gTarget struct {
	Pos, EndPos lexer.Position
	Name        *gIdent   `parser:"@@"`
	Indices     []*gIndex `parser:"( '[' @@ ( ',' @@ )* ']' )?"`
}

// gIndex is read like gSArg; ".." alone is the whole axis, x[.., j].
type gIndex struct {
	Pos, EndPos lexer.Position
	All         bool    `parser:"  @'..'"`
	X           *gExpr  `parser:"| @@"`
	Value       *gExpr  `parser:"( '=' @@ )?"`
	To          *gExpr  `parser:"( '..' @@ )?"`
	In          *gRange `parser:"( 'in' @@ )?"`
}

type gRange struct {
	Pos, EndPos lexer.Position
	Lo          *gSum `parser:"@@"`
	Hi          *gSum `parser:"( '..' @@ )?"`
}

type gExpr struct {
	Pos, EndPos lexer.Position
	Cond        *gExpr      `parser:"  'if' @@"`
	Then        *gExpr      `parser:"'then' @@"`
	Else        *gExpr      `parser:"'else' @@"`
	X           *gOr        `parser:"| @@"`
	Pipes       []*gPostfix `parser:"( '|>' @@ )*"`
}

type gOr struct {
	X    *gAnd   `parser:"@@"`
	Rest []*gAnd `parser:"( 'or' @@ )*"`
}

type gAnd struct {
	X    *gNot   `parser:"@@"`
	Rest []*gNot `parser:"( 'and' @@ )*"`
}

type gNot struct {
	Pos lexer.Position
	Not bool  `parser:"@'not'?"`
	X   *gCmp `parser:"@@"`
}

type gCmp struct {
	X    *gSum     `parser:"@@"`
	Rest *gCmpRest `parser:"@@?"`
}

type gCmpRest struct {
	Op string `parser:"@( '==' | '!=' | '<' | '<=' | '>' | '>=' )"`
	Y  *gSum  `parser:"@@"`
}

type gSum struct {
	X    *gTerm      `parser:"@@"`
	Rest []*gSumRest `parser:"@@*"`
}

type gSumRest struct {
	Op string `parser:"@( '+' | '-' )"`
	Y  *gTerm `parser:"@@"`
}

type gTerm struct {
	X    *gUnary      `parser:"@@"`
	Rest []*gTermRest `parser:"@@*"`
}

type gTermRest struct {
	Op string  `parser:"@( '*' | '/' | '@' | '%' )"`
	Y  *gUnary `parser:"@@"`
}

type gUnary struct {
	Pos    lexer.Position
	Neg    *gUnary  `parser:"  '-' @@"`
	Reduce *gReduce `parser:"| @@"`
	Power  *gPower  `parser:"| @@"`
}

type gReduce struct {
	Op    string   `parser:"@Reducer"`
	Binds []*gBind `parser:"'[' @@ ( ',' @@ )* ']'"`
	Body  *gTerm   `parser:"@@"`
}

type gBind struct {
	Pos, EndPos lexer.Position
	Name        *gIdent `parser:"@@"`
	In          *gRange `parser:"( 'in' @@ )?"`
}

type gPower struct {
	X *gPostfix `parser:"@@"`
	Y *gUnary   `parser:"( '^' @@ )?"`
}

type gPostfix struct {
	Pos      lexer.Position
	Prim     *gPrim     `parser:"@@"`
	Suffixes []*gSuffix `parser:"@@*"`
	Else     *gElse     `parser:"( '??' @@ )?"`
}

// gElse is a Postfix or minus one: x[i] ?? -inf.
type gElse struct {
	Pos lexer.Position
	Neg *gElse    `parser:"  '-' @@"`
	X   *gPostfix `parser:"| @@"`
}

type gSuffix struct {
	EndPos  lexer.Position
	Call    bool      `parser:"  @'('"`
	Args    []*gSArg  `parser:"( @@ ( ',' @@ )* )? ')'"`
	Indices []*gIndex `parser:"| '[' @@ ( ',' @@ )* ']'"`
	Field   *gIdent   `parser:"| '.' @@"`
	Prime   bool      `parser:"| @\"'\""`
}

type gPrim struct {
	Pos, EndPos lexer.Position
	Number      string   `parser:"  @Number"`
	Name        string   `parser:"| @Ident"`
	Reducer     string   `parser:"| @Reducer"`
	Paren       *gExpr   `parser:"| '(' @@ ')'"`
	List        []*gExpr `parser:"| '[' @@ ( ',' @@ )* ']'"`
}

type gIdent struct {
	Pos, EndPos lexer.Position
	Name        string `parser:"@Ident"`
}
