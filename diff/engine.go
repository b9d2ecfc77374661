package diff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/pass"
)

// engine is what both modes share: the program that is being extended, the
// names it has, the rules looked up so far.
type engine struct {
	*ir.Builder
	p      *ir.Program
	names  map[string]bool
	copies map[string]int // the last number given to a name
	rules  map[ruleKey]rule
	call   map[*ir.Expr]bool // dims bound at each call

	reads, costs, reals facts
	facts               *pass.Facts
}

func newEngine(p *ir.Program) *engine {
	d := &engine{Builder: p.Builder, p: p.Clone(), names: map[string]bool{}, copies: map[string]int{}, rules: map[ruleKey]rule{},
		call: map[*ir.Expr]bool{}, reads: facts{}, costs: facts{}, reals: facts{}}
	d.facts = pass.NewFacts(d.p)
	for _, x := range p.Dims {
		d.call[d.Dim(x.Name)] = x.Call
	}
	for _, a := range slices.Concat(d.p.Inputs, d.p.Defs) {
		d.names[a.Name] = true
	}
	return d
}

// name is the first of the names that is unused, or the last with a number.
func (d *engine) name(names ...string) string {
	for _, n := range names {
		if !d.names[n] {
			d.names[n] = true
			return n
		}
	}
	last := names[len(names)-1]
	for {
		d.copies[last] = max(d.copies[last], 1) + 1
		if n := fmt.Sprintf("%s_%d", last, d.copies[last]); !d.names[n] {
			d.names[n] = true
			return n
		}
	}
}

// prefixed is what the adjoint of the array net.W1 may be called: dW1, dnet.W1.
func prefixed(prefix string, a *ir.Array) []string {
	last := a.Name[strings.LastIndexByte(a.Name, '.')+1:]
	return []string{prefix + last, prefix + a.Name}
}

// result adds an output.
func (d *engine) result(name string, a *ir.Array) {
	d.p.Outputs = append(d.p.Outputs, ir.Output{Name: name, Array: a})
}

// finish drops what no output needs.
func (d *engine) finish() *ir.Program {
	d.p.Prune()
	return d.p
}

// reparametrise rewrites draws whose parameters are active, so that the draw
// itself is a constant: e ~ normal(m, s) is e = m + s*z with z ~ normal(0, 1),
// which is how the elements are computed anyway. Bernoulli draws are never active:
// they are comparisons, which are flat.
func (d *engine) reparametrise(active map[*ir.Array]bool) {
	var defs []*ir.Array
	for _, a := range d.p.Defs {
		defs = append(defs, a)
		if a.Def != ir.Draw || !active[a] {
			continue
		}
		z := *a
		z.Name = d.name(a.Name + "_unit")
		z.DistArgs = []*ir.Expr{d.Const(0), d.Const(1)}
		x, y := a.DistArgs[0], a.DistArgs[len(a.DistArgs)-1]
		if a.Dist == "uniform" {
			y = d.Call(ir.Sub, y, x)
		}
		defs = slices.Insert(defs, len(defs)-1, &z)
		a.Def, a.Dist, a.DistArgs, a.Path = ir.Equation, "", nil, ""
		a.Body = d.Call(ir.Add, x, d.Call(ir.Mul, y, d.Read(&z, d.Axes(z.Rank())...)))
	}
	d.p.Defs = defs
}

// activity finds the arrays that depend on wrt in a way that has a derivative.
func (d *engine) activity(wrt []*ir.Array) map[*ir.Array]bool {
	active := map[*ir.Array]bool{}
	for _, a := range wrt {
		active[a] = true
	}
	for changed := true; changed; { // twice, for recurrences
		changed = false
		memo := map[*ir.Expr]bool{}
		for _, a := range d.p.Defs {
			if active[a] || a.Elem != ir.Real {
				continue
			}
			exprs := a.DistArgs
			switch {
			case a.Body != nil:
				exprs = []*ir.Expr{a.Body}
			case a.Dist == "bernoulli":
				continue
			}
			for _, e := range exprs {
				if isActive(e, active, memo) {
					active[a] = true
					changed = changed || a.Rec != nil
					clear(memo)
				}
			}
		}
	}
	return active
}

// isActive reports whether a derivative can flow from an active array through
// e; memo is of use as long as active does not change.
func isActive(e *ir.Expr, active map[*ir.Array]bool, memo map[*ir.Expr]bool) bool {
	if e.Type != ir.Real {
		return false
	}
	if v, ok := memo[e]; ok {
		return v
	}
	v := e.Kind == ir.KRead && active[e.Array]
	for _, a := range inlets(e) {
		v = v || isActive(a, active, memo)
	}
	memo[e] = v
	return v
}

// inlets are the arguments of e through which a derivative can flow.
func inlets(e *ir.Expr) []*ir.Expr {
	switch e.Kind {
	case ir.KCall:
		var out []*ir.Expr
		for k, a := range e.Args {
			if !e.Op.Flat(k) && a.Type == ir.Real {
				out = append(out, a)
			}
		}
		return out
	case ir.KIf:
		return e.Args[1:]
	case ir.KCustom, ir.KReduce:
		return e.Args
	}
	return nil
}
