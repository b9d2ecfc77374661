package plan

import "github.com/nnc-lang/nnc/ir"

// Window reduces the windows of an array, as pooling does, for all elements of
// Def.Dims at once:
//
//	y[i, j] = max[u, v] x[2*i + u, 2*j + v]
type Window struct{ Def *Def }

// window reports whether what is left of a definition is such a reduction: over
// one or two indices, for one or two, the last of which steps along memory.
func (f *fuser) window(d *Def) bool {
	if d.Red != ir.Sum && d.Red != ir.MaxOver || d.started || d.Scatter || d.Body.Kind != ir.KRead || d.Body.Type != ir.Real {
		return false
	}
	if n, k := len(d.Dims), len(d.RDims); n < 1 || n > 2 || k < 1 || k > 2 || len(d.Body.Args) == 0 {
		return false
	}
	own, some := map[ir.Index]bool{}, true // some: there is an element
	var over []ir.Index
	for _, dims := range [][]Dim{d.Dims, d.RDims} {
		for _, x := range dims {
			if !x.Lo.IsConst(0) || len(x.Hi.Free()) > 0 || x.Hi.ReadsAny() {
				return false
			}
			over, own[x.Idx] = append(over, x.Idx), true
			some = some && x.Hi.Kind == ir.KConst && x.Hi.N > 0
		}
	}
	last := f.fastest(d.Body)
	for _, x := range d.Body.Args {
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
			j, v := d.Dims[len(d.Dims)-1].Idx, d.RDims[len(d.RDims)-1].Idx
			if len(coef) != 2 || coef[j] == nil || coef[v] == nil || !coef[v].IsConst(1) {
				return false
			}
		}
	}
	return true
}
