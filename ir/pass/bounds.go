package pass

import (
	"maps"

	"github.com/nnc-lang/nnc/ir"
)

// bounds knows the ranges of the indices of one definition and proves signs
// of integer expressions from them.
type bounds struct {
	b      *ir.Builder
	lo, hi map[ir.Index]*ir.Expr // hi excluded
	sizes  map[string]bool       // dims that are at least 1
	params map[string]bool       // dims that are fixed by parameters
	holds  []*ir.Expr            // integers that are ≥ 0 here, from conditions
}

// newBounds has the axes of a, or its domain, in scope. Where an element of a
// exists, none of the sizes of a is 0.
func newBounds(p *ir.Program, a *ir.Array) bounds {
	s := bounds{b: p.Builder, lo: map[ir.Index]*ir.Expr{}, hi: map[ir.Index]*ir.Expr{}, sizes: make(map[string]bool, len(p.Dims)), params: map[string]bool{}}
	s.reset(p, a)
	return s
}

// reset makes new bounds of s.
func (s *bounds) reset(p *ir.Program, a *ir.Array) {
	emptied(&s.lo)
	emptied(&s.hi)
	clear(s.sizes)
	clear(s.params)
	s.holds = nil
	for _, d := range p.Dims {
		if !d.Call {
			s.params[d.Name] = true
		}
	}
	if a == nil {
		return
	}
	if a.Def == ir.Accumulate {
		s.enter(a.Domain)
		for _, bd := range a.Domain {
			s.exists(bd.Lo, bd.Hi)
		}
		return
	}
	for k, d := range a.Shape {
		s.lo[ir.Axis(k)], s.hi[ir.Axis(k)] = p.Int(0), d
		s.exists(p.Int(0), d)
	}
}

// emptied empties a map that serves one definition after the other; one that
// grew large would take long to empty each time.
func emptied[K comparable, V any](m *map[K]V) {
	if *m == nil || len(*m) > 256 {
		*m = map[K]V{}
	} else {
		clear(*m)
	}
}

func (s *bounds) exists(lo, hi *ir.Expr) {
	if lo.IsConst(0) && hi.Kind == ir.KDim {
		s.sizes[hi.Name] = true
	}
}

func (s *bounds) enter(binders []ir.Binder) {
	for _, bd := range binders {
		s.lo[bd.Idx], s.hi[bd.Idx] = bd.Lo, bd.Hi
	}
}

// rangeOf is the range lo..hi (hi excluded) of an atom of an integer
// expression, if it is known.
func (s *bounds) rangeOf(x *ir.Expr) (lo, hi *ir.Expr) {
	switch {
	case x.Kind == ir.KIndex:
		return s.lo[x.Idx], s.hi[x.Idx]
	case x.Kind == ir.KRead && x.Array.In != nil:
		return s.b.Int(0), x.Array.In
	case x.IsCall(ir.Mod) && x.Args[1].Kind == ir.KConst && x.Args[1].N > 0:
		return s.b.Int(0), x.Args[1]
	}
	return nil, nil
}

// nonneg reports whether the integer expression e is provably ≥ 0 wherever
// the indices are in their ranges.
func (s *bounds) nonneg(e *ir.Expr) bool {
	if s.prove(e, 8) {
		return true
	}
	for _, c := range s.holds {
		if s.prove(s.b.Call(ir.Sub, e, c), 8) {
			return true
		}
	}
	return false
}

// assume adds what a condition says of integers to what is known, until the
// returned function is called.
func (s *bounds) assume(cond *ir.Expr) (undo func()) {
	n := len(s.holds)
	for _, c := range operands(ir.And, cond, nil) {
		op := ir.Eq
		if c.IsCall(ir.Not) {
			if c = c.Args[0]; c.Kind == ir.KCall {
				op = opposite[c.Op]
			}
		} else if c.Kind == ir.KCall {
			op = c.Op
		}
		if c.Kind != ir.KCall || c.Op.Class != ir.Compare || c.Args[0].Type != ir.Int {
			continue
		}
		d := s.b.Call(ir.Sub, c.Args[0], c.Args[1])
		one := s.b.Int(1)
		switch op {
		case ir.Ge:
			s.holds = append(s.holds, d)
		case ir.Gt:
			s.holds = append(s.holds, s.b.Call(ir.Sub, d, one))
		case ir.Le:
			s.holds = append(s.holds, s.b.Call(ir.Neg, d))
		case ir.Lt:
			s.holds = append(s.holds, s.b.Call(ir.Sub, s.b.Call(ir.Neg, d), one))
		case ir.Eq:
			s.holds = append(s.holds, d, s.b.Call(ir.Neg, d))
		case ir.Ne: // at an end of the range
			if s.prove(d, 8) {
				s.holds = append(s.holds, s.b.Call(ir.Sub, d, one))
			} else if s.prove(s.b.Call(ir.Neg, d), 8) {
				s.holds = append(s.holds, s.b.Call(ir.Sub, s.b.Call(ir.Neg, d), one))
			}
		}
	}
	return func() { s.holds = s.holds[:n] }
}

