package dsl_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/nnc-lang/nnc"
	"github.com/nnc-lang/nnc/dsl"
	"github.com/nnc-lang/nnc/dsl/syntax"
)

// TestPreludeStands checks the prelude as a file of its own, which elaborates
// every function and layer with sizes that are only names, and that every entry
// is in the usual form, is documented by a comment that begins with its name,
// is shown by `nnc show`, and has a case in the tests of this package.
func TestPreludeStands(t *testing.T) {
	file, src := dsl.Prelude()
	if ds, err := nnc.Check(file, src, nnc.Options{}); err != nil || len(ds) > 0 {
		t.Error(ds.Error())
	}
	if out, err := nnc.Format(file, src); err != nil || string(out) != string(src) {
		t.Errorf("%v: the prelude is not as nnc fmt writes it", err)
	}
	f, err := syntax.Parse(file, src)
	if err != nil {
		t.Fatal(err)
	}
	tested := strings.Builder{}
	for _, c := range scalarCases {
		tested.WriteString(" " + c.call)
	}
	for _, c := range arrayCases {
		tested.WriteString(" " + c.src)
	}
	for _, d := range f.Decls {
		fn, ok := d.(*syntax.Func)
		if !ok {
			t.Errorf("%v is no function", d)
			continue
		}
		name := fn.Name.Name
		text, err := nnc.Show(name)
		if err != nil || !strings.HasPrefix(text, "// "+name+" ") || !strings.Contains(text, "\n"+fn.Kind+" "+name) {
			t.Errorf("nnc show %s: %v\n%s", name, err, text)
		}
		if !mentions(tested.String(), name) {
			t.Errorf("no test evaluates %s", name)
		}
	}
}

// mentions reports whether name stands in text as a word.
func mentions(text, name string) bool {
	for {
		before, after, found := strings.Cut(text, name)
		if !found {
			return false
		}
		letter := func(c byte) bool {
			return c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'z' && c != '[' && c != ']' && c != '^'
		}
		if (before == "" || !letter(before[len(before)-1])) && (after == "" || !letter(after[0])) {
			return true
		}
		text = after
	}
}

// A scalarCase calls a function of scalars with each tuple of points, and has
// the formula again in Go. Points avoid kinks, kinks give the derivative there.
type scalarCase struct {
	call   string // in x, y, z
	points [][]float64
	f      func(a []float64) float64
	kinks  [][2]float64 // x and the derivative in x
}

var (
	line   = [][]float64{{-7.5}, {-3.2}, {-1.1}, {-0.3}, {0.2}, {0.7}, {1.4}, {3.6}, {6.5}, {40}}
	signed = [][]float64{{-2.5, 1}, {-0.4, -1}, {0.3, 1}, {0.8, -1}, {1.7, 1}, {2.2, -1}}
	probs  = [][]float64{{0.1, 0}, {0.3, 1}, {0.6, 0.25}, {0.9, 1}}
)

func elu(z, alpha float64) float64 {
	if z > 0 {
		return z
	}
	return alpha * (math.Exp(z) - 1)
}

func logistic(z float64) float64 { return 1 / (1 + math.Exp(-z)) }
func log1pexp(z float64) float64 { return max(z, 0) + math.Log1p(math.Exp(-math.Abs(z))) }

func on(f func(z float64) float64) func([]float64) float64 {
	return func(a []float64) float64 { return f(a[0]) }
}

