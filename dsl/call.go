package dsl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// call elaborates F(args).
func (s *scope) call(e *syntax.Call) *value { return s.callWith(e, nil, nil, s.tail == e) }

// pipe elaborates x |> f and x |> f(a).
func (s *scope) pipe(e *syntax.Pipe) *value {
	in := *s
	in.hint, in.tail = "", nil
	x := in.expr(e.X)
	if x.kind == badValue {
		return bad
	}
	if c, ok := syntax.Unparen(e.F).(*syntax.Call); ok {
		return s.callWith(c, x, e.X, s.tail == e)
	}
	return s.callWith(&syntax.Call{Fun: e.F, Loc: syntax.Loc{Span: e.F.At()}}, x, e.X, s.tail == e)
}

// callWith calls with a first argument from a pipe, if there is one.
func (s *scope) callWith(e *syntax.Call, first *value, firstExpr syntax.Expr, tail bool) *value {
	if r, ok := e.Fun.(*syntax.ReducerName); ok {
		return s.callReducer(e, r, first, firstExpr)
	}
	f := s.expr(e.Fun)
	if q := floorDiv(e); q != nil && first == nil && f.kind == funcValue && f.fn.builtin != nil {
		return s.floorOf(e, q, f)
	}
	var args []*value
	var exprs []syntax.Expr
	if first != nil {
		args, exprs = append(args, first), append(exprs, firstExpr)
	}
	named := map[string]int{}
	in := *s
	if n, ok := syntax.Unparen(e.Fun).(*syntax.Name); ok && in.hint == "" {
		in.hint = n.Name
	}
	for _, a := range e.Args {
		v := in.expr(a.Value)
		if a.Name != "" {
			named[a.Name] = len(args)
		}
		args, exprs = append(args, v), append(exprs, a.Value)
	}
	if slices.Contains(args, bad) || f.kind == badValue {
		return bad
	}
	switch f.kind {
	case funcValue:
		if f.fn.builtin != nil {
			return s.callBuiltin(f.fn.builtin, e, args, exprs)
		}
		fd := f.fn.decl
		if fd.Kind == "loss" || fd.Kind == "fn" {
			return s.apply(&application{fd: fd, statics: f.fn.statics, args: args, exprs: exprs, named: named, at: e.Span, tail: tail})
		}
		inst := s.fresh(f.fn, e)
		if inst == nil {
			return bad
		}
		return s.apply(&application{fd: fd, statics: inst.statics, inst: inst, args: args, exprs: exprs, named: named, at: e.Span, tail: tail})
	case instValue:
		return s.apply(&application{fd: f.inst.decl, statics: f.inst.statics, inst: f.inst, args: args, exprs: exprs, named: named, at: e.Span, tail: tail})
	case instList:
		if len(args) != 1 {
			return s.errorf("NN110", e.Span, "copies of a layer in series take one argument")
		}
		v := args[0]
		for _, inst := range f.list {
			v = s.apply(&application{fd: inst.decl, statics: inst.statics, inst: inst, args: []*value{v}, exprs: exprs, at: e.Span})
			if v.kind == badValue {
				return bad
			}
		}
		return v
	}
	return s.errorf("NN211", e.Fun.At(), "%s is not a function", s.source(e.Fun.At()))
}

// callReducer is sum(x), x |> sum, or max(a, b).
func (s *scope) callReducer(e *syntax.Call, r *syntax.ReducerName, first *value, firstExpr syntax.Expr) *value {
	var exprs []syntax.Expr
	if first != nil {
		exprs = append(exprs, firstExpr)
	}
	for _, a := range e.Args {
		exprs = append(exprs, a.Value)
	}
	switch {
	case r.Op == "grad" || r.Op == "jacobian":
		return s.noBinder(r.Op, e.Span)
	case len(exprs) == 1:
		return s.reduceAll(r.Op, e.Span, exprs[0])
	case len(exprs) == 2 && (r.Op == "max" || r.Op == "min"):
		x, y := s.array(exprs[0]), s.array(exprs[1])
		return s.callBuiltin(&builtin{name: r.Op, op: ir.Lookup(r.Op)}, e, []*value{x, y}, exprs)
	}
	return s.errorf("NN110", e.Span, "%s takes one array, here are %d arguments", r.Op, len(exprs))
}

// staticArgs is Dense[10]: a function with its static arguments.
func (s *scope) staticArgs(f *value, e *syntax.IndexExpr) *value {
	if f.fn.builtin != nil || f.fn.decl == nil {
		return s.errorf("NN111", e.Span, "%s takes no static arguments", s.source(e.X.At()))
	}
	var args []*syntax.SArg
	for _, ix := range e.Indices {
		if ix.All || ix.Slice || ix.In != nil || ix.Expr == nil {
			return s.errorf("NN111", ix.Span, "%s takes static arguments here", s.source(e.X.At()))
		}
		args = append(args, &syntax.SArg{Name: ix.Name, Value: ix.Expr, Loc: ix.Loc})
	}
	st := s.statics(f.fn.decl, args, e.Span)
	if st == nil {
		return bad
	}
	w := *f
	w.fn = &closure{decl: f.fn.decl, statics: st}
	return &w
}

