package plan

import "github.com/nnc-lang/nnc/ir"

// Strides say where elements are that a loop reads one after the other: with its
// index as m*i + k for k in m, at Base + A*i + B*k.
type Strides struct{ Base, M, A, B *ir.Expr }

// StridesOf are those of positions e, less than size, in a loop over d; around are
// the loops around it. False: they are no such positions, or neighbours, or
// one several times, or it cannot be shown that they are inside for all of d.
func StridesOf(b *ir.Builder, e, size *ir.Expr, d Dim, around []Dim) (s Strides, ok bool) {
	t := &settling{b: b}
	dims := []Dim{d}
	if sizes, _ := digits(b, d, []*ir.Expr{e}, nil); len(sizes) == 2 && sizes[1].Kind == ir.KConst {
		var i *ir.Expr
		dims, i = t.numbered(d, sizes)
		e = b.Subst(e, map[ir.Index]*ir.Expr{d.Idx: i})
	}
	t.dims = append(dims, around...)
	e = t.expr(e)
	if !within(b, e, size, t.dims) {
		return s, false
	}
	first, last := dims[0].Idx, dims[len(dims)-1].Idx
	coef, rest, ok := b.Affine(e, []ir.Index{first, last})
	if !ok || rest.Depends(first) || rest.Depends(last) {
		return s, false
	}
	s = Strides{Base: rest, M: b.Int(1), A: b.Int(0), B: b.Int(0)}
	if c := coef[first]; c != nil {
		s.A = c
	}
	if first != last {
		s.M = dims[1].Hi
		if c := coef[last]; c != nil {
			s.B = c
		}
	}
	for _, x := range []*ir.Expr{s.A, s.B} {
		if len(x.Free()) > 0 || !b.NonNegative(x) {
			return s, false
		}
	}
	if s.A.IsConst(0) {
		return s, false
	}
	return s, first == last && !s.A.IsConst(1) || first != last && !s.B.IsConst(0)
}
