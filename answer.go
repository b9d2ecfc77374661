package nnc

import (
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
)

// answer prints what was asked as one JSON object, from the outputs of the
// program by name.
func (e *evaluation) answer(out map[string]*interp.Tensor, bits int) (_ []byte, err error) {
	p := &answerPrinter{evaluation: e, out: out, writer: writer{bits: bits}}
	defer func() {
		if b, ok := recover().(*Bug); ok {
			err = b
		} else if r := recover(); r != nil {
			panic(r)
		}
	}()
	p.WriteString(`{"value":`)
	p.results("")
	switch e.what {
	case "value":
	case "jvp":
		p.WriteString(`,"jvp":`)
		p.results("jvp.")
	case "jacobian":
		p.WriteString(`,"jacobian":`)
		p.jacobian()
	case "hessian":
		p.WriteString(`,"hessian":`)
		p.byArg(e.wrt, func(a *ir.Array) {
			p.byArg(e.wrt, func(b *ir.Array) { p.derivative("hessian."+a.Name+"."+b.Name, 0, a, b) })
		})
	default: // grad vjp hvp hessdiag
		p.WriteString(`,"` + e.what + `":`)
		p.byArg(e.wrt, func(a *ir.Array) { p.derivative(e.what+"."+a.Name, 0, a) })
	}
	p.state()
	p.WriteString("}\n")
	return []byte(p.String()), nil
}

type answerPrinter struct {
	*evaluation
	writer
	out map[string]*interp.Tensor
}

// key writes what stands before the value of a key, the i-th of its object.
func (p *answerPrinter) key(i int, name string) {
	if i > 0 {
		p.WriteByte(',')
	}
	p.WriteString(strconv.Quote(name) + ":") // names are letters and digits
}

func (p *answerPrinter) get(name string) *interp.Tensor {
	t := p.out[name]
	if t == nil {
		panic(bugf("the program of %s.%s gives no %s", p.entry.Name, p.what, name))
	}
	return t
}

// results prints the outputs that are called prefix and a result: one bare,
// several as an object. Only reals have a derivative.
func (p *answerPrinter) results(prefix string) {
	all := p.evaluation.results()
	show := func(r ir.Output) {
		t := p.get(prefix + r.Name)
		if p.mapped {
			t = reshape(t, 1, p.frame)
		}
		p.tensor(t, r.Array.Elem)
	}
	if len(all) == 1 {
		show(all[0])
		return
	}
	p.WriteByte('{')
	n := 0
	for _, r := range all {
		if prefix == "" || r.Array.Elem == ir.Real {
			p.key(n, r.Name)
			show(r)
			n++
		}
	}
	p.WriteByte('}')
}

// jacobian prints by argument, above that by result when there are several,
// result axes first.
func (p *answerPrinter) jacobian() {
	all := p.evaluation.results()
	one := func(r ir.Output) {
		p.byArg(p.wrt, func(a *ir.Array) {
			p.derivative("jacobian."+r.Name+"."+a.Name, r.Array.Rank(), a)
		})
	}
	if len(all) == 1 {
		one(all[0])
		return
	}
	p.WriteByte('{')
	n := 0
	for _, r := range all {
		if r.Array.Elem == ir.Real {
			p.key(n, r.Name)
			one(r)
			n++
		}
	}
	p.WriteByte('}')
}

// derivative prints an output whose axes are lead axes of a result, then those
// of each given input. The frame dim of a mapped model becomes the frame it
// stands for, and what was shared over the frame is summed over it.
func (p *answerPrinter) derivative(name string, lead int, inputs ...*ir.Array) {
	t := p.get(name)
	if p.mapped {
		at := 0
		if lead > 0 {
			t = expand(t, 0, p.frame)
			at = lead - 1 + len(p.frame)
		}
		for _, a := range inputs {
			switch {
			case a.Role != ir.Data:
				at += a.Rank()
			case p.shared[a.Name]:
				t = sumAxis(t, at)
				at += a.Rank() - 1
			default:
				t = expand(t, at, p.frame)
				at += a.Rank() - 1 + len(p.frame)
			}
		}
	}
	p.tensor(t, ir.Real)
}

