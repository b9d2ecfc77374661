package plan

import (
	"math"
	"slices"
	"strconv"
	"unicode"

	"github.com/nnc-lang/nnc/ir"
)

// A program is tiny if all its sizes are constants of at most tinySize and its
// elements, written out, are expressions of at most tinyNodes nodes together. A
// tiny program has no loops and no arrays in memory but those of the caller:
// each element is a variable.
const (
	tinySize  = 4
	tinyNodes = 1000
)

// elements writes a tiny program out.
type elements struct {
	*normaliser
	outside map[*ir.Array]bool       // arrays of the caller
	of      map[*ir.Array][]*ir.Expr // the elements of others, in the order of memory
	known   map[*ir.Expr]*ir.Expr    // elements by what they are
	steps   []Node
	nodes   int  // of steps
	work    int  // nodes visited
	large   bool // it is no tiny program
}

// elements are the steps of a tiny program, nil if p is none.
func (n *normaliser) elements(p *ir.Program, outside map[*ir.Array]bool) []Node {
	for _, a := range p.Defs {
		if a.Def != ir.Equation || a.Rec != nil || !tiny(a.Shape...) {
			return nil
		}
	}
	needed := map[*ir.Array]bool{}
	for _, o := range p.Outputs {
		if o.Array.Rank() > 0 && !outside[o.Array] && o.Array.Def != ir.Input {
			return nil
		}
		needed[o.Array] = true
	}
	e := &elements{normaliser: n, outside: outside, of: map[*ir.Array][]*ir.Expr{}, known: map[*ir.Expr]*ir.Expr{}}
	for _, a := range slices.Concat(p.Inputs, p.Defs) {
		n.names[a.Name] = true
	}
	for _, a := range p.Defs {
		if e.define(a, needed[a]); e.large {
			n.names = map[string]bool{}
			return nil
		}
	}
	return e.keep(needed)
}

// keep drops the steps that nothing needs.
func (e *elements) keep(needed map[*ir.Array]bool) []Node {
	var out []Node
	for _, n := range slices.Backward(e.steps) {
		d := DefOf(n)
		if !needed[d.Array] {
			continue
		}
		out = append(out, n)
		for _, r := range readsOf(d) {
			needed[r.Array] = true
		}
	}
	slices.Reverse(out)
	for _, n := range out {
		if a := DefOf(n).Array; !slices.Contains(e.locs, a) {
			e.locs = append(e.locs, a)
		}
	}
	return out
}

func tiny(sizes ...*ir.Expr) bool {
	for _, s := range sizes {
		if s.Kind != ir.KConst || s.N > tinySize {
			return false
		}
	}
	return true
}

// define appends a step for each element of an array. One that is a constant, an
// input or another element needs none, unless it is a result.
func (e *elements) define(a *ir.Array, result bool) {
	body := e.prepare(a.Body)
	e.each(a.Shape, nil, func(at []*ir.Expr) {
		sub := map[ir.Index]*ir.Expr{}
		for k, x := range at {
			sub[ir.Axis(k)] = x
		}
		d := &Def{Array: a, Src: a, For: a, At: at, Body: e.value(e.Subst(body, sub))}
		if x := e.known[d.Body]; x != nil {
			d.Body = x
		}
		x := d.Body
		if leaf := x.Kind == ir.KConst || x.Kind == ir.KRead && !e.outside[x.Array] && !slices.ContainsFunc(x.Args, (*ir.Expr).ReadsAny); !leaf || result {
			if len(at) > 0 && !result {
				d.Array, d.At = e.element(a, at), nil
			}
			e.steps = append(e.steps, &Stmt{d})
			if e.nodes += x.Size(); !leaf && !e.outside[a] {
				x = e.Read(d.Array)
				e.known[d.Body] = x
			}
		}
		e.large = e.large || e.nodes > tinyNodes
		e.of[a] = append(e.of[a], x)
	})
	if e.outside[a] {
		delete(e.of, a)
	}
}

// element is an array for one element of another: h_01 for h[0, 1].
func (e *elements) element(a *ir.Array, at []*ir.Expr) *ir.Array {
	return &ir.Array{Name: e.fresh(Numbered(a.Name, a, at)), Elem: a.Elem, Def: ir.Equation, Pos: a.Pos}
}

// Numbered is a name for the element of an array at a constant position, name
// where it is none: h_01 for h[0, 1], h2_at_0 for h2[0]. Axes of size 1 are not
// counted.
func Numbered(name string, a *ir.Array, at []*ir.Expr) string {
	digits := ""
	for k, x := range at {
		if x.Kind != ir.KConst {
			return name
		}
		if !a.Shape[k].IsConst(1) {
			digits += strconv.FormatInt(x.N, 10)
		}
	}
	switch {
	case digits == "":
		return name
	case unicode.IsDigit(rune(name[len(name)-1])):
		return name + "_at_" + digits
	}
	return name + "_" + digits
}

// each calls f for all positions in an array, in the order of memory.
func (e *elements) each(shape, at []*ir.Expr, f func(at []*ir.Expr)) {
	if len(at) == len(shape) {
		f(at)
		return
	}
	for k := range shape[len(at)].N {
		if e.large {
			return
		}
		e.each(shape, append(at[:len(at):len(at)], e.Int(k)), f)
	}
}

