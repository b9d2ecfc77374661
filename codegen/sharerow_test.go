package codegen_test

import (
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/codegen"
)

const longRows = `
fn Mask(x: [D], z: [D], k: int) -> y: [D] { y[i] = if i <= k then exp(x[i]) + x[i]*z[i] else if x[i] > 0 then z[i] else 0.5*z[i] }
fn Pick(x: [D], k: int) -> y: [D] { y[i] = if i == k then x[i] - 1 else exp(x[i])*x[i] + tanh(x[i]) }
fn Take(x: [D], t: [K], id: [D] in K) -> y: [D] { y[i] = x[i]*t[id[i]] + exp(x[i])*2 }
fn Back(x: [D]) -> y: [D] { y[i] = x[D - 1 - i]*x[i] + exp(x[i])*i }
fn Const(x: [100000]) -> y: [100000] { y[i] = x[99999 - i]*x[i] + exp(x[i])*i }
fn Many(x: [D], z: [D]) -> (a: [D], b: [D]) { a[i] = gelu(x[i])*z[i]; b[i] = a[i]*a[i] + softplus(z[i]) }
fn Bias(x: [D]) -> y: [D] { y[i] = x[i] + 1 }
fn Total(x: [D]) -> (s: real, y: [D]) { y[i] = exp(x[i])*x[i] + 1; s = sum[i] y[i] }
`

// TestShareRow: long rows that processors share give what their parts give alone, the
// same bits on any number of processors, and allocate nothing.
func TestShareRow(t *testing.T) {
	m, methods := load(t, "rows.nn", []byte(longRows), "value")
	for _, simd := range []bool{false, true} {
		out, err := codegen.EmitFiles(m, methods, codegen.Options{Package: "p", Source: "rows.nn", SIMD: simd})
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(out.Go), "rt.ShareRow("); n != 6 {
			t.Errorf("%d loops are shared, want 6", n)
		}
		runForms(t, out, longRowsTest)
	}
}

const longRowsTest = `package p

import (
	"math"
	"runtime"
	"slices"
	"testing"

	rt "github.com/nnc-lang/nnc/runtime"
)

const n, k, part = 100000, 40001, 1 << 14

var x, z, to, y2 = draw("x"), draw("z"), make([]float32, n), make([]float32, n)

func draw(name string) []float32 {
	x := make([]float32, n)
	rt.Uniform(x, 1, name, -2, 2)
	return x
}

func TestShareRow(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	ids := make([]int32, n)
	for i := range ids {
		ids[i] = int32(i % 7)
	}
	table := x[:7]
	type method = func(lo, hi int, y []float32) error
	byHand := func(_, _ int, y []float32) error {
		for i, v := range x {
			y[i] = float32(float64(x[n-1-i])*float64(v) + math.Exp(float64(v))*float64(i))
		}
		return nil
	}
	tests := map[string]struct {
		make func() method
		want method
		eps  float64
	}{
		"Mask": {func() method {
			f := NewMask(MaskDims{D: n})
			return func(lo, hi int, y []float32) error { return f.Value(MaskBatch{X: x[lo:hi], Z: z[lo:hi], K: int32(k - lo)}, y) }
		}, nil, 0},
		"Pick": {func() method {
			f := NewPick(PickDims{D: n})
			return func(lo, hi int, y []float32) error { return f.Value(PickBatch{X: x[lo:hi], K: int32(k - lo)}, y) }
		}, nil, 0},
		"Take": {func() method {
			f := NewTake(TakeDims{D: n, K: 7})
			return func(lo, hi int, y []float32) error { return f.Value(TakeBatch{X: x[lo:hi], T: table, Id: ids[lo:hi]}, y) }
		}, nil, 0},
		"Many": {func() method {
			f := NewMany(ManyDims{D: n})
			return func(lo, hi int, y []float32) error { return f.Value(ManyBatch{X: x[lo:hi], Z: z[lo:hi]}, y2[lo:hi], y) }
		}, nil, 0},
		"Back": {func() method {
			f := NewBack(BackDims{D: n})
			return func(_, _ int, y []float32) error { return f.Value(BackBatch{X: x}, y) }
		}, byHand, 1e-6},
		"Const": {func() method {
			f := NewConst()
			return func(_, _ int, y []float32) error { return f.Value(ConstBatch{X: x}, y) }
		}, byHand, 1e-6},
	}
	for name, c := range tests {
		var first []float32
		for _, procs := range []int{1, 2, 3, 64} {
			runtime.GOMAXPROCS(procs)
			f, y := c.make(), make([]float32, n)
			if err := f(0, n, y); err != nil {
				t.Fatal(err)
			}
			if a := testing.AllocsPerRun(5, func() { f(0, n, y) }); a > 0.5 {
				t.Errorf("%s: %v allocations on %d processors", name, a, procs)
			}
			if first == nil {
				first = y
			} else if !slices.Equal(y, first) {
				t.Errorf("%s: other bits on %d processors", name, procs)
			}
		}
		f := c.make()
		if c.want != nil {
			c.want(0, n, to)
		} else {
			for lo := 0; lo < n; lo += part {
				hi := min(lo+part, n)
				f(lo, hi, to[lo:hi])
			}
		}
		for i, v := range first {
			if d := math.Abs(float64(v - to[i])); d > c.eps*math.Abs(float64(to[i])) + c.eps {
				t.Errorf("%s: element %d is %v, want %v", name, i, v, to[i])
				break
			}
		}
	}
}
`
