package codegen_test

import (
	"encoding/json"
	"fmt"
	"go/format"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/codegen"
	"github.com/nnc-lang/nnc/diff"
	"github.com/nnc-lang/nnc/dsl"
	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
	"github.com/nnc-lang/nnc/ir/pass"
)

const programs = "../dsl/syntax/testdata/programs"

// sizes of dims in tests; those not named are 5.
var sizes = map[string]int{"N": 3, "T": 4, "D": 6}

// load reads a source file and gives the methods of its entries: values, and
// all derivatives that a loss may have.
func load(t *testing.T, file string, src []byte, kinds ...string) (*ir.Module, []*codegen.Method) {
	t.Helper()
	m, list := dsl.Load(file, src, dsl.Options{Import: func(p string) ([]byte, error) {
		return os.ReadFile(filepath.Join(programs, p))
	}})
	if list.HasErrors() {
		t.Fatalf("%s: %v", file, list)
	}
	var out []*codegen.Method
	for _, e := range m.Entries {
		for _, kind := range kinds {
			if kind != "value" && kind != "vjp" && kind != "jacobian" && e.Kind != ir.LossEntry {
				continue
			}
			if x := derive(t, e, kind); x != nil {
				out = append(out, x)
			}
		}
	}
	return m, out
}

func derive(t *testing.T, e *ir.Entry, kind string) *codegen.Method {
	t.Helper()
	low, err := e.Lower(ir.Mode{Train: kind == "grad", Frame: e.Frame})
	if err != nil {
		t.Fatalf("%s: %v", e.Name, err)
	}
	p := low.Program.Clone()
	var wrt []*ir.Array
	for _, a := range low.Args {
		if a.Bundle != nil && !a.Frozen {
			for _, l := range a.Leaves {
				if l.Role == ir.Parameter {
					wrt = append(wrt, l)
				}
			}
		}
	}
	if kind != "value" && len(wrt) == 0 {
		return nil
	}
	simplify := func(passes []pass.Pass) {
		q := p.Clone()
		if err := pass.Run(q, passes...); err != nil {
			t.Logf("%s as it is: %v", e.Name, err) // the passes have tests of their own
			return
		}
		p = q
	}
	simplify(pass.Before)
	of := ""
	for _, o := range p.Outputs {
		if o.Array.Rank() == 0 && of == "" {
			of = o.Name
		}
	}
	switch kind {
	case "grad":
		p, err = diff.Gradient(p, of, wrt)
	case "jvp":
		p, err = diff.JVP(p, wrt)
	case "hvp":
		p, err = diff.HVP(p, of, wrt, false)
	case "vjp":
		p, err = diff.VJP(p, wrt)
	case "jacobian":
		p, err = diff.Jacobian(p, wrt, "auto")
	case "hessian":
		p, err = diff.Hessian(p, of, wrt)
	case "hessdiag":
		p, err = diff.HessDiag(p, of, wrt)
	}
	if err != nil {
		t.Fatalf("%s %s: %v", e.Name, kind, err)
	}
	simplify(pass.After)
	return &codegen.Method{Entry: e, Lowered: low, Program: p, Kind: kind}
}

// TestPrograms compiles every program of the language reference and compares
// what its methods give with the interpreter.
func TestPrograms(t *testing.T) {
	files, _ := filepath.Glob(programs + "/*.nn")
	dir := newModule(t)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".nn")
		if only := os.Getenv("NNC_ONLY"); name == "std" || name == "blocks" || only != "" && only != name {
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m, methods := load(t, name+".nn", src, "value", "grad", "jvp", "hvp")
		addPackage(t, dir, name, m, methods)
	}
	runModule(t, dir)
}

