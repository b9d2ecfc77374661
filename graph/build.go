package graph

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// build makes a node of the outermost operation of e, and of those below it.
func (x *exploder) build(sc scope, e *ir.Expr, n *Node) *ir.Expr {
	switch {
	case e.Kind == ir.KRead && access(e) == nil:
		return x.gather(sc, e, n)
	case access(e) != nil:
		return x.section(sc, e, n)
	case e.Kind == ir.KReduce:
		return x.reduce(sc, e, nil, n)
	case e.Kind == ir.KIf:
		return x.branch(sc, e, n)
	case e.IsCall(ir.ToReal):
		n.op, n.Label = "alias", "="
		v := x.Real(x.operand(sc, e.Args[0]))
		n.Args = []Arg{x.arg(sc, v)}
		return x.store(sc, n, v)
	case e.IsCall(ir.Div) && x.isMean(e):
		return x.reduce(sc, e.Args[0], e.Args[1], n)
	}
	args := slices.Clone(e.Args)
	for k := range args {
		in := sc
		if k == 1 && e.Kind == ir.KCall && e.Op.Class == ir.Logic { // looked at only if the first does not decide
			first := args[0]
			if e.Op == ir.Or {
				first = x.Call(ir.Not, first)
			}
			in.guard = x.both(sc.guard, first)
		}
		args[k] = x.operand(in, args[k])
	}
	for _, a := range args {
		n.Args = append(n.Args, x.arg(sc, a))
	}
	n.Label = x.label(sc, e, args)
	if e.Kind == ir.KCustom {
		n.op = e.Fn.Name
		return x.store(sc, n, x.CustomCall(e.Fn, args...))
	}
	n.op = e.Op.Name
	if e.IsCall(ir.Pow) && args[1].IsConst(2) {
		n.op, n.Args = "sq", n.Args[:1]
	}
	return x.store(sc, n, x.Call(e.Op, args...))
}

func (x *exploder) both(p, q *ir.Expr) *ir.Expr {
	if p == nil {
		return q
	}
	return x.Call(ir.And, p, q)
}

func (x *exploder) not(c *ir.Expr) *ir.Expr {
	if c.IsCall(ir.Eq) && c.Args[0].Type == ir.Int {
		return x.Call(ir.Ne, c.Args...)
	}
	return x.Call(ir.Not, c)
}

// branch is an if. Its arms are stored under its condition: what is not taken
// is not evaluated, in the value or in the derivative.
func (x *exploder) branch(sc scope, e *ir.Expr, n *Node) *ir.Expr {
	cond := x.operand(sc, e.Args[0])
	then, other := sc, sc
	then.guard = x.both(sc.guard, cond)
	other.guard = x.both(sc.guard, x.not(cond))
	a, b := x.operand(then, e.Args[1]), x.operand(other, e.Args[2])
	n.op = "if"
	switch c := x.arg(sc, cond); {
	case c.Node != nil:
		n.Label = "if"
		n.Args = append(n.Args, c)
		if other := x.arg(sc, b); other.Const != nil && x.arg(sc, a).Const != nil {
			n.Label = "if: " + x.text(sc, a) + ", " + x.text(sc, b)
		}
	case sc.def.Rec != nil && b.IsConst(0) && len(cond.Free()) == 1 && cond.Depends(ir.Axis(sc.def.TimeAxis)):
		n.op, n.Label = "alias", "=" // where the recurrence has not begun
		n.Args = []Arg{x.arg(sc, a)}
		return x.store(sc, n, x.If(cond, a, b))
	case x.arg(sc, a).Const != nil || x.arg(sc, b).Const != nil:
		n.Label = "mask " + x.text(sc, cond)
	default:
		n.Label = "if " + x.text(sc, cond)
	}
	n.Args = append(n.Args, x.arg(sc, a), x.arg(sc, b))
	return x.store(sc, n, x.If(cond, a, b))
}

// isMean reports whether e is a sum divided by the number of its terms.
func (x *exploder) isMean(e *ir.Expr) bool {
	s := e.Args[0]
	if !s.IsReduce(ir.Sum) || !s.ReadsAny() {
		return false
	}
	n := x.Int(1)
	for _, b := range s.Binders {
		n = x.Call(ir.Mul, n, x.Call(ir.Sub, b.Hi, b.Lo))
	}
	return e.Args[1] == x.Real(n)
}

