package dsl

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// where evaluates the conditions of a function on its dims: a new name is
// bound, a constant condition is decided, the rest is tested at run time.
func (in *scope) where(a *application) bool {
	for _, w := range a.fd.Where {
		if b, ok := syntax.Unparen(w).(*syntax.Binary); ok && b.Op == "==" {
			if n, ok := b.X.(*syntax.Name); ok && in.dim(n.Name) == nil {
				e := in.intExpr(b.Y)
				if e == nil || !in.size(e, w, a) {
					return false
				}
				in.names[n.Name] = scalarOf(e)
				continue
			}
		}
		cond := in.condition(w)
		if cond == nil {
			return false
		}
		if cond.Kind == ir.KConst {
			if cond.N == 0 {
				in.report(diag.New("NN222", a.at, "%s needs %s, which does not hold here", a.fd.Name.Name, in.source(w.At())).Note("%s", in.declaredAt(a.fd, w)))
				return false
			}
			continue
		}
		if !in.holds(cond) {
			in.require(cond)
		}
		in.assume(cond)
	}
	return true
}

// assumeDims takes the conditions of the function for granted that are about dims
// which are bound already: they are tested before any array is read.
func (in *scope) assumeDims() {
	for _, w := range in.body.decl.Where {
		b, ok := syntax.Unparen(w).(*syntax.Binary)
		bound := true
		namesIn(w, func(n string) {
			v := in.dim(n)
			bound = bound && (n == "floor" || v != nil && v.scalar() && v.expr().Type == ir.Int)
		})
		if !ok || b.Op != "==" || !bound {
			continue
		}
		if cond := in.condition(w); cond != nil && cond.Kind != ir.KConst {
			in.assume(cond)
		}
	}
}

// size checks that what a condition names is none below 0, or has it tested.
func (in *scope) size(e *ir.Expr, w syntax.Expr, a *application) bool {
	e = in.resolve(e)
	if e.Kind == ir.KConst && e.N < 0 {
		in.report(diag.New("NN222", a.at, "%s: %s is %d here, and no size is below 0", a.fd.Name.Name, in.source(w.At()), e.N).Note("%s", in.declaredAt(a.fd, w)))
		return false
	}
	if !in.known(e) {
		in.require(in.Call(ir.Ge, e, in.Int(0)))
	}
	return true
}

// declaredAt says where a condition stands.
func (in *scope) declaredAt(fd *funcDecl, w syntax.Expr) string {
	if fd.mod.std == nil {
		return "nnc show " + fd.Name.Name + " prints its text"
	}
	return fmt.Sprintf("declared at %s:%d", w.At().Pos.File, w.At().Pos.Line)
}

// require adds a condition that is tested when a call binds the dims.
func (in *scope) require(cond *ir.Expr) {
	if p := in.body.build.prog; !slices.Contains(p.Where, cond) {
		p.Where = append(p.Where, cond)
	}
}

// condition elaborates a condition on integers, where / is exact.
func (in *scope) condition(e syntax.Expr) *ir.Expr {
	if b, ok := syntax.Unparen(e).(*syntax.Binary); ok {
		op := ir.Lookup(b.Op)
		switch {
		case op != nil && op.Class == ir.Compare:
			x, y := in.intExpr(b.X), in.intExpr(b.Y)
			if x == nil || y == nil {
				return nil
			}
			return in.Call(op, in.resolve(x), in.resolve(y))
		case op != nil && op.Class == ir.Logic:
			x, y := in.condition(b.X), in.condition(b.Y)
			if x == nil || y == nil {
				return nil
			}
			return in.Call(op, x, y)
		}
	}
	in.errorf("NN222", e.At(), "where takes conditions on sizes, such as H %% k == 0")
	return nil
}

func (in *scope) holds(cond *ir.Expr) bool {
	facts := in.nonNegatives(cond)
	if len(facts) == 0 || cond.IsCall(ir.Or) {
		return false
	}
	for _, f := range facts {
		if !in.nonNegative(f) {
			return false
		}
	}
	return true
}

