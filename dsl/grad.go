package dsl

import (
	"slices"

	"github.com/nnc-lang/nnc/diff"
	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/pass"
)

// pinGradArgs gives an array of its own to every argument that a derivative
// in the body is taken with respect to, with an axis for each index that the
// call depends on, and the conditions around it: what is computed from it is
// then seen to be.
func (in *scope) pinGradArgs(fd *funcDecl) {
	names := gradNames(fd)
	env := in.withGuards(in.body.env)
	if len(names) == 0 || in.ragged(env) >= 0 {
		return
	}
	in.body.env = env
	for _, name := range names {
		v := in.names[name]
		if v == nil || in.body.wrt[name] != nil || in.body.build == nil {
			continue
		}
		if in.body.wrt == nil {
			in.body.wrt = map[string][]*ir.Array{}
		}
		if v.kind == instValue {
			in.pinModel(name, v)
		}
		if v.kind != arrayValue || v.elem != ir.Real {
			continue
		}
		p := in.body.build.prog
		n := len(p.Defs)
		w := in.storeAs(name, in.real(v), v.def, nil, in.body.env, true)
		if len(p.Defs) == n+1 {
			in.names[name], in.body.wrt[name] = w, []*ir.Array{p.Defs[n]}
		}
	}
}

// gradNames lists the names in the brackets of grad[x] and jacobian[x].
func gradNames(fd *funcDecl) []string {
	var out []string
	syntax.Walk(fd.Func, func(n syntax.Node) bool {
		if r, ok := n.(*syntax.Reduce); ok && (r.Op == "grad" || r.Op == "jacobian") {
			for _, b := range r.Binds {
				out = append(out, b.Name.Name)
			}
		}
		return true
	})
	return out
}

// noBinder reports grad(e) in place of grad[x] e.
func (s *scope) noBinder(op string, at diag.Span) *value {
	return s.errorf("NN210", at, "%s names what it is taken of; hint: %s[x] …, x an argument of the function", op, op)
}

// gradExpr is grad[x] e inside an expression: the derivative of the scalar e,
// for each index the call is mapped over, with respect to the argument x.
// Every entry of e depends on its own entry of x alone, so the derivative of
// the sum over the frame is the one wanted.
func (s *scope) gradExpr(e *syntax.Reduce) *value {
	if len(e.Binds) != 1 || e.Binds[0].In != nil {
		return s.errorf("NN233", e.Span, "%s takes one argument of the enclosing function: %s[x] …", e.Op, e.Op)
	}
	if s.body == nil || s.body.build == nil {
		return s.errorf("NN233", e.Span, "%s needs a function around it", e.Op)
	}
	name := e.Binds[0].Name
	xs := s.body.wrt[name.Name]
	if k := s.ragged(s.withGuards(s.body.env)); len(xs) == 0 && k >= 0 {
		i := s.index[s.withGuards(s.body.env)[k]].name
		return s.errorf("NN233", e.Span, "%s stands under %s, whose range depends on other indices; hint: give %s a fixed range and choose with if", e.Op, i, i)
	}
	if len(xs) == 0 {
		d := diag.New("NN233", name.Span, "%s is no argument of %s that has a derivative", name.Name, s.body.decl.Name.Name)
		s.report(d.WithHint("a derivative is taken with respect to a model or a real argument of the function it stands in"))
		return bad
	}
	in := *s
	in.hint, in.tail = "", nil
	v := in.array(e.Body)
	if v.kind == badValue {
		return bad
	}
	model := s.lookup(name.Name).kind == instValue
	if e.Op == "jacobian" && model {
		return s.errorf("NN233", e.Span, "jacobian takes an array of the function; with respect to the model %s there is grad[%s] of a scalar", name.Name, name.Name)
	}
	if e.Op == "grad" && !v.scalar() {
		hint := "jacobian[" + name.Name + "]"
		if model {
			hint = "a number, such as its sum"
		}
		return s.errorf("NN233", e.Body.At(), "grad needs a scalar, %s is %s; hint: %s", s.source(e.Body.At()), s.shapeText(v.shape), hint)
	}
	p := s.body.build.prog
	n := len(p.Defs)
	w := s.storeAs(s.named("of"), s.real(v), e.Body.At(), nil, s.body.env, true)
	if len(p.Defs) != n+1 {
		return s.errorf("NN233", e.Span, "%s stands under an index whose range depends on others, and %s depends on it; hint: give it a fixed range and choose with if", e.Op, s.source(e.Body.At()))
	}
	// Under the index of an equation or a sum, e is one of several: the derivative
	// of each is wanted, and x is the same for all.
	y := p.Defs[n]
	_, own := s.temps(v.shape, nil)
	lead := w.at(own).Args[:y.Rank()-v.rank()]
	if len(lead) > len(s.body.env) && len(s.timesOf(v.at(own))) > 0 {
		d := diag.New("NN233", e.Span, "%s depends on the steps of the recurrence around it, which may depend on %s", s.source(e.Body.At()), name.Name)
		s.report(d.WithHint("a function of its own, with what the derivative is taken of as its argument: fn g(h) = %s[h] …", e.Op))
		return bad
	}
	gs, err := s.differentiate(xs, y, len(s.body.env) == y.Rank())
	if err != nil {
		return s.errorf("NN233", e.Span, "%v", err)
	}
	if model {
		return s.gradModel(e, name, gs, lead)
	}
	return s.led(gs[0], lead, e.Span)
}

