package dsl

import (
	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/ir"
)

// Options says what a source file is checked with.
type Options struct {
	Set    map[string]string                 // constants overridden: name to expression text
	AnySet bool                              // one that no file has is no error
	Dtype  string                            // "f32", "f64", or "" for what the file says
	Import func(path string) ([]byte, error) // reads an imported file; nil: imports are errors
}

// Load checks a source file. Warnings alone leave the module usable; with an
// error among them it is nil.
func Load(file string, src []byte, opt Options) (*ir.Module, diag.List) {
	c := &checker{
		Builder:  ir.NewBuilder(),
		opt:      opt,
		sources:  map[string][]byte{},
		modules:  map[string]*module{},
		index:    map[ir.Index]indexInfo{},
		metas:    map[string]*ir.Expr{},
		seen:     map[string]bool{},
		timeAxis: map[*ir.Array]map[ir.Index]int{}, times: map[ir.Index]*ir.Expr{},
		places: map[*ir.Array]diag.Span{},
		texts:  map[ir.Pos]string{},
	}
	std := c.prelude()
	m := c.parse(file, src, std)
	if m != nil {
		c.Single = !m.f64(opt.Dtype)
	}
	if m == nil || c.diags.HasErrors() {
		c.diags.Sort()
		return nil, c.diags
	}
	c.main = m
	out := c.module(m)
	c.diags.Sort()
	if c.diags.HasErrors() {
		return nil, c.diags
	}
	return out, c.diags
}
