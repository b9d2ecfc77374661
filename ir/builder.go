package ir

import (
	"fmt"
	"math"
	"slices"
)

// Builder makes expressions and keeps each once. One Builder serves all
// programs of a module. It is not safe for concurrent use.
type Builder struct {
	Single bool // reals are float32

	table map[uint64]*Expr
	n     int
	temps []string // name hints of temporaries
	ints  map[int64]*Expr
	idxs  map[Index]*Expr
}

// NewBuilder returns an empty Builder.
func NewBuilder() *Builder {
	return &Builder{table: map[uint64]*Expr{}, ints: map[int64]*Expr{}, idxs: map[Index]*Expr{}}
}

func (b *Builder) intern(e *Expr) *Expr {
	h := uint64(14695981039346656037)
	mix := func(v uint64) { h = (h ^ v) * 1099511628211 }
	mix(uint64(e.Kind)<<8 | uint64(e.Type))
	mix(math.Float64bits(e.Val))
	mix(uint64(e.N))
	mix(uint64(e.Idx))
	for i := range len(e.Name) {
		mix(uint64(e.Name[i]))
	}
	if e.Array != nil {
		for i := range len(e.Array.Name) {
			mix(uint64(e.Array.Name[i]))
		}
	}
	if e.Op != nil {
		for i := range len(e.Op.Name) {
			mix(uint64(e.Op.Name[i]))
		}
	}
	if e.Red != nil {
		mix(uint64(len(e.Red.Name)))
	}
	for _, bd := range e.Binders {
		mix(uint64(bd.Idx))
		mix(uint64(bd.Lo.id))
		mix(uint64(bd.Hi.id))
	}
	for _, a := range e.Args {
		mix(uint64(a.id))
	}
	first := b.table[h]
	for o := first; o != nil; o = o.next {
		if same(o, e) {
			return o
		}
	}
	c := *e // what is found costs no memory: only the copy leaves the stack
	e = &c
	b.n++
	e.id = b.n
	e.size = 1
	for _, bd := range e.Binders {
		e.height = max(e.height, bd.Lo.height, bd.Hi.height)
	}
	for _, a := range e.Args {
		e.height = max(e.height, a.height)
		e.size = min(e.size+a.size, 1<<30)
	}
	switch e.Kind {
	case KIndex:
		e.free = []Index{e.Idx}
	default:
		e.free = unionFree(e)
	}
	if e.Kind == KReduce {
		e.height += int32(len(e.Binders))
	}
	e.next = first
	b.table[h] = e
	return e
}

func unionFree(e *Expr) []Index {
	var out []Index
	add := func(x *Expr) {
		if out == nil {
			out = x.free
			return
		}
		for _, i := range x.free {
			if !slices.Contains(out, i) {
				out = append(slices.Clip(out), i)
			}
		}
	}
	for _, a := range e.Args {
		add(a)
	}
	for _, bd := range e.Binders {
		add(bd.Lo)
		add(bd.Hi)
	}
	if len(e.Binders) > 0 {
		var rest []Index
		for _, i := range out {
			if !slices.ContainsFunc(e.Binders, func(bd Binder) bool { return bd.Idx == i }) {
				rest = append(rest, i)
			}
		}
		out = rest
	}
	if !slices.IsSorted(out) {
		out = slices.Clone(out)
		slices.Sort(out)
	}
	return out
}

func same(x, y *Expr) bool {
	if x.Kind != y.Kind || x.Type != y.Type || math.Float64bits(x.Val) != math.Float64bits(y.Val) ||
		x.N != y.N || x.Name != y.Name || x.Idx != y.Idx || x.Array != y.Array || x.Op != y.Op || x.Fn != y.Fn ||
		x.Red != y.Red || len(x.Binders) != len(y.Binders) || !slices.Equal(x.Args, y.Args) {
		return false
	}
	for i, p := range x.Binders {
		q := y.Binders[i]
		if p.Idx != q.Idx || p.Lo != q.Lo || p.Hi != q.Hi {
			return false
		}
	}
	return true
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
	b.temps = append(b.temps, name)
	return Index(-len(b.temps))
}

// TempName is the name given to a temporary.
func (b *Builder) TempName(i Index) string { return b.temps[-i-1] }

// Idx is the index i as an expression.
func (b *Builder) Idx(i Index) *Expr {
	e := b.idxs[i]
	if e == nil {
		e = b.intern(&Expr{Kind: KIndex, Type: Int, Idx: i})
		b.idxs[i] = e
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
	return b.intern(&Expr{Kind: KRead, Type: a.Elem, Array: a, Args: slices.Clone(idx)})
}

// Real is the integer or boolean expression e as a real.
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
	}
	return b.intern(&Expr{Kind: KCall, Type: Real, Op: ToReal, Args: []*Expr{e}})
}

// Call applies op. Integer arithmetic is put into normal form, integers beside
// reals are converted, comparisons of integers that differ by a constant fold.
func (b *Builder) Call(op *Operator, args ...*Expr) *Expr {
	if len(args) != op.Arity {
		panic(fmt.Sprintf("ir: bug: %s takes %d arguments, got %d", op.Name, op.Arity, len(args)))
	}
	args = slices.Clone(args)
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
		return b.intern(&Expr{Kind: KCall, Type: Bool, Op: op, Args: args})
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
	return b.intern(&Expr{Kind: KCall, Type: Real, Op: op, Args: args})
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
		return b.intern(&Expr{Kind: KCall, Type: Bool, Op: op, Args: args})
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
	return b.intern(&Expr{Kind: KCall, Type: Bool, Op: op, Args: args})
}

// CustomCall applies a scalar function with its own derivative.
func (b *Builder) CustomCall(fn *Custom, args ...*Expr) *Expr {
	args = slices.Clone(args)
	for i := range args {
		args[i] = b.Real(args[i])
	}
	return b.intern(&Expr{Kind: KCustom, Type: Real, Fn: fn, Args: args})
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
	return b.intern(&Expr{Kind: KIf, Type: x.Type, Args: []*Expr{c, x, y}})
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
	sub := map[Index]*Expr{}
	out := slices.Clone(binders)
	for k := range out {
		out[k].Lo, out[k].Hi = b.Subst(out[k].Lo, sub), b.Subst(out[k].Hi, sub)
		id := boundBase + Index(h) + Index(len(out)-k)
		sub[out[k].Idx] = b.Idx(id)
		out[k].Idx = id
	}
	return b.intern(&Expr{Kind: KReduce, Type: typ, Red: red, Binders: out, Args: []*Expr{b.Subst(body, sub)}})
}

// Open returns the binders and the body of a reduction with fresh temporaries
// for the bound indices.
func (b *Builder) Open(e *Expr) ([]Binder, *Expr) {
	sub := map[Index]*Expr{}
	out := slices.Clone(e.Binders)
	for k := range out {
		out[k].Lo, out[k].Hi = b.Subst(out[k].Lo, sub), b.Subst(out[k].Hi, sub)
		t := b.Temp(out[k].Name)
		sub[out[k].Idx] = b.Idx(t)
		out[k].Idx = t
	}
	return out, b.Subst(e.Args[0], sub)
}
