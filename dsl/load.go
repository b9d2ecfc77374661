// Package dsl turns a .nn file into a checked module: names, dims, shapes,
// lifting and lowering to the equations of package ir.
package dsl

import (
	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/ir"
)

// Options says what a source file is checked with.
type Options struct {
	Set    map[string]string                 // constants overridden: name to expression text
	Dtype  string                            // "f32", "f64", or "" for what the file says
	Import func(path string) ([]byte, error) // reads an imported file; nil: imports are errors
}

// Load checks a source file. Warnings alone leave the module usable; with an
// error among them it is nil.
func Load(file string, src []byte, opt Options) (*ir.Module, diag.List) {
	return nil, nil
}
