package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestSession replays what the hello eval and a stranger send.
func TestSession(t *testing.T) {
	const messages = `{"id": 0, "kind": "start", "eval": "hello"}
{"id": 1, "kind": "define", "module": "hello"}
{"id": 2, "kind": "evaluate", "module": "hello", "function": "square", "input": 1.5, "description": "1.5"}
{"id": 3, "kind": "analysis", "of": 2, "valid": true}
{"id": 4, "kind": "evaluate", "module": "hello", "function": "double", "input": 2.25}
{"id": 5, "kind": "define", "module": "saddle"}
{"id": 6, "kind": "evaluate", "module": "hello", "function": "triple", "input": 1}
{"id": 7, "kind": "evaluate", "module": "lse", "function": "primal", "input": {"x": [0, 0], "min_runs": 3, "min_seconds": 0}}
{"id": 8, "kind": "evaluate", "module": "det", "function": "primal", "input": {"A": [1, 2, 3], "ell": 2}}
{"id": 9, "kind": "evaluate", "module": "hello", "function": "square", "input": 1e200}
{"id": 10, "kind": "evaluate", "module": "ode", "function": "gradient", "input": {"x": [1], "s": 0}}
`
	const want = `{"id":0,"tool":"nnc"}
{"id":1,"success":true}
{"id":2,"success":true,"output":2.25,"timings":[evaluate]}
{"id":3}
{"id":4,"success":true,"output":4.5,"timings":[evaluate]}
{"id":5,"success":false}
{"id":6,"success":false,"error":"no function \"triple\" in module \"hello\""}
{"id":7,"success":true,"output":0.6931471805599453,"timings":[evaluate,evaluate,evaluate]}
{"id":8,"success":false,"error":"main: Det.Loss: a has 3 values, [L,L] with L = 2 (from DetBatch.L) needs 4"}
{"id":9,"success":false,"error":"json: unsupported value: +Inf"}
{"id":10,"success":false,"error":"main: ODELast.LossGrad: where S \u003e= 1 does not hold"}
`
	var out bytes.Buffer
	if err := serve(strings.NewReader(messages), &out); err != nil {
		t.Fatal(err)
	}
	got := regexp.MustCompile(`{"name":"evaluate","nanoseconds":\d+}`).ReplaceAllString(out.String(), "evaluate")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// ask sends one input to a function through the protocol.
func ask(t *testing.T, module, function string, input, output any) {
	t.Helper()
	var out bytes.Buffer
	text, err := json.Marshal(map[string]any{"id": 1, "kind": "evaluate", "module": module, "function": function, "input": input})
	if err != nil {
		t.Fatal(err)
	}
	if err := serve(bytes.NewReader(text), &out); err != nil {
		t.Fatal(err)
	}
	r := struct {
		Success bool
		Error   string
		Output  json.RawMessage
	}{}
	if err := json.Unmarshal(out.Bytes(), &r); err != nil || !r.Success {
		t.Fatalf("%s.%s: %v %s", module, function, err, r.Error)
	}
	if err := json.Unmarshal(r.Output, output); err != nil {
		t.Fatal(err)
	}
}

// same compares numbers, relative to the largest of those wanted.
func same(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	scale := 1e-3
	for _, v := range want {
		scale = max(scale, math.Abs(v))
	}
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= tolerance*scale) {
			t.Fatalf("%s: [%d] is %v, want %v", what, i, got[i], want[i])
		}
	}
}

// check compares value and gradient of a module with a reference at x.
func check(t *testing.T, module, value, gradient string, input any, f reference, x []float64) {
	t.Helper()
	var y float64
	ask(t, module, value, input, &y)
	same(t, module, []float64{y}, []float64{f.value(x)}, 1e-12)
	var g []float64
	ask(t, module, gradient, input, &g)
	same(t, module+" gradient", g, f.gradient(x), 1e-11)
}

func normal(rng *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	return x
}

func normalMatrix(rng *rand.Rand, rows, cols int) matrix {
	return matrix{rows, cols, normal(rng, rows*cols)}
}

