package nnc

import (
	"fmt"
	"path"
	"path/filepath"

	"github.com/nnc-lang/nnc/codegen"
	"github.com/nnc-lang/nnc/ir"
)

// emit takes every method of a module through the pipeline and prints them.
// A module without entries, one that only others import, has nothing to print.
func emit(m *ir.Module, file string, opt Options) ([]byte, error) {
	pkg := opt.ForcePackage
	for _, name := range []string{m.Package, opt.Package} {
		if pkg == "" {
			pkg = name
		}
	}
	if !validPackage(pkg) {
		return nil, fmt.Errorf("%q is no name for a Go package", pkg)
	}
	var list []*codegen.Method
	seen := prepared{}
	for _, e := range m.Entries {
		all, err := methods(e)
		if err != nil {
			return nil, err
		}
		for _, x := range all {
			x.prepared = seen
			c, err := x.compile(opt)
			if err != nil {
				return nil, err
			}
			list = append(list, c)
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	var there map[string][]codegen.Model
	if opt.Beside {
		there = elsewhere(file, m.F64, list, opt)
	}
	text, err := codegen.Emit(m, list, codegen.Options{
		Package:   pkg,
		Source:    path.Base(filepath.ToSlash(file)),
		F64:       m.F64,
		Version:   Version,
		Elsewhere: there,
	})
	if err != nil {
		return nil, &Bug{err}
	}
	return text, nil
}

// compile makes the program of a method.
func (m *method) compile(opt Options) (*codegen.Method, error) {
	c := &codegen.Method{Entry: m.entry, Lowered: m.low, Kind: m.kind}
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
	for _, a := range m.wrt {
		c.Wrt = append(c.Wrt, a.Name)
	}
	if m.kind == "lossgrad" {
		want.what, c.Kind, c.Wrt = "grad", "grad", nil
	}
	switch want.what {
	case "grad", "hvp", "hessian", "hessdiag":
		of, err := m.scalar()
		if err != nil {
			return nil, err
		}
		want.of = of
	}
	j := &job{name: m.name(), program: low.Program, want: want, options: opt, prepared: m.prepared}
	if err := j.run(); err != nil {
		return nil, err
	}
	c.Program, c.By, m.by = j.program, j.want.mode(), j.want.by
	return c, nil
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
