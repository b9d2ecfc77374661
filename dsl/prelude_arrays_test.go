package dsl_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/nnc-lang/nnc"
)

// An arrayCase evaluates one entry, F or M, on arguments of the shapes given,
// with every parameter drawn, and compares with the same in plain loops.
type arrayCase struct {
	src  string           // of fn F or model M
	args map[string][]int // shapes of real arguments
	ids  map[string]any   // integer arguments
	want func(p params) []float64
}

// params are all arguments and parameters by their paths: x, Dense1.W.
type params map[string]*array

type array struct {
	shape []int
	data  []float64
}

// at reads an element, 0 outside.
func (a *array) at(idx ...int) float64 {
	k, ok := a.offset(idx)
	if !ok {
		return 0
	}
	return a.data[k]
}

func (a *array) offset(idx []int) (int, bool) {
	k := 0
	for d, i := range idx {
		if i < 0 || i >= a.shape[d] {
			return 0, false
		}
		k = k*a.shape[d] + i
	}
	return k, true
}

// fill makes an array of a function of the indices.
func fill(shape []int, f func(i []int) float64) *array {
	n := 1
	for _, d := range shape {
		n *= d
	}
	a := &array{shape, make([]float64, n)}
	idx := make([]int, len(shape))
	for k := range a.data {
		r := k
		for d := len(shape) - 1; d >= 0; d-- {
			idx[d], r = r%shape[d], r/shape[d]
		}
		a.data[k] = f(idx)
	}
	return a
}

// sum adds f over all indices below the sizes.
func sum(f func(i []int) float64, shape ...int) (s float64) {
	for _, v := range fill(shape, f).data {
		s += v
	}
	return s
}

func (a *array) json() any {
	if len(a.shape) == 0 {
		return a.data[0]
	}
	list := []any{}
	size := len(a.data) / max(1, a.shape[0])
	for k := range a.shape[0] {
		list = append(list, (&array{a.shape[1:], a.data[k*size : (k+1)*size]}).json())
	}
	return list
}

// An emittedCase is what emitted Go is asked, and what the interpreter says.
type emittedCase struct {
	name string
	ask  nnc.Case
	want []float64
}

func TestPreludeArrays(t *testing.T) {
	var emitted []emittedCase
	for _, c := range arrayCases {
		name, _, _ := strings.Cut(c.src, "\n")
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(7, 7))
			entry := "F"
			if strings.Contains(c.src, "model M") {
				entry = "M"
			}
			src := "dtype f64\n" + c.src + "\n"
			p := params{}
			args := map[string]any{}
			for n, v := range c.ids {
				args[n] = v
				p[n] = &array{nil, numbers(v)}
			}
			for n, shape := range c.args {
				p[n] = fill(shape, func([]int) float64 { return math.Round(1e3*r.NormFloat64()) / 1e3 })
				args[n] = p[n].json()
			}
			question := map[string]any{"args": args}
			wrt, tangents := slices.Sorted(keys(c.args)), map[string]any{}
			for _, n := range wrt {
				tangents[n] = redraw(args[n], r, "", nil)
			}
			if entry == "M" {
				drawn := eval(t, src, "M.init", map[string]any{})["init"]
				question["params"] = redraw(drawn, r, "", p)
				tangents["params"] = redraw(drawn, r, "", nil)
				wrt = append(wrt, "params")
			}
			value := eval(t, src, entry, question)["value"]
			got, want := numbers(value), c.want(p)
			if len(got) != len(want) {
				t.Fatalf("%d numbers, want %d", len(got), len(want))
			}
			for k := range got {
				if !near(got[k], want[k], 1e-10) {
					t.Fatalf("element %d is %v, want %v", k, got[k], want[k])
				}
			}
			// <c, J t> = <Jᵀ c, t>: forward mode judges reverse mode.
			question["wrt"], question["tangents"] = wrt, tangents
			question["cotangents"] = redraw(value, r, "", nil)
			forward := numbers(eval(t, src, entry+".jvp", without(question, "cotangents"))["jvp"])
			reverse := without(question, "tangents")
			answer := eval(t, src, entry+".vjp", reverse)
			emitted = append(emitted, emittedCase{name, asked(t, src, entry+".vjp", reverse), numbers(answer)})
			back := answer["vjp"].(map[string]any)
			left, right, size := 0.0, 0.0, 1.0
			for k, c := range numbers(question["cotangents"]) {
				left += c * forward[k]
				size = max(size, math.Abs(c*forward[k]))
			}
			for n, d := range back {
				along := numbers(tangents[n])
				for k, g := range numbers(d) {
					right += g * along[k]
				}
			}
			if math.Abs(left-right) > 1e-9*size {
				t.Errorf("<c, J t> = %v, <Jᵀ c, t> = %v", left, right)
			}
		})
	}
	// All once more by emitted Go, built together.
	var asks []nnc.Case
	for _, e := range emitted {
		asks = append(asks, e.ask)
	}
	for k, a := range nnc.EvalGoAll(asks) {
		var v any
		if a.Err != nil || json.Unmarshal(a.JSON, &v) != nil {
			t.Errorf("%s in Go: %v", emitted[k].name, a.Err)
			continue
		}
		got := numbers(v)
		for i, want := range emitted[k].want {
			if len(got) != len(emitted[k].want) || !near(got[i], want, 1e-10) {
				t.Errorf("%s in Go: number %d is %v, the interpreter has %v", emitted[k].name, i, got[i], want)
				break
			}
		}
	}
}

