package codegen_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/codegen"
)

const overwritten = `
model Step(p: real, w: real, dp: real) -> (p2: real, w2: real) {
  param k: real
  g = dp + k*p
  w2 = 0.9*w + 0.1*g
  p2 = p - k*w2/(sqrt(w2^2) + 1)
}
model Late(p: real, w: real) -> (p2: real, w2: real) {
  param k: real
  w2 = k*w + p
  p2 = p - w2*w
}
model Gelu(x: [D]) -> y: [D] = gelu(x)
model Grow(x: [D], c: real) -> y: [D] = exp(3*x - c)
model Centre(x: [D]) -> y: [D] = x - mean(x)
model Softmax(x: [D], z: [D]) -> y: [D] = softmax(x) + z
model Move(x: [D]) -> y: [D] { y[i] = x[i - 1] ?? 0 }
model Pick(x: [D], k: int) -> y: [D] { y[i] = if i == k then x[i] - 1 else exp(x[i]) }
model Mask(x: [D], k: int) -> y: [D] { y[i] = if i <= k then exp(x[i]) else 0 }
model Twice(x: [D], W: [D, D]) -> y: [D] { y = x @ W + x }
`

// TestOverwrite: what the comment of a method says of slices that may be one holds
// in each form of a loop, and nothing is said where results would be others.
func TestOverwrite(t *testing.T) {
	m, methods := load(t, "over.nn", []byte(overwritten), "value")
	opt := codegen.Options{Package: "p", Source: "over.nn"}
	want := map[string]string{
		"Step": "p2 may be the slice p, w or dp, w2 may be the slice w or dp.",
		"Late": "p2 may be the slice p or w.",
		"Gelu": "y may be the slice x.",
		"Grow": "y may be the slice x.",

		"Softmax": "y may be the slice z.",
	}
	for _, simd := range []bool{false, true} {
		opt.SIMD = simd
		out, err := codegen.EmitFiles(m, methods, opt)
		if err != nil {
			t.Fatal(err)
		}
		said := regexp.MustCompile(`(?m)^// (.*)\nfunc \(e \*(\w+)Eval\) Forward`)
		for _, x := range said.FindAllStringSubmatch(string(out.Go), -1) {
			if got := strings.TrimPrefix(x[1], "Forward returns the value."); got != want[x[2]] {
				t.Errorf("%s: %q, want %q", x[2], got, want[x[2]])
			}
		}
		runForms(t, out, overwriteTest)
	}
}

const overwriteTest = `package p

import (
	"slices"
	"testing"

	rt "github.com/nnc-lang/nnc/runtime"
)

func draw(n int, name string) []float32 {
	x := make([]float32, n)
	rt.Uniform(x, 1, name, -2, 2)
	return x
}

func TestOverwrite(t *testing.T) {
	for _, n := range []int{1, 5, 16, 100, 1000} {
		same := func(what string, got, want []float32) {
			if !slices.Equal(got, want) {
				t.Errorf("%s of %d elements differ", what, n)
			}
		}
		m, e := NewStep(), NewStepEval(n)
		m.K[0] = 0.3
		args := func() (p, w, dp []float32) { return draw(n, "p"), draw(n, "w"), draw(n, "dp") }
		p, w, dp := args()
		p2, w2 := make([]float32, n), make([]float32, n)
		e.Forward(m, p, w, dp, p2, w2)
		for i := range 3 {
			for j := range 3 {
				x := make([][]float32, 3)
				x[0], x[1], x[2] = args()
				if i == j || j == 0 {
					continue
				}
				if err := e.Forward(m, x[0], x[1], x[2], x[i], x[j]); err != nil {
					t.Fatal(err)
				}
				same("step", x[i], p2)
				same("step", x[j], w2)
			}
		}
		l, le := NewLate(), NewLateEval(n)
		l.K[0] = 0.3
		p, w, _ = args()
		le.Forward(l, p, w, p2, w2)
		le.Forward(l, p, w, p, dp)
		same("late", p, p2)
		same("late", dp, w2)

		y, x := make([]float32, n), draw(n, "x")
		ge, he := NewGeluEval(GeluDims{D: n, N: 1}), NewGrowEval(GrowDims{D: n, N: 1})
		g, h := NewGelu(), NewGrow()
		ge.Forward(g, n, x, y)
		ge.Forward(g, n, x, x)
		same("gelu", x, y)
		he.Forward(h, x, []float32{0.5}, y)
		he.Forward(h, x, []float32{0.5}, x)
		same("grow", x, y)
		se, z := NewSoftmaxEval(SoftmaxDims{D: n, N: 1}), draw(n, "z")
		se.Forward(NewSoftmax(), n, x, z, y)
		se.Forward(NewSoftmax(), n, x, z, z)
		same("softmax", z, y)
	}
}
`
