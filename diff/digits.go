package diff

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// digit solves S*(…) + i + rest = to for i in 0..S: i is the remainder of
// to - rest by S, and what stands in the parentheses is the quotient.
func (s *solver) digit(k int, coef map[ir.Index]*ir.Expr, rest *ir.Expr) bool {
	if len(coef) < 2 {
		return false
	}
	to := s.Call(ir.Sub, s.open[k].to, rest)
	for _, b := range s.over {
		if c := coef[b.Idx]; c == nil || !c.IsConst(1) || !b.Lo.IsConst(0) || b.Hi.IsConst(1) || len(b.Hi.Free()) > 0 {
			continue
		}
		high, ok := s.Int(0), true
		for _, o := range s.over {
			if o.Idx == b.Idx || coef[o.Idx] == nil {
				continue
			}
			q := s.Call(ir.IDiv, coef[o.Idx], b.Hi)
			ok = ok && s.Call(ir.Mul, q, b.Hi) == coef[o.Idx]
			high = s.Call(ir.Add, high, s.Call(ir.Mul, q, s.Idx(o.Idx)))
		}
		if !ok {
			continue
		}
		old := *s
		s.drop(k)
		s.open = append(s.open, constraint{high, s.Call(ir.IDiv, to, b.Hi)})
		if s.replace(b.Idx, s.Call(ir.Mod, to, b.Hi), s.Int(0), nil) {
			return true
		}
		*s = old
	}
	return false
}

// quotient makes two indices of an index k whose quotient or remainder is
// constrained, as in reading x[div(k,S), k%S] or x[div(k,2)]: k is S*q + u
// with u in 0..S, so div(k,S) is q and k%S is u.
func (s *solver) quotient() bool {
	for _, c := range s.open {
		var at *ir.Expr
		ir.Walk(c.f, func(e *ir.Expr) bool {
			if at == nil && (e.IsCall(ir.IDiv) || e.IsCall(ir.Mod)) && !dependsOnAny(e.Args[1], idxs(s.over)) && dependsOnAny(e, idxs(s.over)) && !e.ReadsAny() {
				at = e
			}
			return e.Kind != ir.KReduce
		})
		if at != nil && s.divide(at.Args[0], at.Args[1]) {
			return true
		}
	}
	return false
}

// divide replaces the index k in e = k + rest by quotient and remainder of e
// by size.
func (s *solver) divide(e, size *ir.Expr) bool {
	coef, rest, ok := s.Affine(e, idxs(s.over))
	if !ok || len(coef) != 1 || dependsOnAny(rest, idxs(s.over)) || !s.nonNegative(size) {
		return false
	}
	for _, b := range s.over {
		if c := coef[b.Idx]; c == nil || !c.IsConst(1) {
			continue
		}
		one := s.Int(1)
		q := ir.Binder{Idx: s.Temp(b.Name), Name: b.Name, Lo: s.Call(ir.IDiv, s.Call(ir.Add, b.Lo, rest), size),
			Hi: s.Call(ir.Add, s.Call(ir.IDiv, s.Call(ir.Sub, s.Call(ir.Add, b.Hi, rest), one), size), one)}
		if n := s.Call(ir.IDiv, b.Hi, size); rest.IsConst(0) && s.Call(ir.Mul, n, size) == b.Hi {
			q.Hi = n
		}
		u := ir.Binder{Idx: s.Temp(b.Name), Name: b.Name, Lo: s.Int(0), Hi: size}
		qx, ux := s.Idx(q.Idx), s.Idx(u.Idx)
		rewrite := func(x *ir.Expr) *ir.Expr {
			return s.Map(x, func(x *ir.Expr) *ir.Expr {
				switch {
				case x.IsCall(ir.IDiv) && x.Args[0] == e:
					by := s.Call(ir.IDiv, x.Args[1], size)
					if s.Call(ir.Mul, by, size) == x.Args[1] {
						return s.Call(ir.IDiv, qx, by)
					}
				case x.IsCall(ir.Mod) && x.Args[0] == e && x.Args[1] == size:
					return ux
				}
				return x
			})
		}
		old := *s
		s.over = slices.Concat(s.over, []ir.Binder{q, u})
		s.open = slices.Clone(s.open)
		for k := range s.open {
			s.open[k].f = rewrite(s.open[k].f)
		}
		s.t.v = rewrite(s.t.v)
		s.t.on = slices.Clone(s.t.on)
		for k := range s.t.on {
			s.t.on[k] = rewrite(s.t.on[k])
		}
		s.ranges = slices.Clone(s.ranges)
		for k := range s.ranges {
			s.ranges[k] = rewrite(s.ranges[k])
		}
		k := s.Call(ir.Sub, s.Call(ir.Add, s.Call(ir.Mul, size, qx), ux), rest)
		if s.replace(b.Idx, k, nil, nil) {
			return true
		}
		*s = old
	}
	return false
}
