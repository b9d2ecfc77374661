package diff

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// scatter adds what flows into the read e under the indices of ctx to the
// parts of its array: an equation where the indices can be solved for those
// of ctx, an accumulation where they hold a gather.
func (r *reverse) scatter(e *ir.Expr, ctx []ir.Binder, t term) {
	a, first := e.Array, len(r.lift)
	if !r.active[a] {
		return
	}
	s := solver{engine: r.engine, over: ctx, t: t,
		known: bounds{}.with(r.axes(0, slices.Concat(r.lift, a.Shape), nil)...)}
	for k, f := range e.Args {
		s.open = append(s.open, constraint{f, r.Idx(ir.Axis(first + k))})
	}
	s.solve()
	if s.gathers() && !r.scan.has(a) {
		r.accumulate(e, ctx, t)
		return
	}
	if r.axesOf[a] == nil {
		r.axesOf[a] = axisNames(e, ctx)
	}
	r.parts[a] = r.plus(r.parts[a], r.closed(s.sum()))
}

// closed is a term whose sum has been closed.
func (d *engine) closed(t term) term {
	on := t.on
	t.on = nil
	return term{on: on, v: d.value(t)}
}

// axisNames names the axes of an array after the indices it is read with.
func axisNames(e *ir.Expr, ctx []ir.Binder) []string {
	out := make([]string, len(e.Args))
	for k, f := range e.Args {
		for _, b := range ctx {
			if f.Depends(b.Idx) && (f.Kind == ir.KIndex || out[k] == "") {
				out[k] = b.Name
			}
		}
		if out[k] == "" {
			out[k] = string(rune('i' + k%10))
		}
	}
	return out
}

// accumulate keeps a contribution as it stands: da[f] += t for the indices in
// f, summed over the others first.
func (r *reverse) accumulate(e *ir.Expr, ctx []ir.Binder, t term) {
	a := e.Array
	in := make([]bool, len(ctx))
	for k := len(ctx) - 1; k >= 0; k-- {
		i := ctx[k].Idx
		in[k] = slices.ContainsFunc(e.Args, func(f *ir.Expr) bool { return f.Depends(i) })
		for j := k + 1; j < len(ctx); j++ {
			in[k] = in[k] || in[j] && (ctx[j].Lo.Depends(i) || ctx[j].Hi.Depends(i))
		}
	}
	known := bounds{}.with(r.axes(0, r.lift, nil)...)
	s := solver{engine: r.engine, t: t}
	var domain []ir.Binder
	for k, b := range ctx {
		if in[k] {
			domain = append(domain, b)
		} else {
			s.over = append(s.over, b)
		}
	}
	s.known = known.with(domain...)
	s.solve()
	t = s.sum()
	if len(s.over) > 0 {
		if named, ok := r.store("d"+e.Array.Name+"_in", domain, t); ok {
			t = term{on: t.on, v: named}
		}
	}
	// Seeds are axes of the adjoint, but temporaries in an accumulation.
	sub := map[ir.Index]*ir.Expr{}
	var seeds []ir.Binder
	for k, n := range r.lift {
		b := ir.Binder{Idx: r.Temp(r.names[k]), Name: r.names[k], Lo: r.Int(0), Hi: n}
		seeds = append(seeds, b)
		sub[ir.Axis(k)] = r.Idx(b.Idx)
	}
	acc := &ir.Array{Name: r.name("d" + a.Name + "_at"), Shape: slices.Concat(r.lift, a.Shape), Def: ir.Accumulate, Pos: a.Pos,
		Body: r.Subst(r.value(t), sub), Domain: slices.Concat(seeds, domain)}
	for _, b := range seeds {
		acc.At = append(acc.At, r.Idx(b.Idx))
	}
	on := r.all(t.on)
	for k, f := range e.Args {
		if !r.inside(f, a.Shape[k], s.known) { // only where the read is made
			f = r.If(on, f, r.Int(0))
		}
		acc.At = append(acc.At, r.Subst(f, sub))
	}
	r.emit(acc)
	r.parts[a] = r.plus(r.parts[a], term{v: r.Read(acc, r.Axes(acc.Rank())...)})
}