// bodyValue elaborates the body of a function in its own scope.
func (in *scope) bodyValue(a *application) *value {
	fd := a.fd
	if !fd.Block {
		if in.body.result != "" {
			in.hint = in.body.result
		}
		var v *value
		if c := reshapeCall(fd.Body); c != nil && len(fd.Results) == 1 {
			v = in.reshapeTo(fd.Results[0].Type, c)
		} else {
			in.tail = syntax.Unparen(fd.Body)
			v = in.expr(fd.Body)
		}
		if v.kind == badValue {
			return bad
		}
		switch len(fd.Results) {
		case 0:
			return v
		case 1:
			return in.result(fd.Results[0], v, fd.Body.At(), a)
		}
		if v.kind != recordValue || len(v.vals) != len(fd.Results) {
			return in.errorf("NN109", fd.Body.At(), "%s has %d results, its body gives one", fd.Name.Name, len(fd.Results))
		}
		out := &value{kind: recordValue}
		for k, r := range fd.Results {
			x := in.result(r, v.vals[k], fd.Body.At(), a)
			if x.kind == badValue {
				return bad
			}
			out.names, out.vals = append(out.names, r.Name.Name), append(out.vals, x)
		}
		return out
	}
	if !in.block(fd, a) {
		return bad
	}
	out := &value{kind: recordValue}
	for _, r := range fd.Results {
		v := in.names[r.Name.Name]
		if v == nil {
			return in.errorf("NN208", r.Name.Span, "no equation gives the result %s of %s", r.Name.Name, fd.Name.Name)
		}
		if v = in.result(r, v, r.Name.Span, a); v.kind == badValue {
			return bad
		}
		out.names, out.vals = append(out.names, r.Name.Name), append(out.vals, v)
	}
	switch len(fd.Results) {
	case 0:
		return in.errorf("NN208", fd.Name.Span, "%s has equations but names no result; hint: %s(…) -> y: …", fd.Name.Name, fd.Name.Name)
	case 1:
		return out.vals[0]
	}
	return out
}

// result checks a value against the declared type of a result.
func (in *scope) result(r *syntax.Result, v *value, at diag.Span, a *application) *value {
	if v.kind == instValue && r.Type != nil && r.Type.Ref != nil {
		if fd, _ := in.typeRef(r.Type.Ref); fd != v.inst.decl {
			return in.errorf("NN109", at, "result %s is a %s, here is a %s", r.Name.Name, in.source(r.Type.Span), v.inst.decl.Name.Name)
		}
		return v
	}
	if v.kind != arrayValue {
		if v.kind != badValue {
			in.errorf("NN109", at, "result %s is numbers, here is %s", r.Name.Name, kindText(v))
		}
		return bad
	}
	w := *v
	w.def, w.text = at, in.source(at)
	v = &w
	t := r.Type
	if t != nil && t.Ref != nil {
		return in.errorf("NN109", t.Span, "a result is numbers, not a layer")
	}
	if rest, _ := cellRank(t); rest {
		if in.body.restSet && !in.sameShape(in.body.rest, v.shape) {
			return in.errorf("NN109", at, "result %s is %s like the argument, the equation gives %s", r.Name.Name, in.shapeText(in.body.rest), in.shapeText(v.shape))
		}
	} else {
		n := 0
		if t != nil {
			n = len(t.Dims)
		}
		ok := n == v.rank()
		for k := 0; ok && k < n; k++ {
			ok = in.unify(t.Dims[k].Expr, v.shape[k])
		}
		if !ok {
			declared := "a scalar"
			if n > 0 {
				declared = in.declaredShape(t)
			}
			d := diag.New("NN109", at, "result %s is declared %s, its equation gives %s", r.Name.Name, declared, in.shapeText(v.shape))
			switch eq := in.given(r.Name.Name); {
			case at != r.Name.Span:
				d.Also(r.Name.Span)
			case eq != nil:
				d.Spans = []diag.Span{eq.Value.At(), r.Name.Span}
			}
			in.report(d)
			return bad
		}
	}
	switch {
	case t != nil && (t.In != nil || t.Elem == "int"):
		if v.elem != ir.Int {
			return in.wrongElem(r, at, "result %s is integers, its equation gives %s; hint: let %s be real", r.Name.Name, v.elem, r.Name.Name)
		}
		if t.In != nil && v.bound == nil {
			return in.errorf("NN205", at, "nothing bounds result %s to %s", r.Name.Name, in.source(t.In.At()))
		}
	case t != nil && t.Elem == "bool":
		if v.elem != ir.Bool {
			return in.wrongElem(r, at, "result %s is bool, its equation gives %s; hint: a comparison", r.Name.Name, v.elem)
		}
	default:
		if v.elem == ir.Bool {
			return in.wrongElem(r, at, "result %s is real, its equation gives bool; hint: if … then 1 else 0", r.Name.Name)
		}
		if t != nil || a.fd.Kind != "fn" || v.elem == ir.Real {
			v = in.real(v)
		}
	}
	return v
}

