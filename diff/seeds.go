package diff

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// narrow sums the seed t of the node e over the indices of ctx that e does
// not depend on, and stores the sum. In o[i,d] = Σ_j exp(s[i,j] - m[i])*v[j,d]
// the seed of the exponential is thus a product of matrices, Σ_d do[i,d]*v[j,d],
// and what lies below is reached once for each i, j. A single read below e
// makes this sum by itself; then nothing is gained.
func (r *reverse) narrow(a *ir.Array, e, self *ir.Expr, ctx []ir.Binder, t term) ([]ir.Binder, term) {
	if e.Kind != ir.KReduce && e.Kind != ir.KCustom && r.branches(e) < 2 && !transcendental(e) {
		return ctx, t
	}
	uses := []*ir.Expr{e}
	if self != nil {
		uses = append(uses, self)
	}
	in := needed(ctx, uses)
	var keep, over []ir.Binder
	for k, b := range ctx {
		if in[k] {
			keep = append(keep, b)
		} else {
			over = append(over, b)
		}
	}
	if len(over) == 0 || r.scan.sums(idxs(over), e) {
		return ctx, t
	}
	some, ok := r.someOf(over, e, t, bounds{}.with(keep...))
	if !ok {
		return ctx, t
	}
	s := solver{engine: r.engine, over: over, t: t, known: bounds{}.with(r.axes(0, r.lift, nil)...).with(keep...)}
	s.solve()
	u := r.closed(s.sum())
	if !r.cheap(u.v) {
		v, ok := r.store(r.seedName(a, e), keep, u)
		if !ok {
			return ctx, t
		}
		u.v = v
	}
	return keep, r.guard(u, some...)
}

// someOf says, where e can be read for some of the indices over only, that there
// are any. It is false where that takes one of those indices, in a range or in
// a condition of t.
func (r *reverse) someOf(over []ir.Binder, e *ir.Expr, t term, in bounds) (on []*ir.Expr, ok bool) {
	if r.readable(e, in) {
		return nil, true
	}
	if slices.ContainsFunc(t.on, func(c *ir.Expr) bool { return dependsOnAny(c, idxs(over)) }) {
		return nil, false
	}
	for _, b := range over {
		c := r.Call(ir.Lt, b.Lo, b.Hi)
		if dependsOnAny(c, idxs(over)) {
			return nil, false
		}
		if c = r.decide(c, in); c.Kind != ir.KConst {
			on = append(on, c)
		}
	}
	return on, true
}

// readable reports whether what e reads, arms of branches aside, is inside
// everywhere in the bounds.
func (d *engine) readable(e *ir.Expr, in bounds) bool {
	switch e.Kind {
	case ir.KRead:
		if !d.readInside(e, in) {
			return false
		}
	case ir.KIf:
		return d.readable(e.Args[0], in)
	case ir.KReduce:
		binders, body := d.Open(e)
		return d.readable(body, in.with(binders...))
	}
	return !slices.ContainsFunc(e.Args, func(x *ir.Expr) bool { return !d.readable(x, in) })
}

// needed tells which indices of ctx some expressions depend on, directly or
// through the ranges of others.
func needed(ctx []ir.Binder, es []*ir.Expr) []bool {
	in := make([]bool, len(ctx))
	for k := len(ctx) - 1; k >= 0; k-- {
		i := ctx[k].Idx
		in[k] = slices.ContainsFunc(es, func(e *ir.Expr) bool { return e.Depends(i) })
		for j := k + 1; j < len(ctx); j++ {
			in[k] = in[k] || in[j] && (ctx[j].Lo.Depends(i) || ctx[j].Hi.Depends(i))
		}
	}
	return in
}

// share gives the seed t of the node e of a an array of its own where several
// readers want it: e is linear in several arguments, a contraction, or t is
// dear. Then matmul, bias and input gradients share one array.
func (r *reverse) share(a *ir.Array, e *ir.Expr, ctx []ir.Binder, t term) term {
	linear := r.linear(e) || r.contraction(e)
	switch {
	case e.Kind != ir.KReduce && t.v.Size() > manyNodes:
		return t
	case r.plain(t.v), r.cheap(t.v) && !slices.ContainsFunc(t.on, r.comparesReals):
		return t
	case !linear && !(r.dear(t.v) && r.branches(e) > 1 && len(r.targets(e)) > 1):
		return t
	case slices.ContainsFunc(t.on, func(c *ir.Expr) bool { return c.IsCall(ir.Eq) && dependsOnAny(c, idxs(ctx)) }):
		return t // for one value of an index only
	}
	v, ok := r.store(r.seedName(a, e), ctx, t)
	if !ok {
		return t
	}
	out := term{on: t.on, v: v, some: t.some}
	if linear { // what is 0 need not be skipped; only indices have to be right
		out.on = slices.DeleteFunc(slices.Clone(t.on), r.comparesReals)
		out.some = r.pick(term{on: slices.DeleteFunc(slices.Clone(t.on), func(c *ir.Expr) bool { return !r.comparesReals(c) }), some: t.some})
	}
	return out
}

