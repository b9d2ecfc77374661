package nnc

import (
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// job is one program on its way through the pipeline.
type job struct {
	name    string // for dumps: "Fit.LossGrad"
	program *ir.Program
	want    derivative
	options Options
	plain   bool // no pass but diff
	prepared
}

// prepared keeps programs as they are before the pass diff, by what they were
// lowered as: the methods of an entry have that much in common.
type prepared map[*ir.Program]*ir.Program

// run takes a copy of the program through the pipeline. Every pass leaves a
// program that verifies; the first that does not is named.
func (j *job) run() error {
	lowered, from := j.program, 0
	if before := j.prepared[lowered]; before != nil {
		j.program, from = before.Clone(), diffAt()
	} else {
		j.program = lowered.Clone()
		shortenPlaces(j.program)
		if err := ir.Verify(j.program); err != nil {
			return &Bug{fmt.Errorf("%s as it was lowered: %w", j.name, err)}
		}
	}
	for _, p := range Pipeline[from:] {
		if p.Name == "diff" && j.prepared != nil && j.prepared[lowered] == nil && len(j.options.DumpAfter) == 0 {
			j.prepared[lowered] = j.program.Clone()
		}
		if err := j.pass(p); err != nil {
			return err
		}
	}
	return nil
}

func diffAt() int {
	return slices.IndexFunc(Pipeline, func(p Pass) bool { return p.Name == "diff" })
}

func (j *job) pass(p Pass) error {
	if j.plain && p.Name != "diff" || !p.Required && contains(j.options.Off, p.Name) {
		return nil
	}
	if err := p.run(j); err != nil {
		if p.Name != "diff" { // which alone may refuse what the user asked
			err = &Bug{err}
		}
		return fmt.Errorf("%s in pass %s: %w", j.name, p.Name, err)
	}
	if err := ir.Verify(j.program); err != nil {
		return &Bug{fmt.Errorf("%s after %s: %w", j.name, p.Name, err)}
	}
	if j.options.Dump != nil && contains(j.options.DumpAfter, p.Name) {
		fmt.Fprintf(j.options.Dump, "// %s after %s\n%s\n", j.name, p.Name, ir.Print(j.program))
	}
	return nil
}

// shortenPlaces leaves of the places in a program the base name of the file,
// so that what is emitted does not depend on where it was compiled.
func shortenPlaces(p *ir.Program) {
	for _, a := range slices.Concat(p.Inputs, p.Defs) {
		a.Pos.File = path.Base(filepath.ToSlash(a.Pos.File))
		if a.Pos.File == "." { // path.Base of nothing
			a.Pos.File = ""
		}
	}
}

// CheckPasses reports the first name that is no pass.
func CheckPasses(names []string) error {
	var known []string
	for _, p := range Pipeline {
		known = append(known, p.Name)
	}
	for _, n := range names {
		if contains(known, n) {
			continue
		}
		if s := near(n, known); len(s) > 0 {
			return fmt.Errorf("no pass %s; did you mean %s?", n, strings.Join(s, " or "))
		}
		return errors.New("no pass " + n + "; -d=help lists them")
	}
	return nil
}

// PassHelp writes the names of the passes in the order in which they run, what
// they do, and the reasons for the order.
func PassHelp(w io.Writer) {
	for _, p := range Pipeline {
		always := ""
		if p.Required {
			always = " (always)"
		}
		fmt.Fprintf(w, "%-12s%s%s\n", p.Name, p.Doc, always)
	}
	fmt.Fprintln(w)
	for _, o := range Order {
		fmt.Fprintf(w, "%s before %s: %s\n", o.First, o.Then, o.Because)
	}
}
