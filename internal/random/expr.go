package random

import (
	"fmt"
	"strings"
)

func (g *generator) literal() *node { return leaf(fmt.Sprintf("%d.%d", g.IntN(2), 1+g.IntN(9))) }

// expr is a real formula over the indices in scope.
func (g *generator) expr(in []index, depth int) *node {
	if g.left--; depth <= 0 || g.left < 0 {
		return g.atom(in)
	}
	sub := func() *node { return g.expr(in, depth-1-g.IntN(2)) }
	switch g.IntN(20) {
	case 0, 1, 2:
		return with(g.pick("(§ + §)", "(§ - §)"), sub(), sub())
	case 3, 4, 5:
		return with("(§ * §)", sub(), sub())
	case 6:
		return with(g.pick("(§ / (1.5 + §^2))", "(§ / (2 + sin(§)))", "(1.3 + §^2)^(§)"), sub(), g.atom(in))
	case 7, 8, 9:
		return with(g.pick("tanh(§)", "sin(§)", "sigmoid(§)", "exp(sin(§))", "atan(§)", "log(1.2 + (§)^2)", "sqrt(0.7 + (§)^2)",
			"erf(§)", "softplus(§)", "expm1(tanh(§))", "log1p((§)^2)", "silu(§)", "cos(§)", "gelu(§)"), sub())
	case 10:
		return with(g.pick("relu(§)", "abs(§)", "(§)^2", "(§)^3", "-§", "elu(§)", "stop(§)", "hardtanh(§)", "floor(§)", "(§ / 3)", "(§ * 0)"), sub())
	case 11:
		return with(g.pick("max(§, §)", "min(§, §)"), sub(), sub())
	case 12, 13:
		return with("(if § then § else §)", g.condition(in, depth-1), sub(), sub())
	case 14, 15, 16:
		if len(in) < 4 {
			return g.reduction(in, depth)
		}
	case 17, 18:
		if n := g.call(in, depth); n != nil {
			return n
		}
	case 19:
		if g.odd {
			return with(g.pick("log(§)", "sqrt(§)", "(1 / §)", "(§ / 0)", "(inf * §)"), sub())
		}
	}
	return with("(§ * §)", g.atom(in), sub())
}

// atom is a read, mostly.
func (g *generator) atom(in []index) *node {
	switch g.IntN(12) {
	case 0:
		return g.literal()
	case 1:
		if len(in) > 0 {
			return leaf(fmt.Sprintf(g.pick("(%s + 1)", "(%s / 2)", "(1 - %s)"), in[g.IntN(len(in))].name))
		}
		return g.literal()
	case 2:
		if g.one(3) {
			return leaf("sqrt(1 + " + g.dim0() + ")")
		}
	}
	var reals []*array
	for _, a := range g.arrays {
		if a.in == "" && !a.bool {
			reals = append(reals, a)
		}
	}
	if len(reals) == 0 {
		return g.literal()
	}
	k := g.IntN(len(reals))
	if g.one(2) { // rather what was made last
		k = max(k, g.IntN(len(reals)))
	}
	return g.readOf(reals[k], in)
}

// dim0 is a size that is a name in the text at hand.
func (g *generator) dim0() string {
	if len(g.arrays) > 0 {
		if a := g.arrays[0]; len(a.dims) > 0 {
			return a.dims[0]
		}
	}
	return "2"
}

// readOf reads an array somewhere.
func (g *generator) readOf(a *array, in []index) *node {
	g.read[a.name] = true
	if len(a.dims) == 0 {
		return &node{parts: []string{a.name}, of: a.name}
	}
	outside := false
	var at []*node
	for _, d := range a.dims {
		n, safe := g.at(d, in)
		at, outside = append(at, n), outside || !safe
	}
	parts := a.name + "[§" + strings.Repeat(", §", len(at)-1) + "]"
	if outside {
		parts = "(" + parts + " ?? " + g.pick("0", "0", "1", "0.5", "-1.5") + ")"
	}
	n := with(parts, at...)
	n.of = a.name
	return n
}