// statics evaluates static arguments, with defaults for the rest.
func (s *scope) statics(fd *funcDecl, args []*syntax.SArg, at diag.Span) map[string]*value {
	out := map[string]*value{}
	for k, a := range args {
		name := a.Name
		if name == "" {
			if k >= len(fd.Statics) {
				s.errorf("NN111", a.Span, "%s takes %d static argument%s: %s", fd.Name.Name, len(fd.Statics), plural(len(fd.Statics)), staticNames(fd))
				return nil
			}
			name = fd.Statics[k].Name.Name
		}
		if !slices.ContainsFunc(fd.Statics, func(st *syntax.Static) bool { return st.Name.Name == name }) {
			s.errorf("NN111", a.Span, "%s has no static argument %s; it takes %s", fd.Name.Name, name, staticNames(fd))
			return nil
		}
		v := s.staticValue(a.Value)
		if v.kind == badValue {
			return nil
		}
		out[name] = v
	}
	return s.defaults(fd, out, at)
}

// staticValue is an integer where it can be one, else a number.
func (s *scope) staticValue(e syntax.Expr) *value {
	v := s.array(e)
	if v.kind == badValue {
		return v
	}
	if !v.scalar() {
		return s.errorf("NN111", e.At(), "a static argument is a number, %s is %s", s.source(e.At()), s.shapeText(v.shape))
	}
	if len(ir.Reads(v.expr())) > 0 || len(v.expr().Free()) > 0 {
		d := diag.New("NN111", e.At(), "a static argument is known at compile time, %s is not", s.source(e.At()))
		s.report(d.Note("it is made of numbers, constants, dims and static arguments").WithHint("a const; or, if it changes from call to call, an argument in parentheses"))
		return bad
	}
	if v.elem == ir.Real {
		if _, ok := syntax.Unparen(e).(*syntax.Binary); ok && len(v.expr().Free()) == 0 {
			n := len(s.diags)
			if x := s.intValue(e); x != nil && x.scalar() {
				return x
			}
			s.diags = s.diags[:n]
		}
	}
	return v
}

func (s *scope) defaults(fd *funcDecl, out map[string]*value, at diag.Span) map[string]*value {
	in := s.newScope(fd.mod, s.body)
	for n, v := range out {
		in.names[n] = v
	}
	for _, st := range fd.Statics {
		if out[st.Name.Name] != nil {
			continue
		}
		if st.Default == nil {
			s.errorf("NN111", at, "%s needs its static argument %s: %s[%s]", fd.Name.Name, st.Name.Name, fd.Name.Name, staticNames(fd))
			return nil
		}
		v := in.staticValue(st.Default)
		if v.kind == badValue {
			return nil
		}
		out[st.Name.Name], in.names[st.Name.Name] = v, v
	}
	return out
}

func staticNames(fd *funcDecl) string {
	var out []string
	for _, st := range fd.Statics {
		out = append(out, st.Name.Name)
	}
	return strings.Join(out, ", ")
}