// manyNodes is the size from which on a seed is left where it is: it holds a
// large part of the forward body, which an array of its own would compute once
// more.
const manyNodes = 200

// targets are the arrays that a derivative reaches from e, two of them if
// there are more.
func (r *reverse) targets(e *ir.Expr) []*ir.Array {
	if ts, ok := r.below[e]; ok {
		return ts
	}
	var out []*ir.Array
	if e.Kind == ir.KRead && r.active[e.Array] {
		out = []*ir.Array{e.Array}
	}
	for _, x := range inlets(e) {
		for _, a := range r.targets(x) {
			if len(out) < 2 && !slices.Contains(out, a) {
				out = append(out, a)
			}
		}
	}
	r.below[e] = out
	return out
}

// branches counts the arguments of e that derivatives flow into.
func (r *reverse) branches(e *ir.Expr) int {
	n := 0
	for _, x := range inlets(e) {
		if isActive(x, r.active, r.memo) {
			n++
		}
	}
	return n
}

// linear reports whether e only passes its seed on, to several arguments.
func (r *reverse) linear(e *ir.Expr) bool {
	if e.Kind != ir.KCall || r.branches(e) < 2 {
		return false
	}
	for k := range e.Args {
		for _, t := range r.operator(e.Op, k, e.Args) {
			if t.v.Kind != ir.KConst || len(t.on) > 0 {
				return false
			}
		}
	}
	return true
}

// contraction reports whether e is a sum of products.
func (r *engine) contraction(e *ir.Expr) bool {
	if !e.IsReduce(ir.Sum) {
		return false
	}
	e = e.Args[0]
	for e.Kind == ir.KIf {
		e = e.Args[1]
	}
	return e.IsCall(ir.Mul)
}

// transcendental reports whether e applies a function that costs more than
// arithmetic.
func transcendental(e *ir.Expr) bool {
	return e.Kind == ir.KCall && e.Op.Class == ir.Arith && e.Op.Infix == 0 && !e.Op.Ints
}

// seedName names the seed of e after the array that it is the adjoint of, if
// there is one, else after a.
func (r *reverse) seedName(a *ir.Array, e *ir.Expr) string {
	for _, x := range inlets(e) {
		if x.Kind == ir.KRead && r.readers[x.Array] == 1 && x.Array.Def == ir.Equation && x.Array.Rank() == a.Rank() {
			return "d" + x.Array.Name
		}
	}
	return "d" + a.Name + "_in"
}

// store makes t an array over the indices of ctx that it depends on. Ranges
// that depend on others are widened to a box, and become conditions; ok is
// false where that is not possible.
func (r *reverse) store(name string, ctx []ir.Binder, t term) (read *ir.Expr, ok bool) {
	in := needed(ctx, []*ir.Expr{r.value(t)})
	n, time := 0, map[ir.Index]int{}
	x := &ir.Array{Def: ir.Equation, Elem: t.v.Type}
	sub := map[ir.Index]*ir.Expr{}
	var idx []*ir.Expr
	if slices.ContainsFunc(r.value(t).Free(), ir.Index.IsAxis) { // of the seeds
		n = len(r.lift)
		x.Shape, x.Axes, idx = slices.Clone(r.lift), slices.Clone(r.names), r.lifts()
	}
	lifted := n
	known := bounds{}
	var ranges []*ir.Expr
	for k, b := range ctx {
		if !in[k] {
			continue
		}
		hi := b.Hi
		if len(hi.Free()) > 0 || !b.Lo.IsConst(0) {
			i := r.Idx(b.Idx)
			if hi, ok = r.most(hi, known); !ok || !r.atLeastZero(b.Lo, known) {
				return nil, false
			}
			ranges = append(ranges, r.Call(ir.Le, b.Lo, i), r.Call(ir.Lt, i, b.Hi))
		}
		known = known.with(b)
		time[b.Idx] = n
		sub[b.Idx] = r.Idx(ir.Axis(n))
		n++
		x.Shape, x.Axes = append(x.Shape, hi), append(x.Axes, b.Name)
		idx = append(idx, r.Idx(b.Idx))
	}
	box := bounds{}
	for k, b := range ctx {
		if in[k] {
			box[b.Idx] = ir.Binder{Idx: b.Idx, Lo: r.Int(0), Hi: x.Shape[lifted+len(box)]}
		}
	}
	for k, c := range ranges {
		ranges[k] = r.decide(c, box)
	}
	t.on = slices.Concat(ranges, t.on)
	x.Name = r.name(name)
	x.Body = r.Subst(r.value(t), sub)
	r.emit(x, time)
	return r.Read(x, idx...), true
}
