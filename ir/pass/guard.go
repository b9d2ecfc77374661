package pass

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// A guard is a condition of a rule: a comparison of a constant letter with a
// number, `c > 0`, or a predicate by name, `nonneg(x)`.
type guard struct {
	name string
	args []string
	cmp  *ir.Operator
	num  float64
}

// The predicates.
var predicates = map[string]struct {
	doc   string
	holds func(m *matcher, args []string) bool
}{
	"nonneg":  {"x is NaN or ≥ 0", func(m *matcher, a []string) bool { return m.fact(a[0]).Lo >= 0 }},
	"pos":     {"x is NaN or > 0", func(m *matcher, a []string) bool { f := m.fact(a[0]); return f.Lo > 0 || f.Lo == 0 && f.Open }},
	"squares": {"x is a sum of squares", func(m *matcher, a []string) bool { return squares(m.get(a[0]), 0) }},
	"free": {"x does not depend on the indices i", func(m *matcher, a []string) bool {
		for _, bd := range m.binders[indexSlot(a[1][0])] {
			if m.get(a[0]).Depends(bd.Idx) {
				return false
			}
		}
		return true
	}},
	"nonconst": {"x is no number", func(m *matcher, a []string) bool { return m.get(a[0]).Kind != ir.KConst }},
	"ordinary": {"c is neither NaN nor infinite, nor as large or small as to overflow", func(m *matcher, a []string) bool { return ordinary(m.get(a[0]).Val) }},
}

func parseGuard(text string) (guard, error) {
	if name, rest, ok := strings.Cut(text, "("); ok {
		g := guard{name: strings.TrimSpace(name)}
		for _, a := range strings.Split(strings.TrimSuffix(rest, ")"), ",") {
			g.args = append(g.args, strings.TrimSpace(a))
		}
		if _, ok := predicates[g.name]; !ok {
			return g, fmt.Errorf("unknown predicate %s", g.name)
		}
		return g, nil
	}
	f := strings.Fields(text)
	if len(f) != 3 || ir.Lookup(f[1]) == nil || ir.Lookup(f[1]).Class != ir.Compare {
		return guard{}, fmt.Errorf("a guard is `c > 0` or a predicate, not %q", text)
	}
	num, err := strconv.ParseFloat(f[2], 64)
	return guard{args: f[:1], cmp: ir.Lookup(f[1]), num: num}, err
}

func (g guard) holds(m *matcher) bool {
	if g.cmp != nil {
		x := m.get(g.args[0])
		return x.Kind == ir.KConst && g.cmp.Eval(x.Val, g.num) == 1
	}
	return predicates[g.name].holds(m, g.args)
}

func (m *matcher) get(letter string) *ir.Expr { return m.vars[exprSlot(letter[0])] }

func (m *matcher) fact(letter string) Fact { return m.r.facts.Of(m.get(letter)) }

// ordinary numbers can be multiplied with each other and with data without
// overflow, in float32 too.
func ordinary(v float64) bool {
	v = math.Abs(v)
	return v == 0 || v >= 1e-30 && v <= 1e30
}

// squares reports whether e is a sum of squares: then it is 0 only where all
// of them are, and its square root is a norm.
func squares(e *ir.Expr, depth int) bool {
	if depth > 50 {
		return false
	}
	sq := func(x *ir.Expr) bool { return squares(x, depth+1) }
	switch {
	case e.IsCall(ir.Pow):
		return e.Args[1].IsConst(2)
	case e.IsCall(ir.Mul):
		x, y := e.Args[0], e.Args[1]
		return x == y && x.Kind != ir.KConst || x.Kind == ir.KConst && x.Val > 0 && sq(y) || y.Kind == ir.KConst && y.Val > 0 && sq(x)
	case e.IsCall(ir.Div):
		y := e.Args[1]
		return sq(e.Args[0]) && (y.Kind == ir.KConst && y.Val > 0 || isSize(y))
	case e.IsCall(ir.Add):
		return sq(e.Args[0]) && sq(e.Args[1])
	case e.IsReduce(ir.Sum):
		return sq(e.Args[0])
	}
	return false
}
