package random

import (
	"fmt"
	"slices"
	"strings"
)

// statement adds an equation, or a few that belong together.
func (g *generator) statement() {
	switch g.IntN(10) {
	case 0, 1, 2, 3:
		g.equation()
	case 4, 5:
		g.recurrence()
	default:
		g.whole()
	}
}

func (g *generator) define(text *node, arrays ...*array) {
	s := &stmt{text: text}
	for _, a := range arrays {
		s.names = append(s.names, a.name)
		g.arrays = append(g.arrays, a)
	}
	g.body = append(g.body, s)
}

// domain is a list of fresh indices.
func (g *generator) domain(rank int) (in []index, dims []string) {
	for range rank {
		d := g.dim()
		if g.one(6) {
			if a := g.arrays[g.IntN(len(g.arrays))]; len(a.dims) > 0 {
				d = a.dims[0]
			}
		}
		in, dims = append(in, index{g.fresh("i"), d}), append(dims, d)
	}
	return in, dims
}

func left(in []index) string {
	var s []string
	for _, i := range in {
		s = append(s, i.name+" in "+i.dim)
	}
	if len(s) == 0 {
		return ""
	}
	return "[" + strings.Join(s, ", ") + "]"
}

// wrap keeps the values of most bodies small.
func (g *generator) wrap(n *node) *node {
	if g.one(3) {
		return n
	}
	return with(g.pick("tanh(§)", "sin(§)", "sigmoid(§)", "tanh(§)"), n)
}

func (g *generator) equation() {
	in, dims := g.domain(g.IntN(3))
	a := &array{name: g.fresh("a"), dims: dims}
	if len(in) == 0 && g.one(3) {
		in, a.dims = g.domain(3)
	}
	g.define(with(a.name+left(in)+" = §", g.wrap(g.expr(in, 1+g.IntN(3)))), a)
}

// recurrence is one array, or two that need each other, in t and t-1 or t+1.
func (g *generator) recurrence() {
	in, dims := g.domain(1 + g.IntN(2))
	k := g.IntN(len(in))
	t := in[k]
	pair := g.one(4)
	back := g.one(2)
	names := []string{g.fresh("a"), g.fresh("a")}
	if !pair {
		names = names[:1]
	}
	base, from := "-1", t.name+" - 1"
	if back {
		base, from = t.dim, t.name+" + 1"
	}
	cell := slices.Concat(in[:k], in[k+1:])
	var text []string
	var kids []*node
	for _, n := range names {
		at := leftAt(in, k, base)
		text, kids = append(text, n+at+" = §"), append(kids, g.wrap(g.expr(cell, 1)))
	}
	prev := func(n string) string {
		at := make([]string, len(in))
		for j, i := range in {
			at[j] = i.name
			if j == k {
				at[j] = from
			} else if g.one(4) {
				at[j] = i.dim + " - 1 - " + i.name
			}
		}
		return n + "[" + strings.Join(at, ", ") + "]"
	}
	for i, n := range names {
		own := prev(n)                       // a base asks that it is read
		both := pair && (i == 0 || g.one(2)) // only what refer to each other are one scan
		if both {
			own = "(" + own + " + " + prev(names[1-i]) + ")"
		}
		if i == 1 && (!both || g.one(2)) {
			own = "(" + own + " - " + names[0] + "[" + bare(in) + "])"
		}
		f := g.pick("tanh(%s * § + §)", "sin(%s + §) * §", "(0.5 * %s + §) * sigmoid(§)", "(if § > 0.2 then %s else tanh(§))")
		text = append(text, n+left(in)+" = "+fmt.Sprintf(f, own))
		kids = append(kids, g.expr(in, 1), g.expr(in, 1+g.IntN(2)))
	}
	var made []*array
	for _, n := range names {
		made = append(made, &array{name: n, dims: dims})
	}
	g.define(with(strings.Join(text, "\n  "), kids...), made...)
}

// leftAt is the left side with a fixed place on axis k.
func leftAt(in []index, k int, at string) string {
	var s []string
	for j, i := range in {
		if j == k {
			s = append(s, at)
		} else {
			s = append(s, i.name+" in "+i.dim)
		}
	}
	return "[" + strings.Join(s, ", ") + "]"
}

func bare(in []index) string {
	var s []string
	for _, i := range in {
		s = append(s, i.name)
	}
	return strings.Join(s, ", ")
}

