package pass

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
)

// TestRules instantiates each rule with numbers and compares the sides. A
// wrong rule is wrong at an ordinary point; a rule of simplify.rules that
// hides or invents a NaN or an infinity is wrong at a special one.
func TestRules(t *testing.T) {
	for _, set := range []struct {
		name  string
		rules *ruleSet
		exact bool
	}{{"simplify", loadRules.simplify(), true}, {"stabilise", loadRules.stabilise(), false}} {
		for _, rl := range set.rules.all {
			t.Run(rl.at+" "+rl.text, func(t *testing.T) { tryRule(t, rl, set.exact) })
		}
	}
}

const extent = 3

func tryRule(t *testing.T, rl *rule, exact bool) {
	special := []float64{0, 1, -1, math.NaN(), math.Inf(1), math.Inf(-1), 2.5, -0.5}
	rng := rand.New(rand.NewPCG(1, uint64(len(rl.text))))
	fired := 0
	for trial := range 400 {
		p := &ir.Program{Builder: ir.NewBuilder(), Name: "rule"}
		env := &interp.Env{Inputs: map[*ir.Array]*interp.Tensor{}}
		ordinary := trial%2 == 0
		number := func() float64 {
			if !ordinary {
				return special[rng.IntN(len(special))]
			}
			return math.Round(rng.NormFloat64()*200) / 100
		}
		in := instance{p: p, rl: rl, env: env, number: number, vars: map[string]*ir.Expr{}, vary: trial%3 != 0}
		lhs := in.expr(rl.lhs, nil)
		out := &ir.Array{Name: "lhs", Def: ir.Equation, Elem: lhs.Type, Body: lhs}
		r := newRewriter(p, nil, nil)
		r.begin(p, out)
		rhs := rl.apply(r, lhs)
		if rhs == nil {
			continue
		}
		fired++
		p.Append(out)
		p.Append(&ir.Array{Name: "rhs", Def: ir.Equation, Elem: rhs.Type, Body: rhs})
		p.Outputs = []ir.Output{{Name: "lhs", Array: p.Defs[0]}, {Name: "rhs", Array: p.Defs[1]}}
		if err := ir.Verify(p); err != nil {
			t.Fatal(err)
		}
		got, err := interp.Run(p, env)
		if err != nil {
			t.Fatal(err)
		}
		x, y := got["lhs"].Data[0], got["rhs"].Data[0]
		if agree(x, y, exact, ordinary) {
			continue
		}
		var at string
		for _, a := range p.Inputs {
			at += fmt.Sprint(" ", a.Name, " = ", env.Inputs[a].Data)
		}
		t.Errorf("%s is %v, %s is %v at%s", lhs, x, rhs, y, at)
		return
	}
	if fired < 10 {
		t.Errorf("the rule fired only %d times", fired)
	}
}

// agree: at ordinary points both sides are equal up to rounding; where one is
// not finite, a simplification keeps which, and a stabilisation may put a
// value in its place.
func agree(x, y float64, exact, ordinary bool) bool {
	odd := func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }
	switch {
	case odd(x) && exact:
		return x == y || x != x && y != y
	case odd(x):
		return true
	case odd(y):
		return !exact && !ordinary
	}
	return math.Abs(x-y) <= 1e-9*(1+math.Abs(x))
}

// instance fills the letters of a pattern with reads of inputs.
type instance struct {
	p      *ir.Program
	rl     *rule
	env    *interp.Env
	number func() float64
	vars   map[string]*ir.Expr
	vary   bool // letters below a reduction depend on its index
}

func (in *instance) expr(p *ir.Expr, inside []ir.Index) *ir.Expr {
	b := in.p.Builder
	switch p.Kind {
	case ir.KConst:
		if p.Type == ir.Bool {
			return b.Bool(p.N != 0)
		}
		return b.Const(p.Val)
	case ir.KRead:
		return in.letter(p.Array, inside)
	case ir.KReduce:
		i := b.Temp("i")
		body := in.expr(p.Args[0], append(inside, i))
		return b.Reduce(p.Red, []ir.Binder{{Idx: i, Name: "i", Lo: b.Int(0), Hi: b.Int(extent)}}, body)
	}
	args := make([]*ir.Expr, len(p.Args))
	for k, x := range p.Args {
		args[k] = in.expr(x, inside)
	}
	return b.Rebuild(p, args)
}

func (in *instance) letter(l *ir.Array, inside []ir.Index) *ir.Expr {
	b := in.p.Builder
	if l.Name == "c" || l.Name == "d" {
		if in.vars[l.Name] == nil {
			in.vars[l.Name] = b.Const(in.number())
		}
		return in.vars[l.Name]
	}
	key := l.Name
	shape := []*ir.Expr{}
	idx := []*ir.Expr{}
	if in.vary {
		for _, i := range inside {
			shape, idx = append(shape, b.Int(extent)), append(idx, b.Idx(i))
		}
	}
	a := in.p.Lookup(key)
	if a == nil {
		a = &ir.Array{Name: key, Def: ir.Input, Elem: l.Elem, Shape: shape}
		in.p.Inputs = append(in.p.Inputs, a)
		v := &interp.Tensor{}
		n := 1
		for range shape {
			v.Shape = append(v.Shape, extent)
			n *= extent
		}
		for range n {
			x := in.number()
			switch l.Elem {
			case ir.Bool:
				x = float64(len(in.p.Inputs) % 2)
			case ir.Int:
				x = 3
			}
			v.Data = append(v.Data, x)
		}
		in.env.Inputs[a] = v
	}
	if len(idx) != a.Rank() {
		idx = idx[:0]
		for range a.Rank() {
			idx = append(idx, b.Int(1))
		}
	}
	e := b.Read(a, idx...)
	// A guard that asks for a sign gets an expression that has it.
	for _, g := range in.rl.guards {
		if len(g.args) > 0 && g.args[0] == l.Name {
			switch g.name {
			case "nonneg", "squares":
				return b.Call(ir.Pow, e, b.Const(2))
			case "pos":
				return b.Call(ir.Exp, e)
			}
		}
	}
	return e
}
