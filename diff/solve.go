package diff

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// A constraint says that f, an integer expression in summed indices, equals
// to, which is free of them.
type constraint struct{ f, to *ir.Expr }

// solver turns a constrained sum
//
//	Σ over binders, where the constraints hold, of a term
//
// into one over fewer indices: a constraint that can be solved for an index
// makes it an expression in the others, with its range as a condition.
// What sends y[i] to a[f(i)] in a forward equation becomes in this way what
// fetches dy[i] for da[k], where k = f(i).
type solver struct {
	*engine
	over   []ir.Binder
	known  bounds // of the indices outside
	open   []constraint
	ranges []*ir.Expr // conditions that solved constraints leave behind
	t      term
}

// solve uses up the constraints it can; those left hold a gather, or are free
// of summed indices. Then conditions of the term that are equations, such as
// t == 0 in the base of a recurrence, fix summed indices too.
func (s *solver) solve() {
	for s.step() {
	}
	for s.equality() {
	}
}

// gathers reports whether a summed index is left inside a gather.
func (s *solver) gathers() bool {
	return slices.ContainsFunc(s.open, func(c constraint) bool { return dependsOnAny(c.f, idxs(s.over)) })
}

// step solves one constraint: a bare index first, then mixed digits, then the
// index with the largest range of an affine expression.
func (s *solver) step() bool {
	for k, c := range s.open {
		if c.f.Kind == ir.KIndex && slices.Contains(idxs(s.over), c.f.Idx) {
			s.drop(k)
			return s.replace(c.f.Idx, c.to, nil, nil)
		}
	}
	for k, c := range s.open {
		coef, rest, ok := s.Affine(c.f, idxs(s.over))
		if ok && len(coef) > 0 && (s.digit(k, coef, rest) || s.affine(k, coef)) {
			return true
		}
	}
	return s.exact() || s.quotient()
}

func (s *solver) drop(k int) { s.open = slices.Delete(slices.Clone(s.open), k, k+1) }

func (s *solver) binder(i ir.Index) ir.Binder {
	for _, b := range s.over {
		if b.Idx == i {
			return b
		}
	}
	panic("diff: bug: index is not summed")
}

