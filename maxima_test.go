package nnc

import (
	"encoding/json"
	"math"
	"os/exec"
	"testing"
)

// maxima are functions of x: [N, 3, 9, 20] and s, of maxima over windows, several axes
// and columns. What is in them are quarters, so that many are equally large.
var maxima = []struct{ name, source string }{
	{"windows side by side", "y[n, c, i in 4, j in 10] = max[u in 2, v in 2] x[n, c, 2*i + u, 2*j + v] * s;  l = sum[n, c, i, j] y[n, c, i, j]^2 * cos(i + 0.3*j + n)"},
	{"windows over each other", "y[n, c, i in 8, j in 19] = max[u in 2, v in 2] x[n, c, i + u, j + v] * s;  l = sum[n, c, i, j] y[n, c, i, j]^2 * cos(i + 0.3*j + n)"},
	{"windows with a border", "z = tanh(s * x);  y[n, c, i in 5, j in 10] = max[u in 3, v in 3] z[n, c, 2*i + u - 1, 2*j + v - 1] ?? -inf;  l = sum[n, c, i, j] y[n, c, i, j]^2 * cos(i + 0.3*j + n)"},
	{"windows with a border on each side", "y[n, c, i in 9, j in 20] = max[u in 3, v in 3] x[n, c, i + u - 1, j + v - 1] ?? -inf;  l = s * (sum[n, c, i, j] y[n, c, i, j]^2 * cos(i + 0.3*j + n))"},
	{"windows with a border that may be the largest", "y[n, c, i in 9, j in 20] = max[u in 3, v in 2] x[n, c, i + u - 1, j + v - 1] ?? 0.25;  l = s * (sum[n, c, i, j] y[n, c, i, j]^2 * cos(i + 0.3*j + n))"},
	{"windows apart from each other", "y[n, c, i in 2, j in 5] = max[u in 3, v in 2] x[n, c, 4*i + u, 4*j + v];  l = s * (sum[n, c, i, j] y[n, c, i, j]^3 * cos(i + 0.3*j + n))"},
	{"the smallest of windows", "y[n, c, i in 9, j in 20] = min[u in 3, v in 3] x[n, c, i + u - 1, j + v - 1] ?? inf;  l = s * (sum[n, c, i, j] y[n, c, i, j]^2 * cos(i + 0.3*j + n))"},
	{"windows of one axis", "y[n, c, i, j in 10] = max[v in 3] x[n, c, i, 2*j + v - 1] ?? -inf;  l = s * (sum[n, c, i, j] y[n, c, i, j]^2 * cos(i + 0.3*j + n))"},
	{"means of windows with a border", "z = tanh(s * x);  y[n, c, i in 5, j in 10] = mean[u in 3, v in 3] z[n, c, 2*i + u - 1, 2*j + v - 1] ?? 0;  l = sum[n, c, i, j] y[n, c, i, j]^2 * cos(i + 0.3*j + n)"},
	{"the largest of an image", "y[n, c] = max[i, j] tanh(s * x[n, c, i, j]);  l = sum[n, c] y[n, c]^2 * cos(c + n)"},
	{"the largest of all", "y[c] = max[n, i, j] s * x[n, c, i, j];  l = sum[c] y[c]^2 * cos(c)"},
	{"the largest of columns", "y[n, c, j] = max[i] tanh(s * x[n, c, i, j]);  l = sum[n, c, j] y[n, c, j]^2 * cos(j + n)"},
	{"the largest of a batch", "y[i, j] = max[n] s * x[n, 1, i, j];  l = sum[i, j] y[i, j]^2 * cos(i + 0.3*j)"},
}

// TestMaxima: emitted Go computes what the interpreter does.
func TestMaxima(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil || testing.Short() {
		t.Skip("no go command, or no time")
	}
	image := func(f float64) any {
		var x [2][3][9][20]float64
		k := 0.0
		for n := range x {
			for c := range x[n] {
				for i := range x[n][c] {
					for j := range x[n][c][i] {
						k++
						x[n][c][i][j] = math.Round(4*math.Sin(f*k*k)) / 4
					}
				}
			}
		}
		return x
	}
	input, err := json.Marshal(map[string]any{"args": map[string]any{"x": image(0.7), "s": 0.5}, "tangents": map[string]any{"x": image(1.3), "s": 0.25}})
	if err != nil {
		t.Fatal(err)
	}
	var cases []Case
	for _, f := range maxima {
		source := "dtype f64\nloss F(x: [N, 3, 9, 20], s: real) -> l { " + f.source + " }"
		for _, what := range []string{"", ".grad", ".jvp", ".hvp"} {
			cases = append(cases, Case{File: "t.nn", Source: []byte(source), Entry: "F" + what, Input: input})
		}
	}
	built := EvalGoAll(cases)
	for i, c := range cases {
		name := maxima[i/4].name + ": " + c.Entry
		c.Plain = true
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
