package diff

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// forward adds tangents to the definitions of a program, each behind what it
// is the tangent of.
type forward struct {
	*engine
	active map[*ir.Array]bool
	fields map[*ir.Array]field
	suffix string
	seed   *ir.Array          // lifted: the input whose elements are the seeds
	sizes  []*ir.Expr         // of the seed axes
	names  []string           // of the seed axes
	here   []*ir.Expr         // seed indices in the definition at hand
	defs   map[*ir.Array]bool // those to be differentiated; nil: all
}

// forwardFrom begins with tangents of some inputs, given as fields.
func (d *engine) forwardFrom(fields map[*ir.Array]field) *forward {
	var wrt []*ir.Array
	for _, a := range d.p.Inputs {
		if _, ok := fields[a]; ok {
			wrt = append(wrt, a)
		}
	}
	active := d.activity(wrt)
	d.reparametrise(active)
	return &forward{engine: d, active: active, fields: fields, suffix: "_t"}
}

// lifted begins with one tangent for each element of an input, or of one cell
// of it: the elements of all cells under a frame are seeded together.
func (d *engine) lifted(a *ir.Array, frame int) *forward {
	same := term{v: d.Const(1)}
	f := field{inline: &same}
	for k := range a.Rank() {
		f.axes = append(f.axes, d.Temp(""))
		if k >= frame {
			same.on = append(same.on, d.Call(ir.Eq, d.Idx(f.axes[k]), d.Idx(seedAxis(k-frame))))
		}
	}
	fw := d.forwardFrom(map[*ir.Array]field{a: f})
	fw.suffix = "_" + a.Name
	fw.seed, fw.sizes, fw.names = a, a.Shape[frame:], hints(a)[frame:]
	return fw
}

// seedAxis stands for seed index k in inline fields; in a definition it
// becomes the axis behind the own ones.
func seedAxis(k int) ir.Index { return ir.Axis(1<<12 + k) }

// hints are names for the axes of a.
func hints(a *ir.Array) []string {
	out := slices.Clone(a.Axes)
	for k := len(out); k < a.Rank(); k++ {
		out = append(out, string(rune('i'+k%10)))
	}
	return out
}

// run differentiates all definitions.
func (f *forward) run() {
	defs := f.p.Defs
	f.p.Defs = nil
	for i := 0; i < len(defs); {
		n := ir.Together(defs[i:], 0)
		if defs[i].Rec != nil {
			f.recurrence(defs[i : i+n])
		} else {
			f.define(defs[i])
		}
		i += n
	}
}

// wanted reports whether a is to be differentiated, not a tangent already.
func (f *forward) wanted(a *ir.Array) bool { return f.defs == nil || f.defs[a] }

// define adds the tangent of one definition, if it has one.
func (f *forward) define(a *ir.Array) {
	f.p.Append(a)
	if !f.active[a] || a.Body == nil || !f.wanted(a) {
		return
	}
	ts := f.body(a)
	if len(ts) == 0 {
		return
	}
	if a.Def == ir.Equation && !stored(f.engine, ts) {
		f.fields[a] = f.inline(a, ts[0])
		return
	}
	t := f.array(a)
	t.Body = f.total(ts)
	f.p.Append(t)
	if a.Def == ir.Equation {
		f.fields[a] = field{array: t, some: f.some(t, ts)}
	}
}

// inline keeps a tangent as a term: its axes become temporaries, its seed
// axes what stands for them everywhere.
func (f *forward) inline(a *ir.Array, t term) field {
	out := field{}
	sub := map[ir.Index]*ir.Expr{}
	for k := range a.Rank() {
		out.axes = append(out.axes, f.Temp(""))
		sub[ir.Axis(k)] = f.Idx(out.axes[k])
	}
	for k := range f.sizes {
		sub[ir.Axis(a.Rank()+k)] = f.Idx(seedAxis(k))
	}
	t = f.substTerm(t, sub)
	out.inline = &t
	return out
}

// recurrence adds tangents to a recurrence; they run along in it.
func (f *forward) recurrence(defs []*ir.Array) {
	for _, a := range defs {
		if f.active[a] && f.wanted(a) {
			f.array(a)
		}
	}
	for _, a := range defs {
		f.p.Append(a)
		if f.active[a] && f.wanted(a) {
			t := f.fields[a].array
			t.Body = f.total(f.body(a))
			f.p.Append(t)
		}
	}
}

// array makes the array of tangents of a, without its body.
func (f *forward) array(a *ir.Array) *ir.Array {
	t := *a
	t.Name = f.name(a.Name + f.suffix)
	t.Shape = slices.Concat(a.Shape, f.sizes)
	t.Axes = slices.Concat(hints(a), f.names)
	if a.Def == ir.Accumulate { // over the seeds too, with the indices of body
		t.At = slices.Concat(a.At, f.here)
		t.Domain = slices.Clone(a.Domain)
		for k, i := range f.here {
			t.Domain = append(t.Domain, ir.Binder{Idx: i.Idx, Name: f.names[k], Lo: f.Int(0), Hi: f.sizes[k]})
		}
	}
	t.Doc = ""
	f.fields[a] = field{array: &t}
	return &t
}

// body is the tangent of the body of a, at its axes and the seed indices.
func (f *forward) body(a *ir.Array) []term {
	var known bounds
	var self map[*ir.Expr]*ir.Expr
	f.here = nil
	for k, n := range f.sizes {
		i := ir.Axis(a.Rank() + k)
		if a.Def == ir.Accumulate {
			i = f.Temp(f.names[k])
		}
		f.here = append(f.here, f.Idx(i))
		known = known.with(ir.Binder{Idx: i, Lo: f.Int(0), Hi: n})
	}
	if a.Def == ir.Accumulate {
		known = known.with(a.Domain...)
	} else {
		known = known.with(f.axes(0, a.Shape, nil)...)
		self = selves(a.Body, f.Read(a, f.Axes(a.Rank())...))
	}
	return f.tangents(f.read, known, self).of(a.Body)
}

// read is the tangent of a read.
func (f *forward) read(e *ir.Expr) []term {
	x, ok := f.fields[e.Array]
	if !ok || e.Kind != ir.KRead {
		return nil
	}
	return []term{f.fieldAt(x, e.Args)}
}

// fieldAt is the field x at given own indices and the seed indices at hand.
func (f *forward) fieldAt(x field, own []*ir.Expr) term {
	t := f.at(x, slices.Concat(own, f.here), own)
	if x.inline == nil || len(f.here) == 0 {
		return t
	}
	sub := map[ir.Index]*ir.Expr{}
	for k, s := range f.here {
		sub[seedAxis(k)] = s
	}
	return f.substTerm(t, sub)
}
