package nnc

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"

	"github.com/nnc-lang/nnc/codegen"
	"github.com/nnc-lang/nnc/internal/par"
	"github.com/nnc-lang/nnc/ir"
)

// emit takes every method of a module through the pipeline and prints them.
// A module without entries, one that only others import, has nothing to print.
func emit(m *ir.Module, file string, opt Options) (codegen.Files, error) {
	pkg := opt.ForcePackage
	for _, name := range []string{m.Package, opt.Package} {
		if pkg == "" {
			pkg = name
		}
	}
	if !validPackage(pkg) {
		return codegen.Files{}, fmt.Errorf("%q is no name for a Go package", pkg)
	}
	var all []*method
	for _, e := range m.Entries {
		list, err := methods(e)
		if err != nil {
			return codegen.Files{}, err
		}
		all = append(all, list...)
	}
	if len(all) == 0 {
		return codegen.Files{}, nil
	}
	list, err := compileAll(all, opt)
	if err != nil {
		return codegen.Files{}, err
	}
	var there map[string][]codegen.Model
	if opt.Beside {
		there = elsewhere(file, m.F64, list, opt)
	}
	files, err := codegen.EmitFiles(m, list, codegen.Options{
		Package:   pkg,
		Source:    path.Base(filepath.ToSlash(file)),
		F64:       m.F64,
		Version:   Version,
		SIMD:      opt.SIMD,
		Elsewhere: there,
	})
	if err != nil {
		return codegen.Files{}, &Bug{err}
	}
	return files, nil
}

// compileAll makes the programs of methods, side by side. What takes longest is
// begun first.
func compileAll(list []*method, opt Options) ([]*codegen.Method, error) {
	jobs := make([]*job, len(list))
	common := map[*ir.Program]*prepared{}
	order := make([]int, len(list))
	for k, m := range list {
		j, err := m.job(opt)
		if err != nil {
			return nil, err
		}
		jobs[k], order[k] = j, k
		if common[j.program] == nil {
			common[j.program] = &prepared{}
		}
		if len(opt.DumpAfter) == 0 { // a dump is of all passes of each
			common[j.program].users++
		}
	}
	work := func(k int) int {
		if list[k].kind == "value" {
			return len(jobs[k].program.Defs)
		}
		return 3 * len(jobs[k].program.Defs)
	}
	slices.SortStableFunc(order, func(x, y int) int { return work(y) - work(x) })
	out := make([]*codegen.Method, len(list))
	errs := make([]error, len(list))
	run := func(k int) {
		j := jobs[k]
		if errs[k] = j.runAlone(common[j.program]); errs[k] == nil {
			out[k] = list[k].compiled(j)
		}
	}
	if len(opt.DumpAfter) > 0 { // in order
		for k := range list {
			run(k)
		}
	} else {
		par.Do(len(list), func(k int) { run(order[k]) })
	}
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// compile makes the program of a method.
func (m *method) compile(opt Options) (*codegen.Method, error) {
	j, err := m.job(opt)
	if err != nil {
		return nil, err
	}
	if err := j.run(); err != nil {
		return nil, err
	}
	return m.compiled(j), nil
}

// job is what makes the program of a method.
func (m *method) job(opt Options) (*job, error) {
	low, want := m.low, derivative{what: m.kind, wrt: leavesOf(m.wrt), by: m.by}
	if m.byExample() {
		var err error
		if low, err = m.entry.Lower(ir.Mode{Train: m.mode.Train}); err != nil {
			return nil, err
		}
		want.over = m.low.Program
		for i, l := range want.wrt {
			want.wrt[i] = low.Program.Lookup(l.Name)
		}
	}
	if m.kind == "lossgrad" {
		want.what = "grad"
	}
	switch want.what {
	case "grad", "hvp", "hessian", "hessdiag":
		of, err := m.scalar()
		if err != nil {
			return nil, err
		}
		want.of = of
	}
	return &job{name: m.name(), program: low.Program, want: want, options: opt}, nil
}

// compiled is what the job of a method made.
func (m *method) compiled(j *job) *codegen.Method {
	c := &codegen.Method{Entry: m.entry, Lowered: m.low, Program: j.program, Kind: j.want.what, By: j.want.mode()}
	if m.kind != "lossgrad" {
		for _, a := range m.wrt {
			c.Wrt = append(c.Wrt, a.Name)
		}
	}
	m.by = j.want.by
	return c
}

// byExample says that the derivative is that of each example of a batch, and
// not of their sum: Jacobians, and second derivatives and forward gradients in
// the data alone.
func (m *method) byExample() bool {
	if len(m.mode.Frame) == 0 {
		return false
	}
	for _, a := range m.wrt {
		if a.Bundle != nil {
			return m.kind == "jacobian"
		}
	}
	return m.kind == "jacobian" || m.kind == "hessian" || m.kind == "hessdiag" || m.kind == "grad" && m.by == "forward"
}

// scalar is the name of the real number that a derivative is of: of a model
// that is mapped over a batch, the number of each example.
func (m *method) scalar() (string, error) {
	e := &evaluation{entry: m.entry, low: m.low, what: m.kind}
	r := e.results()
	if len(r) == 1 && r[0].Array.Elem == ir.Real && r[0].Array.Rank() == len(m.mode.Frame) {
		return r[0].Name, nil
	}
	return e.scalar()
}