func TestVectors(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 5, 40} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			x := normal(rng, n)
			check(t, "lse", "primal", "gradient", lseInput{X: x}, logsumexp, x)
			for _, points := range []int{2, 7, 32} {
				check(t, "llsq", "primal", "gradient", llsqInput{X: x, N: points}, llsq(points), x)
			}
			for _, steps := range []int{1, 3, 10} {
				in := odeInput{X: x, S: steps}
				var y, g []float64
				ask(t, "ode", "primal", in, &y)
				for i := range y {
					last := reference(func(z []complex128) complex128 { return ode(steps)(z)[i] })
					same(t, "ode", y[i:i+1], []float64{last.value(x)}, 1e-13)
				}
				ask(t, "ode", "gradient", in, &g)
				last := reference(func(z []complex128) complex128 { return ode(steps)(z)[n-1] })
				same(t, "ode gradient", g, last.gradient(x), 1e-11)
			}
			if n <= 5 {
				a := normal(rng, n*n)
				check(t, "det", "primal", "gradient", detInput{A: a, Ell: n}, det(n), a)
			}
		})
	}
	large := []float64{1000, 999, -1000}
	check(t, "lse", "primal", "gradient", lseInput{X: large}, logsumexp, large)
}

func TestGMM(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, c := range []struct{ d, k, n, m int }{{1, 1, 1, 0}, {2, 5, 30, 0}, {5, 2, 10, 3}, {7, 3, 4, 1}} {
		in := gmmInput{
			Alpha: normal(rng, c.k), Mu: normalMatrix(rng, c.k, c.d), Q: normalMatrix(rng, c.k, c.d),
			L: normalMatrix(rng, c.k, c.d*(c.d-1)/2), X: normalMatrix(rng, c.n, c.d), Gamma: 1.3, M: int32(c.m),
		}
		f, x := gmm(&in), slices.Concat(in.Alpha, in.Mu.data, in.Q.data, in.L.data)
		var y float64
		var g gmmOutput
		ask(t, "gmm", "objective", in, &y)
		same(t, "gmm", []float64{y}, []float64{f.value(x)}, 1e-12)
		ask(t, "gmm", "jacobian", in, &g)
		same(t, "gmm gradient", slices.Concat(g.Alpha, g.Mu.data, g.Q.data, g.L.data), f.gradient(x), 1e-11)
	}
}

// TestKMeans asks for the quotient of gradient and Hessian, which is what takes
// a centroid from the mean of its points to where it stands.
func TestKMeans(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	points := normalMatrix(rng, 200, 3)
	in := kmeansInput{Points: points, Centroids: matrix{7, 3, slices.Clone(points.data[:7*3])}}
	f := kmeans(points)
	var cost float64
	ask(t, "kmeans", "cost", in, &cost)
	same(t, "kmeans", []float64{cost}, []float64{f.value(in.Centroids.data)}, 1e-13)

	gradient, direction := f.gradient(in.Centroids.data), make([]float64, 7*3)
	for k := range direction { // the cost is quadratic near the centroids: a difference of gradients is exact
		const step = 1e-4
		c := slices.Clone(in.Centroids.data)
		c[k] += step
		up := f.gradient(c)[k]
		c[k] -= 2 * step
		direction[k] = gradient[k] * 2 * step / (up - f.gradient(c)[k])
	}
	var dir matrix
	ask(t, "kmeans", "dir", in, &dir)
	same(t, "kmeans direction", dir.data, direction, 1e-9)
}

func TestLSTM(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for _, layers := range []int{2, 4} {
		in := lstmInput{
			Main: normalMatrix(rng, 2*layers, 4*5), Extra: normalMatrix(rng, 3, 5),
			State: normalMatrix(rng, 2*layers, 5), Sequence: normalMatrix(rng, 9, 5),
		}
		check(t, "lstm", "objective", "jacobian", in, lstm(&in), slices.Concat(in.Main.data, in.Extra.data))
	}
}
