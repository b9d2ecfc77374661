package nnc

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/diff"
	"github.com/nnc-lang/nnc/ir"
)

// ridge is the number of operations that a core does while memory gives it one
// byte: an equation with fewer a byte is bound by memory, with more by
// arithmetic. 10 is between a core with AVX2 and one with AVX-512.
const ridge = 10

// work is what an equation costs: arithmetic operations, a transcendental
// function counted as 10, a power and a random number as 50, and bytes of the arrays that it reads and
// writes, each once.
type work struct{ flops, bytes float64 }

// coster counts with numbers for dims.
type coster struct {
	p    *ir.Program
	dims map[string]int
	size float64 // of a real, in bytes
}

// someDim is what a dim counts as that nobody gave a number.
const someDim = 64

// price is the cost of a whole program in seconds-like units: the larger of
// operations and bytes times the ridge, equation by equation.
func (c *coster) price() float64 {
	sum := 0.0
	for _, a := range c.p.Defs {
		w := c.of(a)
		sum += max(w.flops, ridge*w.bytes)
	}
	return sum
}

// value is the number that an integer expression comes to; an index in it
// counts as half its range.
func (c *coster) value(e *ir.Expr, ext map[ir.Index]float64) float64 {
	sum := 0.0
	for _, t := range c.p.PolyOf(e) {
		x := float64(t.Coef)
		for _, a := range t.Atoms {
			switch {
			case a.Kind == ir.KDim && c.dims[a.Name] > 0:
				x *= float64(c.dims[a.Name])
			case a.Kind == ir.KIndex && ext[a.Idx] > 0:
				x *= ext[a.Idx] / 2
			default:
				x *= someDim
			}
		}
		sum += x
	}
	return sum
}

func (c *coster) elements(a *ir.Array) float64 {
	n := 1.0
	for _, d := range a.Shape {
		n *= c.value(d, nil)
	}
	return n
}

// of is the work of one definition.
func (c *coster) of(a *ir.Array) work {
	ext := map[ir.Index]float64{}
	times := 1.0
	if a.Def == ir.Accumulate {
		for _, bd := range a.Domain {
			ext[bd.Idx] = c.value(bd.Hi, ext) - c.value(bd.Lo, ext)
			times *= ext[bd.Idx]
		}
	} else {
		for k, d := range a.Shape {
			ext[ir.Axis(k)] = c.value(d, ext)
			times *= ext[ir.Axis(k)]
		}
	}
	w := work{bytes: c.elements(a) * c.size}
	for _, r := range a.Reads() {
		w.bytes += c.elements(r) * c.size
	}
	if a.Body != nil {
		w.flops = times * c.once(a.Body, ext, map[*ir.Expr]bool{})
	}
	switch a.Def {
	case ir.Accumulate:
		w.flops += times
	case ir.Draw:
		w.flops += 50 * times
	}
	return w
}

// once counts the operations of one evaluation, shared parts once.
func (c *coster) once(e *ir.Expr, ext map[ir.Index]float64, seen map[*ir.Expr]bool) float64 {
	if seen[e] || e.Type == ir.Int {
		return 0
	}
	seen[e] = true
	if e.Kind == ir.KReduce {
		n := 1.0
		for _, bd := range e.Binders {
			ext[bd.Idx] = max(c.value(bd.Hi, ext)-c.value(bd.Lo, ext), 0)
			n *= ext[bd.Idx]
		}
		return n * (1 + c.once(e.Args[0], ext, map[*ir.Expr]bool{}))
	}
	sum := 0.0
	for _, a := range e.Args {
		if e.Kind != ir.KRead {
			sum += c.once(a, ext, seen)
		}
	}
	switch {
	case e.Kind == ir.KIf && places(e.Args[0]), e.Type == ir.Bool && places(e):
	case e.Kind == ir.KCall && e.Op.Infix == 0 && e.Op.Class == ir.Arith && e.Op != ir.Neg && e.Op != ir.Max && e.Op != ir.Min:
		sum += 10
	case e.IsCall(ir.Pow) && !(small(e.Args[1])):
		sum += 50
	case e.Kind == ir.KCall || e.Kind == ir.KIf:
		sum++
	}
	return sum
}

// small reports whether a power with this exponent is a product or two.
func small(e *ir.Expr) bool {
	return e.Kind == ir.KConst && math.Abs(e.Val) <= 3 && e.Val == math.Trunc(e.Val)
}

// places reports whether a condition is about indices alone: loops go where it
// holds, and compute nothing for it.
func places(cond *ir.Expr) bool {
	only := true
	ir.Walk(cond, func(x *ir.Expr) bool {
		only = only && x.Kind != ir.KRead && x.Type != ir.Real
		return only
	})
	return only
}

