package diff

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// A term of a derivative is v where all conditions of on hold, tested in
// order, and 0 elsewhere. Keeping conditions apart is what keeps a side that
// was not picked from contributing 0 times Inf: factors are multiplied into v,
// never onto a finished `if`. With over, the term is the sum of that over these
// indices: Σ if inner then v. Such a sum is kept open for the same reason.
//
// With some, v is 0 where some is false because nothing was picked there that
// leads to it: its condition went into an array. It is a condition of the term
// only before a slope that may be infinite (see picked).
type term struct {
	on    []*ir.Expr
	v     *ir.Expr
	over  []ir.Binder
	inner []*ir.Expr
	some  *ir.Expr
}

// atoms splits a condition into those that must all hold.
func (d *engine) atoms(c *ir.Expr) []*ir.Expr {
	switch {
	case c.IsCall(ir.And):
		return append(d.atoms(c.Args[0]), d.atoms(c.Args[1])...)
	case c.IsCall(ir.Not) && c.Args[0].IsCall(ir.Or):
		o := c.Args[0]
		return append(d.atoms(d.not(o.Args[0])), d.atoms(d.not(o.Args[1]))...)
	case c.Kind == ir.KConst && c.N != 0:
		return nil
	}
	return []*ir.Expr{c}
}

// opposite pairs the comparisons that are each other's negation, for integers;
// of reals only the equalities are, because of NaN.
var opposite = map[*ir.Operator]*ir.Operator{
	ir.Eq: ir.Ne, ir.Ne: ir.Eq, ir.Lt: ir.Ge, ir.Ge: ir.Lt, ir.Gt: ir.Le, ir.Le: ir.Gt,
}

func (d *engine) not(c *ir.Expr) *ir.Expr {
	if c.Kind == ir.KCall && opposite[c.Op] != nil &&
		(c.Args[0].Type == ir.Int || c.Op == ir.Eq || c.Op == ir.Ne) {
		return d.Call(opposite[c.Op], c.Args...)
	}
	return d.Call(ir.Not, c)
}

func (d *engine) all(on []*ir.Expr) *ir.Expr {
	e := d.Bool(true)
	for _, c := range on {
		e = d.Call(ir.And, e, c)
	}
	return e
}

// guard is t where c holds too; what is known already is not said twice.
func (d *engine) guard(t term, c ...*ir.Expr) term {
	on := slices.Clip(t.on)
	for _, c := range c {
		for _, a := range d.atoms(c) {
			if !slices.Contains(on, a) {
				on = append(on, a)
			}
		}
	}
	t.on = on
	return t
}

// never reports whether a condition of t is plainly false.
func (d *engine) never(t term) bool {
	for i, c := range t.on {
		if c.Kind == ir.KConst && c.N == 0 || slices.Contains(t.on[:i], d.not(c)) {
			return true
		}
	}
	return false
}

// value is t as an expression.
func (d *engine) value(t term) *ir.Expr {
	zero := d.Const(0)
	if t.v.Type == ir.Int {
		zero = d.Int(0)
	}
	return d.If(d.all(t.on), d.Reduce(ir.Sum, t.over, d.If(d.all(t.inner), t.v, zero)), zero)
}

// plus adds t to a sum of terms. Terms under the same conditions become one,
// and so do those whose last conditions are each other's negation.
func (d *engine) plus(ts []term, t term) []term {
	if t.v.IsConst(0) || d.never(t) {
		return ts
	}
	for i, o := range ts {
		if len(t.over) > 0 || len(o.over) > 0 {
			continue
		}
		if slices.Equal(o.on, t.on) {
			ts = slices.Clone(ts)
			ts[i].v = d.add(o.v, t.v)
			ts[i].some = d.either(o.some, t.some)
			return ts
		}
		n := len(t.on) - 1
		if n >= 0 && len(o.on) == n+1 && slices.Equal(o.on[:n], t.on[:n]) && o.on[n] == d.not(t.on[n]) {
			u := term{on: o.on[:n], v: d.If(o.on[n], o.v, t.v)}
			if o.some != nil || t.some != nil {
				u.some = d.either(d.pick(term{on: o.on[n:], some: o.some}), d.pick(term{on: t.on[n:], some: t.some}))
			}
			return d.plus(slices.Delete(slices.Clone(ts), i, i+1), u)
		}
	}
	return append(slices.Clip(ts), t)
}

