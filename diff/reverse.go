package diff

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// reverse adds adjoints behind the definitions of a program, the last one
// first. What flows into an array is collected in parts, as terms in the axes
// of its adjoint; once all its readers are done, that is its equation.
type reverse struct {
	*engine
	active  map[*ir.Array]bool
	readers map[*ir.Array]int // reads of an array, in all definitions
	parts   map[*ir.Array][]term
	axesOf  map[*ir.Array][]string   // names for axes, from the readers
	lift    []*ir.Expr               // sizes of seed axes
	names   []string                 // of seed axes
	scan    *scan                    // the recurrence being reversed
	made    map[*ir.Array]field      // adjoints that are complete
	memo    map[*ir.Expr]bool        // of isActive
	below   map[*ir.Expr][]*ir.Array // of targets
	old     map[*ir.Array]bool       // what was there before, and cotangents
}

func (d *engine) reverse(wrt []*ir.Array) *reverse {
	active := d.activity(wrt)
	d.reparametrise(active)
	r := &reverse{engine: d, active: active, readers: map[*ir.Array]int{}, parts: map[*ir.Array][]term{}, axesOf: map[*ir.Array][]string{}, made: map[*ir.Array]field{}, memo: map[*ir.Expr]bool{}, old: map[*ir.Array]bool{}, below: map[*ir.Expr][]*ir.Array{}}
	for _, a := range d.p.Defs {
		for _, e := range a.Exprs() {
			ir.Walk(e, func(x *ir.Expr) bool {
				if x.Kind == ir.KRead {
					r.readers[x.Array]++
				}
				return true
			})
		}
	}
	return r
}

// run reverses all definitions.
func (r *reverse) run() {
	defs := r.p.Defs
	for _, a := range slices.Concat(r.p.Inputs, defs) {
		r.old[a] = true
	}
	for end := len(defs); end > 0; {
		i := end - 1
		for r := defs[i].Rec.Around(0); r != nil && i > 0 && defs[i-1].Rec.Around(0) == r; {
			i--
		}
		if defs[i].Rec != nil {
			r.recurrence(defs[i:end])
		} else if a := defs[i]; r.active[a] && a.Body != nil && len(r.parts[a]) > 0 {
			r.body(a, r.adjoint(a))
		}
		end = i
	}
}

// adjoint makes an equation of what has flowed into a. Where that is one plain
// array already, or needs none, there is no equation.
func (r *reverse) adjoint(a *ir.Array) field {
	if f, ok := r.made[a]; ok {
		return f
	}
	ts := r.parts[a]
	rank := len(r.lift) + a.Rank()
	f := field{}
	switch {
	case len(ts) > 0 && !stored(r.engine, ts):
		f.inline = &ts[0]
		for k := range a.Rank() {
			f.axes = append(f.axes, ir.Axis(len(r.lift)+k))
		}
	case len(ts) == 1 && len(ts[0].on) == 0 && ts[0].v.Kind == ir.KRead &&
		slices.Equal(ts[0].v.Args, r.Axes(rank)) && slices.Equal(ts[0].v.Array.Shape, slices.Concat(r.lift, a.Shape)):
		f.array, f.some = ts[0].v.Array, ts[0].some
	default:
		f.array = r.array(a)
		f.array.Body = r.total(ts)
		r.p.Append(f.array)
		f.some = r.some(f.array, ts)
	}
	r.made[a] = f
	return f
}

// array makes the array of adjoints of a, without its body.
func (r *reverse) array(a *ir.Array) *ir.Array {
	axes := a.Axes
	if len(axes) < a.Rank() {
		axes = r.axesOf[a]
	}
	return &ir.Array{Name: r.name(prefixed("d", a)...), Shape: slices.Concat(r.lift, a.Shape),
		Axes: slices.Concat(r.names, axes), Def: ir.Equation, Pos: a.Pos}
}

// lifts are the seed indices, the first axes of every adjoint.
func (r *reverse) lifts() []*ir.Expr { return r.Axes(len(r.lift)) }

// seed is an adjoint read at some indices.
func (r *reverse) seed(f field, idx []*ir.Expr) term {
	return r.at(f, slices.Concat(r.lifts(), idx), idx)
}

