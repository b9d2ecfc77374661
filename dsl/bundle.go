package dsl

import (
	"fmt"
	"path"
	"sort"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// schema is the structure of a layer's or model's parameters, found by
// elaborating its body once.
type schema struct {
	decl    *funcDecl
	statics map[string]*value
	fields  []*schemaField
	by      map[string]*schemaField
	goName  string
	zeros   []*ir.Expr // what its conditions say of its dims
}

type schemaField struct {
	name  string
	doc   string
	pos   ir.Pos
	at    diag.Span
	state bool
	shape []*ir.Expr
	init  *ir.Init
	sub   *schema
	count int
}

// instance is a schema at a place: its leaves are arrays of the program under
// the path.
type instance struct {
	decl    *funcDecl
	statics map[string]*value
	path    string
	sch     *schema
	build   *build
	over    map[string]*value   // parameters that are computed, by path
	dims    map[string]*ir.Expr // of a model argument: what stands for the model's dims
}

func (inst *instance) leafName(name string) string {
	if inst.path == "" {
		return name
	}
	return inst.path + "." + name
}

func (inst *instance) memberNames() []string {
	var out []string
	for _, f := range inst.sch.fields {
		out = append(out, f.name)
	}
	return out
}

// member is a parameter or a nested layer of an instance, or nil.
func (s *scope) member(inst *instance, name string) *value {
	f := inst.sch.by[name]
	if f == nil {
		return nil
	}
	if f.sub != nil {
		if f.count > 0 {
			v := &value{kind: instList, def: f.at}
			for k := range f.count {
				v.list = append(v.list, inst.child(f, k))
			}
			return v
		}
		return &value{kind: instValue, inst: inst.child(f, -1), def: f.at}
	}
	if v := inst.over[inst.leafName(name)]; v != nil {
		return v
	}
	return leafValue(s.checker, inst.build.leaves[inst.leafName(name)], f)
}

func (inst *instance) child(f *schemaField, copy int) *instance {
	path := inst.leafName(f.name)
	if copy >= 0 {
		path += "." + strconv.Itoa(copy)
	}
	return &instance{decl: f.sub.decl, statics: inst.solved(f.sub.statics), path: path, sch: f.sub, build: inst.build, over: inst.over, dims: inst.dims}
}

// solved are static arguments with the dims of the use at hand: D of
// `param f: Dense[D]` where the model is called with another size.
func (inst *instance) solved(statics map[string]*value) map[string]*value {
	if len(inst.dims) == 0 {
		return statics
	}
	out := map[string]*value{}
	for n, v := range statics {
		out[n] = scalarOf(inst.build.prog.Map(v.expr(), func(x *ir.Expr) *ir.Expr {
			if d := inst.dims[x.Name]; x.Kind == ir.KDim && d != nil {
				return d
			}
			return x
		}))
	}
	return out
}

func leafValue(c *checker, a *ir.Array, f *schemaField) *value {
	v := &value{kind: arrayValue, elem: a.Elem, shape: a.Shape, def: f.at}
	v.text = strings.TrimSpace("param " + f.name)
	v.at = func(idx []*ir.Expr) *ir.Expr { return c.Read(a, idx...) }
	return v
}

func newSchema(fd *funcDecl, statics map[string]*value) *schema {
	return &schema{decl: fd, statics: statics, by: map[string]*schemaField{}}
}

// staticKey tells static arguments apart.
func staticKey(st map[string]*value) string {
	var parts []string
	for n, v := range st {
		parts = append(parts, fmt.Sprintf("%s=%d", n, v.expr().ID()))
	}
	sort.Strings(parts)
	return strings.Join(parts, ",")
}

// fresh makes the instance of a layer used in an expression: Dense[10] in a
// pipe is Dense1, Dense2, … of the layer around it.
func (s *scope) fresh(f *closure, e *syntax.Call) *instance {
	fd := f.decl
	b := s.body
	if b == nil || b.inst == nil {
		s.report(diag.New("NN223", e.Fun.At(), "%s has parameters, and a %s has none", fd.Name.Name, s.bodyKind()).
			WithHint("use it in a layer or a model, and take that as an argument"))
		return nil
	}
	st := f.statics
	if st == nil {
		if st = s.defaults(fd, map[string]*value{}, e.Fun.At()); st == nil {
			return nil
		}
	}
	b.counters["#"+fd.Name.Name]++
	name := fd.Name.Name + strconv.Itoa(b.counters["#"+fd.Name.Name])
	return s.subInstance(name, fd, st, 0, "", e.Fun.At())
}

func (s *scope) bodyKind() string {
	if s.body == nil || s.body.decl == nil {
		return "constant"
	}
	return s.body.decl.Kind
}

// subInstance is the field of that name, made on the first elaboration.
func (s *scope) subInstance(name string, fd *funcDecl, st map[string]*value, count int, doc string, at diag.Span) *instance {
	inst := s.body.inst
	f := inst.sch.by[name]
	if f == nil {
		f = &schemaField{name: name, doc: doc, sub: newSchema(fd, st), count: count, at: at, pos: posOf(at)}
		inst.sch.by[name] = f
		inst.sch.fields = append(inst.sch.fields, f)
	}
	if count > 0 {
		return inst.child(f, 0)
	}
	return inst.child(f, -1)
}

func posOf(at diag.Span) ir.Pos {
	return ir.Pos{File: path.Base(at.Pos.File), Line: at.Pos.Line}
}

// pickInstance is body[0] of copies.
func (s *scope) pickInstance(x *value, e *syntax.IndexExpr) *value {
	if len(e.Indices) == 1 && e.Indices[0].Expr != nil && !e.Indices[0].Slice {
		i := s.intExpr(e.Indices[0].Expr)
		if i == nil {
			return bad
		}
		if i.Kind == ir.KConst && i.N >= 0 && int(i.N) < len(x.list) {
			return &value{kind: instValue, inst: x.list[i.N], def: x.def}
		}
	}
	return s.errorf("NN219", e.Span, "copies are picked by a constant of 0..%d", len(x.list)-1)
}

// param elaborates `param W: type ~ init` and `state m: type = init`.
func (s *scope) param(name syntax.Ident, t *syntax.Type, op string, init syntax.Expr, doc string, isState bool) {
	inst := s.body.inst
	if inst == nil {
		s.names[name.Name] = s.errorf("NN223", name.Span, "a %s has no parameters; hint: declare a layer or a model", s.bodyKind())
		return
	}
	if t.Ref != nil {
		s.paramLayer(name, t, doc)
		return
	}
	var shape []*ir.Expr
	for _, d := range t.Dims {
		if d.Rest {
			s.names[name.Name] = s.errorf("NN203", d.Span, "a parameter needs its sizes")
			return
		}
		e := s.paramDim(d.Expr)
		if e == nil {
			s.names[name.Name] = bad
			return
		}
		shape = append(shape, e)
	}
	if t.In != nil || t.Elem == "int" || t.Elem == "bool" {
		s.names[name.Name] = s.errorf("NN213", t.Span, "parameters are real")
		return
	}
	at := name.Span
	if s.site.IsValid() {
		at = s.site // a layer of the prelude: the user knows where it is used
	}
	leaf := inst.leafName(name.Name)
	f := inst.sch.by[name.Name]
	if f == nil {
		f = &schemaField{name: name.Name, doc: doc, pos: posOf(at), at: at, state: isState, shape: shape}
		inst.sch.by[name.Name] = f
		inst.sch.fields = append(inst.sch.fields, f)
		f.init = s.init(op, init, shape)
	}
	if v := inst.over[leaf]; v != nil {
		if !s.sameShape(v.shape, shape) {
			s.reportReuse(name, v.shape, shape)
			return
		}
		s.names[name.Name] = v
		return
	}
	a := inst.build.leaves[leaf]
	if a == nil {
		role := ir.Parameter
		if isState {
			role = ir.State
		}
		a = &ir.Array{Name: inst.build.unused(leaf), Shape: shape, Def: ir.Input, Role: role, Pos: f.pos, Doc: doc, Axes: axisLetters[:0]}
		inst.build.leaves[leaf] = a
		s.places[a] = at
		inst.build.prog.Inputs = append(inst.build.prog.Inputs, a)
		if f.shape != nil && !s.sameShape(f.shape, shape) {
			s.reportReuse(name, f.shape, shape)
			return
		}
	} else if !s.sameShape(a.Shape, shape) {
		s.reportReuse(name, a.Shape, shape)
		return
	}
	v := leafValue(s.checker, a, f)
	v.text = s.source(name.Span.To(t.Span))
	s.names[name.Name] = v
}

// reportReuse is NN112, where the layer is called: its own text may be of the
// prelude.
func (s *scope) reportReuse(name syntax.Ident, old, now []*ir.Expr) {
	at := name.Span
	if s.site.IsValid() {
		at = s.site
	}
	d := diag.New("NN112", at, "%s is one array, used with two shapes: %s and %s", s.body.inst.leafName(name.Name), s.shapeText(old), s.shapeText(now))
	s.report(d.WithHint("a second layer: each shape has its own parameters"))
	s.names[name.Name] = bad
}

// paramDim is a size of a parameter: constants, static arguments and the dims
// that arguments bound.
func (s *scope) paramDim(e syntax.Expr) *ir.Expr {
	for _, n := range freeNames(e) {
		if s.dim(n) != nil {
			continue
		}
		d := diag.New("NN203", e.At(), "unknown dimension %s", n)
		var known []string
		near := ""
		for t := s; t != nil; t = t.parent {
			for k, v := range t.names {
				if v.kind == arrayValue && v.scalar() && v.elem == ir.Int {
					known = append(known, k)
				}
			}
		}
		for k, v := range s.mod.names {
			if v.kind == arrayValue && v.elem == ir.Int {
				known = append(known, fmt.Sprintf("%s (const, line %d)", k, v.def.Pos.Line))
			}
		}
		sort.Strings(known)
		for _, k := range known {
			w, _, _ := strings.Cut(k, " ")
			if len(n) > 1 && editDistance(strings.ToLower(w), strings.ToLower(n)) <= 1 {
				near = w
			}
		}
		d.Note("a parameter's dims come from constants, static arguments or inputs; in scope: %s", joinNames(known))
		if near != "" {
			d.Notes[0] += ". did you mean " + near + "?"
		} else {
			d.WithHint("a static argument of the layer, [%s]; or const %s = …", n, n)
		}
		s.report(d)
		return nil
	}
	return s.intExpr(e)
}

// paramLayer elaborates `param body: Block[4] * 6`.
func (s *scope) paramLayer(name syntax.Ident, t *syntax.Type, doc string) {
	fd, st := s.typeRef(t.Ref)
	if fd == nil {
		s.names[name.Name] = bad
		return
	}
	count := 0
	if t.Ref.Times != nil {
		n := s.intExpr(t.Ref.Times)
		if n == nil || n.Kind != ir.KConst || n.N < 1 || n.N > 1<<16 {
			if n != nil {
				s.errorf("NN111", t.Ref.Times.At(), "the number of copies is a constant of at least 1")
			}
			s.names[name.Name] = bad
			return
		}
		count = int(n.N)
	}
	s.subInstance(name.Name, fd, st, count, doc, name.Span)
	s.names[name.Name] = s.member(s.body.inst, name.Name)
}

// typeRef resolves the layer or model that a type names.
func (s *scope) typeRef(r *syntax.TypeRef) (*funcDecl, map[string]*value) {
	var v *value
	if r.Module != nil {
		m := s.lookup(r.Module.Name)
		if m == nil || m.kind != typeValue {
			s.errorf("NN201", r.Module.Span, "unknown module %s; hint: import \"%s.nn\"", r.Module.Name, r.Module.Name)
			return nil, nil
		}
		v = m.mod.names[r.Name.Name]
	} else {
		v = s.lookup(r.Name.Name)
	}
	if v == nil {
		s.name(&syntax.Name{Name: r.Name.Name, Loc: r.Name.Loc})
		return nil, nil
	}
	if v.kind != funcValue || v.fn.decl == nil || v.fn.decl.Kind != "layer" && v.fn.decl.Kind != "model" {
		if v.kind != badValue {
			s.errorf("NN225", r.Name.Span, "%s is not a layer or a model", r.Name.Name)
		}
		return nil, nil
	}
	st := s.statics(v.fn.decl, r.Args, r.Span)
	if st == nil {
		return nil, nil
	}
	return v.fn.decl, st
}

// bindBundle binds an argument whose type is a layer or model.
func (s *scope) bindBundle(in *scope, p *syntax.Arg, v *value, e syntax.Expr) bool {
	fd, _ := in.typeRef(p.Type.Ref)
	if fd == nil {
		return false
	}
	if v.kind != instValue {
		s.errorf("NN106", e.At(), "%s is a %s (%s), here is %s", p.Name.Name, fd.Kind, fd.Name.Name, kindText(v))
		return false
	}
	if v.inst.decl != fd {
		s.errorf("NN106", e.At(), "%s is a %s, here is a %s", p.Name.Name, fd.Name.Name, v.inst.decl.Name.Name)
		return false
	}
	in.names[p.Name.Name] = v
	in.body.dependsOnModel(s, v.inst)
	return true
}
