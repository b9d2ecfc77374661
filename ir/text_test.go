package ir_test

import (
	"testing"

	"github.com/nnc-lang/nnc/ir"
)

const mlp = `program Fit
dim N call
input net.W1: real[784, 128] param
input net.b1: real[128] param
input x: real[N, 784] data
input y: int[N] in 10 data
input ctx: int[N] in 784 data
h[n, j] = max(sum[i in 784] x[n, i]*net.W1[i, j] + net.b1[j], 0)  n in N, j in 128  // mlp.nn:11
m[n] = logsumexp[k in 128](h[n, k])  n in N
q[n, k] = (exp(h[n, k] - m[n]) - (if k == y[n] then 1 else 0))/N  n in N, k in 10
a[n] = argmax[k in 128](h[n, k])  n in N
s[t, n] = if t == 0 then m[n] else tanh(s[t - 1, n])*2 + real(t)*0.5  t in 12, n in N  scan 1 up axis 0
c[t, k] = if k + 1 == 8 then x[0, k] else c[t, k + 1] + s[t, 0]  t in 12, k in 8  scan 3 down axis 1 in 2 up axis 0
r[t] = c[t, 0] + (if t == 0 then 0 else r[t - 1])  t in 12  scan 2 up axis 0
dE[ctx[n], j] += h[n, j]  n in N, j in 128  shape [784, 128]
keep[n, j] ~ bernoulli(0.5)  n in N, j in 128  path "Fit.net.drop"
l = sum[n in N] (m[n] - h[n, y[n]])/N - 2*(sum[j in 1..128] net.b1[j]^2)
output l = l
`

func TestTextRoundTrip(t *testing.T) {
	p, err := ir.Parse(mlp)
	if err != nil {
		t.Fatal(err)
	}
	if err := ir.Verify(p); err != nil {
		t.Fatal(err)
	}
	got := ir.Print(p)
	q, err := ir.Parse(got)
	if err != nil {
		t.Fatalf("%v\n%s", err, got)
	}
	if again := ir.Print(q); again != got || got != mlp {
		t.Errorf("text does not round-trip:\n%s\nthen\n%s", got, again)
	}
}

func TestIntegerNormalForm(t *testing.T) {
	b := ir.NewBuilder()
	env := map[string]*ir.Expr{"H": b.Dim("H"), "N": b.Dim("N"), "i": b.Idx(ir.Axis(0))}
	for _, c := range []struct{ x, y string }{
		{"2*H", "H + H"},
		{"4*H - H", "3*H"},
		{"(H + N)*2 - N", "2*H + N"},
		{"div(2*H, 2)", "H"},
		{"div(2*i + 1, 2)", "i + div(1, 2)"},
		{"(i + 1) - 1", "i"},
		{"div(H*N, N)", "H"},
		{"div(7, 2)", "3"},
		{"-7 % N - -7 % N", "0*N"},
	} {
		x, err := b.ParseExpr(c.x, env)
		y, err2 := b.ParseExpr(c.y, env)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		if x != y && !(y.IsConst(3) && x.IsConst(3)) {
			t.Errorf("%s is %s, %s is %s", c.x, x, c.y, y)
		}
	}
}

func TestAlphaEquality(t *testing.T) {
	p, _ := ir.Parse("program p\ninput x: real[8] data\na = sum[i in 8] x[i]*(sum[j in 8] x[j])\nb = sum[k in 8] x[k]*(sum[i in 8] x[i])\noutput a = a\n")
	if p.Lookup("a").Body != p.Lookup("b").Body {
		t.Error("sums that differ in the names of their indices are different expressions")
	}
}
