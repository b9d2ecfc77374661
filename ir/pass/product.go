package pass

import (
	"math"
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// product is a product or quotient taken apart:
//
//	num/den * up[0]*up[1]… / (down[0]*…) * f[0]^±1 * f[1]^±1 …
//
// where num and den are numbers, up and down are sizes (integers made of dims
// only), and f keeps the order of the source. A denominator that is itself a
// product stays one factor, so that no division is added.
type product struct {
	num, den float64
	up, down []*ir.Expr // integers
	f        []factor
	whole    bool // taken apart
}

type factor struct {
	e   *ir.Expr
	inv bool
}

const maxFactors = 64

// products is a native rewriting: the normal form of a product is one number
// in front, the minus sign outermost, sizes at the end, squares as powers.
func products(r *rewriter, e *ir.Expr) *ir.Expr {
	if e.Type != ir.Real || !e.IsCall(ir.Mul) && !e.IsCall(ir.Div) && !e.IsCall(ir.Neg) {
		return nil
	}
	if e.IsCall(ir.Neg) && (e.Args[0].IsCall(ir.Add) || e.Args[0].IsCall(ir.Sub)) {
		return nil // the rules know
	}
	p := r.product(e)
	if !p.whole {
		return nil
	}
	return r.build(p)
}

// product takes e apart.
func (r *rewriter) product(e *ir.Expr) product {
	p := product{num: 1, den: 1, whole: true}
	if longer(e, 2*maxFactors, ir.Mul, ir.Div) {
		return product{num: 1, den: 1, f: []factor{{e: e}}}
	}
	r.factors(&p, e)
	if !ordinary(p.num) || !ordinary(p.den) || p.num == 0 || len(p.f) > maxFactors {
		return product{num: 1, den: 1, f: []factor{{e: e}}}
	}
	p.reduce()
	r.pairs(&p)
	return p
}

func (r *rewriter) factors(p *product, e *ir.Expr) {
	switch {
	case e.Kind == ir.KConst && ordinary(e.Val) && e.Val != 0:
		p.num *= e.Val
	case e.IsCall(ir.Neg):
		p.num = -p.num
		r.factors(p, e.Args[0])
	case e.IsCall(ir.Mul) && e.Args[0].Kind == ir.KConst && e.Args[1].Kind == ir.KConst && !ordinary(e.Args[0].Val*e.Args[1].Val):
		p.f = append(p.f, factor{e: e}) // inf*0 is no derivative of 0
	case e.IsCall(ir.Mul):
		r.factors(p, e.Args[0])
		r.factors(p, e.Args[1])
	case e.IsCall(ir.Div):
		r.factors(p, e.Args[0])
		q := r.product(e.Args[1])
		p.num *= q.den
		p.den *= q.num
		p.up = append(p.up, q.down...)
		p.down = append(p.down, q.up...)
		if x := r.chain(q.f); x != nil {
			p.f = append(p.f, factor{x, true})
		}
	case isSize(e):
		size, n := r.content(e.Args[0])
		p.num *= n
		if !size.IsConst(1) {
			p.up = append(p.up, size)
		}
	default:
		p.f = append(p.f, factor{e: e})
	}
}

// reduce cancels numbers, sizes, and nothing that could be 0 or infinite.
func (p *product) reduce() {
	if p.den < 0 {
		p.num, p.den = -p.num, -p.den
	}
	if n, d := math.Abs(p.num), p.den; n == math.Trunc(n) && d == math.Trunc(d) && n < 1<<53 && d < 1<<53 {
		g := n
		for m := d; m != 0; {
			g, m = m, math.Mod(g, m)
		}
		p.num, p.den = p.num/g, p.den/g
	} else if p.den != 1 && math.Abs(p.num) != 1 {
		p.num, p.den = p.num/p.den, 1
	}
	if inv := 1 / p.num; len(p.down) > 0 && p.den == 1 && math.Abs(inv) > 1 && inv == math.Trunc(inv) && p.num*inv == 1 {
		p.num, p.den = math.Copysign(1, inv), math.Abs(inv) // x/(4*N), not 0.25*x/N
	}
	for i := 0; i < len(p.up); i++ {
		if k := slices.Index(p.down, p.up[i]); k >= 0 {
			p.down = slices.Delete(slices.Clone(p.down), k, k+1)
			p.up = slices.Delete(slices.Clone(p.up), i, i+1)
			i--
		}
	}
}

// content takes the common number out of a size: 200*N is 200 times N.
func (r *rewriter) content(e *ir.Expr) (*ir.Expr, float64) {
	poly := slices.Clone(r.PolyOf(e))
	g := int64(0)
	for _, t := range poly {
		for m := t.Coef; m != 0; {
			g, m = m, g%m
		}
	}
	if g < 0 {
		g = -g
	}
	if g < 2 || !ordinary(float64(g)) {
		return e, 1
	}
	for k := range poly {
		poly[k].Coef /= g
	}
	return r.FromPoly(poly), float64(g)
}

// pairs writes x*x as x^2, and x/sqrt(v)/sqrt(v) as x/v where v is not
// negative.
func (r *rewriter) pairs(p *product) {
	for i := 0; i < len(p.f); i++ {
		x := p.f[i]
		root := (x.e.IsCall(ir.Sqrt) || x.e.IsCall(ir.Root)) && r.facts.Of(x.e.Args[0]).Lo >= 0
		if x.inv && !root {
			continue
		}
		for j := i + 1; j < len(p.f); j++ {
			if p.f[j] != x {
				continue
			}
			p.f = slices.Delete(slices.Clone(p.f), j, j+1)
			if root {
				p.f[i].e = x.e.Args[0]
			} else {
				p.f[i].e = r.call(ir.Pow, x.e, r.Const(2))
			}
			break
		}
	}
}

// chain multiplies and divides factors from left to right, a numerator first;
// nil if there are none.
func (r *rewriter) chain(f []factor) *ir.Expr {
	if k := slices.IndexFunc(f, func(x factor) bool { return !x.inv }); k > 0 {
		f = slices.Concat(f[k:k+1], f[:k], f[k+1:])
	}
	var e *ir.Expr
	for _, x := range f {
		switch {
		case e == nil && x.inv:
			e = r.Call(ir.Div, r.Const(1), x.e)
		case e == nil:
			e = x.e
		case x.inv:
			e = r.Call(ir.Div, e, x.e)
		default:
			e = r.Call(ir.Mul, e, x.e)
		}
	}
	return e
}

// build is the normal form of a product.
func (r *rewriter) build(p product) *ir.Expr {
	num, den := p.num, p.den
	neg := num == -1 && (len(p.f) > 0 || len(p.up) > 0)
	if neg {
		num = 1
	}
	f := p.f
	if len(p.up) > 0 {
		f = slices.Concat([]factor{{e: r.Real(r.ints(p.up))}}, f)
	}
	if den != 1 && len(p.down) == 0 {
		// 2*r is one divisor: x/(2*r).
		for k := len(f) - 1; k >= 0; k-- {
			if f[k].inv {
				f = slices.Clone(f)
				f[k].e = r.call(ir.Mul, r.Const(den), f[k].e)
				den = 1
				break
			}
		}
	}
	if num != 1 {
		f = slices.Concat([]factor{{e: r.Const(num)}}, f)
	}
	e := r.chain(f)
	if e == nil {
		e = r.Const(1)
	}
	switch {
	case len(p.down) > 0:
		d := r.ints(p.down)
		if den == math.Trunc(den) && den < 1<<53 {
			d, den = r.Call(ir.Mul, r.Int(int64(den)), d), 1
		}
		e = r.Call(ir.Div, e, r.Real(d))
		if den != 1 {
			e = r.Call(ir.Div, e, r.Const(den))
		}
	case den != 1:
		e = r.Call(ir.Div, e, r.Const(den))
	}
	if neg {
		e = r.Call(ir.Neg, e)
	}
	return e
}

// ints is the product of integers.
func (r *rewriter) ints(xs []*ir.Expr) *ir.Expr {
	e := r.Int(1)
	for _, x := range xs {
		e = r.Call(ir.Mul, e, x)
	}
	return e
}