// addPackage writes the emitted package, and a test that calls every method.
func addPackage(t *testing.T, dir, name string, m *ir.Module, methods []*codegen.Method) {
	t.Helper()
	opt := codegen.Options{Package: name, Source: name + ".nn", F64: true}
	out, err := codegen.Emit(m, methods, opt)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	calls, err := codegen.Calls(m, methods, opt)
	if err != nil {
		t.Fatal(err)
	}
	var w strings.Builder
	fmt.Fprintf(&w, "package %s\n\nimport (\"encoding/json\"; \"math\"; \"os\"; \"testing\")\n%s", name, helpers)
	files := map[string][]byte{name + ".go": out}
	for k, c := range calls {
		in, want := evaluate(t, c.Method)
		data := fmt.Sprintf("data%d.json", k)
		files[data], _ = json.Marshal(map[string]any{"in": in, "want": want})
		writeCall(&w, c, k, data)
	}
	test, err := format.Source([]byte(w.String()))
	if err != nil {
		t.Fatalf("%v\n%s", err, w.String())
	}
	files["call_test.go"] = test
	if files["f32/"+name+".go"], err = codegen.Emit(m, methods, codegen.Options{Package: name, Source: name + ".nn"}); err != nil {
		t.Fatal(err)
	}
	for f, text := range files {
		path := filepath.Join(dir, name, f)
		_ = os.MkdirAll(filepath.Dir(path), 0o755)
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// number is a float64 as JSON, which has no NaN.
func number(v float64) any {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return fmt.Sprint(v)
	}
	return v
}

func numbers(v []float64) []any {
	out := make([]any, len(v))
	for i, x := range v {
		out[i] = number(x)
	}
	return out
}

func evaluate(t *testing.T, m *codegen.Method) (in, want map[string][]any) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	env := &interp.Env{Dims: map[string]int{}, Inputs: map[*ir.Array]*interp.Tensor{}, Seed: 7}
	for _, d := range m.Program.Dims {
		env.Dims[d.Name] = 5
		if n, ok := sizes[d.Name]; ok {
			env.Dims[d.Name] = n
		}
	}
	in = map[string][]any{}
	for _, a := range m.Program.Inputs {
		x := interp.Zeros(shapeOf(t, a.Shape, env.Dims)...)
		for i := range x.Data {
			switch {
			case a.Elem == ir.Int && a.In != nil:
				x.Data[i] = float64(r.IntN(value(t, a.In, env.Dims)))
			case a.Elem != ir.Real:
				x.Data[i] = float64(r.IntN(2))
			case a.Role == ir.State:
				x.Data[i] = 0.5 + r.Float64()
			default:
				x.Data[i] = 0.4 * r.NormFloat64()
			}
		}
		env.Inputs[a] = x
		in[a.Name] = numbers(x.Data)
	}
	out, err := interp.Run(m.Program, env)
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", m.Entry.Name, m.Kind, err, ir.Print(m.Program))
	}
	want = map[string][]any{}
	for name, x := range out {
		want[name] = numbers(x.Data)
	}
	return in, want
}

func shapeOf(t *testing.T, dims []*ir.Expr, env map[string]int) (out []int) {
	for _, d := range dims {
		out = append(out, value(t, d, env))
	}
	return out
}

// value computes a size with the interpreter.
func value(t *testing.T, e *ir.Expr, dims map[string]int) int {
	b := ir.NewBuilder()
	p, err := b.ParseProgram(fmt.Sprintf("program v\n%s\nv = %s\noutput v = v\n", dimLines(dims), "1*("+e.String()+")"))
	if err != nil {
		t.Fatal(err)
	}
	out, err := interp.Run(p, &interp.Env{Dims: dims})
	if err != nil {
		t.Fatal(err)
	}
	return int(out["v"].Data[0])
}

func dimLines(dims map[string]int) string {
	s := ""
	for _, d := range slices.Sorted(maps.Keys(dims)) {
		s += "dim " + d + "\n"
	}
	return s
}

