package codegen_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// small are programs of what the reference's have not: every kind of
// derivative, clashing names, guards, ties, sizes that follow from others.
var small = map[string]string{
	"kinds": `model Net(x: [D]) -> (y: [K], s: real) {
  param W: [D, 3] ~ normal(0, 1);  param b: [3] = 0;  param g: real = 1
  h = tanh(x @ W + b)
  y[k] = g * h[k]^2;  s = sum(h)
}
const K = 3
loss Fit(m: Net, x: [N, D], w: [N], scale: real) = scale * mean(w * m(x).s)
`,
	"names": `const type = 4, λ = 0.5
model Fit(func: [type]) -> range: real { param Init: [type] ~ normal(0, 1);  param Flat: real = 0
  range = func @ Init + Flat }
loss fit(len: Fit, err: [N, type], rt: [N]) = λ * mse(len(err), rt)
`,
	"kmeans": `const K = 4, D = 3
model C(x: [D]) -> (d2: real, nearest: in K) {
  param c: [K, D] ~ normal(0, 1)
  d[k] = sum[i] (x[i] - c[k, i])^2
  d2 = min(d);  nearest = argmin(d)
}
loss KMeans(m: C, x: [N, D]) = mean(m(x).d2)
`,
	"masks": `const W = 20
fn Le(a: [W, W], b: [W, W]) -> y: [W, W] { y[i, j] = exp(if j <= i then a[i, j] / 4 else -inf) }
fn Others(a: [W, W]) -> (lt: [W, W], gt: [W, W], ge: [W, W], turned: [W, W], both: [W, W]) {
  lt[i, j] = if j < i then exp(a[i, j]) else 2
  gt[i, j] = if j > i then exp(a[i, j]) else 0
  ge[i, j] = if j >= i then 3 else exp(a[i, j])
  turned[i, j] = if i >= j then exp(a[i, j]) else 4
  both[i, j] = if i > j then 5 else tanh(a[i, j]) * a[i, j]
}
fn Beyond(a: [N, W], k: int) -> y: [N, W] { y[n, j] = if j + 7*n < 9 then exp(a[n, j]) else -1 }
fn Ahead(a: [N, W]) -> y: [N, W] { y[n, j] = if 30*n - 25 < j then exp(a[n, j]) else 6 }
loss Causal(a: [W, W], b: [W, W]) = sum(softmax(Low(a)) * b)
fn Low(a: [W, W]) -> y: [W, W] { y[i, j] = if j <= i then a[i, j] else -inf }
`,
	"folds": `const A = 5, B = 7
fn Joined(x: [N, 3, A, B], b: [3], k: [B]) -> (y: [N, 3, A, B], z: [N, A, B], turn: [N, B, A], u: [N, A, B], s: [N, 3]) {
  y[n, c, i, j] = tanh(x[n, c, i, j] + b[c])
  z[n, i, j] = exp(x[n, 0, i, j]) * k[j]
  turn[n, j, i] = exp(x[n, 0, i, j])
  u[n, i, j] = x[n, 1, i, j] * i + x[n, 1, A - 1 - i, j]
  s[n, c] = sum[i, j] exp(x[n, c, i, j])
}
fn Sizes(x: [N, T, D], y: [N, T, D]) -> z: [N, T, D] { z[n, t, d] = sigmoid(x[n, t, d]) * y[n, t, d] }
fn Four(x: [N, T, 4]) -> z: [N, T, 4] { z[n, t, d] = sigmoid(x[n, t, d]) / 3 }
loss Pooled(x: [N, 2, 6, 6], b: [2], w: [2, 3, 3]) = sum[n, c, i in 3, j in 3] w[c, i, j] * (sum[u in 2, v in 2] tanh(x[n, c, 2*i + u, 2*j + v] + b[c]))
`,
	"images": `const A = 6, B = 10
fn Twice(x: [N, A, B], b: [N]) -> (y: [N, 12, 20], down: [N, 12, B], right: [N, A, 20], thrice: [N, 18, 30], odd: [N, 11, 19]) {
  y[n, i, j] = tanh(x[n, floor(i / 2), floor(j / 2)]) * x[n, floor(i / 2), floor(j / 2)] + b[n]
  down[n, i, j] = sigmoid(x[n, floor(i / 2), j])
  right[n, i, j] = sigmoid(x[n, i, floor(j / 2)] - b[n])
  thrice[n, i, j] = exp(x[n, floor(i / 3), floor(j / 3)])
  odd[n, i, j] = exp(x[n, floor(i / 2), floor(j / 2)])
}
fn Rows(x: [N, 40], b: [N]) -> (y: [N, 80], z: [N, 60]) {
  y[n, j] = exp(x[n, floor(j / 2)]) / b[n]
  z[n, j] = if x[n, floor(j / 2)] > 0 then b[n] else tanh(x[n, floor(j / 3)])
}
loss Averaged(x: [N, 2, 12, 18], w: [2, 6, 9], b: [2]) = sum[n, c, i in 6, j in 9] w[c, i, j] * tanh(mean[u in 2, v in 2] tanh(x[n, c, 2*i + u, 2*j + v] + b[c]))
loss Largest(x: [N, 2, 9, 40], w: [2, 3, 20], b: [2]) = sum[n, c, i in 3, j in 20] w[c, i, j] * tanh(max[u in 3, v in 2] tanh(x[n, c, 3*i + u, 2*j + v] + b[c]))
loss Over(x: [N, 2, 8, 37], w: [2, 3, 18]) = sum[n, c, i in 3, j in 18] w[c, i, j] * (max[u in 3, v in 3] x[n, c, 2*i + u, 2*j + v])^2
loss Line(x: [N, 50], w: [25], v: [48]) = sum[n, i in 25] w[i] * tanh(sum[u in 2] exp(x[n, 2*i + u])) + sum[n, i in 48] v[i] * (max[u in 3] x[n, i + u])^2
`,
	"columns": `const K = 20
loss Near(x: [N, D], c: [K, D], e: [M, D]) = sum[n] (min[k] sum[i] (x[n, i] - c[k, i])^2) + sum[n] max[m] sum[i] (e[m, i] - x[n, i])^2
loss Kernel(x: [N, D], c: [M, D]) = sum[n, m] exp(-(sum[i] (x[n, i] - c[m, i])^2)) + sum[n, m] (sum[i] x[n, i] / (2 + c[m, i]))
fn Which(x: [N, D], c: [M, D]) -> (near: [N] in M, far: [N] in M) {
  near[n] = argmin[m] (sum[i] (x[n, i] - c[m, i])^2);  far[n] = argmax[m] (sum[i] (x[n, i] - c[m, i])^2)
}
`,
	"packed": `loss Gates(w: [3*H], x: [T, H], y: [T, H]) = sum[t, i] tanh(x[t, i] * w[0..H][i] + w[H..2*H][i]) * y[t, i] * w[2*H..3*H][i]
loss Flow[S](x: [L]) -> l {
  u[-1] = zeros[L]
  u[t in S] = u[t-1] + after(x, u[t-1]) / S
  l = sum(u[S-1]^2)
}
loss One(a: [2, 2, 2], x: [3]) -> l {
  s[i in 1, j in 1, k in 1] = a[i + 1, 2*j, k + 1];  t[i, j, k] = s[i, j, 0] * x[k];  u[i, j, k] = t[i, j, k] * x[k]
  l = mean(sigmoid(u)) + sum(tanh(a))
}
fn after(x: [L], y: [L]) -> z: [L] { z[i] = x[i] * y[i-1] ?? 1 }
`,
	"tiny": `model Net(x: [3]) -> (p: [2], near: real) {
  param W: [3, 2] ~ normal(0, 1);  param b: [1, 2] = 0
  h[k] = relu(sum[i] x[i] * W[i, k] + b[0, k])
  p = softmax(h);  near = max(h) + min(x)
}
loss Fit(m: Net, x: [4, 3], y: [4] in 2, w: [2]) = mean[n] (w[y[n]] * logsumexp(m(x[n]).p) - m(x[n]).near) + m(x[0]).p[1]
loss Bce(z: [4], y: [4]) = mean(softplus(z) - y * z) + sum[i in 4, j in i..4] z[i] * z[j]
fn Parts(a: [3, 2], k: int) -> (s: [3], big: bool, every: bool, c: [3], n: int, q: [2, 3]) {
  s[i] = prod[j] a[i, j] + (a[i - 1, 0] ?? 0.5) * (a[i + 1, 1] ?? 2)
  big = any[i] (a[i, 0] > 0.1);  every = all[i, j] (a[i, j] > -4)
  c[i] = if i == k then a[i, 0]^3 else s[i] / 2
  n = sum[i] (if a[i, 1] > 0 then i else k)
  q[j, i] = a[i, j] + (sum[u in 0..j] a[i, u])
}
fn Gathered(a: [3], at: [2] in 3) -> y: [2] { y[i] = tanh(a[at[i]]) * i }
fn Made(a: [3], at: [2] in 3) -> y: [2] { b[i] = sin(a[i]);  y[i] = b[at[i]] + max(b) }
`,
	"joint": `loss Together(x: [3], z: [N]) -> l {
  a[i] = sin(x[i]) * cos(x[i]) + (if x[i] > 0 then sigmoid(x[i]) * softplus(-x[i]) else sigmoid(-x[i]))
  b[i] = softplus(2 * x[i]) * sigmoid(-2 * x[i]) + softplus(-x[0]) * sigmoid(-x[0])
  c[n] = (if z[n] > 0 then softplus(z[n]) else 1) + sin(z[n]) + cos(z[n]) * sigmoid(z[n])
  d[n] = softplus(-z[n]) + c[n] * sigmoid(-z[n])
  l = sum(a) + prod(b) + sum(d)
}
`,
	"lengths": `loss Rows(x: [T, M]) -> l { l = sum(x) + sum[i in T] (1 + i) }
loss Shift(x: [M + 1, N]) -> l { l = sum(x) + sum[i in M] (1 + i) }
loss Bare(x: [N, M], k: [N], y: [M, 3]) -> l { l = sum(x) + sum(k) + sum[i in M] 1 + sum(y) }
`,
	"edges": `model E(x: [L]) -> y: [L] {
  param w: [3] ~ normal(0, 1)
  y[i] = sum[u] w[u] * (x[i + u - 1] ?? 0)
}
loss Smooth(m: E, x: [N, L], lo: int, p: [2*L + 1]) = mean(m(x)^2) + p[0] + sum[i in 2*L] (if i > lo then p[i + 1] / 3 else 0)
fn Tri(a: [L, L]) = sum[i in L, j in i..L] a[i, j] * a[j, i]
fn Count(a: [L, L]) -> (n: int, big: bool) { n = argmax[i] (sum[j] a[i, j]);  big = any[i] (a[i, i] > 0.1) }
`,
}