// value is an expression without free indices in terms of elements.
func (e *elements) value(x *ir.Expr) *ir.Expr {
	e.work++
	e.large = e.large || e.work > 100*tinyNodes
	switch {
	case e.large:
		return x
	case x.Kind == ir.KReduce:
		return e.reduce(x)
	case x.Kind == ir.KIf:
		c := e.value(x.Args[0])
		if c.Kind == ir.KConst { // the other arm may read what there is not
			return e.value(x.Args[2-c.N])
		}
		return e.If(c, e.value(x.Args[1]), e.value(x.Args[2]))
	case x.Kind == ir.KRead:
		return e.read(x)
	case len(x.Args) == 0:
		return x
	}
	args, v, numbers := make([]*ir.Expr, len(x.Args)), [2]float64{}, x.Kind == ir.KCall && x.Type == ir.Real
	for k, a := range x.Args {
		args[k] = e.value(a)
		numbers = numbers && args[k].Kind == ir.KConst && args[k].Type == ir.Real
		v[min(k, 1)] = args[k].Val
	}
	if numbers {
		if y := x.Op.Eval(v[0], v[1]); y == 0 || math.Abs(y) > 1e-300 && !math.IsInf(y, 0) {
			return e.Const(y)
		}
	}
	return e.Rebuild(x, args)
}

func (e *elements) read(x *ir.Expr) *ir.Expr {
	args := make([]*ir.Expr, len(x.Args))
	for k, a := range x.Args {
		args[k] = e.value(a)
	}
	if e.of[x.Array] == nil {
		return e.Read(x.Array, args...)
	}
	return e.pick(x.Array, args, 0)
}

// pick is an element of an array: number n of its first axes together, and at
// the position that args tell along the rest. Where a number from the data
// chooses, it is compared.
func (e *elements) pick(a *ir.Array, args []*ir.Expr, n int64) *ir.Expr {
	if len(args) == 0 {
		return e.of[a][n]
	}
	at, size := args[0], a.Shape[len(a.Shape)-len(args)]
	if !within(e.Builder, at, size, nil) {
		e.large = true
		return e.Const(0)
	}
	if at.Kind == ir.KConst {
		return e.pick(a, args[1:], n*size.N+at.N)
	}
	x := e.pick(a, args[1:], n*size.N+size.N-1)
	for i := size.N - 2; i >= 0; i-- {
		x = e.If(e.Call(ir.Eq, at, e.Int(i)), e.pick(a, args[1:], n*size.N+i), x)
	}
	return x
}

// chains are the operators that a reduction repeats.
var chains = map[*ir.Reducer]*ir.Operator{ir.Sum: ir.Add, ir.Prod: ir.Mul, ir.MaxOver: ir.Max, ir.MinOver: ir.Min, ir.Any: ir.Or, ir.All: ir.And}

// reduce writes out the terms of a reduction.
func (e *elements) reduce(x *ir.Expr) *ir.Expr {
	if x.Red == ir.LogSumExp {
		return e.value(e.logSumExp(x))
	}
	terms := e.terms(x)
	if x.Red == ir.Sum {
		terms = slices.DeleteFunc(terms, func(t *ir.Expr) bool { return t.IsConst(0) })
	}
	switch {
	case e.large:
		return x
	case x.Red == ir.ArgMax:
		return e.first(ir.Gt, ir.Max, x.Binders[0].Lo, terms)
	case x.Red == ir.ArgMin:
		return e.first(ir.Lt, ir.Min, x.Binders[0].Lo, terms)
	case len(terms) > 0:
		sum := terms[0]
		for _, t := range terms[1:] {
			sum = e.Call(chains[x.Red], sum, t)
		}
		return sum
	case x.Type == ir.Bool:
		return e.Bool(x.Red.Empty != 0)
	case x.Type == ir.Int:
		e.large = e.large || math.IsInf(x.Red.Empty, 0)
		return e.Int(int64(x.Red.Empty))
	}
	return e.Const(x.Red.Empty)
}

// terms are what a reduction reduces, in order.
func (e *elements) terms(x *ir.Expr) []*ir.Expr {
	binders, body := e.Open(x)
	var out []*ir.Expr
	var walk func(k int, sub map[ir.Index]*ir.Expr)
	walk = func(k int, sub map[ir.Index]*ir.Expr) {
		if k == len(binders) {
			out = append(out, e.value(e.Subst(body, sub)))
			return
		}
		lo, hi := e.Subst(binders[k].Lo, sub), e.Subst(binders[k].Hi, sub)
		e.large = e.large || lo.Kind != ir.KConst || hi.Kind != ir.KConst || hi.N-lo.N > tinySize
		for i := lo.N; i < hi.N && !e.large; i++ {
			sub[binders[k].Idx] = e.Int(i)
			walk(k+1, sub)
		}
	}
	walk(0, map[ir.Index]*ir.Expr{})
	return out
}

// first is the index, from lo, of the first extremum, or of the first NaN; 0 of none.
func (e *elements) first(better, best *ir.Operator, lo *ir.Expr, terms []*ir.Expr) *ir.Expr {
	at, so := e.Int(0), (*ir.Expr)(nil)
	if len(terms) > 0 {
		at = lo
	}
	for k, x := range terms {
		if k > 0 {
			is := e.Call(better, x, so)
			if x.Type == ir.Real {
				is = e.Call(ir.Or, is, e.Call(ir.And, e.Call(ir.Ne, x, x), e.Call(ir.Eq, so, so)))
			}
			at, x = e.If(is, e.Call(ir.Add, lo, e.Int(int64(k))), at), e.Call(best, so, x)
		}
		so = x
	}
	return at
}
