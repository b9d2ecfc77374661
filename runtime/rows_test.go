package runtime

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/nnc-lang/nnc/runtime/internal/kernels"
)

// rowFunctions are the functions on rows with their scalar forms.
var rowFunctions = []struct {
	name   string
	row32  func(dst, x []float32)
	row64  func(dst, x []float64)
	scalar func(x float64) float64
}{
	{"exp", Exps[float32], Exps[float64], math.Exp},
	{"expm1", Expm1s[float32], Expm1s[float64], math.Expm1},
	{"log", Logs[float32], Logs[float64], Log64},
	{"log1p", Log1ps[float32], Log1ps[float64], math.Log1p},
	{"tanh", Tanhs[float32], Tanhs[float64], math.Tanh},
	{"sigmoid", Sigmoids[float32], Sigmoids[float64], Sigmoid64},
	{"softplus", Softpluses[float32], Softpluses[float64], Softplus64},
	{"silu", Silus[float32], Silus[float64], Silu64},
	{"erf", Erfs[float32], Erfs[float64], math.Erf},
	{"phi", Phis[float32], Phis[float64], Phi64},
	{"sqrt", Sqrts[float32], Sqrts[float64], math.Sqrt},
	{"sin", Sins[float32], Sins[float64], func(x float64) float64 { sin, _ := sincos(x); return sin }},
	{"cos", Coss[float32], Coss[float64], func(x float64) float64 { _, cos := sincos(x); return cos }},
	{"pow", toItself[float32], toItself[float64], func(x float64) float64 { return Pow64(x, x) }},
	{"raise", toNumber[float32], toNumber[float64], func(x float64) float64 { return Pow64(x, -1.5) }},
	{"relu", Relus[float32], Relus[float64], func(x float64) float64 { return max(x, 0) }},
}

func toItself[T Float](dst, x []T) { Pows(dst, x, x) }

func toNumber[T Float](dst, x []T) { Raises(dst, x, -1.5) }

// forLevels runs f on every instruction set that there is here, and without.
func forLevels(t *testing.T, f func(t *testing.T)) {
	best := kernels.Best()
	defer setLevel(best)
	for l := kernels.None; l <= best; l++ {
		setLevel(l)
		t.Run(l.String(), f)
	}
}

var specials = []float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), 1, -1, math.MaxFloat64, -math.MaxFloat64,
	math.MaxFloat32, -math.MaxFloat32, 5e-324, -5e-324, 0x1p-149, -0x1p-149, 0x1p-126, 0x1p-1022, 88.72283, 88.72284, -103.97, -103.98, 709.78, 709.79, -745.13, -745.14, 104, 750, -750}

// samples are numbers of every exponent, both signs, and dense ones where
// functions of networks are at work.
func samples[T Float](n int) []T {
	r := rand.New(rand.NewPCG(1, 2))
	var out []T
	for _, v := range specials {
		out = append(out, T(v))
	}
	for i := range n {
		if is32[T]() {
			out = append(out, T(math.Float32frombits(r.Uint32())))
		} else {
			out = append(out, T(math.Float64frombits(r.Uint64())))
		}
		scale := []float64{1, 5, 40, 120, 800}[i%5]
		out = append(out, T((r.Float64()*2-1)*scale), T(1+r.NormFloat64()*0x1p-10))
	}
	return out
}

// ulps is how far x is from the true value y, in units of the last place of y in T.
func ulps[T Float](x T, y float64) float64 {
	want := T(y)
	switch {
	case x != x || want != want:
		if x != x && want != want {
			return 0
		}
		return math.Inf(1)
	case x == want:
		return 0
	case math.IsInf(float64(x), 0) || math.IsInf(float64(want), 0):
		if is32[T]() && math.Abs(float64(y)) > 0x1.fffffcp127 || !is32[T]() && math.Abs(y) > 0x1.ffffffffffffep1023 {
			return 1
		}
		return math.Inf(1)
	}
	var unit float64
	if is32[T]() {
		unit = max(math.Ldexp(1, math.Ilogb(y)-23), 0x1p-149)
	} else {
		unit = max(math.Ldexp(1, math.Ilogb(y)-52), 5e-324)
	}
	return math.Abs(float64(x)-y) / unit
}

