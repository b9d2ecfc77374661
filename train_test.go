package nnc

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/dsl"
	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
)

// TestProgramsTrain takes every loss of every example program a few steps
// down its own gradient: it falls. Constants are made small, so that the
// interpreter is quick.
func TestProgramsTrain(t *testing.T) {
	small := map[string]string{"gpt": "D=8 V=11 Ctx=6", "charrnn": "H=6 V=7", "lenet": "", "ode": "Steps=8", "nextbyte": "V=12 D=5 C=3", "autoenc": "D=12 Z=3", "mlp": "D=9 H=7", "softmax": "D=9", "alvinn": "H=5 W=6 S=7"}
	files, _ := filepath.Glob("dsl/syntax/testdata/programs/*.nn")
	if len(files) < 15 {
		t.Fatalf("only %d programs", len(files))
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".nn")
		if name == "std" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			opt := dsl.Options{Dtype: "f64", Set: map[string]string{}, Import: func(p string) ([]byte, error) {
				return os.ReadFile(filepath.Join(filepath.Dir(file), p))
			}}
			for _, kv := range strings.Fields(small[name]) {
				k, v, _ := strings.Cut(kv, "=")
				opt.Set[k] = v
			}
			m, ds := dsl.Load(filepath.Base(file), src, opt)
			if m == nil {
				t.Fatal(ds)
			}
			for _, e := range m.Entries {
				if e.Kind == ir.LossEntry {
					t.Run(e.Name, func(t *testing.T) { descend(t, e) })
				}
			}
		})
	}
}

// descend trains for a moment: steps down the gradient, halved while they do
// not help.
func descend(t *testing.T, e *ir.Entry) {
	g, err := lossGrad(e)
	if err != nil {
		t.Fatal(err)
	}
	c, err := g.compile(Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := c.Program
	r := rand.New(rand.NewPCG(3, 4))
	env := &interp.Env{Dims: map[string]int{}, Inputs: map[*ir.Array]*interp.Tensor{}, Seed: 5}
	for k, d := range p.Dims {
		env.Dims[d.Name] = 3 + k%2
	}
	for _, a := range p.Inputs {
		env.Inputs[a] = random(t, r, p, a, env.Dims)
	}
	run := func() map[string]*interp.Tensor {
		out, err := interp.Run(p, env)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	out := run()
	first := out[p.Outputs[0].Name].Data[0]
	now, rate := first, 8.0
	for range 14 {
		old := map[*ir.Array]*interp.Tensor{}
		for a, x := range env.Inputs {
			if d := out["grad."+a.Name]; d != nil && a.Role == ir.Parameter {
				old[a] = x
				y := &interp.Tensor{Shape: x.Shape, Data: slices.Clone(x.Data)}
				for i := range y.Data {
					y.Data[i] -= rate * d.Data[i]
				}
				env.Inputs[a] = y
			}
		}
		if len(old) == 0 {
			t.Fatal("no gradient")
		}
		next := run()
		if l := next[p.Outputs[0].Name].Data[0]; l < now {
			out, now = next, l
			continue
		}
		for a, x := range old {
			env.Inputs[a] = x
		}
		rate /= 4
	}
	if !(now < first-1e-9*(1+first*first)) {
		t.Errorf("the loss does not fall: %v, then %v", first, now)
	}
}
