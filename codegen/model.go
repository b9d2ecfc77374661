package codegen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// bundleAPI prints what users call: New, Init, Flat, Params, checkpoints.
func (f *file) bundleAPI(g *bundle) {
	b := f.m.Builder
	size, states := g.size(b, false), g.size(b, true)
	arg := ""
	sizeText := ""
	if g.dims != "" {
		f.printf("// %s are the sizes that a %s is made with; New%s reads those of its parameters.\ntype %s struct { %s int }\n\n",
			g.dims, g.Go, g.Go, g.dims, strings.Join(f.dimFieldsOf(f.dimsOf(g)), ", "))
		arg = "d " + g.dims
		sizeText = f.dimExpr(size, "d.")
	} else {
		sizeText = g.Go + "Size"
		f.printf("// %s is the number of parameters of a %s.\nconst %s = %s\n\n", sizeText, g.Go, sizeText, f.dimExpr(size, ""))
	}
	f.printf("// New%s returns a %s whose parameters are all zero; they are views of one slice.\n", g.Go, g.Go)
	f.printf("func New%s(%s) *%s {\nm := &%s{flat: make([]%s, %s)", g.Go, arg, g.Go, g.Go, f.T, sizeText)
	if g.states > 0 {
		f.printf(", state: make([]%s, %s)", f.T, f.dimExpr(states, "d."))
	}
	if g.dims != "" {
		f.printf(", dims: d")
	}
	f.printf("}\nm.cut()\n")
	if g.states > 0 {
		f.initState(g)
	}
	f.printf("return m\n}\n\n")
	f.init(g)
	f.printf("// Flat is the slice that holds all parameters: what an optimiser steps.\n")
	f.printf("func (m *%s) Flat() []%s { return m.flat }\n\n", g.Go, f.T)
	f.params(g)
	f.checkpoint(g)
	f.imports["rt"] = true
	f.printf("// check returns an error unless m was made by New%s.\n", g.Go)
	f.printf("func (m *%s) check(fn, arg string) error {\nif m == nil || m.flat == nil {\nreturn &rt.DimError{Func: fn, Msg: arg + \" is not a %s made by New%s\"}\n}\nreturn nil\n}\n\n", g.Go, g.Go, g.Go)
}

