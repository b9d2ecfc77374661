package nnc

import (
	"encoding/json"
	"math"
	"os/exec"
	"testing"
)

// reshaped are functions of x: [240], E: [6, 18], v: [N], w: [M] and c: [5] in 6 whose loops run over
// axes that are joined of others, or come apart.
var reshaped = []struct{ name, source string }{
	{"rows of a table side by side", "r = E[c] |> flatten;  l = sum[i] r[i]^2 * sin(i)"},
	{"short rows side by side", "u[a in 5, b in 3] = E[c[a], b];  r = flatten(u);  l = sum[i] tanh(r[i]) * cos(i)"},
	{"three axes as one", "u[a in 4, b in 3, d in 20] = x[60*a + 20*b + d] * sin(d);  r = flatten(u);  l = sum[i] r[i]^2 * cos(i)"},
	{"the axes of three exchanged, as one", "u[a in 4, b in 3, d in 20] = x[(d*4 + a)*3 + b];  r = flatten(u);  z[i in 240] = tanh(r[i]) * sin(i);  l = sum(z)"},
	{"patches", "u[i in 3, j in 3, a in 4, b in 5] = x[15*(4*i + a) + 5*j + b];  z: [9, 20] = reshape(u);  l = sum[i, j] z[i, j]^2 * cos(i + 0.3*j)"},
	{"squares of pixels", "g: [2, 2, 10, 6] = reshape(x);  s[i, a, j, b] = g[a, b, i, j];  p: [20, 12] = reshape(s);  l = sum[i, j] p[i, j]^2 * cos(i - 0.3*j)"},
	{"one of each in turn", "r[i in 2*120] = if i % 2 == 0 then x[floor(i/2)] else x[120 + floor(i/2)]^2;  l = sum[i] r[i] * cos(i)"},
	{"a condition that is one of the quotient", "r[i in 240] = if i < 64 then x[floor(i/16)*15 + i%16] else x[i%16] * sin(i);  l = sum[i] r[i] * cos(i)"},
	{"a condition that is not", "r[i in 240] = if i < 67 then x[floor(i/16)*15 + i%16] else if i >= 101 then x[i%16 + 1] * sin(i) else 2;  l = sum[i] r[i] * cos(i)"},
	{"moved quotients", "r[i in 240] = x[i%16] * (x[floor((i - 32)/16) + 2] ?? 3) * (x[(i + 48)%16 + floor(i/80)] ?? 1);  l = sum[i] r[i] * cos(i)"},
	{"a sum of each", "s[o in 5] = sum[k in 18] E[c[o], k] * x[o + 5*k];  r[i in 90] = s[floor(i/18)] * E[c[floor(i/18)], i%18];  l = sum[i] r[i] * cos(i)"},
	{"where the largest is", "k = argmax[i in 240] x[floor(i/16) + 15*(i%16)];  l = x[k] * (max[i in 240] x[floor(i/16) + 15*(i%16)] * sin(i))"},
	{"an exponential of each", "r[i in 240] = x[floor(i/20) + 12*(i%20)];  p = softmax(r);  l = sum[i] p[i] * cos(i)"},
	{"divisors of which none divides the other", "r[i in 240] = x[i%16] * x[i%15] * x[floor(i/16)];  l = sum[i] r[i] * cos(i)"},
	{"what is no multiple of the divisor", "r[i in 250] = x[i%16 + 2*floor(i/16)];  l = sum[i] r[i]^2 * cos(i)"},
	{"heads of a product, apart and joined", `z: [5, 3, 4, 4] = reshape(x);  q[h, t, e] = z[t, 0, h, e];  k[h, t, e] = z[t, 1, h, e];  u[h, t, e] = z[t, 2, h, e]
		s[h, i, j] = sum[e] q[h, i, e] * k[h, j, e];  a = softmax(s);  o[t, h, e] = sum[j] a[h, t, j] * u[h, j, e]
		p: [5, 16] = reshape(o);  l = sum[t, i in 16] p[t, i] * E[c[t], i]`},
	{"a step of a recurrence", "h[-1, i in 240] = x[i];  h[t in 3, i in 240] = 0.5*tanh(h[t - 1, floor(i/16) + 15*(i%16)]) + 0.1*t;  l = sum[i] h[2, i] * cos(i)"},
	{"sizes of the call", "u[a in N, b in M] = v[a]*w[b];  z = flatten(u);  r[i in N*M] = z[i] * (v[floor(i/M)] ?? 0) + (w[i%M] ?? 0);  l = sum[i] r[i] * cos(i)"},
}

// TestReshaped: emitted Go, with kernels and without, computes what the interpreter
// does, of which the derivatives are those of differences in other tests.
func TestReshaped(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil || testing.Short() {
		t.Skip("no go command, or no time")
	}
	numbers := func(n int, f float64) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = math.Sin(f * float64(i+1))
		}
		return out
	}
	arrays := func(f float64) map[string]any {
		var table [][]float64
		for i := range 6 {
			table = append(table, numbers(18, f+0.1*float64(i)))
		}
		return map[string]any{"x": numbers(240, f), "E": table, "v": numbers(3, f+1), "w": numbers(20, f+2)}
	}
	args := arrays(0.7)
	args["c"] = []int{3, 0, 5, 3, 1}
	input, err := json.Marshal(map[string]any{"args": args, "tangents": arrays(1.3)})
	if err != nil {
		t.Fatal(err)
	}
	var cases []Case
	for _, f := range reshaped {
		source := "dtype f64\nloss F(x: [240], E: [6, 18], v: [N], w: [M], c: [5] in 6) -> l { " + f.source + " }"
		for _, what := range []string{"", ".grad", ".hvp"} {
			cases = append(cases, Case{File: "t.nn", Source: []byte(source), Entry: "F" + what, Input: input})
		}
	}
	built := EvalGoAll(cases)
	for i, c := range cases {
		name := reshaped[i/3].name + ": " + c.Entry
		text, err := Eval(c)
		if err != nil || built[i].Err != nil {
			t.Errorf("%s: %v, %v", name, err, built[i].Err)
			continue
		}
		var want, got any
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(built[i].JSON, &got); err != nil {
			t.Fatal(err)
		}
		if d := differ(got, want, 1e-12, ""); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
