package graph

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// access finds the read that e is, if it is no more than one: under a
// condition on indices with 0 elsewhere, or converted.
func access(e *ir.Expr) *ir.Expr {
	switch {
	case e.Kind == ir.KRead:
		if slices.ContainsFunc(e.Args, func(i *ir.Expr) bool { return i.ReadsAny() }) {
			return nil
		}
		return e
	case e.IsCall(ir.ToReal):
		return access(e.Args[0])
	case e.Kind == ir.KIf && !e.Args[0].ReadsAny():
		switch {
		case e.Args[2].IsConst(0):
			return access(e.Args[1])
		case e.Args[1].IsConst(0):
			return access(e.Args[2])
		}
	}
	return nil
}

// plain reports whether e is a read of whole axes, in any order; the time axis
// of a recurrence at work may be at another step.
func (x *exploder) plain(sc scope, e *ir.Expr) bool {
	r := access(e)
	if r == nil {
		return false
	}
	seen := map[ir.Index]bool{}
	for k, i := range r.Args {
		if a := x.to[r.Array]; a != nil && a.Rec != nil && a.Rec == x.rec && k == a.TimeAxis {
			continue
		}
		b := sc.binder(i)
		if b == nil || seen[b.Idx] || b.Hi != r.Array.Shape[k] || !b.Lo.IsConst(0) {
			return false
		}
		seen[b.Idx] = true
	}
	return true
}

// binder is what binds e, if it is a bare index.
func (sc scope) binder(e *ir.Expr) *ir.Binder {
	if e.Kind != ir.KIndex {
		return nil
	}
	for k := range sc.idx {
		if sc.idx[k].Idx == e.Idx {
			return &sc.idx[k]
		}
	}
	return nil
}

// window reports whether e reads along an axis with a sum of several indices,
// as convolutions and pooling do.
func window(e *ir.Expr) bool {
	r := access(e)
	return r != nil && slices.ContainsFunc(r.Args, func(i *ir.Expr) bool { return len(i.Free()) > 1 })
}

// section is a read that is not plain: a part of an array, or its elements in
// another order.
func (x *exploder) section(sc scope, e *ir.Expr, n *Node) *ir.Expr {
	r := access(e)
	n.op, n.Label = "slice", x.sectionLabel(sc, r)
	e = x.mapped(e)
	n.Args = []Arg{x.arg(sc, e)}
	return x.store(sc, n, e)
}

func (x *exploder) sectionLabel(sc scope, r *ir.Expr) string {
	label, odd := "", false
	for k, i := range r.Args {
		ir.Walk(i, func(y *ir.Expr) bool {
			odd = odd || y.Kind == ir.KCall && y.Op.Class == ir.IntOnly
			return true
		})
		part := ":"
		switch b := sc.binder(i); {
		case len(i.Free()) == 0:
			part = x.text(sc, i)
		case b != nil && b.Hi == r.Array.Shape[k]:
		case b != nil:
			part = ":" + x.text(sc, b.Hi)
		case len(i.Free()) == 1:
			free := sc.binder(x.Idx(i.Free()[0]))
			if rest := x.Call(ir.Sub, i, x.Idx(i.Free()[0])); free != nil && len(rest.Free()) == 0 {
				part = x.text(sc, rest) + ":" + x.text(sc, x.Call(ir.Add, rest, free.Hi))
			} else {
				part = x.text(sc, i)
			}
		default:
			part = x.text(sc, i)
		}
		if k > 0 {
			label += ","
		}
		label += part
	}
	if odd && r.Array.Rank() > len(r.Free()) {
		return "flatten"
	}
	if odd {
		return "reshape"
	}
	return "[" + label + "]"
}

// gather is a read at indices that are read themselves.
func (x *exploder) gather(sc scope, e *ir.Expr, n *Node) *ir.Expr {
	args := slices.Clone(e.Args)
	array := x.to[e.Array]
	n.op, n.Label = "pick", "pick"
	if x.node[array].Kind == Param {
		n.Label = "look up"
	}
	n.Args = []Arg{{Node: x.node[array]}}
	for k, i := range args {
		if i.ReadsAny() {
			args[k] = x.operand(sc, i)
			n.Args = append(n.Args, x.arg(sc, args[k]))
		}
	}
	r := x.Read(array, args...)
	n.Args[0].Back = x.group[array] && args[array.TimeAxis].Kind != ir.KIndex
	return x.store(sc, n, r)
}
