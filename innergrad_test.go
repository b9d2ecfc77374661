package nnc

import (
	"strings"
	"testing"
)

// innerGrads are derivatives inside expressions, see [numeric].
var innerGrads = []numericCase{
	{"a step of gradient descent inside a loss", `
model Net(x: [D]) -> y: real = (x |> Dense[2] |> tanh |> Dense[1])[0]
loss Fit(m: Net, x: [N, D], y: [N]) -> l { f = m - 0.3 * grad[m] mse(m(x), y);  l = mse(f(x), y) + sumsq(f.Dense1.W) }`,
		"Fit", `{"args": {"m": {"Dense1": {"W": [[0.1, 0.2], [-0.3, 0.5]], "b": [0.1, 0]}, "Dense2": {"W": [[0.5], [-0.4]], "b": [0.2]}},
			"x": [[1, 2], [0.5, -1], [0.3, 0.2]], "y": [1, 0, 0.5]}, "wrt": ["m", "x"]}`},
	{"two steps for each of several tasks", `
model Net(x: [D]) -> y: real { param W: [D, 2] ~ he;  param v: [2] = 0;  y = tanh(x @ W) @ v }
fn step(m: Net, x: [N, D], y: [N], rate) -> n: Net = m - rate * grad[m] mse(m(x), y)
fn task(m: Net, x: [N, D], y: [N], rate) -> l { f = step(step(m, x, y, rate), x, y, rate / 2);  l = mse(f(x), y) }
loss Meta(m: Net, x: [K, N, D], y: [K, N], rate: real) = mean(task(m, x, y, rate))`,
		"Meta", `{"args": {"m": {"W": [[0.1, 0.2], [-0.3, 0.5]], "v": [0.5, -0.4]}, "rate": 0.4,
			"x": [[[1, 2], [0.5, -1]], [[0.1, -0.4], [1, 1]]], "y": [[1, 0], [-1, 0.3]]}, "wrt": ["m", "rate"]}`},
	{"sums, differences and multiples of models", `
model Net(x: [2]) -> y: real { param w: [2] = 0;  y = exp(w @ x) }
loss Fit(m: Net, x: [2]) -> l { g = grad[m] m(x)^2;  f = (m + -g / 2) * 0.5;  l = f(x) + sumsq(g.w) }`,
		"Fit", `{"args": {"m": {"w": [0.3, -0.2]}, "x": [0.7, 0.4]}, "wrt": ["x"]}`},
	{"copies in a list, shared layers", `
layer Cell(x: [2]) -> y: [2] { param d: Dense[2];  y = tanh(d(d(x))) }
model Net(x: [2]) -> y: [2] { param body: Cell * 2;  param out: Dense[2];  y = x |> body |> out }
fn energy(m: Net, x: [2]) = sumsq(m(x))
loss Fit(m: Net, x: [N, 2]) -> l { f = m - grad[m] mean(energy(m, x));  l = mean(energy(f, x)) }`,
		"Fit", `{"args": {"m": {"body": [{"d": {"W": [[0.3, -0.1], [0.2, 0.5]], "b": [0.1, 0]}}, {"d": {"W": [[0.1, 0.4], [-0.2, 0.3]], "b": [0, 0.2]}}],
			"out": {"W": [[0.5, 0.2], [0.1, -0.6]], "b": [0.1, -0.1]}}, "x": [[0.5, 1], [-0.3, 0.2]]}}`},
	{"a jacobian under a batch", `
model Net(x: [3]) -> y: [2] = x |> Dense[3] |> tanh |> Dense[2]
fn contract(m: Net, x: [3]) -> l { J = jacobian[x] m(x);  l = sumsq(J[0]) + J[1, 2] * J[0, 1] }
loss Fit(m: Net, x: [N, 3]) = mean(contract(m, x))`,
		"Fit", `{"args": {"m": {"Dense1": {"W": [[0.3, -0.1, 0.2], [0.2, 0.5, -0.4], [0.1, 0.7, 0.6]], "b": [0.1, 0, 0.2]}, "Dense2": {"W": [[0.5, 0.1], [-0.2, 0.3], [0.4, -0.6]], "b": [0, 0.2]}},
			"x": [[0.5, 1, -0.4], [-0.3, 0.2, 0.8]]}, "wrt": ["m", "x"]}`},
	{"a jacobian in many inputs under two frames", `
fn two(x: [7], a) -> y: [2] = [a * sum(x^3), x[1] * x[6] / a]
fn jac(x: [7], a) -> J: [2, 7] = jacobian[x] two(x, a)
fn rows(x: [M, 7], a) -> J: [M, 2, 7] = jac(x, a)
fn F(x: [N, M, 7], a: [N]) = sum(rows(x, a)^2)`,
		"F", `{"args": {"x": [[[0.1, 0.2, 0.3, -0.4, 0.5, 0.6, 0.7]], [[1, -0.2, 0.4, 0.3, 0.8, -0.5, 0.9]]], "a": [0.7, 1.3]}}`},
}

