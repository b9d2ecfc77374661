package nnc

import (
	"path"

	"github.com/nnc-lang/nnc/codegen"
	"github.com/nnc-lang/nnc/dsl"
)

// elsewhere lists the models that files of the same folder declare in the same
// package, by the path of the file, for those that the methods are given.
func elsewhere(file string, f64 bool, list []*codegen.Method, opt Options) map[string][]codegen.Model {
	out := map[string][]codegen.Model{}
	for _, c := range list {
		for _, a := range c.Lowered.Args {
			if a.Bundle == nil || !a.Bundle.Model || a.Bundle.File == "" {
				continue
			}
			from := a.Bundle.File
			if _, known := out[from]; !known && path.Dir(from) == path.Dir(path.Clean(file)) {
				out[from] = declared(from, f64, opt)
			}
		}
	}
	return out
}

// declared lists the models that a file declares when it is compiled itself.
// What is wrong with it is said then.
func declared(file string, f64 bool, opt Options) []codegen.Model {
	src, err := opt.Import(file)
	if err != nil {
		return nil
	}
	dtype := map[bool]string{true: "f64", false: "f32"}[f64]
	m, _ := dsl.Load(file, src, dsl.Options{Set: opt.Set, AnySet: true, Dtype: dtype, Import: opt.Import})
	if m == nil {
		return nil
	}
	var list []*codegen.Method
	for _, e := range m.Entries {
		all, err := methods(e)
		if err != nil {
			return nil
		}
		for _, x := range all {
			list = append(list, &codegen.Method{Entry: e, Lowered: x.low})
		}
	}
	return codegen.Models(m, list, codegen.Options{F64: m.F64})
}
