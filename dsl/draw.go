package dsl

import (
	"slices"

	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// draw elaborates `eps: [Z] ~ normal(0, 1)`: one draw for each element of
// each example.
func (in *scope) draw(st *syntax.Equation) {
	name := st.Targets[0].Name
	fail := func(*value) { in.define(name, bad, st.Span) } // what was wrong is reported
	if len(st.Targets) != 1 || len(st.Targets[0].Indices) > 0 {
		fail(in.errorf("NN230", st.Span, "a draw names one array and its shape: eps: [Z] ~ normal(0, 1)"))
		return
	}
	var shape []*ir.Expr
	if st.Type != nil {
		if rest, _ := cellRank(st.Type); rest {
			shape = in.body.rest
		} else {
			for _, d := range st.Type.Dims {
				e := in.intExpr(d.Expr)
				if e == nil {
					fail(nil)
					return
				}
				shape = append(shape, e)
			}
		}
	}
	call, ok := syntax.Unparen(st.Value).(*syntax.Call)
	var dist *syntax.Name
	if ok {
		dist, ok = call.Fun.(*syntax.Name)
	}
	want := map[string]int{"normal": 2, "uniform": 2, "bernoulli": 1}
	if !ok || want[dist.Name] == 0 || len(call.Args) != want[dist.Name] {
		fail(in.errorf("NN230", st.Value.At(), "unknown distribution %s; known: normal(mean, sd) uniform(low, high) bernoulli(p)", in.source(st.Value.At())))
		return
	}
	a := &ir.Array{Name: in.body.build.unused(name.Name), Def: ir.Draw, Dist: dist.Name, Pos: posOf(st.Span)}
	var frame []ir.Index
	for _, t := range append(slices.Clone(in.body.env), in.body.lifted...) {
		if !slices.Contains(frame, t) {
			frame = append(frame, t)
		}
	}
	slices.SortFunc(frame, func(x, y ir.Index) int { return int(y) - int(x) })
	var lead []*ir.Expr
	for _, t := range frame {
		a.Shape, a.Axes = append(a.Shape, in.index[t].hi), append(a.Axes, in.index[t].name)
		lead = append(lead, in.Idx(t))
	}
	a.Shape = append(a.Shape, shape...)
	for k := range shape {
		a.Axes = append(a.Axes, axisLetters[k%len(axisLetters)])
	}
	for _, x := range call.Args {
		v := in.real(in.array(x.Value))
		if v.kind == badValue {
			fail(nil)
			return
		}
		if !v.scalar() || len(v.expr().Free()) > 0 {
			fail(in.errorf("NN230", x.Span, "the arguments of a draw are scalars that do not depend on the example; hint: scale the draw, s * eps + m"))
			return
		}
		a.DistArgs = append(a.DistArgs, v.expr())
	}
	a.Path = in.body.path + "." + name.Name
	in.body.build.impure = true
	in.body.build.prog.Append(a)
	v := &value{kind: arrayValue, elem: ir.Real, shape: shape}
	v.at = func(idx []*ir.Expr) *ir.Expr { return in.Read(a, append(slices.Clone(lead), idx...)...) }
	in.define(name, v, st.Value.At())
}

// update elaborates `m <- …`: the new value of a state, in train mode.
func (in *scope) update(st *syntax.Equation) {
	name := st.Targets[0].Name
	var leaf *ir.Array
	if in.body.inst != nil {
		if f := in.body.inst.sch.by[name.Name]; f != nil && f.state {
			leaf = in.body.build.leaves[in.body.inst.leafName(name.Name)]
		}
	}
	if leaf == nil {
		in.report(diag.New("NN231", st.Span, "<- updates a state, %s is none", name.Name).
			WithHint("state %s: … = 0", name.Name))
		return
	}
	v := in.array(st.Value)
	if v.kind == badValue {
		return
	}
	if v.rank() > 0 && !in.sameShape(v.shape, leaf.Shape) {
		in.errorf("NN109", st.Span, "state %s is %s, its update gives %s", name.Name, in.shapeText(leaf.Shape), in.shapeText(v.shape))
		return
	}
	in.body.build.impure = true
	if in.body.build.train {
		w := in.real(v)
		if w.rank() == 0 && len(leaf.Shape) > 0 {
			x := *w
			x.shape = leaf.Shape
			x.at = func([]*ir.Expr) *ir.Expr { return w.at(nil) }
			w = &x
		}
		in.body.build.states = append(in.body.build.states, stateUpdate{leaf, w})
	}
}

// applyCustom calls a scalar function that has derivatives of its own.
func (s *scope) applyCustom(a *application) *value {
	fd := a.fd
	in := s.newScope(fd.mod, &body{decl: fd, build: s.body.build, counters: map[string]int{}})
	for n, v := range a.statics {
		in.names[n] = v
	}
	args, exprs, ok := s.orderArgs(in, a)
	if !ok {
		return bad
	}
	for k, v := range args {
		if v.kind != arrayValue || v.elem == ir.Bool {
			return s.errorf("NN106", exprs[k].At(), "%s of %s is a real, here is %s", fd.Args[k].Name.Name, fd.Name.Name, kindText(v))
		}
	}
	for k := 1; k < len(args); k++ {
		if !s.agree(&syntax.Binary{Op: fd.Name.Name, X: exprs[0], Y: exprs[k], Loc: syntax.Loc{Span: a.at}}, args[0], args[k]) {
			return bad
		}
	}
	var frame []*ir.Expr
	fn := s.custom(fd, in, staticKey(a.statics))
	if fn == nil {
		return bad
	}
	for _, x := range args {
		if frame = x.shape; len(frame) > 0 {
			break
		}
	}
	s.noteCall(a, frame)
	v := s.elementwise(func(x ...*ir.Expr) *ir.Expr { return s.CustomCall(fn, x...) }, args...)
	v.elem, v.hint = ir.Real, fd.Name.Name
	return v
}

// custom elaborates the body and the derivatives of a scalar function on
// formal arguments, once.
func (s *scope) custom(fd *funcDecl, in *scope, key string) *ir.Custom {
	if fn, ok := fd.customs[key]; ok {
		return fn
	}
	fn := &ir.Custom{Name: fd.Name.Name, Partials: make([]*ir.Expr, len(fd.Args))}
	for k, p := range fd.Args {
		if _, rank := cellRank(p.Type); rank > 0 || p.Type != nil && (p.Type.Ref != nil || p.Type.HasDims) {
			s.report(diag.New("NN232", p.Span, "deriv replaces the derivative of a scalar function, %s is an array", p.Name.Name).
				WithHint("write the function on one element; it is mapped"))
			return nil
		}
		fn.Params = append(fn.Params, p.Name.Name)
		in.names[p.Name.Name] = scalarOf(s.Param(k))
	}
	defs := len(s.body.build.prog.Defs)
	v := in.bodyValue(&application{fd: fd})
	if v.kind != arrayValue || !v.scalar() || len(s.body.build.prog.Defs) != defs {
		if v.kind != badValue {
			s.errorf("NN232", fd.Name.Span, "a function with deriv is one scalar formula")
		}
		return nil
	}
	fn.Value = s.Real(v.expr())
	if len(fd.Results) == 1 {
		delete(in.names, fd.Results[0].Name.Name)
		in.names[fd.Results[0].Name.Name] = scalarOf(s.Param(len(fd.Args)))
	}
	fd.customs[key] = fn // a derivative may use the function itself
	for _, d := range fd.Derivs {
		k := slices.Index(fn.Params, d.Name.Name)
		if k < 0 {
			s.errorf("NN232", d.Name.Span, "%s has no argument %s", fd.Name.Name, d.Name.Name)
			return nil
		}
		x := in.array(d.Value)
		if x.kind == badValue {
			return nil
		}
		if !x.scalar() {
			s.errorf("NN232", d.Value.At(), "a derivative is a scalar formula")
			return nil
		}
		fn.Partials[k] = s.Real(x.expr())
	}
	return fn
}