func TestRowAccuracy(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		for _, f := range rowFunctions {
			if f.name == "sin" || f.name == "cos" { // beyond, package math loses digits
				scalar := f.scalar
				f.scalar = func(x float64) float64 {
					if math.Abs(x) > kernels.Far64 && !math.IsInf(x, 0) {
						return skip
					}
					return scalar(x)
				}
			}
			worst(t, f.name, f.row32, f.scalar, 2)
			worst(t, f.name, f.row64, f.scalar, 7) // the scalar form has an error too, up to 4 units in phi
		}
	})
}

// skip is what a function gives where it is not to be compared.
const skip = 0x1.5555p-77

func worst[T Float](t *testing.T, name string, row func(dst, x []T), scalar func(float64) float64, limit float64) {
	x := samples[T](1 << 18)
	y := make([]T, len(x))
	row(y, x)
	bad, at := -1.0, T(0)
	for i, v := range x {
		want := scalar(float64(v))
		if u := ulps(y[i], want); want != skip && u > bad {
			bad, at = u, v
		}
	}
	if bad > limit {
		var got [1]T
		row(got[:], []T{at})
		t.Errorf("%s of %T: %.3f units at %g: %g, want %g", name, at, bad, at, got[0], scalar(float64(at)))
	}
}

// TestRowPlaces: an element's result is the same bits at every place of rows of
// every length, nothing beside the row is written, and dst may be the argument.
func TestRowPlaces(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		for _, f := range rowFunctions {
			places(t, f.name, f.row32)
			places(t, f.name, f.row64)
		}
	})
}

func places[T Float](t *testing.T, name string, row func(dst, x []T)) {
	x := samples[T](40)
	want := make([]T, len(x))
	for i := range x {
		row(want[i:i+1], x[i:i+1])
	}
	const mark = 42
	for n := range 68 {
		for from := range 5 {
			dst := make([]T, n+from+3)
			Fill(dst, mark)
			row(dst[from:from+n], x[from:from+n])
			for i, v := range dst {
				switch inside := i >= from && i < from+n; {
				case inside && !sameNumber(v, want[i]):
					t.Fatalf("%s of %T: element %d of %d from %d is %g, alone %g", name, v, i-from, n, from, v, want[i])
				case !inside && v != mark:
					t.Fatalf("%s of %T wrote beside a row of %d", name, v, n)
				}
			}
			own := append([]T(nil), x[from:from+n]...)
			row(own, own)
			for i, v := range own {
				if !sameNumber(v, want[from+i]) {
					t.Fatalf("%s of %T in place: %g, want %g", name, v, v, want[from+i])
				}
			}
		}
	}
}

func sameNumber[T Float](x, y T) bool {
	return math.Float64bits(float64(x)) == math.Float64bits(float64(y)) || x != x && y != y
}

// TestRowArithmetic compares the forms with two and more operands with their
// definition, which is exact where they round once.
func TestRowArithmetic(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		arithmetic[float32](t)
		arithmetic[float64](t)
	})
}

func arithmetic[T Float](t *testing.T) {
	all := samples[T](200)
	for n := range 68 {
		x, y, z := all[1:][:n], all[70:][:n], all[151:][:n]
		const a, b = 1.5, -3
		for _, f := range []struct {
			name string
			row  func(dst []T)
			want func(i int) T
		}{
			{"add", func(d []T) { Adds(d, x, y) }, func(i int) T { return x[i] + y[i] }},
			{"sub", func(d []T) { Subs(d, x, y) }, func(i int) T { return x[i] - y[i] }},
			{"mul", func(d []T) { Muls(d, x, y) }, func(i int) T { return x[i] * y[i] }},
			{"div", func(d []T) { Divs(d, x, y) }, func(i int) T { return x[i] / y[i] }},
			{"add relu", func(d []T) { AddRelus(d, x, y) }, func(i int) T { return max(x[i]+y[i], 0) }},
			{"relu back", func(d []T) { ReluBacks(d, x, y) }, func(i int) T {
				if x[i] > 0 {
					return y[i]
				}
				return 0
			}},
			{"tanh back", func(d []T) { TanhBacks(d, x, y) }, func(i int) T { return y[i] * fma(-x[i], x[i], 1) }},
			{"sigmoid back", func(d []T) { SigmoidBacks(d, x, y) }, func(i int) T { return y[i] * (x[i] * (1 - x[i])) }},
			{"fma", func(d []T) { Fmas(d, x, y, z) }, func(i int) T { return fma(x[i], y[i], z[i]) }},
			{"affine", func(d []T) { Affines(d, x, a, b) }, func(i int) T { return fma(a, x[i], b) }},
			{"scale", func(d []T) { Scales(d, x, a) }, func(i int) T { return a * x[i] }},
			{"shift", func(d []T) { Shifts(d, x, a) }, func(i int) T { return x[i] + a }},
			{"from", func(d []T) { Froms(d, x, a) }, func(i int) T { return a - x[i] }},
			{"over", func(d []T) { Overs(d, x, b) }, func(i int) T { return x[i] / b }},
			{"under", func(d []T) { Unders(d, x, b) }, func(i int) T { return b / x[i] }},
			{"axpy", func(d []T) { Axpys(d, x, a, y) }, func(i int) T { return fma(a, y[i], x[i]) }},
		} {
			dst := make([]T, n+1+n%5)[n%5:]
			dst[n] = 42
			f.row(dst[:n])
			for i, v := range dst[:n] {
				if want := f.want(i); !sameNumber(v, want) && !(is32[T]() && f.name[0] < 'n' && near(v, want)) {
					t.Fatalf("%s of %T: element %d of %d is %g, want %g (x %g, y %g)", f.name, v, i, n, v, want, x[i], y[i])
				}
			}
			if dst[n] != 42 {
				t.Fatalf("%s wrote beyond %d", f.name, n)
			}
		}
	}
}