// dimsOf are the dims of the struct <Model>Dims: those of the parameters, then
// the others of its workspace.
func (f *file) dimsOf(g *bundle) []string {
	out := slices.Clone(g.Dims)
	for _, d := range g.evalDims {
		if !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}

func (f *file) dimFieldsOf(dims []string) []string {
	var out []string
	for _, d := range dims {
		out = append(out, f.dimField(d))
	}
	return out
}

func (f *file) initState(g *bundle) {
	for _, l := range g.leaves {
		if l.state && l.init != nil && l.init.Dist == "" && l.init.Args[0] != 0 {
			f.printf("%s(m.%s, %s)\n", f.rt("Fill"), l.path, real64(l.init.Args[0]))
		}
	}
}

func (f *file) init(g *bundle) {
	var list []string
	add := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	for _, l := range g.leaves {
		if l.state || l.init == nil {
			continue
		}
		path := fmt.Sprintf("%q", g.Name+"."+l.name)
		scaled := func(v float64) string {
			if l.init.Scale == nil {
				return real64(v)
			}
			p := &scalars{file: f, T: "float64", dim: func(name string) string { return "m.dims." + f.dimField(name) }}
			b := f.m.Builder
			e := l.init.Scale
			if v != 1 {
				e = b.Call(ir.Mul, b.Const(v), e)
			}
			if v == 0 {
				return "0"
			}
			return p.expr(e, 0)
		}
		switch l.init.Dist {
		case "":
			list = append(list, f.constant(l))
		case "normal":
			add("%s(m.%s, seed, %s, %s, %s)\n", f.rt("Normal"), l.path, path, scaled(l.init.Args[0]), scaled(l.init.Args[1]))
		case "uniform":
			add("%s(m.%s, seed, %s, %s, %s)\n", f.rt("Uniform"), l.path, path, scaled(l.init.Args[0]), scaled(l.init.Args[1]))
		case "orthogonal":
			rows := l.shape[0]
			cols := f.m.Int(1)
			for _, d := range l.shape[1:] {
				cols = f.m.Call(ir.Mul, cols, d)
			}
			add("%s(m.%s, %s, %s, seed, %s)\n", f.rt("Orthogonal"), l.path, f.dimExpr(rows, "m.dims."), f.dimExpr(cols, "m.dims."), path)
		}
	}
	parts := portions(list)
	f.printf("// Init sets the parameters to their initial values, drawn from seed.\n")
	f.printf("func (m *%s) Init(seed uint64) {\n", g.Go)
	if len(parts) == 1 {
		f.printf("%s", strings.Join(list, ""))
	} else {
		for k := range parts {
			f.printf("m.initPart%d(seed)\n", k+1)
		}
	}
	if g.states > 0 {
		f.printf("clear(m.state)\n")
		f.initState(g)
	}
	f.add("}\n\n")
	if len(parts) > 1 {
		for k, p := range parts {
			f.add(fmt.Sprintf("func (m *%s) initPart%d(seed uint64) {\n%s}\n\n", g.Go, k+1, strings.Join(p, "")))
		}
	}
}

// portions divides the statements of a function of a model, one or so for each
// leaf, where they are many: as [plan.Plan.Parts].
func portions(list []string) [][]string {
	if len(list) <= 200 {
		return [][]string{list}
	}
	return slices.Collect(slices.Chunk(list, 25))
}

func (f *file) constant(l leaf) string {
	v := 0.0
	if len(l.init.Args) > 0 {
		v = l.init.Args[0]
	}
	if v == 0 {
		return fmt.Sprintf("clear(m.%s)\n", l.path)
	}
	return fmt.Sprintf("%s(m.%s, %s)\n", f.rt("Fill"), l.path, real64(v))
}

// params prints Params, and all for checkpoints where there is state.
func (f *file) params(g *bundle) {
	f.imports["iter"] = true
	one := func(method, doc string, state bool) {
		var list []string
		for _, l := range g.leaves {
			if l.state && !state {
				continue
			}
			var dims []string
			for _, d := range l.shape {
				dims = append(dims, f.dimExpr(d, "m.dims."))
			}
			list = append(list, fmt.Sprintf("yield(rt.Param[%s]{Name: %q, Shape: []int{%s}, Data: m.%s})", f.T, l.name, strings.Join(dims, ", "), l.path))
		}
		parts := portions(list)
		part := lower(method) + "Part"
		if len(parts) > 1 {
			list = nil
			for k := range parts {
				list = append(list, fmt.Sprintf("m.%s%d(yield)", part, k+1))
			}
		}
		f.printf("%sfunc (m *%s) %s() iter.Seq[%s] {\n", comment(doc), g.Go, method, f.rt("Param["+f.T+"]"))
		f.printf("return func(yield func(rt.Param[%s]) bool) {\n_ = %s\n}\n}\n\n", f.T, strings.Join(list, " &&\n"))
		if len(parts) > 1 {
			for k, p := range parts {
				f.add(fmt.Sprintf("func (m *%s) %s%d(yield func(rt.Param[%s]) bool) bool {\nreturn %s\n}\n\n", g.Go, part, k+1, f.T, strings.Join(p, " &&\n")))
			}
		}
	}
	if len(g.leaves) == g.states {
		f.printf("// Params is empty: %s has no parameters.\nfunc (m *%s) Params() iter.Seq[%s] {\nreturn func(func(rt.Param[%s]) bool) {}\n}\n\n", g.Go, g.Go, f.rt("Param["+f.T+"]"), f.T)
	} else {
		one("Params", "Params gives the name, shape and values of each parameter; the values are not copied.", false)
	}
	if g.states > 0 {
		one("all", "all is Params and the state.", true)
	}
}

func (f *file) checkpoint(g *bundle) {
	f.imports["io"] = true
	all := "Params"
	if g.states > 0 {
		all = "all"
	}
	f.printf("// WriteTo writes a checkpoint: a safetensors file with a fingerprint of names and shapes.\n")
	f.printf("func (m *%s) WriteTo(w io.Writer) (int64, error) {\nreturn %s(w, rt.SchemaOf(m.%s()), m.%s())\n}\n\n", g.Go, f.rt("WriteParams"), all, all)
	f.printf("// ReadFrom reads a checkpoint written by WriteTo; m is unchanged if it does not fit.\n")
	f.printf("func (m *%s) ReadFrom(r io.Reader) (int64, error) {\nreturn %s(r, rt.SchemaOf(m.%s()), m.%s())\n}\n\n", g.Go, f.rt("ReadParams"), all, all)
}
