package diff

import (
	"math"
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// A rule is the partial derivative of a scalar function with respect to one of
// its n arguments: terms in formal arguments, 0 to n-1 for the arguments and n
// for the result. Rules are split into conditions and values as they stand in
// the table, before anything of the user's is put in: a zero of the rule cuts
// a factor off, a zero of the user's is a number.
type rule []term

type ruleKey struct {
	op    *ir.Operator
	fn    *ir.Custom
	red   *ir.Reducer
	k     int
	other *ir.Expr // constant in the other place
}

// partial is the rule of e, a call, for argument k.
func (d *engine) partial(e *ir.Expr, k int) rule {
	switch {
	case e.Kind == ir.KCustom:
		return d.custom(e.Fn, k)
	case e.Op.Flat(k):
		return nil
	}
	return d.operator(e.Op, k, e.Args)
}

// operator is the rule of op for argument k.
func (d *engine) operator(op *ir.Operator, k int, args []*ir.Expr) rule {
	key := ruleKey{op: op, k: k}
	formal := make([]*ir.Expr, len(args))
	for i, a := range args {
		formal[i] = d.Param(i)
		if i != k && a.Kind == ir.KConst {
			formal[i], key.other = a, a
		}
	}
	return d.cached(key, func() *ir.Expr { return d.Partial(op, k, d.Param(len(args)), formal...) })
}

// custom is the rule of a function of the source: its own if it has one, else
// the derivative of its value.
func (d *engine) custom(fn *ir.Custom, k int) rule {
	return d.cached(ruleKey{fn: fn, k: k}, func() *ir.Expr {
		if fn.Partials[k] != nil {
			return fn.Partials[k]
		}
		t := d.tangents(func(e *ir.Expr) []term {
			if e.Kind == ir.KParam && int(e.N) == k {
				return []term{{v: d.Const(1)}}
			}
			return nil
		}, nil, nil)
		return d.total(t.of(fn.Value))
	})
}

// element is the rule of a reducer that is given as text, for the element x
// (argument 0) and the result (argument 1).
func (d *engine) element(red *ir.Reducer) rule {
	return d.cached(ruleKey{red: red}, func() *ir.Expr {
		e, err := d.ParseExpr(red.Deriv, map[string]*ir.Expr{"x": d.Param(0), "r": d.Param(1)})
		if err != nil {
			panic("diff: bug: derivative of " + red.Name + ": " + err.Error())
		}
		return e
	})
}

func (d *engine) cached(key ruleKey, make func() *ir.Expr) rule {
	if r, ok := d.rules[key]; ok {
		return r
	}
	var r rule
	if e := make(); e != nil {
		r = d.split(d.fold(e))
	}
	d.rules[key] = r
	return r
}

// split takes a rule apart: `if c then u else 0` is u where c holds.
func (d *engine) split(e *ir.Expr) rule {
	if e.IsConst(0) {
		return nil
	}
	if e.Kind != ir.KIf {
		return rule{{v: e}}
	}
	var out []term
	for i, c := range []*ir.Expr{e.Args[0], d.not(e.Args[0])} {
		for _, t := range d.split(e.Args[1+i]) {
			out = d.plus(out, d.guard(term{on: d.atoms(c), v: t.v}, t.on...))
		}
	}
	return out
}

// fold computes what is constant in a rule: with exponent 3, y*x^(y - 1) is
// 3*x^2, and with exponent 0 it is 0 whatever x is.
func (d *engine) fold(e *ir.Expr) *ir.Expr {
	return d.Map(e, func(e *ir.Expr) *ir.Expr {
		if e.Kind != ir.KCall || len(e.Args) == 0 || e.Args[0].Type != ir.Real {
			return e
		}
		x, y := e.Args[0], e.Args[len(e.Args)-1]
		if x.Kind == ir.KConst && y.Kind == ir.KConst {
			v := e.Op.Eval(x.Val, y.Val)
			if e.Op.Class == ir.Compare {
				return d.Bool(v != 0)
			}
			return d.Const(v)
		}
		switch e.Op {
		case ir.Mul:
			if x.IsConst(0) || y.IsConst(0) {
				return d.Const(0)
			}
			return d.mul(x, y)
		case ir.Add:
			return d.add(x, y)
		case ir.Neg:
			return d.neg(x)
		case ir.Pow:
			if y.IsConst(1) {
				return x
			}
			if y.IsConst(0) {
				return d.Const(1)
			}
		}
		return e
	})
}

// steep reports whether a slope may be infinite where the arguments are not:
// it divides by what may be 0, takes its logarithm, or is 1/0 itself.
func (d *engine) steep(r rule, args []*ir.Expr) bool {
	found := false
	for _, t := range r {
		ir.Walk(t.v, func(e *ir.Expr) bool {
			if e.Kind == ir.KConst {
				found = found || math.IsInf(e.Val, 0)
			}
			if e.Kind != ir.KCall || found {
				return !found
			}
			switch x := e.Args[len(e.Args)-1]; {
			case e.Op == ir.Div, e.Op == ir.Log:
				found = x.Kind != ir.KConst && !d.positive(d.Apply(x, args))
			case e.Op == ir.Pow:
				found = (x.Kind != ir.KConst || x.Val < 0) && !d.positive(d.Apply(e.Args[0], args))
			}
			return !found
		})
	}
	return found
}

// counted reports whether e is a sum divided by how many there are, or by some of its
// ranges: where that is 0, so that the slope is infinite, no element is summed.
func (d *engine) counted(e *ir.Expr) bool {
	if !e.IsCall(ir.Div) || e.Args[0].Kind != ir.KReduce || !e.Args[1].IsCall(ir.ToReal) {
		return false
	}
	p := d.PolyOf(e.Args[1].Args[0])
	return len(p) == 1 && !slices.ContainsFunc(p[0].Atoms, func(n *ir.Expr) bool {
		return !slices.ContainsFunc(e.Args[0].Binders, func(b ir.Binder) bool { return b.Lo.IsConst(0) && b.Hi == n })
	})
}

// positive reports whether a value is known to be more than 0.
func (d *engine) positive(e *ir.Expr) bool {
	f := d.facts.Of(e)
	return f.Lo > 0 || f.Lo == 0 && f.Open
}

// times multiplies a seed by a rule with its arguments filled in.
func (d *engine) times(seed term, r rule, args ...*ir.Expr) []term {
	var out []term
	n := len(args)
	for _, t := range r {
		on := make([]*ir.Expr, len(t.on))
		for i, c := range t.on {
			on[i] = d.Apply(c, args)
		}
		v := seed.v
		switch {
		case t.v.Kind == ir.KConst:
			v = d.mul(v, t.v)
		case v.IsConst(1):
			v = d.Apply(t.v, args)
		case v.IsConst(-1):
			v = d.neg(d.Apply(t.v, args))
		default: // fold in the rule, not in what is filled in
			v = d.Apply(d.mul(d.Param(n), t.v), append(args[:n:n], v))
		}
		u := seed
		u.v = v
		out = d.plus(out, d.guard(u, on...))
	}
	return out
}
