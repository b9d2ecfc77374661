package diff_test

import (
	"testing"

	"github.com/nnc-lang/nnc/ir"
)

// programs are small ones of every kind; the first output is differentiated.
var programs = []struct{ name, text string }{
	{"square", `
input x: real param
l = x*x*x + x
output l = l`},
	{"mlp", `
sizes N=3 D=4 H=5 K=3
input W1: real[D, H] param
input b1: real[H] param
input W2: real[H, K] param
input b2: real[K] param
input x: real[N, D] data
input y: int[N] in K data
h[n, j] = max(sum[i in D] x[n, i]*W1[i, j] + b1[j], 0)  n in N, j in H
z[n, k] = sum[j in H] h[n, j]*W2[j, k] + b2[k]  n in N, k in K
l = (sum[n in N] (logsumexp[k in K](z[n, k]) - z[n, y[n]]))/N
output l = l
output z = z`},
	{"mlp split", `
sizes N=3 D=4 H=5 K=3
input net.W1: real[D, H] param
input net.b1: real[H] param
input net.W2: real[H, K] param
input x: real[N, D] param
input y: int[N] in K data
a[n, j] = sum[i in D] x[n, i]*net.W1[i, j]  n in N, j in H
h[n, j] = tanh(a[n, j] + net.b1[j])  n in N, j in H
z[n, k] = sum[j in H] h[n, j]*net.W2[j, k]  n in N, k in K
m[n] = logsumexp[k in K](z[n, k])  n in N
l = (sum[n in N] (m[n] - z[n, y[n]]))/N
output l = l`},
	{"nested reductions", `
sizes N=3 K=4
input x: real[N, K] param
input w: real[K] param
l = sum[n in N] sin(sum[k in K] tanh(x[n, k]*w[k])*(sum[j in K] w[j]*w[j]*x[n, k]))
output l = l`},
	{"conv same padding", `
sizes N=2 C=2 O=2 H=5
input x: real[N, C, H] param
input W: real[O, C, 3] param
y[n, o, i] = sum[c in C, u in 3] (if 0 <= i + u - 1 and i + u - 1 < H then x[n, c, i + u - 1] else 0)*W[o, c, u]  n in N, o in O, i in H
l = sum[n in N, o in O, i in H] tanh(y[n, o, i])
output l = l`},
	{"conv stride 2", `
sizes H=9
input x: real[H, H] param
input W: real[3, 3] param
y[i, j] = sum[u in 3, v in 3] x[2*i + u, 2*j + v]*W[u, v]  i in div(H - 3, 2) + 1, j in div(H - 3, 2) + 1
l = sum[i in div(H - 3, 2) + 1, j in div(H - 3, 2) + 1] y[i, j]^2
output l = l
output y = y`},
	{"max pool", `
sizes H=3
input x: real[2*H, 2*H] param
y[i, j] = max[u in 2, v in 2](x[2*i + u, 2*j + v])  i in H, j in H
l = sum[i in H, j in H] y[i, j]^2
output l = l`},
	{"flatten and reshape", `
sizes H=3 W=4
input x: real[H*W] param
input q: real[H, W] param
y[i, j] = x[i*W + j]*q[i, j]  i in H, j in W
z[k] = q[div(k, W), k % W]*x[k]^2  k in H*W
l = sum[i in H, j in W] sin(y[i, j]) + sum[k in H*W] z[k]
output l = l`},
	{"upsample, tile, repeat", `
sizes H=3 W=4
input x: real[H, W] param
input q: real[H] param
y[i, j] = x[div(i, 2), div(j + 1, 2)]^2  i in 2*H, j in 2*W - 1
z[k] = q[k % H]*q[div(k, 3)]  k in 3*H
v[k] = x[div(k, W), k % W]*x[div(k, W), W - 1 - k % W]  k in H*W - 1
u[k] = x[div(k, 8) + 1, div(k, 4) % 2 + k % 2]  k in 16
l = (sum[i in 2*H, j in 2*W - 1] sin(y[i, j])) + (sum[k in 3*H] z[k]^2) + (sum[k in H*W - 1] v[k]*tanh(v[k])) + (sum[k in 16] u[k]^3)
output l = l
output y = y`},
	{"conv stride 2 with a border, and stride 3 transposed", `
sizes H=8
input x: real[H] param
input W: real[4] param
y[i] = sum[u in 4] (if 2*i + u - 2 >= 0 and 2*i + u - 2 < H then x[2*i + u - 2] else 0)*W[u]  i in div(H, 2)
z[i] = sum[u in 4] (if (i - u + 1)%3 == 0 then W[u]*(if div(i - u + 1, 3) >= 0 and div(i - u + 1, 3) < div(H, 2) then y[div(i - u + 1, 3)] else 0) else 0)  i in 11
l = sum[i in 11] sin(z[i] + real(i))
output l = l`},
	{"reverse and shift", `
sizes N=6
input x: real[N] param
y[i] = x[N - 1 - i]*(if i > 0 then x[i - 1] else 1)  i in N
l = sum[i in N] y[i]^2
output l = l`},
	{"diagonal and constant reads", `
sizes N=4
input A: real[N, N] param
y[i] = A[i, i]*A[i, 2]*A[0, 1]  i in N
l = sum[i in N] sin(y[i])
output l = l`},
	{"triangular", `
sizes N=5
input x: real[N] param
input A: real[N, N] param
y[i] = sum[j in 0..i + 1] A[i, j]*x[j]  i in N
z = sum[i in N, j in i + 1..N] x[i]*x[j]*tanh(A[j, i])
l = sum[i in N] y[i]^2 + z
output l = l`},
	{"packed triangle", `
sizes N=4
input c: real[div(N*(N + 1), 2)] param
input x: real[N] param
y[i] = sum[j in 0..i + 1] c[div(i*(i + 1), 2) + j]*x[j]  i in N
l = sum[i in N] y[i]^2
output l = l`},
	{"embedding", `
sizes N=5 V=4 D=3
input E: real[V, D] param
input W: real[D, D] param
input ids: int[N] in V data
h[n, d] = E[ids[n], d]  n in N, d in D
l = sum[n in N, e in D] tanh(sum[d in D] E[ids[n], d]*W[d, e]) + sum[n in N, d in D] h[n, d]^2
output l = l`},
	{"guarded gather", `
sizes N=5 V=4
input E: real[V] param
input ids: int[N] in V data
y[n] = if n > 1 then E[ids[n - 1]]^2 else E[0]  n in N
l = sum[n in N] y[n]*E[n % V]
output l = l`},
	{"matrix of tuples", `
sizes N=4
input p: real[N, N] param
input y: int[N] in N data
l = sum[n in N] log(1 + p[n, y[n]]^2) + sum[n in N] p[y[n], y[0]]
output l = l`},
	{"causal attention", `
sizes T=4 D=3
input q: real[T, D] param
input k: real[T, D] param
input v: real[T, D] param
s[i, j] = if j <= i then (sum[d in D] q[i, d]*k[j, d])/sqrt(real(D)) else -inf  i in T, j in T
m[i] = logsumexp[j in T](s[i, j])  i in T
o[i, d] = sum[j in 0..i + 1] exp(s[i, j] - m[i])*v[j, d]  i in T, d in D
l = sum[i in T, d in D] o[i, d]^2
output l = l
output o = o`},
	{"layer norm", `
sizes N=3 H=5
input x: real[N, H] param
input g: real[H] param
m[n] = (sum[j in H] x[n, j])/H  n in N
s[n] = (sum[j in H] (x[n, j] - m[n])^2)/H  n in N
y[n, j] = (x[n, j] - m[n])/sqrt(s[n] + 0.00001)*g[j]  n in N, j in H
l = sum[n in N, j in H] y[n, j]^3
output l = l`},
	{"products", `
sizes N=4
input x: real[N] param
y = prod[i in N] (x[i] + 0.5) + prod[i in N, j in 0..i] (x[i]*x[j])
l = y^2
output l = l`},
	{"extrema", `
sizes N=3 K=4
input x: real[N, K] param
a[n] = max[k in K](x[n, k]*x[n, 0]) + min[k in 1..K](x[n, k])  n in N
b = max[n in N, k in n..K](x[n, k])
l = sum[n in N] a[n]^2 + b^3
output l = l`},
	{"branches", `
sizes N=6
input x: real[N] param
input w: real param
y[i] = if x[i] > 0 then (if i % 2 == 0 then x[i]*w else max(x[i]^2, w)) else exp(x[i])*w + (if i == 3 then abs(x[i]) else min(w, x[i]*w))  i in N
l = sum[i in N] y[i]*y[i]
output l = l`},
	{"shared subexpressions", `
sizes N=3
input x: real[N] param
y[i] = tanh(x[i])*tanh(x[i]) + exp(tanh(x[i])) + (if x[i] > 0 then tanh(x[i]) else 2*tanh(x[i]))  i in N
l = sum[i in N] y[i]
output l = l`},
	{"custom functions", `
sizes N=4
fn cube(a) = a*a*a
fn mix(a, b) = sin(a)*cube(b) + max(a, b)
fn own(a, b) = a^2*b deriv a: 2*a*b deriv b: (r + 0*b)/b
input x: real[N] param
input w: real param
l = sum[i in N] (mix(x[i], w)*own(cube(x[i]), w) + own(w, x[i]))
output l = l`},
	{"draws", `
sizes N=4
input m: real param
input s: real param
e[i] ~ normal(m, s*s)  i in N  path "e"
u[i] ~ uniform(m, s)  i in N  path "u"
k[i] ~ bernoulli(0.5)  i in N  path "k"
l = sum[i in N] (e[i]*e[i]*k[i] + u[i]*m*u[i])
output l = l`},
	{"unreached input", `
sizes N=3
input x: real[N] param
input unused: real[N, 2] param
l = sum[i in N] x[i]^3
z[i] = sign(x[i])  i in N
output l = l
output z = z`},
	{"linear only", `
sizes N=3
input x: real[N] param
input b: real param
l = sum[i in N] (2*x[i] + b)
y[i] = x[i] + b  i in N
output l = l
output y = y
output x = x`},
	{"batch result", `
sizes N=3
input x: real[N] param
input w: real param
y[i] = exp(x[i]*w)  i in N
output y = y`},
	{"cumulative sum", `
sizes T=5
input x: real[T] param
c[t] = (if t == 0 then 0 else c[t - 1]) + x[t]^2  t in T  scan 1 up axis 0
l = sum[t in T] c[t]^2
output l = l
output c = c`},
	{"cumulative product down", `
sizes T=5
input x: real[T] param
c[t] = (if t + 1 < T then c[t + 1] else 1)*x[t]  t in T  scan 1 down axis 0
output c = c`},
	{"rnn", `
sizes T=4 N=2 D=2 H=3
input U: real[D, H] param
input V: real[H, H] param
input b: real[H] param
input h0: real[H] param
input x: real[T, N, D] param
h[t, n, j] = if t == 0 then tanh(h0[j] + b[j]) else tanh(sum[d in D] x[t, n, d]*U[d, j] + sum[i in H] h[t - 1, n, i]*V[i, j] + b[j])  t in T, n in N, j in H  scan 1 up axis 0
l = sum[n in N, j in H] h[T - 1, n, j]^2
output l = l
output h = h`},
	{"lstm both ways", `
sizes T=3 H=2
input U: real[4, H, H] param
input V: real[4, H, H] param
input x: real[T, H] param
a[t, g, j] = sum[i in H] x[t, i]*U[g, i, j] + sum[i in H] (if t == 0 then 0 else h[t - 1, i])*V[g, i, j]  t in T, g in 4, j in H  scan 1 up axis 0
c[t, j] = sigmoid(a[t, 0, j])*(if t == 0 then 0 else c[t - 1, j]) + sigmoid(a[t, 1, j])*tanh(a[t, 2, j])  t in T, j in H  scan 1 up axis 0
h[t, j] = sigmoid(a[t, 3, j])*tanh(c[t, j])  t in T, j in H  scan 1 up axis 0
g[j, t] = tanh((if t + 1 < T then sum[i in H] g[i, t + 1]*V[0, i, j] else x[0, j]) + h[t, j])  j in H, t in T  scan 2 down axis 1
l = sum[t in T, j in H] h[t, j]*g[j, t]
output l = l`},
	{"two steps back", `
sizes T=6
input x: real[T] param
input w: real[2] param
y[t] = if t < 2 then x[t] else w[0]*y[t - 1] + w[1]*sin(y[t - 2])  t in T  scan 1 up axis 0
l = y[T - 1] + y[3]^2 + sum[t in 1..T] y[t]*y[t - 1]
output l = l`},
	{"whole history", `
sizes T=4
input w: real[T] param
y[t] = w[t] + (if t > 0 then sum[s in 0..t] y[s]*w[t - s] else 0)  t in T  scan 1 up axis 0
l = sum[t in T] y[t]^2
output l = l`},
	{"pointer in a recurrence", `
sizes T=5 K=3
input w: real[T, K] param
input back: int[T, K] in K data
y[t, k] = (if t > 0 then tanh(y[t - 1, back[t, k]]) else 0) + w[t, k]  t in T, k in K  scan 1 up axis 0
l = sum[k in K] y[T - 1, k]^2
output l = l`},
	{"ode steps", `
sizes T=6
input p: real[2] param
input y0: real[2] param
input dt: real param
s[t, i] = if t == 0 then y0[i] else s[t - 1, i] + 0.1*dt*k[t - 1, i]  t in T, i in 2  scan 1 up axis 0
k[t, i] = if i == 0 then s[t, 1] else p[0]*(1 - s[t, 0]^2)*s[t, 1] - p[1]*s[t, 0]  t in T, i in 2  scan 1 up axis 0
l = s[T - 1, 0]
output l = l`},
	{"a recurrence in the step of another", `
sizes T=3 L=3
input x: real[T] param
input w: real[L] param
z[t] = x[t]*(if t == 0 then 1 else h[t - 1, 0] + h[t - 1, L - 1])  t in T  scan 1 up axis 0
g[t, l] = (if l + 1 < L then sin(g[t, l + 1]) else z[t])*w[l] + (if t == 0 then w[l]^2 else h[t - 1, l]*g[t - 1, l])  t in T, l in L  scan 2 down axis 1 in 1 up axis 0
h[t, l] = tanh(g[t, l] + z[t]*(sum[k in L] g[t, k]))  t in T, l in L  scan 1 up axis 0
l = sum[t in T, i in L] h[t, i]^2
output l = l`},
	{"two recurrences in a step, of which one reads the other", `
sizes T=3 L=4
input x: real[T] param
input w: real[L] param
g[i, t] = w[i]*x[t] + (if i == 0 then (if t == 0 then 0 else f[t - 1, L - 1]) else sin(g[i - 1, t]))  i in L, t in T  scan 2 up axis 0 in 1 up axis 1
f[t, i] = if i + 1 < L then f[t, i + 1]*g[i, t] else g[L - 1, t]*w[0]  t in T, i in L  scan 3 down axis 1 in 1 up axis 0
l = sum[t in T, i in L] f[t, i]*g[i, t]
output l = l`},
	{"horner", `
sizes N=5
input c: real[N] param
input x: real param
h[n] = if n + 1 < N then h[n + 1]*x + c[n] else c[n]  n in N  scan 1 down axis 0
l = h[0]
output l = l`},
	{"unknown windows", `
sizes N=7 K=3 S=2
input x: real[N] param
input w: real[K] param
y[i] = sum[u in K] x[S*i + u]*w[u]  i in div(N - K, S) + 1
l = sum[i in div(N - K, S) + 1] y[i]^2
output l = l`},
	{"dilation", `
sizes N=9
input x: real[N] param
input w: real[3] param
y[i] = sum[u in 3] x[i + 3*u]*w[u]  i in N - 6
z[i] = sum[u in -1..2] (if 0 <= i - 2*u and i - 2*u < N then x[i - 2*u]*w[u + 1] else 0)  i in N
l = sum[i in N - 6] y[i]^2 + sum[i in N] sin(z[i])
output l = l`},
	{"wide range reads", `
sizes N=4
input x: real[N] param
y[i] = sum[j in 0..i + 1] x[i - j]*x[j]  i in N
z[i] = sum[j in i..N] x[j - i]*x[N - 1 - j]  i in N
l = sum[i in N] y[i]*z[i]
output l = l`},
}

func TestPrograms(t *testing.T) {
	for _, c := range programs {
		t.Run(c.name, func(t *testing.T) { newModel(t, c.text).all() })
	}
}

// ops and reducers are tested at the points of their records.
var _ = ir.Operators
