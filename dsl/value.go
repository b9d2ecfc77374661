package dsl

import (
	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

type valueKind uint8

const (
	badValue    valueKind = iota // an error was reported; say no more
	arrayValue                   // numbers
	instValue                    // a model or layer with its parameters
	instList                     // copies of one: Block * 6
	funcValue                    // a function or layer, static arguments given
	recordValue                  // several results
	typeValue                    // a module name
)

// A value is what an expression means while it is elaborated.
type value struct {
	kind  valueKind
	elem  ir.Elem
	shape []*ir.Expr
	at    func(idx []*ir.Expr) *ir.Expr // element at indices, one for each axis

	lit   bool     // a whole number written out: integer or real as its place wants
	bound *ir.Expr // int: 0 <= element < bound, or nil
	prob  string   // where the elements along the last axis came to sum to 1
	hint  string   // name for the array if one must be made

	extent *extent // of a recurrence under elaboration

	inst  *instance
	list  []*instance
	fn    *closure
	mod   *module
	names []string // record
	vals  []*value

	def  diag.Span // where it was defined
	text string    // its definition, for notes
}

var bad = &value{kind: badValue}

// closure is a function of the source with its static arguments.
type closure struct {
	decl    *funcDecl
	statics map[string]*value
	builtin *builtin
}

// funcDecl is a declared function and the file it stands in.
type funcDecl struct {
	*syntax.Func
	mod     *module
	state   checkState
	schema  map[string]*schema    // models and layers: by static arguments
	customs map[string]*ir.Custom // functions with deriv
}

type checkState uint8

const (
	unchecked checkState = iota
	checking
	checkedGood
	checkedBad
)

func (v *value) isArray() bool { return v.kind == arrayValue }
func (v *value) rank() int     { return len(v.shape) }
func (v *value) scalar() bool  { return v.kind == arrayValue && len(v.shape) == 0 }

// scalarOf is a value without axes.
func scalarOf(e *ir.Expr) *value {
	return &value{kind: arrayValue, elem: e.Type, at: func([]*ir.Expr) *ir.Expr { return e }}
}

// expr is the expression of a scalar.
func (v *value) expr() *ir.Expr { return v.at(nil) }

// real is v with real elements.
func (c *checker) real(v *value) *value {
	if v.kind != arrayValue || v.elem == ir.Real {
		return v
	}
	w := *v
	w.elem, w.lit, w.bound = ir.Real, false, nil
	w.at = func(idx []*ir.Expr) *ir.Expr { return c.Real(v.at(idx)) }
	return &w
}

// indexInfo is the range of a temporary: lo <= i < hi.
type indexInfo struct {
	name   string
	lo, hi *ir.Expr
}
