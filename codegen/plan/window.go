package plan

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// Window reduces the windows of an array, as pooling does, for all elements of
// Def.Dims at once:
//
//	y[i, j] = max[u, v] x[2*i + u, 2*j + v]
//
// So does a maximum over an axis that does not lie along memory, max[t] x[t, j].
// The index of an argmax is the number of an element of the window.
type Window struct {
	Def  *Def
	Over []Dim    // the indices within a window
	Body *ir.Expr // of Def, by those
}

// window is what is left of a definition as such a reduction: over one or two
// indices, for one or two, the last of which steps along memory, as does the last
// within a window of several. Nil: it is none.
func (f *fuser) window(d *Def) *Window {
	if d.started || d.Scatter || d.Body.Kind != ir.KRead || d.Body.Type != ir.Real {
		return nil
	}
	w := &Window{d, d.RDims, d.Body}
	switch d.Red {
	case ir.Sum, ir.MaxOver:
	case ir.ArgMax:
		w.Over, w.Body = placed(f.Builder, d.RDims, d.Body, d.Dims)
	default:
		return nil
	}
	if !f.slides(w) {
		return nil
	}
	return w
}

// placed is the body of an argmax by the digits of its index, if it has some.
func placed(b *ir.Builder, rdims []Dim, body *ir.Expr, dims []Dim) ([]Dim, *ir.Expr) {
	sizes, _ := digits(b, rdims[0], []*ir.Expr{body}, nil)
	if sizes == nil {
		return rdims, body
	}
	s := &settling{b: b}
	over, q := s.numbered(rdims[0], sizes)
	s.dims = slices.Concat(dims, over)
	return over, s.expr(b.Subst(body, map[ir.Index]*ir.Expr{rdims[0].Idx: q}))
}

func (f *fuser) slides(w *Window) bool {
	d := w.Def
	if n, k := len(d.Dims), len(w.Over); n < 1 || n > 2 || k < 1 || k > 2 || len(w.Body.Args) == 0 {
		return false
	}
	own, some := map[ir.Index]bool{}, true // some: there is an element
	var over []ir.Index
	for _, dims := range [][]Dim{d.Dims, w.Over} {
		for _, x := range dims {
			if !x.Lo.IsConst(0) || len(x.Hi.Free()) > 0 || x.Hi.ReadsAny() {
				return false
			}
			over, own[x.Idx] = append(over, x.Idx), true
			some = some && x.Hi.Kind == ir.KConst && x.Hi.N > 0
		}
	}
	last := f.fastest(w.Body)
	for _, x := range w.Body.Args {
		coef, rest, ok := f.Affine(x, over)
		if !ok || rest.ReadsAny() || !some && !rest.IsConst(0) && rest.Kind != ir.KIndex {
			return false
		}
		for i, c := range coef {
			if !own[i] || c.Kind != ir.KConst || c.N < 1 {
				return false
			}
		}
		if x == last {
			j, v := d.Dims[len(d.Dims)-1].Idx, w.Over[len(w.Over)-1].Idx
			if d.Red != ir.Sum && len(w.Over) == 1 && len(coef) == 1 && coef[j] != nil && coef[j].IsConst(1) {
				n := d.Dims[len(d.Dims)-1].Hi
				return n.Kind != ir.KConst || n.N >= fewestLanes // a column: its window is one element wide
			}
			if len(coef) != 2 || coef[j] == nil || coef[v] == nil || !coef[v].IsConst(1) {
				return false
			}
		}
	}
	return true
}
