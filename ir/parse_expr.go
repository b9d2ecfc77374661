package ir

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// parser reads the text form. env gives a meaning to names: formal arguments,
// indices in scope, dims; arrays are looked up in arrays.
type parser struct {
	*Builder
	toks   []token
	pos    int
	env    map[string]*Expr
	arrays map[string]*Array
	fns    map[string]*Custom
	depth  int
}

type syntaxError struct{ msg string }

func (p *parser) fail(format string, args ...any) {
	t := p.toks[min(p.pos, len(p.toks)-1)]
	panic(syntaxError{fmt.Sprintf("line %d: %s", t.line, fmt.Sprintf(format, args...))})
}

// catch turns a syntaxError into an error.
func catch(err *error) {
	switch r := recover().(type) {
	case nil:
	case syntaxError:
		*err = fmt.Errorf("ir: %s", r.msg)
	default:
		panic(r)
	}
}

// ParseExpr reads an expression; env gives the meaning of its free names.
func (b *Builder) ParseExpr(text string, env map[string]*Expr) (e *Expr, err error) {
	defer catch(&err)
	toks, err := lex(text)
	if err != nil {
		return nil, err
	}
	p := &parser{Builder: b, toks: toks, env: env}
	e = p.value(precLowest)
	if p.peek().kind != 0 {
		p.fail("unexpected %q after an expression", p.peek().text)
	}
	return e, nil
}

func (p *parser) peek() token { return p.toks[p.pos] }
func (p *parser) next() token { t := p.toks[p.pos]; p.pos++; return t }
func (p *parser) is(s string) bool {
	t := p.peek()
	return t.text == s && t.kind != 'n' && t.kind != 's' && t.kind != 'c'
}
func (p *parser) accept(s string) bool {
	if p.is(s) {
		p.pos++
		return true
	}
	return false
}
func (p *parser) expect(s string) {
	if !p.accept(s) {
		p.fail("expected %q, found %q", s, p.peek().text)
	}
}
func (p *parser) ident() string {
	t := p.next()
	if t.kind != 'i' {
		p.pos--
		p.fail("expected a name, found %q", t.text)
	}
	return t.text
}

// An item is an expression or a bare number, which is an integer or a real as
// its place wants.
type item struct {
	e    *Expr
	lit  bool     // whole number without decimal point
	ints [2]*Expr // a quotient of integers, of which there is the floor
}

func (p *parser) toInt(x item) *Expr {
	if x.lit {
		return p.Int(int64(x.e.Val))
	}
	if x.e.Type != Int {
		p.fail("expected an integer, found %s", x.e)
	}
	return x.e
}

// value parses an expression where a bare number is real.
func (p *parser) value(min int) *Expr { return p.parse(min).e }
func (p *parser) integer() *Expr      { return p.toInt(p.parse(precSum)) }

func (p *parser) parse(min int) item {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > 2000 {
		p.fail("nesting too deep")
	}
	x := p.prefix(min)
	for {
		t := p.peek()
		op := byName[t.text]
		if (t.kind != 'o' && t.kind != 'i') || op == nil || op.Infix == 0 || op.Infix < min {
			return x
		}
		p.next()
		right := op.Infix + 1
		if op == Pow {
			right = precNeg
		}
		x = p.binary(op, x, p.parse(right))
	}
}

func (p *parser) binary(op *Operator, x, y item) item {
	asInt := func(z item) bool { return z.lit || z.e.Type == Int }
	switch {
	case op.Class == IntOnly:
		return item{e: p.Call(op, p.toInt(x), p.toInt(y))}
	case (op.Ints || op.Class == Compare) && asInt(x) && asInt(y) && !(x.lit && y.lit):
		return item{e: p.Call(op, p.toInt(x), p.toInt(y))}
	case op == Div && asInt(x) && asInt(y) && !(x.lit && y.lit):
		a, b := p.toInt(x), p.toInt(y)
		return item{e: p.Call(op, p.Real(a), p.Real(b)), ints: [2]*Expr{a, b}}
	}
	return item{e: p.Call(op, x.e, y.e)}
}