var scalarCases = []scalarCase{
	{"relu(x)", line, on(func(z float64) float64 { return max(z, 0) }), [][2]float64{{0, 0}}},
	{"relu6(x)", line, on(func(z float64) float64 { return min(max(z, 0), 6) }), [][2]float64{{0, 0}, {6, 0}}},
	{"leaky_relu(x)", line, on(func(z float64) float64 { return max(z, 0.01*z) }), [][2]float64{{0, 0.01}}},
	{"prelu(x, y)", [][]float64{{-2, 0.3}, {1.5, 0.3}}, func(a []float64) float64 { return max(a[0], 0) + a[1]*min(a[0], 0) }, nil},
	{"elu(x)", line, on(func(z float64) float64 { return elu(z, 1) }), [][2]float64{{0, 1}}},
	{"elu(x, 0.5)", line, on(func(z float64) float64 { return elu(z, 0.5) }), [][2]float64{{0, 0.5}}},
	{"celu(x, 2)", line, on(func(z float64) float64 { return max(z, 0) + min(0, 2*math.Expm1(z/2)) }), [][2]float64{{0, 1}}},
	{"selu(x)", line, on(func(z float64) float64 { return 1.0507009873554805 * elu(z, 1.6732632423543772) }), nil},
	{"step(x)", line, on(func(z float64) float64 { return (1 + math.Copysign(1, z)) / 2 }), nil},
	{"sigmoid(x)", line, on(logistic), nil},
	{"logsigmoid(x)", line, on(func(z float64) float64 { return -log1pexp(-z) }), nil},
	{"logit(x)", [][]float64{{0.1}, {0.5}, {0.8}}, on(func(p float64) float64 { return math.Log(p / (1 - p)) }), nil},
	{"softplus(x)", line, on(log1pexp), nil},
	{"silu(x)", line, on(func(z float64) float64 { return z * logistic(z) }), nil},
	{"swish(x, 1.5)", line, on(func(z float64) float64 { return z * logistic(1.5*z) }), nil},
	{"gelu(x)", line, on(func(z float64) float64 { return z * math.Erfc(-z/math.Sqrt2) / 2 }), nil},
	{"gelu_tanh(x)", line, on(func(z float64) float64 {
		return z / 2 * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(z+0.044715*z*z*z)))
	}), nil},
	{"mish(x)", line, on(func(z float64) float64 { return z * math.Tanh(log1pexp(z)) }), nil},
	{"softsign(x)", line, on(func(z float64) float64 { return z / (1 + math.Abs(z)) }), [][2]float64{{0, 1}}},
	{"hardtanh(x)", line, on(func(z float64) float64 { return min(max(z, -1), 1) }), [][2]float64{{-1, 0}, {1, 0}}},
	{"hardsigmoid(x)", line, on(func(z float64) float64 { return min(max(z+3, 0), 6) / 6 }), [][2]float64{{-3, 0}, {3, 0}}},
	{"hardswish(x)", line, on(func(z float64) float64 { return z * min(max(z+3, 0), 6) / 6 }), nil},
	{"softshrink(x)", line, on(func(z float64) float64 { return math.Copysign(max(math.Abs(z)-0.5, 0), z) }), [][2]float64{{0.5, 0}}},
	{"hardshrink(x, 1)", line, on(func(z float64) float64 { return z * min(1, math.Floor(math.Abs(z))) }), [][2]float64{{1, 0}}},
	{"tanhshrink(x)", line, on(func(z float64) float64 { return z - math.Tanh(z) }), nil},
	{"threshold(x, 1, -2)", line, on(func(z float64) float64 {
		if z > 1 {
			return z
		}
		return -2
	}), nil},
	{"square(x)", line, on(func(z float64) float64 { return z * z }), nil},
	{"clip(x, -2, 3)", line, on(func(z float64) float64 { return min(max(z, -2), 3) }), nil},

	{"normal_logpdf(x, y, z)", [][]float64{{0.3, 0.1, 0.7}, {-2, 1, 3}}, func(a []float64) float64 {
		return math.Log(math.Exp(-math.Pow((a[0]-a[1])/a[2], 2)/2) / (a[2] * math.Sqrt(2*math.Pi)))
	}, nil},
	{"huber(x)", line, on(func(r float64) float64 { return math.Abs(r)*min(math.Abs(r), 1) - math.Pow(min(math.Abs(r), 1), 2)/2 }), [][2]float64{{1, 1}}},
	{"huber(x, 2)", line, on(func(r float64) float64 { m := min(math.Abs(r), 2); return math.Abs(r)*m - m*m/2 }), [][2]float64{{2, 2}}},
	{"smooth_l1(x, 2)", line, on(func(r float64) float64 { m := min(math.Abs(r), 2); return (math.Abs(r)*m - m*m/2) / 2 }), [][2]float64{{2, 1}}},
	{"log_cosh(x)", line, on(func(r float64) float64 { return math.Log(math.Cosh(r)) }), nil},
	{"quantile(x, 0.9)", line, on(func(r float64) float64 { return max(0.9*r, -0.1*r) }), nil},
	{"bce(x, y)", probs, func(a []float64) float64 { return -(a[1]*math.Log(a[0]) + (1-a[1])*math.Log(1-a[0])) }, nil},
	{"bce_logits(x, y)", [][]float64{{-3, 0}, {-0.2, 1}, {0.4, 0.25}, {5, 1}}, func(a []float64) float64 {
		p := logistic(a[0])
		return -(a[1]*math.Log(p) + (1-a[1])*math.Log(1-p))
	}, nil},
	{"focal(x, y)", probs, func(a []float64) float64 {
		p, y := a[0], a[1]
		return -y*sq(1-p)*math.Log(p) - (1-y)*sq(p)*math.Log(1-p)
	}, nil},
	{"logit_loss(x, y)", signed, func(a []float64) float64 { return math.Log(1 + math.Exp(-a[0]*a[1])) }, nil},
	{"hinge(x, y)", signed, func(a []float64) float64 { return max(0, 1-a[0]*a[1]) }, nil},
	{"hinge(x, 1)", line[:5], on(func(z float64) float64 { return 1 - z }), [][2]float64{{1, 0}}},
	{"squared_hinge(x, y)", signed, func(a []float64) float64 { h := max(0, 1-a[0]*a[1]); return h * h }, nil},
	{"perceptron_loss(x, y)", signed, func(a []float64) float64 { return max(0, -a[0]*a[1]) }, nil},
	{"normal_nll(x, y, z)", [][]float64{{0.3, 2, 0.1}, {-1, 0.5, 2}}, func(a []float64) float64 { return (math.Log(a[1]) + (a[2]-a[0])*(a[2]-a[0])/a[1]) / 2 }, nil},
	{"poisson_nll(x, y)", [][]float64{{0.3, 2}, {-1, 0}}, func(a []float64) float64 { return math.Exp(a[0]) - a[1]*a[0] }, nil},
	{"kl_normal(x, y)", [][]float64{{0.3, 0.2}, {-1, -2}}, func(a []float64) float64 {
		return (math.Exp(a[1]) + a[0]*a[0] - 1 - a[1]) / 2
	}, nil},
	{"ranking(x, y, z, 0.5)", [][]float64{{1, 2, 1}, {3, 1, 1}, {0.5, 2, -1}}, func(a []float64) float64 { return max(0, 0.5-a[2]*(a[0]-a[1])) }, nil},
}

