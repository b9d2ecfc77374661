package pass

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// term is one term of a sum: ± e, and e taken apart.
type term struct {
	neg bool
	e   *ir.Expr
	p   product
}

const maxTerms = 256

// sums is a native rewriting: equal terms of a sum are counted, numbers added
// up, a common divisor 1/N pulled out, and a negative factor becomes a minus
// sign. Without such a reason a sum keeps its order, and a difference its
// parentheses, which people choose for accuracy.
//
// Terms of opposite sign are not cancelled: at infinity their difference is
// NaN.
func sums(r *rewriter, e *ir.Expr) *ir.Expr {
	if e.Type != ir.Real || !e.IsCall(ir.Add) && !e.IsCall(ir.Sub) {
		return nil
	}
	// Here the arguments are normal, so only the last term can be negative.
	if y := e.Args[1]; y.Kind == ir.KConst || y.IsCall(ir.Mul) || y.IsCall(ir.Div) || y.IsCall(ir.Neg) {
		if p := r.product(y); p.whole && p.num < 0 {
			p.num = -p.num
			op := ir.Sub
			if e.IsCall(ir.Sub) {
				op = ir.Add
			}
			return r.call(op, e.Args[0], r.build(p))
		}
	}
	if y := e.Args[1]; e.IsCall(ir.Add) && y.IsCall(ir.Add) { // sums lean to the left
		return r.call(ir.Add, r.call(ir.Add, e.Args[0], y.Args[0]), y.Args[1])
	}
	if longer(e, maxTerms, ir.Add, ir.Sub) {
		return nil
	}
	ts := r.terms(e, false, nil)
	if len(ts) > maxTerms {
		return nil
	}
	merged := r.collect(ts)
	if out := r.divide(merged); out != nil {
		return out
	}
	if len(merged) < len(ts) {
		return r.total(merged)
	}
	return nil
}

// longer reports whether a chain leans to the left for more than n operators.
// Who looks at a whole chain at each of its operators asks, since chains may be
// of thousands.
func longer(e *ir.Expr, n int, ops ...*ir.Operator) bool {
	for e.Kind == ir.KCall && slices.Contains(ops, e.Op) {
		if n--; n < 0 {
			return true
		}
		e = e.Args[0]
	}
	return false
}

func (r *rewriter) terms(e *ir.Expr, neg bool, out []term) []term {
	switch {
	case len(out) > maxTerms:
		return out
	case e.IsCall(ir.Add):
		return r.terms(e.Args[1], neg, r.terms(e.Args[0], neg, out))
	case e.IsCall(ir.Sub):
		return r.terms(e.Args[1], !neg, r.terms(e.Args[0], neg, out))
	case e.IsCall(ir.Neg):
		return r.terms(e.Args[0], !neg, out)
	}
	t := term{neg: neg, e: e, p: r.product(e)}
	if e.IsConst(0) {
		t.p = product{den: 1, whole: true} // as a product it is not taken apart
	}
	if t.p.num < 0 {
		t.p.num, t.neg = -t.p.num, !t.neg
	}
	return append(out, t)
}

// collect merges terms of one sign that differ in their numbers only.
func (r *rewriter) collect(ts []term) []term {
	type key struct {
		neg  bool
		core *ir.Expr
	}
	at := map[key]int{}
	var out []term
	for _, t := range ts {
		core := t.p
		core.num, core.den = 1, 1
		k := key{t.neg, r.build(core)}
		if len(t.p.f) == 0 && len(t.p.up) == 0 && len(t.p.down) == 0 && !small(t) {
			out = append(out, t)
			continue
		}
		if i, ok := at[k]; ok {
			o := &out[i]
			sum := product{num: o.p.num*t.p.den + t.p.num*o.p.den, den: o.p.den * t.p.den, whole: true,
				up: o.p.up, down: o.p.down, f: o.p.f}
			sum.reduce()
			o.p, o.e = sum, r.build(sum)
			continue
		}
		at[k] = len(out)
		out = append(out, t)
	}
	return r.numbers(out)
}

