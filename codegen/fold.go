package codegen

import (
	"slices"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// A row this short is worth joining with the next ones; one joined from
// constant sizes stays in the first-level cache with what it is computed from.
const (
	shortRow = 64
	longRow  = 4096
)

// folded joins a loop over rows with that over the elements of each where they
// follow each other in all arrays,
//
//	for i { for j { y[28*i + j] = tanh(x[28*i + j]) } }
//
// as the loop over i*28 + j, in the same order; nil: it is not of the kind.
func (b *body) folded(l *plan.Loop) *plan.Loop {
	if !foldable(l) || len(l.Body) != 1 || len(b.plan.In(l)) > 0 {
		return nil
	}
	in, ok := l.Body[0].(*plan.Loop)
	if !ok {
		return nil
	}
	if f := b.folded(in); f != nil {
		in = f
	}
	size := b.b.Call(ir.Mul, l.Hi, in.Hi)
	if !foldable(in) || in.Hi.Kind != ir.KConst || in.Hi.N >= shortRow && (size.Kind != ir.KConst || size.N > longRow) {
		return nil
	}
	d := plan.Dim{Idx: b.b.Temp(l.Name + in.Name), Name: l.Name + in.Name, Lo: l.Lo, Hi: size}
	row, col := b.b.Call(ir.IDiv, b.b.Idx(d.Idx), in.Hi), b.b.Call(ir.Mod, b.b.Idx(d.Idx), in.Hi)
	apart := map[ir.Index]*ir.Expr{l.Idx: row, in.Idx: col}
	f := fold{b, l, in, d, b.b.Call(ir.Add, b.b.Call(ir.Mul, in.Hi, b.b.Idx(l.Idx)), b.b.Idx(in.Idx)), apart, map[*ir.Expr]*stretch{}}
	for _, n := range in.Body {
		s, ok := n.(*plan.Stmt)
		if !ok || !f.statement(s.Def) {
			return nil
		}
	}
	if len(f.stretches) > 0 && (b.lazy > 0 || size.Kind == ir.KConst && size.N < fewest || slices.ContainsFunc(in.Body, func(n plan.Node) bool { return !f.inRows(n.(*plan.Stmt).Def) })) {
		return nil
	}
	at := map[ir.Index]*ir.Expr{l.Idx: b.b.Int(0), in.Idx: b.b.Idx(d.Idx)}
	dims := b.open(l, in)
	return b.plan.Variant(in, d, b.copy(in.Body, func(e *ir.Expr) *ir.Expr {
		ir.Walk(e, func(x *ir.Expr) bool {
			if x.Kind == ir.KRead && !f.fixed(x) && (b.inner[x] || plan.Inside(b.b, x, dims)) {
				b.inner[b.b.Subst(x, at)] = true
			}
			return true
		})
		e = b.b.Map(e, func(x *ir.Expr) *ir.Expr {
			s, ok := f.stretches[x]
			if ok {
				x = b.b.Subst(x, apart)
			}
			if s != nil {
				b.stretches[x] = *s
			}
			return x
		})
		return b.b.Subst(e, at)
	}, map[*plan.Def]*plan.Def{}))
}

func foldable(l *plan.Loop) bool {
	return !l.Time && !l.Down && l.Lo.IsConst(0) && len(l.Hi.Free()) == 0 && len(ir.Reads(l.Hi)) == 0
}

// fold is two loops on the way to one.
type fold struct {
	*body
	out, in   *plan.Loop
	dim       plan.Dim // of both
	at        *ir.Expr // the position in a block of rows
	apart     map[ir.Index]*ir.Expr
	stretches map[*ir.Expr]*stretch // reads of which elements follow, but several times; nil: with strides
}

func (f fold) fixed(e *ir.Expr) bool { return !e.Depends(f.out.Idx) && !e.Depends(f.in.Idx) }

// follows reports whether elements are neighbours from iteration to iteration,
// or always the same one.
func (f fold) follows(a *ir.Array, at []*ir.Expr) bool {
	if f.isLocal(a) {
		return true
	}
	for _, x := range at {
		for _, r := range ir.Reads(x) {
			if f.isLocal(r) {
				return false
			}
		}
	}
	_, e := f.flat(a, at)
	return f.fixed(e) || f.fixed(f.b.Call(ir.Sub, e, f.at))
}

func (f fold) statement(d *plan.Def) bool {
	switch d.Red {
	case nil, ir.Sum:
	case ir.MaxOver, ir.MinOver:
		if !d.Scalar {
			return false
		}
	default:
		return false
	}
	return (d.Red != nil && d.Scalar || f.follows(d.Array, d.At)) && f.expr(d.Body)
}

// expr reports whether e depends on the indices through elements alone.
func (f fold) expr(e *ir.Expr) bool {
	switch {
	case f.fixed(e):
		return true
	case e.Kind == ir.KRead:
		if f.follows(e.Array, e.Args) {
			return true
		}
		if s, ok := f.stretched(e, f.out, f.in); ok {
			f.stretches[e] = &s
			return true
		}
		f.stretches[e] = nil
		if !e.Depends(f.out.Idx) { // the same elements in each row
			return false
		}
		_, _, ok := f.strides(f.b.Subst(e, f.apart), f.dim)
		return ok
	case e.Kind == ir.KIndex || e.Kind == ir.KReduce:
		return false
	}
	for _, a := range e.Args {
		if !f.expr(a) {
			return false
		}
	}
	return true
}

// inRows reports whether the operators of a definition all have a form for rows,
// so that no loop has to take its indices from a position.
func (f fold) inRows(d *plan.Def) bool {
	ok := true
	ir.Walk(d.Body, func(e *ir.Expr) bool {
		if f.fixed(e) {
			return false
		}
		ok = ok && (e.Kind != ir.KCall || e.Type != ir.Real || e.Op.Row != "" || e.Op == ir.Neg) && (e.Kind != ir.KIf || isGate(e))
		return ok && e.Kind != ir.KRead
	})
	return ok
}

func (b *body) isLocal(a *ir.Array) bool {
	st := b.plan.Store[a]
	return st != nil && st.Local()
}
