package nnc

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// TestOutline: a loop that stands in many places is a function; one that stands in
// few, or that adds to a number outside of it, is not.
func TestOutline(t *testing.T) {
	chain := func(layers int) string {
		var s strings.Builder
		s.WriteString("dtype f64\nmodel Net(x: [8]) -> y: [8] {\n  h0 = x\n")
		for k := range layers {
			fmt.Fprintf(&s, "  h%d = h%d |> Dense[8] |> tanh\n", k+1, k)
		}
		fmt.Fprintf(&s, "  y = h%d\n}\nloss Fit(m: Net, x: [N, 8], y: [N, 8]) = mse(m(x), y)\n", layers)
		return s.String()
	}
	emitted := func(source string) string {
		r, err := Compile("net.nn", []byte(source), Options{Package: "net", SIMD: true})
		if err != nil || r.Go == nil {
			t.Fatal(err, r.Diagnostics)
		}
		return string(r.Go)
	}
	if text := emitted(chain(2)); strings.Contains(text, "Rows(") {
		t.Errorf("a loop of two layers is a function:\n%s", text)
	}
	text := emitted(chain(7))
	if made, called := strings.Count(text, "\nfunc netEvalDense"), strings.Count(text, "\tnetEvalDense1Rows("); made != 1 || called < 12 {
		t.Errorf("%d functions for the loops of seven layers, called %d times:\n%s", made, called, text)
	}
	wide := strings.NewReplacer("f64", "f32", "8", "16").Replace(chain(7))
	if text := emitted(wide); !strings.Contains(text, "Rows(N, h1, b2, row)") {
		t.Errorf("a loop with a scratch row is no function:\n%s", text)
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command")
	}
	in := map[string]any{"args": map[string]any{"m": layersOf(7), "x": numbers([]int{5, 8}, 1), "y": numbers([]int{5, 8}, 2)}}
	input, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	c := Case{File: "net.nn", Source: []byte(chain(7)), Entry: "Fit.grad", Input: input}
	plain, err := Eval(c)
	if err != nil {
		t.Fatal(err)
	}
	var got, want any
	for _, r := range EvalGoAll([]Case{c}) {
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		if json.Unmarshal(plain, &want) != nil || json.Unmarshal(r.JSON, &got) != nil {
			t.Fatal("no JSON")
		}
	}
	if d := differ(got, want, 1e-12, ""); d != "" {
		t.Error(d)
	}
}

// TestOutlineAlone: loops that are all of a method have an empty line before them.
func TestOutlineAlone(t *testing.T) {
	var s strings.Builder
	for _, name := range []string{"A", "B", "C", "D"} {
		fmt.Fprintf(&s, "fn %s(x: [M, N]) -> (a: [M, N]) { a[m, n] = if x[m, n] > 0.25 then 2 * x[m, n]^2 + 1 else -x[m, n] }\n", name)
	}
	r, err := Compile("alone.nn", []byte(s.String()), Options{Package: "alone", SIMD: true})
	if err != nil || r.Go == nil {
		t.Fatal(err, r.Diagnostics)
	}
}

func layersOf(n int) map[string]any {
	out := map[string]any{}
	for k := range n {
		out[fmt.Sprintf("Dense%d", k+1)] = map[string]any{"W": numbers([]int{8, 8}, k), "b": numbers([]int{8}, k)}
	}
	return out
}
