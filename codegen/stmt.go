package codegen

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// stmt prints one evaluation of a definition's body.
func (b *body) stmt(d *plan.Def, rest []plan.Node) {
	if len(b.loops) == 0 {
		b.say(d)
	}
	if d.Red != nil {
		b.update(d)
		return
	}
	b.set(d.Array, d.At, d.Body, b.readLater(d, rest))
}

// set stores a value: in a variable, or in an array and, if it is read again
// in this iteration, in a variable too.
func (b *body) set(a *ir.Array, at []*ir.Expr, e *ir.Expr, again bool) {
	st := b.plan.Store[a]
	if st.Local() {
		name, first := b.variable(a)
		switch {
		case b.joints[e] != nil && first && !b.isKnown(e):
			b.joined(e, name)
		case e.Kind != ir.KIf || b.isKnown(e):
			if first {
				b.line("%s := %s", name, b.typed(e))
			} else {
				b.line("%s = %s", name, b.expr(e, 0))
			}
		default:
			if first {
				b.line("var %s %s", name, b.elem(e.Type))
			}
			b.chooseFrom(name, e, first)
		}
		return
	}
	to := b.place(a, at)
	if again {
		v := b.value(e, b.withIndices(local(a.Name), at...))
		b.keep(b.b.Read(a, at...), v)
		if b.narrow(a) {
			v = "int32(" + v + ")"
		}
		b.line("%s = %s", to, v)
		return
	}
	b.choose(to, "=", e, b.narrow(a))
}

// narrow reports whether what is stored in an array is converted: integers of
// the caller are int32, those in the memory of the workspace int.
func (b *body) narrow(a *ir.Array) bool {
	st := b.plan.Store[a]
	return a.Elem == ir.Int && !b.bare[a] && !b.inArena(a) && (st == nil || !st.Local())
}

// inArena reports whether an array is in the memory of the workspace.
func (b *body) inArena(a *ir.Array) bool {
	st := b.plan.Store[b.root(a)]
	return st != nil && st.Offset != nil
}

func (b *body) isKnown(e *ir.Expr) bool { _, ok := b.known(e); return ok }

// typed is e so that := gives it the right type.
func (b *body) typed(e *ir.Expr) string {
	s := b.expr(e, 0)
	if b.number(e) != nil && !b.isKnown(e) {
		return b.real() + "(" + s + ")"
	}
	return s
}

// choose prints `to op e`, as branches where e is an if: only the arm taken
// is evaluated. Arms that change nothing are left out.
func (b *body) choose(to, op string, e *ir.Expr, narrow bool) {
	if e.Kind != ir.KIf || b.isKnown(e) {
		if op == "+=" && e.IsCall(ir.Neg) && !b.isKnown(e) {
			b.line("%s -= %s", to, b.expr(e.Args[0], 0))
			return
		}
		s := b.expr(e, 0)
		if op == "=" && s == to {
			return
		}
		if narrow {
			s = "int32(" + s + ")"
		}
		b.line("%s %s %s", to, op, s)
		return
	}
	idle := func(x *ir.Expr) bool { return op == "+=" && x.IsConst(0) }
	c, x, y := e.Args[0], e.Args[1], e.Args[2]
	switch {
	case idle(x) && idle(y):
		return
	case idle(x):
		c, x, y = b.b.Call(ir.Not, c), y, x
	}
	b.line("if %s {", b.expr(c, 0))
	b.arm(func() { b.choose(to, op, x, narrow) })
	if !idle(y) {
		b.line("} else {")
		b.arm(func() { b.choose(to, op, y, narrow) })
	}
	b.line("}")
}

// chooseFrom prints the branches that set a variable, which may be zero still.
func (b *body) chooseFrom(name string, e *ir.Expr, zero bool) {
	x, y := e.Args[1], e.Args[2]
	switch {
	case zero && (isZero(y) || isZero(x)):
		c := e.Args[0]
		if isZero(x) {
			c, x = b.b.Call(ir.Not, c), y
		}
		b.line("if %s {", b.expr(c, 0))
		b.arm(func() { b.choose(name, "=", x, false) })
		b.line("}")
	default:
		b.choose(name, "=", e, false)
	}
}

// isZero reports whether e is what a new variable holds.
func isZero(e *ir.Expr) bool {
	return e.Kind == ir.KConst && e.N == 0 && math.Float64bits(e.Val) == 0
}

// arm prints statements that may not run: what is computed there is not
// known outside.
func (b *body) arm(f func()) {
	done := b.push()
	b.lazy++
	f()
	b.lazy--
	done()
}

// value is e as a variable.
func (b *body) value(e *ir.Expr, hint string) string {
	if s, ok := b.known(e); ok {
		return s
	}
	if b.joints[e] != nil {
		return b.joined(e, "")
	}
	name := hint
	if e.Kind == ir.KIf {
		name = b.names.pick(hint)
		b.line("var %s %s", name, b.elem(e.Type))
		b.chooseFrom(name, e, true)
	} else {
		want := b.want[e]
		b.want[e] = false
		s := b.typed(e)
		b.want[e] = want
		name = b.names.pick(hint)
		b.line("%s := %s", name, s)
	}
	b.keep(e, name)
	return name
}

