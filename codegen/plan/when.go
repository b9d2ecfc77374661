package plan

import "github.com/nnc-lang/nnc/ir"

// Compared recognises a comparison of an index with something that is the
// same in all iterations of all loops; rising: the index is on the left.
func Compared(b *ir.Builder, x *ir.Expr, i ir.Index) (at *ir.Expr, rising, ok bool) {
	if x.Kind != ir.KCall || x.Op.Class != ir.Compare || x.Args[0].Type != ir.Int || !x.Depends(i) {
		return nil, false, false
	}
	coef, rest, ok := b.Affine(b.Call(ir.Sub, x.Args[0], x.Args[1]), []ir.Index{i})
	if !ok || len(rest.Free()) > 0 || rest.ReadsAny() {
		return nil, false, false
	}
	switch c := coef[i]; {
	case c == nil:
		return nil, false, false
	case c.IsConst(1):
		return b.Call(ir.Neg, rest), true, true
	case c.IsConst(-1):
		return rest, false, true
	}
	return nil, false, false
}

// Decide is e with the comparisons of d's index settled that are the same over
// all of its range.
func Decide(b *ir.Builder, e *ir.Expr, d Dim) *ir.Expr {
	last := b.Call(ir.Sub, d.Hi, b.Int(1))
	reaches := func(x, y *ir.Expr) bool { return b.NonNegative(b.Call(ir.Sub, x, y)) }
	return b.Map(e, func(x *ir.Expr) *ir.Expr {
		switch { // what an arm not taken leaves of a sum
		case x.IsCall(ir.Add) && x.Args[0].IsConst(0):
			return x.Args[1]
		case (x.IsCall(ir.Add) || x.IsCall(ir.Sub)) && x.Args[1].IsConst(0):
			return x.Args[0]
		}
		at, rising, ok := Compared(b, x, d.Idx)
		if !ok {
			return x
		}
		op := x.Op
		if !rising {
			op = falling(op)
		}
		before, after := b.Call(ir.Sub, at, b.Int(1)), b.Call(ir.Add, at, b.Int(1))
		switch least, most := reaches(d.Lo, at), reaches(at, last); {
		case reaches(d.Lo, after):
			return b.Bool(op == ir.Gt || op == ir.Ge || op == ir.Ne)
		case reaches(before, last):
			return b.Bool(op == ir.Lt || op == ir.Le || op == ir.Ne)
		case least && most:
			return b.Bool(op == ir.Eq || op == ir.Le || op == ir.Ge)
		case least && (op == ir.Ge || op == ir.Lt):
			return b.Bool(op == ir.Ge)
		case most && (op == ir.Le || op == ir.Gt):
			return b.Bool(op == ir.Le)
		}
		return x
	})
}

// falling is a comparison with its sides exchanged.
func falling(op *ir.Operator) *ir.Operator {
	switch op {
	case ir.Ge:
		return ir.Le
	case ir.Le:
		return ir.Ge
	case ir.Gt:
		return ir.Lt
	case ir.Lt:
		return ir.Gt
	}
	return op
}

// narrowed is the part of d's range in which comparison c of its index is v,
// as far as that is one range.
func narrowed(b *ir.Builder, c *ir.Expr, v bool, d Dim) Dim {
	at, rising, ok := Compared(b, c, d.Idx)
	if !ok {
		return d
	}
	op := c.Op
	if !rising {
		op = falling(op)
	}
	after := b.Call(ir.Add, at, b.Int(1))
	switch {
	case op == ir.Eq && v || op == ir.Ne && !v:
		d.Lo, d.Hi = at, after
	case op == ir.Eq || op == ir.Ne:
		if at == d.Lo {
			d.Lo = after
		} else if after == d.Hi {
			d.Hi = at
		}
	case op == ir.Ge && v || op == ir.Lt && !v:
		d.Lo = at
	case op == ir.Gt && v || op == ir.Le && !v:
		d.Lo = after
	case op == ir.Lt && v || op == ir.Ge && !v:
		d.Hi = at
	case op == ir.Le && v || op == ir.Gt && !v:
		d.Hi = after
	}
	return d
}
