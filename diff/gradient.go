package diff

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// check refuses what has no derivative.
func check(p *ir.Program, wrt []*ir.Array) error {
	for i, a := range wrt {
		switch {
		case !slices.Contains(p.Inputs, a):
			return fmt.Errorf("%s is no input of %s", a.Name, p.Name)
		case a.Elem != ir.Real:
			return fmt.Errorf("%s holds elements of type %s, which have no derivative", a.Name, a.Elem)
		case slices.Contains(wrt[:i], a):
			return fmt.Errorf("the derivative in %s is asked for twice", a.Name)
		}
	}
	return nil
}

// target finds the output to be differentiated.
func target(p *ir.Program, of string) (*ir.Array, error) {
	a := p.Output(of)
	switch {
	case a == nil:
		return nil, fmt.Errorf("%s has no result %s", p.Name, of)
	case a.Elem != ir.Real:
		return nil, fmt.Errorf("the result %s of %s is of type %s, which has no derivative", of, p.Name, a.Elem)
	}
	return a, nil
}

// Gradient adds the derivative of the sum of output of with respect to inputs,
// in reverse mode, as outputs grad.<input>. Mostly of has no axes; where it
// has those of a batch, each element's derivative counts once.
func Gradient(p *ir.Program, of string, wrt []*ir.Array) (*ir.Program, error) {
	if err := check(p, wrt); err != nil {
		return nil, err
	}
	if _, err := target(p, of); err != nil {
		return nil, err
	}
	d := newEngine(p)
	r := d.reverse(wrt)
	y := d.p.Output(of)
	r.parts[y] = []term{{v: d.Const(1)}}
	r.run()
	r.results("grad.", wrt)
	return d.finish(), nil
}

// results makes the adjoints of inputs outputs.
func (r *reverse) results(prefix string, wrt []*ir.Array) {
	for _, a := range wrt {
		r.result(prefix+a.Name, r.full(a))
	}
}

// full is the adjoint of an input as an array of its own, whatever it is: also
// where all of it is one number, zero because nothing reaches it, or an array
// that was there before.
func (r *reverse) full(a *ir.Array) *ir.Array {
	f := r.adjoint(a)
	if f.array == nil || r.old[f.array] {
		f.array = r.array(a)
		f.array.Body = r.total(r.parts[a])
		r.p.Append(f.array)
	}
	return f.array
}

// VJP adds an input d.<result> for each real output, its cotangent, and
// outputs vjp.<input>: Σ over results of cotangent times derivative.
func VJP(p *ir.Program, wrt []*ir.Array) (*ir.Program, error) {
	if err := check(p, wrt); err != nil {
		return nil, err
	}
	d := newEngine(p)
	r := d.reverse(wrt)
	for _, o := range slices.Clone(d.p.Outputs) {
		y := o.Array
		if y.Elem != ir.Real {
			continue
		}
		dy := &ir.Array{Name: d.name("d." + o.Name), Shape: y.Shape, Axes: y.Axes, Def: ir.Input, Role: ir.Cotangent, Pos: y.Pos}
		d.p.Inputs = append(d.p.Inputs, dy)
		r.parts[y] = d.plus(r.parts[y], term{v: d.Read(dy, d.Axes(dy.Rank())...)})
	}
	r.run()
	r.results("vjp.", wrt)
	return d.finish(), nil
}
