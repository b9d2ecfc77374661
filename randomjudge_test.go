package nnc

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
	"github.com/nnc-lang/nnc/ir/pass"
)

// interpret tries what needs no build.
func (c *trial) interpret() {
	step := "lower"
	defer func() {
		if p := recover(); p != nil {
			c.wrong = fmt.Sprintf("%s: panic: %v\n%s", step, p, debug.Stack())
		}
	}()
	e, req, err := c.prepare(c.input)
	if err != nil {
		c.refuse(step, err)
		return
	}
	second := derivative{what: "hvp", of: "l", wrt: leavesOf(e.wrt), gradients: true}
	step = "no passes"
	v, err := e.variant(req, second, true)
	if err != nil {
		c.refuse(step, err)
		return
	}
	fail := func(err error) {
		if c.wrong == "" {
			c.wrong = step + ": " + err.Error()
		}
	}
	if c.plain, err = v.interpreted(); err != nil {
		fail(err)
		return
	}
	overflows, err := c.stabilised(e, req, second)
	if err != nil {
		fail(err)
		return
	}
	step = "forward mode"
	if err := c.dual(e, req); err != nil {
		fail(err)
	}
	step = "all passes"
	forms, err := (&job{name: "F", program: e.low.Program.Clone(), want: second}).forms()
	if err != nil {
		fail(err)
		return
	}
	try := func(p *ir.Program) *evaluation {
		v, err := e.with(req, p)
		if err == nil {
			var out map[string]*interp.Tensor
			if out, err = v.interpreted(); err == nil {
				c.compare(step, out)
				return v
			}
		}
		fail(err)
		return nil
	}
	if v := try(forms[len(Pipeline)].again()); v != nil {
		c.emitted = &goProgram{evaluation: v.alone(), plain: c.seed%2 == 1}
	}
	step = "other derivatives"
	if err := c.others(e, req); err != nil {
		fail(err)
	}
	for k, p := range Pipeline {
		if p.Required || overflows && strings.HasPrefix(p.Name, "stabilise") {
			continue
		}
		step = "without " + p.Name
		switch p, err := skip(forms, k, second); {
		case err != nil:
			fail(err)
		case p != nil:
			try(p)
		}
	}
}

// stabilised puts into the plain results, where they are NaN, what the program gives
// if it is stabilised before it is differentiated, where that is a number: written
// plainly, the slope of 1/(1 + exp(-z)) is NaN at -1000. It reports whether there was any.
func (c *trial) stabilised(e *evaluation, req *request, w derivative) (any bool, err error) {
	if finite(c.plain) {
		return false, nil
	}
	p := e.low.Program.Clone()
	if err := pass.Run(p, pass.Stabilise); err != nil {
		return false, err
	}
	j := &job{name: "F", program: p, want: w, plain: true}
	if err := j.run(); err != nil {
		return false, err
	}
	v, err := e.with(req, j.program)
	if err != nil {
		return false, err
	}
	out, err := v.interpreted()
	if err != nil {
		return false, err
	}
	for name, t := range c.plain {
		for k, x := range t.Data {
			if y := out[name].Data[k]; math.IsNaN(x) && !math.IsNaN(y-y) {
				t.Data[k], any = y, true
			}
		}
	}
	return any, nil
}

func (c *trial) refuse(step string, err error) {
	if c.rejected = err; errors.As(err, new(*Bug)) {
		c.rejected, c.wrong = nil, step+": "+err.Error()
	}
}

func (c *trial) prepare(input []byte) (*evaluation, *request, error) {
	return c.prepareEntry("F", input)
}

func (c *trial) prepareEntry(name string, input []byte) (*evaluation, *request, error) {
	m, err := module("random.nn", []byte(c.source), Options{})
	if err != nil {
		return nil, nil, err
	}
	entry, err := findEntry(m, name)
	if err != nil {
		return nil, nil, err
	}
	req, err := parseRequest(input)
	if err != nil {
		return nil, nil, err
	}
	e := &evaluation{module: m, entry: entry, what: "hvp", seed: req.seed, train: req.train, bits: 64}
	if err := e.lower(req); err != nil {
		return nil, nil, err
	}
	return e, req, e.choose(req)
}

