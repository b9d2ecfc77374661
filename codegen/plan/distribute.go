package plan

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// factorOut sums what alone depends on an index before it is multiplied:
// sum[n, i] a[n, i]*b[i, j] is sum[i] (sum[n] a[n, i])*b[i, j]. It is nil
// where that saves nothing.
func (n *normaliser) factorOut(body *ir.Expr, free, rdims []Dim) *ir.Expr {
	if !body.IsCall(ir.Mul) || len(rdims) < 2 || slices.ContainsFunc(rdims, func(d Dim) bool { return len(d.Lo.Free())+len(d.Hi.Free()) > 0 }) {
		return nil
	}
	var list []*ir.Expr
	simple := true
	n.factors(body, func(f *ir.Expr, under bool) {
		list = append(list, f)
		simple = simple && !under
	})
	if !simple {
		return nil
	}
	all := slices.Concat(free, rdims)
	for _, d := range rdims {
		in, out := n.apart(list, d)
		if !in.Depends(d.Idx) || len(freeOf(n.Builder, out, rdims)) == 0 || len(freeOf(n.Builder, in, all)) == len(all) {
			continue
		}
		var first, rest []ir.Binder
		for _, x := range rdims {
			if out.Depends(x.Idx) || !in.Depends(x.Idx) {
				rest = append(rest, ir.Binder(x))
			} else {
				first = append(first, ir.Binder(x))
			}
		}
		return n.Reduce(ir.Sum, rest, n.Call(ir.Mul, n.Reduce(ir.Sum, first, in), out))
	}
	return nil
}

// apart multiplies the factors that depend on an index, and those that do not.
func (n *normaliser) apart(factors []*ir.Expr, d Dim) (in, out *ir.Expr) {
	in, out = n.Const(1), n.Const(1)
	for _, f := range factors {
		to := &out
		if f.Depends(d.Idx) {
			to = &in
		}
		if (*to).IsConst(1) {
			*to = f
		} else {
			*to = n.Call(ir.Mul, *to, f)
		}
	}
	return in, out
}

// square is a sum over ranges that depend on other indices, as one over boxes
// with a guard: sum[j in i+1] is sum[j in N] (if j <= i then … else 0).
func (n *normaliser) square(body *ir.Expr, free, rdims []Dim) (*ir.Expr, []Dim) {
	out := slices.Clone(rdims)
	cond := n.Bool(true)
	for k, d := range rdims {
		if len(d.Lo.Free())+len(d.Hi.Free()) == 0 {
			continue
		}
		lo, _, ok := limits(n.Builder, d.Lo, free)
		_, hi, ok2 := limits(n.Builder, d.Hi, free)
		if !ok || !ok2 {
			return body, rdims
		}
		i := n.Idx(d.Idx)
		if lo != d.Lo {
			cond = n.Call(ir.And, cond, n.Call(ir.Le, d.Lo, i))
		}
		if hi != d.Hi {
			cond = n.Call(ir.And, cond, n.Call(ir.Le, i, n.Call(ir.Sub, d.Hi, n.Int(1))))
		}
		out[k].Lo, out[k].Hi = lo, hi
	}
	if cond.Kind == ir.KConst {
		return body, rdims
	}
	return n.If(cond, body, n.Const(0)), out
}
