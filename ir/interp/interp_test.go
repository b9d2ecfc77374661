package interp_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
)

func run(t *testing.T, text string, dims map[string]int, in map[string]*interp.Tensor) (map[string]*interp.Tensor, error) {
	t.Helper()
	p, err := ir.Parse(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if err := ir.Verify(p); err != nil {
		t.Fatal(err)
	}
	env := &interp.Env{Dims: dims, Inputs: map[*ir.Array]*interp.Tensor{}, Seed: 7}
	for name, x := range in {
		env.Inputs[p.Lookup(name)] = x
	}
	return interp.Run(p, env)
}

func vec(v ...float64) *interp.Tensor { return &interp.Tensor{Shape: []int{len(v)}, Data: v} }

var nan, inf = math.NaN(), math.Inf(1)

// Each right-hand side is evaluated with x = (1, -2, 3, 0), K = 4.
func TestExpressions(t *testing.T) {
	for _, c := range []struct {
		body string
		want float64
	}{
		{"sum[i in K] x[i]", 2},
		{"sum[i in 1..K] x[i]*real(i)", -2 + 6},
		{"sum[i in K, j in i..K] x[j]", 1*1 - 2*2 + 3*3},
		{"sum[i in 2..2] x[i]", 0},
		{"prod[i in K - 1] x[i]", -6},
		{"prod[i in 0] x[i]", 1},
		{"max[i in K](x[i])", 3},
		{"max[i in 0](x[i])", -inf},
		{"min[i in 0](x[i])", inf},
		{"max[i in K](if i == 1 then nan else x[i])", nan},
		{"min[i in K](if i == 3 then nan else x[i])", nan},
		{"max(nan, 1)", nan},
		{"min(1, nan)", nan},
		{"real(argmax[i in K](x[i]))", 2},
		{"real(argmin[i in K](x[i]))", 1},
		{"real(argmax[i in 3..K](x[i]))", 3},
		{"real(argmax[i in K](if i > 1 then nan else x[i]))", 2},
		{"real(argmax[i in K](1.0))", 0},
		{"real(argmax[i in 2, j in 2](x[2*i + j]))", 2},
		{"logsumexp[i in K](1000 + 0*x[i])", 1000 + math.Log(4)},
		{"logsumexp[i in K](0*x[i] - inf)", -inf},
		{"logsumexp[i in K](if i == 2 then inf else x[i])", inf},
		{"logsumexp[i in K](if i == 2 then nan else inf)", nan},
		{"logsumexp[i in 0](x[i])", -inf},
		{"if any[i in K](x[i] > 2) then 1 else 0", 1},
		{"if all[i in K](x[i] > -2) then 1 else 0", 0},
		{"if any[i in 0](x[i] > 2) then 1 else 0", 0},
		{"if all[i in 0](x[i] > 2) then 1 else 0", 1},
		{"if K == 5 and x[K] > 0 then 1 else 2", 2},
		{"if K == 4 or x[K] > 0 then 1 else 2", 1},
		{"sum[i in K] (if i > 0 then x[i - 1] else 10)", 10 + 2},
		{"sum[i in K] sum[j in K] x[i]*x[j] - (sum[i in K] x[i])^2", 0},
		{"sum[i in K] x[i]*(max[j in K](x[j]) - x[i])", 3*2 - 14},
		{"real(div(-7, K) + -7 % K)", -2 + 1},
		{"twice(x[0]) + twice(twice(x[2]))", 2 + 12},
	} {
		text := "program t\ndim K\nfn twice(a) = a + a\ninput x: real[K] data\ny = " + c.body + "\noutput y = y\n"
		out, err := run(t, text, map[string]int{"K": 4}, map[string]*interp.Tensor{"x": vec(1, -2, 3, 0)})
		if err != nil {
			t.Errorf("%s: %v", c.body, err)
			continue
		}
		got := out["y"].Data[0]
		if got != c.want && !(got != got && c.want != c.want) {
			t.Errorf("%s = %v, want %v", c.body, got, c.want)
		}
	}
}

const recurrence = `program t
dim T call
input x: real[T] data
h[t] = (if t == 0 then 1 else h[t - 1]*2 + g[t - 1]) + x[t]  t in T  scan 1 up axis 0
g[t] = h[t]  t in T  scan 1 up axis 0
b[t] = if t + 1 < T then b[t + 1] + x[t] else 0  t in T  scan 2 down axis 0
e[div(t, 2)] += h[t]  t in T  shape [2]
output h = h
output b = b
output e = e
`

func TestRecurrence(t *testing.T) {
	out, err := run(t, recurrence, map[string]int{"T": 3}, map[string]*interp.Tensor{"x": vec(1, 10, 100)})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]float64{"h": {2, 16, 148}, "b": {11, 10, 0}, "e": {18, 148}} {
		for i, w := range want {
			if got := out[name].Data[i]; got != w {
				t.Errorf("%s[%d] = %v, want %v", name, i, got, w)
			}
		}
	}
}