// at is an index into an axis, and whether it cannot lie outside.
func (g *generator) at(d string, in []index) (*node, bool) {
	var bare []string
	for _, i := range in {
		if i.dim == d {
			bare = append(bare, i.name)
		}
	}
	if len(bare) > 0 && (g.left < 0 || !g.one(4)) {
		return leaf(g.pick(bare...)), true
	}
	if g.one(3) {
		for _, a := range g.arrays {
			if a.in == d && a.in != "" {
				if n, ok := g.gather(a, in); ok {
					return n, !a.found
				}
			}
		}
	}
	if len(in) == 0 || g.one(8) {
		if g.one(6) && len(g.arrays) > 0 && len(in) < 3 {
			j := index{g.fresh("j"), d}
			return with(fmt.Sprintf("%s[%s in %s] (§)", g.pick("argmax", "argmin"), j.name, d), g.expr(append(in[:len(in):len(in)], j), 1)), false
		}
		return leaf(fmt.Sprint(g.IntN(3))), false
	}
	i, j := in[g.IntN(len(in))].name, in[g.IntN(len(in))].name
	c := g.IntN(3)
	switch g.IntN(8) {
	case 0, 1:
		return leaf(fmt.Sprintf("%s + %d", i, c)), false
	case 2, 3:
		return leaf(fmt.Sprintf("%s - %d", i, c)), false
	case 4:
		return leaf(fmt.Sprintf("%d*%s + %s - %d", 1+g.IntN(3), i, j, c)), false
	case 5:
		return leaf(fmt.Sprintf("%s - 1 - %s", d, i)), false
	case 6:
		return leaf(fmt.Sprintf("floor(%s / 2)", i)), false
	}
	return leaf(fmt.Sprintf("%s %% 2", i)), false
}

// gather is a read of integers at bare indices.
func (g *generator) gather(a *array, in []index) (*node, bool) {
	var at []string
	for _, d := range a.dims {
		found := ""
		for _, i := range in {
			if i.dim == d {
				found = i.name
			}
		}
		if found == "" {
			return nil, false
		}
		at = append(at, found)
	}
	if len(at) == 0 {
		return &node{parts: []string{a.name}, of: a.name}, true
	}
	return &node{parts: []string{a.name + "[" + strings.Join(at, ", ") + "]"}, of: a.name}, true
}

func (g *generator) condition(in []index, depth int) *node {
	switch g.IntN(9) {
	case 0, 1, 2:
		if len(in) > 0 {
			i, j := in[g.IntN(len(in))].name, in[g.IntN(len(in))].name
			if i == j {
				j = fmt.Sprint(g.IntN(3))
			}
			return leaf(i + g.pick(" < ", " <= ", " == ", " != ", " >= ") + j)
		}
	case 3:
		if len(in) > 0 {
			return leaf(in[g.IntN(len(in))].name + " % 2 == 0")
		}
	case 4:
		for _, a := range g.arrays {
			if a.bool {
				if n, ok := g.gather(a, in); ok {
					return n
				}
			}
		}
	case 5:
		if depth > 0 {
			return with(g.pick("(§ and §)", "(§ or §)"), g.condition(in, depth-1), g.condition(in, depth-1))
		}
	case 6:
		if depth > 0 && len(in) < 3 {
			j := index{g.fresh("j"), g.dim0()}
			return with(fmt.Sprintf("%s[%s in %s] (§)", g.pick("any", "all"), j.name, j.dim), g.condition(append(in[:len(in):len(in)], j), depth-1))
		}
	}
	return with("§"+g.pick(" > ", " < ", " >= ")+"§", g.expr(in, depth-1), g.literal())
}

func (g *generator) reduction(in []index, depth int) *node {
	// Over an axis of something there is to read.
	var dims []string
	for _, a := range g.arrays {
		dims = append(dims, a.dims...)
	}
	if len(dims) == 0 {
		return g.atom(in)
	}
	i := index{g.fresh("j"), dims[g.IntN(len(dims))]}
	red := g.pick("sum", "sum", "sum", "sum", "mean", "prod", "max", "min", "logsumexp")
	rng := i.dim
	for _, o := range in {
		if o.dim == i.dim && g.one(2) {
			rng = g.pick("0.."+o.name+" + 1", o.name+".."+i.dim, "0.."+o.name, o.name+" + 1.."+i.dim)
			if !g.odd { // the others are not finite over nothing
				red = g.pick("sum", "sum", "prod")
			}
			break
		}
	}
	if g.one(8) {
		rng, i.dim = fmt.Sprint(1+g.IntN(3)), ""
	}
	return with(fmt.Sprintf("(%s[%s in %s] §)", red, i.name, rng), with("(§)", g.expr(append(in[:len(in):len(in)], i), depth-1)))
}

// call calls a function of scalars.
func (g *generator) call(in []index, depth int) *node {
	var fs []fn
	for _, f := range g.calls {
		if !f.vector {
			fs = append(fs, f)
		}
	}
	if len(fs) == 0 {
		return nil
	}
	f := fs[g.IntN(len(fs))]
	var kids []*node
	for range f.args {
		kids = append(kids, g.expr(in, depth-2))
	}
	return with(f.name+"(§"+strings.Repeat(", §", f.args-1)+")", kids...)
}
