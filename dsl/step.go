package dsl

import (
	"slices"

	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// A model whose parameters are computed: grad[m] e is shaped like m, and
//
//	f = m - 0.1 * grad[m] mse(m(x), y)
//
// is m after a step of gradient descent, which is called like m. Operators
// apply to every parameter; state is that of the model it came from.

// stepped is a model or layer like inst with other parameters, by path.
func (inst *instance) stepped(over map[string]*value) *value {
	w := *inst
	w.over = over
	return &value{kind: instValue, inst: &w}
}

// leafPaths lists the parameters of an instance.
func (inst *instance) leafPaths() []string {
	var out []string
	for _, f := range inst.sch.fields {
		switch {
		case f.sub != nil && f.count > 0:
			for k := range f.count {
				out = append(out, inst.child(f, k).leafPaths()...)
			}
		case f.sub != nil:
			out = append(out, inst.child(f, -1).leafPaths()...)
		case !f.state:
			out = append(out, inst.leafName(f.name))
		}
	}
	return out
}

// leaf is a parameter by its path.
func (s *scope) leaf(inst *instance, path string) *value {
	if v := inst.over[path]; v != nil {
		return v
	}
	a := inst.build.leaves[path]
	return &value{kind: arrayValue, elem: a.Elem, shape: a.Shape, text: "param " + path,
		at: func(idx []*ir.Expr) *ir.Expr { return s.Read(a, idx...) }}
}

// pinModel gives arrays of their own to the parameters of a model that a
// derivative is taken with respect to.
func (in *scope) pinModel(name string, v *value) {
	over, p := map[string]*value{}, in.body.build.prog
	var arrays []*ir.Array
	for _, path := range v.inst.leafPaths() {
		n := len(p.Defs)
		w := in.storeAs(path, in.leaf(v.inst, path), v.def, nil, in.body.env, true)
		if len(p.Defs) != n+1 {
			return
		}
		over[path], arrays = w, append(arrays, p.Defs[n])
	}
	w := v.inst.stepped(over)
	w.def = v.def
	in.names[name], in.body.wrt[name] = w, arrays
}

// modelOp applies an operator to each parameter of models of one kind, and
// numbers. It returns nil where there is no model.
func (s *scope) modelOp(e syntax.Expr, name string, f func(args ...*ir.Expr) *ir.Expr, args ...*value) *value {
	k := slices.IndexFunc(args, func(v *value) bool { return v.kind == instValue })
	if k < 0 || slices.ContainsFunc(args, func(v *value) bool { return v.kind != instValue && v.kind != arrayValue }) {
		return nil
	}
	m := args[k].inst
	for _, v := range args {
		switch {
		case v.kind == arrayValue && (!v.scalar() || v.elem == ir.Bool):
			return s.errorf("NN211", e.At(), "%s of a model takes models of its kind and numbers, here is %s", name, s.shapeText(v.shape))
		case v.kind == instValue && (v.inst.decl != m.decl || staticKey(v.inst.sch.statics) != staticKey(m.sch.statics)):
			return s.errorf("NN211", e.At(), "%s takes models of one kind: %s and %s", name, m.decl.Name.Name, v.inst.decl.Name.Name)
		}
	}
	if s.body == nil || s.body.build == nil || len(m.leafPaths()) == 0 {
		return s.errorf("NN211", e.At(), "%s has no parameters", m.decl.Name.Name)
	}
	if m.path == "" {
		return s.errorf("NN211", e.At(), "a model is changed from outside, not in its own equations")
	}
	over := map[string]*value{}
	for k, path := range m.leafPaths() {
		of := make([]*value, len(args))
		for j, v := range args {
			if of[j] = s.real(v); v.kind == instValue {
				of[j] = s.leaf(v.inst, v.inst.leafPaths()[k])
			}
		}
		for j := range of[1:] {
			if x, y := of[j], of[j+1]; !x.scalar() && !y.scalar() && !s.sameShape(x.shape, y.shape) {
				return s.errorf("NN211", e.At(), "%s: %s is %s and %s", name, path, s.shapeText(x.shape), s.shapeText(y.shape))
			}
		}
		w := s.elementwise(f, of...)
		w.elem = ir.Real
		over[path] = s.store(path, w, e.At(), nil)
	}
	return m.stepped(over)
}

// gradModel is grad[m] e: the derivatives of e with respect to the parameters
// of the model m, as a model.
func (s *scope) gradModel(e *syntax.Reduce, name syntax.Ident, grads []*ir.Array, lead []*ir.Expr) *value {
	m := s.lookup(name.Name).inst
	over := map[string]*value{}
	for k, path := range m.leafPaths() {
		over[path] = s.led(grads[k], lead, e.Span)
	}
	return m.stepped(over)
}

// led is what an array holds at leading indices.
func (s *scope) led(a *ir.Array, lead []*ir.Expr, at diag.Span) *value {
	return &value{kind: arrayValue, elem: ir.Real, shape: a.Shape[len(lead):], def: at,
		at: func(idx []*ir.Expr) *ir.Expr { return s.Read(a, append(slices.Clone(lead), idx...)...) }}
}

// dependsOnModel notes the indices that computed parameters depend on.
func (b *body) dependsOnModel(s *scope, inst *instance) {
	if inst == nil {
		return
	}
	for _, path := range inst.leafPaths() {
		if v := inst.over[path]; v != nil {
			b.dependsOn(s, v)
		}
	}
}
