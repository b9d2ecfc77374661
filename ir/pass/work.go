package pass

import (
	"github.com/nnc-lang/nnc/ir"
)

// work estimates how often expressions are evaluated. A dim has no number, so
// a comparison must hold where all dims are few and where they are many.
type work struct {
	b *ir.Builder
}

// amount is a number of evaluations with few and with many of each dim.
type amount struct{ few, many float64 }

func (x amount) times(y amount) amount { return amount{x.few * y.few, x.many * y.many} }
func (x amount) plus(y amount) amount  { return amount{x.few + y.few, x.many + y.many} }
func (x amount) most(y amount) bool    { return x.few <= y.few && x.many <= y.many }

// extent is an integer expression; an index in it counts as ext says.
func (w work) extent(e *ir.Expr, ext map[ir.Index]amount) amount {
	var sum amount
	for _, t := range w.b.PolyOf(e) {
		x := amount{float64(t.Coef), float64(t.Coef)}
		for _, a := range t.Atoms {
			switch {
			case a.Kind == ir.KIndex:
				x = x.times(ext[a.Idx])
			default:
				x = x.times(amount{3, 1000})
			}
		}
		sum = sum.plus(x)
	}
	return amount{max(sum.few, 1), max(sum.many, 1)}
}

// domain is the number of elements of a, or of contributions to it, and the
// extents of its indices.
func (w work) domain(a *ir.Array) (amount, map[ir.Index]amount) {
	n, ext := amount{1, 1}, map[ir.Index]amount{}
	if a.Def == ir.Accumulate {
		for _, bd := range a.Domain {
			ext[bd.Idx] = w.extent(w.b.Call(ir.Sub, bd.Hi, bd.Lo), ext)
			n = n.times(ext[bd.Idx])
		}
		return n, ext
	}
	for k, d := range a.Shape {
		ext[ir.Axis(k)] = w.extent(d, ext)
		n = n.times(ext[ir.Axis(k)])
	}
	return n, ext
}

// reads calls f for each read in a definition with the number of times it is
// evaluated, where a reduction is evaluated once for each value of the indices
// it depends on: [Split] sees to that.
func (w work) reads(a *ir.Array, f func(e *ir.Expr, n amount)) {
	n, ext := w.domain(a)
	for _, e := range a.Exprs() {
		w.below(e, n, ext, map[*ir.Expr]bool{}, f)
	}
}

func (w work) below(e *ir.Expr, n amount, ext map[ir.Index]amount, seen map[*ir.Expr]bool, f func(*ir.Expr, amount)) {
	if seen[e] {
		return
	}
	seen[e] = true
	switch e.Kind {
	case ir.KRead:
		f(e, n)
	case ir.KReduce:
		n = amount{1, 1}
		for _, i := range e.Free() {
			n = n.times(ext[i])
		}
		for _, bd := range e.Binders {
			ext[bd.Idx] = w.extent(w.b.Call(ir.Sub, bd.Hi, bd.Lo), ext)
			n = n.times(ext[bd.Idx])
		}
		seen = map[*ir.Expr]bool{}
	}
	for _, x := range e.Args {
		w.below(x, n, ext, seen, f)
	}
}
