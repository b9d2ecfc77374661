package dsl

import (
	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// isParam reports whether v is a parameter as it is.
func (s *scope) isParam(v *value) bool {
	_, idx := s.temps(v.shape, nil)
	e := v.at(idx)
	return e.Kind == ir.KRead && e.Array.Role == ir.Parameter
}

// matmul contracts the last axis of the left with the first (of a matrix:
// the last but one) of the right, lifted beyond rank 2.
func (s *scope) matmul(e *syntax.Binary) *value {
	x, y := s.array(e.X), s.array(e.Y)
	if x.kind == badValue || y.kind == badValue {
		return bad
	}
	for _, side := range []struct {
		e syntax.Expr
		v *value
	}{{e.X, x}, {e.Y, y}} {
		if side.v.rank() == 0 {
			return s.errorf("NN101", e.Span, "@ needs vectors or matrices, %s is a scalar; hint: use *", s.source(side.e.At()))
		}
	}
	ry := min(y.rank(), 2)
	inner, outer := x.shape[x.rank()-1], y.shape[y.rank()-ry]
	if !s.equal(inner, outer) {
		d := diag.New("NN101", e.Span, "the inner axes of @ differ: %s and %s", s.dimText(inner), s.dimText(outer))
		d.Spans = []diag.Span{e.X.At(), e.Y.At()}
		d.Note("%s; %s", s.describe(e.X, x), s.describe(e.Y, y))
		switch {
		case y.rank() == 2 && s.equal(inner, y.shape[1]):
			d.WithHint("%s @ %s'", s.source(e.X.At()), s.source(e.Y.At()))
		case ry == 2:
			if n, ok := syntax.Unparen(e.Y).(*syntax.Name); ok {
				what := ""
				if s.isParam(y) {
					what = "param "
				}
				d.WithHint("%s%s: [%s, %s]", what, n.Name, s.dimText(inner), s.dimText(y.shape[y.rank()-1]))
			}
		}
		s.report(d)
		return bad
	}
	fx, fy := x.shape[:max(0, x.rank()-2)], y.shape[:y.rank()-ry]
	if len(fx) > 0 && len(fy) > 0 && !s.sameShape(fx, fy) {
		d := diag.New("NN103", e.Span, "@ is mapped over %s and over %s", s.shapeText(fx), s.shapeText(fy))
		d.Spans = []diag.Span{e.X.At(), e.Y.At()}
		d.Note("%s; %s", s.describe(e.X, x), s.describe(e.Y, y))
		s.report(d.WithHint("give both the same leading axes"))
		return bad
	}
	if x.rank() == 1 && len(fy) > 0 {
		fx = nil
	}
	xv, yv := s.operand(e.X, x), s.operand(e.Y, y)
	frame := fx
	if len(fy) > len(fx) {
		frame = fy
	}
	rows := 0
	if x.rank() > 1 {
		rows = 1
	}
	out := &value{kind: arrayValue, shape: append([]*ir.Expr(nil), frame...)}
	if rows == 1 {
		out.shape = append(out.shape, x.shape[x.rank()-2])
	}
	if ry == 2 {
		out.shape = append(out.shape, y.shape[y.rank()-1])
	}
	letter := "k"
	if names := s.axisNames(xv); len(names) > 0 {
		letter = names[len(names)-1]
	}
	out.at = func(idx []*ir.Expr) *ir.Expr {
		k := s.temp(letter, s.Int(0), inner)
		f := idx[:len(frame)]
		i := append([]*ir.Expr(nil), f[len(f)-len(fx):]...)
		i = append(append(i, idx[len(frame):len(frame)+rows]...), s.Idx(k))
		j := append([]*ir.Expr(nil), f[len(f)-len(fy):]...)
		j = append(append(j, s.Idx(k)), idx[len(frame)+rows:]...)
		return s.Reduce(ir.Sum, []ir.Binder{s.binder(k)}, s.Call(ir.Mul, xv.at(i), yv.at(j)))
	}
	out.elem = arithType(ir.Mul, x, y)
	return out
}

// operand stores an operand of a product whose elements would otherwise be
// computed once for each use.
func (s *scope) operand(e syntax.Expr, v *value) *value {
	_, idx := s.temps(v.shape, nil)
	x := v.at(idx)
	if x.Kind == ir.KConst || x.Kind == ir.KRead || s.body == nil || s.body.build == nil {
		return v
	}
	if x.IsCall(ir.Neg) && x.Args[0].Kind == ir.KRead || x.IsCall(ir.ToReal) {
		return v
	}
	return s.store(hintOf(v, s.named("x")), v, e.At(), nil)
}
