package interp

import (
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/ir"
	rt "github.com/nnc-lang/nnc/runtime"
)

// Env is what a program is run with.
type Env struct {
	Dims   map[string]int
	Inputs map[*ir.Array]*Tensor // those that are read
	Seed   uint64                // of draws
}

// Run evaluates p and returns its outputs by name. Inputs are not copied, so
// an output that is an input shares its data.
func Run(p *ir.Program, env *Env) (out map[string]*Tensor, err error) {
	m := &machine{p: p, env: env, arrays: map[*ir.Array]*array{}}
	defer func() {
		switch r := recover().(type) {
		case nil:
		case failure:
			out, err = nil, r.err
		default:
			panic(r)
		}
	}()
	for _, d := range p.Dims {
		if n, ok := env.Dims[d.Name]; !ok {
			m.fail("the dim %s of %s is not given", d.Name, p.Name)
		} else if n < 0 {
			m.fail("the dim %s of %s is %d", d.Name, p.Name, n)
		}
	}
	for _, w := range p.Where {
		if newCompiler(m).compile(w)() == 0 {
			m.fail("%s needs %s", p.Name, w)
		}
	}
	for _, a := range p.Inputs {
		m.input(a, env.Inputs[a])
	}
	for i := 0; i < len(p.Defs); {
		n := ir.Together(p.Defs[i:], 0)
		m.group(p.Defs[i : i+n])
		i += n
	}
	out = map[string]*Tensor{}
	for _, o := range p.Outputs {
		a := m.arrays[o.Array]
		if a == nil {
			m.fail("the output %s is the input %s, which is not given", o.Name, o.Array.Name)
		}
		out[o.Name] = &Tensor{Shape: a.shape, Data: a.data}
	}
	return out, nil
}

// machine is one run of a program.
type machine struct {
	p        *ir.Program
	env      *Env
	arrays   map[*ir.Array]*array
	elements int
	clock    uint64 // ticks when an index changes; see cell

	now *array // being computed, for messages
	at  int    // element of now
}

// failure is what fail panics with.
type failure struct{ err error }

func (m *machine) fail(format string, args ...any) {
	msg := fmt.Sprintf(format, args...)
	if m.now == nil {
		panic(failure{fmt.Errorf("interp: %s", msg)})
	}
	where := m.now.Name
	if m.now.Pos.File != "" {
		where = m.now.Pos.String() + ": " + where
	}
	if m.now.Rank() > 0 && m.now.Def != ir.Accumulate {
		at := make([]int, m.now.Rank())
		for k := range at {
			at[k] = m.at / max(m.now.stride[k], 1) % max(m.now.shape[k], 1)
		}
		where += fmt.Sprint(at)
	}
	panic(failure{fmt.Errorf("interp: %s: %s\n\t%s", where, msg, ir.Equate(m.now.Array))})
}

// integer is v as an int; e is where it comes from.
func (m *machine) integer(v float64, e *ir.Expr) int {
	if math.Abs(v) <= 1<<53 {
		return int(v)
	}
	m.fail("%s is %v, which is no index or size", e, v)
	return 0
}

// group evaluates one definition, or all of a recurrence together.
func (m *machine) group(defs []*ir.Array) {
	if defs[0].Rec == nil {
		a := m.layout(defs[0])
		m.now, m.at = a, 0
		a.data = make([]float64, count(a))
		switch a.Def {
		case ir.Equation:
			m.equation(a)
		case ir.Accumulate:
			m.accumulate(a)
		case ir.Draw:
			m.draw(a)
		default:
			m.fail("is an input among the definitions")
		}
		m.now = nil
		return
	}
	r := &recurrence{machine: m, steps: map[*ir.Array]func(){}, now: map[*ir.Recurrence]*int{}}
	for _, d := range defs {
		a := m.layout(d)
		m.now, m.at = a, 0
		if d.Def != ir.Equation {
			m.fail("is no equation, but in a recurrence")
		}
		for o := d.Rec; o != nil; o = o.In {
			if k := d.TimeIn(o); k < 0 || k >= d.Rank() {
				m.fail("has no axis %d to run along", k)
			}
			if r.now[o] == nil {
				r.now[o] = new(int)
			}
		}
		a.data = make([]float64, count(a))
		a.done = make([]bool, len(a.data))
		m.now = nil
	}
	for _, d := range defs {
		m.now = m.arrays[d]
		r.steps[d] = r.step(m.now)
	}
	r.run(defs, 0)
	for _, d := range defs {
		m.arrays[d].done = nil
	}
	m.now = nil
}

func count(a *array) int {
	n := 1
	for _, d := range a.shape {
		n *= d
	}
	return n
}

func (m *machine) equation(a *array) {
	c := newCompiler(m)
	body := c.compile(a.Body)
	m.loop(a, c, 0, 0, nil, func(at int) { a.data[at] = body() })
}

// loop runs f over the elements of a; axes with a time stand at it.
func (m *machine) loop(a *array, c *compiler, k, at int, times []*int, f func(at int)) {
	if k == a.Rank() {
		m.at = at
		f(at)
		return
	}
	i := c.cell(ir.Axis(k))
	if times != nil && times[k] != nil {
		t := *times[k]
		m.set(i, float64(t))
		m.loop(a, c, k+1, at+t*a.stride[k], times, f)
		return
	}
	for x := range a.shape[k] {
		m.set(i, float64(x))
		m.loop(a, c, k+1, at+x*a.stride[k], times, f)
	}
}

func (m *machine) accumulate(a *array) {
	c := newCompiler(m)
	body := c.compile(a.Body)
	var at []axis
	for k, e := range a.At {
		at = append(at, axis{c.compile(e), e, a.shape[k], a.stride[k]})
	}
	c.nest(a.Domain, func() bool {
		v := body()
		if v == 0 && len(a.data) == 0 { // nothing, to no element
			return true
		}
		a.data[m.offset(a, at)] += v
		return true
	})()
}

func (m *machine) draw(a *array) {
	c := newCompiler(m)
	s := rt.NewStream(m.env.Seed, a.Path)
	var args [2]func() float64
	for k, e := range a.DistArgs {
		if k < 2 {
			args[k] = c.compile(e)
		}
	}
	var f func(at int) float64
	switch {
	case a.Dist == "normal" && len(a.DistArgs) == 2:
		f = func(at int) float64 { return args[0]() + float64(args[1]()*s.Normal(at)) }
	case a.Dist == "uniform" && len(a.DistArgs) == 2:
		f = func(at int) float64 {
			lo, hi := args[0](), args[1]()
			return lo + float64((hi-lo)*s.Uniform(at))
		}
	case a.Dist == "bernoulli" && len(a.DistArgs) == 1:
		f = func(at int) float64 {
			if s.Uniform(at) < args[0]() {
				return 1
			}
			return 0
		}
	default:
		m.fail("no distribution %s of %d parameters", a.Dist, len(a.DistArgs))
	}
	m.loop(a, c, 0, 0, nil, func(at int) { a.data[at] = f(at) })
}
