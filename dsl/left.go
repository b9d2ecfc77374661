package dsl

import (
	"strings"

	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// leftSide makes the indices of the targets.
func (in *scope) leftSide(st *syntax.Equation, fd *funcDecl) (*scope, [][]ir.Index, bool) {
	inner := in.child()
	lhs := make([][]ir.Index, len(st.Targets))
	for k, t := range st.Targets {
		if r := declared(st, t, fd); r != nil && r.Ref == nil && len(t.Indices) > len(r.Dims) {
			if rest, _ := cellRank(r); !rest {
				in.errorf("NN219", t.Span, "%s is declared %s, and has %d indices here", t.Name.Name, in.typeText(r), len(t.Indices))
				return nil, nil, false
			}
		}
		for axis, ix := range t.Indices {
			n, ok := syntax.Unparen(orNil(ix.Expr)).(*syntax.Name)
			if !ok || ix.Slice || ix.All {
				in.notFresh(t, ix)
				return nil, nil, false
			}
			if old := inner.names[n.Name]; old != nil && k > 0 {
				lhs[k] = append(lhs[k], old.expr().Idx)
				continue
			} else if old != nil {
				in.errorf("NN229", ix.Span, "index %s stands twice on the left", n.Name)
				return nil, nil, false
			}
			lo, hi, ok := in.leftRange(st, t, ix, axis, n, fd)
			if !ok {
				return nil, nil, false
			}
			if !lo.IsConst(0) {
				in.errorf("NN229", ix.Span, "%s has no entries below %s; hint: start at 0, or give a base", t.Name.Name, in.dimText(lo))
				return nil, nil, false
			}
			i := in.temp(n.Name, lo, hi)
			v := scalarOf(in.Idx(i))
			v.bound, v.def = hi, n.Span
			inner.names[n.Name] = v
			lhs[k] = append(lhs[k], i)
		}
	}
	return inner, lhs, true
}

// declared is the type of a target: its own, or that of the result.
func declared(st *syntax.Equation, t *syntax.Target, fd *funcDecl) *syntax.Type {
	if st.Type != nil {
		return st.Type
	}
	for _, r := range fd.Results {
		if r.Name.Name == t.Name.Name {
			return r.Type
		}
	}
	return nil
}

func (in *scope) typeText(t *syntax.Type) string {
	if len(t.Dims) == 0 {
		return "a scalar"
	}
	return in.declaredShape(t)
}

// notFresh reports an index on the left that is no name.
func (in *scope) notFresh(t *syntax.Target, ix *syntax.Index) {
	name := t.Name.Name
	switch e := syntax.Unparen(orNil(ix.Expr)).(type) {
	case *syntax.Number, *syntax.Unary:
		in.report(diag.New("NN501", t.Span, "%s gives one entry, the base of a recurrence, and no equation of %s is its step", in.source(t.Span), name).
			WithHint("%s[t] = … %s[t-1] …; or if t == 0 then … else … for an array whose first entry is another", name, name))
	default:
		d := diag.New("NN229", ix.Span, "indices on the left are fresh names, here is %s", in.source(ix.Span))
		if b, ok := e.(*syntax.Binary); ok {
			if n, ok := syntax.Unparen(b.X).(*syntax.Name); ok {
				d.WithHint("%s[%s] = …, and shift what is read", name, n.Name)
			}
		}
		in.report(d)
	}
}

// letters are the names of the indices of a target.
func (in *scope) letters(t *syntax.Target) string {
	var out []string
	for _, ix := range t.Indices {
		out = append(out, in.source(orNil(ix.Expr).At()))
	}
	return strings.Join(out, ", ")
}

// leftRange is the range of an index on the left: what `in` says, else the
// declared axis, else the axis where it stands bare on the right.
func (in *scope) leftRange(st *syntax.Equation, t *syntax.Target, ix *syntax.Index, axis int, n *syntax.Name, fd *funcDecl) (lo, hi *ir.Expr, ok bool) {
	if ix.In != nil {
		for _, o := range t.Indices {
			if name, ok := syntax.Unparen(orNil(o.Expr)).(*syntax.Name); ok && o != ix && (o.In != nil || in.dim(name.Name) == nil) && (uses(ix.In.Lo, name.Name) || uses(ix.In.Hi, name.Name)) {
				in.report(diag.New("NN204", ix.Span, "the range of %s depends on %s, and an array is a box", n.Name, name.Name).
					WithHint("%s[%s] = if … then … else 0", t.Name.Name, in.letters(t)))
				return nil, nil, false
			}
		}
		return in.rangeOf(ix.In)
	}
	typ := st.Type
	for _, r := range fd.Results {
		if r.Name.Name == t.Name.Name && typ == nil {
			typ = r.Type
		}
	}
	if typ != nil && axis < len(typ.Dims) && !typ.Dims[axis].Rest {
		e := typ.Dims[axis].Expr
		known := true
		for _, name := range freeNames(e) {
			known = known && in.dim(name) != nil
		}
		if known {
			hi := in.intExpr(e)
			return in.Int(0), hi, hi != nil
		}
	}
	return in.inferRange(n.Name, n.Span, st.Value)
}

// box refuses cells whose shape depends on the indices of the left.
func (in *scope) box(t *syntax.Target, v *value, idx []ir.Index) *value {
	for _, d := range v.shape {
		for _, i := range idx {
			if d.Depends(i) {
				return in.errorf("NN204", t.Span, "the shape of a cell of %s, %s, depends on %s, and an array is a box; hint: if … then … else 0 in cells of one shape",
					t.Name.Name, in.shapeText(v.shape), in.index[i].name)
			}
		}
	}
	return v
}

// abstract makes the indices of the left leading axes of v.
func (in *scope) abstract(v *value, idx []ir.Index) *value {
	if len(idx) == 0 {
		return v
	}
	w := *v
	w.shape = nil
	for _, i := range idx {
		w.shape = append(w.shape, in.index[i].hi)
	}
	w.shape = append(w.shape, v.shape...)
	n := len(idx)
	w.at = func(full []*ir.Expr) *ir.Expr { return in.substIndex(v.at(full[n:]), idx, full[:n]) }
	if v.rank() == 0 {
		w.prob = ""
	}
	return &w
}
