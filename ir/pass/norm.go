package pass

import (
	"math"

	"github.com/nnc-lang/nnc/ir"
)

// norms is a native rewriting of the 2-norm to a form whose squares neither
// overflow nor underflow:
//
//	root(sum[i] x^2)  =>  if 0 < m and m < inf then m*root(sum[i] (x/m)^2) else m
//
// with m the largest |x|, or 0 where there is none. It is for values only:
// after differentiation, which knows the norm by its short form.
func norms(r *rewriter, e *ir.Expr) *ir.Expr {
	if !e.IsCall(ir.Root) {
		return nil
	}
	arg := e.Args[0]
	if arg.Kind == ir.KRead {
		if arg = r.behind(arg); arg == nil {
			return nil
		}
	}
	s := core(arg)
	if s == nil || !s.Args[0].IsCall(ir.Pow) || !s.Args[0].Args[1].IsConst(2) {
		return nil
	}
	o := r.open(s)
	x := o.body.Args[0]
	zero, inf := r.Const(0), r.Const(math.Inf(1))
	m := r.Reduce(ir.MaxOver, o.binders, r.Call(abs, x))
	if !r.nonempty(o.binders) {
		m = r.Call(ir.Max, m, zero)
	}
	ok := r.Call(ir.And, r.Call(ir.Lt, zero, m), r.Call(ir.Lt, m, inf))
	scaled := r.Reduce(ir.Sum, o.binders, r.Call(ir.Pow, r.Call(ir.Div, x, m), r.Const(2)))
	arg, ok2 := r.swap(arg, s, scaled)
	if !ok2 {
		return nil
	}
	return r.If(ok, r.Call(ir.Mul, m, r.Call(ir.Root, arg)), m)
}

var abs = ir.Lookup("abs")

// swap replaces the reduction s in e, if numbers and sizes are all there is
// around it.
func (r *rewriter) swap(e, s, by *ir.Expr) (*ir.Expr, bool) {
	if e == s {
		return by, true
	}
	if !e.IsCall(ir.Mul) && !e.IsCall(ir.Div) {
		return nil, false
	}
	for k, x := range e.Args {
		if x.Reduces() {
			y, ok := r.swap(x, s, by)
			args := []*ir.Expr{e.Args[0], e.Args[1]}
			args[k] = y
			if !ok {
				return nil, false
			}
			return r.Rebuild(e, args), true
		}
	}
	return nil, false
}