// wrongElem reports a result of another element type at its equation.
func (in *scope) wrongElem(r *syntax.Result, at diag.Span, format string, args ...any) *value {
	if eq := in.given(r.Name.Name); eq != nil && at == r.Name.Span {
		at = eq.Value.At()
	}
	return in.errorf("NN213", at, format, args...)
}

// given is the equation of a result that is not a recurrence, or nil.
func (in *scope) given(name string) *syntax.Equation {
	for _, st := range in.body.decl.Stmts {
		if e, ok := st.(*syntax.Equation); ok && len(e.Targets) == 1 && e.Targets[0].Name.Name == name && e.Op == "=" {
			return e
		}
	}
	return nil
}

// block elaborates the statements of a body.
func (in *scope) block(fd *funcDecl, a *application) bool {
	groups, behind := findRecurrences(fd.Stmts)
	before := len(in.diags)
	for i, st := range fd.Stmts {
		switch st := st.(type) {
		case *syntax.Param:
			in.param(st.Name, st.Type, st.Op, st.Value, st.Doc, false)
		case *syntax.State:
			in.body.build.impure = true
			in.param(st.Name, st.Type, "=", st.Value, st.Doc, true)
		case *syntax.Equation:
			if groups[st] == nil {
				in.equation(st, fd)
			}
		}
		for _, g := range behind[i] {
			in.recurrence(g, fd)
		}
	}
	for _, d := range in.diags[before:] {
		if !d.Warning {
			return false
		}
	}
	return true
}

// define names a value; a name is defined once.
func (in *scope) define(name syntax.Ident, v *value, at diag.Span) {
	if old := in.names[name.Name]; old != nil {
		if old != bad {
			in.report(diag.New("NN206", name.Span, "%s is defined twice", name.Name).Also(old.def))
		}
		return
	}
	if v.kind == arrayValue {
		w := *v
		w.def, w.text = name.Span, in.source(at)
		v = &w
	}
	in.names[name.Name] = v
}

// equation elaborates one statement that is not part of a recurrence.
func (in *scope) equation(st *syntax.Equation, fd *funcDecl) {
	switch st.Op {
	case "~":
		in.draw(st)
		return
	case "<-":
		in.update(st)
		return
	}
	inner, lhs, ok := in.leftSide(st, fd)
	if !ok {
		for _, t := range st.Targets {
			in.define(t.Name, bad, t.Span)
		}
		return
	}
	inner.hint = in.arrayName(st.Targets[0].Name.Name, fd)
	in.texts[posOf(st.Span)] = in.source(st.Span)
	v := inner.rightSide(st, fd)
	for k, t := range st.Targets {
		x := v
		if len(st.Targets) > 1 && v.kind != badValue {
			if v.kind != recordValue || len(v.vals) != len(st.Targets) {
				v = in.errorf("NN227", st.Value.At(), "%d names on the left, the right side gives %s", len(st.Targets), kindCount(v))
				x = bad
			} else {
				x = v.vals[k]
			}
		}
		if x.kind == recordValue || x.kind == instValue || x.kind == badValue || x.kind == instList || x.kind == funcValue {
			if len(lhs[k]) > 0 && x.kind != badValue {
				x = in.errorf("NN227", st.Span, "%s with indices needs numbers on its right, here is %s", t.Name.Name, kindText(x))
			}
			in.define(t.Name, x, st.Value.At())
			continue
		}
		if x = in.box(t, x, lhs[k]); x.kind == badValue {
			in.define(t.Name, x, st.Value.At())
			continue
		}
		x = in.abstract(x, lhs[k])
		x = in.annotate(st, x)
		if x.elem == ir.Int && realResult(t.Name.Name, fd) {
			x = in.real(x)
		}
		if x.kind == badValue {
			in.define(t.Name, x, st.Value.At())
			continue
		}
		names := make([]string, len(x.shape))
		for j, i := range lhs[k] {
			names[j] = in.index[i].name
		}
		if len(lhs[k]) < len(names) {
			for j, n := range in.axisNames(x) {
				if names[j] == "" && !slices.Contains(names, n) {
					names[j] = n
				}
			}
		}
		in.define(t.Name, in.store(in.arrayName(t.Name.Name, fd), x, st.Span, names), st.Value.At())
	}
}

