package dsl

import (
	"fmt"
	"iter"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// meta is a dim that is solved from use: the dims of a model argument.
func (c *checker) meta(name string) *ir.Expr {
	c.nmeta++
	m := c.Dim(fmt.Sprintf("?%s#%d", name, c.nmeta))
	c.metas[m.Name] = nil
	return m
}

func isMeta(e *ir.Expr) bool { return e.Kind == ir.KDim && strings.HasPrefix(e.Name, "?") }

// resolve replaces solved dims.
func (c *checker) resolve(e *ir.Expr) *ir.Expr {
	if len(c.metas) == 0 {
		return e
	}
	return c.Map(e, func(x *ir.Expr) *ir.Expr {
		if isMeta(x) {
			if to := c.metas[x.Name]; to != nil {
				return c.resolve(to)
			}
		}
		return x
	})
}

// equal reports whether two dims agree, solving for unknown dims.
func (c *checker) equal(x, y *ir.Expr) bool {
	if x == y {
		return true
	}
	x, y = c.resolve(x), c.resolve(y)
	if x == y {
		return true
	}
	for range 2 {
		if isMeta(x) && !mentions(y, x) {
			c.metas[x.Name] = y
			return true
		}
		x, y = y, x
	}
	// linear in one unknown: 2*?L == 8, or N where N % 2 == 0, or floor(?C/4) == 2 where ?C % 4 == 0
	d := c.Call(ir.Sub, x, y)
	for _, z := range c.zeros {
		if z = c.resolve(z); z.IsCall(ir.Mod) && mentions(d, c.Call(ir.IDiv, z.Args[0], z.Args[1])) {
			d = c.multiplied(c.Call(ir.Mul, d, z.Args[1]), z.Args[0], z.Args[1])
		}
	}
	for m, s := range c.solutions(d) {
		q := c.Call(ir.IDiv, s[0], s[1])
		if c.byWhere(c.Call(ir.Sub, c.Call(ir.Mul, q, s[1]), s[0])) {
			c.metas[m.Name] = q
			return true
		}
	}
	return c.byWhere(d)
}

// solutions are the unknown dims in which d is linear, each with the quotient, of
// a dim and a number above 0, that it is where d is 0.
func (c *checker) solutions(d *ir.Expr) iter.Seq2[*ir.Expr, [2]*ir.Expr] {
	return func(yield func(*ir.Expr, [2]*ir.Expr) bool) {
		for _, t := range c.PolyOf(d) {
			if len(t.Atoms) != 1 || !isMeta(t.Atoms[0]) {
				continue
			}
			m, by := t.Atoms[0], c.Int(max(t.Coef, -t.Coef))
			rest := c.Call(ir.Sub, c.Call(ir.Mul, c.Int(t.Coef), m), d)
			if t.Coef < 0 {
				rest = c.Call(ir.Neg, rest)
			}
			if !mentions(rest, m) && !yield(m, [2]*ir.Expr{rest, by}) {
				return
			}
		}
	}
}

func mentions(e, leaf *ir.Expr) bool {
	found := false
	ir.Walk(e, func(x *ir.Expr) bool {
		found = found || x == leaf
		return !found
	})
	return found
}

func (c *checker) sameShape(x, y []*ir.Expr) bool {
	if len(x) != len(y) {
		return false
	}
	for k := range x {
		if !c.equal(x[k], y[k]) {
			return false
		}
	}
	return true
}
