package nnc

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

type numericCase struct{ name, source, entry, input string }

// numeric cases: an entry with arguments at which everything that eval
// computes is compared with differences of its value.
var numeric = []numericCase{
	{"logistic", `
model M(x: [D]) -> z: real { param w: [D] = 0;  param b: real = 0;  z = w @ x + b }
loss Fit(m: M, x: [N, D], y: [N]) = mean(logit_loss(m(x), y))`,
		"Fit", `{"args": {"m": {"w": [0.3, -0.2], "b": 0.5}, "x": [[1, 2], [3, -4], [0.5, 0.1]], "y": [1, -1, 1]}, "wrt": ["m", "x"]}`},
	{"xor", `
model M(x: [2]) -> p: real { param hidden: Dense[2];  param out: Dense[1];  z = x |> hidden |> tanh |> out;  p = sigmoid(z[0]) }
loss Fit(m: M, x: [N, 2], y: [N]) = mean(bce(m(x), y))`,
		"Fit", `{"args": {"m": {"hidden": {"W": [[0.2, 1.0], [-0.2, 0.3]], "b": [0, 0.5]}, "out": {"W": [[0.1], [0.7]], "b": [0]}},
			"x": [[0, 1], [1, 0], [1, 1]], "y": [0, 1, 1]}}`},
	{"mlp", `
const lambda = 0.01
model M(x: [D]) -> p: [2] { param W1: [D, 3] ~ he;  param W2: [3, 2] ~ glorot;  p = softmax(tanh(x @ W1) @ W2) }
loss Fit(m: M, x: [N, D], y: [N] in 2) = mean(cross_entropy(m(x), y)) + lambda * (sumsq(m.W1) + sumsq(m.W2))`,
		"Fit", `{"args": {"m": {"W1": [[0.1, 0.2, -0.3], [0.4, -0.5, 0.6]], "W2": [[1, -1], [0.5, 0.2], [0.3, 0.9]]}, "x": [[1, 2], [-1, 0.5]], "y": [0, 1]}}`},
	{"copies", `
model M(x: [2]) -> y: [2] { param body: Dense[2] * 2;  y = x |> body |> tanh }
loss Fit(m: M, k: real, x: [N, 2]) = k * mean(m(x)^2)`,
		"Fit", `{"args": {"m": {"body": [{"W": [[0.1, 0.2], [0.3, 0.4]], "b": [0.1, 0]}, {"W": [[1, -1], [0.5, 2]], "b": [0, 0.3]}]}, "k": 3, "x": [[1, 2], [0.5, -1]]}, "wrt": ["m", "k"]}`},
	{"mixture", `
const K = 2
model M(x: [D]) -> logp: real {
  param a: [K] = 0;  param mu: [K, D] ~ normal(0, 1);  param s: [K, D] = 0
  w = softmax(a)
  logp = logsumexp[k] (log(w[k]) + sum[d] normal_logpdf(x[d], mu[k, d], exp(s[k, d])))
}
loss NLL(g: M, x: [N, D]) = -mean(g(x))`,
		"NLL", `{"args": {"g": {"a": [0.3, -0.2], "mu": [[1], [-0.5]], "s": [[0.1], [-0.2]]}, "x": [[0.5], [-1], [2]]}}`},
	{"fn", `fn F(x: [3], s: real) = s * sum[i] sin(x[i]) * x[2 - i]`,
		"F", `{"args": {"x": [0.3, 1.2, -0.7], "s": 1.5}}`},
}

// TestEvalNumbers compares grad, jvp, vjp, hvp, jacobian, hessian and hessdiag
// with central differences, before and after the passes.
func TestEvalNumbers(t *testing.T) {
	for _, c := range slices.Concat(numeric, nestedScans, innerGrads) {
		t.Run(c.name, func(t *testing.T) {
			for _, plain := range []bool{true, false} {
				checkNumbers(t, "dtype f64\n"+c.source, c.entry, c.input, plain)
			}
		})
	}
}