// variant is the evaluation of one derivative, through all passes or none.
func (e *evaluation) variant(req *request, w derivative, plain bool) (*evaluation, error) {
	j := &job{name: "F", program: e.low.Program, want: w, plain: plain}
	if err := j.run(); err != nil {
		return nil, err
	}
	return e.with(req, j.program)
}

// with is the evaluation of a form of its program.
func (e *evaluation) with(req *request, p *ir.Program) (*evaluation, error) {
	v := *e
	v.program = p
	return &v, v.bind(req)
}

func (e *evaluation) interpreted() (map[string]*interp.Tensor, error) {
	return interp.Run(e.program, &interp.Env{Dims: e.dims, Inputs: e.inputs, Seed: e.seed})
}

// alone is the evaluation with what is left to emit and to run, and nothing
// else that would stay in memory.
func (e *evaluation) alone() *evaluation {
	v := &evaluation{
		module:  &ir.Module{File: e.module.File, F64: e.module.F64},
		seed:    e.seed,
		program: ir.Move(e.program)[0],
		dims:    e.dims,
		inputs:  map[*ir.Array]*interp.Tensor{},
	}
	for k, in := range e.program.Inputs {
		v.inputs[v.program.Inputs[k]] = e.inputs[in]
	}
	return v
}

// form is what a program was at some point: copies of its definitions, which
// read the arrays that they are copies of.
type form struct {
	ir.Program
	of []*ir.Array
}

func formOf(p *ir.Program) *form {
	f := &form{Program: *p, of: slices.Clone(p.Defs)}
	f.Inputs, f.Outputs = slices.Clone(p.Inputs), slices.Clone(p.Outputs)
	f.Defs = make([]*ir.Array, len(f.of))
	for i, a := range f.of {
		c := *a
		c.At, c.Domain, c.DistArgs = slices.Clone(a.At), slices.Clone(a.Domain), slices.Clone(a.DistArgs)
		f.Defs[i] = &c
	}
	return f
}

// again makes it a program of its own, and what it is copied from what it was.
func (f *form) again() *ir.Program {
	p := f.Program
	p.Defs = f.of
	for i, a := range f.Defs {
		*f.of[i] = *a
	}
	return p.Clone()
}

// forms takes the program through the pipeline and gives what it was before
// each pass, and at the end.
func (j *job) forms() (list []*form, err error) {
	for k := range Pipeline {
		list = append(list, formOf(j.program))
		if err := j.passes(k, k+1); err != nil {
			return nil, err
		}
	}
	return append(list, formOf(j.program)), nil
}

// skip takes a program through the pipeline without pass k. It gives nil where
// that pass changes nothing, or a later one makes up for it; or where without
// it formulas grow, as they do when nothing keeps what they have in common,
// far beyond what the others can bear.
func skip(forms []*form, k int, w derivative) (*ir.Program, error) {
	if same(&forms[k].Program, &forms[k+1].Program) {
		return nil, nil
	}
	j := &job{name: "F", program: forms[k].again(), want: w}
	for i := k + 1; i < len(Pipeline); i++ {
		if err := j.passes(i, i+1); err != nil {
			return nil, err
		}
		if same(j.program, &forms[i+1].Program) || size(j.program) > 1<<13 {
			return nil, nil
		}
	}
	return j.program, nil
}

// size is how many nodes there are when everything is written out as a tree.
func size(p *ir.Program) (n int) {
	for _, a := range p.Defs {
		if a.Body != nil {
			n = min(n+a.Body.Size(), 1<<30)
		}
	}
	return n
}

// same reports whether two forms of a program are written the same.
func same(p, q *ir.Program) bool {
	return slices.EqualFunc(p.Outputs, q.Outputs, func(a, b ir.Output) bool { return a.Array.Name == b.Array.Name }) &&
		slices.EqualFunc(p.Defs, q.Defs, func(a, b *ir.Array) bool {
			switch {
			case a.Name != b.Name || a.Def != b.Def || (a.Rec == nil) != (b.Rec == nil):
				return false
			case a.Def == ir.Equation && a.Body == b.Body && slices.Equal(a.Shape, b.Shape):
				return true
			case a.Body != nil && b.Body != nil && a.Body.Size() != b.Body.Size():
				return false
			}
			return ir.Equate(a) == ir.Equate(b)
		})
}

