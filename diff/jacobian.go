package diff

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// Jacobian adds outputs jacobian.<result>.<input> for every real result and
// every input of wrt, result axes first. by is "forward" (one tangent for
// each element of the input), "reverse" (one adjoint for each element of the
// result) or "auto": forward where inputs are fewer or at most four.
func Jacobian(p *ir.Program, wrt []*ir.Array, by string) (*ir.Program, error) {
	if err := check(p, wrt); err != nil {
		return nil, err
	}
	d := newEngine(p)
	var results []ir.Output
	for _, o := range d.p.Outputs {
		if o.Array.Elem == ir.Real {
			results = append(results, o)
		}
	}
	if by == "auto" {
		by = d.cheaper(results, wrt)
	}
	switch by {
	case "forward":
		fs := d.allLifted(wrt)
		for _, o := range results {
			for i, a := range wrt {
				d.result("jacobian."+o.Name+"."+a.Name, fs[i].full(o.Array))
			}
		}
	case "reverse":
		defs := d.p.Defs
		var added []*ir.Array
		for _, o := range results {
			d.p.Defs = slices.Clone(defs)
			r := d.reverse(wrt)
			defs = slices.Clone(d.p.Defs)
			r.liftBy(o.Array, 0)
			r.run()
			r.results("jacobian."+o.Name+".", wrt)
			added = append(added, d.p.Defs[len(defs):]...)
		}
		d.p.Defs = append(defs, added...)
	default:
		return nil, fmt.Errorf("no mode %q: a jacobian is by auto, forward or reverse", by)
	}
	return d.finish(), nil
}

// JacobianOf adds the output jacobian.<of>.<input> for arrays with a frame: the
// first axes of both are those of a batch, whose examples depend on nothing of
// each other. It has the frame, the axes of the result, those of the input.
func JacobianOf(p *ir.Program, of string, a *ir.Array, frame int) (*ir.Program, error) {
	if err := check(p, []*ir.Array{a}); err != nil {
		return nil, err
	}
	if _, err := target(p, of); err != nil {
		return nil, err
	}
	d := newEngine(p)
	y, name := d.p.Output(of), "jacobian."+of+"."+a.Name
	cell := func(a *ir.Array) *ir.Array { return &ir.Array{Shape: a.Shape[frame:]} }
	if d.cheaper([]ir.Output{{Array: cell(y)}}, []*ir.Array{cell(a)}) == "forward" {
		f := d.lifted(a, frame)
		f.run()
		d.result(name, f.full(y))
		return d.finish(), nil
	}
	r := d.reverse([]*ir.Array{a})
	r.liftBy(y, frame)
	r.run()
	j := r.full(a) // axes of the result, frame, axes of the input
	if n := y.Rank() - frame; frame > 0 && n > 0 {
		t := &ir.Array{Name: d.name(j.Name), Def: ir.Equation, Pos: j.Pos}
		at := d.Axes(j.Rank())
		for _, k := range [][2]int{{n, n + frame}, {0, n}, {n + frame, j.Rank()}} {
			t.Shape, t.Axes = append(t.Shape, j.Shape[k[0]:k[1]]...), append(t.Axes, hints(j)[k[0]:k[1]]...)
		}
		t.Body = d.Read(j, slices.Concat(at[frame:frame+n], at[:frame], at[frame+n:])...)
		j = d.p.Append(t)
	}
	d.result(name, j)
	return d.finish(), nil
}

// liftBy seeds one adjoint for each element of y, or of one cell of it.
func (r *reverse) liftBy(y *ir.Array, frame int) {
	r.lift, r.names = y.Shape[frame:], hints(y)[frame:]
	one := term{v: r.Const(1)}
	for k := range r.lift {
		one.on = append(one.on, r.Call(ir.Eq, r.Idx(ir.Axis(k)), r.Idx(ir.Axis(len(r.lift)+frame+k))))
	}
	r.parts[y] = []term{one}
}

// cheaper chooses the mode by the sizes of inputs and results.
func (d *engine) cheaper(results []ir.Output, wrt []*ir.Array) string {
	ins, outs := 0.0, 0.0
	for _, a := range wrt {
		ins += d.count(a)
	}
	for _, o := range results {
		outs += d.count(o.Array)
	}
	if ins <= 4 || ins < outs {
		return "forward"
	}
	return "reverse"
}

// count estimates the number of elements of a.
func (d *engine) count(a *ir.Array) float64 {
	n := 1.0
	for _, s := range a.Shape {
		n *= d.estimate(s)
	}
	return n
}

// allLifted runs forward mode once for each input, on the same definitions.
func (d *engine) allLifted(wrt []*ir.Array) []*forward {
	var out []*forward
	own := map[*ir.Array]bool{}
	for _, a := range wrt {
		f := d.lifted(a, 0)
		if len(out) == 0 {
			for _, x := range d.p.Defs {
				own[x] = true
			}
		}
		f.defs = own
		f.run()
		out = append(out, f)
	}
	return out
}

// GradientForward is Gradient by forward mode: one tangent for each element of
// each input, the long way round to the same numbers.
func GradientForward(p *ir.Program, of string, wrt []*ir.Array) (*ir.Program, error) {
	if err := check(p, wrt); err != nil {
		return nil, err
	}
	if _, err := target(p, of); err != nil {
		return nil, err
	}
	d := newEngine(p)
	fs := d.allLifted(wrt)
	y := d.p.Output(of)
	for i, a := range wrt {
		t := fs[i].full(y)
		g := &ir.Array{Name: d.name(prefixed("d", a)...), Shape: a.Shape, Axes: hints(a), Def: ir.Equation, Pos: a.Pos}
		over := d.axes(0, y.Shape, hints(y))
		var idx []*ir.Expr
		for k := range over {
			over[k].Idx = d.Temp(over[k].Name)
			idx = append(idx, d.Idx(over[k].Idx))
		}
		g.Body = d.Reduce(ir.Sum, over, d.Read(t, append(idx, d.Axes(a.Rank())...)...))
		d.result("grad."+a.Name, d.p.Append(g))
	}
	return d.finish(), nil
}
