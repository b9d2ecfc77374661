package nnc

import (
	"testing"

	"github.com/nnc-lang/nnc/graph"
	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
)

// The adjoints that are drawn must be the gradient: what the parts of a
// program give by perturbing each is compared with what the whole gives.
func TestGraphNumbers(t *testing.T) {
	for _, c := range []struct{ name, src, input string }{
		{"mlp", `model M(x: [2]) -> p: [2] { param W1: [2, 3] = 0; param W2: [3, 2] = 0; h = relu(x @ W1); p = softmax(h @ W2) }
loss L(m: M, x: [N, 2], y: [N] in 2) = mean(cross_entropy(m(x), y)) + 0.1 * (norm(m.W1) + norm(m.W2))`,
			`{"args":{"m":{"W1":[[1,2,-1],[0.5,-1,1]],"W2":[[1,-1],[0.5,0.5],[2,1]]},"x":[[1,2],[0.5,-1]],"y":[0,1]}}`},
		{"recurrence", `model M(x: [T]) -> y: real { param w: real = 0; param u: real = 0; h[-1] = 0; h[t] = tanh(w * x[t] + u * h[t-1]); y = h[T-1] }
loss L(m: M, x: [N, T], y: [N]) = mse(m(x), y)`,
			`{"args":{"m":{"w":0.7,"u":-0.4},"x":[[1,2,3],[0.5,-1,2]],"y":[0,1]}}`},
		{"branch", `fn f(z) = if z > 1 then log(z - 1) else z^2
model M(x: real) -> y: real { param w: real = 0; y = f(w * x) }
loss L(m: M, x: [N]) = mean(m(x))`,
			`{"args":{"m":{"w":2},"x":[-1,0.25,3]}}`},
	} {
		ask := Case{File: c.name + ".nn", Source: []byte(c.src), Entry: "L", Input: []byte(c.input)}
		g, err := drawn(ask, GraphOptions{Backward: true, Values: true})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		ask.Entry = "L.grad"
		e, err := prepare(ask, false)
		if err != nil {
			t.Fatal(err)
		}
		out, err := interp.Run(e.program, &interp.Env{Dims: e.dims, Inputs: e.inputs})
		if err != nil {
			t.Fatal(err)
		}
		params := 0
		for _, n := range g.Nodes {
			if n.Value == "" {
				t.Errorf("%s: no number on %s", c.name, n.Label)
			}
			if n.Kind != graph.Param {
				continue
			}
			params++
			if want := summary(out["grad."+n.Array.Name], ir.Real); n.Grad != want {
				t.Errorf("%s: d%s is drawn as %s, it is %s", c.name, n.Label, n.Grad, want)
			}
		}
		if params == 0 {
			t.Errorf("%s: no parameters", c.name)
		}
	}
}
