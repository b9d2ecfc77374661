package codegen

import (
	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// strides is how a read along a row goes through its array where the elements are
// no neighbours, as those of a column.
func (b *body) strides(e *ir.Expr, row plan.Dim) (root *ir.Array, s plan.Strides, ok bool) {
	if e.Kind != ir.KRead || b.isLocal(e.Array) || e.Array.Elem != ir.Real || b.bare[e.Array] || b.strip.l != nil && b.strip.l.Idx == row.Idx {
		return nil, s, false
	}
	root, at := b.flat(e.Array, e.Args)
	s, ok = plan.StridesOf(b.b, at, b.elementsOf(root), row, b.open())
	return root, s, ok && (row.Hi.Kind == ir.KConst || b.begins(root, s.Base, &plan.Loop{Dim: row}))
}

// walk prints such a read.
func (r *rows) walk(root *ir.Array, s plan.Strides, dst string) {
	r.call(r.rt("Strides"), dst, r.from(root, s.Base), r.expr(s.M, 0), r.expr(s.A, 0), r.expr(s.B, 0))
}
