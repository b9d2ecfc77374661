package dsl

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// expr elaborates an expression.
func (s *scope) expr(e syntax.Expr) *value {
	s.depth++
	defer func() { s.depth-- }()
	if s.depth > 40_000 { // chains of two functions at most, so that the stack holds it
		return s.errorf("NN209", e.At(), "this is nested too deeply")
	}
	switch e := e.(type) {
	case *syntax.Number:
		return s.number(e)
	case *syntax.Name:
		return s.name(e)
	case *syntax.Paren:
		return s.expr(e.X)
	case *syntax.If:
		return s.ifExpr(e)
	case *syntax.Binary:
		return s.binary(e)
	case *syntax.Unary:
		return s.unary(e)
	case *syntax.Call:
		return s.call(e)
	case *syntax.IndexExpr:
		return s.indexExpr(e, nil)
	case *syntax.Default:
		return s.defaultExpr(e)
	case *syntax.Field:
		return s.field(e)
	case *syntax.Reduce:
		return s.reduce(e)
	case *syntax.ReducerName:
		if e.Op == "grad" || e.Op == "jacobian" {
			return s.noBinder(e.Op, e.Span)
		}
		return s.errorf("NN210", e.Span, "%s needs an argument: %s(x), or an index: %s[i] x[i]", e.Op, e.Op, e.Op)
	case *syntax.List:
		return s.listExpr(e)
	case *syntax.Pipe:
		return s.pipe(e)
	}
	panic("dsl: bug: unknown expression")
}

// array elaborates an expression that must be numbers.
func (s *scope) array(e syntax.Expr) *value { return s.numbers(e, s.expr(e)) }

// numbers refuses what is none.
func (s *scope) numbers(e syntax.Expr, v *value) *value {
	switch v.kind {
	case badValue, arrayValue:
		return v
	case recordValue:
		return s.errorf("NN211", e.At(), "%s has several results: %s; say which one, as in %s.%s",
			s.source(e.At()), strings.Join(v.names, ", "), s.source(e.At()), v.names[0])
	case funcValue:
		return s.errorf("NN211", e.At(), "%s is a function, not a number; hint: call it", s.source(e.At()))
	}
	return s.errorf("NN211", e.At(), "%s is a model, not a number; hint: call it, or name one of its parameters", s.source(e.At()))
}

func (s *scope) number(e *syntax.Number) *value {
	if !strings.ContainsAny(e.Text, ".eE") {
		n, err := strconv.ParseInt(e.Text, 10, 64)
		if err == nil && n < 1<<53 {
			v := scalarOf(s.Int(n))
			v.lit = true
			return v
		}
	}
	x, err := strconv.ParseFloat(e.Text, 64)
	if err != nil {
		return s.errorf("NN212", e.Span, "%s is too large for a number", e.Text)
	}
	return scalarOf(s.Const(x))
}

// elementwise applies f to elements: shapes are equal or scalar.
func (s *scope) elementwise(f func(args ...*ir.Expr) *ir.Expr, vs ...*value) *value {
	out := &value{kind: arrayValue}
	for _, v := range vs {
		if v.kind == badValue {
			return bad
		}
		if len(v.shape) > len(out.shape) {
			out.shape = v.shape
		}
	}
	if len(out.shape) == 0 { // computed once, whatever reads it
		args := make([]*ir.Expr, len(vs))
		for k, v := range vs {
			args[k] = v.at(nil)
		}
		e := f(args...)
		out.at = func([]*ir.Expr) *ir.Expr { return e }
		return out
	}
	out.at = func(idx []*ir.Expr) *ir.Expr {
		args := make([]*ir.Expr, len(vs))
		for k, v := range vs {
			if len(v.shape) == 0 {
				args[k] = v.at(nil)
			} else {
				args[k] = v.at(idx)
			}
		}
		return f(args...)
	}
	return out
}

