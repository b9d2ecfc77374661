package nnc

import (
	"encoding/json"
	"fmt"
	"go/token"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/diff"
	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
)

// applied is an operator with its arguments, in the text form of ir.
func applied(op *ir.Operator, args ...string) string {
	switch {
	case op.Infix > 0:
		return args[0] + " " + op.Name + " " + args[1]
	case op == ir.Neg:
		return "-" + args[0]
	}
	return op.Name + "(" + strings.Join(args, ", ") + ")"
}

// TestOperators loops over the table: the rule of each operator against
// differences of its function, forward and reverse, first order and second.
func TestOperators(t *testing.T) {
	for _, op := range ir.Operators {
		if op.Class != ir.Arith {
			continue
		}
		t.Run(op.Name, func(t *testing.T) {
			if len(op.At) == 0 {
				t.Fatal("it has no points to test at")
			}
			names := []string{"x", "y"}[:op.Arity]
			inputs := ""
			for _, n := range names {
				inputs += "input " + n + ": real data\n"
			}
			p, err := ir.Parse("program t\n" + inputs + "r = " + applied(op, names...) + "\noutput r = r\n")
			if err != nil {
				t.Fatal(err)
			}
			for _, at := range op.At {
				if len(at) != op.Arity {
					t.Fatalf("%v is no point for %d arguments", at, op.Arity)
				}
				y := append(slices.Clone(at), 0)
				if got, want := scalars(t, p, names, at)["r"], op.Eval(y[0], y[1]); got != want {
					t.Errorf("at %v the interpreter gives %v, the table %v", at, got, want)
				}
				for k := range names {
					if op.Name == "polygamma" && k == 0 {
						continue // an integer
					}
					var wrt []*ir.Array
					for _, in := range p.Inputs {
						if in.Name == names[k] {
							wrt = append(wrt, in)
						}
					}
					f := func(v float64) float64 {
						q := slices.Clone(at)
						q[k] = v
						return op.Eval(q[0], append(q, 0)[1])
					}
					forward, err := diff.JVP(p, wrt)
					if err != nil {
						t.Fatal(err)
					}
					reverse, err := diff.Gradient(p, "r", wrt)
					if err != nil {
						t.Fatal(err)
					}
					second, err := diff.Hessian(p, "r", wrt)
					if err != nil {
						t.Fatal(err)
					}
					want := slope(f, at[k])
					for how, q := range map[string]*ir.Program{"forward": forward, "reverse": reverse} {
						if got := one(t, scalars(t, q, names, at), "r"); !close(got, want, 1e-8) {
							t.Errorf("at %v %s, by %s: %v, by differences %v", at, names[k], how, got, want)
						}
					}
					df := func(v float64) float64 {
						q := slices.Clone(at)
						q[k] = v
						return one(t, scalars(t, reverse, names, q), "r")
					}
					if got, want := one(t, scalars(t, second, names, at), "r"), slope(df, at[k]); !close(got, want, 1e-7) {
						t.Errorf("at %v second derivative in %s: %v, by differences %v", at, names[k], got, want)
					}
				}
			}
		})
	}
}

// slope is a central difference of the fourth order.
func slope(f func(float64) float64, x float64) float64 {
	h := 1e-3 * max(0.05, min(math.Abs(x), 1))
	return (8*(f(x+h)-f(x-h)) - (f(x+2*h) - f(x-2*h))) / (12 * h)
}

func close(got, want, tol float64) bool { return math.Abs(got-want) <= tol*max(1, math.Abs(want)) }

// scalars runs a program of scalars; tangents are 1.
func scalars(t *testing.T, p *ir.Program, names []string, at []float64) map[string]float64 {
	t.Helper()
	env := &interp.Env{Inputs: map[*ir.Array]*interp.Tensor{}}
	for _, in := range p.Inputs {
		v := interp.Zeros()
		v.Data[0] = 1
		if k := slices.Index(names, in.Name); k >= 0 {
			v.Data[0] = at[k]
		}
		env.Inputs[in] = v
	}
	out, err := interp.Run(p, env)
	if err != nil {
		t.Fatal(err)
	}
	r := map[string]float64{}
	for n, v := range out {
		r[n] = v.Data[0]
	}
	return r
}

// one is the output of a program that is not called value.
func one(t *testing.T, out map[string]float64, value string) float64 {
	t.Helper()
	for n, v := range out {
		if n != value {
			return v
		}
	}
	t.Fatalf("no derivative in %v", out)
	return 0
}

