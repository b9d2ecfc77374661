package nnc

import (
	"encoding/json"
	"fmt"
	"math"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestEvalGo holds emitted Go against the interpreter: every numeric case,
// everything that eval computes, in both element types, with one build.
func TestEvalGo(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command")
	}
	var cases []Case
	add := func(src, entry, input string, kinds ...string) {
		for _, dtype := range []string{"f64", "f32"} {
			for _, what := range kinds {
				cases = append(cases, Case{File: "t.nn", Source: []byte(src), Options: Options{Dtype: dtype}, Entry: entry + what, Input: []byte(input)})
			}
		}
	}
	for _, c := range slices.Concat(numeric, nestedScans, innerGrads) {
		var in map[string]any
		if err := json.Unmarshal([]byte(c.input), &in); err != nil {
			t.Fatal(err)
		}
		tangents := map[string]any{}
		for k, v := range in["args"].(map[string]any) {
			if !(c.name == "mlp" && k == "y" || k == "len") { // integers
				tangents[k] = v
			}
		}
		in["tangents"], in["cotangents"] = tangents, 1.5
		input, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		add(c.source, c.entry, string(input), "", ".grad", ".jvp", ".vjp", ".hvp", ".jacobian", ".hessian", ".hessdiag")
	}
	shared := "model M(x: [2], s: real) -> y: real { param w: [2] = 0;  y = s * (w @ x) }"
	in := `{"params": {"w": [2, 3]}, "args": {"x": [[1, 0], [0, 1], [1, 1]], "s": 10}, "wrt": ["s", "params", "x"],
		"tangents": {"s": 1}, "cotangents": [1, 10, 100]}`
	add(shared, "M", in, "", ".jvp", ".vjp", ".jacobian")
	add(shared, "M", `{"params": {"w": [2, 3]}, "args": {"x": [], "s": 10}}`, "")
	kinds := "fn F(x: [N], k: int, on: bool[N], y: [N] in 4) -> (a: [N], b: int, c: bool, d: in 9) { a[n] = if on[n] then x[n] else y[n];  b = 2 * k;  c = all[n] on[n];  d = argmax(x) }"
	add(kinds, "F", `{"args": {"x": [1, 2.5, "NaN"], "k": -3, "on": [true, false, true], "y": [0, 3, 1]}}`, "")
	drawn := "model M(x: [4]) -> y: [4] { eps: [4] ~ normal(0, 1);  y = x + eps }"
	add(drawn, "M", `{"args": {"x": [[1, 2, 3, 4], [5, 6, 7, 8]]}, "seed": 3, "train": true}`, "")
	add("model M(x: [4]) -> y: [4] = x |> Dense[4]", "M", `{"seed": 3}`, ".init")
	state := "model M(x: [N, 2]) -> y: [N, 2] { state m: [2] = 3;  m <- 0.5 * m;  y[n, c] = x[n, c] * m[c] }"
	add(state, "M", `{"args": {"x": [[1, 2]]}, "train": true}`, "")
	add("fn F(x: [N]) -> y: [N] = x", "F", `{"args": {"x": [0.1]}}`, "", ".jacobian")
	add("fn F(x: [N], s: real) -> y: [2] where N > 1 = [s, x[1] ?? 0]", "F", `{"args": {"x": [0.1, 0.2], "s": 3}}`, "", ".jacobian")

	for i, a := range EvalGoAll(cases) {
		c := cases[i]
		want, err := Eval(c)
		if err != nil || a.Err != nil {
			t.Errorf("%s %s %s: %v; interpreted %v", c.Source, c.Entry, c.Options.Dtype, a.Err, err)
			continue
		}
		tol := 1e-12
		if c.Options.Dtype == "f32" {
			tol = 2e-5
		}
		var x, y any
		if json.Unmarshal(a.JSON, &x) != nil || json.Unmarshal(want, &y) != nil {
			t.Fatalf("no JSON: %s %s", a.JSON, want)
		}
		if d := differ(x, y, tol, ""); d != "" {
			t.Errorf("%s %s %s: %s\n go %sint %s", c.Source, c.Entry, c.Options.Dtype, d, a.JSON, want)
		}
	}
}

// differ says where two decoded JSON values differ by more than rounding.
func differ(x, y any, tol float64, path string) string {
	switch x := x.(type) {
	case map[string]any:
		y, ok := y.(map[string]any)
		if !ok || len(x) != len(y) {
			return path + " has other keys"
		}
		for k := range x {
			if d := differ(x[k], y[k], tol, path+"."+k); d != "" {
				return d
			}
		}
	case []any:
		y, ok := y.([]any)
		if !ok || len(x) != len(y) {
			return path + " has another length"
		}
		for k := range x {
			if d := differ(x[k], y[k], tol, fmt.Sprintf("%s[%d]", path, k)); d != "" {
				return d
			}
		}
	case float64:
		y, ok := y.(float64)
		if !ok || !(math.Abs(x-y) <= tol*(1+math.Abs(y))) {
			return fmt.Sprintf("%s is %v and %v", path, x, y)
		}
	default:
		if x != y {
			return fmt.Sprintf("%s is %v and %v", path, x, y)
		}
	}
	return ""
}

// TestEvalGoRounds reads a float32 input once, and prints it so that it reads
// back to the same bits.
func TestEvalGoRounds(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command")
	}
	src := "fn F(x: [N]) -> y: [N] = x"
	in := `{"args": {"x": [0.1, 16777217, 1.00000005960464477539063, "NaN", "-Inf", 1e-46]}}`
	out, err := EvalGo(Case{File: "t.nn", Source: []byte(src), Entry: "F", Input: []byte(in)})
	if got, want := strings.TrimSpace(string(out)), `{"value":[0.1,1.6777216e+07,1.0000001,"NaN","-Inf",0]}`; err != nil || got != want {
		t.Errorf("%v\n got %s\nwant %s", err, got, want)
	}
	_, err = EvalGo(Case{File: "t.nn", Source: []byte(src), Entry: "F", Input: []byte(`{"args": {"x": [1e39]}}`)})
	if err == nil || err.Error() != "args.x[0] = 1e39 is too large for f32" {
		t.Errorf("a number that only fits a float64: %v", err)
	}
}
