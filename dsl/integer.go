package dsl

import (
	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// intExpr elaborates an integer where one is wanted: dims, ranges, indices.
// There / is exact and floor(a/b) is an integer.
func (s *scope) intExpr(e syntax.Expr) *ir.Expr {
	v := s.intValue(e)
	if v == nil {
		return nil
	}
	if !v.scalar() {
		s.errorf("NN216", e.At(), "an integer is wanted here, %s is %s", s.source(e.At()), s.shapeText(v.shape))
		return nil
	}
	return v.expr()
}

// intValue is intExpr for an integer array of any shape.
func (s *scope) intValue(e syntax.Expr) *value {
	switch x := syntax.Unparen(e).(type) {
	case *syntax.Binary:
		op := ir.Lookup(x.Op)
		if op == nil || op.Class != ir.Arith && op.Class != ir.IntOnly {
			break
		}
		a, b := s.intExpr(x.X), s.intExpr(x.Y)
		if a == nil || b == nil {
			return nil
		}
		switch {
		case x.Op == "/":
			return s.exactDiv(x, a, b)
		case op == ir.Pow && !s.known(b):
			s.errorf("NN216", e.At(), "an integer is wanted here, and %s may be below 0 as an exponent", s.source(x.Y.At()))
			return nil
		}
		return scalarOf(s.Call(op, a, b))
	case *syntax.Unary:
		if x.Op == "-" {
			if a := s.intExpr(x.X); a != nil {
				return scalarOf(s.Call(ir.Neg, a))
			}
			return nil
		}
	case *syntax.Call:
		if q := floorDiv(x); q != nil {
			a, b := s.intExpr(q.X), s.intExpr(q.Y)
			if a == nil || b == nil {
				return nil
			}
			return scalarOf(s.Call(ir.IDiv, a, b))
		}
		if red, _ := x.Fun.(*syntax.ReducerName); red != nil && (red.Op == "max" || red.Op == "min") && len(x.Args) == 2 {
			a, b := s.intExpr(x.Args[0].Value), s.intExpr(x.Args[1].Value)
			if a == nil || b == nil {
				return nil
			}
			return scalarOf(s.Call(ir.Lookup(red.Op), a, b))
		}
	}
	v := s.array(e)
	if v.kind == badValue {
		return nil
	}
	if v.elem != ir.Int {
		d := diag.New("NN216", e.At(), "an integer is wanted here, %s is %s", s.source(e.At()), v.elem)
		if n, ok := syntax.Unparen(e).(*syntax.Name); ok && v.def.IsValid() {
			d.Note("%s is declared on line %d", n.Name, v.def.Pos.Line)
			if v.scalar() && v.expr().Kind == ir.KConst {
				d.WithHint("a constant without a point or an exponent, as 1000")
			} else {
				d.WithHint("int, or `in K` for integers of 0..K-1")
			}
		}
		s.report(d)
		return nil
	}
	return v
}

// floorDiv is the quotient in floor(a/b), or nil.
func floorDiv(e syntax.Expr) *syntax.Binary {
	c, ok := syntax.Unparen(e).(*syntax.Call)
	if !ok || len(c.Args) != 1 {
		return nil
	}
	if fn, ok := c.Fun.(*syntax.Name); !ok || fn.Name != "floor" {
		return nil
	}
	if q, ok := syntax.Unparen(c.Args[0].Value).(*syntax.Binary); ok && q.Op == "/" {
		return q
	}
	return nil
}

// exactDiv is a/b, which must divide: proved, or told by `where a % b == 0`.
func (s *scope) exactDiv(e *syntax.Binary, a, b *ir.Expr) *value {
	a, b = s.resolve(a), s.resolve(b)
	if b.IsConst(0) {
		s.errorf("NN216", e.Span, "division by zero")
		return nil
	}
	q := s.Call(ir.IDiv, a, b)
	if s.Call(ir.Mul, q, b) == a || s.byWhere(s.Call(ir.Mod, a, b)) {
		return scalarOf(q)
	}
	if a.Kind == ir.KConst && b.Kind == ir.KConst {
		s.errorf("NN216", e.Span, "%s is %d/%d, which is no integer; hint: floor(%s)", s.source(e.Span), a.N, b.N, s.source(e.Span))
		return nil
	}
	if even(s.checker, a, b) {
		return scalarOf(q)
	}
	d := diag.New("NN217", e.Span, "%s must divide: it cannot be shown that %s is a multiple of %s", s.source(e.Span), s.dimText(a), s.dimText(b))
	if len(a.Free())+len(b.Free()) > 0 {
		s.report(d.WithHint("floor(%s); or if %s %% %s == 0 then … else …", s.source(e.Span), s.dimText(a), s.dimText(b)))
	} else {
		s.report(d.WithHint("where %s %% %s == 0, tested when the call binds them; or floor(%s)", s.dimText(a), s.dimText(b), s.source(e.Span)))
	}
	return nil
}

// even recognises products of consecutive integers, j*(j+1)/2.
func even(c *checker, a, b *ir.Expr) bool {
	if !b.IsConst(2) {
		return false
	}
	// a polynomial in one atom with integer values is even everywhere iff it
	// is even at 0 and 1 (its parity depends on the parity of the atom)
	var atoms []*ir.Expr
	for _, t := range c.PolyOf(a) {
		for _, x := range t.Atoms {
			seen := false
			for _, y := range atoms {
				seen = seen || x == y
			}
			if !seen {
				atoms = append(atoms, x)
			}
		}
	}
	if len(atoms) > 6 {
		return false
	}
	for m := range 1 << len(atoms) {
		sum := int64(0)
		for _, t := range c.PolyOf(a) {
			p := t.Coef
			for _, x := range t.Atoms {
				for k, y := range atoms {
					if x == y {
						p *= int64(m >> k & 1)
					}
				}
			}
			sum += p
		}
		if sum%2 != 0 {
			return false
		}
	}
	return true
}
