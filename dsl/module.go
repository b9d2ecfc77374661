package dsl

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// module checks every declaration and makes the entries.
func (c *checker) module(m *module) *ir.Module {
	out := &ir.Module{Builder: c.Builder, File: m.path, Package: m.file.Package, Doc: m.file.Doc, Consts: m.consts}
	out.F64 = !c.Single
	for _, fd := range m.funcs {
		c.checked(fd)
	}
	c.setUnknown(m)
	for _, fd := range m.funcs {
		if fd.state != checkedGood {
			continue
		}
		var kind ir.EntryKind
		switch {
		case fd.Kind == "model":
			kind = ir.ModelEntry
		case fd.Kind == "loss":
			kind = ir.LossEntry
		case fd.Kind == "fn" && unicode.IsUpper([]rune(fd.Name.Name)[0]):
			kind = ir.FnEntry
		default:
			continue
		}
		if slices.ContainsFunc(fd.Args, func(a *syntax.Arg) bool { rest, _ := cellRank(a.Type); return rest }) {
			d := diag.New("NN203", fd.Name.Span, "%s has a Go API, so its arguments need shapes", fd.Name.Name)
			if kind == ir.FnEntry {
				d.WithHint("a name with a small letter keeps it in the file")
			}
			c.report(d)
			continue
		}
		out.Entries = append(out.Entries, c.entry(kind, fd, out))
	}
	c.requests(m, out)
	c.lint(out)
	return out
}

// f64 reports whether the reals of a file are float64; dtype overrides it.
func (m *module) f64(dtype string) bool {
	if dtype == "" {
		dtype = m.file.Dtype
	}
	return dtype == "f64"
}

// setUnknown reports overridden constants that neither the file nor what it
// imports has.
func (c *checker) setUnknown(m *module) {
	known := map[string]bool{}
	for _, other := range c.modules {
		if other != m.std {
			for _, k := range other.consts {
				known[k.Name] = true
			}
		}
	}
	for name := range c.opt.Set {
		if !c.opt.AnySet && !known[name] {
			c.errorf("NN208", m.file.Span, "-set %s: the file has no const %s", name, name)
		}
	}
}

// entry makes an entry that is lowered on request, once for each mode.
func (c *checker) entry(kind ir.EntryKind, fd *funcDecl, out *ir.Module) *ir.Entry {
	e := &ir.Entry{Kind: kind, Name: fd.Name.Name, Doc: fd.Doc, Pos: posOf(fd.Name.Span)}
	st := map[string]*value{}
	if kind == ir.ModelEntry && !deepState(fd.schema[staticKey(st)]) {
		e.Frame = []string{c.frameDim(fd)}
	}
	type key struct {
		train bool
		frame string
	}
	memo := map[key]*ir.Lowered{}
	pure := map[string]bool{}
	e.Lower = func(m ir.Mode) (*ir.Lowered, error) {
		k := key{m.Train, strings.Join(m.Frame, ",")}
		if pure[k.frame] {
			k.train = false
		}
		if l := memo[k]; l != nil {
			return l, nil
		}
		before := len(c.diags)
		l := c.lower(fd, st, m.Train, m.Frame)
		if !l.ok {
			ds := slices.Clone(c.diags[before:])
			c.diags = c.diags[:before]
			if len(ds) == 0 {
				return nil, fmt.Errorf("%s cannot be mapped over %s", fd.Name.Name, strings.Join(m.Frame, ", "))
			}
			return nil, ds
		}
		if !l.impure {
			pure[k.frame] = true
			k.train = false
		}
		r := &ir.Lowered{Program: l.build.prog, Args: l.args, Calls: c.callFrames(l.build.calls)}
		if l.root != nil {
			own := &ir.Arg{Name: "params", Bundle: c.bundle(l.root.sch)}
			c.ownLeaves(l.root, own)
			r.Args = append([]*ir.Arg{own}, l.args...)
			var data []*ir.Array
			for _, a := range r.Program.Inputs {
				if a.Role == ir.Data {
					data = append(data, a)
				}
			}
			r.Program.Inputs = append(slices.Clone(own.Leaves), data...)
		}
		memo[k] = r
		return r, nil
	}
	return e
}

// ownLeaves lists the leaves of a model's own parameters.
func (c *checker) ownLeaves(inst *instance, arg *ir.Arg) {
	for _, f := range inst.sch.fields {
		switch {
		case f.sub == nil:
			if a := inst.build.leaves[inst.leafName(f.name)]; a != nil {
				arg.Leaves = append(arg.Leaves, a)
			}
		case f.count == 0:
			c.ownLeaves(inst.child(f, -1), arg)
		default:
			for k := range f.count {
				c.ownLeaves(inst.child(f, k), arg)
			}
		}
	}
}

