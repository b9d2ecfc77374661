package random

import (
	"fmt"
	"slices"
	"strings"
)

// functions writes a few functions that the loss may call.
func (g *generator) functions() {
	for range g.IntN(3) {
		switch g.IntN(6) {
		case 0:
			g.scalar()
		case 1:
			n := g.fresh("f")
			g.add(fn{n, 1, false}, with(fmt.Sprintf(g.pick(
				"fn %s(z) -> r = tanh(z) deriv z: 1 - r^2", "fn %s(z) -> r = exp(sin(z)) deriv z: r * cos(z)",
				"fn %s(z) = sign(z) deriv z: if abs(z) <= 1 then 1 else 0", "fn %s(z) = z^2 deriv z: 2*z"), n)))
		case 2:
			f, n := g.scalar(), g.fresh("f")
			text := fmt.Sprintf("fn %s(z) = grad[z] %s(z)", n, f.name)
			if f.args == 2 {
				text = fmt.Sprintf("fn %s(z, a) = grad[%s] %s(z, a)", n, g.pick("z", "a"), f.name)
			}
			g.add(fn{n, f.args, false}, with(text))
		default:
			g.vector()
		}
	}
}

func (g *generator) add(f fn, text *node) {
	g.calls = append(g.calls, f)
	g.funcs = append(g.funcs, &stmt{names: []string{f.name}, text: text})
}

// inside makes a formula that reads nothing but these.
func (g *generator) inside(arrays []*array, make func()) {
	saved := g.arrays
	g.arrays = arrays
	make()
	g.arrays = saved
}

func (g *generator) scalar() fn {
	f := fn{g.fresh("f"), 1 + g.IntN(2), false}
	params := []string{"z", "a"}[:f.args]
	var arrays []*array
	for _, p := range params {
		arrays = append(arrays, &array{name: p})
	}
	g.inside(arrays, func() {
		g.add(f, with(fmt.Sprintf("fn %s(%s) = §", f.name, strings.Join(params, ", ")), g.expr(nil, 2)))
	})
	return f
}

// vector is a function from vectors to vectors of the same size.
func (g *generator) vector() {
	f := fn{g.fresh("v"), 1, true}
	x := &array{name: "x", dims: []string{"D"}}
	in := []index{{"t", "D"}}
	head := fmt.Sprintf("fn %s(x: [D]) -> y: [D] ", f.name)
	g.inside([]*array{x}, func() {
		switch g.IntN(4) {
		case 0:
			g.add(f, with(head+"{ y[t] = § }", g.wrap(g.expr(in, 2))))
		case 1:
			g.add(f, with(head+"{ y[-1] = §;  y[t] = tanh(y[t-1] * § + §) }", g.literal(), g.expr(in, 1), g.expr(in, 1)))
		case 2:
			g.add(f, with(head+"{ y[D] = §;  y[t] = 0.5 * y[t+1] + sin(§ * y[t+1]) + § }", g.literal(), g.expr(in, 1), g.expr(in, 1)))
		case 3:
			g.add(f, with(head+"= grad[x] (§)", g.expr(nil, 3)))
		}
	})
}

// model makes y from x by a model of one or two layers, which is an argument
// of the loss.
func (g *generator) model(x, y *array) bool {
	last := x.dims[len(x.dims)-1]
	if slices.ContainsFunc(g.args, func(a *arg) bool { return a.model != "" }) || strings.ContainsAny(last, "+*-") {
		return false
	}
	dense := func(name, in, out string) *arg {
		return &arg{name: name, model: "Dense", fields: []*arg{{name: "W", dims: []string{in, out}}, {name: "b", dims: []string{out}}}}
	}
	m := &arg{name: "m", model: "Net"}
	var body string
	if last == "K" && g.one(3) { // one layer twice
		m.fields = []*arg{dense("d", "K", "K")}
		g.funcs = append(g.funcs, &stmt{names: []string{"Net"}, text: leaf("model Net(x: [K]) -> y: [K] { param d: Dense[K];  y = d(tanh(d(x))) }")})
		return g.apply(m, x, y, "K")
	}
	switch 1 + g.IntN(4) {
	case 1:
		m.fields = []*arg{dense("Dense1", last, "K"), dense("Dense2", "K", "K")}
		body = "y = x |> Dense[K] |> " + g.pick("relu", "tanh", "gelu", "softmax") + " |> Dense[K]"
	case 2:
		m.fields = []*arg{dense("Dense1", last, "K"), {name: "LayerNorm1", model: "LayerNorm", fields: []*arg{{name: "g", dims: []string{"K"}}, {name: "b", dims: []string{"K"}}}}}
		body = "y = x |> Dense[K] |> LayerNorm |> " + g.pick("sigmoid", "softmax", "silu")
	case 3:
		m.fields = []*arg{{name: "w", dims: []string{"K", last}}, {name: "b", dims: []string{"K"}}, dense("e", "K", "K")}
		body = "param w: [K, D] ~ glorot;  param b: [K] = 0;  param e: Dense[K];  h = tanh(w @ x + b);  y = h + e(h)"
	case 4:
		cell := &arg{name: "cell", model: "RNN", fields: []*arg{{name: "W", dims: []string{last, "K"}}, {name: "U", dims: []string{"K", "K"}}, {name: "b", dims: []string{"K"}}}}
		if len(x.dims) < 2 {
			return false
		}
		layer := g.pick("RNNs", "RNNsBack")
		m.fields = []*arg{{name: layer + "1", model: layer, fields: []*arg{cell}}}
		g.funcs = append(g.funcs, &stmt{names: []string{"Net"}, text: leaf("model Net(x: [S, D]) -> y: [S, K] = x |> " + layer + "[K]")})
		return g.apply(m, x, y, "K")
	}
	g.funcs = append(g.funcs, &stmt{names: []string{"Net"}, text: leaf("model Net(x: [D]) -> y: [K] { " + body + " }")})
	return g.apply(m, x, y, "K")
}

func (g *generator) apply(m *arg, x, y *array, out string) bool {
	g.args = append(g.args, m)
	g.read[x.name] = true
	y.dims[len(y.dims)-1] = out
	g.define(with(y.name+" = m(§)", &node{parts: []string{x.name}, of: x.name}), y)
	return true
}