// one is a sum of terms as a single term: 0 where none of them is on.
func (d *engine) one(ts []term) term {
	switch len(ts) {
	case 0:
		return term{v: d.Const(0)}
	case 1:
		return ts[0]
	}
	n := 0 // conditions that all share
	for n < len(ts[0].on) && !slices.ContainsFunc(ts, func(t term) bool { return len(t.on) <= n || t.on[n] != ts[0].on[n] }) {
		n++
	}
	some, v := d.Bool(false), d.Const(0)
	out := term{on: slices.Clip(ts[0].on[:n])}
	if slices.ContainsFunc(ts, func(t term) bool { return t.some != nil }) {
		out.some = d.Bool(false)
	}
	for _, t := range ts {
		some = d.Call(ir.Or, some, d.all(t.on[n:]))
		rest := t
		rest.on = t.on[n:]
		v = d.add(v, d.value(rest))
		out.some = d.either(out.some, d.pick(rest))
	}
	out.v = v
	return d.guard(out, some)
}

// either is x or y, nil where one of them is: something is always picked.
func (d *engine) either(x, y *ir.Expr) *ir.Expr {
	if x == nil || y == nil {
		return nil
	}
	return d.Call(ir.Or, x, y)
}

// pick says where something is picked that leads to t, nil for everywhere.
func (d *engine) pick(t term) *ir.Expr {
	in := slices.Clip(t.inner)
	if t.some != nil {
		in = append(in, t.some)
	}
	c := d.all(t.on)
	if len(in) > 0 {
		c = d.Call(ir.And, c, d.any(t.over, d.all(in)))
	}
	if c.Kind == ir.KConst && c.N != 0 {
		return nil
	}
	return c
}

// some says where something is picked that leads to t, the sum of ts: an array
// of its own where that has to be searched. Few are read, the rest is dropped
// in the end.
func (d *engine) some(t *ir.Array, ts []term) *ir.Expr {
	if len(ts) == 0 {
		return nil
	}
	c := d.pick(ts[0])
	for _, x := range ts[1:] {
		c = d.either(c, d.pick(x))
	}
	reduces := false
	if c != nil {
		ir.Walk(c, func(e *ir.Expr) bool {
			reduces = reduces || e.Kind == ir.KReduce
			return !reduces
		})
	}
	if c == nil || !reduces && c.Size() <= manyNodes/10 {
		return c
	}
	on := &ir.Array{Name: d.name(t.Name + "_on"), Elem: ir.Bool, Def: ir.Equation, Shape: t.Shape, Axes: t.Axes, Pos: t.Pos, Body: c}
	d.p.Append(on)
	return d.Read(on, d.Axes(on.Rank())...)
}

// any says that c holds for one of over at least, where that is not empty.
func (d *engine) any(over []ir.Binder, c *ir.Expr) *ir.Expr {
	if !dependsOnAny(c, idxs(over)) {
		return c
	}
	return d.Reduce(ir.Any, over, c)
}

// picked is t with some among its conditions.
func (d *engine) picked(t term) term {
	switch {
	case t.some == nil:
	case len(t.over) > 0:
		t.inner = append(slices.Clip(t.inner), d.atoms(t.some)...)
	default:
		t = d.guard(t, t.some)
	}
	t.some = nil
	return t
}

// total is a sum of terms as an expression.
func (d *engine) total(ts []term) *ir.Expr {
	v := d.Const(0)
	for _, t := range ts {
		v = d.add(v, d.value(t))
	}
	return v
}

// add, neg and mul fold what is literal: 0 + x, 1*x, -(-x).
func (d *engine) add(x, y *ir.Expr) *ir.Expr {
	switch {
	case x.IsConst(0):
		return y
	case y.IsConst(0):
		return x
	case x.Kind == ir.KConst && y.Kind == ir.KConst:
		return d.Const(x.Val + y.Val)
	case y.IsCall(ir.Neg):
		return d.Call(ir.Sub, x, y.Args[0])
	}
	return d.Call(ir.Add, x, y)
}

func (d *engine) neg(x *ir.Expr) *ir.Expr {
	switch {
	case x.Kind == ir.KConst:
		return d.Const(-x.Val)
	case x.IsCall(ir.Neg):
		return x.Args[0]
	}
	return d.Call(ir.Neg, x)
}

func (d *engine) mul(x, y *ir.Expr) *ir.Expr {
	switch {
	case x.IsConst(1):
		return y
	case y.IsConst(1):
		return x
	case x.IsConst(-1):
		return d.neg(y)
	case y.IsConst(-1):
		return d.neg(x)
	case x.Kind == ir.KConst && y.Kind == ir.KConst:
		return d.Const(x.Val * y.Val)
	case x.IsCall(ir.Neg):
		return d.neg(d.mul(x.Args[0], y))
	case y.IsCall(ir.Neg):
		return d.neg(d.mul(x, y.Args[0]))
	case y.IsCall(ir.Div) && y.Args[0].Kind == ir.KConst: // x*(1/y) is x/y
		return d.Call(ir.Div, d.mul(x, y.Args[0]), y.Args[1])
	}
	return d.Call(ir.Mul, x, y)
}