// update combines the body with the accumulator.
func (b *body) update(d *plan.Def) {
	to := b.acc(d)
	switch d.Red {
	case ir.ArgMax, ir.ArgMin:
		op := ">"
		if d.Red == ir.ArgMin {
			op = "<"
		}
		v := b.value(d.Body, "v")
		best := b.best[d]
		nan := ""
		if d.Body.Type == ir.Real {
			nan = fmt.Sprintf(" || %s != %s && %s == %s", v, v, best, best)
		}
		b.line("if %s %s %s%s {", v, op, best, nan)
		l := b.loops[len(b.loops)-1]
		b.line("%s, %s = %s, %s\n}", to, best, b.idx[l.Idx], v)
	case ir.Sum:
		if d.Scatter && d.Body.Kind != ir.KIf && slices.ContainsFunc(d.At, func(x *ir.Expr) bool { return x.Kind == ir.KIf }) {
			// Where nothing is added there may be no element to add it to.
			root, _ := b.flat(d.Array, d.At)
			b.line("if len(%s) > 0 {", b.arr[root])
			b.arm(func() { b.choose(to, "+=", d.Body, b.narrow(d.Array)) })
			b.line("}")
			break
		}
		b.choose(to, "+=", d.Body, b.narrow(d.Array))
	default:
		b.line("%s = %s", to, fmt.Sprintf(combine[d.Red], to, b.expr(d.Body, combinePrec[d.Red])))
	}
}

var combine = map[*ir.Reducer]string{
	ir.Prod: "%s * %s", ir.MaxOver: "max(%s, %s)", ir.MinOver: "min(%s, %s)", ir.Any: "%s || %s", ir.All: "%s && %s",
}

var combinePrec = map[*ir.Reducer]int{ir.Prod: unaryPrec, ir.Any: binary["&&"], ir.All: binary["=="]}

// acc is where a reduction accumulates.
func (b *body) acc(d *plan.Def) string {
	if d.Scalar {
		return b.sums[d]
	}
	return b.place(d.Array, d.At)
}

// begin sets an accumulator to the value over nothing.
func (b *body) begin(d *plan.Def) {
	if len(b.loops) == 0 {
		b.say(d)
	}
	if !d.Scalar {
		b.wipe(d)
		return
	}
	var name string
	first := true
	if b.plan.Store[d.Array].Local() {
		name, first = b.variable(d.Array)
	} else {
		name = b.names.pick(local(d.Array.Name))
	}
	b.sums[d] = name
	op := "="
	if first {
		op = ":="
	}
	switch {
	case d.Red == ir.ArgMax || d.Red == ir.ArgMin:
		over := ir.MaxOver
		if d.Red == ir.ArgMin {
			over = ir.MinOver
		}
		b.best[d] = b.names.pick(name + "Of")
		b.line("%s %s 0", name, op)
		b.line("%s := %s", b.best[d], b.empty(over, d.Body.Type))
	case first && (d.Red.Empty == 0):
		b.line("var %s %s", name, b.elem(d.Array.Elem))
	default:
		b.line("%s %s %s", name, op, b.empty(d.Red, d.Array.Elem))
	}
}

// end stores an accumulator that is not the array itself.
func (b *body) end(d *plan.Def) {
	if b.plan.Store[d.Array].Local() {
		return
	}
	name := b.sums[d]
	if b.narrow(d.Array) {
		name = "int32(" + name + ")"
	}
	b.line("%s = %s", b.place(d.Array, d.At), name)
	b.keep(b.b.Read(d.Array, d.At...), b.sums[d])
}

// empty is the value of a reduction over nothing.
func (b *body) empty(r *ir.Reducer, elem ir.Elem) string {
	switch elem {
	case ir.Bool:
		return b.constant(b.b.Bool(r.Empty != 0))
	case ir.Int:
		if r.Empty != 0 && r.Empty != 1 {
			b.imports["math"] = true
			if r.Empty < 0 {
				return "math.MinInt"
			}
			return "math.MaxInt"
		}
		return b.constant(b.b.Int(int64(r.Empty)))
	}
	s := b.constant(b.b.Const(r.Empty))
	if !strings.HasPrefix(s, "rt.") {
		s = b.real() + "(" + s + ")"
	}
	return s
}

// inline prints a reduction that has to stay within its expression.
func (b *body) inline(e *ir.Expr) string {
	binders, x := b.b.Open(e)
	a := &ir.Array{Name: e.Red.Name, Elem: e.Type, Def: ir.Equation}
	d := &plan.Def{Array: a, Src: a, For: a, Body: x, Red: e.Red, Scalar: true}
	b.plan.Store[a] = &plan.Storage{}
	var list []plan.Node = []plan.Node{&plan.Stmt{Def: d}}
	for k := len(binders) - 1; k >= 0; k-- {
		list = []plan.Node{&plan.Loop{Dim: plan.Dim(binders[k]), Body: list}}
	}
	b.begin(d)
	b.list(list, &plan.Loop{})
	b.keep(e, b.sums[d])
	return b.sums[d]
}
