package ir

import "slices"

// Elem is the type of an element.
type Elem uint8

// The element types. Real is float32 or float64, decided by the emitter.
const (
	Real Elem = iota
	Int
	Bool
)

func (e Elem) String() string { return [...]string{"real", "int", "bool"}[e] }

// Kind says what an expression is.
type Kind uint8

// The kinds of expression; there are no others.
const (
	KConst  Kind = iota // a number: Val (real), N (int), N = 0 or 1 (bool)
	KDim                // a symbolic size: Name
	KIndex              // an index: Idx
	KParam              // a formal argument of a [Custom] function: N
	KRead               // Array[Args...]
	KCall               // Op(Args...)
	KCustom             // Fn(Args...), a scalar function with its own derivative
	KIf                 // if Args[0] then Args[1] else Args[2]; a real branch
	KReduce             // Red[Binders] Args[0]
)

// Index names an index variable. Axes of the left-hand side count from 0,
// canonical bound indices from 1<<16, temporaries are negative.
type Index int32

const boundBase Index = 1 << 16

// Axis is the index of axis k of a left-hand side.
func Axis(k int) Index { return Index(k) }

// IsAxis reports whether i is an axis of the left-hand side.
func (i Index) IsAxis() bool { return i >= 0 && i < boundBase }

// IsTemp reports whether i is a temporary made by [Builder.Temp].
func (i Index) IsTemp() bool { return i < 0 }

// A Binder is an index of a reduction or of an accumulation's domain with its
// range Lo..Hi (Hi excluded). A range may depend on the binders before it.
type Binder struct {
	Idx    Index
	Name   string // as the source has it; only for people
	Lo, Hi *Expr
}

// Expr is a scalar expression. Exprs are immutable and hash-consed: within
// one Builder equal expressions are the same pointer.
type Expr struct {
	Kind    Kind
	Type    Elem
	reads   bool // some array
	Idx     Index
	Val     float64
	N       int64
	Name    string
	Array   *Array
	Op      *Operator
	Fn      *Custom
	Red     *Reducer
	Binders []Binder
	Args    []*Expr

	id     int32   // order of creation
	height int32   // of the bound indices inside
	size   int32   // number of nodes counted as a tree, saturating
	hash   uint32  // where the Builder has it
	free   []Index // free indices, ascending
	next   *Expr   // another one in the same place
	open   *opened // what [Builder.Opened] gives
}

// ID is the order of creation, a deterministic key for sorting.
func (e *Expr) ID() int { return int(e.id) }

// Size counts the nodes of e written out as a tree (saturating at 1<<30).
func (e *Expr) Size() int { return int(e.size) }

// Free lists the free indices of e in ascending order. Do not modify it.
func (e *Expr) Free() []Index { return e.free }

// Reduces reports whether e holds a reduction.
func (e *Expr) Reduces() bool { return e.height > 0 }

// ReadsAny reports whether e reads an array.
func (e *Expr) ReadsAny() bool { return e.reads }

// Depends reports whether index i is free in e.
func (e *Expr) Depends(i Index) bool {
	for _, f := range e.free {
		if f == i {
			return true
		}
	}
	return false
}

// IsConst reports whether e is the number v.
func (e *Expr) IsConst(v float64) bool {
	if e.Kind != KConst {
		return false
	}
	if e.Type == Real {
		return e.Val == v
	}
	return float64(e.N) == v
}

// IsCall reports whether e applies op.
func (e *Expr) IsCall(op *Operator) bool { return e.Kind == KCall && e.Op == op }

// IsReduce reports whether e reduces by r.
func (e *Expr) IsReduce(r *Reducer) bool { return e.Kind == KReduce && e.Red == r }

// A Custom is a scalar function of the source with a derivative of its own
// (`deriv`). Value and Partials are expressions in KParam leaves 0..Arity-1;
// in Partials parameter number Arity is the result.
type Custom struct {
	Name     string
	Params   []string
	Value    *Expr
	Partials []*Expr // nil entry: differentiate Value
}

// Walk calls f for e and everything below it, each shared node once, parents
// first; f returning false skips what is below. Bodies of reductions are
// visited closed, so indices inside are canonical.
func Walk(e *Expr, f func(*Expr) bool) { walk(e, f, &visited{}) }

// visited is a set of expressions of one Builder: a list as long as it is
// small, then a table open at the places that are nil, at most half full.
type visited struct {
	n    int
	few  [24]*Expr
	many []*Expr
}

// first reports whether e was not in the set yet, and puts it there.
func (v *visited) first(e *Expr) bool {
	if v.many == nil {
		for _, x := range v.few[:v.n] {
			if x == e {
				return false
			}
		}
		if v.n < len(v.few) {
			v.few[v.n] = e
			v.n++
			return true
		}
		v.grow(v.few[:], 128)
	} else if 2*v.n >= len(v.many) {
		v.grow(v.many, 4*len(v.many))
	}
	at := v.place(e)
	if *at != nil {
		return false
	}
	*at = e
	v.n++
	return true
}

func (v *visited) grow(old []*Expr, size int) {
	v.many = make([]*Expr, size)
	for _, e := range old {
		if e != nil {
			*v.place(e) = e
		}
	}
}

// place is where e is in the table, or belongs.
func (v *visited) place(e *Expr) **Expr {
	last := uint32(len(v.many) - 1)
	for at := uint32(e.id) * 0x9e3779b1 >> 7; ; at++ {
		if x := &v.many[at&last]; *x == nil || *x == e {
			return x
		}
	}
}

func walk(e *Expr, f func(*Expr) bool, seen *visited) {
	if !seen.first(e) {
		return
	}
	if !f(e) {
		return
	}
	for _, b := range e.Binders {
		walk(b.Lo, f, seen)
		walk(b.Hi, f, seen)
	}
	for _, a := range e.Args {
		walk(a, f, seen)
	}
}

// Reads lists the arrays that e reads, each once, in order of appearance.
func Reads(e *Expr) []*Array {
	if !e.reads {
		return nil
	}
	var r readers
	r.add(e)
	return r.list
}

// readers lists arrays that expressions read, each once.
type readers struct {
	list  []*Array
	seen  visited
	known map[*Array]bool // of a long list
}

func (r *readers) add(e *Expr) {
	if !e.reads || !r.seen.first(e) {
		return
	}
	if e.Kind == KRead && !r.has(e.Array) {
		r.list = append(r.list, e.Array)
		if r.known != nil {
			r.known[e.Array] = true
		}
	}
	for _, b := range e.Binders {
		r.add(b.Lo)
		r.add(b.Hi)
	}
	for _, a := range e.Args {
		r.add(a)
	}
}

func (r *readers) has(a *Array) bool {
	if r.known == nil && len(r.list) > 16 {
		r.known = map[*Array]bool{}
		for _, a := range r.list {
			r.known[a] = true
		}
	}
	if r.known != nil {
		return r.known[a]
	}
	return slices.Contains(r.list, a)
}