func keys(m map[string][]int) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func without(m map[string]any, key string) map[string]any {
	out := map[string]any{}
	for k, v := range m {
		if k != key {
			out[k] = v
		}
	}
	return out
}

// redraw replaces every number of a JSON value, and notes the arrays in into
// by their paths.
func redraw(v any, r *rand.Rand, path string, into params) any {
	m, ok := v.(map[string]any)
	if !ok {
		shape := []int{}
		for l, ok := v.([]any); ok; l, ok = l[0].([]any) {
			shape = append(shape, len(l))
		}
		a := fill(shape, func([]int) float64 { return math.Round(500*r.NormFloat64()) / 1e3 })
		if into != nil {
			into[path] = a
		}
		return a.json()
	}
	out := map[string]any{}
	names := []string{}
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		p := n
		if path != "" {
			p = path + "." + n
		}
		out[n] = redraw(m[n], r, p, into)
	}
	return out
}

// numbers are those of a JSON value, objects in the order of their names.
func numbers(v any) []float64 {
	switch v := v.(type) {
	case float64:
		return []float64{v}
	case int:
		return []float64{float64(v)}
	case []float64:
		return v
	case string:
		return []float64{map[string]float64{"NaN": math.NaN(), "Inf": math.Inf(1), "-Inf": math.Inf(-1)}[v]}
	case []any:
		var out []float64
		for _, x := range v {
			out = append(out, numbers(x)...)
		}
		return out
	case map[string]any:
		names := []string{}
		for n := range v {
			names = append(names, n)
		}
		slices.Sort(names)
		var out []float64
		for _, n := range names {
			out = append(out, numbers(v[n])...)
		}
		return out
	}
	return nil
}

func asked(t *testing.T, src, entry string, question map[string]any) nnc.Case {
	t.Helper()
	in, err := json.Marshal(question)
	if err != nil {
		t.Fatal(err)
	}
	return nnc.Case{File: "prelude_test.nn", Source: []byte(src), Entry: entry, Input: in}
}

func eval(t *testing.T, src, entry string, question map[string]any) map[string]any {
	t.Helper()
	out, err := nnc.Eval(asked(t, src, entry, question))
	if err != nil {
		t.Fatalf("%s: %v\n%s", entry, err, src)
	}
	answer := map[string]any{}
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}