// typed sets the element type of v by looking at one element.
func (s *scope) typed(v *value) *value {
	if v.kind == arrayValue {
		_, idx := s.temps(v.shape, nil)
		v.elem = v.at(idx).Type
	}
	return v
}

func (s *scope) unary(e *syntax.Unary) *value {
	x := s.expr(e.X)
	if e.Op == "-" {
		if v := s.modelOp(e, "-", func(a ...*ir.Expr) *ir.Expr { return s.Call(ir.Neg, a[0]) }, x); v != nil {
			return v
		}
	}
	if x = s.numbers(e.X, x); x.kind == badValue {
		return bad
	}
	switch e.Op {
	case "-":
		if x.elem == ir.Bool {
			return s.errorf("NN213", e.Span, "- needs numbers, %s is a boolean", s.source(e.X.At()))
		}
		v := s.elementwise(func(a ...*ir.Expr) *ir.Expr {
			if a[0].Kind == ir.KConst && a[0].Type == ir.Real {
				return s.Const(-a[0].Val)
			}
			return s.Call(ir.Neg, a[0])
		}, x)
		v.elem, v.lit = x.elem, x.lit
		return v
	case "not":
		if x.elem != ir.Bool {
			return s.errorf("NN213", e.Span, "not needs a boolean, %s is %s", s.source(e.X.At()), x.elem)
		}
		v := s.elementwise(func(a ...*ir.Expr) *ir.Expr { return s.Call(ir.Not, a[0]) }, x)
		v.elem = ir.Bool
		return v
	}
	if x.rank() < 2 { // transpose
		d := diag.New("NN107", e.Span, "' transposes a matrix; %s is %s", s.source(e.X.At()), s.shapeText(x.shape))
		if x.rank() == 1 {
			d.WithHint("a vector is a row and a column: a @ b is the inner product, outer(a, b) the matrix")
		}
		s.report(d)
		return bad
	}
	w := *x
	n := len(x.shape)
	w.shape = append(append([]*ir.Expr(nil), x.shape[:n-2]...), x.shape[n-1], x.shape[n-2])
	w.prob, w.hint = "", ""
	w.at = func(idx []*ir.Expr) *ir.Expr {
		sw := append(append([]*ir.Expr(nil), idx[:n-2]...), idx[n-1], idx[n-2])
		return x.at(sw)
	}
	return &w
}

func (s *scope) binary(e *syntax.Binary) *value {
	if e.Op == "@" {
		return s.matmul(e)
	}
	return s.binaryOf(e, s.expr(e.X), s.expr(e.Y))
}

// binaryOf is an operator of the values of its sides.
func (s *scope) binaryOf(e *syntax.Binary, x, y *value) *value {
	if x.kind == badValue || y.kind == badValue {
		return bad
	}
	op := ir.Lookup(e.Op)
	if op.Class == ir.Arith {
		if v := s.modelOp(e, e.Op, func(a ...*ir.Expr) *ir.Expr { return s.Call(op, a[0], a[1]) }, x, y); v != nil {
			return v
		}
	}
	if x, y = s.numbers(e.X, x), s.numbers(e.Y, y); x.kind == badValue || y.kind == badValue {
		return bad
	}
	for _, side := range []struct {
		e syntax.Expr
		v *value
	}{{e.X, x}, {e.Y, y}} {
		isBool := side.v.elem == ir.Bool
		if isBool != (op.Class == ir.Logic) && !(isBool && (op == ir.Eq || op == ir.Ne)) {
			want := "numbers"
			if op.Class == ir.Logic {
				want = "booleans"
			}
			return s.errorf("NN213", e.Span, "%s needs %s, %s is %s", e.Op, want, s.source(side.e.At()), side.v.elem)
		}
	}
	if !s.agree(e, x, y) {
		return bad
	}
	if op == ir.Mod && (x.elem != ir.Int || y.elem != ir.Int) {
		at, v := e.X, x
		if x.elem == ir.Int {
			at, v = e.Y, y
		}
		return s.errorf("NN213", e.Span, "%% needs integers, %s is %s", s.source(at.At()), v.elem)
	}
	if op == ir.Pow && y.elem == ir.Int && !s.naturals(y) { // a fraction, where it is below 0
		x, y = s.real(x), s.real(y)
	}
	v := s.elementwise(func(a ...*ir.Expr) *ir.Expr { return s.Call(op, a[0], a[1]) }, x, y)
	v.elem = arithType(op, x, y)
	v.lit = x.lit && y.lit && v.elem == ir.Int
	return v
}

