package codegen_test

import (
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/codegen"
)

const extremes = `
model E(x: real, y: real) -> (a: real, b: real, c: real, d: real, e: real) {
  a = max(x, y)
  b = min(x, y)
  c = max(y, abs(x) + y)
  d = max(x, 0.5)
  e = max(x*x, y)
}
`

// TestExtremes: the larger and the smaller of two numbers in kernels are those of Go,
// also of zeros with signs, and NaN where one of them is.
func TestExtremes(t *testing.T) {
	m, methods := load(t, "e.nn", []byte(extremes), "value")
	for _, f64 := range []bool{false, true} {
		out, err := codegen.EmitFiles(m, methods, codegen.Options{Package: "p", Source: "e.nn", SIMD: true, F64: f64})
		if err != nil {
			t.Fatal(err)
		}
		real := map[bool]string{false: "float32", true: "float64"}[f64]
		runForms(t, out, strings.ReplaceAll(extremesTest, "real", real))
	}
}

const extremesTest = `package p

import (
	"math"
	"testing"
)

func TestExtremes(t *testing.T) {
	inf, zero := math.Inf(1), 0.0
	list := []float64{0, -zero, math.Copysign(0, -1), 1, -1, 0.5, inf, -inf, math.NaN(), 1e-40, -1e-40}
	var x, y []real
	for _, a := range list {
		for _, b := range list {
			x, y = append(x, real(a)), append(y, real(b))
		}
	}
	n := len(x)
	var got [5][]real
	for i := range got {
		got[i] = make([]real, n)
	}
	if err := NewEEval(n).Forward(NewE(), x, y, got[0], got[1], got[2], got[3], got[4]); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		x, y := x[i], y[i]
		for k, want := range []real{max(x, y), min(x, y), max(y, real(math.Abs(float64(x)))+y), max(x, 0.5), max(x*x, y)} {
			v := got[k][i]
			if v != want && (v == v || want == want) || math.Signbit(float64(v)) != math.Signbit(float64(want)) && v == v {
				t.Errorf("result %d of %v and %v is %v, want %v", k, x, y, v, want)
			}
		}
	}
}
`