func TestPreludeScalars(t *testing.T) {
	for _, c := range scalarCases {
		t.Run(c.call, func(t *testing.T) {
			names := "xyz"[:len(c.points[0])]
			var heads []string
			args, cot := map[string]any{}, []float64{}
			for k, n := range names {
				var column []float64
				for _, p := range c.points {
					column = append(column, p[k])
				}
				if k == 0 {
					for _, at := range c.kinks {
						column = append(column, at[0])
					}
				}
				heads, args[string(n)] = append(heads, string(n)+": [N]"), column
			}
			for range args["x"].([]float64) {
				cot = append(cot, 1)
			}
			src := fmt.Sprintf("dtype f64\nfn F(%s) -> v: [N] = %s\n", strings.Join(heads, ", "), c.call)
			out := eval(t, src, "F.vjp", map[string]any{"args": args, "cotangents": cot})
			value := numbers(out["value"])
			for i, p := range c.points {
				want := c.f(p)
				if !near(value[i], want, 1e-12) {
					t.Errorf("at %v it is %v, want %v", p, value[i], want)
				}
				for k, n := range names {
					var h [2]float64
					for side := range h {
						q := append([]float64{}, p...)
						q[k] += []float64{-1e-5, 1e-5}[side]
						h[side] = c.f(q)
					}
					got, want := numbers(out["vjp"].(map[string]any)[string(n)])[i], (h[1]-h[0])/2e-5
					if !near(got, want, 1e-8) {
						t.Errorf("at %v its derivative in %c is %v, want %v", p, n, got, want)
					}
				}
			}
			for i, at := range c.kinks {
				if got := numbers(out["vjp"].(map[string]any)["x"])[len(c.points)+i]; got != at[1] {
					t.Errorf("at the kink %v its derivative is %v, want %v", at[0], got, at[1])
				}
			}
		})
	}
}

// near compares relative to 1 and to what is wanted.
func near(got, want, tol float64) bool {
	return got == want || math.Abs(got-want) <= tol*max(1, math.Abs(want)) || got != got && want != want
}
