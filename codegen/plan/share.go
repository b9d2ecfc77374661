package plan

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// Share says that the iterations of an outermost loop can be done in any order
// and at once: none reads what another one writes, and what several write are sums.
type Share struct {
	Row    bool        // the loop runs along rows, and is shared where they are long
	Cost   *ir.Expr    // of an iteration, in sums of two elements of rows
	Own    []*ir.Array // in memory that each iteration overwrites: one for each that runs
	Sums   []*ir.Array // of small sizes, which iterations add to
	Totals []*Def      // the same of single numbers
}

// mostSums bounds the elements of an array of sums: there are as many as parts of
// the loop, and they are added up.
const mostSums = 4096

// RowPart is what rt.RowPart is.
const RowPart = 1 << 15

// leastRow is the cost of an element below which a row takes what memory takes.
const leastRow = 4

// leastShared is the cost below which an iteration is so little that it takes
// thousands to be worth another processor.
const leastShared = 1024

// share finds the outermost loops that processors can share.
func (s *storer) share() {
	candidates := map[*Loop]bool{}
	for _, n := range s.p.Body {
		l, ok := n.(*Loop)
		if !ok || l.Time || l.Down || !l.Lo.IsConst(0) || len(l.Hi.Free()) > 0 || len(ir.Reads(l.Hi)) > 0 {
			continue
		}
		totals, ok := enclosed(l)
		if !ok || moves(l) {
			continue
		}
		c := s.cost(l.Body, map[ir.Index]*ir.Expr{})
		switch row := alongRows(l); {
		case row && len(totals) == 0 && c.Kind == ir.KConst && c.N >= leastRow && (l.Hi.Kind != ir.KConst || l.Hi.N > RowPart) && len(s.p.Parts) == 1:
			l.Share, candidates[l] = &Share{Row: true, Cost: c}, true
		case !row && (c.Kind != ir.KConst || c.N >= leastShared):
			l.Share, candidates[l] = &Share{Cost: c, Totals: totals}, true
		}
	}
	if len(candidates) == 0 {
		return
	}
	for a := range s.uses {
		if s.p.Store[a] == nil {
			s.shareArray(a, candidates)
		}
	}
	for _, a := range s.p.Locals {
		s.shareArray(a, candidates)
	}
}

// shareArray takes the loops that cannot be shared for the sake of an array from
// the candidates.
func (s *storer) shareArray(a *ir.Array, candidates map[*Loop]bool) {
	in := map[*Loop][]use{}
	for _, u := range s.uses[a] {
		if len(u.path) > 0 && candidates[u.path[0]] {
			in[u.path[0]] = append(in[u.path[0]], u)
		}
	}
	// What a recurrence goes through is in the cache of its processor.
	recurs := s.p.Store[a] != nil && slices.ContainsFunc(s.uses[a], func(u use) bool { return len(u.path) > 0 && u.path[0].Time })
	for l, uses := range in {
		switch {
		case recurs:
			l.Share = nil
			delete(candidates, l)
		case s.independent(a, l, uses):
		case l.Share.Row:
			l.Share = nil
			delete(candidates, l)
		case s.owned(a, l):
			l.Share.Own = append(l.Share.Own, a)
		case s.summed(a, l, uses):
			l.Share.Sums = append(l.Share.Sums, a)
		default:
			l.Share = nil
			delete(candidates, l)
		}
	}
}

// independent reports whether no iteration of l uses elements of an array that
// another one sets.
func (s *storer) independent(a *ir.Array, l *Loop, uses []use) bool {
	st := s.p.Store[a]
	switch {
	case st != nil && st.Alias != nil: // its elements are noted as those of another
		return true
	case st != nil && st.Local():
		return st.In != nil && s.shared(a, l)
	case !slices.ContainsFunc(uses, func(u use) bool { return u.write }):
		return true
	case st == nil:
		return false
	}
	for k, keep := range st.Keep {
		if keep && !slices.ContainsFunc(uses, func(u use) bool { return u.at[k].Kind != ir.KIndex || u.at[k].Idx != l.Idx }) {
			return true
		}
	}
	return false
}