func checkNumbers(t *testing.T, src, entry, input string, plain bool) {
	t.Helper()
	var in map[string]any
	if err := json.Unmarshal([]byte(input), &in); err != nil {
		t.Fatal(err)
	}
	ask := func(what string, in map[string]any) map[string]any {
		t.Helper()
		text, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		out, err := Eval(Case{File: "t.nn", Source: []byte(src), Entry: entry + what, Input: text, Plain: plain})
		if err != nil {
			t.Fatalf("%s%s: %v", entry, what, err)
		}
		var r map[string]any
		if err := json.Unmarshal(out, &r); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return r
	}
	g := ask(".grad", in)["grad"].(map[string]any)
	args := in["args"].(map[string]any)
	wrt := map[string]any{} // the arguments that are differentiated
	for name := range g {
		wrt[name] = args[name]
	}
	// A direction with all digits, the same shape.
	k := 0
	dir := transform(wrt, func(float64) float64 { k++; return math.Sin(float64(3 * k)) })
	shifted := func(h float64) map[string]any {
		flatD, i := flat(dir), 0
		moved := transform(wrt, func(v float64) float64 { i++; return v + h*flatD[i-1] }).(map[string]any)
		all := map[string]any{}
		for name, v := range args {
			all[name] = v
		}
		for name, v := range moved {
			all[name] = v
		}
		out := map[string]any{"args": all}
		for key, v := range in {
			if key != "args" {
				out[key] = v
			}
		}
		return out
	}
	const h = 1e-5
	value := func(h float64) float64 { return ask("", shifted(h))["value"].(float64) }
	grad := func(h float64) []float64 { return flat(ask(".grad", shifted(h))["grad"]) }
	near := func(what string, got, want []float64) {
		t.Helper()
		if len(got) != len(want) {
			t.Fatalf("%s has %d numbers, want %d", what, len(got), len(want))
		}
		for i := range got {
			if d := math.Abs(got[i] - want[i]); !(d <= 1e-6*(1+math.Abs(want[i]))) {
				t.Errorf("plain %v: %s number %d is %v, want %v", plain, what, i, got[i], want[i])
			}
		}
	}
	dot := func(a, b []float64) (s float64) {
		for i := range a {
			s += a[i] * b[i]
		}
		return s
	}
	slope := []float64{(value(h) - value(-h)) / (2 * h)}
	near("grad · direction", []float64{dot(flat(g), flat(dir))}, slope)

	more := map[string]any{"tangents": dir, "cotangents": 2.0}
	for key, v := range in {
		more[key] = v
	}
	near("jvp", flat(ask(".jvp", more)["jvp"]), slope)
	near("jacobian", flat(ask(".jacobian", in)["jacobian"]), flat(g))
	twice := flat(ask(".vjp", more)["vjp"])
	for i := range twice {
		twice[i] /= 2
	}
	near("vjp", twice, flat(g))
	up, down := grad(h), grad(-h)
	curve := make([]float64, len(up))
	for i := range up {
		curve[i] = (up[i] - down[i]) / (2 * h)
	}
	near("hvp", flat(ask(".hvp", more)["hvp"]), curve)

	// The Hessian: rows are in the order of the gradient, and its product
	// with the direction and its diagonal are known.
	diag := flat(ask(".hessdiag", in)["hessdiag"])
	rows := hessianRows(wrt, ask(".hessian", in)["hessian"].(map[string]any))
	d := flat(dir)
	product, onDiag := make([]float64, len(d)), make([]float64, len(d))
	for i, row := range rows {
		product[i], onDiag[i] = dot(row, d), row[i]
	}
	near("hessian · direction", product, curve)
	near("hessdiag", diag, onDiag)
}

// transform replaces every number below v, keys in order.
func transform(v any, f func(float64) float64) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for _, k := range keys(v) {
			out[k] = transform(v[k], f)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = transform(v[i], f)
		}
		return out
	}
	return f(v.(float64))
}

// flat lists every number below v, keys in order.
func flat(v any) (out []float64) {
	transform(v, func(x float64) float64 { out = append(out, x); return x })
	return out
}

