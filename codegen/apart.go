package codegen

import (
	"bytes"
	"fmt"
	"go/format"
	"maps"
	"slices"

	"github.com/nnc-lang/nnc/internal/par"
	"github.com/nnc-lang/nnc/ir"
)

// sideBySide calls do for each method, long ones first, and methods whose
// programs have a Builder in common one after the other.
func sideBySide(list []*Method, do func(k int)) {
	of := map[*ir.Builder][]int{}
	size := map[*ir.Builder]int{}
	var all []*ir.Builder
	for k, m := range list {
		b := m.Program.Builder
		if of[b] == nil {
			all = append(all, b)
		}
		of[b] = append(of[b], k)
		size[b] += len(m.Program.Defs)
	}
	slices.SortStableFunc(all, func(x, y *ir.Builder) int { return size[y] - size[x] })
	par.Do(len(all), func(i int) {
		for _, k := range of[all[i]] {
			do(k)
		}
	})
}

// print prints the methods of all entries.
func (f *file) print(entries []*entry) error {
	var list []*Method
	var where []*method
	var of []*entry
	for _, e := range entries {
		for _, a := range e.args {
			if a.bundle != nil {
				a.bundle.ordered()
			}
		}
		e.ownerOf("")
		for _, m := range e.methods {
			for _, d := range m.prog.Dims {
				f.dimVar(d.Name)
				f.dimField(d.Name)
			}
			list, where, of = append(list, m.Method), append(where, m), append(of, e)
		}
	}
	files := make([]*file, len(list))
	errs := make([]error, len(list))
	sideBySide(list, func(k int) {
		g, m := *f, *f.m
		m.Builder = list[k].Program.Builder
		g.scope = of[k].Go
		g.m, g.imports, g.calls, g.out = &m, map[string]bool{}, nil, bytes.Buffer{}
		where[k].text, errs[k] = g.methodText(of[k], where[k])
		files[k] = &g
	})
	for k, g := range files {
		if errs[k] != nil {
			return errs[k]
		}
		maps.Copy(f.imports, g.imports)
		f.calls = append(f.calls, g.calls...)
	}
	return nil
}

// piece is how much text is formatted at a time.
var piece = 1 << 16

// formatted is the file in the style of gofmt, found piece by piece: each
// piece is some declarations.
func (f *file) formatted() ([]byte, error) {
	text := f.out.Bytes()
	list := []string{f.header()}
	start := 0
	for _, at := range append(f.marks, len(text)) {
		if at-start >= piece || at == len(text) && at > start {
			list = append(list, string(text[start:at]))
			start = at
		}
	}
	if len(list) == 2 {
		list = []string{list[0] + list[1]}
	}
	out := make([][]byte, len(list))
	errs := make([]error, len(list))
	const clause = "package p\n\n"
	par.Do(len(list), func(k int) {
		src := list[k]
		if k > 0 {
			src = clause + src
		}
		if out[k], errs[k] = format.Source([]byte(src)); errs[k] != nil {
			errs[k] = fmt.Errorf("codegen: bug: emitted code does not parse: %w\n%s", errs[k], numbered(src))
		} else if k > 0 {
			out[k] = bytes.TrimPrefix(out[k], []byte(clause))
		}
		out[k] = bytes.TrimSpace(out[k])
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return append(bytes.Join(out, []byte("\n\n")), '\n'), nil
}

// mark says that a declaration ends here.
func (f *file) mark() { f.marks = append(f.marks, f.out.Len()) }

// add prints declarations.
func (f *file) add(list ...string) {
	for _, s := range list {
		f.out.WriteString(s)
		f.mark()
	}
}
