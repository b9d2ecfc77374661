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

// exact makes floor(e/n) = to the constraint e = n*to where a condition says that n
// divides e, as in what makes images larger: reading x[floor((i - u)/2)] for even i - u.
func (s *solver) exact() bool {
	for k, c := range s.open {
		for _, on := range s.t.on {
			if !on.IsCall(ir.Eq) || !on.Args[0].IsCall(ir.Mod) || !on.Args[1].IsConst(0) {
				continue
			}
			e, n := on.Args[0].Args[0], on.Args[0].Args[1]
			rest := s.Call(ir.Sub, c.f, s.Call(ir.IDiv, e, n))
			if n.Kind == ir.KConst && n.N > 0 && dependsOnAny(c.f, idxs(s.over)) && !dependsOnAny(rest, idxs(s.over)) {
				s.open = slices.Clone(s.open)
				s.open[k] = constraint{e, s.Call(ir.Mul, n, s.Call(ir.Sub, c.to, rest))}
				return true
			}
		}
	}
	return false
}

// multiple solves condition k of the term, that n divides e = i + rest: i is n*q - rest
// for the quotients q.
func (s *solver) multiple(k int) bool {
	mod := s.t.on[k].Args[0]
	if !mod.IsCall(ir.Mod) || mod.Args[1].Kind != ir.KConst || mod.Args[1].N <= 0 || !s.t.on[k].Args[1].IsConst(0) {
		return false
	}
	e, n := mod.Args[0], mod.Args[1]
	coef, rest, ok := s.Affine(e, idxs(s.over))
	if !ok || len(coef) != 1 {
		return false
	}
	top, ok1 := s.most(e, s.bounds())
	end, ok2 := s.most(s.Call(ir.Neg, e), s.bounds())
	if !ok1 || !ok2 {
		return false
	}
	floor := s.Call(ir.IDiv, e, n)
	for _, b := range s.over {
		if c := coef[b.Idx]; c == nil || !c.IsConst(1) {
			continue
		}
		old := *s
		q := ir.Binder{Idx: s.Temp(b.Name), Name: b.Name, Lo: s.Call(ir.IDiv, s.Call(ir.Neg, end), n),
			Hi: s.Call(ir.Add, s.Call(ir.IDiv, top, n), s.Int(1))}
		s.over = append(slices.Clone(s.over), q)
		s.t.on = slices.Delete(slices.Clone(s.t.on), k, k+1)
		s.rewrite(func(x *ir.Expr) *ir.Expr {
			if d := s.Call(ir.Sub, floor, x); x.IsCall(ir.IDiv) && !dependsOnAny(d, idxs(s.over)) {
				return s.Call(ir.Sub, s.Idx(q.Idx), d)
			}
			return x
		})
		if s.replace(b.Idx, s.Call(ir.Sub, s.Call(ir.Mul, n, s.Idx(q.Idx)), rest), nil, nil) {
			return true
		}
		*s = old
	}
	return false
}

// rewrite maps all that the constraints and the term are made of.
func (s *solver) rewrite(f func(*ir.Expr) *ir.Expr) {
	all := func(list []*ir.Expr) []*ir.Expr {
		out := make([]*ir.Expr, len(list))
		for k, x := range list {
			out[k] = s.Map(x, f)
		}
		return out
	}
	s.open = slices.Clone(s.open)
	for k := range s.open {
		s.open[k].f = s.Map(s.open[k].f, f)
	}
	s.t.v, s.t.on, s.ranges = s.Map(s.t.v, f), all(s.t.on), all(s.ranges)
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
		old := *s
		s.over = slices.Concat(s.over, []ir.Binder{q, u})
		s.rewrite(func(x *ir.Expr) *ir.Expr {
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
		k := s.Call(ir.Sub, s.Call(ir.Add, s.Call(ir.Mul, size, qx), ux), rest)
		if s.replace(b.Idx, k, nil, nil) {
			return true
		}
		*s = old
	}
	return false
}