// naturals reports whether integers are shown to be 0 or more.
func (s *scope) naturals(v *value) bool {
	_, idx := s.temps(v.shape, nil)
	return v.bound != nil || s.known(v.at(idx))
}

// floorOf is floor(a/b), an integer if a and b are.
func (s *scope) floorOf(e *syntax.Call, q *syntax.Binary, f *value) *value {
	x, y := s.expr(q.X), s.expr(q.Y)
	if !x.isArray() || !y.isArray() || x.elem != ir.Int || y.elem != ir.Int {
		v := s.binaryOf(q, x, y)
		return s.callBuiltin(f.fn.builtin, e, []*value{v}, []syntax.Expr{q})
	}
	if !s.agree(q, x, y) {
		return bad
	}
	v := s.elementwise(func(a ...*ir.Expr) *ir.Expr { return s.Call(ir.IDiv, a...) }, x, y)
	v.elem = ir.Int
	return v
}

// agree checks the shapes of an elementwise operator: NN102, NN104.
func (s *scope) agree(e *syntax.Binary, x, y *value) bool {
	if x.rank() == 0 || y.rank() == 0 || s.sameShape(x.shape, y.shape) {
		return true
	}
	code, hint := "NN104", ""
	big, small, be, se := x, y, e.X, e.Y
	if y.rank() > x.rank() {
		big, small, be, se = y, x, e.Y, e.X
	}
	switch {
	case big.rank() == small.rank()+1 && s.resolve(big.shape[big.rank()-1]).IsConst(1):
		code = "NN102"
		hint = "Axes of size 1 never stretch. hint: take the axis away: (…)[0] where the value is made, or " + s.source(be.At()) + "[.., 0]"
	case big.rank() == small.rank():
		code = "NN102"
		hint = "hint: the axes must be the same dims; different names are different sizes"
		if !slices.ContainsFunc(slices.Concat(x.shape, y.shape), func(d *ir.Expr) bool { return s.resolve(d).Kind == ir.KDim }) {
			hint = "hint: give both the same size"
		}
		for k := range big.shape {
			if !s.equal(big.shape[k], small.shape[k]) {
				hint = "axis " + strconv.Itoa(k) + " differs. " + hint
				break
			}
		}
	default:
		hint = "hint: say which axis " + s.source(se.At()) + " belongs to: " + s.indexHint(e.Op, be, big, se, small)
	}
	d := diag.New(code, e.Span, "%s needs equal shapes or a scalar: %s and %s", e.Op, s.shapeText(x.shape), s.shapeText(y.shape))
	d.Spans = []diag.Span{e.X.At(), e.Y.At()}
	note := s.describe(e.X, x) + "; " + s.describe(e.Y, y)
	if rest, ok := strings.CutPrefix(hint, "hint: "); ok {
		d.Note("%s", note).WithHint("%s", rest)
	} else if before, after, ok := strings.Cut(hint, " hint: "); ok {
		d.Note("%s. %s", note, before).WithHint("%s", after)
	}
	s.report(d)
	return false
}

// indexHint writes an elementwise operation with indices, as in
// y[o, i, j] = z[o, i, j] + b[o].
func (s *scope) indexHint(op string, be syntax.Expr, big *value, se syntax.Expr, small *value) string {
	var letters, few []string
	used := 0
	for k, d := range big.shape {
		l := axisLetters[k%len(axisLetters)]
		letters = append(letters, l)
		if used < small.rank() && s.resolve(d) == s.resolve(small.shape[used]) {
			few = append(few, l)
			used++
		}
	}
	if used < small.rank() {
		few = letters[:small.rank()]
	}
	all := "[" + strings.Join(letters, ", ") + "]"
	return "y" + all + " = " + s.source(be.At()) + all + " " + op + " " + s.source(se.At()) + "[" + strings.Join(few, ", ") + "]"
}

