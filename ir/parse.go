package ir

import (
	"strconv"
	"strings"
)

// Parse reads the text form of a program, with a Builder of its own.
func Parse(text string) (*Program, error) { return NewBuilder().ParseProgram(text) }

// ParseProgram reads the text form of a program.
func (b *Builder) ParseProgram(text string) (prog *Program, err error) {
	defer catch(&err)
	toks, err := lex(text)
	if err != nil {
		return nil, err
	}
	p := &parser{Builder: b, toks: toks, env: map[string]*Expr{}, arrays: map[string]*Array{}, fns: map[string]*Custom{}}
	prog = &Program{Builder: b}
	var pending []*pendingDef
	recs := map[int64]*Recurrence{}
	// Equations of one recurrence read each other, so left-hand sides come
	// first and bodies in a second round.
	for p.peek().kind != 0 {
		switch {
		case p.accept("\n"):
			continue
		case p.peek().kind == 'c':
			p.next()
			continue
		case p.accept("program"):
			prog.Name = p.ident()
		case p.accept("dim"):
			d := Dim{Name: p.ident()}
			d.Call = p.accept("call")
			prog.Dims = append(prog.Dims, d)
			p.env[d.Name] = p.Dim(d.Name)
		case p.accept("where"):
			prog.Where = append(prog.Where, p.value(precLowest))
		case p.accept("fn"):
			p.custom()
		case p.accept("input"):
			prog.Inputs = append(prog.Inputs, p.input())
		case p.accept("output"):
			name := p.ident()
			p.expect("=")
			a := p.arrays[p.ident()]
			if a == nil {
				p.fail("output of an unknown array")
			}
			prog.Outputs = append(prog.Outputs, Output{name, a})
		default:
			d := p.definition(recs)
			pending = append(pending, d)
			prog.Defs = append(prog.Defs, d.a)
		}
		p.comment()
	}
	for _, d := range pending {
		p.finish(d)
	}
	return prog, nil
}

func (p *parser) comment() {
	if p.peek().kind == 'c' {
		p.next()
	}
	if p.peek().kind != 0 {
		p.expect("\n")
	}
}

func (p *parser) shape() []*Expr {
	var out []*Expr
	if p.accept("[") {
		for !p.accept("]") {
			out = append(out, p.integer())
			if !p.is("]") {
				p.expect(",")
			}
		}
	}
	return out
}

func (p *parser) custom() {
	fn := &Custom{Name: p.ident()}
	p.expect("(")
	restore := p.scope()
	for !p.accept(")") {
		name := p.ident()
		p.env[name] = p.Param(len(fn.Params))
		fn.Params = append(fn.Params, name)
		if !p.is(")") {
			p.expect(",")
		}
	}
	p.expect("=")
	fn.Value = p.value(precLowest)
	fn.Partials = make([]*Expr, len(fn.Params))
	p.env["r"] = p.Param(len(fn.Params))
	p.fns[fn.Name] = fn
	for p.accept("deriv") {
		name := p.ident()
		p.expect(":")
		for k, n := range fn.Params {
			if n == name {
				fn.Partials[k] = p.value(precLowest)
			}
		}
	}
	restore()
}

func (p *parser) input() *Array {
	a := &Array{Name: p.ident(), Def: Input}
	p.expect(":")
	switch t := p.ident(); t {
	case "real":
	case "int":
		a.Elem = Int
	case "bool":
		a.Elem = Bool
	default:
		p.fail("unknown element type %s", t)
	}
	a.Shape = p.shape()
	if p.accept("in") {
		a.In = p.integer()
	}
	role := p.ident()
	for r, name := range roles {
		if name == role {
			a.Role = Role(r)
		}
	}
	if p.accept("of") {
		a.Of = p.arrays[p.ident()]
	}
	p.arrays[a.Name] = a
	return a
}

// pendingDef remembers where the texts of a definition stand.
type pendingDef struct {
	a          *Array
	at, body   int
	axes, hint []string
	end        int
}

