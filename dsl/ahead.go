package dsl

import (
	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// order knows when the entries of a recurrence are computed.
type order struct {
	rec    *ir.Recurrence
	time   ir.Index
	lo, hi *ir.Expr          // of the steps
	place  map[*ir.Array]int // of its arrays in a step
}

// checkOrder reports what the steps of a recurrence read before it is computed,
// or may: nobody would notice in what is emitted. By tells the step that an
// array comes from.
func (in *scope) checkOrder(o order, group []*ir.Array, by map[*ir.Array]*syntax.Equation) bool {
	o.place = map[*ir.Array]int{}
	for k, a := range group {
		o.place[a] = k
	}
	time := in.index[o.time].name
	for _, a := range group {
		if a.Def != ir.Equation {
			continue
		}
		s := in.child()
		for k, d := range a.Shape {
			s.index[ir.Axis(k)] = indexInfo{a.Axes[k], s.Int(0), d}
		}
		s.index[ir.Axis(s.timeAxis[a][o.time])] = indexInfo{time, o.lo, o.hi}
		read := s.ahead(o, a, a.Body, map[*ir.Expr]bool{})
		if read != nil {
			b := read.Array
			d := diag.New("NN504", by[a].Span, "the entry of %s at %s may be read before it is computed", b.Name, s.dimText(read.Args[s.timeAxis[b][o.time]]))
			past := "before"
			if o.rec.Down {
				past = "behind"
			}
			s.report(d.WithHint("read entries that provably lie %s %s, or choose them with if", past, time))
		}
		for k := range a.Shape {
			delete(s.index, ir.Axis(k))
		}
		if read != nil {
			return false
		}
	}
	return true
}

// ahead is a read in e, of the body of a, that may come too early, or nil.
func (s *scope) ahead(o order, a *ir.Array, e *ir.Expr, seen map[*ir.Expr]bool) *ir.Expr {
	if seen[e] {
		return nil
	}
	seen[e] = true
	if _, ok := o.place[e.Array]; ok && e.Kind == ir.KRead && !s.past(o, a, e) {
		return e
	}
	if e.Kind == ir.KReduce {
		binders, body := s.Open(e)
		for _, b := range binders {
			s.index[b.Idx] = indexInfo{b.Name, b.Lo, b.Hi}
		}
		return s.ahead(o, a, body, seen)
	}
	for k, x := range e.Args {
		t, seen := s, seen
		if cond := e.Args[0]; k > 0 && (e.Kind == ir.KIf || e.IsCall(ir.And) || e.IsCall(ir.Or)) {
			if k == 2 || e.IsCall(ir.Or) {
				cond = s.negated(cond)
			}
			t, seen = s.under(cond), map[*ir.Expr]bool{}
		}
		if read := t.ahead(o, a, x, seen); read != nil {
			return read
		}
	}
	return nil
}

// past reports whether a read is provably of what is computed by then.
func (s *scope) past(o order, a *ir.Array, e *ir.Expr) bool {
	b := e.Array
	ago := s.Call(ir.Sub, s.Idx(ir.Axis(s.timeAxis[a][o.time])), e.Args[s.timeAxis[b][o.time]])
	if o.rec.Down {
		ago = s.Call(ir.Neg, ago)
	}
	if ago.IsConst(0) {
		inner := a.Rec.Around(o.rec.Depth())
		return o.place[b] < o.place[a] || inner != nil && inner == b.Rec.Around(o.rec.Depth())
	}
	return s.known(s.Call(ir.Sub, ago, s.Int(1)))
}
