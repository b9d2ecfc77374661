package plan

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// An item is a *Def, a *scan or a *choice, in an order in which what is read
// stands before its readers.
type item any

// scan is a recurrence: the items run for each value of the time index.
type scan struct {
	dim  Dim
	down bool
	body *scope
}

// choice runs one of two lists; the condition holds for the whole iteration
// of the enclosing recurrence.
type choice struct {
	cond      *ir.Expr
	then, els *scope
}

// scope is a list of items under construction.
type scope struct {
	up    *scope
	time  *Dim // of the scan that this is the body of
	items []item
	memo  map[*ir.Expr][]made // reductions that have an array already
	inner map[*ir.Array]bool  // arrays defined in here
	arm   bool                // of a choice
}

func newScope(up *scope, time *Dim) *scope {
	return &scope{up: up, time: time, memo: map[*ir.Expr][]made{}, inner: map[*ir.Array]bool{}}
}

// made is the array of an expression that is closed over axes, and their ranges:
// cos(2*i) may be wanted for i in 2 and for i in N.
type made struct {
	dims  []Dim
	array *ir.Array
}

func (s *scope) lookup(key *ir.Expr, dims []Dim) *ir.Array {
	for ; s != nil; s = s.up {
		for _, m := range s.memo[key] {
			if slices.EqualFunc(m.dims, dims, func(x, y Dim) bool { return x.Lo == y.Lo && x.Hi == y.Hi }) {
				return m.array
			}
		}
	}
	return nil
}

func (s *scope) keep(key *ir.Expr, d *Def) {
	s.memo[key] = append(s.memo[key], made{slices.Clone(d.Dims), d.Array})
}

// times are the indices of the recurrences around.
func (s *scope) times() []Dim {
	var out []Dim
	for ; s != nil; s = s.up {
		if s.time != nil {
			out = append(out, *s.time)
		}
	}
	slices.Reverse(out)
	return out
}

type normaliser struct {
	*ir.Builder
	names  map[string]bool
	defs   map[*ir.Array]*Def
	alias  map[*ir.Array]*Alias
	owner  map[*ir.Array]bool // arrays that hold another's elements for a while
	turned map[*ir.Array]bool // copies for loops that run another way
	uses   map[*ir.Array]int  // how often a reduction's array was asked for
	locs   []*ir.Array
}

// normalise turns the definitions of a program into items.
func (n *normaliser) normalise(p *ir.Program) *scope {
	top := newScope(nil, nil)
	for _, a := range slices.Concat(p.Inputs, p.Defs) {
		n.names[a.Name] = true
	}
	n.list(top, p.Defs, 0, map[*ir.Recurrence]Dim{})
	return top
}

// list appends the items of definitions within the recurrences above depth,
// whose time indices are given.
func (n *normaliser) list(s *scope, defs []*ir.Array, depth int, times map[*ir.Recurrence]Dim) {
	for len(defs) > 0 {
		k := ir.Together(defs, depth)
		if r := defs[0].Rec.Around(depth); r == nil {
			n.define(s, defs[0], times)
		} else {
			n.scan(s, r, defs[:k], depth+1, times)
		}
		defs = defs[k:]
	}
}

func (n *normaliser) scan(s *scope, r *ir.Recurrence, group []*ir.Array, depth int, times map[*ir.Recurrence]Dim) {
	a := group[0]
	k := a.TimeIn(r)
	t := Dim{Idx: n.Temp(ir.AxisNames(a)[k]), Name: ir.AxisNames(a)[k], Lo: n.Int(0), Hi: a.Shape[k]}
	times[r] = t
	body := newScope(s, &t)
	for _, a := range group {
		body.inner[a] = true
		s.inner[a] = true
	}
	n.list(body, group, depth, times)
	s.items = append(s.items, &scan{dim: t, down: r.Down, body: body})
}

// define appends the items of one definition; times are the indices of the
// recurrences it is in.
func (n *normaliser) define(s *scope, a *ir.Array, times map[*ir.Recurrence]Dim) {
	s.inner[a] = true
	d := &Def{Array: a, Src: a, For: a}
	switch a.Def {
	case ir.Draw:
		n.finish(s, d)
		return
	case ir.Accumulate:
		d.Scatter, d.Red = true, ir.Sum
		for _, bd := range a.Domain {
			d.RDims = append(d.RDims, Dim(bd))
		}
		d.At = a.At
		for k, x := range d.At { // what is added for one index goes to elements of its own
			if i := d.RDims[0]; len(d.RDims) == 1 || x != n.Idx(i.Idx) || !i.Lo.IsConst(0) || i.Hi != a.Shape[k] {
				break
			}
			d.Dims, d.RDims = append(d.Dims, d.RDims[0]), d.RDims[1:]
		}
		d.Body = n.extract(s, d, n.prepare(a.Body), slices.Concat(d.Dims, d.RDims))
		n.finish(s, d)
		return
	}
	names := ir.AxisNames(a)
	sub := map[ir.Index]*ir.Expr{}
	at := make([]*Dim, a.Rank())
	for r := a.Rec; r != nil; r = r.In {
		t := times[r]
		at[a.TimeIn(r)] = &t
	}
	for k := range a.Shape {
		if a.Shape[k].IsConst(1) && at[k] == nil { // no loop for one value
			sub[ir.Axis(k)] = n.Int(0)
			d.At = append(d.At, n.Int(0))
			continue
		}
		dim := Dim{Idx: n.Temp(names[k]), Name: names[k], Lo: n.Int(0), Hi: a.Shape[k]}
		if at[k] != nil {
			dim.Idx = at[k].Idx
		} else {
			d.Dims = append(d.Dims, dim)
		}
		sub[ir.Axis(k)] = n.Idx(dim.Idx)
		d.At = append(d.At, sub[ir.Axis(k)])
	}
	n.branch(s, d, n.Subst(n.prepare(a.Body), sub), 3)
}

