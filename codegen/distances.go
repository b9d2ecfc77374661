package codegen

import (
	"fmt"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// distances prints a loop over coordinates around one over columns that adds
// up squared distances,
//
//	for d { for k { dist[k] += (x[d] - c[d, k])^2 } }
//
// as one call, which keeps the sums in registers.
func (b *body) distances(l *plan.Loop) bool {
	if l.Time || l.Down || !l.Lo.IsConst(0) || len(l.Body) != 1 || b.lazy > 0 {
		return false
	}
	in, ok := l.Body[0].(*plan.Loop)
	if !ok || in.Time || in.Down || !in.Lo.IsConst(0) || len(in.Hi.Free()) > 0 || len(in.Body) != 1 || in.Hi.Kind == ir.KConst && in.Hi.N < fewest {
		return false
	}
	s, ok := in.Body[0].(*plan.Stmt)
	if !ok || s.Def.Red != ir.Sum || s.Def.Scalar || s.Def.Body.Type != ir.Real {
		return false
	}
	to := b.rowAlong(s.Def.Array, s.Def.At, in)
	if to == "" {
		return false
	}
	e := s.Def.Body
	if !e.IsCall(ir.Mul) || e.Args[0] != e.Args[1] || !e.Args[0].IsCall(ir.Sub) {
		return false
	}
	x, c := e.Args[0].Args[0], e.Args[0].Args[1]
	if x.Depends(in.Idx) {
		x, c = c, x
	}
	if x.Kind != ir.KRead || c.Kind != ir.KRead || x.Depends(in.Idx) || b.isLocal(x.Array) || b.isLocal(c.Array) {
		return false
	}
	xr, xat := b.flat(x.Array, x.Args)
	cr, cat := b.flat(c.Array, c.Args)
	xs, xbase := b.along(xat, l.Idx)
	stride, cbase := b.along(cat, l.Idx)
	if to == b.arr[xr] || to == b.arr[cr] || xs == nil || !xs.IsConst(1) || stride == nil || !b.positive(stride) {
		return false
	}
	one, cbase := b.along(cbase, in.Idx)
	if one == nil || !one.IsConst(1) || !b.positive(xbase) || !b.positive(cbase) {
		return false
	}
	b.line("%s(%s, %s[:%s], %s, %s)", b.rt("SquareDists"), to, b.from(xr, xbase), b.expr(l.Hi, 0), b.from(cr, cbase), b.expr(stride, 0))
	return true
}

// along takes a position apart: stride*i + base. The stride is nil if it is
// not so, or 0.
func (b *body) along(at *ir.Expr, i ir.Index) (stride, base *ir.Expr) {
	coef, base, ok := b.b.Affine(at, []ir.Index{i})
	if !ok || coef[i] == nil || base.Depends(i) {
		return nil, nil
	}
	return coef[i], base
}

// from is an array from a position on.
func (b *body) from(a *ir.Array, base *ir.Expr) string {
	if base.IsConst(0) {
		return b.arr[a]
	}
	return fmt.Sprintf("%s[%s:]", b.arr[a], b.expr(base, 0))
}
