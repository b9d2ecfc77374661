package pass

import (
	"testing"

	"github.com/nnc-lang/nnc/ir"
)

func TestFacts(t *testing.T) {
	p, err := ir.Parse(`program p
dim N call
input x: real[N, 8] data
a[n, k] = exp(x[n, k])  n in N, k in 8
b[n, k] = a[n, k]/(sum[j in 8] a[n, j])  n in N, k in 8
s[n] = sum[j in 8] exp(x[n, j])  n in N
c[n, k] = exp(x[n, k])/s[n]  n in N, k in 8
l[n] = logsumexp[j in 8](x[n, j])  n in N
d[n, k] = exp(x[n, k] - l[n])  n in N, k in 8
e[k, n] = exp(x[n, k] - l[n])  k in 8, n in N
f[n, k] = x[n, k]^2 + 1  n in N, k in 8
g[n] = sum[j in 8] x[n, j]^2  n in N
h[n, k] = 1 - sigmoid(x[n, k])  n in N, k in 8
i[n, k] = 2*tanh(x[n, k]) - 3  n in N, k in 8
j[n, k] = x[n, k] - 1  n in N, k in 8
m[n, k] = max(x[n, k], 0)  n in N, k in 8
r[t] = if t == 0 then 1 else 0.5*r[t - 1]  t in N  scan 1 up axis 0
output b = b
`)
	if err != nil {
		t.Fatal(err)
	}
	f := NewFacts(p)
	for name, want := range map[string]string{
		"x": "real", "a": ">0", "c": "probability along the last axis", "d": "probability along the last axis",
		"e": ">0", "f": ">0", "g": ">=0", "h": "[0,1]", "i": "real", "j": "real", "m": ">=0", "r": "real",
	} {
		if got := f.Array(p.Lookup(name)).String(); got != want {
			t.Errorf("%s is known to be %s, want %s", name, got, want)
		}
	}
	if i := f.Array(p.Lookup("i")); i.Lo != -5 || i.Hi != -1 {
		t.Errorf("2*tanh(x) - 3 is in %v..%v", i.Lo, i.Hi)
	}
}
