package nnc

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/diff"
	"github.com/nnc-lang/nnc/dsl"
	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
	"golang.org/x/tools/txtar"
)

// TestDuality checks <d, J t> = <Jᵀ d, t> on random directions for every entry
// of every program and example: forward mode judges reverse mode, no oracle
// needed. Reverse mode goes through the whole pipeline, forward mode through
// none of it, so the passes are judged too.
func TestDuality(t *testing.T) {
	var files []string
	for _, glob := range []string{"dsl/syntax/testdata/programs/*.nn", "examples/*/*.nn", "testdata/golden/*.txtar"} {
		found, _ := filepath.Glob(glob)
		files = append(files, found...)
	}
	if len(files) < 20 {
		t.Fatalf("only %d programs", len(files))
	}
	for _, file := range files {
		if strings.HasSuffix(file, "std.nn") {
			continue
		}
		name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		t.Run(name, func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(file, ".txtar") {
				src = []byte(section(txtar.Parse(src), "in.nn"))
			}
			m, ds := dsl.Load(filepath.Base(file), src, dsl.Options{Import: func(p string) ([]byte, error) {
				return os.ReadFile(filepath.Join(filepath.Dir(file), p))
			}})
			if m == nil {
				t.Fatal(ds)
			}
			for _, e := range m.Entries {
				t.Run(e.Name, func(t *testing.T) { duality(t, e) })
			}
		})
	}
}

func duality(t *testing.T, e *ir.Entry) {
	l, err := e.Lower(ir.Mode{Frame: e.Frame})
	if err != nil {
		t.Fatal(err)
	}
	p := l.Program
	var wrt []*ir.Array
	for _, a := range p.Inputs {
		if a.Elem == ir.Real && a.Role != ir.State {
			wrt = append(wrt, a)
		}
	}
	jvp, err := diff.JVP(p, wrt)
	if err != nil {
		t.Fatal(err)
	}
	j := &job{name: e.Name, program: p, want: derivative{what: "vjp", wrt: wrt}}
	if err := j.run(); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	env := &interp.Env{Dims: map[string]int{}, Inputs: map[*ir.Array]*interp.Tensor{}}
	for k, d := range p.Dims {
		env.Dims[d.Name] = 2 + k%2
	}
	// fill gives every input values, the same in both programs
	byName := map[string]*interp.Tensor{}
	fill := func(q *ir.Program) {
		for _, a := range q.Inputs {
			x := byName[a.Name]
			if x == nil {
				x = random(t, r, q, a, env.Dims)
				byName[a.Name] = x
			}
			env.Inputs[a] = x
		}
	}
	fill(jvp)
	fill(j.program)
	forward, err := interp.Run(jvp, env)
	if err != nil {
		t.Fatal(err)
	}
	reverse, err := interp.Run(j.program, env)
	if err != nil {
		t.Fatal(err)
	}
	var left, right, size float64
	for _, o := range p.Outputs {
		if slices.ContainsFunc(forward[o.Name].Data, math.IsNaN) {
			return // no point to differentiate at: an empty cluster divides 0 by 0
		}
		d, jt := byName["d."+o.Name], forward["jvp."+o.Name]
		if d == nil || jt == nil {
			continue // an integer result
		}
		for i, v := range d.Data {
			left += v * jt.Data[i]
			size += math.Abs(v * jt.Data[i])
		}
	}
	for _, a := range wrt {
		for i, v := range reverse["vjp."+a.Name].Data {
			right += v * byName[a.Name+"_t"].Data[i]
			size += math.Abs(v * byName[a.Name+"_t"].Data[i])
		}
	}
	if math.IsNaN(left) || math.Abs(left-right) > 1e-10*(1+size) {
		t.Errorf("<d, J t> = %v, <Jᵀ d, t> = %v", left, right)
	}
}

// random fills an input: small reals, integers within their bound.
func random(t *testing.T, r *rand.Rand, p *ir.Program, a *ir.Array, dims map[string]int) *interp.Tensor {
	x := &interp.Tensor{}
	n := 1
	for _, d := range a.Shape {
		k := dimValue(t, p, d, dims)
		x.Shape = append(x.Shape, k)
		n *= k
	}
	for range n {
		v := 0.4 * r.NormFloat64()
		switch {
		case a.Elem == ir.Int && a.In == nil:
			v = float64(r.IntN(2))
		case a.Elem == ir.Int:
			v = float64(r.IntN(dimValue(t, p, a.In, dims)))
		case a.Role == ir.Parameter:
			v /= 5 // plain formulas must not overflow
		case a.Role == ir.State:
			v = math.Abs(v) // a variance
		}
		x.Data = append(x.Data, v)
	}
	return x
}

// dimValue computes a size.
func dimValue(t *testing.T, p *ir.Program, d *ir.Expr, dims map[string]int) int {
	e := p.Map(d, func(x *ir.Expr) *ir.Expr {
		if x.Kind == ir.KDim {
			return p.Int(int64(dims[x.Name]))
		}
		return x
	})
	if e.Kind != ir.KConst {
		t.Fatalf("size %s is not known", d)
	}
	return int(e.N)
}