// cheaperJacobian is the mode, forward or reverse, whose program costs less.
func cheaperJacobian(p *ir.Program, wrt []*ir.Array) (string, error) {
	forward, err := diff.Jacobian(p, wrt, "forward")
	if err != nil {
		return "", err
	}
	reverse, err := diff.Jacobian(p, wrt, "reverse")
	if err != nil {
		return "", err
	}
	if (&coster{p: reverse, size: 4}).price() < (&coster{p: forward, size: 4}).price() {
		return "reverse", nil
	}
	return "forward", nil
}

// ExplainCost prints what each equation of the methods of a file costs, for
// sizes given by dims (64 where they say nothing): operations, bytes, their
// ratio, what that binds it to, and its share of the whole.
//
// With measure it builds the methods, runs them on random numbers on one thread
// of this processor, and prints for each step of the emitted code, which may be
// several equations, its time, its share of the whole, and what part of that
// time the bound would take: operations at the rate of a product in the
// first-level cache, or bytes at the rate of a copy as large as all arrays.
func ExplainCost(file string, src []byte, opt Options, entry string, dims map[string]int, measure bool) (string, error) {
	m, err := module(file, src, opt)
	if err != nil {
		return "", err
	}
	entries := m.Entries
	if entry != "" {
		e, err := findEntry(m, entry)
		if err != nil {
			return "", err
		}
		entries = []*ir.Entry{e}
	}
	var list []*method
	var programs []*ir.Program
	known := map[string]bool{}
	for _, e := range entries {
		all, err := methods(e)
		if err != nil {
			return "", err
		}
		for _, x := range all {
			c, err := x.compile(opt)
			if err != nil {
				return "", err
			}
			for _, d := range c.Program.Dims {
				known[d.Name] = true
			}
			list, programs = append(list, x), append(programs, c.Program)
		}
	}
	for d := range dims {
		if !known[d] {
			return "", unknown(d, d, sortedNames(known))
		}
	}
	if measure {
		return measured(m, list, programs, dims)
	}
	var b strings.Builder
	for i, x := range list {
		if i > 0 {
			b.WriteByte('\n')
		}
		costs(&b, x, &coster{p: programs[i], dims: dims, size: realSize(m)})
	}
	return b.String(), nil
}

// realSize is the bytes of a real.
func realSize(m *ir.Module) float64 {
	if m.F64 {
		return 8
	}
	return 4
}

// title is the line above the table of a method.
func (c *coster) title(x *method) string {
	var sizes []string
	for _, d := range c.p.Dims {
		sizes = append(sizes, fmt.Sprintf("%s = %.0f", d.Name, c.value(c.p.Dim(d.Name), nil)))
	}
	slices.Sort(sizes)
	s := x.name()
	if mode := (derivative{what: x.kind, by: x.by}).mode(); mode != "" {
		s += " (" + mode + ")"
	}
	if len(sizes) > 0 {
		s += " with " + strings.Join(sizes, ", ")
	}
	return s
}

// bound is what a step of some work runs into.
func (w work) bound() string {
	if w.flops > ridge*w.bytes {
		return "arithmetic"
	}
	return "memory"
}

// footprint is the bytes of all arrays.
func (c *coster) footprint() float64 {
	n := 0.0
	for _, a := range slices.Concat(c.p.Inputs, c.p.Defs) {
		n += c.elements(a) * c.size
	}
	return n
}

// costs writes the table of one method.
func costs(b *strings.Builder, x *method, c *coster) {
	fmt.Fprintln(b, c.title(x))
	total := c.price()
	var sum work
	fmt.Fprintf(b, "%9s %9s %7s  %-10s %5s  %s\n", "flops", "bytes", "ratio", "bound by", "share", "equation")
	for _, a := range c.p.Defs {
		w := c.of(a)
		sum.flops, sum.bytes = sum.flops+w.flops, sum.bytes+w.bytes
		fmt.Fprintf(b, "%9s %9s %7.1f  %-10s %4.0f%%  %s\n", metric(w.flops), metric(w.bytes), w.flops/max(w.bytes, 1), w.bound(),
			100*max(w.flops, ridge*w.bytes)/max(total, 1), ir.Equate(a))
	}
	fmt.Fprintf(b, "%9s %9s\n", metric(sum.flops), metric(sum.bytes))
}

// metric is a count with three digits and a prefix: 12.8M.
func metric(x float64) string {
	for _, p := range []string{"", "k", "M", "G", "T"} {
		if x < 999.5 {
			if p == "" {
				return fmt.Sprintf("%.0f", x)
			}
			return fmt.Sprintf("%.3g%s", x, p)
		}
		x /= 1000
	}
	return fmt.Sprintf("%.3gP", x)
}
