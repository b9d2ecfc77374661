package ir

// Module is a checked source file: what a package of emitted Go is made from.
// All its programs share one Builder.
type Module struct {
	*Builder
	File    string // base name of the source
	Package string // from the source, "" when it does not say
	Doc     string
	F64     bool // element type of reals
	Consts  []Const
	Bundles []*Bundle // in order of dependence: fields before their owners
	Entries []*Entry
}

// Const is a named number of the source.
type Const struct {
	Name  string
	IsInt bool
	Int   int64
	Real  float64
	Doc   string
}

// Bundle is a set of parameters: a model or a layer with its static
// arguments filled in. It becomes a Go struct.
type Bundle struct {
	Name   string // the model's or layer's name
	GoName string // unique in the module
	Model  bool   // has a Go API of its own
	File   string // path of the imported file that declares it; "" the module's own
	Doc    string
	Pos    Pos
	Dims   []string // model dims: symbolic sizes fixed by New…(Dims{…})
	Fields []Field
}

// Field is a parameter, a state array, or a nested bundle of a Bundle.
type Field struct {
	Name  string
	Doc   string
	Pos   Pos
	State bool
	// a leaf
	Shape []*Expr
	Init  *Init
	// or nested
	Bundle *Bundle
	Count  int // copies: `Block * 6` is 6, a single one 0
}

// Init says how a parameter gets its initial values.
type Init struct {
	Dist string    // "" constant; normal uniform orthogonal
	Args []float64 // constant: value; normal: mean, sd; uniform: low, high
	Text string    // as the source has it: "~ he(C*k*k)"
	// Scale, when not nil, is multiplied in: sizes may be symbolic.
	Scale *Expr
}

// EntryKind says what an entry point is.
type EntryKind uint8

// The kinds of entry.
const (
	ModelEntry EntryKind = iota // Forward
	LossEntry                   // Loss, LossGrad
	FnEntry                     // an exported fn
)

// Entry is a function that Go can call.
type Entry struct {
	Kind     EntryKind
	Name     string
	Doc      string
	Pos      Pos
	Requests []Request
	// Frame is the frame that emitted code lowers with: a model that can be
	// mapped over a batch has one call dim (named N where that is free), a
	// loss, an fn, and a model that needs its batch have none.
	Frame []string
	// Lower makes the program of the entry. With extra leading axes, Frame
	// names their dims, and every data argument and every result has them.
	// Equal modes give the same pointer; Train has no effect on the pointer
	// when nothing reads `train`, draws, or updates state.
	Lower func(Mode) (*Lowered, error)
}

// Mode chooses among the programs of an entry.
type Mode struct {
	Train bool
	Frame []string
}

// Lowered is an entry as a program. Its outputs are named as the results; new
// values of state, in train mode, are outputs named "state." + the input.
type Lowered struct {
	Program *Program
	Args    []*Arg
	Calls   []CallFrame // of functions and layers, in the order of the source
}

// CallFrame is a call with the frame that it is mapped over: the sizes of the
// axes that its arguments have beyond those that the function is declared on.
type CallFrame struct {
	Text  string // as the source has it
	Pos   Pos
	Depth int // of the calls that it stands within
	Frame []*Expr
}

// Arg is an argument of an entry: a bundle of parameters or data. The own
// parameters of a model entry are its first argument, named "params".
type Arg struct {
	Name   string
	Doc    string
	Bundle *Bundle
	Frozen bool
	// Leaves are the inputs of the program: one for data; for a bundle those
	// of its fields, depth first, copies in order. Leaf names are dotted paths:
	// net.W1, net.Dense1.W, net.Body.0.b; for "params" without the prefix.
	Leaves []*Array
	// Default is what data is when nothing is given; nil: it must be given.
	Default *Init
}

// Request is one item of a `derive` declaration.
type Request struct {
	What string   // grad jvp vjp hvp jacobian hessian hessdiag
	Wrt  []string // argument names; empty: every model that is not frozen
	By   string   // "auto", "forward", "reverse"
}