// TestSmall compares all methods of the small programs with the interpreter.
func TestSmall(t *testing.T) {
	dir := newModule(t)
	for _, name := range slices.Sorted(maps.Keys(small)) {
		if only := os.Getenv("NNC_ONLY"); only != "" && only != name {
			continue
		}
		m, methods := load(t, name+".nn", []byte(small[name]), "value", "grad", "jvp", "vjp", "hvp", "jacobian", "hessian", "hessdiag")
		addPackage(t, dir, name, m, methods)
	}
	if err := os.WriteFile(filepath.Join(dir, "lengths", "lengths_test.go"), []byte(lengthsTest), 0o644); err != nil {
		t.Fatal(err)
	}
	runModule(t, dir)
}

// lengthsTest gives arrays without elements, whose lengths do not tell all
// sizes: that is an error, never a size that is made up.
const lengthsTest = `package lengths

import "testing"

func TestLengths(t *testing.T) {
	rows, shift, bare := NewRows(RowsDims{T: 4, M: 4}), NewShift(ShiftDims{M: 4, N: 4}), NewBare(BareDims{N: 4, M: 4})
	for _, c := range []struct {
		call func() (float64, error)
		l    float64
		err  string
	}{
		{func() (float64, error) { return rows.Loss(RowsBatch{M: 3, X: make([]float64, 6)}) }, 3, ""},
		{func() (float64, error) { return rows.Loss(RowsBatch{M: 3}) }, 0, ""},
		{func() (float64, error) { return rows.Loss(RowsBatch{}) }, 0, "lengths: Rows.Loss: x is empty, [T,M] with M from RowsBatch.M does not tell T"},
		{func() (float64, error) { return shift.Loss(ShiftBatch{N: 2, X: make([]float64, 4)}) }, 1, ""},
		{func() (float64, error) { return shift.Loss(ShiftBatch{N: 2}) }, 0, "lengths: Shift.Loss: x has 2 values too few for [M+1,N] with N from ShiftBatch.N"},
		{func() (float64, error) { return shift.Loss(ShiftBatch{}) }, 0, "lengths: Shift.Loss: x is empty, [M+1,N] with N from ShiftBatch.N does not tell M"},
		{func() (float64, error) { return bare.Loss(BareBatch{Y: make([]float64, 6)}) }, 2, ""},
	} {
		l, err := c.call()
		if s := ""; err != nil {
			if s = err.Error(); s != c.err {
				t.Errorf("error %q, want %q", s, c.err)
			}
		} else if l != c.l || c.err != "" {
			t.Errorf("%v, want %v %s", l, c.l, c.err)
		}
	}
}
`