func (s *bounds) prove(e *ir.Expr, depth int) bool {
	poly := s.b.PolyOf(e)
	// The atom to eliminate: an index whose range may depend on others comes
	// before those, which is the order of making temporaries.
	var atom *ir.Expr
	for _, t := range poly {
		for _, x := range t.Atoms {
			if x.Kind == ir.KDim {
				continue
			}
			if lo, _ := s.rangeOf(x); lo == nil {
				return false
			}
			if atom == nil || later(x, atom) {
				atom = x
			}
		}
	}
	if atom == nil {
		return s.positive(poly)
	}
	if depth == 0 {
		return false
	}
	sign := 0
	for _, t := range poly {
		n := 0
		for _, x := range t.Atoms {
			if x == atom {
				n++
			} else if x.Kind != ir.KDim {
				// a product of two indices
				for _, y := range t.Atoms {
					if y == atom {
						return false
					}
				}
			}
		}
		if n == 0 {
			continue
		}
		sg := 1
		if t.Coef < 0 {
			sg = -1
		}
		if n > 1 || sign != 0 && sign != sg {
			return false
		}
		sign = sg
	}
	lo, hi := s.rangeOf(atom)
	at := lo
	if sign < 0 {
		at = s.b.Call(ir.Sub, hi, s.b.Int(1))
	}
	return s.prove(s.replace(poly, atom, at), depth-1)
}

func later(x, y *ir.Expr) bool {
	rank := func(e *ir.Expr) int {
		switch {
		case e.Kind != ir.KIndex:
			return 1 << 30
		case e.Idx.IsTemp():
			return 1<<20 - int(e.Idx)
		}
		return int(e.Idx)
	}
	return rank(x) > rank(y)
}

func (s *bounds) replace(poly ir.Poly, atom, by *ir.Expr) *ir.Expr {
	out := s.b.Int(0)
	for _, t := range poly {
		x := s.b.Int(t.Coef)
		for _, y := range t.Atoms {
			if y == atom {
				y = by
			}
			x = s.b.Call(ir.Mul, x, y)
		}
		out = s.b.Call(ir.Add, out, x)
	}
	return out
}

// positive reports whether a polynomial in dims is ≥ 0: dims are ≥ 0, those
// in sizes ≥ 1, and nothing but the constant is subtracted.
func (s *bounds) positive(poly ir.Poly) bool {
	sum := int64(0)
	for _, t := range poly {
		if len(t.Atoms) == 0 {
			sum += t.Coef
			continue
		}
		if t.Coef < 0 {
			return false
		}
		one := true
		for _, x := range t.Atoms {
			one = one && s.sizes[x.Name]
		}
		if one {
			sum += t.Coef
		}
	}
	return sum >= 0
}

// divides reports whether e, which something is divided by, is at least 1, where
// sizes that are fixed by parameters are.
func (s *bounds) divides(e *ir.Expr) bool {
	poly := s.b.PolyOf(s.b.Call(ir.Sub, e, s.b.Int(1)))
	sizes := s.sizes
	s.sizes = maps.Clone(sizes)
	maps.Copy(s.sizes, s.params)
	defer func() { s.sizes = sizes }()
	return s.positive(poly)
}

// within reports whether lo ≤ e < hi.
func (s *bounds) within(e, lo, hi *ir.Expr) bool {
	return s.nonneg(s.b.Call(ir.Sub, e, lo)) &&
		s.nonneg(s.b.Call(ir.Sub, s.b.Call(ir.Sub, hi, e), s.b.Int(1)))
}

// inside reports whether the read e stays inside its array.
func (s *bounds) inside(e *ir.Expr) bool {
	for k, x := range e.Args {
		if !s.within(x, s.b.Int(0), e.Array.Shape[k]) {
			return false
		}
	}
	return true
}

// nonempty reports whether every range holds an index.
func (s *bounds) nonempty(binders []ir.Binder) bool {
	for _, bd := range binders {
		if !s.nonneg(s.b.Call(ir.Sub, s.b.Call(ir.Sub, bd.Hi, bd.Lo), s.b.Int(1))) {
			return false
		}
	}
	return true
}

// compare decides a comparison of integers from the ranges.
func (s *bounds) compare(op *ir.Operator, x, y *ir.Expr) (value, known bool) {
	d := s.b.Call(ir.Sub, x, y)
	ge := s.nonneg(d)
	le := s.nonneg(s.b.Call(ir.Neg, d))
	gt := s.nonneg(s.b.Call(ir.Sub, d, s.b.Int(1)))
	lt := s.nonneg(s.b.Call(ir.Sub, s.b.Call(ir.Neg, d), s.b.Int(1)))
	// The signs that are possible decide if the operator answers all alike.
	var possible []int
	if !ge {
		possible = append(possible, -1)
	}
	if !gt && !lt {
		possible = append(possible, 0)
	}
	if !le {
		possible = append(possible, 1)
	}
	if len(possible) == 0 {
		return false, false
	}
	value = op.Holds(possible[0])
	for _, sg := range possible[1:] {
		if op.Holds(sg) != value {
			return false, false
		}
	}
	return value, true
}

// safe reports whether all reads in e are provably inside their arrays without
// the branches around e. What the branches of e itself ask helps; it need not
// be enough, for what those around ask was left out of them.
func (s *bounds) safe(e *ir.Expr) bool {
	switch e.Kind {
	case ir.KRead:
		if !s.inside(e) {
			return false
		}
	case ir.KReduce:
		binders, body := s.b.Open(e)
		s.enter(binders)
		return s.safe(body)
	}
	for k, x := range e.Args {
		undo := func() {}
		if c := holding(s.b, e, k); c != nil {
			undo = s.assume(c)
		}
		ok := s.safe(x)
		undo()
		if !ok {
			return false
		}
	}
	return true
}

// holding is what holds where argument k of e is computed, or nil: that of an
// `if` above its arms, and the left side of `and` or `or` above the right.
func holding(b *ir.Builder, e *ir.Expr, k int) *ir.Expr {
	switch {
	case e.Kind == ir.KIf && k == 1 || e.IsCall(ir.And) && k == 1:
		return e.Args[0]
	case e.Kind == ir.KIf && k == 2 || e.IsCall(ir.Or) && k == 1:
		return b.Call(ir.Not, e.Args[0])
	}
	return nil
}