func (p *parser) prefix(min int) item {
	switch {
	case p.accept("-"):
		if min > precNeg {
			p.fail("a minus sign needs parentheses here")
		}
		x := p.parse(precNeg)
		if x.e.Kind == KConst && x.e.Type == Real {
			return item{e: p.Const(-x.e.Val), lit: x.lit}
		}
		return item{e: p.Call(Neg, x.e)}
	case p.accept("not"):
		return item{e: p.Call(Not, p.value(precNot))}
	case p.accept("if"):
		c := p.value(precLowest + 1)
		p.expect("then")
		x := p.parse(precLowest + 1)
		p.expect("else")
		y := p.parse(precLowest)
		if x.lit != y.lit && (x.lit && y.e.Type == Int || y.lit && x.e.Type == Int) {
			return item{e: p.If(c, p.toInt(x), p.toInt(y))}
		}
		return item{e: p.If(c, x.e, y.e)}
	case p.accept("("):
		x := p.parse(precLowest)
		p.expect(")")
		return x
	}
	t := p.next()
	switch t.kind {
	case 'n':
		v, err := strconv.ParseFloat(t.text, 64)
		if err != nil {
			p.fail("bad number %s", t.text)
		}
		return item{e: p.Const(v), lit: !strings.ContainsAny(t.text, ".eE")}
	case 'i':
		return p.name(t.text)
	}
	p.pos--
	p.fail("unexpected %q", t.text)
	return item{}
}

func (p *parser) name(name string) item {
	if red := LookupReducer(name); red != nil && p.is("[") {
		return item{e: p.reduction(red)}
	}
	if p.accept("(") {
		var args []item
		for !p.accept(")") {
			args = append(args, p.parse(precLowest))
			if !p.is(")") {
				p.expect(",")
			}
		}
		return item{e: p.apply(name, args)}
	}
	if e, ok := p.env[name]; ok {
		return item{e: e}
	}
	if a, ok := p.arrays[name]; ok {
		var idx []*Expr
		if p.accept("[") {
			for !p.accept("]") {
				idx = append(idx, p.integer())
				if !p.is("]") {
					p.expect(",")
				}
			}
		}
		if len(idx) != a.Rank() {
			p.fail("%s has %d axes, read with %d indices", name, a.Rank(), len(idx))
		}
		return item{e: p.Read(a, idx...)}
	}
	switch name {
	case "pi":
		return item{e: p.Const(math.Pi)}
	case "inf":
		return item{e: p.Const(math.Inf(1))}
	case "nan":
		return item{e: p.Const(math.NaN())}
	case "true", "false":
		return item{e: p.Bool(name == "true")}
	}
	p.fail("unknown name %s", name)
	return item{}
}

func (p *parser) apply(name string, args []item) *Expr {
	es := make([]*Expr, len(args))
	for i, a := range args {
		es[i] = a.e
	}
	if fn := p.fns[name]; fn != nil {
		if len(es) != len(fn.Params) {
			p.fail("%s takes %d arguments", name, len(fn.Params))
		}
		return p.CustomCall(fn, es...)
	}
	if name == "floor" && len(args) == 1 && args[0].ints[0] != nil {
		return p.Call(IDiv, args[0].ints[0], args[0].ints[1])
	}
	op := byName[name]
	if op == nil || op.Arity != len(es) {
		p.fail("no function %s of %d arguments", name, len(es))
	}
	ints := op.Class == IntOnly || op.Class == Convert
	if op.Ints {
		lits := 0
		ints = true
		for _, a := range args {
			if a.lit {
				lits++
			} else if a.e.Type != Int {
				ints = false
			}
		}
		ints = ints && lits < len(args)
	}
	if ints {
		for i, a := range args {
			es[i] = p.toInt(a)
		}
	}
	return p.Call(op, es...)
}

func (p *parser) reduction(red *Reducer) *Expr {
	p.expect("[")
	var binders []Binder
	restore := p.scope()
	for !p.accept("]") {
		binders = append(binders, p.binder())
		if !p.is("]") {
			p.expect(",")
		}
	}
	body := p.value(precTerm)
	restore()
	return p.Reduce(red, binders, body)
}

// binder parses `i in lo..hi` and brings i into scope as a temporary.
func (p *parser) binder() Binder {
	name := p.ident()
	p.expect("in")
	bd := Binder{Name: strings.TrimRight(name, "'"), Lo: p.Int(0), Hi: p.integer()}
	if p.accept("..") {
		bd.Lo, bd.Hi = bd.Hi, p.integer()
	}
	bd.Idx = p.Temp(bd.Name)
	p.env[name] = p.Idx(bd.Idx)
	return bd
}

// scope copies the environment and returns what restores it.
func (p *parser) scope() func() {
	old := p.env
	p.env = map[string]*Expr{}
	for k, v := range old {
		p.env[k] = v
	}
	return func() { p.env = old }
}
