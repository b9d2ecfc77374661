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
	// gradients adds to hvp the gradient that it is the derivative of.
	gradients bool
	// over is the program of the same entry mapped over a batch, where the one
	// at hand is that of one example and is to be mapped after the derivative
	// is taken: so nothing is kept of one example against another.
	over *ir.Program
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
		p, err = diff.HVP(p, w.of, w.wrt, w.gradients)
	case "jacobian":
		if by == "auto" {
			if by, err = cheaperJacobian(p, w.wrt); err != nil {
				return err
			}
			j.want.by = by
		}
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
