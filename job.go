package nnc

import (
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/nnc-lang/nnc/ir"
)

// job is one program on its way through the pipeline.
type job struct {
	name    string // for dumps: "Fit.LossGrad"
	program *ir.Program
	want    derivative
	options Options
	plain   bool // no pass but diff
}

// run takes a copy of the program through the pipeline. Every pass leaves a
// program that verifies; the first that does not is named.
func (j *job) run() error {
	j.program = j.program.Clone()
	return j.passes(0, len(Pipeline))
}

// passes runs some of the pipeline.
func (j *job) passes(from, to int) error {
	if from == 0 {
		shortenPlaces(j.program)
		if err := ir.Verify(j.program); err != nil {
			return &Bug{fmt.Errorf("%s as it was lowered: %w", j.name, err)}
		}
	}
	for _, p := range Pipeline[from:to] {
		if err := j.pass(p); err != nil {
			return err
		}
	}
	return nil
}

// prepared is a program as it is before the pass diff: the methods of an entry
// have that much in common.
type prepared struct {
	users   int
	once    sync.Once
	program *ir.Program
	err     error
}

// runAlone is run on a copy that shares nothing with the program, so that it
// may run beside other jobs. Jobs of the same program have common.
func (j *job) runAlone(common *prepared) error {
	if common.users < 2 || j.want.over != nil {
		j.move(j.program)
		return j.passes(0, len(Pipeline))
	}
	diffAt := slices.IndexFunc(Pipeline, func(p Pass) bool { return p.Name == "diff" })
	common.once.Do(func() {
		first := *j
		first.program = ir.Move(j.program)[0]
		common.err = first.passes(0, diffAt)
		common.program = first.program
	})
	if common.err != nil {
		return common.err
	}
	j.move(common.program)
	return j.passes(diffAt, len(Pipeline))
}

// move makes the job one of a copy of p, a form of its program.
func (j *job) move(p *ir.Program) {
	if over := j.want.over; over != nil {
		both := ir.Move(p, over)
		j.program, j.want.over = both[0], both[1]
	} else {
		j.program = ir.Move(p)[0]
	}
	if len(j.want.wrt) == 0 {
		return
	}
	inputs := map[string]*ir.Array{}
	for _, a := range j.program.Inputs {
		inputs[a.Name] = a
	}
	j.want.wrt = slices.Clone(j.want.wrt)
	for i, a := range j.want.wrt {
		j.want.wrt[i] = inputs[a.Name]
	}
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
