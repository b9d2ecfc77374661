package nnc

import (
	_ "embed"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
)

//go:embed measuremain.txt
var measureMain string

// measured builds and runs the programs of methods, and writes their tables.
func measured(m *ir.Module, list []*method, programs []*ir.Program, dims map[string]int) (string, error) {
	r := &goRun{}
	for i, prog := range programs {
		e := &evaluation{module: m, program: prog, seed: 1, dims: map[string]int{}, inputs: map[*ir.Array]*interp.Tensor{}}
		for _, d := range prog.Dims {
			if e.dims[d.Name] = someDim; dims[d.Name] > 0 {
				e.dims[d.Name] = dims[d.Name]
			}
		}
		p := &goProgram{evaluation: e, index: i, name: fmt.Sprintf("E%d", i), timed: true}
		p.invent(rand.New(rand.NewPCG(1, uint64(i))))
		var err error
		if p.files, err = p.emit(); err != nil {
			return "", err
		}
		r.programs = append(r.programs, p)
	}
	out, err := r.run()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for i, p := range r.programs {
		if out[i].err != nil {
			return "", out[i].err
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		p.times.table(&b, list[i], p)
	}
	return b.String(), nil
}

// invent makes up the inputs: parameters as if they were initialised, data
// between 0 and 1, integers within their bound.
func (p *goProgram) invent(r *rand.Rand) {
	s := &sizes{b: p.program.Builder, dims: p.dims}
	for _, in := range p.program.Inputs {
		shape := p.shape(in)
		t := interp.Zeros(shape...)
		bound := 2 // of what has none, a bool too
		if in.In != nil {
			bound = max(s.shape([]*ir.Expr{in.In})[0], 1)
		}
		scale := 1.0
		for k := 0; k < len(shape)-1; k++ {
			scale /= math.Sqrt(float64(max(shape[k], 1)))
		}
		for i := range t.Data {
			switch {
			case in.Elem != ir.Real:
				t.Data[i] = float64(r.IntN(bound))
			case in.Role == ir.Data:
				t.Data[i] = r.Float64()
			default:
				t.Data[i] = scale * (2*r.Float64() - 1)
			}
		}
		p.inputs[in] = t
	}
}

// times are those of the steps in ns, and the rates of the processor: operations
// and bytes a ns.
type times struct {
	steps            []float64
	flops, bandwidth float64
}

// limit is the least time of some work, in ns.
func (t *times) limit(w work) float64 { return max(w.flops/t.flops, w.bytes/t.bandwidth) }

// table writes what was measured of one method.
func (t *times) table(b *strings.Builder, x *method, p *goProgram) {
	c := &coster{p: p.program, dims: p.dims, size: realSize(p.module)}
	total := 0.0
	for _, ns := range t.steps {
		total += ns
	}
	fmt.Fprintf(b, "%s: %s; this processor does %.3g Gflop/s, and copies %.3g GB/s in %s of arrays\n", c.title(x), duration(total), t.flops, t.bandwidth, metric(c.footprint())+"B")
	fmt.Fprintf(b, "%9s %5s %9s %9s  %-10s %7s  %s\n", "time", "share", "flops", "bytes", "bound by", "reached", "equations")
	done := map[*ir.Array]bool{}
	for i := 0; i < len(p.steps); {
		// Steps that have an equation in common, as a product and the loop that
		// finishes it, are one, and so is what is cleared for a step with it.
		joins := func(k int) bool {
			return len(p.steps[k-1]) == 0 || slices.ContainsFunc(p.steps[k], func(a *ir.Array) bool { return slices.Contains(p.steps[k-1], a) })
		}
		end := i + 1
		for end < len(p.steps) && joins(end) {
			end++
		}
		var w work
		var ns float64
		var equations, again []string
		for ; i < end; i++ {
			ns += t.steps[i]
			for _, a := range p.steps[i] {
				a := p.program.Lookup(a.Name)
				if done[a] {
					again = append(again, a.Name)
					continue
				}
				done[a] = true
				y := c.of(a)
				w.flops, w.bytes = w.flops+y.flops, w.bytes+y.bytes
				equations = append(equations, ir.Equate(a))
			}
		}
		if len(equations) == 0 { // counted where the first part is
			equations = []string{"more of " + strings.Join(slices.Compact(again), ", ")}
		}
		bound, reached := "memory", "-"
		if w.flops/t.flops > w.bytes/t.bandwidth {
			bound = "arithmetic"
		}
		if ns > 0 && w != (work{}) {
			reached = fmt.Sprintf("%.0f%%", 100*t.limit(w)/ns)
		}
		fmt.Fprintf(b, "%9s %4.0f%% %9s %9s  %-10s %7s  %s\n", duration(ns), 100*ns/max(total, 1), metric(w.flops), metric(w.bytes), bound, reached, strings.Join(equations, "\n"+strings.Repeat(" ", 56)))
	}
}

// duration is a time of so many ns with three digits.
func duration(ns float64) string {
	for _, unit := range []string{"ns", "us", "ms"} {
		if ns < 999.5 {
			return fmt.Sprintf("%.3g %s", ns, unit)
		}
		ns /= 1000
	}
	return fmt.Sprintf("%.3g s", ns)
}
