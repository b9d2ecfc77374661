package plan

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// A guard that was moved from a product into one of its factors: the sum of
// `if j <= i then a[i, j]*v[j] else 0` is that of (if j <= i then a[i, j]
// else 0)*v[j], a product of matrices. That is the same only as long as v is
// finite: 0*NaN is NaN, but what a guard does not pick contributes nothing. So
// the product is looked at, and where that is not so it is computed again, by
// loops that take the guard as it stands.
type guard struct {
	cond    *ir.Expr
	factor  *ir.Expr // inside the guard
	moved   *ir.Expr // if cond then factor else 0
	operand *ir.Expr // of the product, that has the guard
}

// guardFactor moves the guard of a whole product into a factor.
func (n *normaliser) guardFactor(body *ir.Expr, all []Dim) (*ir.Expr, *guard) {
	if body.Kind != ir.KIf || !body.Args[2].IsConst(0) || body.Args[1].Kind == ir.KRead {
		return body, nil
	}
	var factors []*ir.Expr
	simple := true
	n.factors(body.Args[1], func(f *ir.Expr, under bool) {
		simple = simple && !under
		factors = append(factors, f)
	})
	if !simple {
		return body, nil
	}
	for k, f := range factors {
		g := &guard{cond: body.Args[0], factor: f, moved: n.If(body.Args[0], f, n.Const(0))}
		if n.window(g.moved, all) == nil && !n.masks(g.cond, f, all) {
			continue
		}
		e := g.moved
		for j, x := range factors {
			if j != k {
				if !safe(n.Builder, x, all) && n.window(x, all) == nil {
					return body, nil
				}
				e = n.Call(ir.Mul, e, x)
			}
		}
		return e, g
	}
	return body, nil
}

// around puts the guard around all of the operand that it is in.
func (g *guard) around(n *normaliser, p *product) {
	for _, e := range []**ir.Expr{&p.a, &p.b} {
		x := n.Map(*e, func(x *ir.Expr) *ir.Expr {
			if x == g.moved {
				return g.factor
			}
			return x
		})
		if x != *e {
			*e = n.If(g.cond, x, n.Const(0))
			g.operand = *e
		}
	}
}

// exact notes what is to be computed where the guard of a product matters, and
// what tells: its other operand or its result, whichever is smaller.
func (c *Contraction) exact(n *normaliser, p *product) {
	if p.guard == nil {
		return
	}
	c.guarded = n.If(p.guard.cond, n.Call(ir.Mul, c.A, c.B), n.Const(0))
	all := slices.Concat(p.free, p.sums)
	other, e := c.B, p.b
	if p.b == p.guard.operand {
		other, e = c.A, p.a
	}
	c.Check = Operand{other.Array, other.Args, freeOf(n.Builder, e, all)}
	if n.count(p.free) < n.count(c.Check.Dims) {
		c.Check = Operand{Dims: p.free}
	}
}

// count is the number of elements over dims; a symbolic size counts as 32.
func (n *normaliser) count(dims []Dim) float64 {
	count := 1.0
	for _, d := range dims {
		if size := n.Call(ir.Sub, d.Hi, d.Lo); size.Kind == ir.KConst {
			count *= float64(size.N)
		} else {
			count *= 32
		}
	}
	return count
}

// exact makes the loops of a product with a guard: one sum for each element,
// in the order of memory.
func (f *fuser) exact(d *Def) {
	c := d.product
	if c.guarded == nil {
		return
	}
	if c.Check.Array == nil {
		c.Check.Array, c.Check.At = d.Array, d.At
	}
	x := &Def{Array: d.Array, Src: d.Src, For: d.For, At: d.At, Body: c.guarded, Red: ir.Sum, Scalar: true, RDims: c.K}
	for _, at := range d.At {
		for _, dims := range [][]Dim{c.Batch, c.M, c.N} {
			for _, dim := range dims {
				if at.Kind == ir.KIndex && at.Idx == dim.Idx {
					x.Dims = append(x.Dims, dim)
				}
			}
		}
	}
	sub := map[ir.Index]*ir.Expr{}
	around := func(dims []Dim, list []Node) []Node {
		for k := len(dims) - 1; k >= 0; k-- {
			dim := dims[k]
			dim.Idx = f.Temp(dim.Name)
			sub[dims[k].Idx] = f.Idx(dim.Idx)
			list = []Node{&Loop{Dim: dim, Body: list}}
		}
		return list
	}
	sum := append([]Node{&Begin{x}}, around(x.RDims, []Node{&Stmt{x}})...)
	c.Exact = around(x.Dims, append(sum, &End{x}))
	x.Body = f.Subst(x.Body, sub)
	x.At = slices.Clone(x.At)
	for k := range x.At {
		x.At[k] = f.Subst(x.At[k], sub)
	}
	Visit(c.Exact, func(n Node) {
		if l, ok := n.(*Loop); ok {
			f.summarise(l)
		}
	})
}
