package nnc

import (
	"encoding/json"
	"os/exec"
	"testing"
)

// found are the smallest forms of what TestRandom found wrong, each with what
// was wrong.
var found = []struct{ name, source, input string }{
	{"the planner never came back from a product under a sum over an index that is not in it",
		"loss F(x: [N], s: real) -> l { a[i in 3] = tanh(sum[j in N] (1 - i) * s);  l = sum[i] a[i] * cos(0.3 + i) }",
		`{"args": {"x": [1, 2], "s": 0.5}, "tangents": {"x": [1, 3], "s": 0.7}}`},
	{"rows on their way, for what is left of a row without its last two elements, had a length below 0",
		`loss F(x: [T], y: [M], s: real) -> l {
			a[-1, i in M] = s / (2 + sin(y[i + 2] ?? 0));  a[t in T, i in M] = (0.5 * a[t - 1, i] + s) * sigmoid(x[t])
			l = sum[t, i] a[t, i] * cos(0.3 + t + 2*i)
		}`,
		`{"args": {"x": [0.3], "y": [], "s": 0.4}, "tangents": {"x": [1], "y": [], "s": 0.8}}`},
	{"two differences, neither of which is anything, were added to an element of an array that has none",
		`loss F(x0: [N, M], x1: [1, M]) -> l {
			a[N] = 0;  a[i in N] = sin(a[i + 1] + (x1[0, argmin[j in M] (i)] ?? 0) / (2 + sin(x1[0, 0] ?? 0))) * 0.5
			l = sum[i] a[i] * cos(0.3 + i)
		}`,
		`{"args": {"x0": [[], []], "x1": [[]]}, "tangents": {"x0": [[], []], "x1": [[]]}}`},
	{"the checker never came back from the opposite of a condition with and",
		"loss F(x: [N], s: real) -> l { y[i in N] = if i < 2 and s > 0 then x[i] else x[i]^2;  l = sum(y) }",
		`{"args": {"x": [1, 2, 3], "s": 0.5}, "tangents": {"x": [1, 0, 2]}}`},
	{"a root was shared outside of the branch that keeps its read inside",
		"loss F(x: [N], w: [M]) -> l { a[i in 2, j in M] = sqrt(0.7 + (x[3*j + i] ?? 0)^2) * w[j];  l = sum(a) }",
		`{"args": {"x": [-1.1], "w": [0.7, 0.8, -1.2]}, "tangents": {"x": [0.5], "w": [1, 0, 1]}}`},
	{"a sum was taken out of the branch that keeps its reads inside",
		`loss F(x0: [N, M], x1: [M, M]) -> l {
			a[N, i in N] = tanh(x1[i - 2, floor(i / 2)] ?? 0)
			a[t in N, i in N] = sin(a[t + 1, i] + (x0[i, i] ?? 0)) * cos((x1[floor(t / 2), i - 2] ?? 1) * (x0[t, t + 2] ?? 0))
			l = sum(a)
		}`,
		`{"args": {"x0": [[-0.1, -0.3]], "x1": [[0.6, 1.3], [-1.2, -1]]}, "tangents": {"x0": [[-1.2, 1.4]], "x1": [[-0.1, -1.2], [-1.1, 0.6]]}}`},
	{"a tanh was taken out of the right side of an and whose left side keeps its read inside",
		`const K = 3
		fn f1(z) -> r = tanh(z) deriv z: 1 - r^2
		loss F(x: [K], s: real) -> l {
			a[i in K] = sigmoid(s * x[i])
			b[K] = 1
			b[i in K] = if f1(a[i]) > 0.2 then b[i + 1] else tanh(x[i] * s)
			l = sum(b)
		}`,
		`{"args": {"x": [-0.2, 0.2, -0.7], "s": -0.4}, "tangents": {"x": [0.7, -0.9, -0.8], "s": 0.2}}`},
	{"the least of integers was kept in a real",
		"loss F(x: [N, N]) -> l { l = (x[0, argmin[j in N] max[k in 2] (j + 1)] ?? 1)^2 }",
		`{"args": {"x": [[1, 2], [3, 4]]}, "tangents": {"x": [[1, 0], [2, 1]]}}`},
	{"minus the zero of an arm not taken was a variable that Go takes for an integer",
		"loss F(x: [N, 2], s: real) -> l { l = s^2 - ((x[2, 1] ?? -1.5)*(x[0, 1] ?? 0)) }",
		`{"args": {"x": [[1, 2], [3, 4]], "s": 0.5}, "tangents": {"x": [[1, 0], [2, 1]], "s": 1}}`},
	{"a variable of a loop was set in that part of it that does not read it",
		"loss F(x: [4]) -> l { y = tanh(x);  l = sum[i in 3] y[i] }",
		`{"args": {"x": [1, -2, 0.3, 0.4]}, "tangents": {"x": [1, 0, 2, 1]}}`},
	{"a row was computed at the one index for which its condition keeps a read inside",
		"loss F(x: [N], s: real) -> l { a[-1] = s;  a[i in N] = a[i - 1] * gelu(x[i]);  l = sum(a) }",
		`{"args": {"x": [0.4, -0.8, 1.2], "s": 0.7}, "tangents": {"x": [1, 0.5, -1.3], "s": 0.6}}`},
	{"rows without elements did not tell how many there are",
		"loss F(x: [T, M], s: real) -> l { l = sum[i in T] s^2 * (1 + i) }",
		`{"args": {"x": [[], []], "s": 0.5}, "tangents": {"x": [[], []], "s": 1}}`},
	{"no rows did not tell how long they are, as another argument does",
		"loss F(x: [N, M], y: [M, M], k: [N]) -> l { l = sum(y^2) + sum(x) + sum(k) }",
		`{"args": {"x": [], "y": [[1, 2], [3, 4]], "k": []}, "tangents": {"y": [[1, 0], [2, 1]]}}`},
	{"a static argument of a parameter, D, was not the size of the call, N", `
layer Two[H](x: [A]) -> y: [A] { param f: Dense[H];  param g: Dense[A];  y = x + g(tanh(f(x))) }
model Net(x: [D]) -> y: [D] { param d: Two[2*D] * 2;  param e: Dense[D + 1];  y = tanh(d(x)) + e(x)[1..D + 1] }
fn step(m: Net, x: [M, N]) -> n: Net = m - 0.1 * grad[m] sum(m(x))
loss F(m: Net, x: [M, N]) -> l { n = step(m, x);  l = sum(n(x)) + sum(m.e(x)) + sum(n.d[1](x)) }`,
		`{"args": {"x": [[0.5], [-0.3]], "m": {"e": {"W": [[0.3, 0.7]], "b": [0.1, -0.2]}, "d": [
		{"f": {"W": [[0.5, 0.7]], "b": [0.1, 0.2]}, "g": {"W": [[0.3], [0.2]], "b": [0.4]}},
		{"f": {"W": [[-0.5, 0.2]], "b": [0.3, 0.2]}, "g": {"W": [[0.6], [0.1]], "b": [-0.4]}}]}},
		"tangents": {"m": {"e": {"W": [[1, 2]]}, "d": [{"f": {"b": [1, 2]}}, {"g": {"b": [3]}}]}}}`},
	{"what a row of numbers needs had a name that the block around gave out again", `const K = 3
loss F(x0: [N, M], x1: [N, M]) -> l {
  a[i in N, j in M] = (x1[0, argmin[k in M] (((x0[1, j] ?? 0) * x1[0, k]))] ?? -1.5)
  b[-1] = 0;  b[i in K] = 0.5 * b[i - 1] + (a[0, argmin[k in M] ((x1[0, k] ?? 0))] ?? 0);  l = sum(b)
}`, `{"args": {"x0": [[1.4], [-1.2]], "x1": [[-0.3], [-0.8]]}, "tangents": {"x0": [[1], [2]], "x1": [[3], [4]]}}`},
	{"an array of truths was filled by a function for reals",
		"loss F(x: [T, 2]) -> l { a[i in 2] = (if all[j in T] (x[j, i] < 0) then x[0, i] ?? 0 else 0.5);  l = sum[i] relu(a)[i] * cos(0.3 + i) }",
		`{"args": {"x": [[1, -0.7], [-0.1, 0.2]]}, "tangents": {"x": [[1, 2], [3, 4]]}}`},
	{"a tangent was 0*Inf where nothing was picked",
		"loss F(x: [N, M]) -> l { r = relu(x);  s[n] = sum[m] r[n, m];  q[n] = 2 * s[n] + max[m] r[n, m];  l = sum(sqrt(q)) }",
		`{"args": {"x": [[-1, -2, -3], [1, -2, 3]]}, "tangents": {"x": [[1, 2, 3], [4, 5, 6]]}}`},
	{"a row was cut to a length below 0, of what a guard leaves of an axis",
		"loss F(x: [N, T], w: [M]) -> l { a[i in M, j in T] = (x[0, j + 2] ?? 0) * w[0];  l = sum[i in M, j in T] a[i, j] * cos(0.3 + i + 2*j) }",
		`{"args": {"x": [[-1.1], [1], [0.5]], "w": [-1.3, 0.4]}, "tangents": {"x": [[-0.4], [0.6], [1.2]], "w": [0.5, -1.1]}}`},
	{"a product was over a range below 0",
		"loss F(x: [N, T], w: [T, M]) -> l { a[i, k] = sum[j in T - 2] x[i, j + 2] * w[j, k];  l = sum[i, k] a[i, k] * cos(0.3 + i + 2*k) }",
		`{"args": {"x": [[-1.1], [1], [0.5]], "w": [[-1.3, 0.4]]}, "tangents": {"x": [[-0.4], [0.6], [1.2]], "w": [[0.5, -1.1]]}}`},
	{"an array for what a guard leaves of an axis had a size below 0",
		"fn g(x: [D]) -> y: [D] = grad[x] (logsumexp[j in D] (x[j - 2] ?? -1.5))\nloss F(x: [1, N]) -> l { a = g(x);  l = sum[i in N] a[0, i] * cos(0.3 + i) }",
		`{"args": {"x": [[0.2]]}, "tangents": {"x": [[1.1]]}}`},
	{"a recurrence without steps kept one step less than none",
		"loss F(x: [T, 20], s: [20]) -> l { h[-1, i in 20] = s[i];  h[t in T, i in 20] = tanh(h[t - 1, i] * x[t, i]);  l = sum[t in T, i in 20] h[t, i] * s[i] }",
		`{"args": {"x": [], "s": [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]}, "tangents": {"s": [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]}}`},
	{"a row was cut for a loop that may not run, in front of the loop around it",
		"fn g(x: [D]) -> y: [D] = grad[x] (logsumexp[j in D] x[j] * (x[j - 2] ?? -1.5))\nloss F(x: [K, N]) -> l { a = g(x);  l = sum[k in K, i in N] a[k, i] * cos(0.3 + k + 2*i) }",
		`{"args": {"x": [[0.2], [0.4]]}, "tangents": {"x": [[1.1], [-0.7]]}}`},
	{"the operand of a product was that of another, as far as that went: cos(2*j) for j in 2 and for j in M",
		"loss F(x: [M, M], y: [2, M]) -> l { a = x @ x;  b = y @ x;  l = (sum[i, j] a[i, j] * cos(0.3 + i + 2*j)) + (sum[i, j] b[i, j] * cos(0.3 + i + 2*j)) }",
		`{"args": {"x": [[0.2, 0.5, -0.3], [1.4, -0.4, 0.2], [0.1, 0.7, 0.3]], "y": [[0.3, 0.1, 0.6], [-0.7, 0.4, 1]]}, "tangents": {"x": [[1, 2, 3], [4, 5, 6], [7, 8, 9]], "y": [[1, 0, 2], [3, 1, -1]]}}`},
	{"the range of the one index that a sum has was asked before what keeps the read in it inside", `const K = 3
const M = 2
const N = 2
const T = 4
loss F(x0: [T, M], x1: [N, K], ids: [N] in K) -> l {
  a3[i1 in T, i2 in K] = sin((erf((x0[floor(i2 / 2), i2 + 1] ?? 0.5)) * max((x1[i2 % 2, i2] ?? 1), (1 - i2))))
  a5[N] = sigmoid((1.1 * (x1[2, 0] ?? 0.5)))
  a5[i4 in N] = sin(a5[i4 + 1] + ((a3[i4 - 2, i4 % 2] ?? 1) - (a3[argmin[j7 in T] ((a3[j7, ids[i4]] * (x1[i4, 3*j7 + j7 - 1] ?? 1))), i4 + 2] ?? 0))) * ((x0[i4 - 2, 0] ?? 1) * (x0[T - 1 - i4, i4 - 2] ?? -1.5))
  l = (sum[i0 in N] a5[i0] * cos(0.3 + 1*i0))
}`,
		`{"args": {"ids": [2, 1], "x0": [[0.3, 0.6], [-0.5, 0.1], [-1.3, -0.8], [-0.4, -0.6]], "x1": [[0.2, 0.6, -1.1], [-0.2, 1.0, 1.4]]}, "tangents": {"x0": [[1.3, 1.1], [0.5, 0.1], [-0.9, 0.1], [-1.4, 1.3]], "x1": [[0.2, -0.1, -0.7], [-0.9, 0.6, 1.4]]}}`},
	{"of what is added to in one column the others were not 0",
		`loss F(x: [2, 2]) -> l {
  a[i in 2] = (x[argmin[j in 2] (i), 0] ?? 0);  b[i in 2, -1] = 0;  c[i in 2, -1] = 0
  b[i in 2, j in 2] = tanh((b[i, j - 1] + c[i, j - 1]) * a[0])
  c[i in 2, j in 2] = (0.5 * ((c[i, j - 1] + b[i, j - 1]) - b[i, j])) * sigmoid(x[0, 0])
  l = (sum[i in 2, j in 2] c[i, j] * cos(0.3 + i + 2*j))
}`, `{"args": {"x": [[0.5, -1.0], [-0.7, -1.3]]}, "tangents": {"x": [[0.8, -1.2], [-1.4, -0.1]]}}`},
	{"a row cut for one copy of a loop was taken by the next, which is longer",
		"loss F(x: [2, 2]) -> l { a[i in 2, j in 2] = if j == 0 or i <= j then prod[k in i + 1] x[j, k] else x[i, i];  l = sum[i, j] a[i, j] * cos(0.3 + i + 2*j) }",
		`{"args": {"x": [[1, 2], [2, 3]]}, "tangents": {"x": [[1, 2], [3, 4]]}}`},
	{"an argmax was kept for the indices that the branch within it needs, and read at others",
		"loss F(x: [M, M], w: [M, M]) -> l { l = sum[i in 2] (w[argmax[j in M] (x[j, i - 1] ?? 0), i] ?? 0) * cos(0.3 + i) }",
		`{"args": {"x": [[1, 2], [2, 3]], "w": [[1, 2], [2, 3]]}, "tangents": {"x": [[1, 2], [3, 4]], "w": [[1, 0], [2, 1]]}}`},
	{"a number that only the range of a loop reads was gone when that began",
		"loss F(x: [2, 2], w: [2]) -> l { a = tanh(min[j in 2] prod[k in j + 1..2] x[k, 0]);  l = a + sum[i in 2] sin(prod[j in 2] erf(x[j, i] * w[i])) }",
		`{"args": {"x": [[0.28, 0.32], [0.17, 0.13]], "w": [-0.3, -0.6]}, "tangents": {"x": [[1.1, -0.7], [-0.4, 0.1]], "w": [0.1, -0.8]}}`},
	{"an array without elements had no memory to be cut from",
		"loss F(x: [M, 1]) -> l { a = min[j in 1] prod[k in j + 1..1] x[0, 0];  l = a * sum(x) }",
		`{"args": {"x": [[0.3]]}, "tangents": {"x": [[-1.4]]}}`},
	{"a size of a model, 0, was taken to be 1 or more",
		"model Net(x: [D]) -> y: [1] = x |> Dense[1]\nloss F(m: Net, x: [N]) -> l { b = m(x);  a[N] = b[0];  a[i in N] = if x[i] > 0.2 then a[i + 1] else 0;  l = sum(a) }",
		`{"args": {"m": {"Dense1": {"W": [], "b": [1]}}, "x": []}, "tangents": {"m": {"Dense1": {"b": [1]}}}}`},
	{"the last of a loop that was taken apart cleared what the others had summed", `const K = 2
fn v(x: [D]) -> y: [D] { y[D] = 0;  y[t] = 0.5 * y[t+1] + sin(t * y[t+1]) + (x[0] ?? 0.5) }
loss F(x: [M, M]) -> l {
  a = v(x);  b[i in M, j in K] = (prod[k in j..K] (a[M - 1 - i, j % 2] ?? 0.5));  c[i in K] = sigmoid((a[M - 1 - i, 0] ?? -1.5) - (if i != 1 then 0 else 0.5))
  l = (sum[i, j] b[i, j] * cos(0.3 + i + 2*j)) + (sum[i] c[i] * cos(0.3 + i))
}`, `{"args": {"x": [[1.1, 0.8, 0, 0.1], [-0.5, 0.7, -1.3, -0.3], [0.8, 0.9, 0.6, -1], [0.8, 0.7, 0.9, -1]]}, "tangents": {"x": [[-0.5, 0.2, 0.6, 1.3], [-0.4, -0.5, 0.4, 1.1], [-1.4, 0.2, 0.1, 1], [0.3, 0.6, -0.1, 0.5]]}}`},
	{"a number was divided by 0 as a constant of Go", `loss F(x: [N, N], s: real) -> l {
  a[i in 4] = sin(((if i <= 0 then (x[i - 1, 3*i + i - 2] ?? -1.5) else (i + 1)) / 0));  l = s * sum[i in 4] a[i] * cos(0.3 + i)
}`, `{"args": {"x": [[1.2]], "s": 0.5}, "tangents": {"x": [[0.6]], "s": 1}}`},
	{"the number 1 was called i for the rest of the method, where loops have an i too", `const N = 4
loss F(x0: [N, N], x1: [M, N]) -> l {
  a = flatten(x0);  b[N*N] = (a[1] ?? 0);  c[N*N] = (x1[0, 1] ?? -1.5)
  b[i in N*N] = b[i + 1] + c[i + 1]
  c[i in N*N] = tanh((c[i + 1] - b[i]) * (a[i + i - 1] ?? -1.5) + (logsumexp[j in N] a[i]))
  l = sum[i in N*N] c[i] * cos(0.3 + i)
}`, `{"args": {"x0": [[-0.2, -0.6, -0.8, -0.5], [0.2, -0.4, 0.3, 0.9], [0.6, 0.5, 1.2, -1.1], [1.4, 0.4, 0.6, -1.2]], "x1": [[-0.4, 0.7, -1.3, -0.9], [-1.1, -0.6, -0.6, -0.6], [-0.5, 1.3, 0.8, -0.5], [-1.2, -0.1, 1.1, -1.0]]}, "tangents": {"x0": [[0.9, 1.0, 0.7, 1.0], [1.0, 0.9, -1.1, 0.6], [-0.7, 1.1, 0.9, -0.8], [-1.4, 0.3, 1.1, -1.2]], "x1": [[-0.5, -1.0, 0.7, 1.1], [1.0, -1.2, 0.1, 0.3], [1.2, 0.1, 0.3, 0.5], [0.5, 0.4, 0.4, -1.0]]}}`},
	{"an array that lost an axis of size 0 kept its reads, and not what guarded them", `const N = 3
loss F(x: [N, M]) -> l {
  a[i in M] = exp(sin((x[i, i - 2] ?? 0)));  b[M, j in M] = a[j];  b[i in M, j in M] = if 0.5 > 0.2 then b[i + 1, j] else 0
  c[-1] = 0;  c[i in M] = sin(c[i - 1] + (b[i + 1, i] ?? -1.5)) * 0.5;  l = sum[i in M] c[i] * cos(0.3 + i)
}`, `{"args": {"x": [[], [], []]}, "tangents": {"x": [[], [], []]}}`},
	{"a read with a default made a program ask that a size is not 0",
		"loss F(x: [3, M], y: [4]) -> l { a[i in 3] = x[i, i - 2] ?? y[i];  l = sum[i] a[i]^2 }",
		`{"args": {"x": [[], [], []], "y": [1, 2, 3, 4]}, "tangents": {"x": [[], [], []], "y": [5, 6, 7, 8]}}`},
	{"an argmax over nothing was taken to lie within its range",
		"loss F(x: [M, 2], w: [2]) -> l { a = x[argmax[j in M] x[j, 0], argmin[j in 2] w[j]] ?? -1.5;  l = a * sum(w^2) }",
		`{"args": {"x": [], "w": [1, 2]}, "tangents": {"w": [3, 4]}}`},
	{"a derivative under a condition on an index that its argument does not depend on had no argument", `
fn f(z) = grad[z] tanh(z)
loss F(x: [N], s: real) -> l {
  a[-1, i in 2] = s;  a[t in 3, i in 2] = if i > 0 then a[t - 1, i] else tanh(f(x[t] ?? -1.5))
  b[i in 2] = if i > 0 then (sum[j in N] (if j < i then f(s) else f(x[j]))) else s;  l = sum(a) + sum(b)
}`, `{"args": {"x": [0.1, 0.2, -0.3], "s": 0.5}, "tangents": {"x": [1, 2, 3], "s": 1}}`},
	{"of what a step leaves to the next the axis of the loop within was not kept",
		`loss F(x: [3, 3], y: [3]) -> l {
  a[i in 2, 3] = 1;  a[i in 2, j in 3] = if x[j, j] > 0.2 then a[i, j + 1] else tanh(y[j] - x[j, j])
  b = a @ x;  l = sum[i in 2, j in 3] b[i, j] * cos(0.3 + i + 2*j)
}`, `{"args": {"x": [[-0.3, -1.2, -0.2], [-0.8, 0.9, 0.4], [1.1, 0.2, -0.5]], "y": [-0.4, 0.8, -0.8]}, "tangents": {"x": [[-0.7, 0.2, 1.2], [1.2, 1.3, 1.1], [-0.5, -1.3, -1.3]], "y": [0.8, -1, -0.2]}}`},
	{"a variable was set for an arm that no part of a loop takes",
		"loss F(x: [M]) -> l { a[i in M, j in 3] = if j % 2 == 0 or j != 2 then x[i] else logsumexp[k in M] 0;  l = sum[i in M, j in 3] a[i, j] * cos(0.3 + i + 2*j) }",
		`{"args": {"x": [1.4, -0.6, 0.7]}, "tangents": {"x": [0.9, 1.4, -1.2]}}`},
	{"a product was computed in place of an array that had fewer elements",
		"loss F(x: [N, N], y: [M]) -> l { a[i in N, j in N] = sqrt(0.7 + (x[j, j] * (y[i] ?? 1))^2);  l = sum[i in N, j in N] a[i, j] * cos(0.3 + i + 2*j) }",
		`{"args": {"x": [[1.1, -1, -0.4], [-1.4, -1.4, -0.3], [0.1, 0.8, -0.7]], "y": [0.1]}, "tangents": {"x": [[1.3, 0.6, 0.2], [-0.7, 1.3, -1.3], [0.3, 0.7, -1.4]], "y": [0.4]}}`},
	{"a condition was asked in front of a sum over nothing, where it reads outside",
		"loss F(x: [M, 3], y: [3, M]) -> l { a[i in 3, j in M] = prod[k in j + 1] min(x[k, i], (y[i, k - 2] ?? 1));  l = sum[i in 3, j in M] a[i, j] * cos(0.3 + i + 2*j) }",
		`{"args": {"x": [[0.2, -0.3, -1]], "y": [[0.5], [0.1], [0.7]]}, "tangents": {"x": [[-1.2, -0.1, -0.8]], "y": [[1], [2], [3]]}}`},
	{"a factor was read in front of the sum over nothing that it was a factor in",
		"loss F(x: [T], y: [N], s: real) -> l { a[i in N] = sum[j in 2] ((y[0] ?? 1) * (x[0] ?? 0));  l = s^2 + sum[i in N] a[i] * cos(0.3 + i) }",
		`{"args": {"x": [1.1, 2], "y": [], "s": 0.5}, "tangents": {"x": [0.4, -1], "y": [], "s": 1}}`},
	{"sin and cos of a whole number were asked of an int",
		`loss F(x: [4, 3]) -> l {
  a[i in 4, -1] = sin((x[i, 2 - i] ?? 1));  b[i in 4, -1] = 0
  a[i in 4, j in 1] = (if 0.5 > 0.2 then (a[3 - i, j - 1] + b[i, j - 1]) else tanh(0))
  b[i in 4, j in 1] = tanh((b[i, j - 1] - a[i, j]) * 0.5);  l = (sum[i in 4, j in 1] b[i, j] * cos(0.3 + i + 2*j))
}`, `{"args": {"x": [[0.6, -0.6, 0.2], [-1.1, -1.4, -1.4], [0.8, 1.1, -0.3], [-0.9, 1, 0.5]]}, "tangents": {"x": [[0.1, -1.4, 1.4], [-0.8, -0.5, -1.2], [0.7, 0.9, -1.1], [-0.4, 0.4, -1.4]]}}`},
	{"nothing was added to an element of an array that has none",
		"loss F(x: [T, M], w: [M]) -> l { a[i in M, j in M] = (x[0, argmax[k in M] (i)] ?? -1.5) * w[j];  l = sum(a) }",
		`{"args": {"x": [], "w": [1, 2]}, "tangents": {"x": [], "w": [1, 3]}}`},
	{"2 + 0 was 3 where another term stood in front",
		"loss F(x: [2], s: real) -> l { a[i in 2] = sin(s - (x[i + 2] ?? 2) + (x[i + 2] ?? 0));  l = sum[i in 2] a[i] * x[i] }",
		`{"args": {"x": [1.1, 2], "s": 0.5}, "tangents": {"x": [0.4, -1], "s": 1}}`},
	{"the least element of nothing stood for an element of an axis that has none",
		`loss F(x: [N], y: [M]) -> l {
			k[i in N] = argmin[j in M] (1 - i);  a[N] = 0.6
			a[i in N] = tanh(a[i + 1] * (y[k[i]] ?? 0.5) + x[i]);  l = sum[i] a[i] * cos(0.3 + i)
		}`,
		`{"args": {"x": [1, 2], "y": []}, "tangents": {"x": [1, 0.5], "y": []}}`},
	{"seeds were summed over an index whose condition keeps a read inside",
		`loss F(x: [M, 3], s: real) -> l {
			a[i in 3, j in M] = sigmoid(if j >= i then 1.4 else (x[j, j] ?? 0) / (1.5 + s^2));  l = sum[i, j] a[i, j] * cos(0.3 + i + 2*j)
		}`,
		`{"args": {"x": [[1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3]], "s": 0.6}, "tangents": {"x": [[1, 0, 2], [1, -1, 0], [0, 1, 1], [1, 0, 1]], "s": 0.7}}`},
	{"infinity was taken out of a sum in which it meets 0",
		`loss F(s: real) -> l { l = sum[i in 3] inf * (s * (i / 2)) * cos(0.3 + i) }`,
		`{"args": {"s": 1.3}, "tangents": {"s": -0.3}}`},
	{"a number that a row of no element needs was read all the same",
		`loss F(x: [M], s: real) -> l {
			a[-1, j in M] = tanh(s);  a[i in M, j in M] = 0.5 * a[i - 1, j] * sigmoid(x[i])
			l = sum[i, j] a[i, j] * cos(0.3 + i + 2*j)
		}`,
		`{"args": {"x": [], "s": -0.7}, "tangents": {"x": [], "s": 1.4}}`},
	{"infinity times 0 was taken apart, and its derivative was 0",
		`loss F(x: real) -> l { l = sin(x) * (inf * 0) }`,
		`{"args": {"x": 0.1}, "tangents": {"x": 1}}`},
	{"of two forms of one negated argument only the first got the result of a joint call",
		`const K = 3
		loss F(s: real) -> l { a[i in K] = sigmoid((1 - i) * s);  l = sum[i in K] a[i] * cos(0.3 + i) }`,
		`{"args": {"s": 0.6}, "tangents": {"s": -0.9}}`},
	{"a read that is never made stood at the constant position -1, which Go refuses",
		`const K = 2
		loss F(x: [N, M], y: [N]) -> l {
			a[-1, i in K] = y[i + 1] ?? -1.5;  b[-1, i in K] = x[0, 0] ?? 1
			a[t in N, i in K] = 0.5 * (a[t - 1, i] + b[t - 1, i])
			b[t in N, i in K] = tanh((b[t - 1, i] + a[t - 1, K - 1 - i]) * (x[t, 2*t + i - 1] ?? 0.5) + y[t])
			l = sum[t in N, i in K] b[t, i] * cos(0.3 + t + 2*i)
		}`,
		`{"args": {"x": [[0.2, 1.1], [1.1, 0.9], [-1.3, 0.8]], "y": [1, -0.6, 0.2]}, "tangents": {"x": [[0.7, -1.2], [0.3, 1.2], [-1, 0.1]], "y": [1, -0.4, 0.5]}}`},
	{"a sum of many lanes ended in a register that its instruction cannot name",
		`const K = 1
		loss F(x: [M], s: real) -> l {
			a[K, j in M] = s;  b[K, j in M] = (1.3 + s^2)^s
			a[i in K, j in M] = (if s > 0.2 then (a[i + 1, j] + b[i + 1, j]) else tanh(0))
			b[i in K, j in M] = sin((b[i + 1, j] - a[i, j]) + 0) * 0
			c[i in M, M] = 0;  d[i in M, M] = 0
			c[i in M, j in M] = tanh((c[i, j + 1] + d[i, j + 1]) * 0 + (a[0, 0] ?? 0))
			d[i in M, j in M] = sin((d[i, j + 1] - c[i, j]) + 0) * s
			e[i in K, j in M] = d[0, 0]
			l = sum[i in K, j in M] e[i, j] * cos(0.3 + i + 2*j)
		}`,
		`{"args": {"x": [1, 2, 3], "s": 0.6}, "tangents": {"x": [1, 1, 0], "s": -0.9}}`},
	{"a variable was set that no reader was left of",
		`const K = 1, M = 2
		loss F(x: [N, N]) -> l {
			a[i in M, j in K] = x[0, 0] ?? -1.5;  b[-1] = 0
			b[i in N] = tanh(b[i - 1] * (a[i + 1, i - 2] ?? 0) + 0);  l = sum[i in N] b[i] * cos(0.3 + i)
		}`,
		`{"args": {"x": [[0.6]]}, "tangents": {"x": [[-0.1]]}}`},
	{"1/0 was taken out of a sum of both signs",
		`loss F(s: real) -> l { a[i in 2, j in 3] = s / 0;  l = sum[i in 2, j in 3] a[i, j] * cos(0.3 + i + 2*j) }`,
		`{"args": {"s": -0.2}, "tangents": {"s": 0.6}}`},
	{"a row was cut behind the end of an array for a loop that does not run",
		`loss F(x: [M, M], y: [T]) -> l {
			a[M, j in T] = sin(if j == 0 then sqrt(1 + T) else (x[1, j] ?? 0))
			a[i in M, j in T] = (0.5 * a[i + 1, j] + x[i, i]) * sigmoid(x[i, i]);  l = sum[i, j] a[i, j] * cos(0.3 + i + 2*j)
		}`,
		`{"args": {"x": [[-1.3]], "y": [1, 2, 3, 4]}, "tangents": {"x": [[0.6]], "y": [0, 1, 0, 0]}}`},
	{"the sum of nothing was read where there is no axis for it",
		`const K = 3
		loss F(x: [M, K], y: [K]) -> l {
			a[-1, j in M] = sin(1.6);  b[-1, j in M] = sigmoid(y[K - 1 - j] ?? 0)
			a[i in M, j in M] = tanh((a[i - 1, j] + b[i - 1, j]) * (y[3*j] ?? -1.5) + (y[j + 2] ?? -1.5))
			b[i in M, j in M] = tanh((b[i - 1, j] - a[i, j]) * (y[floor(i / 2)] ?? 0) + y[0])
			l = sum[i in M, j in M] max(a[i, j], b[i, j]) * cos(0.3 + i + 2*j)
		}`,
		`{"args": {"x": [], "y": [0.7, 1, 0.7]}, "tangents": {"x": [], "y": [0.4, -1.3, -1.3]}}`},
	{"a row began below 0 for a loop that does not run",
		`const K = 2, N = 3
		loss F(x: [N, M], y: [K, K]) -> l {
			u = y @ y;  a[N] = sigmoid((u[0, argmax[j in K] (log(1.2 + (u[j, j])^2))] ?? 0) * (x[1, 0] ?? 0.5));  b[N] = ((y[2, 2] ?? 0.5) * (u[1, 1] ?? 0))
			a[t in N] = sin((a[t + 1] + b[t + 1]) + (1.3 + (y[floor(t / 2), floor(t / 2)] ?? 0)^2)^((y[t % 2, K - 1 - t] ?? -1.5))) * (sum[j in M] (min((y[j + 1, j + 2] ?? -1.5), (y[2, floor(t / 2)] ?? 1))))
			b[t in N] = tanh((b[t + 1] - a[t]) * (x[t, t + 2] ?? 0) + 1.5)
			v = log_softmax(a)
			l = (sum[i in N] b[i] * cos(0.3 + i)) + (sum[i in N] v[i] * cos(0.3 + i))
		}`,
		`{"args": {"x": [[-0.25, -0.25, -1.1, -0.4], [0.5, -0.3, -1.1, -1.2], [0.8, 1.3, -0.8, -0.9]], "y": [[0.14, 0.58], [-1.1, 0.32]]}, "tangents": {"x": [[1, 1, 1, 1], [1, 0, 1, 1], [1, 1, 1, 2]], "y": [[1, 1], [1, 0.5]]}}`},
	{"the smaller of what begins with a min was printed as the smallest of three",
		`const K = 2
		loss F(x: [M, M], y: [N]) -> l {
			a[i in K] = min((min((x[i - 2, 3*i - 2] ?? 1), (y[floor(i / 2)] ?? 1)) - tanh(x[i % 2, i] ?? 1)), atan(x[i, i - 1] ?? 1));  l = sum[i in K] a[i] * cos(0.3 + i)
		}`,
		`{"args": {"x": [[0.5]], "y": [0.3]}, "tangents": {"x": [[0.7]], "y": [1]}}`},
	{"integers between loops wrapped at 32 bits",
		`loss F(s: real) -> l {
			a[-1] = 0;  b[-1] = 0
			a[t in 12] = tanh((a[t - 1] + b[t - 1]) * (prod[j in 0..t + 1] (1 - t)) + s);  b[t in 12] = 0.5 * (b[t - 1] + a[t - 1])
			l = sum[t in 12] a[t] * cos(0.3 + t)
		}`,
		`{"args": {"s": 0.3}, "tangents": {"s": 1}}`},
	{"1/0 met an adjoint that is 0 because nothing was picked, where an array stands between",
		`const T = 3
		fn f(z) = sign(z) deriv z: if abs(z) <= 1 then 1 else 0
		loss F(s: real) -> l { u = s / 0;  a[T] = f(u);  a[i in T] = 0.5 * a[i + 1] * sigmoid(s);  l = sum(a) }`,
		`{"args": {"s": -0.2}, "tangents": {"s": 1}}`},
	{"the index of the least was counted from where the range begins, in a program that is written out",
		`loss F(s: real) -> l { a[i in 2] = min[j in i + 1..3] s * j;  l = sum[i in 2] a[i] * cos(0.3 + i) }`,
		`{"args": {"s": -0.6}, "tangents": {"s": 1}}`},
	{"a product of integers went beyond 64 bits before it became a real",
		`loss F(x: [N]) -> l { l = sum[i] x[i] * (prod[k in 25] (k + 1 + i)) + log(1.2 + (prod[j in 8] (sum[k in 8] (1 - k)))^2) }`,
		`{"args": {"x": [1, 2]}, "tangents": {"x": [1, 1]}}`},
	{"a product of integers too long to be written out",
		`fn f0(k: int) -> r: int = k*k + 1
fn f1(k: int) -> r: int = f0(k)*f0(k) + 1
fn f2(k: int) -> r: int = f1(k)*f1(k) + 1
fn f3(k: int) -> r: int = f2(k)*f2(k) + 1
fn f4(k: int) -> r: int = f3(k)*f3(k) + 1
fn f5(k: int) -> r: int = f4(k)*f4(k) + 1
loss F(x: [N]) -> l { l = sum[i] x[i] * f5(i) }`,
		`{"args": {"x": [1.5, -2]}, "tangents": {"x": [1, 1]}}`},
	{"strided convolutions with a border, those of a kernel for each channel, and what makes images larger",
		`loss F(a: [4], b: [3]) -> l {
			x[c in 4, i in 9, j in 8] = sin(a[c] + 0.7*i + 1.3*j);  K[c in 4, u in 3, v in 3] = cos(b[u] + c*a[v])
			y[c in 4, i in 5, j in 4] = sum[u in 3, v in 3] K[c, u, v] * x[c, 2*i + u - 1, 2*j + v - 1] ?? 0
			z[c in 4, i in 9, j in 8] = sum[u in 3, v in 3] K[c, u, v] * x[c, i + u - 1, j + v - 1] ?? 0
			L[o in 3, c in 4, u in 3, v in 3] = sin(b[o] + a[c]*u - v)
			w[o in 3, i in 5, j in 4] = sum[c in 4, u in 3, v in 3] L[o, c, u, v] * z[c, 2*i + u - 1, 2*j + v - 1] ?? 0
			M[c in 3, o in 4, u in 4, v in 4] = cos(b[c]*u + a[o]*v)
			t[o in 4, i in 10, j in 8] = sum[c in 3, u in 4, v in 4]
				(if (i + 1 - u) % 2 == 0 and (j + 1 - v) % 2 == 0 then M[c, o, u, v] * w[c, floor((i + 1 - u) / 2), floor((j + 1 - v) / 2)] ?? 0 else 0)
			l = sum(tanh(0.1*t)) + sum(y^2)
		}`,
		`{"args": {"a": [0.3, -0.8, 1.1, 0.5], "b": [0.2, -0.4, 0.9]}, "tangents": {"a": [1, -1, 0.5, 2], "b": [0.7, 0.1, -1]}}`},
	{"an image's gate, of which what it lets through is read in rows of the whole image",
		`loss F(x: [N, 3, 6, 3], w: [3]) -> l { y[n, c, i, j] = max(w[c] * x[n, c, i, j] + 0.1, 0);  z[n, c, i, j] = tanh(y[n, c, i, j] * (1 + x[n, c, i, 0]));  l = sum(z) + sum(y^3) }`,
		`{"args": {"x": [[[[-0.52, 0.09, -0.26], [0.21, 0.25, -0.87], [-0.97, 0.67, -0.48], [-0.53, 0.99, -0.06], [0.67, -0.05, 0.28], [-0.7, 0.27, 0.74]], [[0.05, 0.48, 0.34], [-0.87, 0.52, 0.18], [-0.4, -0.94, 0.73], [-0.05, 0.44, 0.76], [0.43, 0.84, -0.21], [0.6, -0.11, 0.87]], [[0.76, -0.81, -0.73], [-0.57, 0.93, -0.13], [0.25, -0.4, 0.01], [-0.23, -0.3, 0.17], [0.17, 0.81, 0.36], [0.86, 0.71, 0.98]]]], "w": [1, -2, 0.5]}, "tangents": {"x": [[[[0.34, -0.67, 0.72], [0.93, 0.81, 0.14], [0.43, -0.58, 0.66], [0.15, -0.43, -0.87], [0.71, 0.98, -0.82], [0.6, -0.18, -0.7]], [[-0.41, 0.54, 0.75], [-0.91, 0.23, -0.91], [0.44, -0.34, 0.76], [0.96, 0.01, 1.0], [-0.38, -0.85, 0.2], [-0.94, -0.61, -0.18]], [[0.22, -0.69, -0.92], [0.74, -0.37, 0.92], [0.79, -0.24, -0.08], [0.04, 0.29, 0.19], [0.12, 0.24, 0.88], [0.01, -0.14, 0.44]]]], "w": [1, 0.5, -1]}}`},
	{"sequences of several lengths: the gradient of a product within the condition on them is a product, too",
		`loss F(W: [3, 4], U: [4, 4], x: [N, 5, 3], len: [N] in 6) -> l {
			h[n in N, -1, k in 4] = 0
			h[n, t in 5, k] = if t < len[n] then tanh(sum[i] x[n, t, i] * W[i, k] + sum[j] h[n, t - 1, j] * U[j, k]) else h[n, t - 1, k]
			l = sum[n, k] h[n, 4, k]^2
		}`,
		`{"args": {"W": [[0.25, 0.48, 0.59, 0.88], [0.48, 0.84, -0.94, -0.07], [0.89, 0.3, 0.8, -0.77]], "U": [[-0.06, -0.51, 0.09, 0.15], [-0.97, -0.57, -0.44, 0.83], [0.53, -0.68, 0.59, -0.72], [0.23, -0.75, -1.0, 0.74]], "x": [[[-0.58, -0.57, 0.96], [0.74, -0.42, 0.92], [0.08, 0.36, -0.59], [0.88, 0.38, 0.93], [0.79, -0.4, -0.28]], [[-0.67, -0.71, -0.87], [-0.4, 0.21, -0.99], [0.36, -0.32, -0.38], [0.64, -0.04, -0.37], [-0.04, 0.41, -0.89]], [[0.95, -0.95, 0.5], [0.69, -0.96, 0.58], [-0.27, 0.16, -0.98], [-0.91, -0.64, 0.91], [-0.61, 0.51, 0.86]]], "len": [5, 0, 3]}, "tangents": {"W": [[0.88, -0.31, -0.29, 0.05], [0.55, -0.78, 0.5, 0.59], [0.72, -0.93, 0.89, -0.82]], "U": [[-0.32, 0.22, 0.84, -0.32], [0.85, 0.09, -0.38, -0.37], [-0.65, -0.84, -0.7, 0.38], [0.99, -0.68, -0.9, 0.97]], "x": [[[0.07, -0.19, -0.53], [0.19, 0.65, -0.09], [-0.16, -0.89, 0.83], [-0.93, -0.01, 0.68], [-0.74, 0.46, 0.9]], [[0.26, 0.58, -0.79], [-0.13, -0.7, 0.69], [-0.41, -0.09, 1.0], [0.7, 0.95, -0.09], [-0.02, 0.46, -0.04]], [[-0.42, -0.19, -0.71], [-0.25, 0.98, 0.92], [0.25, -0.0, -0.32], [-0.82, -0.46, 0.56], [0.73, -0.28, 0.57]]]}}`},
	{"the largest of no integers, as a real",
		`loss F(x: [M], s: real) -> l { a[i in 2] = (max[j in M] (prod[k in 0..j + 1] (i + 1))) * s;  l = sum[i] a[i] * cos(0.3 + i) + (1 + min[j in M] (j * j)) * s }`,
		`{"args": {"x": [], "s": 0.5}, "tangents": {"x": [], "s": 1}}`},
	{"a function of an array that is read at an index less one only where it has a condition of its own",
		`loss F(x: [N]) -> l { a[i in 2, j in 2] = if i <= j then x[i - 2] ?? 0 else atan(x[j - 1] ?? 1);  l = sum[i, j] a[i, j] * cos(0.3 + i + 2*j) }`,
		`{"args": {"x": [0.2, 0.4, 1.4]}, "tangents": {"x": [0.7, 0.1, 0.4]}}`},
	{"a column of no rows",
		`loss F(x: [N, 2], s: real) -> l { a[i in N] = sin(x[i, 1] * s + x[i, 0]);  l = sum[i] a[i] }`,
		`{"args": {"x": [], "s": 0.5}, "tangents": {"x": [], "s": 1}}`},
	{"a function of an element that only the index of a sum says is there",
		`const K = 2
loss F(x: [N, K]) -> l { a[i in N, j in K] = sigmoid(tanh(x[0, j] ?? 0.5)) * (x[N - 1, j] ?? 1);  l = sum[i in N, j in K] a[i, j] * cos(0.3 + i + 2*j) }`,
		`{"args": {"x": []}, "tangents": {"x": []}}`},
}