// share gives the seed t of the node e of a an array of its own where several
// readers want it: e is linear in several arguments, a contraction, or t is
// dear. Then matmul, bias and input gradients share one array.
func (r *reverse) share(a *ir.Array, e *ir.Expr, ctx []ir.Binder, t term) term {
	linear := r.linear(e) || r.contraction(e)
	if plain(t.v) || !linear && !(dear(t.v) && r.branches(e) > 1) || len(t.on) == 0 && cheap(t.v) {
		return t
	}
	v, ok := r.store(r.seedName(a, e), ctx, t)
	if !ok {
		return t
	}
	on := t.on
	if linear { // what is 0 need not be skipped; only indices have to be right
		on = nil
		for _, c := range t.on {
			if !comparesReals(c) {
				on = append(on, c)
			}
		}
	}
	return term{on: on, v: v}
}

// branches counts the arguments of e that derivatives flow into.
func (r *reverse) branches(e *ir.Expr) int {
	n := 0
	for _, x := range inlets(e) {
		if isActive(x, r.active, map[*ir.Expr]bool{}) {
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
func (r *reverse) contraction(e *ir.Expr) bool {
	if !e.IsReduce(ir.Sum) {
		return false
	}
	e = e.Args[0]
	for e.Kind == ir.KIf {
		e = e.Args[1]
	}
	return e.IsCall(ir.Mul)
}

// cheap reports whether e is a read or hardly more.
func cheap(e *ir.Expr) bool { return e.Kind == ir.KRead || e.Size() <= 3+ranks(e) && !dear(e) }

func ranks(e *ir.Expr) int {
	n := 0
	ir.Walk(e, func(x *ir.Expr) bool {
		if x.Kind == ir.KRead {
			n += x.Size() - 1
		}
		return true
	})
	return n
}

// dear reports whether e costs more than arithmetic.
func dear(e *ir.Expr) bool {
	found := false
	ir.Walk(e, func(x *ir.Expr) bool {
		found = found || x.Kind == ir.KReduce || x.Kind == ir.KCustom || x.Kind == ir.KCall && x.Op.Class == ir.Arith && x.Op.Infix == 0 && x.Op.Arity == 1 && !x.Op.Ints
		return !found
	})
	return found
}

// comparesReals reports whether a condition looks at computed values.
func comparesReals(c *ir.Expr) bool {
	found := false
	ir.Walk(c, func(x *ir.Expr) bool {
		found = found || x.Type == ir.Real
		return !found
	})
	return found
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

// store makes t an array over the indices of ctx that it depends on; ok is
// false where the ranges are not those of a box.
func (r *reverse) store(name string, ctx []ir.Binder, t term) (read *ir.Expr, ok bool) {
	v := r.value(t)
	free := map[ir.Index]bool{}
	for _, i := range v.Free() {
		free[i] = true
	}
	n := len(r.lift)
	x := &ir.Array{Def: ir.Equation, Shape: slices.Clone(r.lift), Axes: slices.Clone(r.names)}
	sub := map[ir.Index]*ir.Expr{}
	idx := r.lifts()
	for _, b := range ctx {
		if !free[b.Idx] {
			continue
		}
		if !b.Lo.IsConst(0) || len(b.Hi.Free()) > 0 {
			return nil, false
		}
		if r.scan != nil && b.Idx == r.scan.time {
			x.TimeAxis = n
		}
		sub[b.Idx] = r.Idx(ir.Axis(n))
		n++
		x.Shape, x.Axes = append(x.Shape, b.Hi), append(x.Axes, b.Name)
		idx = append(idx, r.Idx(b.Idx))
	}
	x.Name = r.name(name)
	x.Body = r.Subst(v, sub)
	r.emit(x)
	return r.Read(x, idx...), true
}
