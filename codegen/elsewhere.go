package codegen

import "github.com/nnc-lang/nnc/ir"

// Model is the type of a model, with its API, as a file declares it.
type Model struct {
	Go        string // its name
	structure string
	shapes    string // of the parameters
}

// apiNames are the names that the type of a model takes.
var apiNames = []string{"*", "New*", "*Size", "*Dims", "*Eval", "New*Eval"}

// Models lists the models that Emit declares for the methods of a module. Of a
// method it reads the entry and what that was lowered to, no more.
func Models(m *ir.Module, methods []*Method, opt Options) []Model {
	f := newFile(m, opt)
	var entries []*entry
	for _, x := range methods {
		entries = append(entries, &entry{Entry: x.Entry, methods: []*method{{Method: x}}})
	}
	f.nameTypes(entries)
	var out []Model
	for _, g := range f.order {
		for _, b := range g.forms {
			if b.Model && b.File == "" {
				out = append(out, Model{b.Go, structure(b.Bundle), b.shapes})
			}
		}
	}
	return out
}

// elsewhere takes the names of the models that other files of the package
// declare, and finds those among them that are used here. One that is used
// with other sizes than it is declared with is another type.
func (f *file) elsewhere() {
	for _, list := range f.opt.Elsewhere {
		for _, m := range list {
			f.take(m.Go, apiNames)
		}
	}
	for _, g := range f.order {
		for _, b := range g.forms {
			for _, m := range f.opt.Elsewhere[b.File] {
				if m.structure == structure(b.Bundle) && m.shapes == b.shapes {
					b.Go, b.there = m.Go, true
				}
			}
		}
	}
}