func (s *scope) ifExpr(e *syntax.If) *value {
	cond := s.array(e.Cond)
	if cond.kind == badValue {
		return bad
	}
	if cond.elem != ir.Bool {
		return s.errorf("NN213", e.Cond.At(), "a condition must be a boolean, %s is %s", s.source(e.Cond.At()), cond.elem)
	}
	then, els := s, s
	if cond.scalar() {
		c := cond.expr()
		if c.Kind == ir.KConst { // `if train`, or a condition on constants
			if c.N != 0 {
				return s.array(e.Then)
			}
			return s.array(e.Else)
		}
		then, els = s.under(c), s.under(s.negated(c))
	}
	x, y := then.array(e.Then), els.array(e.Else)
	if x.kind == badValue || y.kind == badValue {
		return bad
	}
	if (x.elem == ir.Bool) != (y.elem == ir.Bool) {
		return s.errorf("NN213", e.Span, "the arms of this if are %s and %s", x.elem, y.elem)
	}
	pairs := [][2]*value{{x, y}, {cond, x}, {cond, y}}
	exprs := [][2]syntax.Expr{{e.Then, e.Else}, {e.Cond, e.Then}, {e.Cond, e.Else}}
	for k, p := range pairs {
		if p[0].rank() > 0 && p[1].rank() > 0 && !s.sameShape(p[0].shape, p[1].shape) {
			d := diag.New("NN104", e.Span, "if needs equal shapes or scalars: %s and %s", s.shapeText(p[0].shape), s.shapeText(p[1].shape))
			d.Spans = []diag.Span{exprs[k][0].At(), exprs[k][1].At()}
			s.report(d.Note("%s; %s", s.describe(exprs[k][0], p[0]), s.describe(exprs[k][1], p[1])))
			return bad
		}
	}
	v := s.elementwise(func(a ...*ir.Expr) *ir.Expr { return s.If(a[0], a[1], a[2]) }, cond, x, y)
	v.elem = x.elem
	if y.elem != x.elem {
		v.elem = ir.Real
	}
	if x.prob != "" && y.prob != "" {
		v.prob = x.prob
	}
	return v
}

func (s *scope) listExpr(e *syntax.List) *value {
	var vs []*value
	for _, x := range e.Elems {
		v := s.array(x)
		if v.kind == badValue {
			return bad
		}
		if len(vs) > 0 && !s.sameShape(vs[0].shape, v.shape) {
			d := diag.New("NN102", e.Span, "the elements of a list need equal shapes: %s and %s", s.shapeText(vs[0].shape), s.shapeText(v.shape))
			d.Spans = []diag.Span{e.Elems[0].At(), x.At()}
			s.report(d)
			return bad
		}
		vs = append(vs, v)
	}
	if len(vs) == 0 {
		return s.errorf("NN214", e.Span, "an empty list has no shape; hint: zeros[0]")
	}
	out := &value{kind: arrayValue, shape: append([]*ir.Expr{s.Int(int64(len(vs)))}, vs[0].shape...)}
	anyReal := false
	for _, v := range vs {
		anyReal = anyReal || v.elem == ir.Real
	}
	out.at = func(idx []*ir.Expr) *ir.Expr {
		e := vs[len(vs)-1].at(idx[1:])
		if anyReal {
			e = s.Real(e)
		}
		for k := len(vs) - 2; k >= 0; k-- {
			e = s.If(s.Call(ir.Eq, idx[0], s.Int(int64(k))), vs[k].at(idx[1:]), e)
		}
		return e
	}
	return s.typed(out)
}
