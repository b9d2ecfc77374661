package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
)

// declared remembers, by folder and name, which of the files of one command
// declares what: a Go package can have each name once.
type declared map[[2]string]string

// clash adds the names of an emitted file; it says which of them another has.
func (d declared) clash(s *source, target string, text []byte) (list []string) {
	f, err := parser.ParseFile(token.NewFileSet(), target, text, parser.SkipObjectResolution)
	if err != nil {
		return nil // the Go compiler will say it
	}
	dir := filepath.Dir(target)
	var twice []string
	add := func(name string) {
		key := [2]string{dir, name}
		if other := d[key]; other != "" {
			// FitBatch says no more than Fit.
			if slices.ContainsFunc(twice, func(s string) bool { return strings.HasPrefix(name, s) }) {
				return
			}
			twice = append(twice, name)
			list = append(list, fmt.Sprintf("%s: warning: %s is declared by %s too, and both become one Go package; rename one, or let one file declare it, as a model, and import that", s.name, name, other))
			return
		}
		d[key] = s.name
	}
	for _, x := range f.Decls {
		x, ok := x.(*ast.GenDecl)
		if !ok {
			continue // New… of a type, and methods
		}
		for _, spec := range x.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				add(spec.Name.Name)
			case *ast.ValueSpec:
				for _, n := range spec.Names {
					add(n.Name)
				}
			}
		}
	}
	return list
}