// affine solves for the index that has the largest range, so that least
// remains to be summed. Indices whose ranges would come to depend on
// themselves are passed over.
func (s *solver) affine(k int, coef map[ir.Index]*ir.Expr) bool {
	c := s.open[k]
	var best []ir.Binder
	for _, b := range s.over {
		if coef[b.Idx] != nil {
			best = append(best, b)
		}
	}
	score := func(b ir.Binder) float64 {
		x := s.estimate(s.Call(ir.Sub, b.Hi, b.Lo))
		if one := coef[b.Idx]; !one.IsConst(1) && !one.IsConst(-1) {
			x *= 1.5 // a stride: the other is the window
		}
		return x
	}
	slices.SortStableFunc(best, func(a, b ir.Binder) int {
		switch x, y := score(a), score(b); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	for _, b := range best {
		i := b.Idx
		num := s.Call(ir.Add, s.Call(ir.Sub, c.to, c.f), s.Call(ir.Mul, coef[i], s.Idx(i)))
		by := coef[i]
		if !s.nonNegative(by) {
			num, by = s.Call(ir.Neg, num), s.Call(ir.Neg, by)
		}
		if !s.nonNegative(by) {
			continue
		}
		old := *s
		s.drop(k)
		if by.IsConst(1) {
			if s.replace(i, num, nil, nil) {
				return true
			}
		} else if s.replace(i, s.Call(ir.IDiv, num, by), num, by) {
			return true
		}
		*s = old
	}
	return false
}

// replace puts x in the place of index i everywhere. x is num/by where that
// divides, if by is given; num alone says that x is known to be in range. It
// is false, and nothing has happened, if ranges would depend on themselves.
func (s *solver) replace(i ir.Index, x, num, by *ir.Expr) bool {
	b := s.binder(i)
	sub := map[ir.Index]*ir.Expr{i: x}
	var over []ir.Binder
	for _, o := range s.over {
		if o.Idx != i {
			o.Lo, o.Hi = s.Subst(o.Lo, sub), s.Subst(o.Hi, sub)
			over = append(over, o)
		}
	}
	over, ok := ordered(over)
	if !ok {
		return false
	}
	s.over = over
	for k := range s.open {
		s.open[k].f = s.Subst(s.open[k].f, sub)
	}
	for k := range s.ranges {
		s.ranges[k] = s.Subst(s.ranges[k], sub)
	}
	in := s.bounds()
	var on []*ir.Expr
	switch {
	case by != nil:
		on = append(s.within(num, s.Call(ir.Mul, b.Lo, by), s.Call(ir.Mul, b.Hi, by), x, b, in),
			s.Call(ir.Eq, s.Call(ir.Mod, num, by), s.Int(0)))
	case num == nil:
		on = s.within(x, b.Lo, b.Hi, x, b, in)
	}
	if !x.ReadsAny() {
		s.ranges = append(s.ranges, on...)
	} else { // behind what may guard the read, before what relies on the range
		var before, behind []*ir.Expr
		for _, c := range s.t.on {
			if c.Depends(i) {
				behind = append(behind, c)
			} else {
				before = append(before, c)
			}
		}
		s.t.on = slices.Concat(before, on, behind)
	}
	s.t = s.substTerm(s.t, sub)
	if by != nil && by.Kind == ir.KConst {
		s.t.on = slices.Clone(s.t.on)
		for k, c := range s.t.on {
			s.t.on[k] = s.whole(c, x, num, by)
		}
	}
	return true
}

// whole is a condition with num in the place of by*floor(num/by), which by divides.
func (s *solver) whole(c, q, num, by *ir.Expr) *ir.Expr {
	if c.Kind != ir.KCall || c.Op.Holds == nil || c.Args[0].Type != ir.Int {
		return c
	}
	d, at := s.Call(ir.Sub, c.Args[0], c.Args[1]), s.PolyOf(q)
	out := d
	for _, t := range s.PolyOf(d) {
		if len(t.Atoms) == 1 && t.Atoms[0].IsCall(ir.IDiv) && t.Coef%by.N == 0 && slices.ContainsFunc(at, func(u ir.Term) bool { return slices.Equal(u.Atoms, t.Atoms) && u.Coef == 1 }) {
			out = s.Call(ir.Sub, out, s.Call(ir.Mul, s.Int(t.Coef), q))
			out = s.Call(ir.Add, out, s.Call(ir.Mul, s.Int(t.Coef/by.N), num))
		}
	}
	if out == d {
		return c
	}
	return s.Call(c.Op, out, s.Int(0))
}

// within is the range of b for x as conditions, as far as it cannot prove
// them: lo ≤ scaled < hi says the same without a division.
func (s *solver) within(scaled, lo, hi, x *ir.Expr, b ir.Binder, in bounds) (on []*ir.Expr) {
	one := s.Int(1)
	switch {
	case scaled == x && x.IsCall(ir.IDiv):
		by := x.Args[1]
		return s.within(x.Args[0], s.Call(ir.Mul, lo, by), s.Call(ir.Mul, hi, by), x, b, in)
	case x.Kind == ir.KReduce && len(x.Binders) == 1 && x.Binders[0].Lo == b.Lo && x.Binders[0].Hi == b.Hi: // argmax
		return s.atoms(s.Call(ir.Lt, b.Lo, b.Hi))
	case x.Kind == ir.KRead && b.Lo.IsConst(0) && x.Array.In == b.Hi:
		return nil
	}
	if !s.atLeastZero(s.Call(ir.Sub, scaled, lo), in) {
		on = append(on, s.Call(ir.Le, lo, scaled))
	}
	if !s.atLeastZero(s.Call(ir.Sub, s.Call(ir.Sub, hi, one), scaled), in) {
		on = append(on, s.Call(ir.Lt, scaled, hi))
	}
	return on
}

func (s *solver) bounds() bounds { return s.known.with(s.over...) }

func (d *engine) substTerm(t term, sub map[ir.Index]*ir.Expr) term {
	on := make([]*ir.Expr, len(t.on))
	for i, c := range t.on {
		on[i] = d.Subst(c, sub)
	}
	out := term{on: on, v: d.Subst(t.v, sub)}
	if t.some != nil {
		out.some = d.Subst(t.some, sub)
	}
	return out
}

// equality uses a condition of the term to fix a summed index.
func (s *solver) equality() bool {
	for k, c := range s.t.on {
		if !c.IsCall(ir.Eq) || c.Args[0].Type != ir.Int || !dependsOnAny(c, idxs(s.over)) {
			continue
		}
		if s.multiple(k) {
			return true
		}
		f := s.Call(ir.Sub, c.Args[0], c.Args[1])
		coef, rest, ok := s.Affine(f, idxs(s.over))
		if !ok || len(coef) == 0 {
			continue
		}
		old := *s
		s.t.on = slices.Delete(slices.Clone(s.t.on), k, k+1)
		s.open = append(slices.Clone(s.open), constraint{s.Call(ir.Sub, f, rest), s.Call(ir.Neg, rest)})
		if s.affine(len(s.open)-1, coef) {
			return true
		}
		*s = old
	}
	return false
}

// ordered sorts binders so that ranges depend only on those before.
func ordered(over []ir.Binder) ([]ir.Binder, bool) {
	var out []ir.Binder
	rest := slices.Clone(over)
	for len(rest) > 0 {
		k := slices.IndexFunc(rest, func(b ir.Binder) bool {
			return !dependsOnAny(b.Lo, idxs(rest)) && !dependsOnAny(b.Hi, idxs(rest))
		})
		if k < 0 {
			return nil, false
		}
		out = append(out, rest[k])
		rest = slices.Delete(rest, k, k+1)
	}
	return out, true
}

// sum closes what remains: conditions outside where they may stand there,
// those on a single index as its range, the others inside. A gather is tested
// last, since a condition of the term may be what makes it lie in its array.
func (s *solver) sum() term {
	on := slices.Concat(s.ranges, s.t.on)
	for _, c := range s.open {
		eq := s.Call(ir.Eq, c.to, c.f)
		if c.f.ReadsAny() {
			on = append(on, eq)
		} else {
			on = append([]*ir.Expr{eq}, on...)
		}
	}
	in := s.bounds()
	var out term
	for _, c := range on {
		for _, c := range s.atoms(s.decide(c, in)) {
			switch {
			case slices.Contains(out.on, c) || slices.Contains(out.inner, c):
			case !dependsOnAny(c, idxs(s.over)) && (len(out.inner) == 0 && !s.ragged() || s.readsInside(c, s.known)):
				out.on = append(out.on, c)
			case !s.tighten(c):
				out.inner = append(out.inner, c)
			}
		}
	}
	out.over, out.v, out.some = s.over, s.t.v, s.t.some
	if len(out.inner) == 0 {
		out = term{on: out.on, v: s.value(term{over: s.over, v: s.t.v}), some: out.some}
		if out.some != nil {
			out.some = s.any(s.over, out.some)
		}
	}
	return out
}

// ragged reports whether the sum is over nothing for some of the indices
// outside, so that those need not be where a condition of it can be read.
func (s *solver) ragged() bool {
	return slices.ContainsFunc(s.over, func(b ir.Binder) bool {
		return len(b.Lo.Free())+len(b.Hi.Free()) > 0 && !s.atLeastZero(s.Call(ir.Sub, s.Call(ir.Sub, b.Hi, b.Lo), s.Int(1)), s.bounds())
	})
}

// readsInside reports whether c may be evaluated anywhere in the bounds.
func (d *engine) readsInside(c *ir.Expr, in bounds) bool {
	ok := true
	ir.Walk(c, func(e *ir.Expr) bool {
		ok = ok && (e.Kind != ir.KRead || d.readInside(e, in))
		return ok
	})
	return ok
}

// tighten makes a condition such as t > 0 or t + 1 < T the range of a summed
// index, if the new end is certainly a tighter one.
func (s *solver) tighten(c *ir.Expr) bool {
	if c.Kind != ir.KCall || c.Op.Holds == nil || c.Args[0].Type != ir.Int || c.Op == ir.Eq {
		return false
	}
	coef, rest, ok := s.Affine(s.Call(ir.Sub, c.Args[0], c.Args[1]), idxs(s.over))
	if !ok || len(coef) != 1 || dependsOnAny(rest, idxs(s.over)) {
		return false
	}
	for k := range s.over {
		b := &s.over[k]
		a := coef[b.Idx]
		if a == nil || !a.IsConst(1) && !a.IsConst(-1) {
			continue
		}
		op, end := c.Op, rest // i + rest op 0, so i op -rest; else -i + rest op 0, so i mirrored op rest
		if a.IsConst(1) {
			end = s.Call(ir.Neg, rest)
		} else {
			op = mirror[op]
		}
		one := s.Int(1)
		switch op { // as i ≥ end or i < end
		case ir.Gt:
			op, end = ir.Ge, s.Call(ir.Add, end, one)
		case ir.Le:
			op, end = ir.Lt, s.Call(ir.Add, end, one)
		case ir.Ne:
			switch end {
			case b.Lo:
				op, end = ir.Ge, s.Call(ir.Add, end, one)
			case s.Call(ir.Sub, b.Hi, one):
				op = ir.Lt
			default:
				return false
			}
		}
		out := s.known.with(s.over[:k]...)
		if op == ir.Ge && s.atLeastZero(s.Call(ir.Sub, end, b.Lo), out) {
			s.setRange(k, end, b.Hi)
			return true
		}
		if op == ir.Lt && s.atLeastZero(s.Call(ir.Sub, b.Hi, end), out) {
			s.setRange(k, b.Lo, end)
			return true
		}
	}
	return false
}

func (s *solver) setRange(k int, lo, hi *ir.Expr) {
	s.over = slices.Clone(s.over)
	s.over[k].Lo, s.over[k].Hi = lo, hi
}

// mirror is the comparison with its sides exchanged.
var mirror = map[*ir.Operator]*ir.Operator{ir.Lt: ir.Gt, ir.Gt: ir.Lt, ir.Le: ir.Ge, ir.Ge: ir.Le, ir.Ne: ir.Ne}