// expand is t with axis k replaced by several of the same size together.
func expand(t *interp.Tensor, k int, axes []int) *interp.Tensor {
	shape := append(append(append([]int{}, t.Shape[:k]...), axes...), t.Shape[k+1:]...)
	return &interp.Tensor{Shape: shape, Data: t.Data}
}

// byArg prints an object by argument name; a model is an object by parameter.
func (p *answerPrinter) byArg(args []*ir.Arg, show func(*ir.Array)) {
	p.WriteByte('{')
	for i, a := range args {
		p.key(i, a.Name)
		if a.Bundle == nil {
			show(a.Leaves[0])
			continue
		}
		rest := a.Leaves
		p.bundle(a.Bundle, &rest, false, show)
	}
	p.WriteByte('}')
}

// bundle prints the parameters, or the state, of a bundle; rest are its
// leaves and those behind it.
func (p *answerPrinter) bundle(b *ir.Bundle, rest *[]*ir.Array, state bool, show func(*ir.Array)) {
	p.WriteByte('{')
	n := 0
	for _, f := range b.Fields {
		switch {
		case f.Bundle == nil:
			a := (*rest)[0]
			*rest = (*rest)[1:]
			if f.State != state {
				continue
			}
			p.key(n, f.Name)
			show(a)
		case state && !hasState(f.Bundle):
			*rest = (*rest)[countLeaves(f.Bundle)*max(1, f.Count):]
			continue
		case f.Count == 0:
			p.key(n, f.Name)
			p.bundle(f.Bundle, rest, state, show)
		default:
			p.key(n, f.Name)
			p.WriteByte('[')
			for i := range f.Count {
				if i > 0 {
					p.WriteByte(',')
				}
				p.bundle(f.Bundle, rest, state, show)
			}
			p.WriteByte(']')
		}
		n++
	}
	p.WriteByte('}')
}

func hasState(b *ir.Bundle) bool {
	for _, f := range b.Fields {
		if f.State || f.Bundle != nil && hasState(f.Bundle) {
			return true
		}
	}
	return false
}

func countLeaves(b *ir.Bundle) int {
	n := 0
	for _, f := range b.Fields {
		if f.Bundle == nil {
			n++
		} else {
			n += countLeaves(f.Bundle) * max(1, f.Count)
		}
	}
	return n
}

// state prints the new state, where the program gives any.
func (p *answerPrinter) state() {
	if !p.train || p.what == "init" {
		return
	}
	show := func(a *ir.Array) {
		t := p.out["state."+a.Name]
		if t == nil { // never updated
			t = p.inputs[a]
		}
		p.tensor(t, ir.Real)
	}
	first := true
	for _, a := range p.low.Args {
		if a.Bundle == nil || !hasState(a.Bundle) {
			continue
		}
		rest := a.Leaves
		if a.Name == ownParams && p.entry.Kind == ir.ModelEntry {
			p.WriteString(`,"state":`)
			p.bundle(a.Bundle, &rest, true, show)
			return
		}
		if first {
			p.WriteString(`,"state":{`)
		}
		p.key(map[bool]int{true: 0, false: 1}[first], a.Name)
		p.bundle(a.Bundle, &rest, true, show)
		first = false
	}
	if !first {
		p.WriteByte('}')
	}
}

// init prints the initial values of the models of the entry: of a model entry
// its parameters, else by argument. It is the value and what was asked.
func (e *evaluation) init() []byte {
	p := &answerPrinter{evaluation: e, writer: writer{bits: 32}}
	if e.module.F64 {
		p.writer.bits = 64
	}
	show := func(a *ir.Array) { p.tensor(p.inputs[a], ir.Real) }
	object := func(state bool) string {
		p.Reset()
		n := 0
		for _, a := range e.low.Args {
			if a.Bundle == nil || state && !hasState(a.Bundle) {
				continue
			}
			rest := a.Leaves
			if e.entry.Kind != ir.ModelEntry {
				p.key(n, a.Name)
				n++
			}
			p.bundle(a.Bundle, &rest, state, show)
		}
		if e.entry.Kind != ir.ModelEntry {
			return "{" + p.String() + "}"
		}
		return p.String()
	}
	params := object(false)
	s := `{"value":` + params + `,"init":` + params
	if st := object(true); strings.Trim(st, "{}") != "" {
		s += `,"state":` + st
	}
	return []byte(s + "}\n")
}
