package diff

import (
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// HVP adds a tangent input for each of wrt and outputs hvp.<input>: the second
// derivative of output of times the tangents, forward over reverse. With
// gradients, outputs grad.<input> stay too.
func HVP(p *ir.Program, of string, wrt []*ir.Array, gradients bool) (*ir.Program, error) {
	g, err := Gradient(p, of, wrt)
	if err != nil {
		return nil, err
	}
	d := newEngine(g)
	f := d.directional(wrt)
	for _, a := range wrt {
		d.result("hvp."+a.Name, f.full(d.p.Output("grad."+a.Name)))
	}
	if !gradients {
		d.drop("grad.")
	}
	return d.finish(), nil
}

// drop removes outputs by the beginning of their names.
func (d *engine) drop(prefix string) {
	d.p.Outputs = slices.DeleteFunc(d.p.Outputs, func(o ir.Output) bool { return strings.HasPrefix(o.Name, prefix) })
}

// Hessian adds outputs hessian.<a>.<b> for all a, b in wrt: the derivative of
// the gradient in a with respect to b, axes of a first.
func Hessian(p *ir.Program, of string, wrt []*ir.Array) (*ir.Program, error) {
	d, fs, err := second(p, of, wrt)
	if err != nil {
		return nil, err
	}
	for _, a := range wrt {
		for i, b := range wrt {
			d.result("hessian."+a.Name+"."+b.Name, fs[i].full(d.p.Output("grad."+a.Name)))
		}
	}
	d.drop("grad.")
	return d.finish(), nil
}

// HessDiag adds outputs hessdiag.<input>: second derivatives in one element
// twice. Of the last definition, the gradient's, only the diagonal is made.
func HessDiag(p *ir.Program, of string, wrt []*ir.Array) (*ir.Program, error) {
	d, fs, err := second(p, of, wrt)
	if err != nil {
		return nil, err
	}
	for i, a := range wrt {
		g := d.p.Output("grad." + a.Name)
		axes := d.Axes(a.Rank())
		x := &ir.Array{Name: d.name(prefixed("dd", a)...), Shape: a.Shape, Axes: hints(a), Def: ir.Equation, Pos: a.Pos}
		f := fs[i]
		switch t, ok := f.fields[g]; {
		case !ok:
			x.Body = d.Const(0)
		case t.array != nil && t.array.Def == ir.Equation && t.array.Rec == nil:
			sub := map[ir.Index]*ir.Expr{}
			for k, e := range axes {
				sub[ir.Axis(a.Rank()+k)] = e
			}
			x.Body = d.Subst(t.array.Body, sub)
		default:
			f.here = axes
			x.Body = d.value(f.fieldAt(t, axes))
		}
		d.result("hessdiag."+a.Name, d.p.Append(x))
	}
	d.drop("grad.")
	return d.finish(), nil
}

// second is the gradient with all of its lifted tangents.
func second(p *ir.Program, of string, wrt []*ir.Array) (*engine, []*forward, error) {
	g, err := Gradient(p, of, wrt)
	if err != nil {
		return nil, nil, err
	}
	d := newEngine(g)
	return d, d.allLifted(wrt), nil
}
