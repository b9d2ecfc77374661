package dsl

import (
	"go/token"

	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// builtin is a function that is not written in the language.
type builtin struct {
	name string
	op   *ir.Operator // scalar operator, mapped over its arguments
	call func(s *scope, e *syntax.Call, args []*value, exprs []syntax.Expr) *value
}

var builtins map[string]*builtin

func init() {
	builtins = map[string]*builtin{
		"flatten": {name: "flatten", call: (*scope).flatten},
		"concat":  {name: "concat", call: (*scope).concat},
		"stop":    {name: "stop", call: (*scope).stop},
		"zeros":   {name: "zeros"},
		"ones":    {name: "ones"},
		"eye":     {name: "eye"},
		"reshape": {name: "reshape"},
	}
	for _, op := range ir.Operators {
		if token.IsIdentifier(op.Name) && op.Class == ir.Arith && !op.Inner {
			builtins[op.Name] = &builtin{name: op.Name, op: op}
		}
	}
}

// callBuiltin applies a built-in function.
func (s *scope) callBuiltin(b *builtin, e *syntax.Call, args []*value, exprs []syntax.Expr) *value {
	for _, a := range args {
		if a.kind == badValue {
			return bad
		}
		if a.kind == instValue && b.name == "stop" {
			return s.modelOp(e, b.name, s.stopped, args...)
		}
		if a.kind != arrayValue {
			return s.errorf("NN211", e.Span, "%s takes numbers", b.name)
		}
	}
	if b.call != nil {
		return b.call(s, e, args, exprs)
	}
	if b.name == "reshape" {
		s.report(diag.New("NN228", e.Span, "reshape takes the shape that its target declares, so it stands alone on the right").
			WithHint("y: [H, W] = reshape(v), and go on with y"))
		return bad
	}
	if b.op == nil {
		return s.errorf("NN216", e.Span, "%s takes sizes in brackets, as in %s[10]", b.name, b.name)
	}
	if len(args) != b.op.Arity {
		return s.errorf("NN110", e.Span, "%s takes %d argument%s, here are %d", b.name, b.op.Arity, plural(b.op.Arity), len(args))
	}
	for k, a := range args {
		if a.elem == ir.Bool {
			return s.errorf("NN213", exprs[k].At(), "%s needs numbers, %s is a boolean", b.name, s.source(exprs[k].At()))
		}
	}
	if b.op == ir.Lookup("abs") && args[0].elem == ir.Int {
		v := s.elementwise(func(a ...*ir.Expr) *ir.Expr { return s.Call(ir.Max, a[0], s.Call(ir.Neg, a[0])) }, args[0])
		v.elem = ir.Int
		return v
	}
	if len(args) == 2 && !s.agree(&syntax.Binary{Op: b.name, X: exprs[0], Y: exprs[1], Loc: e.Loc}, args[0], args[1]) {
		return bad
	}
	v := s.elementwise(func(a ...*ir.Expr) *ir.Expr { return s.Call(b.op, a...) }, args...)
	v.elem = arithType(b.op, args...)
	v.hint = b.name
	return v
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// arithType is the element type of an operator's result.
func arithType(op *ir.Operator, args ...*value) ir.Elem {
	switch op.Class {
	case ir.Compare, ir.Logic:
		return ir.Bool
	case ir.IntOnly:
		return ir.Int
	}
	if !op.Ints {
		return ir.Real
	}
	for _, a := range args {
		if a.elem != ir.Int {
			return ir.Real
		}
	}
	return ir.Int
}

// flatten is an example's array as a vector, in row-major order.
func (s *scope) flatten(e *syntax.Call, args []*value, exprs []syntax.Expr) *value {
	if len(args) != 1 {
		return s.errorf("NN110", e.Span, "flatten takes 1 argument, here are %d", len(args))
	}
	return s.reshaped(s.store(hintOf(args[0], s.named("x")), args[0], e.Span, nil), nil)
}

// reshaped is v with its elements in row-major order under another shape
// (nil: one axis).
func (s *scope) reshaped(v *value, shape []*ir.Expr) *value {
	if shape == nil {
		shape = []*ir.Expr{s.product(v.shape)}
	}
	out := *v
	out.shape, out.prob, out.hint = shape, "", "flat"
	groups := s.together(v.shape, shape)
	out.at = func(idx []*ir.Expr) *ir.Expr {
		full := make([]*ir.Expr, len(v.shape))
		for _, g := range groups {
			flat := s.Int(0)
			for k := g.to[0]; k < g.to[1]; k++ {
				flat = s.Call(ir.Add, s.Call(ir.Mul, flat, shape[k]), idx[k])
			}
			for k := g.from[1] - 1; k > g.from[0]; k-- {
				full[k] = s.Call(ir.Mod, flat, v.shape[k])
				flat = s.Call(ir.IDiv, flat, v.shape[k])
			}
			if g.from[0] < g.from[1] {
				full[g.from[0]] = flat
			}
		}
		return v.at(full)
	}
	return &out
}

// regroup is a run of axes of one shape that holds the elements of a run of
// axes of another.
type regroup struct{ from, to [2]int }

// together pairs the axes of two shapes of as many elements, in runs as short
// as can be: [H, W, 3] and [H*W, 3] are [H, W] and [H*W], [3] and [3].
func (c *checker) together(from, to []*ir.Expr) []regroup {
	var out []regroup
	i, j := len(from), len(to)
	for i > 0 && j > 0 {
		// The shortest runs that end at i and j and hold as many elements.
		g := regroup{[2]int{0, i}, [2]int{0, j}}
	search:
		for n := 2; n < i+j; n++ {
			for p := i - 1; p >= 0; p-- {
				q := j - (n - (i - p))
				if q < 0 || q >= j {
					continue
				}
				if c.byWhere(c.Call(ir.Sub, c.product(from[p:i]), c.product(to[q:j]))) {
					g.from[0], g.to[0] = p, q
					break search
				}
			}
		}
		out = append(out, g)
		i, j = g.from[0], g.to[0]
	}
	if i+j > 0 { // axes of size 1, or what is known only when called
		out = append(out, regroup{[2]int{0, i}, [2]int{0, j}})
	}
	return out
}

// product is the number of elements of a shape.
func (c *checker) product(shape []*ir.Expr) *ir.Expr {
	n := c.Int(1)
	for _, d := range shape {
		n = c.Call(ir.Mul, n, c.resolve(d))
	}
	return n
}

// concat joins along the first axis.
func (s *scope) concat(e *syntax.Call, args []*value, exprs []syntax.Expr) *value {
	if len(args) == 0 {
		return s.errorf("NN110", e.Span, "concat takes at least 1 argument")
	}
	size := s.Int(0)
	var starts []*ir.Expr
	anyReal := false
	for k, a := range args {
		if a.rank() == 0 {
			return s.errorf("NN107", exprs[k].At(), "concat joins arrays, %s is a scalar; hint: [%s]", s.source(exprs[k].At()), s.source(exprs[k].At()))
		}
		if !s.sameShape(a.shape[1:], args[0].shape[1:]) {
			return s.errorf("NN102", exprs[k].At(), "concat needs equal axes but the first: %s and %s", s.shapeText(args[0].shape), s.shapeText(a.shape))
		}
		starts = append(starts, size)
		size = s.Call(ir.Add, size, a.shape[0])
		anyReal = anyReal || a.elem == ir.Real
	}
	out := &value{kind: arrayValue, elem: args[0].elem, shape: append([]*ir.Expr{size}, args[0].shape[1:]...), hint: "concat"}
	if anyReal {
		out.elem = ir.Real
	}
	out.at = func(idx []*ir.Expr) *ir.Expr {
		var e *ir.Expr
		for k := len(args) - 1; k >= 0; k-- {
			at := append([]*ir.Expr{s.Call(ir.Sub, idx[0], starts[k])}, idx[1:]...)
			x := args[k].at(at)
			if anyReal {
				x = s.Real(x)
			}
			if e == nil {
				e = x
			} else {
				e = s.If(s.Call(ir.Lt, idx[0], starts[k+1]), x, e)
			}
		}
		return e
	}
	return out
}

// stop is its argument with derivative 0, as a function with a derivative of
// its own.
func (s *scope) stop(e *syntax.Call, args []*value, exprs []syntax.Expr) *value {
	if len(args) != 1 {
		return s.errorf("NN110", e.Span, "stop takes 1 argument, here are %d", len(args))
	}
	v := s.elementwise(s.stopped, args[0])
	v.elem, v.prob = ir.Real, args[0].prob
	return v
}

func (s *scope) stopped(a ...*ir.Expr) *ir.Expr {
	if s.stopFn == nil {
		s.stopFn = &ir.Custom{Name: "stop", Params: []string{"x"}, Value: s.Param(0), Partials: []*ir.Expr{s.Const(0)}}
	}
	return s.CustomCall(s.stopFn, a[0])
}
