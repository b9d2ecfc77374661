package pass

import (
	"github.com/nnc-lang/nnc/ir"
)

// integers is a native rewriting: comparisons, div and % that the ranges of
// the indices decide, one way to write the others, and sums of the parts of one.
func integers(r *rewriter, e *ir.Expr) *ir.Expr {
	if e.Kind != ir.KCall || len(e.Args) != 2 || e.Args[0].Type != ir.Int || e.Args[1].Type != ir.Int {
		return nil
	}
	x, y := e.Args[0], e.Args[1]
	switch {
	case e.Op.Class == ir.Compare:
		if v, ok := r.compare(e.Op, x, y); ok {
			return r.Bool(v)
		}
		return r.comparison(e.Op, x, y)
	case e.Op == ir.Add, e.Op == ir.Sub:
		if whole := r.Whole(e); whole != e {
			return whole
		}
	case e.Op == ir.IDiv && r.within(x, r.Int(0), y):
		return r.Int(0)
	case e.Op == ir.Mod && r.within(x, r.Int(0), y):
		return x
	}
	return nil
}

func natural(e *ir.Expr) bool { return e.Kind == ir.KConst && e.N > 0 }

// comparison writes a comparison of one index, or its quotient, with a number in one
// way: the index alone on the left, ranges as i >= lo and i < hi, and where an end of
// the range is excluded or meant, that.
func (r *rewriter) comparison(op *ir.Operator, x, y *ir.Expr) *ir.Expr {
	var left, right ir.Poly
	for _, t := range r.PolyOf(r.Call(ir.Sub, x, y)) {
		if len(t.Atoms) == 0 {
			t.Coef = -t.Coef
			right = append(right, t)
		} else {
			left = append(left, t)
		}
	}
	if len(left) != 1 || len(left[0].Atoms) != 1 {
		return nil
	}
	quotient := left[0].Atoms[0].IsCall(ir.IDiv) && natural(left[0].Atoms[0].Args[1])
	if left[0].Atoms[0].Kind != ir.KIndex && !quotient {
		return nil
	}
	i, c, m := left[0].Atoms[0], r.FromPoly(right), left[0].Coef
	if m < 0 {
		m, c = -m, r.Call(ir.Neg, c)
		if to := mirrored[op]; to != nil {
			op = to
		}
	}
	one := r.Int(1)
	switch op {
	case ir.Gt:
		op, c = ir.Ge, r.Call(ir.Add, c, one)
	case ir.Le:
		op, c = ir.Lt, r.Call(ir.Add, c, one)
	}
	if m > 1 { // m*i ≥ c where i ≥ c/m, rounded up
		if op != ir.Ge && op != ir.Lt {
			return nil
		}
		c = r.Call(ir.IDiv, r.Call(ir.Add, c, r.Int(m-1)), r.Int(m))
	}
	if quotient { // floor(x/n) ≥ c where x ≥ n*c
		if op == ir.Ge || op == ir.Lt {
			return r.call(op, i.Args[0], r.Call(ir.Mul, c, i.Args[1]))
		}
		return nil
	}
	above := r.nonneg(r.Call(ir.Sub, i, c)) // i ≥ c
	below := r.nonneg(r.Call(ir.Sub, c, i))
	switch {
	case op == ir.Ne && above:
		op, c = ir.Ge, r.Call(ir.Add, c, one)
	case op == ir.Ne && below:
		op = ir.Lt
	case op == ir.Ge && below:
		op = ir.Eq
	case op == ir.Lt && r.nonneg(r.Call(ir.Add, r.Call(ir.Sub, i, c), one)): // i ≥ c-1
		op, c = ir.Eq, r.Call(ir.Sub, c, one)
	}
	return r.Call(op, i, c)
}