func joinNames(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// application is one call of a declared function.
type application struct {
	fd      *funcDecl
	statics map[string]*value
	inst    *instance
	args    []*value
	exprs   []syntax.Expr
	named   map[string]int
	at      diag.Span
	tail    bool // the call is the whole right side of an equation
}

// apply elaborates the body of a function for the arguments at hand.
func (s *scope) apply(a *application) *value {
	fd := a.fd
	if slices.Contains(s.stack, fd) {
		return s.errorf("NN224", a.at, "%s calls itself; recursion is written as a recurrence in t and t-1", fd.Name.Name)
	}
	if s.body == nil || s.body.build == nil {
		return s.errorf("NN208", a.at, "a constant cannot call %s", fd.Name.Name)
	}
	if !s.checked(fd) {
		return bad
	}
	s.stack = append(s.stack, fd)
	defer func() { s.stack = s.stack[:len(s.stack)-1] }()
	if len(s.stack) > 200 {
		return s.errorf("NN209", a.at, "calls are nested too deeply")
	}
	if s.body.build.applied++; s.body.build.applied > mostCalls {
		if s.body.build.applied == mostCalls+1 {
			top := s.stack[0].Name
			s.report(diag.New("NN209", top.Span, "%s has more than %d calls, each of which is written out", top.Name, mostCalls).
				WithHint("where functions call others twice, and these others, name what they give in an equation"))
		}
		return bad
	}
	if a.statics == nil {
		if a.statics = s.defaults(fd, map[string]*value{}, a.at); a.statics == nil {
			return bad
		}
	}
	if len(fd.Derivs) > 0 {
		return s.applyCustom(a)
	}
	in := s.newScope(fd.mod, &body{decl: fd, build: s.body.build, inst: a.inst, counters: map[string]int{}, path: s.callPath(a)})
	in.guards = s.guards
	if fd.mod.std == nil {
		if in.site = s.site; !in.site.IsValid() {
			in.site = a.at
		}
	}
	for n, v := range a.statics {
		in.names[n] = v
	}
	in.body.dependsOnModel(s, a.inst)
	frame, ok := s.bindArgs(in, a)
	if !ok {
		return bad
	}
	s.noteCall(a, s.sizes(frame))
	in.pinGradArgs(fd)
	in.body.lifted = append(slices.Clip(s.body.lifted), frame...)
	zeros, pos := len(s.zeros), len(s.positive)
	defer func() { s.zeros, s.positive = s.zeros[:zeros], s.positive[:pos] }()
	if !in.where(a) {
		return bad
	}
	switch {
	case a.tail && s.hint != "" && fd.Kind != "model":
		in.hint = s.hint
	case fd.Kind == "fn" || len(fd.Results) != 1 || a.inst != nil && a.inst.path != "" && fd.Kind == "layer":
		in.hint = a.name()
	default:
		in.hint = fd.resultName()
	}
	in.body.result = s.resultFor(a)
	isSoftmax := fd.mod.std == nil && fd.Name.Name == "softmax"
	if isSoftmax && len(a.args) == 1 && a.args[0].prob != "" {
		s.report(diag.Warn("NN401", a.at, "softmax of a probability vector").
			Note("%s already sums to 1 over its last axis: %s", s.source(a.exprs[0].At()), a.args[0].prob).
			WithHint("%s alone; cross_entropy takes probabilities, and is compiled to the stable logits form", s.source(a.exprs[0].At())))
	}
	v := in.bodyValue(a)
	if isSoftmax && v.kind == arrayValue {
		w := *v
		w.prob = fmt.Sprintf("softmax at %s:%d", a.at.Pos.File, a.at.Pos.Line)
		v = &w
	}
	if v.kind == arrayValue && (v.hint != "" || fd.Kind == "fn") {
		w := *v
		w.hint = a.name()
		v = &w
	}
	if v.kind == instValue && len(frame) > 0 {
		s.report(diag.New("NN106", a.at, "%s gives a model, and is not mapped over %s", fd.Name.Name, s.shapeText(s.sizes(frame))).
			WithHint("write a function of one such example that calls %s and uses its model, and map that", fd.Name.Name))
		return bad
	}
	return s.unlift(in, v, frame)
}

// resultFor is the name for the array of a call's only result: that of the
// equation it is the right side of, or the layer's.
func (s *scope) resultFor(a *application) string {
	if len(a.fd.Results) != 1 || a.fd.Kind == "model" || a.fd.Kind == "loss" {
		return ""
	}
	if a.tail && s.hint != "" {
		return s.hint
	}
	if a.inst != nil {
		return a.name()
	}
	return ""
}

// name is what arrays made for a call are named after.
func (a *application) name() string {
	if a.inst != nil && a.inst.path != "" {
		p := a.inst.path[strings.LastIndexByte(a.inst.path, '.')+1:]
		if p[0] >= '0' && p[0] <= '9' {
			p = a.fd.Name.Name + p
		}
		return strings.ToLower(p[:1]) + p[1:]
	}
	return a.fd.Name.Name
}

func (s *scope) callPath(a *application) string {
	path := s.body.path
	name := a.fd.Name.Name
	if a.inst != nil && a.inst.path != "" {
		name = a.inst.path
		path = ""
	}
	if path != "" {
		path += "/"
	}
	key := path + name
	s.body.counters[key]++
	if n := s.body.counters[key]; n > 1 {
		return fmt.Sprintf("%s#%d", key, n)
	}
	return key
}

// unlift turns a result for one cell into the result over the frame.
func (s *scope) unlift(in *scope, v *value, frame []ir.Index) *value {
	if len(frame) == 0 || v.kind == badValue {
		return v
	}
	if v.kind == recordValue {
		w := *v
		w.vals = nil
		for _, x := range v.vals {
			w.vals = append(w.vals, s.unlift(in, x, frame))
		}
		return &w
	}
	if v.kind != arrayValue {
		return v
	}
	w := *v
	w.shape = nil
	for _, t := range frame {
		w.shape = append(w.shape, s.index[t].hi)
	}
	w.shape = append(w.shape, v.shape...)
	n := len(frame)
	if v.rank() == 0 {
		e := v.expr()
		w.at = func(idx []*ir.Expr) *ir.Expr { return s.substIndex(e, frame, idx) }
		return &w
	}
	w.at = func(idx []*ir.Expr) *ir.Expr { return s.substIndex(v.at(idx[n:]), frame, idx[:n]) }
	return &w
}
