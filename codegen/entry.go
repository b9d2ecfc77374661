package codegen

import (
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// entry is an entry point as a workspace type with methods.
type entry struct {
	*ir.Entry
	Go      string // the workspace type
	self    string // its receiver
	stem    string // of Batch and Dims types
	batch   string // type of the data, "" where they are parameters
	dimsTyp string // type of the dims, "" for none or a single maxN
	maxDim  string // the parameter of New where dimsTyp is ""
	args    []*arg
	dims    []string // Go names are local(dim)
	asked   []string // dims that no length tells
	where   []*ir.Expr
	forms   []*bundle
	methods []*method
	places  map[string]place // of inputs, by name
}

// arg is an argument of an entry.
type arg struct {
	*ir.Arg
	bundle *bundle
	Go     string // the parameter, or the field of the batch
	text   string // how a method refers to it: net, b.X
}

// method is a Go method with its plan.
type method struct {
	*Method
	Go   string
	prog *ir.Program
	plan *plan.Plan
	outs map[*ir.Array]bool // arrays that the caller stores
	text []string           // declarations

	call   string     // the type of what a call is about, for loops that processors share
	shares bool       // there are such loops
	own    []*ir.Expr // sizes of the memory that each processor has in them
	sums   []*ir.Expr // sizes of what each part of one sums
}

// group collects the methods of each entry, in the order of the module.
func (f *file) group(methods []*Method) []*entry {
	var out []*entry
	plans := make([]*method, len(methods))
	sideBySide(methods, func(k int) { plans[k] = f.method(methods[k]) })
	for _, e := range f.m.Entries {
		g := &entry{Entry: e}
		for k, m := range methods {
			if m.Entry == e {
				g.methods = append(g.methods, plans[k])
			}
		}
		if len(g.methods) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// method plans a program without the results that its signature leaves out.
func (f *file) method(m *Method) *method {
	prog := *m.Program
	switch m.Kind {
	case "vjp", "hvp", "jacobian", "hessian", "hessdiag":
		prog.Outputs = slices.DeleteFunc(slices.Clone(prog.Outputs), func(o ir.Output) bool {
			return m.Lowered.Program.Output(o.Name) != nil && !strings.HasPrefix(o.Name, "state.")
		})
		prog.Prune()
	}
	outs := map[*ir.Array]bool{}
	for _, o := range prog.Outputs {
		if o.Array.Rank() > 0 && o.Array.Def != ir.Input && !strings.HasPrefix(o.Name, "state.") {
			outs[o.Array] = true
		}
	}
	return &method{Method: m, prog: &prog, plan: plan.Make(&prog, outs), outs: outs}
}

// name chooses all names of the package: bundles first, then entries, then
// constants, so that a clash moves the lesser one.
func (f *file) name(entries []*entry) {
	f.nameTypes(entries)
	for _, e := range entries {
		f.arguments(e)
		name := export(e.Name)
		switch e.Kind {
		case ir.ModelEntry:
			if e.args[0].bundle != nil {
				name = e.args[0].bundle.Go
			}
			e.stem, e.Go, e.self = name, name+"Eval", "e"
			f.pkg.taken[e.Go] = true
		case ir.LossEntry:
			e.stem = f.unique([]string{name, name + "Loss"}, "*", "New*", "*Batch", "*Dims")
			e.Go, e.self = e.stem, "f"
		default:
			e.stem = f.unique([]string{name, name + "Fn"}, "*", "New*", "*Batch", "*Dims")
			e.Go, e.self = e.stem, "f"
		}
		f.shapes(e)
		for _, m := range e.methods {
			if slices.ContainsFunc(m.plan.Body, func(n plan.Node) bool { l, ok := n.(*plan.Loop); return ok && l.Share != nil }) {
				m.call = f.unique([]string{small(e.Go) + e.methodName(m.Method)}, "*")
			}
		}
	}
	for _, c := range f.m.Consts {
		n := export(c.Name)
		f.consts_ = append(f.consts_, f.pkg.pick(n, n+"Const"))
	}
}

// nameTypes chooses the names of bundles.
func (f *file) nameTypes(entries []*entry) {
	for _, own := range []bool{true, false} {
		for _, e := range entries {
			for _, a := range e.methods[0].Lowered.Args {
				if a.Bundle != nil && own == (a.Name == "params" && e.Kind == ir.ModelEntry) {
					e.forms = append(e.forms, f.form(a.Bundle, own))
				}
			}
		}
	}
	for _, b := range f.m.Bundles {
		f.structOf(b)
	}
	f.elsewhere()
	for _, api := range []bool{true, false} { // models before layers
		for _, g := range f.order {
			if api != (len(g.forms) > 0) {
				continue
			}
			name := export(g.first.Name)
			if !api && g.first.File == "" {
				g.Go = f.unique([]string{name, name + "Layer"}, "*")
			}
			for _, b := range g.forms {
				if !b.there {
					b.Go = f.unique([]string{name}, apiNames...)
				}
				if g.Go == "" {
					g.Go = b.Go
				}
				if len(b.Dims) > 0 {
					b.dims = b.Go + "Dims"
				}
			}
		}
	}
}

// arguments names the parameters and fields of an entry.
func (f *file) arguments(e *entry) {
	fields, params := newNames(), newNames()
	for _, s := range []string{"fn", "err", "seed", "e", "f", "b", "loop"} {
		params.taken[s] = true
	}
	for _, d := range e.methods[0].Lowered.Program.Dims {
		params.taken[f.dimVar(d.Name)] = true
		fields.taken[f.dimField(d.Name)] = true
	}
	for _, a := range e.methods[0].Lowered.Args {
		x := &arg{Arg: a}
		name := lower(a.Name)
		if a.Name == "params" && a.Bundle != nil {
			name = "m"
		}
		switch {
		case a.Bundle != nil:
			x.bundle = f.form(a.Bundle, false)
			x.Go = params.pick(name)
			x.text = x.Go
		case e.Kind == ir.ModelEntry:
			x.Go = params.pick(name)
			x.text = x.Go
		default:
			x.Go = fields.pick(export(a.Name))
			x.text = "b." + x.Go
		}
		e.args = append(e.args, x)
	}
}

// shapes finds the dims of an entry, those that have to be asked for, and the
// types that follow.
func (f *file) shapes(e *entry) {
	prog := e.methods[0].Lowered.Program
	e.where = prog.Where
	for _, d := range prog.Dims {
		e.dims = append(e.dims, d.Name)
	}
	if e.asked = f.infer(e, nil); f.opt.AskDims {
		e.asked = e.dims
	}
	data := len(e.asked) > 0
	for _, a := range e.args {
		data = data || a.bundle == nil
	}
	if e.Kind != ir.ModelEntry && data {
		e.batch = e.stem + "Batch"
	}
	switch {
	case len(e.dims) == 0:
	case e.Kind == ir.ModelEntry && len(e.dims) == 1 && prog.Dims[0].Call:
		e.maxDim = "max" + f.dimField(e.dims[0])
	default:
		e.dimsTyp = e.stem + "Dims"
		if e.Kind == ir.ModelEntry && e.args[0].bundle != nil {
			if g := e.args[0].bundle; g.dims != "" {
				g.evalDims = e.dims
			}
		}
	}
}

// max is how a method refers to the capacity of a dim.
func (e *entry) max(f *file, dim string) string {
	if e.maxDim != "" {
		return e.self + "." + e.maxDim
	}
	return e.self + ".max." + f.dimField(dim)
}

// entry prints the types and methods of an entry.
func (f *file) entry(e *entry) {
	f.workspace(e)
	f.mark()
	f.bind(e)
	f.mark()
	for _, m := range e.methods {
		f.add(m.text...)
	}
}

func (f *file) workspace(e *entry) {
	what := map[ir.EntryKind]string{ir.ModelEntry: "evaluates " + e.Name, ir.LossEntry: "is the loss " + e.Name, ir.FnEntry: "is the function " + e.Name}[e.Kind]
	doc := e.Go + " " + what + "."
	if e.Doc != "" && e.Kind != ir.ModelEntry {
		doc = e.Doc
	}
	f.printf("%s//\n// It is a workspace for one goroutine; its methods allocate nothing.\n", comment(doc))
	f.printf("type %s struct {\n", e.Go)
	switch {
	case e.dimsTyp != "":
		f.printf("max %s\n", e.dimsTyp)
	case e.maxDim != "":
		f.printf("%s int\n", e.maxDim)
	}
	need := f.arenas(e)
	for k, n := range []string{"mem []" + f.T, "ints []int", "bools []bool"} {
		if need[k] != "" {
			f.printf("%s\n", n)
		}
	}
	own, sums, shares := f.owned(e, func(m *method) []*ir.Expr { return m.own }), f.owned(e, func(m *method) []*ir.Expr { return m.sums }), false
	for _, m := range e.methods {
		if m.shares && !shares {
			shares = true
			f.printf("\nslots int // processors that may share a loop\n")
			if own != "" {
				f.printf("own []%s // memory of each\n", f.T)
			}
			if sums != "" {
				f.printf("sums []%s // of the parts of a loop\n", f.T)
			}
		}
		if m.shares {
			f.printf("%s %s\n", lower(m.Go), m.call)
		}
	}
	f.printf("}\n\n")
	param, set := "", ""
	switch {
	case e.dimsTyp != "":
		if e.Kind != ir.ModelEntry || e.args[0].bundle == nil || e.args[0].bundle.dims == "" {
			f.printf("// %s are the sizes that a %s is made for.\ntype %s struct { %s int }\n\n", e.dimsTyp, e.Go, e.dimsTyp, strings.Join(f.dimFieldsOf(e.dims), ", "))
		}
		param, set = "max "+e.dimsTyp, "max: max"
	case e.maxDim != "":
		param, set = e.maxDim+" int", e.maxDim+": "+e.maxDim
	}
	if e.batch != "" {
		f.printf("// %s are the data of one call.\ntype %s struct {\n", e.batch, e.batch)
		for _, d := range e.asked {
			f.printf("%s int\n", f.dimField(d))
		}
		for _, a := range e.args {
			if a.bundle == nil {
				f.printf("%s %s // %s\n", a.Go, f.goType(a.Leaves[0]), f.dataNote(a))
			}
		}
		f.printf("}\n\n")
	}
	f.printf("// New%s makes a workspace", e.Go)
	if len(e.dims) > 0 {
		f.printf(" for calls of at most the given sizes")
	}
	f.printf(".\nfunc New%s(%s) *%s {\n", e.Go, param, e.Go)
	if shares {
		f.printf("slots := %s()\n", f.rt("Slots"))
	}
	f.printf("return &%s{%s", e.Go, set)
	for k, n := range []string{"mem: make([]" + f.T, "ints: make([]int", "bools: make([]bool"} {
		if need[k] != "" {
			if set != "" {
				f.printf(",\n")
			}
			set = "x"
			f.printf("%s, %s)", n, need[k])
		}
	}
	if shares {
		if set != "" {
			f.printf(",\n")
		}
		set = "x"
		f.printf("slots: slots")
		if own != "" {
			f.printf(",\nown: make([]%s, slots*%s)", f.T, own)
		}
		if sums != "" {
			f.printf(",\nsums: make([]%s, %s*%s)", f.T, f.rt("Parts"), sums)
		}
	}
	if strings.Contains(set, "x") {
		f.printf(",\n")
	}
	f.printf("}\n}\n\n")
}

// arenas are the sizes of the memories of a workspace, "" for none.
func (f *file) arenas(e *entry) (out [3]string) {
	for k := range out {
		var sizes []*ir.Expr
		for _, m := range e.methods {
			sizes = append(sizes, m.plan.Arena[k])
		}
		out[k] = f.largest(e, sizes, 0)
	}
	return out
}

// owned is the largest size of some kind of the methods of an entry, as a factor.
func (f *file) owned(e *entry, sizes func(*method) []*ir.Expr) string {
	var all []*ir.Expr
	for _, m := range e.methods {
		all = append(all, sizes(m)...)
	}
	return f.largest(e, all, binary["*"])
}

// largest is the largest of sizes in the dims of a workspace, "" for none.
func (f *file) largest(e *entry, list []*ir.Expr, prec int) string {
	dim := func(name string) string { return "max." + f.dimField(name) }
	if e.maxDim != "" {
		dim = func(string) string { return e.maxDim }
	}
	p := &scalars{file: f, dim: dim}
	var sizes []string
	var last *ir.Expr
	for _, x := range list {
		if s := p.expr(x, 0); !x.IsConst(0) && !slices.Contains(sizes, s) {
			sizes, last = append(sizes, s), x
		}
	}
	switch {
	case len(sizes) == 0:
		return ""
	case len(sizes) == 1:
		return p.expr(last, prec)
	case e.dimsTyp != "": // the parameter is called max too
		return f.rt("Largest") + "(" + strings.Join(sizes, ", ") + ")"
	}
	return "max(" + strings.Join(sizes, ", ") + ")"
}

// goType is the type of an array as an argument.
func (f *file) goType(a *ir.Array) string {
	t := [...]string{f.T, "int32", "bool"}[a.Elem]
	if a.Rank() > 0 {
		return "[]" + t
	}
	return t
}

func (f *file) dataNote(a *arg) string {
	x := a.Leaves[0]
	s := ""
	if x.Rank() > 0 {
		s = shape(x.Shape)
	}
	if x.In != nil {
		s += " in " + strings.ReplaceAll(ir.Sprint(x.In), " ", "")
	}
	if a.Doc != "" {
		s = strings.Join(strings.Fields(a.Doc), " ") + ", " + s
	}
	return orElse(strings.TrimSpace(s), "a number")
}