// TestOperatorsInGo runs what is emitted for every operator, in both element
// types: the template of the record in a program of its own, which needs no
// source text and so reaches the inner ones too.
func TestOperatorsInGo(t *testing.T) {
	var calls strings.Builder
	type answer struct{ name, T string }
	var asked []answer
	var want []float64
	for _, op := range ir.Operators {
		if op.Class != ir.Arith {
			continue
		}
		for _, T := range []string{"float64", "float32"} {
			text := strings.NewReplacer("{T}", T, "{bits}", T[5:]).Replace(op.Go)
			for _, at := range op.At {
				var args []any
				rounded := []float64{0, 0}
				for k, v := range at {
					rounded[k] = v
					if T == "float32" {
						rounded[k] = float64(float32(v))
					}
					args = append(args, fmt.Sprintf("%s(at(%s))", T, strconv.FormatFloat(v, 'g', -1, 64)))
				}
				fmt.Fprintf(&calls, "\tshow(float64(%s))\n", fmt.Sprintf(text, args...))
				asked, want = append(asked, answer{applied(op, fmt.Sprint(at)+"…", "…"), T}), append(want, op.Eval(rounded[0], rounded[1]))
			}
		}
	}
	got := goNumbers(t, calls.String())
	if len(got) != len(want) {
		t.Fatalf("%d answers to %d questions", len(got), len(want))
	}
	for k, g := range got {
		tol := 1e-14
		if asked[k].T == "float32" {
			tol = 2e-7
		}
		if !close(g, want[k], tol) {
			t.Errorf("%s in %s: %v, the interpreter has %v", asked[k].name, asked[k].T, g, want[k])
		}
	}
}

func goNumbers(t *testing.T, calls string) []float64 {
	t.Helper()
	file := filepath.Join(t.TempDir(), "main.go")
	text := `package main

import (
	"fmt"

	rt "github.com/nnc-lang/nnc/runtime"
)

//go:noinline
func at(x float64) float64 { return x }

func show(x float64) { fmt.Printf("%x\n", x) }

var _ = rt.Exp[float64]

func main() {
` + calls + "}\n"
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "run", file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var list []float64
	for line := range strings.Lines(string(out)) {
		v, err := strconv.ParseFloat(strings.TrimSpace(line), 64)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, v)
	}
	return list
}

// TestOperatorsInTexts writes every operator that has a name or a sign in a
// source text, and compares the interpreter with emitted Go, values and
// gradients, in one program.
func TestOperatorsInTexts(t *testing.T) {
	src, args := "dtype f64\n", map[string]any{}
	var heads, results, body []string
	for k, op := range ir.Operators {
		named := token.IsIdentifier(op.Name) && !op.Inner
		if op.Class != ir.Arith || !named && (op.Infix == 0 && op != ir.Neg) {
			continue
		}
		var in []string
		for j := range op.Arity {
			n := fmt.Sprintf("%c%d", 'a'+j, k)
			var column []float64
			for _, at := range op.At {
				column = append(column, at[j])
			}
			in, args[n] = append(in, n), column
			heads = append(heads, fmt.Sprintf("%s: [%d]", n, len(column)))
		}
		results = append(results, fmt.Sprintf("r%d: [%d]", k, len(op.At)))
		body = append(body, fmt.Sprintf("  r%d = %s\n", k, applied(op, in...)))
	}
	src += "fn F(" + strings.Join(heads, ", ") + ") -> (" + strings.Join(results, ", ") + ") {\n" + strings.Join(body, "") + "}\n"
	cot := map[string]any{}
	for _, r := range results {
		name, n, _ := strings.Cut(r, ": ")
		var size int
		fmt.Sscanf(n, "[%d]", &size)
		cot[name] = slices.Repeat([]float64{1}, size)
	}
	input, err := json.Marshal(map[string]any{"args": args, "cotangents": cot})
	if err != nil {
		t.Fatal(err)
	}
	c := Case{File: "operators.nn", Source: []byte(src), Entry: "F.vjp", Input: input}
	want, err := Eval(c)
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	got, err := EvalGo(c)
	if err != nil {
		t.Fatal(err)
	}
	var w, g map[string]map[string][]float64
	if json.Unmarshal(want, &w) != nil || json.Unmarshal(got, &g) != nil {
		t.Fatalf("%s\n%s", want, got)
	}
	for what, all := range w {
		for n, list := range all {
			for i, v := range list {
				if have := g[what][n]; len(have) != len(list) || !close(have[i], v, 1e-13) {
					t.Errorf("%s of %s: emitted Go gives %v, the interpreter %v", what, n, have, list)
				}
			}
		}
	}
}
