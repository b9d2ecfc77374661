package plan

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// joined computes a sum of products along axes that a reshape joined along those
// that were joined, as strides do:
//
//	d[t, j] = sum[u] z[u, floor(j/16), j%16]*a[floor(j/16), u, t]
//
// for j in 64 is read at [t, floor(j/16), j%16] of
//
//	s[t, h, e] = sum[u] z[u, h, e]*a[h, u, t]
//
// So the heads of attention are taken apart and joined again, and the gradients of
// both. False: it is no such sum. The result is nil where it is to be root itself,
// but is read from s.
func (n *normaliser) joined(s *scope, owner *Def, e, inner *ir.Expr, dims, rdims []Dim, cond bool, root *Def) (*ir.Expr, bool) {
	divided := func(d Dim) bool { return takesApart(inner, d.Idx) }
	if e.Red != ir.Sum || e.Type != ir.Real || !slices.ContainsFunc(dims, divided) && !slices.ContainsFunc(rdims, divided) {
		return nil, false
	}
	if p := n.product(inner, freeOf(n.Builder, e, dims), rdims); p != nil && n.direct(p.a, slices.Concat(dims, rdims)) && n.direct(p.b, slices.Concat(dims, rdims)) {
		return nil, false
	}
	t := &settling{b: n.Builder}
	sub, back := map[ir.Index]*ir.Expr{}, map[ir.Index]*ir.Expr{}
	apart := func(dims []Dim, back map[ir.Index]*ir.Expr) (out []Dim) {
		for _, d := range dims {
			var sizes []*ir.Expr
			if e.Depends(d.Idx) || back == nil {
				sizes, _ = digits(n.Builder, d, []*ir.Expr{inner}, nil)
			}
			if sizes == nil {
				out = append(out, d)
				continue
			}
			to, i := t.numbered(d, sizes)
			out, sub[d.Idx] = append(out, to...), i
			stride := n.Int(1)
			for k := len(to) - 1; k >= 0 && back != nil; k-- {
				x := n.Call(ir.IDiv, n.Idx(d.Idx), stride)
				if k > 0 {
					x = n.Call(ir.Mod, x, to[k].Hi)
				}
				back[to[k].Idx], stride = x, n.Call(ir.Mul, stride, to[k].Hi)
			}
		}
		return out
	}
	over, sums := apart(dims, back), apart(rdims, nil)
	if len(sub) == 0 {
		return nil, false
	}
	t.dims = slices.Concat(s.times(), over, sums)
	body := t.expr(n.Subst(inner, sub))
	if n.product(body, freeOf(n.Builder, body, over), sums) == nil {
		return nil, false
	}
	if len(back) > 0 && root != nil {
		return nil, true
	}
	var binders []ir.Binder
	for _, d := range sums {
		binders = append(binders, ir.Binder(d))
	}
	x := n.reduce(s, owner, n.Reduce(ir.Sum, binders, body), over, cond, root)
	if x == nil {
		return nil, true
	}
	return n.Subst(x, back), true
}
