package runtime

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"testing"
)

// ulps32 is the distance of got from the exact value in units in the last place
// of float32, 0 where both are the same non-finite number.
func ulps32(got float32, exact float64) float64 {
	g := float64(got)
	if math.IsNaN(exact) || math.IsNaN(g) {
		if math.IsNaN(exact) && math.IsNaN(g) {
			return 0
		}
		return math.Inf(1)
	}
	if got == float32(exact) {
		return 0
	}
	w := math.Abs(exact)
	_, e := math.Frexp(min(w, math.MaxFloat32))
	return math.Abs(min(max(g, -0x1p128), 0x1p128)-exact) / math.Ldexp(1, max(e-24, -149))
}

func logsigmoid[T Float](x T) T { return -Softplus(-x) }

func TestFloat32(t *testing.T) {
	tests := []struct {
		name string
		got  func(float32) float32
		want func(float64) float64
		ulp  float64
	}{
		{"exp", Exp[float32], math.Exp, 0.51},
		{"expm1", Expm1[float32], math.Expm1, 0.51},
		{"log", Log[float32], math.Log, 0.51},
		{"log1p", Log1p[float32], math.Log1p, 0.51},
		{"tanh", Tanh[float32], math.Tanh, 0.51},
		{"sigmoid", Sigmoid[float32], Sigmoid64, 0.51},
		{"softplus", Softplus[float32], Softplus64, 0.51},
		{"sigmoid of both", func(x float32) float32 { y, _ := SigmoidBoth32(x); return y }, Sigmoid64, 0.51},
		{"sigmoid of minus x", func(x float32) float32 { _, y := SigmoidBoth32(-x); return y }, Sigmoid64, 0.51},
		{"softplus of logistic", func(x float32) float32 { y, _, _, _ := Logistic32(x); return y }, Softplus64, 0.51},
		{"sigmoid of logistic", func(x float32) float32 { _, y, _, _ := Logistic32(x); return y }, Sigmoid64, 0.51},
		{"softplus of minus x", func(x float32) float32 { _, _, y, _ := Logistic32(-x); return y }, Softplus64, 0.51},
		{"sigmoid of logistic of minus x", func(x float32) float32 { _, _, _, y := Logistic32(-x); return y }, Sigmoid64, 0.51},
		{"sinh", Sinh[float32], Sinh64, 0.51},
		{"cosh", Cosh[float32], Cosh64, 0.51},
		{"sqrt", Sqrt[float32], math.Sqrt, 0.5},
	}
	step := uint64(6007)
	if testing.Short() {
		step = 300007
	}
	for _, f := range tests {
		worst, at := 0.0, float32(0)
		for b := uint64(0); b < 1<<32; b += step {
			x := math.Float32frombits(uint32(b))
			if u := ulps32(f.got(x), f.want(float64(x))); u > worst {
				worst, at = u, x
			}
		}
		for _, x := range []float32{0, 1, -1, float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), 0x1p-149, -0x1p-149,
			math.MaxFloat32, -math.MaxFloat32, 88.72283, 88.72284, -103.97, -103.98, 89, -104, 10, -10, 0x1p-6, 0x1p-12} {
			if u := ulps32(f.got(x), f.want(float64(x))); u > worst {
				worst, at = u, x
			}
		}
		if worst > f.ulp {
			t.Errorf("%s(%v) = %v, want %v: %.3f ulp", f.name, at, f.got(at), f.want(float64(at)), worst)
		}
	}
	if z := Tanh(float32(math.Copysign(0, -1))); !math.Signbit(float64(z)) {
		t.Error("tanh(-0) lost its sign")
	}
}

// ulps64 is the distance of two float64 in units in the last place of want.
func ulps64(got, want float64) float64 {
	if got == want || math.IsNaN(got) && math.IsNaN(want) {
		return 0
	}
	unit := math.Nextafter(math.Abs(want), math.Inf(1)) - math.Abs(want)
	return math.Abs(got-want) / unit
}

func TestFloat64(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	tests := []struct {
		name    string
		f       func(float64) float64
		x, want float64
		ulp     float64
	}{
		{"sigmoid", Sigmoid[float64], -inf, 0, 0},
		{"sigmoid", Sigmoid[float64], inf, 1, 0},
		{"sigmoid", Sigmoid[float64], nan, nan, 0},
		{"sigmoid", Sigmoid[float64], -745, 5e-324, 0},
		{"softplus", Softplus[float64], -inf, 0, 0},
		{"softplus", Softplus[float64], inf, inf, 0},
		{"softplus", Softplus[float64], nan, nan, 0},
		{"softplus", Softplus[float64], 800, 800, 0},
		{"softplus", Softplus[float64], -745, 5e-324, 0},
		{"round", Round[float64], 4.5, 4, 0},
		{"round", Round[float64], -1.5, -2, 0},
		{"asinh", Asinh[float64], -inf, -inf, 0},
		{"acosh", Acosh[float64], 1, 0, 0},
		{"acosh", Acosh[float64], 0.5, nan, 0},
		{"atanh", Atanh[float64], -1, -inf, 0},
		{"atanh", Atanh[float64], 2, nan, 0},
		{"sinh", Sinh[float64], 710.4, 1.6663642832806496e308, 16},
		{"cosh", Cosh[float64], -710.4, 1.6663642832806496e308, 16},
		{"sinh", Sinh[float64], -720, -inf, 0},
		{"sinh", Sinh[float64], nan, nan, 0},
		{"digamma", Digamma[float64], 1, -0.57721566490153286, 2},
		{"digamma", Digamma[float64], 1.4616321449683622, -7.6e-17, 1e20},
		{"digamma", Digamma[float64], 0.5, -1.9635100260214235, 2},
		{"digamma", Digamma[float64], 10, 2.2517525890667211, 2},
		{"digamma", Digamma[float64], 1e10, 23.025850929890456, 2},
		{"digamma", Digamma[float64], -0.5, 0.036489973978576520, 16},
		{"digamma", Digamma[float64], -1, nan, 0},
		{"digamma", Digamma[float64], inf, inf, 0},
		{"digamma", Digamma[float64], 1e-300, -1e300, 2},
		{"sign", Sign[float64], -3, -1, 0},
		{"sign", Sign[float64], nan, nan, 0},
		{"sign", Sign[float64], 0, 0, 0},
	}
	for _, c := range tests {
		if got := c.f(c.x); !(ulps64(got, c.want) <= c.ulp) {
			t.Errorf("%s(%v) = %v, want %v", c.name, c.x, got, c.want)
		}
	}
	if !math.IsNaN(Max(nan, 1)) || !math.IsNaN(Min(1, nan)) || Max(1.0, 2) != 2 || Min(1.0, 2) != 1 {
		t.Error("Max and Min must pass a NaN on")
	}
}

