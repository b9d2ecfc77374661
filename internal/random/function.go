package random

import (
	"fmt"
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