// definition reads what stands around the body: the ranges behind it give
// the shape, and the body is parsed when all arrays are known.
func (p *parser) definition(recs map[int64]*Recurrence) *pendingDef {
	d := &pendingDef{a: &Array{Name: p.ident(), Def: Equation}}
	d.at = p.pos
	depth := 0
	for depth > 0 || !p.is("=") && !p.is("+=") && !p.is("~") {
		switch t := p.next(); t.text {
		case "[":
			depth++
		case "]":
			depth--
		case "\n", "end":
			p.fail("expected a definition of %s", d.a.Name)
		}
	}
	switch p.next().text {
	case "+=":
		d.a.Def = Accumulate
	case "~":
		d.a.Def = Draw
	default:
		save := p.pos
		p.pos = d.at
		if p.accept("[") {
			for !p.accept("]") {
				p.ident()
				if !p.is("]") {
					p.expect(",")
				}
			}
		}
		p.pos = save
	}
	d.body = p.pos
	p.skipBody()
	p.ranges(d)
	if p.accept("shape") {
		d.a.Shape = p.shape()
	}
	if p.accept("path") {
		d.a.Path = p.next().text
	}
	if p.accept("scan") {
		d.a.Rec, d.a.TimeAxis = p.recurrence(recs)
		for r := d.a.Rec; p.accept("in"); r = r.In {
			var k int
			r.In, k = p.recurrence(recs)
			d.a.Outer = append(d.a.Outer, k)
		}
	}
	if t := p.peek(); t.kind == 'c' {
		if file, line, ok := strings.Cut(t.text, ":"); ok {
			d.a.Pos.File = file
			d.a.Pos.Line, _ = strconv.Atoi(line)
		}
	}
	p.arrays[d.a.Name] = d.a
	return d
}

// recurrence reads 1 up axis 0.
func (p *parser) recurrence(recs map[int64]*Recurrence) (r *Recurrence, axis int) {
	n, _ := strconv.ParseInt(p.next().text, 10, 64)
	if recs[n] == nil {
		recs[n] = &Recurrence{}
	}
	recs[n].Down = p.ident() == "down"
	p.expect("axis")
	axis, _ = strconv.Atoi(p.next().text)
	return recs[n], axis
}

// skipBody moves to the end of an expression: to the end of the line, or to a
// name directly behind a complete operand.
func (p *parser) skipBody() {
	depth, complete := 0, false
	for {
		t := p.peek()
		if t.kind == 0 || t.text == "\n" || t.kind == 'c' {
			return
		}
		word := t.kind == 'i' && t.text != "then" && t.text != "else" && t.text != "and" && t.text != "or" && t.text != "in"
		if depth == 0 && complete && word {
			return
		}
		switch {
		case t.text == "(" || t.text == "[":
			depth++
			complete = false
		case t.text == ")" || t.text == "]":
			depth--
			complete = !p.afterBinders(t)
		case t.kind == 'n':
			complete = true
		case word && t.text != "if" && t.text != "not":
			complete = true
		default:
			complete = false
		}
		p.next()
	}
}

// afterBinders reports whether the ] at hand ends the binders of a reduction,
// so that its body follows.
func (p *parser) afterBinders(t token) bool {
	if t.text != "]" {
		return false
	}
	depth := 0
	for k := p.pos; k > 0; k-- {
		switch p.toks[k].text {
		case "]":
			depth++
		case "[":
			if depth--; depth == 0 {
				u := p.toks[k-1]
				return u.kind == 'i' && LookupReducer(u.text) != nil
			}
		}
	}
	return false
}

func (p *parser) ranges(d *pendingDef) {
	restore := p.scope()
	defer restore()
	for p.peek().kind == 'i' && p.toks[p.pos+1].text == "in" {
		if d.a.Def == Accumulate {
			bd := p.binder()
			d.a.Domain = append(d.a.Domain, bd)
			d.axes = append(d.axes, p.toks[p.back("in")].text)
		} else {
			name := p.ident()
			p.expect("in")
			d.axes = append(d.axes, name)
			d.a.Axes = append(d.a.Axes, strings.TrimRight(name, "'"))
			d.a.Shape = append(d.a.Shape, p.integer())
		}
		if !p.accept(",") {
			return
		}
	}
}

// back finds the name before the last given word.
func (p *parser) back(word string) int {
	k := p.pos - 1
	for p.toks[k].text != word {
		k--
	}
	return k - 1
}

// finish parses the body of a definition now that all arrays are known.
func (p *parser) finish(d *pendingDef) {
	defer p.scope()()
	for k, name := range d.axes {
		if d.a.Def == Accumulate {
			p.env[name] = p.Idx(d.a.Domain[k].Idx)
		} else {
			p.env[name] = p.Idx(Axis(k))
		}
	}
	switch d.a.Def {
	case Accumulate:
		p.pos = d.at
		d.a.At = p.shape()
	case Draw:
		p.pos = d.body
		d.a.Dist = p.ident()
		p.expect("(")
		for !p.accept(")") {
			d.a.DistArgs = append(d.a.DistArgs, p.value(precLowest))
			if !p.is(")") {
				p.expect(",")
			}
		}
		return
	}
	p.pos = d.body
	x := p.parse(precLowest)
	d.a.Body = x.e
	d.a.Elem = x.e.Type
}