// reduce makes a node of a reduction, and of its division by count if that is
// a mean. A sum of products is one node, as matrix products are drawn.
func (x *exploder) reduce(sc scope, e, count *ir.Expr, n *Node) *ir.Expr {
	binders, body := x.Open(e)
	in := sc
	in.idx = slices.Concat(sc.idx, binders)
	n.op, n.Label = e.Red.Name, reducerLabel(e.Red)
	if count != nil {
		n.op, n.Label = "mean", "mean"
	}
	whole := func(body *ir.Expr) *ir.Expr {
		r := x.Reduce(e.Red, binders, body)
		if count != nil {
			r = x.Call(ir.Div, r, count)
		}
		return x.store(sc, n, r)
	}
	if slices.ContainsFunc(binders, func(b ir.Binder) bool { return !b.Lo.IsConst(0) || len(b.Hi.Free()) > 0 }) {
		body = x.mapped(body) // not a box of indices: its terms cannot be stored
		for _, a := range ir.Reads(body) {
			n.Args = append(n.Args, x.arg(in, x.firstRead(body, a)))
		}
		return whole(body)
	}
	if e.IsReduce(ir.Sum) && count == nil {
		if v := x.contraction(sc, in, body, n, whole); v != nil {
			return v
		}
	}
	if window(body) {
		n.op = "pool"
		n.Label = map[string]string{"mean": "avg pool", "max": "max pool", "min": "min pool"}[n.Label]
		if n.Label == "" {
			n.Label = "window " + reducerLabel(e.Red)
		}
		body = x.mapped(body)
	} else {
		body = x.operand(in, body)
	}
	n.Args = []Arg{x.arg(in, body)}
	return whole(body)
}

func (x *exploder) firstRead(e *ir.Expr, a *ir.Array) *ir.Expr {
	var found *ir.Expr
	ir.Walk(e, func(r *ir.Expr) bool {
		if found == nil && r.Kind == ir.KRead && r.Array == a {
			found = r
		}
		return found == nil
	})
	return found
}

// contraction is a sum of products of two or more arrays; nil if body is not
// one. Numbers that do not depend on what is summed over are applied after it.
func (x *exploder) contraction(sc, in scope, body *ir.Expr, n *Node, whole func(*ir.Expr) *ir.Expr) *ir.Expr {
	type outer struct {
		op *ir.Operator
		e  *ir.Expr
	}
	var data, inner []*ir.Expr
	var after []outer
	var flatten func(e *ir.Expr)
	flatten = func(e *ir.Expr) {
		free := !slices.ContainsFunc(e.Free(), func(i ir.Index) bool { return in.binder(x.Idx(i)) != nil && sc.binder(x.Idx(i)) == nil })
		switch {
		case !e.ReadsAny() && free:
			after = append(after, outer{ir.Mul, e})
		case !e.ReadsAny():
			inner = append(inner, e)
		case e.IsCall(ir.Mul):
			flatten(e.Args[0])
			flatten(e.Args[1])
		case e.IsCall(ir.Div) && !e.Args[1].ReadsAny() && len(e.Args[1].Free()) == 0:
			flatten(e.Args[0])
			after = append(after, outer{ir.Div, e.Args[1]})
		default:
			data = append(data, e)
		}
	}
	flatten(body)
	if len(data) < 2 || len(inner) > 0 {
		return nil
	}
	last := n
	if len(after) > 0 {
		n = &Node{Kind: Op}
	}
	n.op, n.Label = "@", "@"
	if len(data) > 2 {
		n.Label = "∑∏"
	}
	for k, e := range data {
		if window(e) {
			n.Label = "conv"
			data[k] = x.mapped(e)
		} else {
			data[k] = x.operand(in, e)
		}
		n.Args = append(n.Args, x.arg(in, data[k]))
	}
	if data[0] == data[1] && len(data) == 2 {
		n.Args = n.Args[:1]
	}
	product := data[0]
	for _, e := range data[1:] {
		product = x.Call(ir.Mul, product, e)
	}
	binders := in.idx[len(sc.idx):]
	if len(after) == 0 {
		return whole(product)
	}
	v := x.store(sc, n, x.Reduce(ir.Sum, binders, product))
	for k, o := range after {
		m := &Node{Kind: Op}
		if k == len(after)-1 {
			m = last
		}
		m.op = o.op.Name
		m.Args = []Arg{x.arg(sc, v), {Const: o.e}}
		next := x.Call(o.op, v, o.e)
		m.Label = x.label(sc, next, next.Args)
		v = x.store(sc, m, next)
	}
	return v
}
