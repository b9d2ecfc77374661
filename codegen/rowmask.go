package codegen

import "github.com/nnc-lang/nnc/ir"

// mask is a choice by where the index of a row stands, as in causal attention:
//
//	if j <= i then s[i, j] else -inf
//
// The whole row is computed, which is no dearer than a test for each element,
// and the part that is a number is filled.
type mask struct {
	row, fill *ir.Expr
	cut       *ir.Expr // where the parts meet
	head      bool     // the fill is before
}

// masked recognises a mask whose row may be read anyway.
func (r *rows) masked(e *ir.Expr) (m mask, ok bool) {
	c, i := e.Args[0], r.l.Idx
	if c.Kind != ir.KCall || c.Op.Class != ir.Compare || c.Args[0].Type != ir.Int || e.Type != ir.Real {
		return mask{}, false
	}
	coef, rest, ok := r.b.Affine(r.b.Call(ir.Sub, c.Args[0], c.Args[1]), []ir.Index{i})
	if !ok || coef[i] == nil || rest.Depends(i) || len(ir.Reads(rest)) > 0 {
		return mask{}, false
	}
	op, rising := c.Op, coef[i].IsConst(1)
	if !rising && !coef[i].IsConst(-1) {
		return mask{}, false
	}
	m.cut = rest
	if rising {
		m.cut = r.b.Call(ir.Neg, rest)
	}
	then := e.Args[1:3]
	m.row, m.fill = then[0], then[1]
	switch {
	case (op == ir.Lt || op == ir.Le) == rising && op != ir.Eq && op != ir.Ne: // the first arm is before
		if !r.varies(m.row) {
			m.row, m.fill, m.head = then[1], then[0], true
		}
	case op != ir.Eq && op != ir.Ne:
		m.head = true
		if !r.varies(m.row) {
			m.row, m.fill, m.head = then[1], then[0], false
		}
	default:
		return mask{}, false
	}
	// i <= cut and i > cut part behind the element at cut.
	if (op == ir.Le || op == ir.Gt) == rising {
		m.cut = r.b.Call(ir.Add, m.cut, r.b.Int(1))
	}
	return m, r.varies(m.row) && numeric(m.fill) && r.whole(m.row)
}

// cutOff prints a mask.
func (r *rows) cutOff(m mask, dst, work string) {
	s := r.evalTo(m.row, dst, work)
	if s != dst {
		r.line("copy(%s, %s)", dst, s)
		r.release(s)
	}
	cut := r.expr(m.cut, 0)
	if !r.within(m.cut) {
		cut = "min(max(" + cut + ", 0), " + r.expr(r.l.Hi, 0) + ")"
	}
	part := dst + "[" + cut + ":]"
	if m.head {
		part = dst + "[:" + cut + "]"
	}
	if isZero(m.fill) {
		r.line("clear(%s)", part)
	} else {
		r.line("%s(%s, %s)", r.rt("Fill"), part, r.expr(m.fill, 0))
	}
}

// within reports whether a cut is in the row in all iterations of the loops around.
func (r *rows) within(cut *ir.Expr) bool {
	last := map[ir.Index]*ir.Expr{}
	for _, l := range r.loops {
		last[l.Idx] = r.b.Call(ir.Sub, l.Hi, r.b.Int(1))
	}
	return r.b.NonNegative(cut) && r.b.NonNegative(r.b.Call(ir.Sub, r.l.Hi, r.b.Subst(cut, last)))
}
