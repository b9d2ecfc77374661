package dsl

import (
	"slices"
	"strings"
	"unicode"

	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// lowered is one elaboration of a function on symbolic arguments.
type lowered struct {
	build  *build
	root   *instance // of a layer or model
	args   []*ir.Arg
	ok     bool
	impure bool
}

// lower elaborates a function on symbolic arguments: the generic check of a
// declaration, and the program of an entry.
func (c *checker) lower(fd *funcDecl, statics map[string]*value, train bool, frame []string) *lowered {
	before := len(c.diags)
	b := &build{prog: &ir.Program{Builder: c.Builder, Name: fd.Name.Name}, taken: map[string]bool{}, train: train, leaves: map[string]*ir.Array{}}
	out := &lowered{build: b}
	in := c.newScope(fd.mod, &body{decl: fd, build: b, counters: map[string]int{}, path: fd.Name.Name})
	for _, st := range fd.Statics {
		v := statics[st.Name.Name]
		switch {
		case v != nil:
		case st.Default != nil:
			v = in.staticValue(st.Default)
		default:
			v = scalarOf(c.Dim(st.Name.Name))
		}
		in.names[st.Name.Name] = v
	}
	if fd.Kind == "layer" || fd.Kind == "model" {
		key := staticKey(statics)
		sch := fd.schema[key]
		if sch == nil {
			sch = newSchema(fd, statics)
			fd.schema[key] = sch
		}
		out.root = &instance{decl: fd, statics: statics, sch: sch, build: b}
		in.body.inst = out.root
	}
	c.stack = append(c.stack, fd)
	defer func() { c.stack = c.stack[:len(c.stack)-1] }()
	zeros, pos := len(c.zeros), len(c.positive)
	defer func() { c.zeros, c.positive = c.zeros[:zeros], c.positive[:pos] }()
	var lead []ir.Index
	for _, n := range frame {
		lead = append(lead, c.temp(strings.ToLower(n[:1]), c.Int(0), c.Dim(n)))
	}
	in.body.lifted = lead
	a := &application{fd: fd, at: fd.Name.Span}
	if !in.symbolicArgs(out, lead) {
		return out
	}
	c.zeros, c.positive = append(c.zeros[:zeros], b.zeros...), c.positive[:pos] // where has the others tested
	if !in.where(a) {
		return out
	}
	if out.root != nil {
		out.root.sch.zeros = slices.Clone(c.zeros[zeros:])
	}
	in.pinGradArgs(fd)
	in.hint = fd.resultName()
	var v *value
	if len(fd.Derivs) > 0 {
		v = in.customBody(fd)
	} else {
		v = in.bodyValue(a)
	}
	if v.kind != badValue {
		in.outputs(fd, v, lead)
	}
	for _, d := range c.diags[before:] {
		if !d.Warning {
			return out
		}
	}
	c.finish(b.prog)
	out.impure = b.impure
	out.ok = true
	return out
}

// customBody calls a function with deriv on its own arguments, so that body
// and rules are checked.
func (in *scope) customBody(fd *funcDecl) *value {
	a := &application{fd: fd, at: fd.Name.Span, statics: map[string]*value{}}
	for _, st := range fd.Statics {
		a.statics[st.Name.Name] = in.names[st.Name.Name]
	}
	for _, p := range fd.Args {
		a.args = append(a.args, in.names[p.Name.Name])
		a.exprs = append(a.exprs, &syntax.Name{Name: p.Name.Name, Loc: p.Name.Loc})
	}
	return in.applyCustom(a)
}

func (fd *funcDecl) resultName() string {
	switch {
	case len(fd.Results) > 0:
		return fd.Results[0].Name.Name
	case fd.Kind == "loss":
		return "loss"
	}
	return "y"
}

// symbolicArgs makes an input for every argument and binds it.
func (in *scope) symbolicArgs(out *lowered, lead []ir.Index) bool {
	fd := in.body.decl
	b := in.body.build
	ok := true
	for _, p := range fd.Args {
		arg := &ir.Arg{Name: p.Name.Name, Doc: p.Doc}
		if in.names[p.Name.Name] != nil {
			in.errorf("NN206", p.Name.Span, "%s is declared twice", p.Name.Name)
			return false
		}
		if t := p.Type; t != nil && t.Ref != nil {
			v := in.bundleArg(p, arg)
			ok = ok && v.kind != badValue
			in.names[p.Name.Name] = v
			out.args = append(out.args, arg)
			continue
		}
		a := &ir.Array{Name: p.Name.Name, Def: ir.Input, Pos: posOf(p.Name.Span), Doc: p.Doc}
		cell, good := in.symbolicShape(p, a)
		if !good {
			ok = false
			in.names[p.Name.Name] = bad
			continue
		}
		for _, t := range lead {
			a.Shape = append(a.Shape, in.index[t].hi)
			a.Axes = append(a.Axes, in.index[t].name)
		}
		a.Shape = append(a.Shape, cell...)
		b.taken[a.Name] = true
		b.prog.Inputs = append(b.prog.Inputs, a)
		arg.Leaves = []*ir.Array{a}
		if p.Default != nil {
			if k, ok := in.foldConst(in.array(p.Default)); ok {
				arg.Default = &ir.Init{Args: []float64{in.Real(k).Val}}
			}
		}
		out.args = append(out.args, arg)
		v := &value{kind: arrayValue, elem: a.Elem, shape: cell, bound: a.In, def: p.Name.Span}
		front := make([]*ir.Expr, len(lead))
		for k, t := range lead {
			front[k] = in.Idx(t)
		}
		v.at = func(idx []*ir.Expr) *ir.Expr { return in.Read(a, append(slices.Clone(front), idx...)...) }
		in.names[p.Name.Name] = v
		in.body.env = lead
	}
	return ok
}

// symbolicShape is the cell of an argument; names that are not bound yet
// become dims. The leading letters of batches are kept as axis names.
func (in *scope) symbolicShape(p *syntax.Arg, a *ir.Array) ([]*ir.Expr, bool) {
	t := p.Type
	if t == nil {
		return nil, true
	}
	bindFree := func(e syntax.Expr) {
		for _, n := range freeNames(e) {
			if in.dim(n) == nil {
				in.names[n] = scalarOf(in.Dim(n))
			}
		}
	}
	var cell []*ir.Expr
	for _, d := range t.Dims {
		if d.Rest && len(t.Dims) > 1 {
			in.report(diag.New("NN106", t.Span, "`..` stands alone: an array of any shape").
				WithHint("[..]; or name the axes: a function of cells is mapped over those that lead"))
			return nil, false
		}
		if d.Rest {
			cell = append(cell, in.Dim("n"))
			in.body.rest, in.body.restSet = cell, true
			continue
		}
		bindFree(d.Expr)
		if _, plain := d.Expr.(*syntax.Name); !plain {
			in.assumeDims()
		}
		e := in.intExpr(d.Expr)
		if e == nil {
			return nil, false
		}
		if e.Kind == ir.KConst && e.N < 0 {
			in.errorf("NN216", d.Span, "a size cannot be %d", e.N)
			return nil, false
		}
		cell = append(cell, e)
	}
	switch {
	case t.In != nil:
		bindFree(t.In)
		if a.In = in.intExpr(t.In); a.In == nil {
			return nil, false
		}
		a.Elem = ir.Int
	case t.Elem == "int":
		a.Elem = ir.Int
	case t.Elem == "bool":
		a.Elem = ir.Bool
	}
	return cell, true
}

// bundleArg makes the leaves of a model argument.
func (in *scope) bundleArg(p *syntax.Arg, arg *ir.Arg) *value {
	fd, st := in.typeRef(p.Type.Ref)
	if fd == nil {
		return bad
	}
	if p.Type.Ref.Times != nil {
		return in.errorf("NN225", p.Type.Span, "an argument is one model")
	}
	if slices.Contains(in.stack, fd) {
		return in.errorf("NN224", p.Type.Span, "%s takes itself", fd.Name.Name)
	}
	if !in.checked(fd) {
		return bad
	}
	sch := in.schemaOf(fd, st)
	if sch == nil {
		return bad
	}
	inst := &instance{decl: fd, statics: st, path: p.Name.Name, sch: sch, build: in.body.build}
	arg.Frozen = p.Type.Frozen
	inst.dims = map[string]*ir.Expr{}
	in.makeLeaves(inst, arg, inst.dims)
	for _, z := range sch.zeros { // on the dims of parameters
		z = in.Map(z, func(x *ir.Expr) *ir.Expr {
			if d := inst.dims[x.Name]; x.Kind == ir.KDim && d != nil {
				return d
			}
			return x
		})
		in.body.build.zeros = append(in.body.build.zeros, z)
	}
	arg.Bundle = in.bundle(sch)
	return &value{kind: instValue, inst: inst, def: p.Name.Span}
}

// makeLeaves makes the inputs of an instance, with unknown dims where the
// model has symbolic ones: they are solved from its use.
func (c *checker) makeLeaves(inst *instance, arg *ir.Arg, fresh map[string]*ir.Expr) {
	b := inst.build
	for _, f := range inst.sch.fields {
		if f.sub != nil {
			if f.count == 0 {
				c.makeLeaves(inst.child(f, -1), arg, fresh)
			}
			for k := range f.count {
				c.makeLeaves(inst.child(f, k), arg, fresh)
			}
			continue
		}
		role := ir.Parameter
		if f.state {
			role = ir.State
		}
		a := &ir.Array{Name: b.unused(inst.leafName(f.name)), Def: ir.Input, Role: role, Pos: f.pos, Doc: f.doc}
		for _, d := range f.shape {
			a.Shape = append(a.Shape, c.Map(c.resolve(d), func(x *ir.Expr) *ir.Expr {
				if x.Kind != ir.KDim {
					return x
				}
				if fresh[x.Name] == nil {
					fresh[x.Name] = c.meta(strings.Trim(x.Name, "?"))
				}
				return fresh[x.Name]
			}))
		}
		b.leaves[inst.leafName(f.name)] = a
		c.places[a] = f.at
		b.prog.Inputs = append(b.prog.Inputs, a)
		arg.Leaves = append(arg.Leaves, a)
	}
}

// schemaOf is the structure of a layer or model with static arguments.
func (c *checker) schemaOf(fd *funcDecl, st map[string]*value) *schema {
	key := staticKey(st)
	if sch := fd.schema[key]; sch != nil {
		return sch
	}
	if l := c.lower(fd, st, true, nil); !l.ok {
		delete(fd.schema, key)
		return nil
	}
	return fd.schema[key]
}

// checked elaborates a declaration once on symbolic arguments, so that its
// own mistakes are reported where it stands.
func (c *checker) checked(fd *funcDecl) bool {
	if fd.mod.std == nil {
		return true
	}
	if fd.state == unchecked {
		fd.state = checking
		n := len(c.diags)
		st := map[string]*value{}
		l := c.lower(fd, st, false, nil)
		if l.impure && l.ok {
			l = c.lower(fd, st, true, nil)
		}
		fd.state = checkedGood
		for _, d := range c.diags[n:] {
			if !d.Warning {
				fd.state = checkedBad
			}
		}
	}
	return fd.state != checkedBad
}

// outputs stores the results and the new state.
func (in *scope) outputs(fd *funcDecl, v *value, lead []ir.Index) {
	p := in.body.build.prog
	names, vals := []string{fd.resultName()}, []*value{v}
	if v.kind == recordValue {
		names, vals = v.names, v.vals
	}
	if fd.Kind == "loss" {
		if len(vals) != 1 || !vals[0].scalar() {
			in.report(diag.New("NN113", fd.Name.Span, "loss %s must be one scalar, its equation gives %s", fd.Name.Name, in.shapeText(vals[0].shape)).
				WithHint("mean(…) over the batch"))
			return
		}
		vals[0] = in.real(vals[0])
	}
	for k, x := range vals {
		if x.kind == instValue && fd.Kind == "fn" && !unicode.IsUpper([]rune(fd.Name.Name)[0]) { // for the functions that call it
			continue
		}
		if x.kind != arrayValue {
			in.errorf("NN109", fd.Name.Span, "result %s is %s, not numbers", names[k], kindText(x))
			return
		}
		if !in.outputSizes(fd, names[k], x) {
			return
		}
		p.Outputs = append(p.Outputs, ir.Output{Name: names[k], Array: in.outputArray(names[k], x, lead, fd.Name.Span)})
	}
	for _, st := range in.body.build.states {
		p.Outputs = append(p.Outputs, ir.Output{Name: "state." + st.leaf.Name, Array: in.outputArray("new_"+st.leaf.Name, st.to, nil, fd.Name.Span)})
	}
}

// outputSizes checks that the sizes of a result are sizes, or has that tested.
// A function without a Go API may have some that depend on data: the one that
// calls it knows them.
func (in *scope) outputSizes(fd *funcDecl, name string, x *value) bool {
	at := x.def
	if !at.IsValid() {
		at = fd.Name.Span
	}
	for _, d := range x.shape {
		switch d = in.resolve(d); {
		case d.Kind == ir.KConst && d.N < 0:
			in.errorf("NN216", at, "result %s is %s: a size cannot be %d", name, in.shapeText(x.shape), d.N)
			return false
		case d.ReadsAny():
			if fd.Kind != "fn" || unicode.IsUpper([]rune(fd.Name.Name)[0]) {
				in.errorf("NN216", at, "the sizes of result %s are %s: they cannot depend on data; hint: a mask, if … then … else 0", name, in.shapeText(x.shape))
				return false
			}
		case d.Kind != ir.KConst && !in.known(d):
			in.require(in.Call(ir.Ge, d, in.Int(0)))
		}
	}
	return true
}

// outputArray is the array of a result: with the frame in front, and no other
// result's.
func (in *scope) outputArray(name string, v *value, lead []ir.Index, at diag.Span) *ir.Array {
	p := in.body.build.prog
	own, idx := in.temps(v.shape, nil)
	e := v.at(idx)
	all := append(slices.Clone(lead), own...)
	if e.Kind == ir.KRead && e.Array.Def != ir.Input && len(e.Args) == len(all) && plainRead(e, all) &&
		!slices.ContainsFunc(p.Outputs, func(o ir.Output) bool { return o.Array == e.Array }) {
		return e.Array
	}
	if v.def.IsValid() {
		at = v.def
	}
	n := len(p.Defs)
	in.storeAs(name, v, at, nil, lead, true)
	return p.Defs[n]
}

// finish replaces solved dims everywhere, names the rest, and lists the dims.
func (c *checker) finish(p *ir.Program) {
	arrays := slices.Concat(p.Inputs, p.Defs)
	used := map[string]bool{}
	var metas []*ir.Expr
	visit := func(e *ir.Expr) {
		ir.Walk(c.resolve(e), func(x *ir.Expr) bool {
			if x.Kind == ir.KDim {
				if isMeta(x) && !slices.Contains(metas, x) {
					metas = append(metas, x)
				}
				used[x.Name] = true
			}
			return true
		})
	}
	for _, a := range arrays {
		for _, d := range a.Shape {
			visit(d)
		}
	}
	for _, m := range metas {
		name := strings.TrimPrefix(m.Name, "?")
		name, _, _ = strings.Cut(name, "#")
		for used[name] {
			name += "_"
		}
		used[name] = true
		c.metas[m.Name] = c.Dim(name)
	}
	fix := func(e *ir.Expr) *ir.Expr { return c.resolve(e) }
	var dims []string
	params := map[string]bool{}
	for _, a := range arrays {
		for k, d := range a.Shape {
			if k == 0 {
				a.Shape = slices.Clone(a.Shape)
			}
			a.Shape[k] = fix(d)
			ir.Walk(a.Shape[k], func(x *ir.Expr) bool {
				if x.Kind == ir.KDim {
					if !slices.Contains(dims, x.Name) {
						dims = append(dims, x.Name)
					}
					if a.Def == ir.Input && a.Role != ir.Data {
						params[x.Name] = true
					}
				}
				return true
			})
		}
		if a.In != nil {
			a.In = fix(a.In)
		}
	}
	note := func(e *ir.Expr) {
		ir.Walk(e, func(x *ir.Expr) bool {
			if x.Kind == ir.KDim && !slices.Contains(dims, x.Name) {
				dims = append(dims, x.Name)
			}
			return true
		})
	}
	for _, a := range p.Defs {
		if len(c.metas) > 0 {
			a.Rewrite(c.Builder, func(e *ir.Expr) *ir.Expr {
				if isMeta(e) {
					return fix(e)
				}
				return e
			})
		}
		for _, e := range a.Exprs() {
			note(e)
		}
	}
	for k, w := range p.Where {
		p.Where[k] = fix(w)
		note(p.Where[k])
	}
	for _, a := range p.Inputs {
		if a.In != nil {
			note(a.In)
		}
	}
	for _, d := range dims {
		p.Dims = append(p.Dims, ir.Dim{Name: d, Call: !params[d]})
	}
	p.Prune()
}
