package codegen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// goStruct is a Go type of parameters. Bundles with the same name and fields
// share one, whatever the sizes: the views differ, not the type.
//
// What the module declares has a name, and so has what an entry is given. A
// layer of the prelude or of an import has none: its fields stand where it is
// used, so that two files of a package can both use it.
type goStruct struct {
	Go     string     // "": it has no name
	first  *ir.Bundle // one of those that share it
	fields []string   // Go names, as first.Fields
	state  bool       // has state of its own
	forms  []*bundle  // those with an API; the first is the type itself
	number int        // among all
}

// bundle is a goStruct with sizes: what New, Init and checkpoints need.
type bundle struct {
	*ir.Bundle
	*goStruct
	Go     string // the type
	dims   string // the type of its dims, "" if it has none
	leaves []leaf // parameters, then state, of the whole tree
	states int    // how many of the leaves are state
	shapes string // of the leaves, dims numbered
	own    bool   // of the model itself, so the most general
	there  bool   // another file of the package declares it

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

// structure tells bundles that can share a Go type, in any file.
func structure(b *ir.Bundle) string {
	var s strings.Builder
	var write func(b *ir.Bundle)
	write = func(b *ir.Bundle) {
		s.WriteString(b.Name + "{")
		for _, fd := range b.Fields {
			fmt.Fprintf(&s, "%s %v %d ", fd.Name, fd.State, fd.Count)
			if fd.Bundle != nil {
				write(fd.Bundle)
			}
		}
		s.WriteString("}")
	}
	write(b)
	return s.String()
}

// key tells bundles that share a Go type in this file, and makes the types of
// their fields, by whose numbers it is short.
func (f *file) key(b *ir.Bundle) string {
	var s strings.Builder
	s.WriteString(b.File + ":" + b.Name)
	for _, fd := range b.Fields {
		fmt.Fprintf(&s, " %s %v %d", fd.Name, fd.State, fd.Count)
		if fd.Bundle != nil {
			fmt.Fprintf(&s, " %d", f.structOf(fd.Bundle).number)
		}
	}
	return s.String()
}

// structOf is the Go type of a bundle; its fields' types come before it.
func (f *file) structOf(b *ir.Bundle) *goStruct {
	if g := f.known[b]; g != nil {
		return g
	}
	key := f.key(b)
	if g := f.structs[key]; g != nil {
		f.known[b] = g
		return g
	}
	g := &goStruct{first: b}
	ns, state := newNames(), newNames()
	for _, s := range []string{"Init", "Flat", "Params", "WriteTo", "ReadFrom", "State"} {
		ns.taken[s] = true
	}
	for _, fd := range b.Fields {
		name := export(fd.Name)
		if fd.State {
			g.state = true
			g.fields = append(g.fields, state.pick(name))
			continue
		}
		g.fields = append(g.fields, ns.pick(name, name+"Param"))
	}
	f.structs[key], f.known[b] = g, g
	f.order = append(f.order, g)
	g.number = len(f.order)
	return g
}

// form is a bundle that is an argument: a model of the module's own, where it
// is one with these sizes or with sizes left open.
func (f *file) form(b *ir.Bundle, own bool) *bundle {
	st := f.structOf(b)
	g := &bundle{Bundle: b, goStruct: st, own: own}
	g.leaves, g.states = f.leaves(b)
	g.shapes = f.numbered(g)
	for _, o := range st.forms {
		if o.shapes == g.shapes || o.own && len(o.Dims) > 0 {
			return o
		}
	}
	st.forms = append(st.forms, g)
	return g
}

// numbered are the shapes of the leaves with dims by their order.
func (f *file) numbered(g *bundle) string {
	var s strings.Builder
	other := *f // what is printed here is not emitted
	other.imports = map[string]bool{}
	for _, l := range g.leaves {
		for _, d := range l.shape {
			p := &scalars{file: &other, dim: func(name string) string { return fmt.Sprint("#", slices.Index(g.Dims, name)) }}
			s.WriteString(p.expr(d, 0) + ",")
		}
		s.WriteString(";")
	}
	return s.String()
}

// leaves lists the parameters of the whole tree, then its state.
func (f *file) leaves(b *ir.Bundle) (out []leaf, n int) {
	var params, states []leaf
	at := 0
	var walk func(b *ir.Bundle, path, name string)
	walk = func(b *ir.Bundle, path, name string) {
		st := f.structOf(b)
		for k, fd := range b.Fields {
			switch {
			case fd.Bundle != nil:
				for c := range max(fd.Count, 1) {
					p, q := path+st.fields[k], name+fd.Name
					if fd.Count > 0 {
						p, q = fmt.Sprintf("%s[%d]", p, c), fmt.Sprintf("%s.%d", q, c)
					}
					walk(fd.Bundle, p+".", q+".")
				}
				continue
			case fd.State:
				states = append(states, leaf{path + "State." + st.fields[k], name + fd.Name, true, fd.Shape, fd.Init, at})
			default:
				params = append(params, leaf{path + st.fields[k], name + fd.Name, false, fd.Shape, fd.Init, at})
			}
			at++
		}
	}
	walk(b, "", "")
	return append(params, states...), len(states)
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
	p := &scalars{file: f, dim: func(name string) string { return prefix + f.dimField(name) }}
	return p.expr(e, 0)
}

// structType prints a Go type, and the API of its forms.
func (f *file) structType(g *goStruct) {
	if len(g.forms) == 0 && g.Go != "" {
		f.typeDecl(g, g.Go, nil)
	}
	for _, b := range g.forms {
		if b.there {
			continue
		}
		f.typeDecl(g, b.Go, b)
		f.bundleAPI(b)
		f.cut(b)
	}
}

func (f *file) typeDecl(g *goStruct, name string, api *bundle) {
	f.printf("%s", comment(orElse(g.first.Doc, name+" holds the parameters of "+g.first.Name+".")))
	f.printf("type %s struct {\n", name)
	if api == nil {
		f.fields(g.first, false)
	} else {
		f.fields(api.Bundle, true)
		f.printf("\nflat []%s\n", f.T)
		if api.states > 0 {
			f.printf("state []%s\n", f.T)
		}
		if api.dims != "" {
			f.printf("dims %s\n", api.dims)
		}
	}
	f.printf("}\n\n")
	f.mark()
}

// fields prints the fields of a struct, with the shapes where it has sizes of
// its own.
func (f *file) fields(b *ir.Bundle, sized bool) {
	g := f.structOf(b)
	list := func(state bool) {
		for k, fd := range b.Fields {
			if fd.State != state {
				continue
			}
			note := fieldNote(fd, sized)
			f.printf("%s ", g.fields[k])
			if fd.Bundle == nil {
				f.printf("[]%s%s\n", f.T, note)
				continue
			}
			if fd.Count > 0 {
				f.printf("[%d]", fd.Count)
			}
			if name := f.structOf(fd.Bundle).Go; name != "" {
				f.printf("%s%s\n", name, note)
				continue
			}
			f.printf("struct {%s\n", orElse(note, " // "+fd.Bundle.Name))
			f.fields(fd.Bundle, sized)
			f.printf("}\n")
		}
	}
	list(false)
	if g.state {
		f.printf("State struct {\n")
		list(true)
		f.printf("}\n")
	}
}

func orElse(s, t string) string {
	if strings.TrimSpace(s) == "" {
		return t
	}
	return s
}

func fieldNote(fd ir.Field, sized bool) string {
	var parts []string
	if fd.Doc != "" {
		parts = append(parts, strings.Join(strings.Fields(fd.Doc), " "))
	}
	if fd.Bundle == nil {
		note := ""
		if sized {
			note = shape(fd.Shape)
		}
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

// cut prints the method that makes all leaves views of one slab.
func (f *file) cut(g *bundle) {
	f.printf("// cut makes the parameters views of m.flat%s.\n", map[bool]string{true: ", and the state of m.state"}[g.states > 0])
	f.printf("func (m *%s) cut() {\n", g.Go)
	parameters := len(g.leaves) - g.states
	var rest []string
	n := 0
	for k, slab := range []string{"flat", "state"} {
		list := f.cuts(g.leaves[:parameters])
		if k == 1 {
			list = f.cuts(g.leaves[parameters:])
		}
		if len(list) == 0 {
			continue
		}
		op := ":="
		if k == 1 && parameters > 0 {
			op = "="
		}
		f.printf("s %s m.%s\n", op, slab)
		parts := portions(list)
		if len(parts) == 1 {
			f.printf("%s", strings.Join(list, ""))
			continue
		}
		for _, p := range parts {
			n++
			f.printf("s = m.cutPart%d(s)\n", n)
			rest = append(rest, fmt.Sprintf("func (m *%s) cutPart%d(s []%s) []%s {\n%sreturn s\n}\n\n", g.Go, n, f.T, f.T, strings.Join(p, "")))
		}
	}
	f.add("}\n\n")
	f.add(rest...)
}

// cuts are the statements that make leaves views of the slab s.
func (f *file) cuts(leaves []leaf) (list []string) {
	for _, l := range leaves {
		n := f.m.Int(1)
		for _, d := range l.shape {
			n = f.m.Call(ir.Mul, n, d)
		}
		size := f.dimExpr(n, "m.dims.")
		list = append(list, fmt.Sprintf("m.%s, s = s[:%s:%s], s[%s:]\n", l.path, size, size, size))
	}
	return list
}