// owned reports whether an array is set anew in each iteration of l, and nothing
// else uses it.
func (s *storer) owned(a *ir.Array, l *Loop) bool {
	st := s.p.Store[a]
	return st != nil && !st.Local() && st.In != nil && s.shared(a, l) && !s.carried(a, st, l) && a.Elem == ir.Real
}

// summed reports whether l does no more with an array than add to it.
func (s *storer) summed(a *ir.Array, l *Loop, uses []use) bool {
	st := s.p.Store[a]
	if st == nil || st.Local() || a.Elem != ir.Real || a.Rank() == 0 {
		return false
	}
	size := s.Int(1)
	for _, n := range a.Shape {
		size = s.Call(ir.Mul, size, n)
	}
	sums := 0
	Visit(l.Body, func(n Node) {
		if x, ok := n.(*Stmt); ok && x.Def.Array == a && x.Def.Red == ir.Sum && !x.Def.Scalar && !x.Def.Scatter {
			sums++
		}
	})
	return size.Kind == ir.KConst && size.N <= mostSums && sums == len(uses)
}

// enclosed reports whether a loop consists of loops and statements alone. Totals
// are the sums that it adds to and does not begin.
func enclosed(l *Loop) (totals []*Def, ok bool) {
	begun := map[*Def]bool{}
	ok = true
	Visit(l.Body, func(n Node) {
		switch n := n.(type) {
		case *Loop:
			ok = ok && !n.Time
		case *Begin:
			begun[n.Def] = true
		case *Stmt:
			d := n.Def
			if d.Red == nil || !d.Scalar || begun[d] {
				return
			}
			ok = ok && d.Red == ir.Sum && d.Array.Elem == ir.Real
			totals = append(totals, d)
		case *Draw, *Contraction:
			ok = false
		}
	})
	return totals, ok
}

// alongRows reports whether a loop consists of statements.
func alongRows(l *Loop) bool {
	return !slices.ContainsFunc(l.Body, func(n Node) bool { _, ok := n.(*Stmt); return !ok })
}

// moves reports whether a loop does no more than move elements.
func moves(l *Loop) bool {
	all := true
	Visit(l.Body, func(n Node) {
		switch n := n.(type) {
		case *Stmt:
			all = all && n.Def.Red == nil && weight(n.Def.Body) == 1
		case *Window:
			all = false
		}
	})
	return all
}

// cost is what steps cost, with the indices of loops around at their ends.
func (s *storer) cost(list []Node, ends map[ir.Index]*ir.Expr) *ir.Expr {
	c := s.Int(0)
	add := func(times []Dim, x *ir.Expr) {
		for _, d := range times {
			n := s.Subst(d.Hi, ends)
			if len(n.Free()) > 0 || len(ir.Reads(n)) > 0 {
				n = s.Int(8) // who knows
			}
			x = s.Call(ir.Mul, x, n)
		}
		c = s.Call(ir.Add, c, x)
	}
	for _, n := range list {
		switch n := n.(type) {
		case *Loop:
			ends[n.Idx] = s.Subst(n.Hi, ends)
			add([]Dim{n.Dim}, s.cost(n.Body, ends))
		case *Branch:
			add(nil, s.cost(n.Then, ends))
			add(nil, s.cost(n.Else, ends))
		case *Window:
			add(slices.Concat(n.Def.Dims, n.Def.RDims), s.Int(1))
		case *Stmt:
			add(nil, s.Int(weight(n.Def.Body)))
		}
	}
	return c
}

// weight is about how many sums of two elements an expression takes as long as.
func weight(e *ir.Expr) int64 {
	n := int64(1)
	seen := map[*ir.Expr]bool{}
	ir.Walk(e, func(x *ir.Expr) bool {
		if seen[x] {
			return false
		}
		seen[x] = true
		if x.Kind != ir.KCall || x.Type != ir.Real {
			return true
		}
		switch {
		case x.IsCall(ir.Pow):
			n += 24
		case x.Op.Arity == 1 && x.Op.Row != "":
			n += 8
		case x.IsCall(ir.Div):
			n += 3
		default:
			n++
		}
		return true
	})
	return n
}