// near allows for a fused form in float32 that is tested against one that rounds twice.
func near[T Float](x, y T) bool { return ulps(x, float64(y)) <= 1 }

// TestRowSums: reductions of all lengths from 0, with what is special among the elements.
func TestRowSums(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		sums[float32](t, 0x1p-20)
		sums[float64](t, 0x1p-49)
	})
}

func sums[T Float](t *testing.T, eps float64) {
	r := rand.New(rand.NewPCG(3, 4))
	for n := range 200 {
		x, y, dst := make([]T, n+n%5)[n%5:], make([]T, n+n%3)[n%3:], make([]T, n+1+n%2)[n%2:] // not aligned
		var sum, abs, dot, expSum float64
		top := Inf[T](-1)
		for i := range x {
			x[i], y[i] = T(r.NormFloat64()), T(r.NormFloat64())
			sum += float64(x[i])
			abs += math.Abs(float64(x[i])) + math.Abs(float64(x[i]*y[i]))
			dot += float64(x[i]) * float64(y[i])
			top = max(top, x[i])
		}
		for _, v := range x {
			expSum += math.Exp(float64(v) - float64(top))
		}
		dst[n] = 42
		for _, c := range []struct {
			name      string
			got       T
			want, tol float64
		}{
			{"sum", Sums(x), sum, eps * abs},
			{"dot", Dots(x, y), dot, eps * abs},
			{"expsum", ExpSums(dst[:n], x, top), expSum, 4 * eps * expSum},
		} {
			if !(math.Abs(float64(c.got)-c.want) <= c.tol) {
				t.Fatalf("%s of %d %T: %g, want %g", c.name, n, top, c.got, c.want)
			}
		}
		if Maxs(x) != top || dst[n] != 42 {
			t.Fatalf("max of %d: %g, want %g", n, Maxs(x), top)
		}
		for i := range x {
			for _, v := range []T{NaN[T](), Inf[T](1), Inf[T](-1)} {
				old := x[i]
				x[i] = v
				m := top
				for k, u := range x {
					if k == 0 {
						m = u
					}
					m = max(m, u)
				}
				if got := Maxs(x); !sameNumber(got, m) {
					t.Fatalf("max of %d with %g at %d: %g, want %g", n, v, i, got, m)
				}
				if got := Sums(x); !(got == v || v != v && got != got) {
					t.Fatalf("sum of %d with %g at %d: %g", n, v, i, got)
				}
				x[i] = old
			}
		}
	}
}

func BenchmarkRows(b *testing.B) {
	best := kernels.Best()
	defer setLevel(best)
	for _, f := range rowFunctions {
		for l := kernels.None; l <= best; l++ {
			setLevel(l)
			b.Run(f.name+"/f32/"+l.String(), func(b *testing.B) { benchmarkRow(b, f.row32) })
			b.Run(f.name+"/f64/"+l.String(), func(b *testing.B) { benchmarkRow(b, f.row64) })
		}
	}
}

func benchmarkRow[T Float](b *testing.B, row func(dst, x []T)) {
	x, y := make([]T, 2048), make([]T, 2048)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range x {
		x[i] = T(math.Abs(r.NormFloat64()))
	}
	for b.Loop() {
		row(y, x)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(x)), "ns/element")
}
