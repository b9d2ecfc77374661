package ir

import (
	"fmt"
	"slices"
)

// Builder makes expressions and keeps each once. One Builder serves all
// programs of a module. It is not safe for concurrent use.
type Builder struct {
	Single bool // reals are float32

	table table
	ints  map[int64]*Expr

	// Indices as expressions, each list from its first one on.
	axes, bound, temps []*Expr
	names              []string // hints, of temporaries
}

// NewBuilder returns an empty Builder.
func NewBuilder() *Builder {
	return &Builder{ints: map[int64]*Expr{}}
}

// Const is the real number v.
func (b *Builder) Const(v float64) *Expr { return b.intern(&Expr{Kind: KConst, Type: Real, Val: v}) }

// Int is the integer n.
func (b *Builder) Int(n int64) *Expr {
	e := b.ints[n]
	if e == nil {
		e = b.intern(&Expr{Kind: KConst, Type: Int, N: n})
		b.ints[n] = e
	}
	return e
}

// Bool is true or false.
func (b *Builder) Bool(v bool) *Expr {
	e := &Expr{Kind: KConst, Type: Bool}
	if v {
		e.N = 1
	}
	return b.intern(e)
}

// Dim is the symbolic size called name.
func (b *Builder) Dim(name string) *Expr { return b.intern(&Expr{Kind: KDim, Type: Int, Name: name}) }

// Temp is a fresh index with a name for people.
func (b *Builder) Temp(name string) Index {
	b.names = append(b.names, name)
	return Index(-len(b.names))
}

// TempName is the name given to a temporary.
func (b *Builder) TempName(i Index) string { return b.names[-i-1] }

// Idx is the index i as an expression.
func (b *Builder) Idx(i Index) *Expr {
	list, at := &b.axes, int(i)
	switch {
	case i.IsTemp():
		list, at = &b.temps, int(-i-1)
	case !i.IsAxis():
		list, at = &b.bound, int(i-boundBase)
	}
	for len(*list) <= at {
		*list = append(*list, nil)
	}
	e := (*list)[at]
	if e == nil {
		e = b.intern(&Expr{Kind: KIndex, Type: Int, Idx: i})
		(*list)[at] = e
	}
	return e
}

// Axes are the first n axes as expressions.
func (b *Builder) Axes(n int) []*Expr {
	out := make([]*Expr, n)
	for k := range out {
		out[k] = b.Idx(Axis(k))
	}
	return out
}

// Param is formal argument n of a Custom function, of type real.
func (b *Builder) Param(n int) *Expr {
	return b.intern(&Expr{Kind: KParam, Type: Real, N: int64(n)})
}

// Read is a[idx...]; there is one integer expression for each axis of a.
func (b *Builder) Read(a *Array, idx ...*Expr) *Expr {
	if len(idx) != len(a.Shape) {
		panic(fmt.Sprintf("ir: bug: %s has %d axes, read with %d indices", a.Name, len(a.Shape), len(idx)))
	}
	return b.intern(&Expr{Kind: KRead, Type: a.Elem, Array: a}, idx...)
}

// Real is the integer or boolean expression e as a real. Products of a range, and
// powers, soon have more than 64 bits, and the largest of nothing is no integer: as
// reals they are computed as reals.
func (b *Builder) Real(e *Expr) *Expr {
	switch {
	case e.Type == Real:
		return e
	case e.Type == Bool:
		return b.If(e, b.Const(1), b.Const(0))
	case e.Kind == KConst:
		return b.Const(float64(e.N))
	case e.Kind == KIf:
		return b.If(e.Args[0], b.Real(e.Args[1]), b.Real(e.Args[2]))
	case e.Kind == KReduce && (e.Red == Prod || e.Red == MaxOver || e.Red == MinOver):
		binders, body := b.Open(e)
		return b.Reduce(e.Red, binders, b.Real(body))
	case steep(e):
		args := make([]*Expr, len(e.Args))
		for k, x := range e.Args {
			args[k] = b.Real(x)
		}
		return b.Call(e.Op, args...)
	}
	return b.intern(&Expr{Kind: KCall, Type: Real, Op: ToReal}, e)
}

// steep reports whether integer arithmetic has a product of a range, the largest or
// smallest of one, or a power in it.
func steep(e *Expr) (found bool) {
	Walk(e, func(e *Expr) bool {
		found = found || e.Kind == KReduce && (e.Red == Prod || e.Red == MaxOver || e.Red == MinOver) || e.IsCall(Pow)
		return !found && (e.IsCall(Add) || e.IsCall(Sub) || e.IsCall(Mul) || e.IsCall(Neg))
	})
	return found
}