func deepState(s *schema) bool {
	if s == nil {
		return false
	}
	return slices.ContainsFunc(s.fields, func(f *schemaField) bool { return f.state || f.sub != nil && deepState(f.sub) })
}

// frameDim is a name for the batch of a model that none of its dims has.
func (c *checker) frameDim(fd *funcDecl) string {
	used := map[string]bool{}
	for _, a := range fd.Args {
		if a.Type != nil {
			for _, d := range a.Type.Dims {
				if d.Expr != nil {
					for _, n := range freeNames(d.Expr) {
						used[n] = true
					}
				}
			}
		}
	}
	for n := range fd.mod.names {
		used[n] = true
	}
	for _, n := range []string{"N", "B", "M", "Batch"} {
		if !used[n] {
			return n
		}
	}
	return "BatchSize"
}

// bundle is a schema as the Go type that it becomes.
func (c *checker) bundle(s *schema) *ir.Bundle {
	if s == nil {
		return nil
	}
	fd := s.decl
	b := &ir.Bundle{Name: fd.Name.Name, GoName: fd.Name.Name, Model: fd.Kind == "model", Doc: fd.Doc, Pos: posOf(fd.Name.Span)}
	if fd.mod != c.main {
		b.File = fd.mod.path
	}
	dims := func(f *schemaField) []*ir.Expr {
		var out []*ir.Expr
		for _, d := range f.shape {
			e := c.nameMetas(c.resolve(d))
			ir.Walk(e, func(x *ir.Expr) bool {
				if x.Kind == ir.KDim && !slices.Contains(b.Dims, x.Name) {
					b.Dims = append(b.Dims, x.Name)
				}
				return true
			})
			out = append(out, e)
		}
		return out
	}
	for _, f := range s.fields {
		x := ir.Field{Name: f.name, Doc: f.doc, Pos: f.pos, State: f.state, Init: f.init, Count: f.count}
		if f.sub != nil {
			x.Bundle = c.bundle(f.sub)
			for _, d := range x.Bundle.Dims {
				if !slices.Contains(b.Dims, d) {
					b.Dims = append(b.Dims, d)
				}
			}
		} else {
			x.Shape = dims(f)
		}
		b.Fields = append(b.Fields, x)
	}
	return b
}

// nameMetas gives unknown dims that nothing solved their plain names.
func (c *checker) nameMetas(e *ir.Expr) *ir.Expr {
	return c.Map(e, func(x *ir.Expr) *ir.Expr {
		if isMeta(x) {
			name, _, _ := strings.Cut(strings.TrimPrefix(x.Name, "?"), "#")
			return c.Dim(name)
		}
		return x
	})
}

// requests attaches `derive` declarations to their entries.
func (c *checker) requests(m *module, out *ir.Module) {
	kinds := []string{"grad", "jvp", "vjp", "hvp", "jacobian", "hessian", "hessdiag"}
	for _, d := range m.derives {
		k := slices.IndexFunc(out.Entries, func(e *ir.Entry) bool { return e.Name == d.Name.Name })
		if k < 0 {
			if v := m.names[d.Name.Name]; v == nil {
				c.newScope(m, nil).name(&syntax.Name{Name: d.Name.Name, Loc: d.Name.Loc})
			} else if v.fn != nil && v.fn.decl != nil && v.fn.decl.state == checkedGood {
				c.errorf("NN233", d.Name.Span, "%s is no entry for Go; models, losses and capitalised functions are", d.Name.Name)
			}
			continue
		}
		e := out.Entries[k]
		fd := m.byName[d.Name.Name]
		for _, r := range d.Requests {
			if !slices.Contains(kinds, r.Kind.Name) {
				c.errorf("NN233", r.Kind.Span, "unknown request %s; known: %s", r.Kind.Name, strings.Join(kinds, " "))
				continue
			}
			q := ir.Request{What: r.Kind.Name, By: r.By}
			if q.By == "" {
				q.By = "auto"
			}
			for _, a := range r.Args {
				i := slices.IndexFunc(fd.Args, func(p *syntax.Arg) bool { return p.Name.Name == a.Name })
				switch {
				case i < 0 && !(a.Name == "params" && e.Kind == ir.ModelEntry):
					c.errorf("NN233", a.Span, "%s has no argument %s", fd.Name.Name, a.Name)
				case i >= 0 && fd.Args[i].Type != nil && (fd.Args[i].Type.In != nil || fd.Args[i].Type.Elem == "int" || fd.Args[i].Type.Elem == "bool"):
					c.errorf("NN233", a.Span, "%s is not real: it has no derivative", a.Name)
				}
				q.Wrt = append(q.Wrt, a.Name)
			}
			e.Requests = append(e.Requests, q)
		}
	}
}
