package pass

import (
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite what the files of testdata expect")

// TestGolden runs the passes that a file of testdata names on its program,
// compares the text, and checks that the outputs have the same values.
//
// A file begins with what it shows, and a line `passes: inline simplify`,
// where `before`, `after` and `emit` stand for the recommended
// lists. Pairs of
// sections `in`, `out` follow.
func TestGolden(t *testing.T) {
	names, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) { golden(t, name) })
	}
}

func golden(t *testing.T, name string) {
	ar, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(ar.Comment), "passes:")
	passes := passList(t, strings.Fields(list))
	for k := 0; k+1 < len(ar.Files); k += 2 {
		in, out := string(ar.Files[k].Data), &ar.Files[k+1]
		got := transform(t, in, passes)
		if got != string(out.Data) {
			if !*update {
				t.Errorf("%s of\n%sis\n%swant\n%s", list, in, got, out.Data)
			}
			out.Data = []byte(got)
		}
	}
	if *update {
		if err := os.WriteFile(name, txtar.Format(ar), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func passList(t *testing.T, names []string) []Pass {
	var out []Pass
next:
	for _, n := range names {
		switch n {
		case "before":
			out = append(out, Before...)
			continue
		case "after":
			out = append(out, After...)
			continue
		case "emit":
			out = append(out, Emit...)
			continue
		}
		for _, p := range Passes {
			if p.Name == n {
				out = append(out, p)
				continue next
			}
		}
		t.Fatalf("no pass %s", n)
	}
	return out
}

// transform is a program after the passes; its outputs must keep their values.
func transform(t *testing.T, text string, passes []Pass) string {
	t.Helper()
	p, err := ir.Parse(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if err := ir.Verify(p); err != nil {
		t.Fatal(err)
	}
	old := p.Clone()
	if err := Run(p, passes...); err != nil {
		t.Fatalf("%v\n%s", err, ir.Print(p))
	}
	got := ir.Print(p)
	q, err := old.Builder.ParseProgram(got)
	if err != nil {
		t.Fatalf("the result does not parse: %v\n%s", err, got)
	}
	if again := ir.Print(q); again != got {
		t.Errorf("the text of the result does not round-trip:\n%s\nis read as\n%s", got, again)
	}
	for seed := range uint64(3) {
		same(t, old, p, seed)
	}
	return got
}

// same compares the outputs of two programs with the same inputs.
func same(t *testing.T, p, q *ir.Program, seed uint64) {
	t.Helper()
	env := randomEnv(p, seed)
	want, err := interp.Run(p, env)
	if err != nil {
		t.Fatal(err)
	}
	got, err := interp.Run(q, env)
	if err != nil {
		t.Fatalf("%v\n%s", err, ir.Print(q))
	}
	for name, w := range want {
		g := got[name]
		if g == nil || len(g.Data) != len(w.Data) {
			t.Errorf("output %s is %v, want %v", name, g, w)
			continue
		}
		for i, x := range w.Data {
			if y := g.Data[i]; math.Abs(x-y) > 1e-9*(1+math.Abs(x)) || (x != x) != (y != y) {
				t.Errorf("output %s[%d] was %v and is %v", name, i, x, y)
				break
			}
		}
	}
}

func randomEnv(p *ir.Program, seed uint64) *interp.Env {
	rng := rand.New(rand.NewPCG(seed, 2))
	env := &interp.Env{Dims: map[string]int{}, Inputs: map[*ir.Array]*interp.Tensor{}}
	for k, d := range p.Dims {
		env.Dims[d.Name] = 2 + (k+int(seed))%3
	}
	for _, a := range p.Inputs {
		v := &interp.Tensor{}
		n := 1
		for _, s := range a.Shape {
			v.Shape = append(v.Shape, size(p, s, env.Dims))
			n *= v.Shape[len(v.Shape)-1]
		}
		for range n {
			x := rng.NormFloat64()
			switch a.Elem {
			case ir.Int:
				x = 0
				if a.In != nil {
					x = float64(rng.IntN(size(p, a.In, env.Dims)))
				}
			case ir.Bool:
				x = float64(rng.IntN(2))
			}
			v.Data = append(v.Data, x)
		}
		env.Inputs[a] = v
	}
	return env
}

func size(p *ir.Program, e *ir.Expr, dims map[string]int) int {
	n := 0
	for _, t := range p.PolyOf(e) {
		x := int(t.Coef)
		for _, a := range t.Atoms {
			x *= dims[a.Name]
		}
		n += x
	}
	return n
}
