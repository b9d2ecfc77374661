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
	if r.axesOf[a] == nil {
		r.axesOf[a] = axisNames(e, ctx)
	}
	if s.gathers() && !r.scan.has(a) {
		r.accumulate(e, ctx, t)
		return
	}
	r.parts[a] = r.plus(r.parts[a], r.closed(s.sum()))
}

// closed is a term whose sum has been closed.
func (d *engine) closed(t term) term {
	on := t.on
	t.on = nil
	return term{on: on, v: d.value(t), some: d.pick(t)}
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
	in := needed(ctx, e.Args)
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
	r.emit(acc, nil)
	r.parts[a] = r.plus(r.parts[a], term{v: r.Read(acc, r.Axes(acc.Rank())...)})
}
