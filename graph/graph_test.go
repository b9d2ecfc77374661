package graph

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/dsl"
	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
)

// entries calls f for each entry point of the example programs.
func entries(t *testing.T, f func(t *testing.T, m *ir.Module, e *ir.Entry, low *ir.Lowered)) {
	files, err := filepath.Glob("../dsl/syntax/testdata/programs/*.nn")
	if err != nil || len(files) == 0 {
		t.Fatal("no programs", err)
	}
	for _, file := range files {
		if filepath.Base(file) == "std.nn" { // an excerpt of the prelude
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m, list := dsl.Load(file, src, dsl.Options{Import: os.ReadFile})
		if m == nil {
			t.Fatal(list)
		}
		for _, e := range m.Entries {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".nn")+"."+e.Name, func(t *testing.T) {
				low, err := e.Lower(ir.Mode{Train: e.Kind == ir.LossEntry})
				if err != nil {
					t.Fatal(err)
				}
				f(t, m, e, low)
			})
		}
	}
}

func parameters(p *ir.Program) []*ir.Array {
	var out []*ir.Array
	for _, a := range p.Inputs {
		if a.Role == ir.Parameter {
			out = append(out, a)
		}
	}
	return out
}

// What is drawn must compute what was written.
func TestSameFunction(t *testing.T) {
	entries(t, func(t *testing.T, m *ir.Module, e *ir.Entry, low *ir.Lowered) {
		p := low.Program
		g := New(p, m.Consts)
		if err := ir.Verify(g.Program); err != nil {
			t.Fatal(err)
		}
		cost := 1
		env := &interp.Env{Dims: map[string]int{}, Inputs: map[*ir.Array]*interp.Tensor{}, Seed: 7}
		for _, d := range p.Dims {
			env.Dims[d.Name] = 2
		}
		r := rand.New(rand.NewPCG(1, 2))
		for _, a := range p.Inputs {
			x := interp.Zeros(sizesOf(a, env.Dims)...)
			cost = max(cost, len(x.Data))
			for k := range x.Data {
				x.Data[k] = r.Float64() - 0.4
				if a.Elem == ir.Int {
					x.Data[k] = float64(r.IntN(2))
				}
				if a.Role == ir.State {
					x.Data[k] = r.Float64() + 0.1
				}
			}
			env.Inputs[a] = x
		}
		if cost > 60000 && testing.Short() {
			t.Skip("large")
		}
		want, err := interp.Run(p, env)
		if err != nil {
			t.Fatal(err)
		}
		got, err := interp.Run(g.Program, env)
		if err != nil {
			t.Fatal(err)
		}
		for name, w := range want {
			for k, v := range w.Data {
				if d := math.Abs(got[name].Data[k] - v); !(d <= 1e-9*(1+math.Abs(v))) && !(v != v && got[name].Data[k] != got[name].Data[k]) {
					t.Fatalf("%s[%d] is %v, the parts give %v", name, k, v, got[name].Data[k])
				}
			}
		}
	})
}

func sizesOf(a *ir.Array, dims map[string]int) []int {
	var eval func(e *ir.Expr) int
	eval = func(e *ir.Expr) int {
		switch e.Kind {
		case ir.KConst:
			return int(e.N)
		case ir.KDim:
			return dims[e.Name]
		}
		y := 0.0
		if len(e.Args) > 1 {
			y = float64(eval(e.Args[1]))
		}
		return int(e.Op.Eval(float64(eval(e.Args[0])), y))
	}
	var out []int
	for _, d := range a.Shape {
		out = append(out, eval(d))
	}
	return out
}

// Boxes must not lie on each other, nor on the text of edges, and all must lie
// in the picture; the picture must be XML and the same each time.
func TestPictures(t *testing.T) {
	entries(t, func(t *testing.T, m *ir.Module, e *ir.Entry, low *ir.Lowered) {
		for _, backward := range []bool{false, true} {
			g := New(low.Program, m.Consts)
			if backward {
				g.Differentiate(g.Program.Outputs[0].Array, parameters(low.Program))
			}
			l := g.arrange()
			all := map[string]rect{}
			for i, n := range g.Nodes {
				v := l.of[n]
				box, adjoint := l.boxes(v)
				all[n.Label+"#"+string(rune('0'+i%10))+n.Array.Name+kindText(n.Kind)] = box
				if v.adjoint {
					all["d "+n.Label+n.Array.Name+kindText(n.Kind)] = adjoint
				}
				if n.Name != "" {
					w := textWidth(n.Name, l.style.name) / 1.1
					all["name "+n.Name+n.Array.Name] = rect{v.x - w/2, box.y - l.style.name - 1, w, l.style.name}
				}
				if v.label > 0 {
					all["shape of "+n.Array.Name] = rect{box.right() + 5, v.y - 4 - l.style.small, v.label - 10, l.style.small}
				}
			}
			for a, x := range all {
				if x.x < 0 || x.y < 0 || x.right() > l.w || x.bottom() > l.h {
					t.Errorf("%s lies outside the picture", a)
				}
				for b, y := range all {
					if a < b && x.overlaps(y) {
						t.Errorf("%s %v lies on %s %v", a, x, b, y)
					}
				}
			}
			svg := g.SVG()
			d := xml.NewDecoder(bytes.NewReader(svg))
			for {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(svg, g.SVG()) {
				t.Error("two pictures of one graph differ")
			}
		}
	})
}

func kindText(k Kind) string { return string(rune('a' + k)) }

// The text of a node of each kind, so that the level of detail does not drift.
func TestNodes(t *testing.T) {
	src := `const lambda = 0.5
model M(x: [D]) -> p: [3] {
  param W1: [D, 4] ~ he;  param b: [4] = 0;  param blocks: Dense[4] * 3
  h = relu(x @ W1 + b)
  p = softmax((h |> blocks)[1..4])
}
loss L(m: M, x: [N, D], y: [N] in 3) = mean(cross_entropy(m(x), y)) + lambda * sumsq(m.W1)
`
	m, list := dsl.Load("m.nn", []byte(src), dsl.Options{})
	if m == nil {
		t.Fatal(list)
	}
	low, err := m.Entries[1].Lower(ir.Mode{})
	if err != nil {
		t.Fatal(err)
	}
	g := New(low.Program, m.Consts)
	var got []string
	for _, n := range g.Nodes {
		got = append(got, n.Label)
	}
	want := "W1 b W b x y @ + relu @ + [:,1:4] softmax cross-entropy mean ‖ ‖² × λ + loss"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("drawn: %s\nwant:  %s", s, want)
	}
	if len(g.Groups) != 1 || g.Groups[0].Label != "blocks × 3" {
		t.Errorf("three copies are not drawn once: %v", g.Groups)
	}
}
