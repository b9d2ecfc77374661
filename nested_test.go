package nnc

import (
	"encoding/json"
	"regexp"
	"testing"
)

// nestedScans are recurrences in the steps of recurrences, see [numeric].
var nestedScans = []numericCase{
	{"a scan inside a scan's step", `
fn up(x: [B], h: [L, B]) -> g: [L, B] { g[-1] = x;  g[l] = tanh(g[l-1] + h[l]) }
fn F(x: [T, B], h0: [L, B]) -> h: [T, L, B] { h[-1] = h0;  h[t] = up(x[t], h[t-1]) }
loss G(x: [T, B], h0: [L, B]) = sum(F(x, h0)^2)`,
		"G", `{"args": {"x": [[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]], "h0": [[0.1, 0.2], [0.3, 0.4]]}}`},
	{"stacked recurrent network over a batch", `
layer Stack[H](x: [H], h: [L, H]) -> g: [L, H] {
  param W: [L, H, H] ~ he(3);  param U: [L, H, H] ~ he(3);  param b: [L, H] = 0
  g[-1] = x
  g[l] = tanh(g[l-1] @ W[l] + h[l] @ U[l] + b[l])
}
model M(x: [T, 2]) -> y: [2] { param s: Stack[2];  h[-1] = zeros[2, 2];  h[t] = s(x[t], h[t-1]);  y = h[T-1, 1] }
loss Fit(m: M, x: [N, T, 2], y: [N, 2]) = mse(m(x), y)`,
		"Fit", `{"args": {"m": {"s": {"W": [[[0.3, -0.1], [0.2, 0.5]], [[-0.4, 0.6], [0.1, 0.7]]], "U": [[[0.2, 0.1], [-0.3, 0.4]], [[0.5, -0.2], [0.3, 0.1]]], "b": [[0.1, 0], [0, -0.2]]}},
			"x": [[[0.5, 1], [-0.3, 0.2], [0.7, 0.1]], [[1, 0], [0.4, -0.6], [0.2, 0.9]]], "y": [[0.3, 0.1], [-0.2, 0.4]]}}`},
	{"Horner's rule, downwards, in a time loop", `
fn poly(c: [D], x) -> y { p[D] = 0;  p[k] = p[k+1] * x + c[k];  y = p[0] }
fn F(c: [D], x0, dt) -> s {
  x[0] = x0
  x[t in 1..5] = x[t-1] + dt * poly(c, x[t-1])
  s = sum[t in 5] x[t]^2
}`,
		"F", `{"args": {"c": [0.3, -0.5, 0.2, 0.1], "x0": 0.4, "dt": 0.3}}`},
	{"three axes of time, with bases inside", `
fn inner(a, b) -> y { u[2] = a;  u[k in 0..2] = sin(u[k+1] * b) + a;  y = u[0] }
fn middle(x: [3], h: [3]) -> g: [3] { g[0] = x[0] * h[2];  g[l] = inner(g[l-1], h[l]) + x[l] }
fn F(x: [4, 3]) -> s { h[0] = x[0];  h[t] = middle(x[t], h[t-1]);  s = sum(h[3]^2) + h[1, 2] }`,
		"F", `{"args": {"x": [[0.3, 0.2, 0.5], [0.1, -0.6, 0.8], [1, 0.3, -0.2], [0.4, 0.9, 0.7]]}}`},
	{"steps skipped by length", `
fn up(x: [2], h: [L, 2]) -> g: [L, 2] { g[-1] = x;  g[l] = tanh(g[l-1] + h[l]) }
fn run(x: [T, 2], h0: [L, 2], len: in T) -> y: [2] { h[-1] = h0;  h[t] = if t <= len then up(x[t], h[t-1]) else h[t-1];  y = h[T-1, L-1] }
fn F(x: [N, T, 2], h0: [L, 2], len: [N] in T) = sum(run(x, h0, len)^2)`,
		"F", `{"args": {"x": [[[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]], [[0.3, 0.1], [-0.3, 0.5], [0.2, 0.9]]], "h0": [[0.1, 0.2], [0.3, 0.4]], "len": [2, 0]}, "wrt": ["x", "h0"]}`},
	{"a step that reads the first cell", `
fn F(x: [T], a) -> s { h[0] = a;  h[t in 1..T] = tanh(h[t-1] * h[0]) + x[t];  s = sum(h^2) }`,
		"F", `{"args": {"x": [0.3, 0.2, 0.5, 0.7], "a": 0.8}}`},
	{"a step that calls a function of the first cell", `
fn F(x: [T, D]) -> s { h[0] = x[0];  h[t in 1..T] = h[t-1] * softmax(h[0]) + x[t];  s = sum(h^2) }`,
		"F", `{"args": {"x": [[0.3, 0.2], [0.5, 0.7], [-0.3, 0.1]]}}`},
	{"a recurrence that reads another one at t-1", `
fn F(x: [T], a) -> s { h[-1] = a;  h[t] = tanh(x[t] + h[t-1]);  g[-1] = 1;  g[t] = g[t-1] * sin(h[t-1] + x[t]);  s = sum(g) }`,
		"F", `{"args": {"x": [0.3, 0.2, 0.5, 0.7], "a": 0.8}}`},
}

// TestBesideScan: a recurrence reads another one at t-1 as it would if the
// other depended on it.
func TestBesideScan(t *testing.T) {
	for _, source := range []string{
		"h[-1] = x[0];  h[t] = tanh(x[t] + h[t-1] + 0*g[t-1]);  g[-1] = 2;  g[t] = g[t-1] + h[t-1]",
		"g[-1] = 2;  g[t in T] = 0.5*g[t-1] + h[t-1];  h[-1] = x[0];  h[t] = tanh(x[t] + h[t-1] + 0*g[t-1])",
		"h[T] = x[0];  g[T] = 1;  g[t] = g[t+1] * h[t+1];  h[t] = tanh(x[t] + h[t+1] + 0*g[t+1])",
		"h[0] = x[0];  g[0] = 1;  g[t] = g[t-1] * h[t-1] - h[t];  h[t] = tanh(x[t] + h[t-1] + 0*g[t-1])",
		"h[-1] = x[0];  g[-1] = 1;  g[t in T] = 0.5*g[t-1] + (h[t-1] ?? 3);  h[t] = tanh(x[t] + h[t-1] + 0*g[t-1])",
		"h[-1] = x[0];  g[-1] = 1;  f[-1] = 3;  f[t] = f[t-1] + g[t-1] * h[t-1];  g[t] = g[t-1] + h[t-1];  h[t] = sin(x[t] + h[t-1] + 0*f[t-1])",
	} {
		var want any
		for _, text := range []string{source, regexp.MustCompile(` \+ 0\*.\[t.1\]`).ReplaceAllString(source, "")} {
			got, err := Eval(Case{File: "t.nn", Source: []byte("dtype f64\nloss F(x: [T]) -> l { " + text + ";  l = sum[t] x[t] * g[t] }"),
				Entry: "F.grad", Input: []byte(`{"args": {"x": [0.3, 0.2, -0.7]}}`)})
			var v any
			if err != nil {
				t.Errorf("%s: %v", text, err)
			} else if err := json.Unmarshal(got, &v); err != nil {
				t.Fatal(err)
			} else if want == nil {
				want = v
			} else if d := differ(v, want, 1e-14, ""); d != "" {
				t.Errorf("%s: %s", text, d)
			}
		}
	}
}
