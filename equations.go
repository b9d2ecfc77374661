package nnc

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/ir"
)

// ExplainFile prints the entry points of a file (or one): how each is called,
// its dims, and the equations that it comes to after the passes.
func ExplainFile(file string, src []byte, opt Options, entry string) (string, error) {
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
	var b strings.Builder
	for i, e := range entries {
		low, err := e.Lower(ir.Mode{})
		if err != nil {
			return "", err
		}
		opt.Off = append(slices.Clip(opt.Off), forComputing...)
		j := &job{name: e.Name, program: low.Program, options: opt, want: derivative{what: "value"}}
		if err := j.run(); err != nil {
			return "", err
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s  // %s\n", signature(e, low), e.Pos)
		b.WriteString(dimLines(low.Program))
		b.WriteString(frames(low.Calls))
		b.WriteString(equations(j.program))
	}
	return b.String(), nil
}

// ExplainGrad prints the equations that compute the gradient of a loss (the
// first, if entry is empty) with respect to one parameter or argument, without
// those that only other gradients need: what is emitted, before it is arranged
// for computing.
func ExplainGrad(file string, src []byte, opt Options, entry, name string) (string, error) {
	m, err := module(file, src, opt)
	if err != nil {
		return "", err
	}
	e, err := gradEntry(m, entry)
	if err != nil {
		return "", err
	}
	low, err := e.Lower(ir.Mode{Train: e.Kind == ir.LossEntry})
	if err != nil {
		return "", err
	}
	wrt, err := findLeaves(low, name)
	if err != nil {
		return "", err
	}
	ev := &evaluation{entry: e, low: low, what: "grad"}
	of, err := ev.scalar()
	if err != nil {
		return "", err
	}
	opt.Off = append(slices.Clip(opt.Off), forComputing...)
	j := &job{name: e.Name + ".grad", program: low.Program, options: opt, want: derivative{what: "grad", of: of, wrt: wrt, only: true}}
	if err := j.run(); err != nil {
		return "", err
	}
	return equations(j.program), nil
}

// gradEntry is the entry of the given name, or the first loss.
func gradEntry(m *ir.Module, name string) (*ir.Entry, error) {
	if name != "" {
		return findEntry(m, name)
	}
	for _, e := range m.Entries {
		if e.Kind == ir.LossEntry {
			return e, nil
		}
	}
	return nil, fmt.Errorf("%s has no loss to differentiate; name an entry with -entry", m.File)
}

// findLeaves finds the inputs that a name stands for: net.W1 or, where that is
// the only one, W1; a whole model by its argument's name.
func findLeaves(low *ir.Lowered, name string) ([]*ir.Array, error) {
	var found []*ir.Array
	var known []string
	for _, a := range low.Args {
		leaves := leavesOf([]*ir.Arg{a})
		if a.Name == name && len(leaves) > 0 {
			return leaves, nil
		}
		for _, l := range leaves {
			if l.Name == name {
				return []*ir.Array{l}, nil
			}
			if strings.HasSuffix(l.Name, "."+name) {
				found = append(found, l)
			}
			known = append(known, l.Name)
		}
	}
	if len(found) == 1 {
		return found, nil
	}
	if len(found) > 1 {
		var names []string
		for _, l := range found {
			names = append(names, l.Name)
		}
		return nil, fmt.Errorf("%s may be %s", name, strings.Join(names, " or "))
	}
	return nil, unknown(name, name, known)
}

// signature is an entry as its head declares it, dims of constants filled in.
func signature(e *ir.Entry, low *ir.Lowered) string {
	var args, results []string
	for _, a := range low.Args {
		if a.Bundle == nil {
			l := a.Leaves[0]
			s := a.Name + ": " + l.Elem.String()
			if l.Rank() > 0 {
				s = a.Name + ": [" + text(l.Shape) + "]"
			}
			if l.In != nil {
				s += " in " + ir.Sprint(l.In)
			}
			args = append(args, s)
		} else if a.Name != ownParams || e.Kind != ir.ModelEntry {
			args = append(args, a.Name+": "+a.Bundle.Name)
		}
	}
	for _, o := range low.Program.Outputs {
		s := o.Name + ": " + o.Array.Elem.String()
		if o.Array.Rank() > 0 {
			s = o.Name + ": [" + text(o.Array.Shape) + "]"
		}
		results = append(results, s)
	}
	kind := [...]string{ir.ModelEntry: "model", ir.LossEntry: "loss", ir.FnEntry: "fn"}[e.Kind]
	return fmt.Sprintf("%s %s(%s) -> %s", kind, e.Name, strings.Join(args, ", "), strings.Join(results, ", "))
}

// frames lists calls, indented as they stand within each other, with the frame
// that each is mapped over.
func frames(calls []ir.CallFrame) string {
	if len(calls) == 0 {
		return ""
	}
	outermost, w := calls[0].Depth, 0
	for _, c := range calls {
		outermost = min(outermost, c.Depth)
	}
	var rows [][3]string
	for _, c := range calls {
		row := [3]string{strings.Repeat("  ", c.Depth-outermost+1) + c.Text, "once", c.Pos.String()}
		if len(c.Frame) > 0 {
			row[1] = "over [" + text(c.Frame) + "]"
		}
		w = max(w, utf8.RuneCountInString(row[0]))
		rows = append(rows, row)
	}
	var b strings.Builder
	b.WriteString("calls, and the frame that each is mapped over:\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "%-*s  %-12s  // %s\n", w, r[0], r[1], r[2])
	}
	return b.String()
}

// dimLines says what the symbolic sizes are.
func dimLines(p *ir.Program) string {
	var call, model []string
	for _, d := range p.Dims {
		if d.Call {
			call = append(call, d.Name)
		} else {
			model = append(model, d.Name)
		}
	}
	s := ""
	if len(model) > 0 {
		s += "dims of the model: " + strings.Join(model, ", ") + "\n"
	}
	if len(call) > 0 {
		s += "dims of each call: " + strings.Join(call, ", ") + "\n"
	}
	return s
}

// equations prints definitions in columns: equation, ranges, place.
func equations(p *ir.Program) string {
	const widest = 78
	var rows [][3]string
	w0, w1 := 0, 0
	for _, a := range p.Defs {
		eq, ranges, _ := strings.Cut(ir.Equate(a), "  ")
		rows = append(rows, [3]string{eq, ranges, a.Pos.String()})
		if n := utf8.RuneCountInString(eq); n <= widest {
			w0 = max(w0, n)
		}
		w1 = max(w1, utf8.RuneCountInString(ranges))
	}
	var b strings.Builder
	for _, r := range rows {
		line := fmt.Sprintf("%-*s  %-*s", w0, r[0], w1, r[1])
		if r[2] != "" {
			line += "  // " + r[2]
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}