// whole is an equation of whole arrays.
func (g *generator) whole() {
	var reals []*array
	for _, a := range g.arrays {
		if a.in == "" && !a.bool && len(a.dims) > 0 {
			reals = append(reals, a)
		}
	}
	x := reals[g.IntN(len(reals))]
	of := func(a *array) *node { g.read[a.name] = true; return &node{parts: []string{a.name}, of: a.name} }
	y := &array{name: g.fresh("a"), dims: slices.Clone(x.dims)}
	last := x.dims[len(x.dims)-1]
	switch g.IntN(14) {
	case 12:
		g.attention(x, reals)
	case 13: // integers that are found
		in, dims := g.domain(1)
		n := &array{name: g.fresh("n"), dims: dims, in: last, found: true}
		j := index{g.fresh("j"), last}
		g.define(with(n.name+left(in)+" = "+g.pick("argmax", "argmin")+"["+j.name+" in "+last+"] (§)", g.expr(append(in, j), 1)), n)
	case 0:
		g.define(with(y.name+" = "+g.pick("softmax(§)", "log_softmax(§)", "cumsum(§)", "normalize(§)", "softmin(§)", "tanh(§) / 2", "2 * § + 1"), of(x)), y)
	case 1, 2: // x @ w
		for _, w := range reals {
			if w.dims[0] == last && len(w.dims) <= 2 && len(x.dims) <= 2 {
				y.dims = slices.Concat(x.dims[:len(x.dims)-1], w.dims[1:])
				g.define(with(y.name+" = § @ §", of(x), of(w)), y)
				return
			}
		}
		g.equation()
	case 3:
		if len(x.dims) == 2 {
			slices.Reverse(y.dims)
			g.define(with(y.name+" = §'", of(x)), y)
			return
		}
		g.equation()
	case 4:
		for _, w := range reals {
			if slices.Equal(w.dims, x.dims) && w != x {
				g.define(with(y.name+" = "+g.pick("§ * §", "§ - § / 2", "max(§, §)", "tanh(§ + §)"), of(x), of(w)), y)
				return
			}
		}
		g.define(with(y.name+" = § * §", of(x), of(x)), y)
	case 5: // joined
		for _, w := range reals {
			if slices.Equal(w.dims[1:], x.dims[1:]) && !strings.ContainsAny(w.dims[0]+x.dims[0], "+*-") {
				y.dims[0] = x.dims[0] + " + " + w.dims[0]
				g.define(with(y.name+" = concat(§, §)", of(x), of(w)), y)
				return
			}
		}
		g.equation()
	case 6:
		if len(x.dims) == 2 && !strings.ContainsAny(strings.Join(x.dims, ""), "+*-") {
			if g.one(2) {
				y.dims = []string{x.dims[0] + "*" + last}
				g.define(with(y.name+" = flatten(§)", of(x)), y)
			} else {
				slices.Reverse(y.dims)
				g.define(with(fmt.Sprintf("%s: [%s] = reshape(§)", y.name, strings.Join(y.dims, ", ")), of(x)), y)
			}
			return
		}
		g.equation()
	case 7: // part of it
		if x.dims[0] == "K" {
			y.dims[0] = "K - 1"
			g.define(with(y.name+" = §["+g.pick("1..K", "0..K - 1")+"]", of(x)), y)
			return
		}
		g.equation()
	case 8:
		if g.one(3) {
			g.define(with(fmt.Sprintf("%s: [%s] ~ %s", y.name, strings.Join(y.dims, ", "), g.pick("normal(0, 1)", "uniform(-1, 1)", "bernoulli(0.5)"))), y)
			return
		}
		g.equation()
	case 9:
		if g.model(x, y) {
			return
		}
		g.equation()
	default:
		for _, f := range g.calls {
			if f.vector && g.one(2) {
				g.define(with(y.name+" = "+f.name+"(§)", of(x)), y)
				return
			}
		}
		g.define(with(y.name+" = "+g.pick("softmax(§)", "tanh(§)", "relu(§)", "sigmoid(§)"), of(x)), y)
	}
}

// attention weighs the rows of one matrix by how they are like those of another.
func (g *generator) attention(x *array, reals []*array) {
	var alike []*array
	for _, a := range reals {
		if len(a.dims) == 2 && slices.Equal(a.dims, x.dims) {
			alike = append(alike, a)
		}
	}
	if len(alike) == 0 {
		g.equation()
		return
	}
	row := func(indices string) *node {
		a := alike[g.IntN(len(alike))]
		g.read[a.name] = true
		return &node{parts: []string{a.name + "[" + indices + "]"}, of: a.name}
	}
	n, d := x.dims[0], x.dims[1]
	s, p, y := g.fresh("s"), g.fresh("p"), &array{name: g.fresh("a"), dims: slices.Clone(x.dims)}
	text := fmt.Sprintf("%s[i in %s, j in %s] = sum[k in %s] § * §", s, n, n, d)
	if g.one(2) {
		text = fmt.Sprintf("%s[i in %s, j in %s] = if %s then sum[k in %s] § * § else -inf", s, n, n, g.pick("j <= i", "j <= i", "j >= i", "j % 2 == 0 or j == i"), d)
	}
	text += fmt.Sprintf("\n  %s = %s\n  %s[i in %s, k in %s] = sum[j in %s] %s[i, j] * §", p, g.pick("softmax("+s+")", "softmax("+s+" / sqrt("+d+"))"), y.name, n, d, n, p)
	g.define(with(text, row("i, k"), row("j, k"), row("j, k")), y)
}