// compare holds results against those of the plain program. Of an infinity and NaN
// either will do: which of them 1/0 times a sum is depends on whether the sum or the
// product is taken first.
func (c *trial) compare(who string, got map[string]*interp.Tensor) {
	if c.wrong != "" {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(c.plain)) {
		want := c.plain[name]
		if got[name] == nil || len(got[name].Data) != len(want.Data) {
			c.wrong = who + " gives no " + name
			return
		}
		for k, y := range want.Data {
			x := got[name].Data[k]
			if math.IsNaN(x) && math.IsInf(y, 0) || math.IsInf(x, 0) && math.IsNaN(y) {
				c.infinite = true
				continue
			}
			if d := apart(x, y); d > 1e-9*(1+scale(c.plain)) {
				c.wrong = fmt.Sprintf("%s: %s, number %d, is %v, not %v", who, name, k, x, y)
				c.at, c.by = name, d
				return
			}
		}
	}
}

// apart is 0 for two NaN or the same infinity, and infinite where only one
// is finite.
func apart(x, y float64) float64 {
	switch {
	case x == y || math.IsNaN(x) && math.IsNaN(y):
		return 0
	case math.IsNaN(x-y) || math.IsInf(x-y, 0):
		return math.Inf(1)
	}
	return math.Abs(x - y)
}

// scale is the largest finite number of all: what rounding is relative to.
func scale(out map[string]*interp.Tensor) (s float64) {
	for _, t := range out {
		for _, x := range t.Data {
			if x = math.Abs(x); x > s && !math.IsInf(x, 0) {
				s = x
			}
		}
	}
	return s
}

// dual holds the derivative along the tangents, which forward mode gives,
// against the gradient and, where the program is smooth, against differences.
func (c *trial) dual(e *evaluation, req *request) error {
	v, err := e.variant(req, derivative{what: "jvp", wrt: leavesOf(e.wrt)}, false)
	if err != nil {
		return err
	}
	out, err := v.interpreted()
	if err != nil {
		return err
	}
	jvp := out["jvp.l"].Data[0]
	dot, size := 0.0, 0.0
	for _, in := range v.program.Inputs {
		if in.Role != ir.Tangent {
			continue
		}
		for k, g := range c.plain["grad."+in.Of.Name].Data {
			dot += g * v.inputs[in].Data[k]
			size += math.Abs(g * v.inputs[in].Data[k])
		}
	}
	if math.IsNaN(c.plain["l"].Data[0]) {
		return nil // NaN times the tangent 0 is NaN; no path at all is 0
	}
	if d := apart(dot, jvp); d > 1e-9*(1+scale(c.plain)+size) {
		c.by = d
		return fmt.Errorf("%v, the gradient says %v", jvp, dot)
	}
	src := c.source
	if c.program == nil || c.seed%8 != 0 || slices.ContainsFunc([]string{"deriv", "stop", "floor(", "argm"}, func(s string) bool { return strings.Contains(src, s) }) {
		return nil
	}
	slope := func(h float64) float64 {
		at := func(h float64) float64 {
			inputs := map[*ir.Array]*interp.Tensor{}
			for in, x := range v.inputs {
				inputs[in] = x
			}
			for _, in := range v.program.Inputs {
				if in.Role == ir.Tangent {
					x := interp.Zeros(v.inputs[in.Of].Shape...)
					for k := range x.Data {
						x.Data[k] = v.inputs[in.Of].Data[k] + h*v.inputs[in].Data[k]
					}
					inputs[in.Of] = x
				}
			}
			moved := *v
			moved.inputs = inputs
			out, err := moved.interpreted()
			if err != nil {
				return math.NaN()
			}
			return out["l"].Data[0]
		}
		return (at(h) - at(-h)) / (2 * h)
	}
	// Near a kink, or where it is steep, two steps do not agree.
	a, b := slope(1e-4), slope(3e-5)
	tol := 1e-5 * (1 + math.Abs(a) + size)
	if math.Abs(a-b) < tol/10 && !(math.Abs(a-jvp) < tol) {
		c.by = math.Abs(a - jvp)
		return fmt.Errorf("%v, differences say %v", jvp, a)
	}
	return nil
}
