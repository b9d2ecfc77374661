package nnc

import (
	"strings"

	"github.com/nnc-lang/nnc/diff"
	"github.com/nnc-lang/nnc/ir"
)

// derivative is what the pass diff adds to a program.
type derivative struct {
	what string // value grad jvp vjp hvp jacobian hessian hessdiag
	of   string // the real result that grad, hvp, hessian and hessdiag are of
	wrt  []*ir.Array
	by   string // auto forward reverse; "" is auto
	// only drops the results that are no derivative.
	only bool
	// frame is the number of leading axes (0 or 1) that data and results have
	// because a model is mapped over a batch. Jacobians and Hessians are then
	// those of each example: nothing is kept of one example against another.
	frame int
}

// mode is how the derivative is taken, in words.
func (w derivative) mode() string {
	switch w.what {
	case "value":
		return ""
	case "jvp":
		return "forward mode"
	case "hvp", "hessian", "hessdiag":
		return "forward over reverse"
	case "grad":
		if w.by == "forward" {
			return "forward mode"
		}
	case "jacobian":
		if w.by != "reverse" && w.by != "forward" {
			return ""
		}
		return w.by + " mode"
	}
	return "reverse mode"
}

// differentiate is the pass diff.
func differentiate(j *job) (err error) {
	p, w := j.program, j.want
	by := w.by
	if by == "" {
		by = "auto"
	}
	switch w.what {
	case "value":
		return nil
	case "grad":
		if by == "forward" {
			p, err = diff.GradientForward(p, w.of, w.wrt)
		} else {
			p, err = diff.Gradient(p, w.of, w.wrt)
		}
	case "jvp":
		p, err = diff.JVP(p, w.wrt)
	case "vjp":
		p, err = diff.VJP(p, w.wrt)
	case "hvp":
		p, err = diff.HVP(p, w.of, w.wrt, false)
	case "jacobian":
		p, err = diff.Jacobian(p, w.wrt, by)
	case "hessian":
		p, err = diff.Hessian(p, w.of, w.wrt)
	case "hessdiag":
		p, err = diff.HessDiag(p, w.of, w.wrt)
	default:
		err = bugf("no derivative %s", w.what)
	}
	if err != nil {
		return err
	}
	if w.frame > 0 {
		byExample(p, w)
	}
	if w.only {
		var kept []ir.Output
		for _, o := range p.Outputs {
			if strings.HasPrefix(o.Name, w.what+".") {
				kept = append(kept, o)
			}
		}
		p.Outputs = kept
		p.Prune()
	}
	j.program = p
	return nil
}

// byExample replaces a Jacobian [n, …, m, …] and a Hessian [n, …, m, …] of a
// mapped model, with n and m over the examples, by its diagonal in n and m.
func byExample(p *ir.Program, w derivative) {
	second := map[string]int{} // the axis of m, by output
	for _, a := range w.wrt {
		if a.Role != ir.Data {
			continue
		}
		for _, o := range p.Outputs {
			if w.what == "jacobian" {
				second["jacobian."+o.Name+"."+a.Name] = o.Array.Rank()
			}
		}
		for _, b := range w.wrt {
			if w.what == "hessian" && b.Role == ir.Data {
				second["hessian."+a.Name+"."+b.Name] = a.Rank()
			}
		}
	}
	for k := range p.Outputs {
		o := &p.Outputs[k]
		at, ok := second[o.Name]
		if !ok {
			continue
		}
		full := o.Array
		d := &ir.Array{Name: p.Unused(full.Name + "_each"), Elem: ir.Real, Def: ir.Equation, Pos: full.Pos}
		var idx []*ir.Expr
		for axis, n := range full.Shape {
			if axis == at {
				idx = append(idx, p.Idx(ir.Axis(0)))
				continue
			}
			idx = append(idx, p.Idx(ir.Axis(len(d.Shape))))
			d.Shape = append(d.Shape, n)
			if axis < len(full.Axes) {
				d.Axes = append(d.Axes, full.Axes[axis])
			}
		}
		d.Body = p.Read(full, idx...)
		o.Array = p.Append(d)
	}
}
