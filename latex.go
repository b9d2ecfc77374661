package nnc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// ExplainGradLaTeX is [ExplainGrad] as an align environment of LaTeX: sums
// with their ranges, an adjoint as the symbol of its array with a bar.
func ExplainGradLaTeX(file string, src []byte, opt Options, entry, name string) (string, error) {
	_, ev, err := gradOf(file, src, opt, entry)
	if err != nil {
		return "", err
	}
	wrt, err := findLeaves(ev.low, name)
	if err != nil {
		return "", err
	}
	of, err := ev.scalar()
	if err != nil {
		return "", err
	}
	opt.Off = append(slices.Clip(opt.Off), forComputing...)
	j := &job{name: ev.entry.Name + ".grad", program: ev.low.Program, options: opt, want: derivative{what: "grad", of: of, wrt: wrt, only: true}}
	if err := j.run(); err != nil {
		return "", err
	}
	return latex(j.program, soleModel(ev.low)), nil
}

// gradOf is the entry that a gradient is taken of, lowered for it.
func gradOf(file string, src []byte, opt Options, entry string) (*ir.Module, *evaluation, error) {
	m, err := module(file, src, opt)
	if err != nil {
		return nil, nil, err
	}
	e, err := gradEntry(m, entry)
	if err != nil {
		return nil, nil, err
	}
	low, err := e.Lower(ir.Mode{Train: e.Kind == ir.LossEntry})
	if err != nil {
		return nil, nil, err
	}
	return m, &evaluation{module: m, entry: e, low: low, what: "grad"}, nil
}

// soleModel is the name before the dot of every parameter, "" if they differ.
func soleModel(low *ir.Lowered) string {
	name := ""
	for _, a := range low.Args {
		switch {
		case a.Bundle == nil || a.Name == ownParams:
		case name == "":
			name = a.Name
		default:
			return ""
		}
	}
	return name
}

// latex prints the definitions of a program.
func latex(p *ir.Program, model string) string {
	known, inputs := map[string]bool{}, map[string]bool{}
	for _, a := range p.Inputs {
		inputs[a.Name] = true
	}
	for _, a := range slices.Concat(p.Inputs, p.Defs) {
		known[a.Name] = true
		known[a.Name[strings.LastIndexByte(a.Name, '.')+1:]] = true
	}
	var b strings.Builder
	b.WriteString("\\begin{align}\n")
	for i, a := range p.Defs {
		x := &latexer{known: known, inputs: inputs, model: model, names: map[ir.Index]string{}, taken: map[string]bool{}}
		end := ` \\`
		if i+1 == len(p.Defs) {
			end = ""
		}
		place := ""
		if a.Pos.File != "" {
			place = "  % " + a.Pos.String()
		}
		fmt.Fprintf(&b, "  %s%s%s\n", x.equation(a), end, place)
	}
	b.WriteString("\\end{align}\n")
	return b.String()
}

// equation is a definition, its sides joined at the mark of alignment.
func (x *latexer) equation(a *ir.Array) string {
	switch a.Def {
	case ir.Draw:
		var args []string
		for _, e := range a.DistArgs {
			args = append(args, x.expr(e, 0))
		}
		return x.left(a) + fmt.Sprintf(` &\sim \mathrm{%s}(%s)`, a.Dist, strings.Join(args, ", "))
	case ir.Accumulate:
		for _, d := range a.Domain {
			x.names[d.Idx] = x.fresh(d.Name)
		}
		var conds []string
		k := &latexer{known: x.known, inputs: x.inputs, model: x.model, names: x.names, taken: x.taken}
		var idx []string
		for axis, e := range a.At {
			n := x.fresh(axisHint(a, axis))
			idx = append(idx, n)
			conds = append(conds, n+" = "+k.expr(e, 0))
		}
		sum := ""
		if len(a.Domain) > 0 {
			var under []string
			for _, d := range a.Domain {
				under = append(under, x.names[d.Idx])
			}
			sum = `\sum_{\substack{` + strings.Join(under, ", ") + `:\\ ` + strings.Join(conds, `,\ `) + `}} `
		}
		return x.symbol(a.Name) + subscript(idx) + " &= " + sum + x.expr(a.Body, latexTerm)
	}
	left := x.left(a)
	return left + " &= " + x.expr(a.Body, 0)
}

func axisHint(a *ir.Array, k int) string {
	if k < len(a.Axes) {
		return a.Axes[k]
	}
	return string(rune('i' + k))
}

// left is the array with an index for each axis.
func (x *latexer) left(a *ir.Array) string {
	var idx []string
	for k, n := range ir.AxisNames(a) {
		x.taken[n] = true
		x.names[ir.Axis(k)] = primes(n)
		idx = append(idx, primes(n))
	}
	return x.symbol(a.Name) + subscript(idx)
}

// subscript is a list of indices; single letters stand without commas.
func subscript(idx []string) string {
	if len(idx) == 0 {
		return ""
	}
	sep := ""
	for _, s := range idx {
		if len(strings.TrimRight(s, "'")) > 1 {
			sep = ","
		}
	}
	return "_{" + strings.Join(idx, sep) + "}"
}

func primes(n string) string { return texName(n) }