// Call applies op. Integer arithmetic is put into normal form, integers beside
// reals are converted, comparisons of integers that differ by a constant fold.
func (b *Builder) Call(op *Operator, args ...*Expr) *Expr {
	if len(args) != op.Arity {
		panic(fmt.Sprintf("ir: bug: %s takes %d arguments, got %d", op.Name, op.Arity, len(args)))
	}
	var own [2]*Expr // no operator takes more
	args = own[:copy(own[:], args)]
	switch op.Class {
	case Logic:
		return b.logic(op, args)
	case Compare:
		if args[0].Type == Int && args[1].Type == Int {
			return b.compareInt(op, args)
		}
		if args[0].Type != Bool {
			for i := range args {
				args[i] = b.Real(args[i])
			}
		}
		return b.intern(&Expr{Kind: KCall, Type: Bool, Op: op}, args...)
	case IntOnly:
		return b.intOp(op, args)
	case Convert:
		return b.Real(args[0])
	}
	if op.Ints && !slices.ContainsFunc(args, func(a *Expr) bool { return a.Type != Int }) {
		return b.intOp(op, args)
	}
	for i := range args {
		args[i] = b.Real(args[i])
	}
	return b.intern(&Expr{Kind: KCall, Type: Real, Op: op}, args...)
}

func (b *Builder) logic(op *Operator, args []*Expr) *Expr {
	x := args[0]
	if op == Not {
		if x.Kind == KConst {
			return b.Bool(x.N == 0)
		}
		if x.IsCall(Not) {
			return x.Args[0]
		}
		return b.intern(&Expr{Kind: KCall, Type: Bool, Op: op}, args...)
	}
	unit := int64(1) // of and
	if op == Or {
		unit = 0
	}
	for i, a := range args {
		if a.Kind == KConst {
			if a.N == unit {
				return args[1-i]
			}
			return a
		}
	}
	if x == args[1] {
		return x
	}
	return b.intern(&Expr{Kind: KCall, Type: Bool, Op: op}, args...)
}

// CustomCall applies a scalar function with its own derivative.
func (b *Builder) CustomCall(fn *Custom, args ...*Expr) *Expr {
	args = slices.Clone(args)
	for i := range args {
		args[i] = b.Real(args[i])
	}
	return b.intern(&Expr{Kind: KCustom, Type: Real, Fn: fn}, args...)
}

// If is `if c then x else y`. Equal arms and constant conditions fold.
func (b *Builder) If(c, x, y *Expr) *Expr {
	if x.Type != y.Type {
		x, y = b.Real(x), b.Real(y)
	}
	if x == y {
		return x
	}
	if c.Kind == KConst {
		if c.N != 0 {
			return x
		}
		return y
	}
	return b.intern(&Expr{Kind: KIf, Type: x.Type}, c, x, y)
}

// Reduce closes a reduction over binders whose indices are temporaries (or
// any index free in body), renaming them to their canonical numbers.
func (b *Builder) Reduce(red *Reducer, binders []Binder, body *Expr) *Expr {
	if len(binders) == 0 {
		return body
	}
	typ := body.Type
	switch red.Result {
	case Int:
		typ = Int
	case Bool:
		typ = Bool
	default:
		if red.RealOnly {
			body = b.Real(body)
			typ = Real
		}
	}
	h := body.height
	for _, bd := range binders {
		h = max(h, bd.Lo.height, bd.Hi.height)
	}
	var sub replacement
	out := slices.Clone(binders)
	for k := range out {
		out[k].Lo, out[k].Hi = b.replace(out[k].Lo, sub), b.replace(out[k].Hi, sub)
		id := boundBase + Index(h) + Index(len(out)-k)
		sub = append(sub, pair{out[k].Idx, b.Idx(id)})
		out[k].Idx = id
	}
	return b.intern(&Expr{Kind: KReduce, Type: typ, Red: red, Binders: out}, b.replace(body, sub))
}

// Open returns the binders and the body of a reduction with fresh temporaries
// for the bound indices.
func (b *Builder) Open(e *Expr) ([]Binder, *Expr) {
	var sub replacement
	out := slices.Clone(e.Binders)
	for k := range out {
		out[k].Lo, out[k].Hi = b.replace(out[k].Lo, sub), b.replace(out[k].Hi, sub)
		t := b.Temp(out[k].Name)
		sub = append(sub, pair{out[k].Idx, b.Idx(t)})
		out[k].Idx = t
	}
	return out, b.replace(e.Args[0], sub)
}

// Opened is Open with the same temporaries each time, for who rewrites what it
// gives and closes it again. They may not be bound twice on one path: what
// needs indices of its own calls Open. The binders are not to be modified.
func (b *Builder) Opened(e *Expr) ([]Binder, *Expr) {
	if e.open == nil {
		binders, body := b.Open(e)
		e.open = &opened{binders, body}
	}
	return e.open.binders, e.open.body
}

// Close is Reduce of what [Builder.Opened] gave, rewritten, whose temporaries
// the result keeps.
func (b *Builder) Close(red *Reducer, binders []Binder, body *Expr) *Expr {
	e := b.Reduce(red, binders, body)
	if e.Kind == KReduce && e.open == nil {
		e.open = &opened{binders, body}
	}
	return e
}

// opened is a reduction with temporaries for its indices.
type opened struct {
	binders []Binder
	body    *Expr
}
