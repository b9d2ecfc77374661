package codegen

import (
	"fmt"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// bundle is a set of parameters as a Go struct.
type bundle struct {
	*ir.Bundle
	Go     string   // the type
	dims   string   // the type of its dims, "" if it has none
	fields []string // Go names, as Fields
	api    bool     // New, Init, Flat …
	leaves []leaf   // parameters, then state, of the whole tree
	states int      // how many of the leaves are state

	order    []leaf   // as ir.Arg.Leaves has them
	evalDims []string // dims of its workspace: those not of the parameters follow them
}

// leaf is a parameter or state array somewhere in a bundle.
type leaf struct {
	path  string // as Go selectors: Body[0].W
	name  string // as the source has it: body.0.W
	state bool
	shape []*ir.Expr
	init  *ir.Init
	depth int // place in the order of ir.Arg.Leaves
}

// define names the fields of a bundle and collects its leaves.
func (f *file) define(b *ir.Bundle) *bundle {
	if g := f.bundles[b]; g != nil {
		return g
	}
	g := &bundle{Bundle: b, Go: b.GoName}
	f.bundles[b] = g
	ns := newNames()
	for _, s := range []string{"Init", "Flat", "Params", "WriteTo", "ReadFrom", "State"} {
		ns.taken[s] = true
	}
	state := newNames()
	for _, fd := range b.Fields {
		switch name := export(fd.Name); {
		case fd.State:
			g.fields = append(g.fields, state.pick(name))
		default:
			g.fields = append(g.fields, ns.pick(name, name+"Param"))
		}
	}
	var params, states []leaf
	add := func(l leaf) {
		if l.state {
			states = append(states, l)
		} else {
			params = append(params, l)
		}
	}
	n := 0
	for k, fd := range b.Fields {
		if fd.Bundle == nil {
			path := g.fields[k]
			if fd.State {
				path = "State." + path
			}
			add(leaf{path: path, name: fd.Name, state: fd.State, shape: fd.Shape, init: fd.Init, depth: n})
			n++
			continue
		}
		sub := f.define(fd.Bundle)
		for c := range max(fd.Count, 1) {
			path, name := g.fields[k], fd.Name
			if fd.Count > 0 {
				path, name = fmt.Sprintf("%s[%d]", path, c), fmt.Sprintf("%s.%d", name, c)
			}
			for _, l := range sub.leaves {
				l.path, l.name, l.depth = path+"."+l.path, name+"."+l.name, l.depth+n
				add(l)
			}
			n += len(sub.leaves)
		}
	}
	g.leaves, g.states = append(params, states...), len(states)
	return g
}

// ordered lists the leaves in the order of [ir.Arg.Leaves].
func (g *bundle) ordered() []leaf {
	if g.order == nil {
		g.order = make([]leaf, len(g.leaves))
		for _, l := range g.leaves {
			g.order[l.depth] = l
		}
	}
	return g.order
}

// size is the number of elements of parameters or of state.
func (g *bundle) size(b *ir.Builder, state bool) *ir.Expr {
	e := b.Int(0)
	for _, l := range g.leaves {
		if l.state == state {
			n := b.Int(1)
			for _, d := range l.shape {
				n = b.Call(ir.Mul, n, d)
			}
			e = b.Call(ir.Add, e, n)
		}
	}
	return e
}

// dimExpr prints an integer expression in dims, each behind prefix.
func (f *file) dimExpr(e *ir.Expr, prefix string) string {
	p := &scalars{file: f, dim: func(name string) string { return prefix + export(name) }}
	return p.expr(e, 0)
}

func (f *file) bundle(b *ir.Bundle) {
	g := f.bundles[b]
	f.printf("%s", comment(orElse(b.Doc, g.Go+" are the parameters of "+b.Name+".")))
	f.printf("type %s struct {\n", g.Go)
	nested := false
	for k, fd := range b.Fields {
		if fd.State {
			nested = true
			continue
		}
		typ := "[]" + f.T
		if fd.Bundle != nil {
			typ = f.bundles[fd.Bundle].Go
			if fd.Count > 0 {
				typ = fmt.Sprintf("[%d]%s", fd.Count, typ)
			}
		}
		f.printf("%s %s%s\n", g.fields[k], typ, fieldNote(fd))
	}
	if nested {
		f.printf("State struct {\n")
		for k, fd := range b.Fields {
			if fd.State {
				f.printf("%s []%s%s\n", g.fields[k], f.T, fieldNote(fd))
			}
		}
		f.printf("}\n")
	}
	if g.api {
		f.printf("\nflat []%s\n", f.T)
		if g.states > 0 {
			f.printf("state []%s\n", f.T)
		}
		if g.dims != "" {
			f.printf("dims %s\n", g.dims)
		}
	}
	f.printf("}\n\n")
	f.cut(g)
	if g.api {
		f.bundleAPI(g)
	}
}

func orElse(s, t string) string {
	if strings.TrimSpace(s) == "" {
		return t
	}
	return s
}

func fieldNote(fd ir.Field) string {
	var parts []string
	if fd.Doc != "" {
		parts = append(parts, strings.Join(strings.Fields(fd.Doc), " "))
	}
	if fd.Bundle == nil {
		note := shape(fd.Shape)
		if fd.Init != nil {
			note += " " + fd.Init.Text
		}
		parts = append(parts, strings.TrimSpace(note))
	}
	if len(parts) == 0 {
		return ""
	}
	return " // " + strings.Join(parts, ", ")
}

// shape is a shape as text, [N,784]; a scalar is [].
func shape(dims []*ir.Expr) string {
	var parts []string
	for _, d := range dims {
		parts = append(parts, strings.ReplaceAll(ir.Sprint(d), " ", ""))
	}
	return "[" + strings.Join(parts, ",") + "]"
}

// cut prints the method that makes the fields views of two slabs.
func (f *file) cut(g *bundle) {
	dims := ""
	for _, d := range g.Dims {
		dims += ", " + lower(d)
	}
	if dims != "" {
		dims += " int"
	}
	dim := func(name string) string { return lower(name) }
	ints := &scalars{file: f, dim: dim}
	f.printf("// cut makes the fields of m views of s, and those of its state views of t; what\n// is left of both is returned.\n")
	f.printf("func (m *%s) cut(s, t []%s%s) (_, _ []%s) {\n", g.Go, f.T, dims, f.T)
	for k, fd := range g.Fields {
		switch {
		case fd.Bundle == nil:
			slab, path := "s", g.fields[k]
			if fd.State {
				slab, path = "t", "State."+path
			}
			n := f.m.Int(1)
			for _, d := range fd.Shape {
				n = f.m.Call(ir.Mul, n, d)
			}
			size := ints.expr(n, 0)
			f.printf("m.%s, %s = %s[:%s:%s], %s[%s:]\n", path, slab, slab, size, size, slab, size)
		default:
			args := ""
			for _, d := range fd.Bundle.Dims {
				args += ", " + lower(d)
			}
			if fd.Count > 0 {
				f.printf("for i := range m.%s {\ns, t = m.%s[i].cut(s, t%s)\n}\n", g.fields[k], g.fields[k], args)
			} else {
				f.printf("s, t = m.%s.cut(s, t%s)\n", g.fields[k], args)
			}
		}
	}
	f.printf("return s, t\n}\n\n")
}