// TestStability meets the points of the outside cases that are single functions.
// TestJoint: what gives several functions at once gives what each gives alone.
func TestJoint(t *testing.T) {
	for _, x := range []float64{0, math.Copysign(0, -1), 1e-300, 1e-9, 0.3, 1, 8.99, 9.01, 30, 36.8, 100, 104, 700, 745, 800, math.Inf(1), math.NaN()} {
		for _, x := range []float64{x, -x} {
			p, s, pn, sn := Logistic64(x)
			b, bn := SigmoidBoth64(x)
			sin, cos := Sincos(x)
			got := [...]float64{p, s, pn, sn, b, bn, sin, cos}
			want := [...]float64{Softplus64(x), Sigmoid64(x), Softplus64(-x), Sigmoid64(-x), Sigmoid64(x), Sigmoid64(-x), Sin(x), Cos(x)}
			for k := range got {
				if ulps64(got[k], want[k]) > 1 {
					t.Errorf("result %d at %v: %v, want %v", k, x, got[k], want[k])
				}
			}
		}
	}
}

func TestStability(t *testing.T) {
	file, err := os.Open("../shared/cases/torch/stability.jsonl")
	if err != nil {
		if file, err = os.Open("../../shared/cases/torch/stability.jsonl"); err != nil {
			t.Skip("no outside cases")
		}
	}
	defer file.Close()
	fns := map[string]func(float64) float64{
		"sigmoid": Sigmoid[float64], "softplus": Softplus[float64], "logsigmoid": logsigmoid[float64], "tanh": Tanh[float64],
		"expm1": Expm1[float64], "log1p": Log1p[float64], "sinh": Sinh[float64],
		"silu":          Silu[float64],
		"gelu":          func(x float64) float64 { return x * Phi(x) },
		"bce_logits_t0": Softplus[float64],
		"bce_logits_t1": func(x float64) float64 { return Softplus(-x) },
		"elu": func(x float64) float64 {
			if x > 0 {
				return x
			}
			return Expm1(x)
		},
	}
	n := 0
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var c struct {
			ID, Op string
			X      []any
			Value  any
			MaxULP float64 `json:"max_ulp"`
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		f := fns[c.Op]
		x, ok := c.X[0].(float64)
		want, ok2 := c.Value.(float64)
		if f == nil || !ok || !ok2 {
			continue
		}
		n++
		if got := f(x); ulps64(got, want) > c.MaxULP {
			t.Errorf("%s: %v, want %v", c.ID, got, want)
		}
	}
	if n < 30 {
		t.Errorf("only %d points", n)
	}
}

var sink32 float32
var sink64 float64

func BenchmarkScalar(b *testing.B) {
	for _, f := range []struct {
		name string
		f    func([]float32)
	}{
		{"exp", func(x []float32) { each32(x, Exp[float32]) }},
		{"mathexp", func(x []float32) {
			for i := range x {
				sink32 = float32(math.Exp(float64(x[i])))
			}
		}},
		{"exp-direct", func(x []float32) {
			for i := range x {
				sink32 = Exp(x[i])
			}
		}},
		{"exp32", func(x []float32) {
			for i := range x {
				sink32 = Exp32(x[i])
			}
		}},
		{"tanh", func(x []float32) {
			for i := range x {
				sink32 = Tanh(x[i])
			}
		}},
		{"sigmoid", func(x []float32) {
			for i := range x {
				sink32 = Sigmoid(x[i])
			}
		}},
		{"log", func(x []float32) {
			for i := range x {
				sink32 = Log(x[i]*x[i] + 1)
			}
		}},
		{"softplus", func(x []float32) {
			for i := range x {
				sink32 = Softplus(x[i])
			}
		}},
		{"max", func(x []float32) {
			s := x[0]
			for i := range x {
				s = Max(s, x[i])
			}
			sink32 = s
		}},
	} {
		b.Run(f.name, func(b *testing.B) {
			x := make([]float32, 1000)
			Normal(x, 1, "x", 0, 3)
			for b.Loop() {
				f.f(x)
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/1000*1e9, "ns/value")
		})
	}
}

func each32(x []float32, f func(float32) float32) {
	for i := range x {
		sink32 = f(x[i])
	}
}
