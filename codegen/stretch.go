package codegen

import (
	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// stretch is a read that repeats elements of an array along a row, or over the
// rows of an image, as the gradient of an average over windows does:
//
//	for i { for j { y[28*i + j] = x[14*(i/2) + j/2] } }
type stretch struct {
	array         *ir.Array
	base          *ir.Expr
	down, right   *ir.Expr // how often a row and an element stand there
	stride, width *ir.Expr // of rows of the array, of the image
}

// stretched recognises a read along the loop in, perhaps within out.
func (b *body) stretched(e *ir.Expr, out, in *plan.Loop) (s stretch, ok bool) {
	if e.Kind != ir.KRead || b.isLocal(e.Array) || e.Array.Elem != ir.Real || b.bare[e.Array] {
		return s, false
	}
	root, at := b.flat(e.Array, e.Args)
	zero, one := b.b.Int(0), b.b.Int(1)
	s = stretch{array: root, base: zero, down: one, stride: zero, width: in.Hi}
	for _, t := range b.b.PolyOf(at) {
		x := b.b.FromPoly(ir.Poly{t})
		switch {
		case x.Depends(in.Idx):
			s.right = b.repeats(t, in)
			if s.right == nil || t.Coef != 1 {
				return s, false
			}
		case out != nil && x.Depends(out.Idx):
			s.down, s.stride = b.repeats(t, out), b.b.Int(t.Coef)
			if s.down == nil {
				return s, false
			}
		case len(t.Atoms) == 0 && !(in.Hi.Kind == ir.KConst && (out == nil || out.Hi.Kind == ir.KConst)):
			return s, false // where there are no rows, this may lie behind the array
		default:
			s.base = b.b.Call(ir.Add, s.base, x)
		}
	}
	return s, s.right != nil && (s.right != one || s.down != one) && b.positive(s.base)
}

// repeats is k of a term c*(i/k), or of c*i, where i is the index of l; nil: it
// is another one.
func (b *body) repeats(t ir.Term, l *plan.Loop) *ir.Expr {
	if len(t.Atoms) != 1 || t.Coef <= 0 {
		return nil
	}
	switch x := t.Atoms[0]; {
	case x == b.b.Idx(l.Idx):
		return b.b.Int(1)
	case x.IsCall(ir.IDiv) && x.Args[0] == b.b.Idx(l.Idx) && x.Args[1].Kind == ir.KConst && x.Args[1].N > 0:
		return x.Args[1]
	}
	return nil
}

// stretch is how a read repeats elements along the row.
func (r *rows) stretch(e *ir.Expr) (stretch, bool) {
	if s, ok := r.stretches[e]; ok {
		return s, true
	}
	return r.stretched(e, nil, r.l)
}

// repeat prints one.
func (r *rows) repeat(s stretch, dst string) {
	var n []string
	for _, x := range []*ir.Expr{s.width, s.down, s.right, s.stride} {
		n = append(n, r.expr(x, 0))
	}
	r.call(r.rt("Stretches"), append([]string{dst, r.from(s.array, s.base)}, n...)...)
}