func keys(m map[string]any) (list []string) {
	for k := range m {
		list = append(list, k)
	}
	for i := range list {
		for j := i; j > 0 && list[j] < list[j-1]; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
	return list
}

// hessianRows makes a matrix of a Hessian, rows and columns in the order of
// flat of the arguments like.
func hessianRows(like, h any) (rows [][]float64) {
	switch like := like.(type) {
	case map[string]any:
		for _, k := range keys(like) {
			rows = append(rows, hessianRows(like[k], h.(map[string]any)[k])...)
		}
		return rows
	case []any:
		list, isList := h.([]any)
		if isList { // copies of a layer, or the axes of a parameter
			for i := range like {
				rows = append(rows, hessianRows(like[i], list[i])...)
			}
			return rows
		}
		// h is the object of columns of a parameter with axes: row r has
		// element r of each column block.
		n := len(flat(like))
		rows = make([][]float64, n)
		var blocks func(v any)
		blocks = func(v any) {
			if m, ok := v.(map[string]any); ok {
				for _, k := range keys(m) {
					blocks(m[k])
				}
				return
			}
			if l, ok := v.([]any); ok && len(l) > 0 {
				if _, copies := l[0].(map[string]any); copies {
					for _, x := range l {
						blocks(x)
					}
					return
				}
			}
			f := flat(v)
			w := len(f) / n
			for r := range rows {
				rows[r] = append(rows[r], f[r*w:(r+1)*w]...)
			}
		}
		blocks(h)
		return rows
	}
	return [][]float64{flat(h)}
}

// TestEvalSharedArgument maps a model over one argument and shares another;
// what is shared is summed over.
func TestEvalSharedArgument(t *testing.T) {
	src := "dtype f64\nmodel M(x: [2], s: real) -> y: real { param w: [2] = 0;  y = s * (w @ x) }"
	in := `{"params": {"w": [2, 3]}, "args": {"x": [[1, 0], [0, 1], [1, 1]], "s": 10}, "wrt": ["s", "params", "x"],
		"tangents": {"s": 1}, "cotangents": [1, 10, 100]}`
	for what, want := range map[string]string{
		"":          `{"value":[20,30,50]}`,
		".jvp":      `{"value":[20,30,50],"jvp":[2,3,5]}`,
		".vjp":      `{"value":[20,30,50],"vjp":{"params":{"w":[1010,1100]},"x":[[20,30],[200,300],[2000,3000]],"s":532}}`,
		".jacobian": `{"value":[20,30,50],"jacobian":{"params":{"w":[[10,0],[0,10],[10,10]]},"x":[[[20,30],[0,0],[0,0]],[[0,0],[20,30],[0,0]],[[0,0],[0,0],[20,30]]],"s":[2,3,5]}}`,
	} {
		out, err := Eval(Case{File: "t.nn", Source: []byte(src), Entry: "M" + what, Input: []byte(in)})
		if got := strings.TrimSpace(string(out)); err != nil || got != want {
			t.Errorf("M%s: %v\n got %s\nwant %s", what, err, got, want)
		}
	}
}

// TestEvalState trains one step of a layer with state: the new state comes
// out, and goes back in.
func TestEvalState(t *testing.T) {
	src := "dtype f64\nmodel M(x: [N, 2]) -> y: [N, 2] { state m: [2] = 3;  m <- 0.5 * m;  y[n, c] = x[n, c] * m[c] }\nloss L(net: M, x: [N, 2]) = sum(net(x))" + `
model C(x: [N, D]) -> y: [N, D] {
  state m: [D] = 0;  param w: [D] = 1;  mu[d] = mean[n] x[n, d];  m <- 0.9 * m + 0.1 * mu
  y[n, d] = (x[n, d] - m[d]) * w[d]
}
fn step(net: C, x: [N, D]) -> n: C = net - 0.1 * grad[net] sum(net(x)^2)
loss Stepped(net: C, x: [N, D]) -> l { n = step(net, x);  l = sum(n(x)^2) }`
	for _, c := range []struct{ entry, in, want string }{
		{"M", `{"args": {"x": [[1, 2]]}}`, `{"value":[[3,6]]}`},
		{"M", `{"args": {"x": [[1, 2]]}, "train": true}`, `{"value":[[3,6]],"state":{"m":[1.5,1.5]}}`},
		{"M", `{"args": {"x": [[1, 2]]}, "train": true, "state": {"m": [1, 4]}}`, `{"value":[[1,8]],"state":{"m":[0.5,2]}}`},
		{"L", `{"args": {"x": [[1, 2]]}, "train": true, "state": {"net": {"m": [1, 4]}}}`, `{"value":9,"state":{"net":{"m":[0.5,2]}}}`},
		// A step of descent within the loss: m.w - 0.1*dS, where S is the sum of ((x - m.m)*w)^2, squared again.
		{"Stepped.grad", `{"args": {"x": [[1, 2], [3, 5]], "net": {"w": [1, 2]}}, "train": true, "state": {"net": {"m": [0.5, 0.5]}}}`,
			`{"value":1103.085,"grad":{"net":{"w":[1.1700000000000008,1102.5]}},"state":{"net":{"m":[0.65,0.8]}}}`},
	} {
		out, err := Eval(Case{File: "t.nn", Source: []byte(src), Entry: c.entry, Input: []byte(c.in)})
		if got := strings.TrimSpace(string(out)); err != nil || got != c.want {
			t.Errorf("%s %s: %v\n got %s\nwant %s", c.entry, c.in, err, got, c.want)
		}
	}
}

// TestNumbersRoundTrip prints awkward numbers so that they read back to the
// same bits.
func TestNumbersRoundTrip(t *testing.T) {
	src := "dtype f64\nfn F(x: [D]) -> y: [D] { y = x }"
	for _, v := range []float64{0.1, 1 / 3.0, 1e21, 1e-7, 5e-324, math.MaxFloat64, -0.0, 123456789012345678, math.Copysign(0, -1)} {
		in := fmt.Sprintf(`{"args": {"x": [%v]}}`, v)
		out, err := Eval(Case{File: "t.nn", Source: []byte(src), Entry: "F", Input: []byte(in)})
		var r struct{ Value []float64 }
		if err != nil || json.Unmarshal(out, &r) != nil || math.Float64bits(r.Value[0]) != math.Float64bits(v) {
			t.Errorf("%v came out as %s (%v)", v, out, err)
		}
	}
}
