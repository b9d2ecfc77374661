package pass

import (
	"math"

	"github.com/nnc-lang/nnc/ir"
)

func simplify(p *ir.Program) error {
	return rewrite(p, loadRules.simplify(), fold, integers, conditions, products, sums, reductions)
}

func stabilise(p *ir.Program) error {
	return rewrite(p, loadRules.stabilise(), fold, pureCustom)
}

// fold evaluates operators on numbers, where the result is a number that
// does not surprise: no NaN, no infinity, no underflow.
func fold(r *rewriter, e *ir.Expr) *ir.Expr {
	if e.Kind != ir.KCall || e.Op.Eval == nil {
		return nil
	}
	var v [2]float64
	for k, x := range e.Args {
		if x.Kind != ir.KConst || x.Type != ir.Real {
			return nil
		}
		v[k] = x.Val
	}
	y := e.Op.Eval(v[0], v[1])
	switch {
	case e.Type == ir.Bool:
		return r.Bool(y != 0)
	case e.Type == ir.Real && !math.IsNaN(y) && !math.IsInf(y, 0) && (y == 0 || math.Abs(y) > 1e-300):
		return r.Const(y)
	case e.IsCall(ir.Neg):
		return r.Const(y)
	}
	return nil
}

// conditions is a native rewriting of boolean algebra: what a condition says
// is used in what stands beside it.
func conditions(r *rewriter, e *ir.Expr) *ir.Expr {
	switch {
	case e.IsCall(ir.Not) && e.Args[0].Kind == ir.KCall && e.Args[0].Op.Class == ir.Compare && e.Args[0].Args[0].Type == ir.Int:
		// Integers are ordered totally, so the opposite is a comparison too.
		c := e.Args[0]
		return r.call(opposite[c.Op], c.Args...)
	case e.IsCall(ir.And), e.IsCall(ir.Or):
		if longer(e, maxTerms, e.Op) {
			return nil
		}
		parts := operands(e.Op, e, nil)
		seen := map[*ir.Expr]bool{}
		var kept []*ir.Expr
		for _, x := range parts {
			if !seen[x] {
				seen[x] = true
				kept = append(kept, x)
			}
		}
		if len(kept) < len(parts) {
			return r.join(e.Op, kept)
		}
	case e.Kind == ir.KIf:
		for k := 1; k <= 2; k++ {
			if x := e.Args[k]; x.Kind == ir.KIf {
				if v, ok := r.implies(e.Args[0], k == 1, x.Args[0]); ok {
					args := []*ir.Expr{e.Args[0], e.Args[1], e.Args[2]}
					args[k] = x.Args[2]
					if v {
						args[k] = x.Args[1]
					}
					return r.cond(args[0], args[1], args[2])
				}
			}
		}
	}
	return nil
}

// implies is what a condition on integers says of another one.
func (r *rewriter) implies(g *ir.Expr, positive bool, h *ir.Expr) (value, known bool) {
	if h.Kind != ir.KCall || h.Op.Class != ir.Compare || h.Args[0].Type != ir.Int {
		return false, false
	}
	if !positive {
		g = r.Call(ir.Not, g)
	}
	defer r.assume(g)()
	return r.compare(h.Op, h.Args[0], h.Args[1])
}

var opposite = map[*ir.Operator]*ir.Operator{ir.Lt: ir.Ge, ir.Ge: ir.Lt, ir.Gt: ir.Le, ir.Le: ir.Gt, ir.Eq: ir.Ne, ir.Ne: ir.Eq}

// operands are the parts of a chain of one operator, from left to right.
func operands(op *ir.Operator, e *ir.Expr, out []*ir.Expr) []*ir.Expr {
	if e.IsCall(op) {
		return operands(op, e.Args[1], operands(op, e.Args[0], out))
	}
	return append(out, e)
}

// join is the chain of op over parts, which are not empty.
func (r *rewriter) join(op *ir.Operator, parts []*ir.Expr) *ir.Expr {
	e := parts[0]
	for _, x := range parts[1:] {
		e = r.call(op, e, x)
	}
	return e
}

// expand replaces functions with derivatives of their own by their values, and
// makes the formulas stable that differentiation has made.
func expand(p *ir.Program) error {
	for _, a := range p.Defs {
		found := false
		for _, e := range a.Exprs() {
			ir.Walk(e, func(x *ir.Expr) bool { found = found || x.Kind == ir.KCustom; return !found })
		}
		if found {
			a.Rewrite(p.Builder, func(e *ir.Expr) *ir.Expr { return apply(p.Builder, e) })
		}
	}
	return rewrite(p, loadRules.stabilise(), fold, norms)
}

// apply is a call of a custom function as its value.
func apply(b *ir.Builder, e *ir.Expr) *ir.Expr {
	for e.Kind == ir.KCustom {
		e = b.Apply(b.Map(e.Fn.Value, func(x *ir.Expr) *ir.Expr { return apply(b, x) }), e.Args)
	}
	return e
}

// pureCustom replaces a custom function that says what the operator table
// says: fn sigmoid(z) -> s = 1/(1 + exp(-z)) deriv z: s*sigmoid(-z).
func pureCustom(r *rewriter, e *ir.Expr) *ir.Expr {
	if e.Kind != ir.KCustom || len(e.Args) != 1 {
		return nil
	}
	op, known := r.customs[e.Fn]
	if !known {
		op = r.operatorOf(e.Fn)
	}
	if op == nil {
		return nil
	}
	return r.call(op, e.Args[0])
}

// operatorOf is the operator that has the value and the derivative of fn. The
// derivative may be in terms of fn itself, which is taken to be the operator
// while that is compared.
func (r *rewriter) operatorOf(fn *ir.Custom) *ir.Operator {
	r.customs[fn] = nil
	v := r.trial().expr(fn.Value)
	x := r.Param(0)
	if v.Kind != ir.KCall || v.Op.Arity != 1 || v.Args[0] != x || v.Op.Flat(0) {
		return nil
	}
	r.customs[fn] = v.Op
	if d := fn.Partials[0]; d != nil && r.trial().expr(d) != r.trial().expr(r.Partial(v.Op, 0, r.Param(1), x)) {
		r.customs[fn] = nil
	}
	return r.customs[fn]
}

// trial is a rewriter with the rules of r that has seen nothing yet.
func (r *rewriter) trial() *rewriter {
	t := *r
	t.reset()
	return &t
}
