package pass

import (
	"math"
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// reductions is a native rewriting of reductions.
func reductions(r *rewriter, e *ir.Expr) *ir.Expr {
	if e.Kind != ir.KReduce {
		return nil
	}
	o := r.open(e)
	for _, f := range []func(*ir.Expr, opened) *ir.Expr{r.nothing, r.one, r.merge, r.hoistIf, r.oneHot, r.bounded, r.constant, r.scale} {
		if out := f(e, o); out != nil && out != e {
			return out
		}
	}
	return nil
}

// nothing: over a range that is empty is what the reduction begins with.
func (r *rewriter) nothing(e *ir.Expr, o opened) *ir.Expr {
	for _, bd := range o.binders {
		if n := r.Call(ir.Sub, bd.Hi, bd.Lo); n.Kind != ir.KConst || n.N > 0 {
			continue
		}
		switch empty := e.Red.Empty; {
		case e.Type == ir.Real:
			return r.Const(empty)
		case e.Type == ir.Bool:
			return r.Bool(empty != 0)
		case !math.IsInf(empty, 0):
			return r.Int(int64(empty))
		}
	}
	return nil
}

// one: an index with a single value is that value.
func (r *rewriter) one(e *ir.Expr, o opened) *ir.Expr {
	for k, bd := range o.binders {
		if !r.Call(ir.Sub, bd.Hi, bd.Lo).IsConst(1) {
			continue
		}
		sub := map[ir.Index]*ir.Expr{bd.Idx: bd.Lo}
		body := r.Subst(o.body, sub)
		switch {
		case len(o.binders) > 1 && (e.Red == ir.ArgMax || e.Red == ir.ArgMin):
			return nil
		case e.Red == ir.ArgMax || e.Red == ir.ArgMin:
			return bd.Lo
		case len(o.binders) == 1:
			return r.expr(body)
		}
		rest := slices.Delete(slices.Clone(o.binders), k, k+1)
		for j := range rest {
			rest[j].Lo, rest[j].Hi = r.Subst(rest[j].Lo, sub), r.Subst(rest[j].Hi, sub)
		}
		r.enter(rest)
		return r.reduce(e.Red, rest, r.expr(body))
	}
	return nil
}

// merge: sum[i] sum[j] x is sum[i,j] x.
func (r *rewriter) merge(e *ir.Expr, o opened) *ir.Expr {
	if !o.body.IsReduce(e.Red) || e.Red == ir.ArgMax || e.Red == ir.ArgMin {
		return nil
	}
	// The inner reduction may occur elsewhere, so its indices are made anew.
	bs, body := r.Open(o.body)
	r.enter(bs)
	return r.reduce(e.Red, slices.Concat(o.binders, bs), r.expr(body))
}

// hoistIf: sum[i] (if g then x else y) asks g once if it is free of i, and can
// be asked where there is no i.
func (r *rewriter) hoistIf(e *ir.Expr, o opened) *ir.Expr {
	if o.body.Kind != ir.KIf || e.Red == ir.ArgMax || e.Red == ir.ArgMin {
		return nil
	}
	g := o.body.Args[0]
	for _, bd := range o.binders {
		if g.Depends(bd.Idx) {
			return nil
		}
	}
	if g.ReadsAny() && !r.nonempty(o.binders) && !r.safe(g) {
		return nil
	}
	return r.cond(g, r.reduce(e.Red, o.binders, o.body.Args[1]), r.reduce(e.Red, o.binders, o.body.Args[2]))
}

// oneHot: sum[i in lo..hi] (if i == e and g then x else 0) is the one element
// x at i = e, if e is in the range.
func (r *rewriter) oneHot(e *ir.Expr, o opened) *ir.Expr {
	if e.Red != ir.Sum || o.body.Kind != ir.KIf || !o.body.Args[2].IsConst(0) {
		return nil
	}
	conds := operands(ir.And, o.body.Args[0], nil)
	for c, cond := range conds {
		if !cond.IsCall(ir.Eq) || cond.Args[0].Type != ir.Int {
			continue
		}
		for k, bd := range o.binders {
			at := r.solve(cond, bd.Idx)
			if at == nil || blocked(o.binders[k+1:], bd.Idx, at) {
				continue
			}
			sub := map[ir.Index]*ir.Expr{bd.Idx: at}
			// What stands in front may keep the reads in at inside; what is about
			// the index is asked where that is in its range.
			first := slices.IndexFunc(conds, func(x *ir.Expr) bool { return x.Depends(bd.Idx) })
			guard := r.Bool(true)
			for _, x := range slices.Concat(conds[:first], []*ir.Expr{r.call(ir.Ge, at, bd.Lo), r.call(ir.Lt, at, bd.Hi)}, conds[first:c], conds[c+1:]) {
				guard = r.And(guard, r.Subst(x, sub))
			}
			rest := slices.Delete(slices.Clone(o.binders), k, k+1)
			body := r.expr(r.If(guard, r.Subst(o.body.Args[1], sub), r.zero(e)))
			if len(rest) == 0 {
				return body
			}
			return r.reduce(e.Red, rest, body)
		}
	}
	return nil
}

// And is both conditions, the constant ones folded.
func (r *rewriter) And(x, y *ir.Expr) *ir.Expr { return r.Call(ir.And, x, y) }

func (r *rewriter) zero(e *ir.Expr) *ir.Expr {
	if e.Type == ir.Int {
		return r.Int(0)
	}
	return r.Const(0)
}

// blocked reports whether moving index i to the value at would need one of the
// binders that come behind it.
func blocked(behind []ir.Binder, i ir.Index, at *ir.Expr) bool {
	for _, bd := range behind {
		if at.Depends(bd.Idx) || bd.Lo.Depends(i) || bd.Hi.Depends(i) {
			return true
		}
	}
	return false
}

// solve is e such that an equation of integers says i == e, or nil.
func (r *rewriter) solve(eq *ir.Expr, i ir.Index) *ir.Expr {
	d := r.Call(ir.Sub, eq.Args[0], eq.Args[1])
	coef, rest, ok := r.Affine(d, []ir.Index{i})
	if !ok || rest.Depends(i) {
		return nil
	}
	switch c := coef[i]; {
	case c == nil:
		return nil
	case c.IsConst(1):
		return r.Call(ir.Neg, rest)
	case c.IsConst(-1):
		return rest
	}
	return nil
}

// bounded: a condition that an index is below or above a size is a range.
// Bounds that depend on other indices stay conditions, so that a contraction
// keeps its rectangular domain.
func (r *rewriter) bounded(e *ir.Expr, o opened) *ir.Expr {
	if e.Red != ir.Sum || o.body.Kind != ir.KIf || !o.body.Args[2].IsConst(0) {
		return nil
	}
	conds := operands(ir.And, o.body.Args[0], nil)
	for c, cond := range conds {
		if cond.Kind != ir.KCall || cond.Op.Class != ir.Compare || cond.Args[0].Type != ir.Int {
			continue
		}
		for k, bd := range o.binders {
			lo, hi := r.interval(cond, bd)
			if lo == nil || len(lo.Free())+len(hi.Free()) > 0 || lo.ReadsAny() || hi.ReadsAny() {
				continue
			}
			bs := slices.Clone(o.binders)
			bs[k].Lo, bs[k].Hi = lo, hi
			// The range is another one, so the index is another one.
			t := r.Temp(bd.Name)
			bs[k].Idx = t
			rest := slices.Delete(slices.Clone(conds), c, c+1)
			body := o.body.Args[1]
			if len(rest) > 0 {
				body = r.If(r.join(ir.And, rest), body, r.zero(e))
			}
			sub := map[ir.Index]*ir.Expr{bd.Idx: r.Idx(t)}
			for j := k + 1; j < len(bs); j++ {
				bs[j].Lo, bs[j].Hi = r.Subst(bs[j].Lo, sub), r.Subst(bs[j].Hi, sub)
			}
			r.enter(bs)
			return r.reduce(e.Red, bs, r.expr(r.Subst(body, sub)))
		}
	}
	return nil
}

// interval is the part of bd's range in which a comparison holds, if it is
// provably a range inside.
func (r *rewriter) interval(cond *ir.Expr, bd ir.Binder) (lo, hi *ir.Expr) {
	x, y, op := cond.Args[0], cond.Args[1], cond.Op
	d := r.Call(ir.Sub, x, y) // coef*i + rest
	coef, rest, ok := r.Affine(d, []ir.Index{bd.Idx})
	if !ok || coef[bd.Idx] == nil || rest.Depends(bd.Idx) {
		return nil, nil
	}
	one := r.Int(1)
	at := rest // i op at
	switch {
	case coef[bd.Idx].IsConst(1):
		at = r.Call(ir.Neg, rest)
	case coef[bd.Idx].IsConst(-1):
		op = mirrored[op]
	default:
		return nil, nil
	}
	lo, hi = bd.Lo, bd.Hi
	switch op {
	case ir.Lt:
		hi = at
	case ir.Le:
		hi = r.Call(ir.Add, at, one)
	case ir.Ge:
		lo = at
	case ir.Gt:
		lo = r.Call(ir.Add, at, one)
	default:
		return nil, nil
	}
	ge := func(a, b *ir.Expr) bool { return r.nonneg(r.Call(ir.Sub, a, b)) }
	if lo == bd.Lo && (!ge(bd.Hi, hi) || !ge(hi, lo)) || hi == bd.Hi && (!ge(lo, bd.Lo) || !ge(hi, lo)) {
		return nil, nil
	}
	return lo, hi
}

var mirrored = map[*ir.Operator]*ir.Operator{ir.Lt: ir.Gt, ir.Gt: ir.Lt, ir.Le: ir.Ge, ir.Ge: ir.Le}

// constant: a sum of equal terms is a product, where the number of terms is
// known not to be 0 or the term is a finite number.
func (r *rewriter) constant(e *ir.Expr, o opened) *ir.Expr {
	for _, bd := range o.binders {
		if o.body.Depends(bd.Idx) {
			return nil
		}
	}
	full := r.nonempty(o.binders)
	if full && (e.Red == ir.MaxOver || e.Red == ir.MinOver || e.Red == ir.Any || e.Red == ir.All) {
		return o.body
	}
	if e.Red != ir.Sum || e.Type != ir.Real {
		return nil
	}
	if o.body.IsConst(0) {
		return o.body
	}
	n := r.Int(1)
	for _, bd := range o.binders {
		size := r.Call(ir.Sub, bd.Hi, bd.Lo)
		if len(size.Free()) > 0 || !r.nonneg(size) {
			return nil
		}
		n = r.Call(ir.Mul, n, size)
	}
	if full || o.body.Kind == ir.KConst && ordinary(o.body.Val) {
		return r.call(ir.Mul, r.Real(n), o.body)
	}
	return nil
}

// scale: sum[i] c*x is c*sum[i] x. What is pulled out is a number, a positive
// size, a minus sign, and over a range that is not empty any factor that does
// not depend on its indices: a non-finite factor then gives a non-finite sum
// on both sides. One that is known to be infinite stays, such as 1/0: Σ inf*x is
// NaN where one x is 0.
func (r *rewriter) scale(e *ir.Expr, o opened) *ir.Expr {
	if e.Red != ir.Sum || e.Type != ir.Real {
		return nil
	}
	p := r.product(o.body)
	if !p.whole {
		return nil
	}
	full := r.nonempty(o.binders)
	out := product{num: p.num, den: p.den, up: p.up, whole: true}
	in := product{num: 1, den: 1, whole: true}
	for _, d := range p.down {
		if r.nonneg(r.Call(ir.Sub, d, r.Int(1))) || r.divides(d) {
			out.down = append(out.down, d)
		} else {
			in.down = append(in.down, d)
		}
	}
	for _, f := range p.f {
		free := full && f.e.Kind != ir.KConst
		for _, bd := range o.binders {
			free = free && !f.e.Depends(bd.Idx)
		}
		if free {
			out.f = append(out.f, f)
		} else {
			in.f = append(in.f, f)
		}
	}
	if out.num == 1 && out.den == 1 && len(out.f)+len(out.up)+len(out.down) == 0 || len(in.f) == 0 {
		return nil
	}
	s := r.reduce(e.Red, o.binders, r.node(r.build(in)))
	q := r.product(s)
	out.num, out.den = out.num*q.num, out.den*q.den
	out.f, out.up, out.down = append(out.f, q.f...), append(out.up, q.up...), append(out.down, q.down...)
	out.reduce()
	return r.node(r.build(out))
}
