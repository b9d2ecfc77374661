package plan

import "github.com/nnc-lang/nnc/ir"

// Plan is a program as steps.
type Plan struct {
	Program *ir.Program
	Body    []Node
	Parts   [][]Node               // Body, of a long program in parts that are functions of their own
	Store   map[*ir.Array]*Storage // of every array that is not an input
	Locals  []*ir.Array            // arrays that are neither inputs nor outputs, in order
	Arena   [3]*ir.Expr            // elements needed of each ir.Elem, in dims
	Draws   bool                   // a seed is needed
	in      map[*Loop][]*ir.Array
}

// In lists the arrays all of whose uses are within the loop (nil: within the
// program) and not all within one loop inside it.
func (p *Plan) In(l *Loop) []*ir.Array { return p.in[l] }

// Variant is a loop like l with another range and body, for a printer that
// makes several loops of one.
func (p *Plan) Variant(l *Loop, d Dim, body []Node) *Loop {
	c := *l
	c.Dim, c.Body = d, body
	p.in[&c] = p.in[l]
	return &c
}

// Writes reports whether the loop sets elements of a.
func (l *Loop) Writes(a *ir.Array) bool { return l.writes[a] != nil }

// Node is a step: a *Loop, *Stmt, *Begin, *End, *Contraction, *Window, *Draw or *Branch.
type Node interface{ node() }

// Loop runs Body for Idx in Lo..Hi.
type Loop struct {
	Dim
	Down  bool // from Hi-1 to Lo
	Time  bool // a recurrence: nothing may be moved in from outside
	Body  []Node
	Share *Share // of an outermost loop that processors can share

	writes map[*ir.Array]*Def
	reads  map[*ir.Array]bool
}

// Stmt evaluates the body of Def once: the element at Def.At is set, or
// combined with what is there when Def reduces.
type Stmt struct{ Def *Def }

// Begin sets the accumulator of a reduction to its empty value.
type Begin struct{ Def *Def }

// End stores the accumulator of a reduction, where that is a scalar.
type End struct{ Def *Def }

// Branch runs one of two lists.
type Branch struct {
	Cond       *ir.Expr
	Then, Else []Node
}

// Draw fills an array with random numbers.
type Draw struct{ Def *Def }

// Contraction is a product of two arrays, summed over indices.
type Contraction struct {
	Def     *Def
	A, B    *ir.Expr // reads
	M, N, K []Dim    // in A only, in B only, summed
	Batch   []Dim    // in both
	Acc     bool     // added to what is there

	// Exact computes the same by loops that skip what a guard does not pick,
	// for when Check, A, B or the result, has elements that are not finite.
	Exact   []Node
	Check   Operand
	guarded *ir.Expr // the body of Exact
}

// Operand is an array of a contraction as its indices walk it.
type Operand struct {
	Array *ir.Array
	At    []*ir.Expr
	Dims  []Dim
}

func (*Loop) node()        {}
func (*Stmt) node()        {}
func (*Begin) node()       {}
func (*End) node()         {}
func (*Branch) node()      {}
func (*Draw) node()        {}
func (*Window) node()      {}
func (*Contraction) node() {}

// Dim is an index with its range.
type Dim struct {
	Idx    ir.Index
	Name   string
	Lo, Hi *ir.Expr
}

// Def is a definition with its indices as temporaries, to be replaced by
// those of the loops that it is put into.
type Def struct {
	Array *ir.Array // what is defined
	Src   *ir.Array // what it is, over axes
	For   *ir.Array // the equation of the program that needs it
	At    []*ir.Expr
	Body  *ir.Expr
	Dims  []Dim       // one loop for each element
	Red   *ir.Reducer // nil: a plain equation
	RDims []Dim       // loops of the reduction
	// Scalar reports that the accumulator of a reduction is a scalar, not the
	// array itself.
	Scalar bool
	// Scatter marks an accumulation.
	Scatter bool

	product *Contraction // set: a contraction
	key     *ir.Expr     // what asks for the array of a reduction
	apart   bool         // not with others in the loops of a recurrence
	started bool         // a loop of the reduction is chosen
}