// branch makes a choice of a condition on the time index alone, so that
// neither arm runs where it is not taken, then a definition of what is left.
func (n *normaliser) branch(s *scope, d *Def, body *ir.Expr, depth int) {
	if c := n.timeCondition(s, body); c != nil && depth > 0 {
		var last *choice
		if len(s.items) > 0 {
			last, _ = s.items[len(s.items)-1].(*choice)
		}
		if last == nil || last.cond != c {
			last = &choice{cond: c, then: newScope(s, nil), els: newScope(s, nil)}
			last.then.arm, last.els.arm = true, true
			s.items = append(s.items, last)
		}
		x, y := *d, *d
		n.branch(last.then, &x, n.assume(s, body, c, true), depth-1)
		n.branch(last.els, &y, n.assume(s, body, c, false), depth-1)
		return
	}
	if body.Kind == ir.KReduce && len(d.Dims) == len(freeOf(n.Builder, body, d.Dims)) {
		if n.reduce(s, d, body, d.Dims, false, d) != nil {
			n.finish(s, d)
			return
		}
	}
	d.Body = n.extract(s, d, body, d.Dims)
	n.finish(s, d)
}

func (n *normaliser) finish(s *scope, d *Def) {
	if n.defs[d.Array] == nil {
		n.locs = append(n.locs, d.Array)
	}
	n.defs[d.Array] = d
	s.inner[d.Array] = true
	s.items = append(s.items, d)
	n.inPlace(s, d)
}

// timeCondition finds a condition that depends on recurrence indices only.
func (n *normaliser) timeCondition(s *scope, body *ir.Expr) *ir.Expr {
	times := s.times()
	if len(times) == 0 {
		return nil
	}
	var found *ir.Expr
	ir.Walk(body, func(e *ir.Expr) bool {
		if e.Kind == ir.KIf && found == nil && len(e.Args[0].Free()) > 0 && !e.Args[0].ReadsAny() {
			if !slices.ContainsFunc(e.Args[0].Free(), func(i ir.Index) bool {
				return !slices.ContainsFunc(times, func(d Dim) bool { return d.Idx == i })
			}) {
				found = e.Args[0]
			}
		}
		return found == nil
	})
	return found
}

// assume is e where condition c is known, and with it the range of the
// recurrence's index.
func (n *normaliser) assume(s *scope, e, c *ir.Expr, v bool) *ir.Expr {
	e = n.Map(e, func(x *ir.Expr) *ir.Expr {
		if x == c {
			return n.Bool(v)
		}
		return x
	})
	for _, t := range s.times() {
		e = Decide(n.Builder, e, narrowed(n.Builder, c, v, t))
	}
	return e
}

// prepare writes out functions with own derivatives and small powers.
func (n *normaliser) prepare(e *ir.Expr) *ir.Expr {
	needs := false
	ir.Walk(e, func(x *ir.Expr) bool {
		needs = needs || x.Kind == ir.KCustom || x.IsCall(ir.Pow)
		return !needs
	})
	if !needs {
		return e
	}
	return n.Map(e, func(x *ir.Expr) *ir.Expr {
		switch {
		case x.Kind == ir.KCustom:
			return n.prepare(n.Apply(x.Fn.Value, x.Args))
		case x.IsCall(ir.Pow) && x.Type == ir.Real:
			return n.power(x)
		}
		return x
	})
}

func (n *normaliser) power(x *ir.Expr) *ir.Expr {
	y, k := x.Args[0], x.Args[1]
	switch {
	case k.IsConst(2):
		return n.Call(ir.Mul, y, y)
	case k.IsConst(3):
		return n.Call(ir.Mul, n.Call(ir.Mul, y, y), y)
	case k.IsConst(1):
		return y
	case k.IsConst(-1):
		return n.Call(ir.Div, n.Const(1), y)
	}
	return x
}

// logSumExp is m + log(sum exp(x - m)) with m the maximum, or m where that is
// infinite and the difference would be NaN.
func (n *normaliser) logSumExp(x *ir.Expr) *ir.Expr {
	binders, body := n.Open(x)
	m := n.Reduce(ir.MaxOver, binders, body)
	binders, body = n.Open(x)
	sum := n.Reduce(ir.Sum, binders, n.Call(ir.Exp, n.Call(ir.Sub, body, m)))
	isInf := n.Call(ir.Eq, n.Call(ir.Lookup("abs"), m), n.Const(infinity))
	return n.If(isInf, m, n.Call(ir.Add, m, n.Call(ir.Log, sum)))
}

// freeOf are those of dims that e depends on.
func freeOf(b *ir.Builder, e *ir.Expr, dims []Dim) []Dim {
	var out []Dim
	for _, d := range dims {
		if e.Depends(d.Idx) {
			out = append(out, d)
		}
	}
	return out
}

// fresh is a name that no array has.
func (n *normaliser) fresh(name string) string {
	for k, s := 1, name; ; s = fmt.Sprintf("%s_%d", name, k) {
		if !n.names[s] {
			n.names[s] = true
			return s
		}
		k++
	}
}
