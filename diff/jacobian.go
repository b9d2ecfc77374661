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
		fs, err := d.allLifted(wrt)
		if err != nil {
			return nil, err
		}
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
			r, err := d.reverse(wrt)
			if err != nil {
				return nil, err
			}
			defs = slices.Clone(d.p.Defs)
			r.liftBy(o.Array)
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

// liftBy seeds one adjoint for each element of y.
func (r *reverse) liftBy(y *ir.Array) {
	r.lift, r.names = y.Shape, hints(y)
	one := term{v: r.Const(1)}
	for k := range y.Rank() {
		one.on = append(one.on, r.Call(ir.Eq, r.Idx(ir.Axis(k)), r.Idx(ir.Axis(y.Rank()+k))))
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
func (d *engine) allLifted(wrt []*ir.Array) ([]*forward, error) {
	var out []*forward
	own := map[*ir.Array]bool{}
	for _, a := range wrt {
		f, err := d.lifted(a)
		if err != nil {
			return nil, err
		}
		if len(out) == 0 {
			for _, x := range d.p.Defs {
				own[x] = true
			}
		}
		f.defs = own
		f.run()
		out = append(out, f)
	}
	return out, nil
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
	fs, err := d.allLifted(wrt)
	if err != nil {
		return nil, err
	}
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