// small reports whether a number is a whole one that adds exactly to others.
func small(t term) bool {
	return t.p.den == 1 && t.p.num == float64(int64(t.p.num)) && t.p.num < 1<<20
}

// numbers cancels whole numbers of opposite sign: 1 - (1 - x) is x.
func (r *rewriter) numbers(ts []term) []term {
	first := -1
	for i := 0; i < len(ts); i++ {
		t := ts[i]
		if t.e.Kind != ir.KConst || !small(t) {
			continue
		}
		if first < 0 {
			first = i
			continue
		}
		v := signed(ts[first]) + signed(t)
		ts = slices.Delete(slices.Clone(ts), i, i+1)
		if v == 0 && len(ts) > 1 {
			return slices.Delete(ts, first, first+1)
		}
		ts[first] = term{neg: v < 0, e: r.Const(max(v, -v)), p: product{num: max(v, -v), den: 1, whole: true}}
		i--
	}
	return ts
}

func signed(t term) float64 {
	if t.neg {
		return -t.p.num
	}
	return t.p.num
}

// divide pulls out a divisor that all terms have: a/N - b/N is (a - b)/N. A
// term `if g then a/N else 0` has it too. N is not 0 where elements exist.
func (r *rewriter) divide(ts []term) *ir.Expr {
	if len(ts) < 2 {
		return nil
	}
	inner := make([]product, len(ts))
	signs := make([]bool, len(ts))
	arms := false
	for k, t := range ts {
		inner[k], signs[k] = t.p, t.neg
		if g := t.e; g.Kind == ir.KIf && g.Args[2].IsConst(0) {
			p := r.product(g.Args[1])
			if p.num < 0 {
				p.num, signs[k] = -p.num, !signs[k]
			}
			inner[k] = p
			arms = arms || !p.whole || signs[k] != t.neg
		}
		if p := inner[k]; !p.whole || !slices.Equal(p.down, inner[0].down) || p.den != inner[0].den {
			return r.arms(ts)
		}
	}
	down, den := inner[0].down, inner[0].den
	if len(down) == 0 && den == 1 {
		return r.arms(ts)
	}
	out := make([]term, len(ts))
	for k, p := range inner {
		p.down, p.den = nil, 1
		x := r.build(p)
		if g := ts[k].e; g.Kind == ir.KIf && g.Args[2].IsConst(0) {
			x = r.cond(g.Args[0], x, r.Const(0))
		}
		out[k] = term{neg: signs[k], e: x, p: r.product(x)}
	}
	x := r.total(out)
	by := product{num: 1, den: den, down: down, f: []factor{{e: x}}, whole: true}
	return r.node(r.build(by))
}

// arms writes x + (if g then -y else 0) as x - (if g then y else 0).
func (r *rewriter) arms(ts []term) *ir.Expr {
	changed := false
	out := slices.Clone(ts)
	for k, t := range ts {
		if t.e.Kind != ir.KIf || !t.e.Args[2].IsConst(0) {
			continue
		}
		if p := r.product(t.e.Args[1]); p.whole && p.num < 0 {
			p.num = -p.num
			x := r.cond(t.e.Args[0], r.build(p), r.Const(0))
			out[k] = term{!t.neg, x, r.product(x)}
			changed = true
		}
	}
	if !changed {
		return nil
	}
	return r.total(out)
}

// total adds terms up, a positive one first.
func (r *rewriter) total(ts []term) *ir.Expr {
	if k := slices.IndexFunc(ts, func(t term) bool { return !t.neg }); k > 0 {
		ts = slices.Concat(ts[k:k+1], ts[:k], ts[k+1:])
	}
	var e *ir.Expr
	for _, t := range ts {
		x := t.e
		if t.p.whole {
			x = r.build(t.p)
		}
		switch {
		case e == nil && t.neg:
			e = r.call(ir.Neg, x)
		case e == nil:
			e = x
		case t.neg:
			e = r.call(ir.Sub, e, x)
		default:
			e = r.call(ir.Add, e, x)
		}
	}
	if e == nil {
		return r.Const(0)
	}
	return e
}
