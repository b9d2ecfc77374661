package nnc

import (
	"encoding/json"
	"fmt"
	"math"
	"os/exec"
	"strings"
	"testing"
)

// guarded are sums of products that are products of matrices but for a guard,
// large enough to become calls of the runtime.
var guarded = []struct {
	name    string
	a, b, y []int
	body    string
}{
	{"causal", []int{9, 9}, []int{9, 7}, []int{9, 7}, "y[i, c] = sum[j] (if j <= i then a[i, j] * b[j, c] else 0)"},
	{"a range", []int{9, 9}, []int{9, 7}, []int{9, 7}, "y[i, c] = sum[j in 0..i] a[i, j] * b[j, c]"},
	{"a factor outside", []int{9, 9}, []int{9, 7}, []int{9, 7}, "y[i, c] = sum[j in i+1..9] s * a[i, j] * b[j, c]"},
	{"a band", []int{9, 9}, []int{9, 7}, []int{9, 7}, "y[i, c] = sum[j] (if j <= i and i <= j + 2 then a[i, j] * b[j, c] else 0)"},
	{"three factors", []int{9, 9}, []int{9, 7}, []int{9, 7}, "y[i, c] = sum[j] (if j < i then a[i, j] * b[j, 0] * b[j, c] else 0)"},
	{"two sums", []int{9, 9}, []int{9, 7}, []int{9, 7}, "y[i, c] = sum[j] (if j <= i then a[i, j] * b[j, c] else 0) + sum[j] (if j >= i then a[j, i] * b[j, c] else 0)"},
	{"of one matrix", []int{9, 9}, []int{9, 7}, []int{9, 9}, "y[i, c] = b[i, 0] + sum[j] (if j <= i then a[i, j] * a[j, c] else 0)"},
	{"transposed", []int{9, 9}, []int{7, 9}, []int{7, 9}, "y[c, i] = sum[j] (if j != i then b[c, j] * a[j, i] else 0)"},
	{"a convolution", []int{2, 9, 9}, []int{3, 2, 3, 3}, []int{3, 9, 9}, "y[o, i, j] = sum[c, u, v] b[o, c, u, v] * a[c, i + u - 1, j + v - 1] ?? 0"},
	{"strides", []int{2, 9, 9}, []int{3, 2, 3, 3}, []int{3, 4, 4}, "y[o, i, j] = sum[c, u, v] b[o, c, u, v] * a[c, 2*i + u, 2*j + v]"},
	{"what a guard hides", []int{9, 9}, []int{9, 7}, []int{9, 7}, "y[i, c] = sum[j] (if j <= i then a[i, j] * log(b[j, c]) else 0)"},
	{"a recurrence", []int{9, 9}, []int{9, 7}, []int{3, 9, 7}, "y[-1] = b;  y[t, i, c] = sum[j] (if j <= i then a[i, j] * y[t-1, j, c] else 0)"},
	{"a batch", []int{2, 9, 9}, []int{2, 9, 7}, []int{2, 9, 7}, "y[n, i, c] = sum[j] (if j <= i then a[n, i, j] * b[n, j, c] else 0)"},
}

// TestNotPicked puts a NaN and an infinity into one place after the other: what
// a guard does not pick contributes nothing, what it picks gets through. The
// program as it was written, interpreted, tells which.
func TestNotPicked(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command")
	}
	var cases []Case
	for _, g := range guarded {
		dims := func(shape []int) string { return strings.ReplaceAll(fmt.Sprint(shape), " ", ", ") }
		src := fmt.Sprintf("dtype f64 fn F(a: %s, b: %s, s) -> y: %s { %s }  fn L(a: %[1]s, b: %[2]s, s) = sum(F(a, b, s)^2)", dims(g.a), dims(g.b), dims(g.y), g.body)
		for bad := range 9 {
			args := map[string]any{"a": numbers(g.a, 1), "b": numbers(g.b, 2), "s": 0.7}
			if bad > 0 {
				v := []any{"NaN", "Inf", "NaN", "-Inf"}[bad%4]
				switch {
				case bad == 8:
					args["s"] = v
				case bad%2 == 1:
					spoil(args["a"], v, 7*bad)
				default:
					spoil(args["b"], v, 3*bad)
				}
			}
			in := map[string]any{"args": args, "tangents": args}
			for _, what := range []string{"F", "F.vjp", "F.jvp", "L.hvp"} {
				if delete(in, "cotangents"); what == "F.vjp" {
					in["cotangents"] = numbers(g.y, 3)
				}
				input, err := json.Marshal(in)
				if err != nil {
					t.Fatal(err)
				}
				cases = append(cases, Case{File: g.name, Source: []byte(src), Entry: what, Input: input})
			}
		}
	}
	for i, a := range EvalGoAll(cases) {
		c := cases[i]
		plain := c
		plain.Plain = true
		want, err := Eval(plain)
		got, err2 := Eval(c)
		if err != nil || err2 != nil || a.Err != nil {
			t.Fatalf("%s %s: %v, %v, %v", c.File, c.Entry, err, err2, a.Err)
		}
		var w, x, y any
		if json.Unmarshal(want, &w) != nil || json.Unmarshal(got, &x) != nil || json.Unmarshal(a.JSON, &y) != nil {
			t.Fatalf("no JSON: %s %s %s", want, got, a.JSON)
		}
		if d := differ(x, w, 1e-12, ""); d != "" {
			t.Errorf("%s %s: optimised and as written: %s\n%s", c.File, c.Entry, d, c.Input)
		}
		if d := differ(y, w, 1e-12, ""); d != "" {
			t.Errorf("%s %s: emitted and as written: %s\n%s", c.File, c.Entry, d, c.Input)
		}
	}
}

// numbers fills a shape.
func numbers(shape []int, seed int) any {
	n := 0
	var fill func(shape []int) any
	fill = func(shape []int) any {
		if len(shape) == 0 {
			n++
			return math.Round(1e3*(1.1+math.Sin(float64(seed*100+7*n)))) / 1e3
		}
		list := make([]any, shape[0])
		for i := range list {
			list[i] = fill(shape[1:])
		}
		return list
	}
	return fill(shape)
}

// spoil puts v into the place that is number k, around and around.
func spoil(list any, v any, k int) {
	l := list.([]any)
	i := k % len(l)
	if _, ok := l[i].([]any); ok {
		spoil(l[i], v, k/2+1)
		return
	}
	l[i] = v
}
