package diff

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// JVP adds an input <input>_t for each of wrt, its tangent, and outputs
// jvp.<result> for the real outputs: derivative times tangent.
func JVP(p *ir.Program, wrt []*ir.Array) (*ir.Program, error) {
	if err := check(p, wrt); err != nil {
		return nil, err
	}
	d := newEngine(p)
	f := d.directional(wrt)
	for _, o := range slices.Clone(d.p.Outputs) {
		if o.Array.Elem == ir.Real {
			d.result("jvp."+o.Name, f.full(o.Array))
		}
	}
	return d.finish(), nil
}

// directional adds tangent inputs and all tangents.
func (d *engine) directional(wrt []*ir.Array) *forward {
	fields := map[*ir.Array]field{}
	for _, a := range wrt {
		t := &ir.Array{Name: d.name(a.Name + "_t"), Shape: a.Shape, Axes: a.Axes, Def: ir.Input, Role: ir.Tangent, Of: a, Pos: a.Pos}
		d.p.Inputs = append(d.p.Inputs, t)
		fields[a] = field{array: t}
	}
	f := d.forwardFrom(fields)
	f.run()
	return f
}

// full is the tangent of a as an array, also where it is a number or zero.
func (f *forward) full(a *ir.Array) *ir.Array {
	x, ok := f.fields[a]
	if x.array != nil {
		return x.array
	}
	t := &ir.Array{Name: f.name(a.Name + f.suffix), Shape: slices.Concat(a.Shape, f.sizes),
		Axes: slices.Concat(hints(a), f.names), Def: ir.Equation, Pos: a.Pos, Body: f.Const(0)}
	if ok {
		axes := f.Axes(t.Rank())
		f.here = axes[a.Rank():]
		t.Body = f.value(f.fieldAt(x, axes[:a.Rank()]))
	}
	f.p.Append(t)
	f.fields[a] = field{array: t}
	return t
}