// body sends the adjoint of a through its body.
func (r *reverse) body(a *ir.Array, f field) {
	if a.Def == ir.Accumulate {
		r.push(a, a.Domain, a.Body, r.seed(f, a.At), nil)
		return
	}
	names := hints(a)
	ctx := make([]ir.Binder, a.Rank())
	sub := map[ir.Index]*ir.Expr{}
	for k, n := range a.Shape {
		ctx[k] = ir.Binder{Idx: r.Temp(names[k]), Name: names[k], Lo: r.Int(0), Hi: n}
		sub[ir.Axis(k)] = r.Idx(ctx[k].Idx)
	}
	idx := make([]*ir.Expr, len(ctx))
	for k, b := range ctx {
		idx[k] = r.Idx(b.Idx)
	}
	if r.scan != nil {
		r.scan.begin(a, ctx)
	}
	root := r.Subst(a.Body, sub)
	r.push(a, ctx, root, r.seed(f, idx), selves(root, r.Read(a, idx...)))
}

// push is reverse mode on one body: seeds flow from the root to the reads,
// parents before children, each times the partial derivative. ctx are the
// indices in scope, of which reductions add theirs.
func (r *reverse) push(a *ir.Array, ctx []ir.Binder, root *ir.Expr, seed term, self map[*ir.Expr]*ir.Expr) {
	in := map[*ir.Expr][]flow{root: {{ctx, []term{seed}}}}
	for _, e := range r.topological(root) {
		for _, f := range r.gather(a, e, self[e], in[e]) {
			r.through(a, e, f.ctx, r.one(f.ts), self[e], func(x *ir.Expr, t term) {
				in[x] = r.join(in[x], f.ctx, t)
			})
		}
	}
}

// through sends the seed t of e on to its arguments; reads and reductions are
// dealt with at once. self is where the value of e is stored, or nil.
func (r *reverse) through(a *ir.Array, e *ir.Expr, ctx []ir.Binder, t term, self *ir.Expr, send func(*ir.Expr, term)) {
	result := e
	if self != nil {
		result = self
	}
	switch e.Kind {
	case ir.KRead:
		r.scatter(e, ctx, t)
		return
	case ir.KIf:
		send(e.Args[1], r.guard(t, e.Args[0]))
		send(e.Args[2], r.guard(t, r.not(e.Args[0])))
		return
	}
	t = r.share(a, e, ctx, t)
	if e.Kind == ir.KReduce {
		binders, body := r.Open(e)
		keep := func(x *ir.Expr) *ir.Expr {
			on := slices.DeleteFunc(slices.Clone(t.on), r.comparesReals)
			if v, ok := r.store(a.Name+"_"+x.Red.Name, ctx, term{on: on, v: x}); ok {
				return v
			}
			return x
		}
		if x := r.atFirst(e, binders, body, keep); x != nil {
			r.push(a, ctx, x, t, nil)
			return
		}
		for _, y := range r.elements(t, e, binders, body, result, keep) {
			r.push(a, slices.Concat(ctx, binders), body, y, nil)
		}
		return
	}
	args := append(slices.Clone(e.Args), result)
	for k, x := range e.Args {
		rule, t := r.partial(e, k), t
		if t.some != nil && !r.counted(e) && r.steep(rule, args) {
			t = r.picked(t)
		}
		for _, y := range r.times(t, rule, args...) {
			send(x, y)
		}
	}
}

// flow is what flows into a node for each value of the indices of ctx.
type flow struct {
	ctx []ir.Binder
	ts  []term
}

// join adds t to what flows under ctx.
func (r *reverse) join(fs []flow, ctx []ir.Binder, t term) []flow {
	for i, f := range fs {
		if slices.EqualFunc(f.ctx, ctx, func(x, y ir.Binder) bool { return x.Idx == y.Idx }) {
			fs[i].ts = r.plus(f.ts, t)
			return fs
		}
	}
	return append(fs, flow{ctx, r.plus(nil, t)})
}

// gather narrows what flows into e, and joins what then has the same indices.
func (r *reverse) gather(a *ir.Array, e, self *ir.Expr, fs []flow) []flow {
	var out []flow
	for _, f := range fs {
		if len(f.ts) > 0 {
			ctx, t := r.narrow(a, e, self, f.ctx, r.one(f.ts))
			out = r.join(out, ctx, t)
		}
	}
	return slices.DeleteFunc(out, func(f flow) bool { return len(f.ts) == 0 })
}

// topological lists what derivatives flow through, parents before children;
// reductions are not entered.
func (r *reverse) topological(root *ir.Expr) []*ir.Expr {
	var out []*ir.Expr
	seen := map[*ir.Expr]bool{}
	var visit func(e *ir.Expr)
	visit = func(e *ir.Expr) {
		if seen[e] || !isActive(e, r.active, r.memo) {
			return
		}
		seen[e] = true
		if e.Kind != ir.KReduce {
			for _, x := range inlets(e) {
				visit(x)
			}
		}
		out = append(out, e)
	}
	visit(root)
	slices.Reverse(out)
	return out
}
