package ir

// Class groups operators by the types they take and give.
type Class uint8

// The classes.
const (
	Arith   Class = iota // reals to real (Ints: also integers to integer)
	Compare              // two of a type to bool
	Logic                // bools to bool
	IntOnly              // integers to integer
	Convert              // integer to real
)

// Operator is the one record of a scalar operator. Checker, derivatives,
// interpreter, emitters, manual and tests all read it.
type Operator struct {
	Name  string
	Doc   string
	Arity int
	Class Class
	Infix int  // binding strength when written between its arguments, else 0
	Ints  bool // applied to integers only it gives an integer

	// Deriv is the partial derivative with respect to each argument, in nnc's
	// notation: x, y are the arguments and r is the result. An empty text
	// means the derivative is 0 wherever it exists (flat).
	Deriv []string
	// DerivConst replaces Deriv for an argument when the other one is a
	// constant: at a tie the derivative goes to the constant.
	DerivConst []string
	// DerivSingle replaces Deriv where reals are float32 ([Builder.Single]): it
	// is cheaper, and there as good.
	DerivSingle []string

	// Go is the emitted expression: %s stand for the arguments. {T} is the
	// element type, {bits} its size.
	Go string
	// Row is the runtime's function for whole rows, func(dst, x, y), "" for none.
	Row string
	// Vector is its name in package simd, "" for none.
	Vector string

	Eval    func(x, y float64) float64 // y is ignored by unary operators
	EvalInt func(x int64) int64        // unary on integers
	Holds   func(sign int) bool        // Compare: given the sign of x - y

	// Inner says that no source text can name it: rules and derivatives write
	// it, and the prelude has a function of that name where there is one.
	Inner bool

	// Range is what is known of the result: "" real, ">=0", ">0", "[0,1]",
	// "[-1,1]".
	Range string

	// At lists arguments at which tests probe value and derivative; each inner
	// list has Arity numbers. Points avoid kinks.
	At [][]float64
}

// Flat reports whether the operator has derivative 0 in argument k everywhere.
func (o *Operator) Flat(k int) bool { return k >= len(o.Deriv) || o.Deriv[k] == "" }

// Partial is the derivative of op(args) with respect to argument k, given the
// result r, or nil when it is 0 everywhere.
func (b *Builder) Partial(op *Operator, k int, r *Expr, args ...*Expr) *Expr {
	if op.Flat(k) {
		return nil
	}
	text := op.Deriv[k]
	if b.Single && len(op.DerivSingle) > k {
		text = op.DerivSingle[k]
	}
	if len(op.DerivConst) > k && op.DerivConst[k] != "" && len(args) == 2 && args[1-k].Kind == KConst {
		text = op.DerivConst[k]
	}
	env := map[string]*Expr{"x": args[0], "r": r}
	if len(args) > 1 {
		env["y"] = args[1]
	}
	e, err := b.ParseExpr(text, env)
	if err != nil {
		panic("ir: bug: derivative of " + op.Name + ": " + err.Error())
	}
	return b.Real(e)
}

// Lookup finds an operator by name, or nil. "-" is subtraction; negation is
// "neg".
func Lookup(name string) *Operator { return byName[name] }

var byName = func() map[string]*Operator {
	m := map[string]*Operator{}
	for _, o := range Operators {
		m[o.Name] = o
	}
	return m
}()
