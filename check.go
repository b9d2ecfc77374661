package nnc

import (
	"errors"
	"fmt"

	"github.com/nnc-lang/nnc/dsl"
	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// Diagnostics is what there is to say about a file: errors and warnings, each
// with its place and a stable code. It is an error, prints for people with
// Render and for editors with JSON.
type Diagnostics = diag.List

// Check reports what is wrong with a source file. The error is a [*Bug].
func Check(file string, src []byte, opt Options) (Diagnostics, error) {
	_, list, err := load(file, src, opt)
	return list, err
}

// load checks a source file. There is a module unless the list has errors.
func load(file string, src []byte, opt Options) (*ir.Module, Diagnostics, error) {
	if !dsl.PlainPath(file) {
		return nil, nil, fmt.Errorf("the name of the file, %q, has signs that cannot be printed", file)
	}
	m, list := dsl.Load(file, src, dsl.Options{Set: opt.Set, Dtype: opt.Dtype, Import: opt.Import})
	if list.HasErrors() {
		return nil, list, nil
	}
	if m == nil {
		return nil, list, bugf("%s: no module and no error", file)
	}
	return m, list, nil
}

// module is load for those who have no use for warnings: errors of the file
// are the error.
func module(file string, src []byte, opt Options) (*ir.Module, error) {
	m, list, err := load(file, src, opt)
	if err == nil && m == nil {
		err = list
	}
	return m, err
}

// Format is src in the one usual form. Diagnostics are why it cannot be.
func Format(file string, src []byte) ([]byte, Diagnostics) {
	f, err := syntax.Parse(file, src)
	if err != nil {
		var list Diagnostics
		if !errors.As(err, &list) {
			list = Diagnostics{diag.New("NN001", diag.Span{Pos: diag.Pos{File: file}}, "%s", err)}
		}
		return nil, list
	}
	return syntax.Print(f), nil
}