func TestDraws(t *testing.T) {
	text := "program t\nu[i, j] ~ uniform(2, 3)  i in 50, j in 4  path \"a\"\nz[i] ~ normal(1, 2)  i in 900  path \"b\"\nk[i] ~ bernoulli(0.25)  i in 900  path \"c\"\noutput u = u\noutput z = z\noutput k = k\n"
	out, err := run(t, text, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	mean := func(name string) float64 {
		s := 0.0
		for _, v := range out[name].Data {
			s += v
		}
		return s / float64(len(out[name].Data))
	}
	for name, want := range map[string]float64{"u": 2.5, "z": 1, "k": 0.25} {
		if got := mean(name); math.Abs(got-want) > 0.2 {
			t.Errorf("the mean of %s is %v, want about %v", name, got, want)
		}
	}
}

func TestErrors(t *testing.T) {
	const head = "program t\ndim K\ninput x: real[K] data\ninput q: int[2] in K data\n"
	for _, c := range []struct{ text, want string }{
		{"y[i] = x[i + 1]  i in K  // a.nn:3\noutput y = y\n", "a.nn:3: y[2]: x has no element at index 3 of axis 0, of size 3\n\ty[i] = x[i + 1]"},
		{"y = x[q[1]]\noutput y = y\n", "element 1 of q is 9, not in 0..3"},
		{"input z: real data\ny = z\noutput y = y\n", "y: z is not given"},
		{"y[i, j, k] = 1.0  i in 100000, j in 100000, k in 100000000\noutput y = y\n", "y has more than 268435456 elements"},
		{"h[t] = h[t + 1]  t in K - 1  scan 1 up axis 0\noutput h = h\n", "h[0]: h[t + 1] is read before"},
		{"dim M\ny = real(M)\noutput y = y\n", "the dim M of t is not given"},
		{"where K % 2 == 0\n", "t needs K%2 == 0"},
	} {
		out, err := tryRun(head+c.text, map[string]int{"K": 3})
		if err == nil {
			t.Errorf("no error but %v from\n%s", out, c.text)
		} else if !strings.Contains(strings.ReplaceAll(err.Error(), "i0", "t"), c.want) {
			t.Errorf("got error %q, want %q", err, c.want)
		}
	}
}

func tryRun(text string, dims map[string]int) (map[string]*interp.Tensor, error) {
	p, err := ir.Parse(text)
	if err != nil {
		return nil, err
	}
	env := &interp.Env{Dims: dims, Inputs: map[*ir.Array]*interp.Tensor{p.Lookup("x"): vec(1, 2, 3)}}
	q := vec(0, 2)
	if strings.Contains(text, "q[1]") {
		q = vec(0, 9)
	}
	env.Inputs[p.Lookup("q")] = q
	return interp.Run(p, env)
}

// A shared subexpression is evaluated once, or this takes 2^60 steps.
func TestSharing(t *testing.T) {
	text := "program t\ninput x: real data\ny0 = x\n"
	p, err := ir.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	x := p.Inputs[0]
	e := p.Read(x)
	for range 60 {
		e = p.Call(ir.Lookup("sin"), p.Call(ir.Add, e, e))
	}
	a := p.Append(&ir.Array{Name: "y", Def: ir.Equation, Body: e})
	p.Outputs = append(p.Outputs, ir.Output{Name: "y", Array: a})
	if _, err := interp.Run(p, &interp.Env{Inputs: map[*ir.Array]*interp.Tensor{x: interp.Scalar(1)}}); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkDense(b *testing.B) {
	p, err := ir.Parse("program t\ndim N\ninput W: real[784, 128] param\ninput x: real[N, 784] data\nh[n, j] = max(sum[i in 784] x[n, i]*W[i, j], 0)  n in N, j in 128\noutput h = h\n")
	if err != nil {
		b.Fatal(err)
	}
	in := map[*ir.Array]*interp.Tensor{p.Lookup("W"): interp.Zeros(784, 128), p.Lookup("x"): interp.Zeros(64, 784)}
	for _, x := range in {
		for i := range x.Data {
			x.Data[i] = rand.Float64()
		}
	}
	for b.Loop() {
		if _, err := interp.Run(p, &interp.Env{Dims: map[string]int{"N": 64}, Inputs: in}); err != nil {
			b.Fatal(err)
		}
	}
}
