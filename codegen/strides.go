package codegen

import (
	"fmt"

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

// walk prints such a read. A row that may be empty may begin behind the end of its array.
func (r *rows) walk(root *ir.Array, s plan.Strides, dst string) {
	from := r.from(root, s.Base)
	if r.l.Hi.Kind != ir.KConst && !r.b.NonNegative(r.b.Call(ir.Sub, r.elementsOf(root), s.Base)) {
		from = fmt.Sprintf("%[1]s[min(%s, len(%[1]s)):]", r.arr[root], r.expr(s.Base, 0))
	}
	r.call(r.rt("Strides"), dst, from, r.expr(s.M, 0), r.expr(s.A, 0), r.expr(s.B, 0))
}