func kindCount(v *value) string {
	if v.kind == recordValue {
		return joinNames(v.names)
	}
	return "one value"
}

// rightSide elaborates the value of an equation; reshape looks at the shape
// its target declares.
func (in *scope) rightSide(st *syntax.Equation, fd *funcDecl) *value {
	if c := reshapeCall(st.Value); c != nil {
		t := st.Type
		for _, r := range fd.Results {
			if t == nil && r.Name.Name == st.Targets[0].Name.Name {
				t = r.Type
			}
		}
		return in.reshapeTo(t, c)
	}
	in.tail = syntax.Unparen(st.Value)
	return in.expr(st.Value)
}

// arrayName is the name for the array of an equation's target.
func (in *scope) arrayName(name string, fd *funcDecl) string {
	if in.body.result != "" && len(fd.Results) == 1 && fd.Results[0].Name.Name == name {
		return in.body.result
	}
	return name
}

// realResult reports whether name is a result that is not declared integer
// or boolean.
func realResult(name string, fd *funcDecl) bool {
	for _, r := range fd.Results {
		if r.Name.Name == name {
			return r.Type == nil || r.Type.In == nil && r.Type.Elem != "int" && r.Type.Elem != "bool"
		}
	}
	return false
}

// reshapeCall is e as reshape(v), or nil.
func reshapeCall(e syntax.Expr) *syntax.Call {
	c, ok := syntax.Unparen(e).(*syntax.Call)
	if !ok || len(c.Args) != 1 {
		return nil
	}
	if n, ok := c.Fun.(*syntax.Name); !ok || n.Name != "reshape" {
		return nil
	}
	return c
}

// reshapeTo is reshape(v) where a shape is declared.
func (in *scope) reshapeTo(t *syntax.Type, c *syntax.Call) *value {
	v := in.array(c.Args[0].Value)
	if v.kind == badValue {
		return bad
	}
	if t == nil || !t.HasDims {
		return in.errorf("NN228", c.Span, "reshape needs the shape of its target: y: [H, W] = reshape(v)")
	}
	n, m := in.Int(1), in.Int(1)
	var shape []*ir.Expr
	for _, d := range t.Dims {
		e := in.intExpr(d.Expr)
		if e == nil {
			return bad
		}
		shape, n = append(shape, e), in.Call(ir.Mul, n, e)
	}
	for _, d := range v.shape {
		m = in.Call(ir.Mul, m, d)
	}
	if !in.equal(n, m) {
		d := diag.New("NN228", c.Span, "reshape from %s to %s changes the number of elements", in.shapeText(v.shape), in.shapeText(shape))
		if n.Kind != ir.KConst || m.Kind != ir.KConst {
			d.Msg = fmt.Sprintf("it cannot be shown that reshape from %s to %s keeps the number of elements", in.shapeText(v.shape), in.shapeText(shape))
			d.WithHint("where %s == %s, tested when the call binds them", in.dimText(n), in.dimText(m))
		}
		in.report(d)
		return bad
	}
	return in.reshaped(in.store(hintOf(v, in.named("x")), v, c.Span, nil), shape)
}

// annotate checks the type written on an equation.
func (in *scope) annotate(st *syntax.Equation, v *value) *value {
	t := st.Type
	if t == nil || v.kind != arrayValue {
		return v
	}
	for k, d := range t.Dims {
		if len(t.Dims) != v.rank() || d.Rest || !in.unify(d.Expr, v.shape[k]) {
			return in.errorf("NN109", st.Span, "%s is declared %s, its equation gives %s", st.Targets[0].Name.Name, in.declaredShape(t), in.shapeText(v.shape))
		}
	}
	if t.Elem == "" && t.In == nil || t.Elem == "real" {
		v = in.real(v)
	}
	return v
}
