package ir

import "slices"

// remains reports whether a remainder is a term of e, or a factor of one.
func remains(e *Expr) bool {
	if e.IsCall(Add) || e.IsCall(Sub) || e.IsCall(Neg) || e.IsCall(Mul) {
		return slices.ContainsFunc(e.Args, remains)
	}
	return e.IsCall(Mod)
}

// Whole puts the parts of an integer together, as those that a reshape takes a
// position to: k*m*div(x, m) + k*(x % m) is k*x.
func (b *Builder) Whole(e *Expr) *Expr {
	if !remains(e) {
		return e
	}
	terms := b.PolyOf(e)
	for _, t := range terms {
		if len(t.Atoms) != 1 || !t.Atoms[0].IsCall(Mod) {
			continue
		}
		x, m := t.Atoms[0].Args[0], t.Atoms[0].Args[1]
		if m.Kind != KConst || m.N <= 0 {
			continue
		}
		div := b.Call(IDiv, x, m)
		for _, u := range terms {
			if len(u.Atoms) == 1 && u.Atoms[0] == div && u.Coef == t.Coef*m.N {
				parts := b.FromPoly(Poly{t})
				parts = b.Call(Add, parts, b.FromPoly(Poly{u}))
				return b.Whole(b.Call(Add, b.Call(Sub, e, parts), b.Call(Mul, b.Int(t.Coef), x)))
			}
		}
	}
	return e
}