// writeCall writes a test function that calls one method.
func writeCall(w *strings.Builder, c *codegen.Call, k int, data string) {
	dim := func(d string) int {
		if n, ok := sizes[d]; ok {
			return n
		}
		return 5
	}
	fmt.Fprintf(w, "func Test%d_%s(t *testing.T) {\nin, want := read(t, %q)\n", k, c.Go, data)
	arg := ""
	switch {
	case c.DimsType != "":
		var parts []string
		for i, f := range c.DimFields {
			parts = append(parts, fmt.Sprintf("%s: %d", f, dim(c.Dims[i])))
		}
		arg = c.DimsType + "{" + strings.Join(parts, ", ") + "}"
	case len(c.Dims) == 1:
		arg = fmt.Sprint(dim(c.Dims[0]))
	}
	fmt.Fprintf(w, "w := New%s(%s)\n", c.Workspace, arg)
	var args []string
	var after strings.Builder
	leafName := func(p codegen.Param, k int) string {
		for _, a := range c.Method.Lowered.Args {
			if a.Name == p.Arg {
				return a.Leaves[k].Name
			}
		}
		return "?"
	}
	tangent := map[string]string{}
	for _, a := range c.Method.Program.Inputs {
		if a.Of != nil {
			tangent[a.Of.Name] = a.Name
		}
	}
	prefix := map[string]string{"grad": "grad.", "hvp": "hvp.", "vjp": "vjp.", "hessdiag": "hessdiag."}[c.Method.Kind]
	var one func(p codegen.Param) string
	one = func(p codegen.Param) string {
		switch {
		case p.What == codegen.Size:
			return fmt.Sprint(dim(p.Name))
		case p.What == codegen.Seed:
			return "7"
		case p.What == codegen.Batch:
			var parts []string
			for _, f := range c.Fields {
				parts = append(parts, f.Go+": "+one(f))
			}
			return p.Type + "{" + strings.Join(parts, ", ") + "}"
		case p.Model != "":
			size := ""
			if len(p.Sizes) > 0 {
				var parts []string
				for _, s := range p.Sizes {
					parts = append(parts, fmt.Sprintf("%s: %d", s, dim(s)))
				}
				size = p.Model + "Dims{" + strings.Join(parts, ", ") + "}"
			}
			fmt.Fprintf(w, "%s := New%s(%s)\n", p.Go, p.Model, size)
			for k, l := range p.Leaves {
				leaf := leafName(p, k)
				switch p.What {
				case codegen.Argument:
					fmt.Fprintf(w, "copy(%s.%s, in[%q])\n", p.Go, l, leaf)
					fmt.Fprintf(&after, "if x, ok := want[%q]; ok { check(t, %q, %s.%s, x) }\n", "state."+leaf, "state."+leaf, p.Go, l)
				case codegen.Direction:
					fmt.Fprintf(w, "copy(%s.%s, in[%q])\n", p.Go, l, tangent[leaf])
				default:
					fmt.Fprintf(w, "for i := range %s.%s { %s.%s[i] = math.NaN() }\n", p.Go, l, p.Go, l)
					if !strings.Contains(l, "State.") {
						fmt.Fprintf(&after, "check(t, %q, %s.%s, want[%q])\n", prefix+leaf, p.Go, l, prefix+leaf)
					}
				}
			}
			return p.Go
		case p.What == codegen.Result:
			fmt.Fprintf(w, "%s := make(%s, len(want[%q]))\n", p.Go, p.Type, p.Name)
			fmt.Fprintf(&after, "check(t, %q, %s, want[%q])\n", p.Name, p.Go, p.Name)
			return p.Go
		}
		s := fmt.Sprintf("in[%q]", p.Name)
		switch p.Type {
		case "[]int32":
			return "ints(" + s + ")"
		case "int32":
			return "int32(" + s + "[0])"
		case "float64":
			return s + "[0]"
		}
		return s
	}
	for _, p := range c.Params {
		a := one(p)
		if p.What == codegen.Batch {
			fmt.Fprintf(w, "batch := %s\n", a)
			a = "batch"
		}
		args = append(args, a)
	}
	var results []string
	for i, r := range c.Returns {
		results = append(results, fmt.Sprintf("r%d", i))
		fmt.Fprintf(&after, "check(t, %q, []float64{num(r%d)}, want[%q])\n", r, i, r)
	}
	call := fmt.Sprintf("w.%s(%s)", c.Go, strings.Join(args, ", "))
	fmt.Fprintf(w, "%s := %s\nif err != nil { t.Fatal(err) }\n%s", strings.Join(append(results, "err"), ", "), call, after.String())
	if !strings.Contains(call, "ints(") {
		fmt.Fprintf(w, "if n := testing.AllocsPerRun(5, func() { %s }); n != 0 { t.Errorf(\"%%v allocations a call\", n) }\n", call)
	}
	fmt.Fprintf(w, "}\n\n")
}

const helpers = `
func read(t *testing.T, file string) (in, want map[string][]float64) {
	text, err := os.ReadFile(file)
	if err != nil { t.Fatal(err) }
	var d map[string]map[string][]any
	if err := json.Unmarshal(text, &d); err != nil { t.Fatal(err) }
	conv := func(m map[string][]any) map[string][]float64 {
		out := map[string][]float64{}
		for k, v := range m {
			x := make([]float64, len(v))
			for i := range v {
				switch y := v[i].(type) {
				case float64: x[i] = y
				case string: x[i] = map[string]float64{"NaN": math.NaN(), "+Inf": math.Inf(1), "-Inf": math.Inf(-1)}[y]
				}
			}
			out[k] = x
		}
		return out
	}
	return conv(d["in"]), conv(d["want"])
}

func num(x any) float64 {
	switch x := x.(type) {
	case float64: return x
	case int: return float64(x)
	case bool: if x { return 1 }
	}
	return 0
}

func ints(x []float64) []int32 {
	y := make([]int32, len(x))
	for i := range x { y[i] = int32(x[i]) }
	return y
}

func check[T float64|int32|int](t *testing.T, name string, got []T, want []float64) {
	t.Helper()
	if len(got) != len(want) { t.Errorf("%s has %d values, want %d", name, len(got), len(want)); return }
	for i, w := range want {
		g := float64(got[i])
		if g != w && !(g != g && w != w) && !(math.Abs(g-w) <= 1e-9*(1+math.Abs(w))) {
			t.Errorf("%s[%d] = %v, want %v", name, i, g, w)
			return
		}
	}
}

`
