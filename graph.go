package nnc

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/diff"
	"github.com/nnc-lang/nnc/graph"
	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
)

// GraphOptions says how a computational graph is drawn.
type GraphOptions struct {
	Format   string // svg, dot or mermaid
	Backward bool   // with the backward pass
	Values   bool   // with the numbers that Case.Input gives
}

// Graph draws the computational graph of an entry point, as the source states
// it, before any pass.
func Graph(c Case, opt GraphOptions) ([]byte, error) {
	g, err := drawn(c, opt)
	if err != nil {
		return nil, err
	}
	switch opt.Format {
	case "", "svg":
		return g.SVG(), nil
	case "dot":
		return g.DOT(), nil
	case "mermaid":
		return g.Mermaid(), nil
	}
	return nil, fmt.Errorf("no format %s; there are svg, dot and mermaid", opt.Format)
}

func drawn(c Case, opt GraphOptions) (*graph.Graph, error) {
	if opt.Values {
		e, err := prepare(c, false)
		if err != nil {
			return nil, err
		}
		return e.drawn(opt)
	}
	m, err := module(c.File, c.Source, c.Options)
	if err != nil {
		return nil, err
	}
	entry, err := findEntry(m, c.Entry)
	if err != nil {
		return nil, err
	}
	low, err := entry.Lower(ir.Mode{Train: opt.Backward && entry.Kind == ir.LossEntry})
	if err != nil {
		return nil, err
	}
	return (&evaluation{module: m, entry: entry, low: low, what: "grad"}).drawn(opt)
}

// drawn makes the graph, with numbers if the inputs have any.
func (e *evaluation) drawn(opt GraphOptions) (*graph.Graph, error) {
	p := e.low.Program
	if opt.Values {
		g := graph.NewUnfolded(p, e.module.Consts)
		return g, e.number(g, opt)
	}
	g := graph.New(p, e.module.Consts)
	if !opt.Backward {
		return g, nil
	}
	_, err := e.backward(g)
	return g, err
}

// backward marks what the backward pass reaches, and returns the name of the
// result that it is of.
func (e *evaluation) backward(g *graph.Graph) (string, error) {
	what := e.what
	e.what = "the backward pass"
	of, err := e.scalar()
	e.what = what
	if err != nil {
		return "", err
	}
	wrt, err := wrtArgs(e.low, nil)
	if err != nil {
		return "", err
	}
	if len(leavesOf(wrt)) == 0 {
		return "", errors.New(e.entry.Name + " has no real argument to differentiate with respect to")
	}
	g.Differentiate(g.Program.Output(of), leavesOf(wrt))
	return of, nil
}

// number writes numbers on the nodes: what each computes and, with the
// backward pass, the derivative of the result with respect to that. For the
// latter a zero is added to each part, and differentiated with respect to.
func (e *evaluation) number(g *graph.Graph, opt GraphOptions) error {
	p := g.Program.Clone()
	inputs := map[*ir.Array]*interp.Tensor{}
	for a, t := range e.inputs {
		inputs[a] = t
	}
	outputs := p.Outputs
	for _, a := range p.Defs {
		outputs = append(outputs, ir.Output{Name: "part." + a.Name, Array: a})
	}
	p.Outputs = outputs
	out, err := interp.Run(p, &interp.Env{Dims: e.dims, Inputs: inputs, Seed: e.seed})
	if err != nil {
		return err
	}
	value := func(a *ir.Array) *interp.Tensor {
		if t := out["part."+a.Name]; t != nil {
			return t
		}
		return inputs[a]
	}
	for _, n := range g.Nodes {
		n.Value = summary(value(n.Array), n.Array.Elem)
	}
	if !opt.Backward {
		return nil
	}
	of, err := e.backward(g)
	if err != nil {
		return err
	}
	p = g.Program.Clone()
	var wrt []*ir.Array
	grad := map[*ir.Array]string{} // output by part
	for _, n := range g.Nodes {
		if !n.Adjoint || n.Kind == graph.Result {
			continue
		}
		a := n.Array
		if slices.Contains(p.Inputs, a) {
			wrt = append(wrt, a)
			grad[a] = "grad." + a.Name
			continue
		}
		d := p.Lookup(a.Name)
		if d.Def != ir.Equation {
			continue
		}
		zero := &ir.Array{Name: p.Unused("zero." + a.Name), Shape: d.Shape, Axes: d.Axes, Def: ir.Input}
		d.Body = p.Call(ir.Add, d.Body, p.Read(zero, p.Axes(d.Rank())...))
		p.Inputs = append(slices.Clone(p.Inputs), zero)
		wrt = append(wrt, zero)
		grad[a] = "grad." + zero.Name
		s := sizes{b: p.Builder, dims: e.dims}
		inputs[zero] = interp.Zeros(s.shape(zero.Shape)...)
	}
	if p, err = diff.Gradient(p, of, wrt); err != nil {
		return err
	}
	if out, err = interp.Run(p, &interp.Env{Dims: e.dims, Inputs: inputs, Seed: e.seed}); err != nil {
		return err
	}
	for _, n := range g.Nodes {
		if name := grad[n.Array]; name != "" && n.Kind != graph.Result {
			n.Grad = summary(out[name], ir.Real)
		}
	}
	return nil
}