// TestStopOfModel: through stop, a step does not change with the parameters.
func TestStopOfModel(t *testing.T) {
	src := `dtype f64
model Line(x: real) -> y: real { param w: real = 0;  y = w * x }
loss Through(m: Line, x: real) -> l { f = m - grad[m] m(x)^2;  l = f(x) }
loss First(m: Line, x: real) -> l { f = m - stop(grad[m] m(x)^2);  l = f(x) }`
	for entry, want := range map[string]string{ // w' = w - 2wx²
		"Through.grad": `{"value":-28,"grad":{"m":{"w":-14}}}`,
		"First.grad":   `{"value":-28,"grad":{"m":{"w":2}}}`,
	} {
		got, err := Eval(Case{File: "s.nn", Source: []byte(src), Entry: entry, Input: []byte(`{"args":{"m":{"w":2},"x":2}}`)})
		if err != nil || strings.TrimSpace(string(got)) != want {
			t.Errorf("%s is %s %v, want %s", entry, got, err, want)
		}
	}
}

// TestModelDiagnostics: what models are not good for is said.
func TestModelDiagnostics(t *testing.T) {
	head := "model A(x: [2]) -> y: [2] = x |> Dense[2]  model B(x: [2]) -> y: [2] = x |> Dense[2]\n"
	for body, want := range map[string]string{
		"loss L(a: A, b: B, x: [2]) -> l { f = a - b;  l = sum(f(x)) }":                                                    "NN211 - takes models of one kind: A and B",
		"loss L(a: A, x: [2]) -> l { f = a - x;  l = sum(f(x)) }":                                                          "NN211 - of a model takes models of its kind and numbers, here is [2]",
		"loss L(a: A, x: [2]) -> l { f = a - grad[a] a(x);  l = sum(f(x)) }":                                               "NN233 grad needs a scalar, a(x) is [2]",
		"loss L(a: A, x: [2]) = sum(jacobian[a] a(x))":                                                                     "NN233 jacobian takes an array of the function; with respect to the model a there is grad[a] of a scalar",
		"fn s(a: A, x: [2]) -> n: B = a - grad[a] sum(a(x))  fn F(a: A, x: [2]) = sum(s(a, x)(x))":                         "NN109 result n is a B, here is a A",
		"fn F(a: A, x: [2]) = a - grad[a] sum(a(x))":                                                                       "NN109",
		"fn s(a: A, x: [2]) -> n: A = a - grad[a] sum(a(x))\nloss L(a: A, x: [N, 2]) -> l { f = s(a, x);  l = sum(f(x)) }": "NN106 s gives a model, and is not mapped over [N]",
		"loss L(a: A, x: [2]) = sum(a * 2)":                                                                                "NN211",
	} {
		_, err := Eval(Case{File: "s.nn", Source: []byte(head + body), Entry: "L", Input: []byte("{}")})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", body, err, want)
		}
	}
}
