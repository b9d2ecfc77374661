package dsl

import (
	"maps"
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// byWhere reports whether d is zero by a `where` condition.
func (c *checker) byWhere(d *ir.Expr) bool {
	for _, z := range c.zeros {
		z = c.resolve(z)
		if z == d || c.Call(ir.Neg, z) == d {
			return true
		}
		if z.IsCall(ir.Mod) {
			d = c.multiplied(d, z.Args[0], z.Args[1])
		}
	}
	return d.IsConst(0)
}

// multiplied is d with a for floor(a/b)*b, given that b divides a.
func (c *checker) multiplied(d, a, b *ir.Expr) *ir.Expr {
	q := c.Call(ir.IDiv, a, b)
	out := c.Int(0)
	for _, t := range c.PolyOf(d) {
		with := c.FromPoly(ir.Poly{t})
		if k := slices.Index(t.Atoms, q); k >= 0 {
			rest := ir.Term{Coef: t.Coef, Atoms: slices.Concat(t.Atoms[:k], t.Atoms[k+1:])}
			if j := slices.Index(rest.Atoms, b); j >= 0 {
				rest.Atoms = slices.Delete(rest.Atoms, j, j+1)
				with = c.Call(ir.Mul, c.FromPoly(ir.Poly{rest}), a)
			} else if b.Kind == ir.KConst && b.N != 0 && t.Coef%b.N == 0 {
				rest.Coef /= b.N
				with = c.Call(ir.Mul, c.FromPoly(ir.Poly{rest}), a)
			}
		}
		out = c.Call(ir.Add, out, with)
	}
	return out
}

// assume records what a condition says of integers: known zeros and known
// non-negatives.
func (c *checker) assume(cond *ir.Expr) {
	if cond.IsCall(ir.And) {
		c.assume(cond.Args[0])
		c.assume(cond.Args[1])
		return
	}
	if cond.IsCall(ir.Eq) && cond.Args[0].Type == ir.Int {
		c.zeros = append(c.zeros, c.Call(ir.Sub, cond.Args[0], cond.Args[1]))
	}
	c.positive = append(c.positive, c.nonNegatives(cond)...)
}

// nonNegatives lists the integer expressions that cond makes >= 0.
func (c *checker) nonNegatives(cond *ir.Expr) []*ir.Expr {
	if cond.Kind != ir.KCall {
		return nil
	}
	switch cond.Op {
	case ir.And:
		return append(c.nonNegatives(cond.Args[0]), c.nonNegatives(cond.Args[1])...)
	case ir.Not:
		if n := c.negated(cond.Args[0]); n.Op != ir.Not {
			return c.nonNegatives(n)
		}
		return nil // such as not (a and b), of which neither need hold
	}
	if len(cond.Args) != 2 || cond.Args[0].Type != ir.Int || cond.Args[1].Type != ir.Int {
		return nil
	}
	x, y := cond.Args[0], cond.Args[1]
	one := c.Int(1)
	switch cond.Op {
	case ir.Lt:
		return []*ir.Expr{c.Call(ir.Sub, c.Call(ir.Sub, y, x), one)}
	case ir.Le:
		return []*ir.Expr{c.Call(ir.Sub, y, x)}
	case ir.Gt:
		return []*ir.Expr{c.Call(ir.Sub, c.Call(ir.Sub, x, y), one)}
	case ir.Ge:
		return []*ir.Expr{c.Call(ir.Sub, x, y)}
	case ir.Eq:
		return []*ir.Expr{c.Call(ir.Sub, x, y), c.Call(ir.Sub, y, x)}
	}
	return nil
}

// negated is the opposite of a condition, for integers without a not.
func (c *checker) negated(cond *ir.Expr) *ir.Expr {
	opposite := map[*ir.Operator]*ir.Operator{ir.Lt: ir.Ge, ir.Ge: ir.Lt, ir.Le: ir.Gt, ir.Gt: ir.Le, ir.Eq: ir.Ne, ir.Ne: ir.Eq}
	if cond.Kind == ir.KCall {
		switch {
		case cond.Op == ir.Not:
			return cond.Args[0]
		case cond.Op == ir.Or:
			return c.Call(ir.And, c.negated(cond.Args[0]), c.negated(cond.Args[1]))
		case opposite[cond.Op] != nil && cond.Args[0].Type == ir.Int:
			return c.Call(opposite[cond.Op], cond.Args...)
		}
	}
	return c.Call(ir.Not, cond)
}

// known reports whether e >= 0 is provable wherever the indices in it exist and
// the scalar conditions in force hold.
func (s *scope) known(e *ir.Expr) bool {
	e = s.resolve(e)
	return s.follows(e, s.nonEmpty(e))
}

// nonNegative is known, but a proof may need that sizes are not 0 though no
// index runs over them: that becomes a condition of the program, tested when a
// call binds them.
func (s *scope) nonNegative(e *ir.Expr) bool {
	if s.known(e) {
		return true
	}
	e = s.resolve(e)
	atLeastOne := s.nonEmpty(e)
	need := map[*ir.Expr]bool{}
	ir.Walk(e, func(x *ir.Expr) bool {
		if x.Kind == ir.KDim && !atLeastOne[x] {
			need[x] = true
		}
		return true
	})
	all := maps.Clone(atLeastOne)
	maps.Copy(all, need)
	if len(need) == 0 || s.body == nil || s.body.build == nil || !s.follows(e, all) {
		return false
	}
	p := s.body.build.prog
	for d := range need {
		if c := s.Call(ir.Ge, d, s.Int(1)); !slices.Contains(p.Where, c) {
			p.Where = append(p.Where, c)
		}
	}
	slices.SortStableFunc(p.Where, func(x, y *ir.Expr) int { return x.ID() - y.ID() })
	return true
}

// nonEmpty is the set of dims over which an index of e runs.
func (s *scope) nonEmpty(e *ir.Expr) map[*ir.Expr]bool {
	out := map[*ir.Expr]bool{}
	for _, i := range e.Free() {
		if hi := s.resolve(s.index[i].hi); hi.Kind == ir.KDim {
			out[hi] = true
		}
	}
	return out
}

// follows proves e >= 0, alone or from one of the facts at hand, for sizes
// that are 0 or more and those of pos that are 1 or more.
func (s *scope) follows(e *ir.Expr, pos map[*ir.Expr]bool) bool {
	if s.provable(e, pos) {
		return true
	}
	for _, f := range s.facts() {
		if s.provable(s.Call(ir.Sub, e, s.resolve(f)), pos) {
			return true
		}
	}
	return false
}

// facts are expressions that are >= 0 by the conditions in force.
func (s *scope) facts() []*ir.Expr {
	out := s.positive
	for _, g := range s.guards {
		out = append(slices.Clip(out), s.nonNegatives(s.resolve(g))...)
	}
	return out
}

// divisor reports whether d >= 0 for a divisor, such as d + 1: as a condition
// says it, or provably.
func (s *scope) divisor(d *ir.Expr, pos map[*ir.Expr]bool) bool {
	return slices.ContainsFunc(s.facts(), func(f *ir.Expr) bool {
		return s.NonNegative(s.Call(ir.Sub, d, s.resolve(f)))
	}) || s.provable(d, pos)
}

// provable replaces indices by the end of their range that makes e smallest
// and looks at the signs of what remains.
func (s *scope) provable(e *ir.Expr, pos map[*ir.Expr]bool) bool {
	one := s.Int(1)
	for range 64 {
		atom, coef, rest := s.nextAtom(e)
		if atom == nil {
			return s.NonNegative(s.shifted(e, pos))
		}
		up := s.NonNegative(s.shifted(coef, pos))
		if !up && !s.NonNegative(s.shifted(s.Call(ir.Neg, coef), pos)) {
			return false
		}
		with := func(x *ir.Expr) *ir.Expr { return s.Call(ir.Add, rest, s.Call(ir.Mul, coef, x)) }
		if pair, either := extremum(atom, up); pair != nil {
			x, y := s.provable(with(pair[0]), pos), false
			if x != either {
				y = s.provable(with(pair[1]), pos)
			}
			if either && !x && !y { // the larger of two is at least half of their sum
				x = s.provable(s.Call(ir.Add, with(pair[0]), with(pair[1])), pos)
			}
			return either && (x || y) || x && y
		}
		lo, hi, ok := s.bounds(atom, pos)
		switch {
		case !ok, up && lo == nil, !up && hi == nil:
			return false
		case up:
			e = with(lo)
		case atom.IsCall(ir.IDiv) && hi != atom && s.provable(with(hi), pos):
			return true
		case atom.IsCall(ir.IDiv) && s.divisor(s.Call(ir.Sub, atom.Args[1], one), pos) && s.provable(with(atom.Args[0]), pos):
			return true // floor(x/n) <= x for x >= 0 and n >= 1
		case atom.IsCall(ir.Mod) && s.provable(atom.Args[0], pos) && s.provable(with(atom.Args[0]), pos):
			return true // x % n <= x for x >= 0
		default:
			e = s.divided(atom, coef, rest, hi)
		}
	}
	return false
}

// extremum gives the two arguments of an atom max(x, y) or min(x, y), or the
// arms of an if, and whether it is enough to prove the claim for either.
func extremum(atom *ir.Expr, up bool) (pair []*ir.Expr, either bool) {
	switch {
	case atom.IsCall(ir.Max):
		return atom.Args, up
	case atom.IsCall(ir.Min):
		return atom.Args, !up
	case atom.Kind == ir.KIf:
		return atom.Args[1:], false
	}
	return nil, false
}

// divided is rest + coef*hi for a negative coef. For floor(x/n) it is what must
// be >= 0 as n*floor(x/n) <= x: an integer is, if n times it is more than -n.
func (s *scope) divided(atom, coef, rest, hi *ir.Expr) *ir.Expr {
	if atom.IsCall(ir.IDiv) {
		n := atom.Args[1]
		if q := s.Call(ir.IDiv, coef, n); s.Call(ir.Mul, q, n) == coef {
			return s.Call(ir.Add, rest, s.Call(ir.Mul, q, atom.Args[0]))
		}
		if n.Kind == ir.KConst && n.N > 0 {
			e := s.Call(ir.Add, s.Call(ir.Mul, n, rest), s.Call(ir.Mul, coef, atom.Args[0]))
			return s.Call(ir.Add, e, s.Int(n.N-1))
		}
	}
	return s.Call(ir.Add, rest, s.Call(ir.Mul, coef, hi))
}

// shifted writes each dim of pos as 1 + a dim, so that what is left is >= 0.
func (s *scope) shifted(e *ir.Expr, pos map[*ir.Expr]bool) *ir.Expr {
	return s.Map(e, func(x *ir.Expr) *ir.Expr {
		if pos[x] {
			return s.Call(ir.Add, x, s.Int(1))
		}
		return x
	})
}

// nextAtom picks the atom of e that the ranges of no others depend on, dims
// aside, with e written as coef*atom + rest: first what holds indices, such as
// floor(i/2), then indices from the inside out, then what holds none and may be
// the size of an axis, such as floor(N/2).
func (s *scope) nextAtom(e *ir.Expr) (atom, coef, rest *ir.Expr) {
	p := s.PolyOf(e)
	for _, t := range p {
		for _, a := range t.Atoms {
			if a.Kind == ir.KDim {
				continue
			}
			if atom == nil || turn(a) < turn(atom) || turn(a) == turn(atom) && innermost(a) < innermost(atom) {
				atom = a
			}
		}
	}
	if atom == nil {
		return nil, nil, nil
	}
	coef, rest = s.Int(0), s.Int(0)
	for _, t := range p {
		k := slices.Index(t.Atoms, atom)
		if k < 0 {
			rest = s.Call(ir.Add, rest, s.FromPoly(ir.Poly{t}))
		} else {
			coef = s.Call(ir.Add, coef, s.FromPoly(ir.Poly{{Coef: t.Coef, Atoms: slices.Concat(t.Atoms[:k], t.Atoms[k+1:])}}))
		}
	}
	return atom, coef, rest
}

// turn is the place of an atom in that order.
func turn(a *ir.Expr) int {
	switch {
	case a.Kind == ir.KIndex:
		return 1
	case len(a.Free()) == 0:
		return 2
	}
	return 0
}

func innermost(e *ir.Expr) ir.Index {
	if f := e.Free(); len(f) > 0 {
		return f[0]
	}
	return 0
}

// bounds are the least and greatest values of an atom; nil is unknown.
func (s *scope) bounds(atom *ir.Expr, pos map[*ir.Expr]bool) (lo, hi *ir.Expr, ok bool) {
	one := s.Int(1)
	switch {
	case atom.Kind == ir.KIndex:
		info, known := s.index[atom.Idx]
		if !known {
			return nil, nil, false
		}
		return s.resolve(info.lo), s.Call(ir.Sub, s.resolve(info.hi), one), true
	case atom.Kind == ir.KRead && atom.Array.In != nil:
		return s.Int(0), s.Call(ir.Sub, s.resolve(atom.Array.In), one), true
	case atom.IsCall(ir.Mod):
		last := s.Call(ir.Sub, atom.Args[1], one)
		return s.Int(0), last, s.divisor(last, pos) // the remainder by 0 is the number itself
	case atom.IsCall(ir.IDiv):
		x, n := atom.Args[0], atom.Args[1]
		hi := x
		if a, c, r := s.nextAtom(x); a != nil && s.NonNegative(c) {
			if _, top, ok := s.bounds(a, pos); ok && top != nil {
				hi = s.Call(ir.Add, r, s.Call(ir.Mul, c, top))
			}
		}
		return s.Int(0), s.Call(ir.IDiv, hi, n), s.divisor(n, pos) && s.provable(x, pos)
	case atom.Kind == ir.KReduce && (atom.Red == ir.ArgMax || atom.Red == ir.ArgMin):
		lo, last := atom.Binders[0].Lo, s.Call(ir.Sub, atom.Binders[0].Hi, one)
		if s.provable(s.Call(ir.Sub, last, lo), pos) {
			return lo, last, true
		}
		return s.Call(ir.Min, lo, s.Int(0)), s.Call(ir.Max, last, s.Int(0)), true // of nothing it is 0
	}
	return nil, nil, false
}