// TestFoundTogether is TestFound as TestRandom does it: the gradient and the
// Hessian product are those of one method.
func TestFoundTogether(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil || testing.Short() {
		t.Skip("no go command, or no time")
	}
	var trials []*trial
	for k, f := range found {
		trials = append(trials, &trial{seed: uint64(k), source: "dtype f64\n" + f.source, input: []byte(f.input)})
	}
	for _, c := range trials {
		c.interpret()
	}
	emitted(trials)
	for k, c := range trials {
		if c.rejected != nil || c.wrong != "" {
			t.Errorf("%s: %v %s", found[k].name, c.rejected, c.wrong)
		}
	}
}

// TestFound tries the programs of found by every engine.
func TestFound(t *testing.T) {
	var cases []Case
	for _, f := range found {
		for _, what := range []string{".grad", ".jvp", ".hvp"} {
			cases = append(cases, Case{File: "t.nn", Source: []byte("dtype f64\n" + f.source), Entry: "F" + what, Input: []byte(f.input)})
		}
	}
	var built []Answer
	if _, err := exec.LookPath("go"); err == nil && !testing.Short() {
		built = EvalGoAll(cases)
	}
	for i, c := range cases {
		answer := func(who string, text []byte, err error) (v any) {
			if err != nil {
				t.Errorf("%s: %s: %s: %v", found[i/3].name, c.Entry, who, err)
			} else if err := json.Unmarshal(text, &v); err != nil {
				t.Fatal(err)
			}
			return v
		}
		plain := c
		plain.Plain = true
		text, err := Eval(plain)
		want := answer("no passes", text, err)
		text, err = Eval(c)
		if d := differ(answer("all passes", text, err), want, 1e-12, ""); d != "" {
			t.Errorf("%s: %s: all passes: %s", found[i/3].name, c.Entry, d)
		}
		if built == nil {
			continue
		}
		if d := differ(answer("emitted Go", built[i].JSON, built[i].Err), want, 1e-12, ""); d != "" {
			t.Errorf("%s: %s: emitted Go: %s", found[i/3].name, c.Entry, d)
		}
	}
}