// differentiate adds the equations of dy/dx, for each x of xs, to the program
// and returns their results: the axes of the frame, if y is one number those of x,
// else the other axes of y and those of x. What does not depend on xs counts as given.
func (s *scope) differentiate(xs []*ir.Array, y *ir.Array, one bool) ([]*ir.Array, error) {
	b := s.body.build
	sub := &ir.Program{Builder: s.Builder, Name: b.prog.Name, Dims: b.prog.Dims}
	depends := map[*ir.Array]bool{}
	for _, x := range xs {
		depends[x] = true
	}
	for _, a := range slices.Concat(b.prog.Inputs, b.prog.Defs) {
		if !slices.Contains(xs, a) && slices.ContainsFunc(a.Reads(), func(r *ir.Array) bool { return depends[r] }) {
			depends[a] = true
			sub.Defs = append(sub.Defs, a)
		} else {
			sub.Inputs = append(sub.Inputs, a)
		}
	}
	sub.Outputs = []ir.Output{{Name: "y", Array: y}}
	if !depends[y] { // a derivative of 0 is still an array
		sub.Inputs = slices.DeleteFunc(sub.Inputs, func(a *ir.Array) bool { return a == y })
		sub.Defs = []*ir.Array{y}
	}
	given := sub.Defs
	// The derivative of a stable form is stable, that of 1/(1 + exp(-z)) is
	// not: so stable forms are found first, in copies of the equations.
	sub = sub.Clone()
	for _, p := range []pass.Pass{pass.Stabilise, pass.Simplify} {
		if err := p.Run(sub); err != nil {
			return nil, err
		}
	}
	g := sub
	var err error
	if one {
		g, err = diff.Gradient(sub, "y", xs)
	}
	for _, x := range xs {
		if !one && err == nil {
			g, err = diff.JacobianOf(g, "y", x, len(s.body.env))
		}
	}
	if err != nil {
		return nil, err
	}
	own := map[string]*ir.Array{}
	for _, a := range given {
		own[a.Name] = a
	}
	for _, a := range g.Defs {
		if own[a.Name] != nil {
			continue // a copy of an equation that is there already
		}
		a.Rewrite(s.Builder, func(e *ir.Expr) *ir.Expr {
			if e.Kind == ir.KRead && own[e.Array.Name] != nil && e.Array != own[e.Array.Name] {
				return s.Read(own[e.Array.Name], e.Args...)
			}
			return e
		})
		b.taken[a.Name] = true
		b.prog.Append(a)
	}
	var out []*ir.Array
	for _, x := range xs {
		a := g.Output("grad." + x.Name)
		if a == nil {
			a = g.Output("jacobian.y." + x.Name)
		}
		out = append(out, a)
	}
	return out, nil
}
