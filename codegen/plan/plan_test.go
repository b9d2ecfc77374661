package plan_test

import (
	"testing"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

const lossGrad = `program Fit
dim N call
input net.W1: real[784, 128] param
input net.b1: real[128] param
input net.W2: real[128, 10] param
input net.b2: real[10] param
input x: real[N, 784] data
input y: int[N] in 10 data
h[n, j] = max(sum[i in 784] x[n, i]*net.W1[i, j] + net.b1[j], 0)  n in N, j in 128  // mlp.nn:11
z[n, k] = sum[j in 128] h[n, j]*net.W2[j, k] + net.b2[k]  n in N, k in 10  // mlp.nn:12
loss = (sum[n in N] (logsumexp[k in 10](z[n, k]) - z[n, y[n]]))/N  // mlp.nn:16
dz[n, k] = (exp(z[n, k] - logsumexp[k' in 10](z[n, k'])) - (if k == y[n] then 1 else 0))/N  n in N, k in 10
dh[n, j] = sum[k in 10] dz[n, k]*net.W2[j, k]  n in N, j in 128
dW2[j, k] = sum[n in N] h[n, j]*dz[n, k]  j in 128, k in 10
db2[k] = sum[n in N] dz[n, k]  k in 10
da[n, j] = if h[n, j] > 0 then dh[n, j] else 0  n in N, j in 128
dW1[i, j] = sum[n in N] x[n, i]*da[n, j]  i in 784, j in 128
db1[j] = sum[n in N] da[n, j]  j in 128
output loss = loss
output grad.net.W1 = dW1
output grad.net.b1 = db1
output grad.net.W2 = dW2
output grad.net.b2 = db2
`

// steps is the plan: four contractions, two of them finished by the loop
// behind them, and one pass over the rows for loss, gradient and bias gradient.
const steps = `contract h_sum[n, j] = sum[i] x[n, i] * net.W1[i, j]
loop n in N
  loop j in 128
    h[n, j] = max(h_sum[n, j] + net.b1[j], 0)
contract z_sum[n, k] = sum[j] h[n, j] * net.W2[j, k]
clear db2
loop n in N
  loop k in 10
    z[n, k] = z_sum[n, k] + net.b2[k]
    loss_lse_max = max z[n, k]
  loop k in 10
    loss_lse_sum += exp(z[n, k] - loss_lse_max[n])
  loss_lse = if abs(loss_lse_max[n]) == inf then loss_lse_max[n] else loss_lse_max[n] + log(loss_lse_sum[n])
  loss_sum += loss_lse[n] - z[n, y[n]]
  loop k in 10
    dz[n, k] = (exp(z[n, k] - loss_lse[n]) - (if k == y[n] then 1 else 0))/N
    db2[k] += dz[n, k]
loss = loss_sum/N
contract dh[n, j] = sum[k] dz[n, k] * net.W2[j, k]
contract dW2[j, k] = sum[n] h[n, j] * dz[n, k]
clear db1
loop n in N
  loop j in 128
    da[n, j] = if h[n, j] > 0 then dh[n, j] else 0
    db1[j] += da[n, j]
contract dW1[i, j] = sum[n] x[n, i] * da[n, j]
h_sum is in h
h is 128*N at 0
z_sum is in z
z is 10*N at 128*N
dz is 10*N at 138*N
dh is 128*N at 148*N
da is 128*N at 276*N
`

func TestMLP(t *testing.T) {
	p, err := ir.Parse(lossGrad)
	if err != nil {
		t.Fatal(err)
	}
	outside := map[*ir.Array]bool{}
	for _, o := range p.Outputs {
		outside[o.Array] = o.Array.Rank() > 0
	}
	if got := plan.Make(p, outside).String(); got != steps {
		t.Errorf("the plan is\n%s", got)
	}
}

// Everything about columns of a matrix runs along its rows, and what is declared the
// other way round is stored as the matrix is.
const columns = `program Columns
dim N call
input x: real[N, 64] data
mu[c] = (sum[n in N] x[n, c])/N  c in 64
s2[c] = (sum[n in N] (x[n, c] - mu[c])^2)/N  c in 64
t[c, n] = (x[n, c] - mu[c])*s2[c]  c in 64, n in N
u[c] = sum[n in N] t[c, n]  c in 64
y[n, c] = x[n, c] + t[c, n] + u[c]  n in N, c in 64
output y = y
`

const columnSteps = `clear mu_sum
loop n in N
  loop c in 64
    mu_sum[c] += x[n, c]
loop c in 64
  mu[c] = mu_sum[c]/N
clear s2_sum
loop n in N
  loop c in 64
    s2_sum[c] += (x[n, c] - mu[c])*(x[n, c] - mu[c])
loop c in 64
  s2[c] = s2_sum[c]/N
clear u
loop n in N
  loop c in 64
    t[c, n] = (x[n, c] - mu[c])*s2[c]
    u[c] += t[c, n]
loop n in N
  loop c in 64
    y[n, c] = x[n, c] + t[c, n] + u[c]
mu_sum is 64 at 0
mu is 64 at 64
s2_sum is 64 at 0
s2 is 64 at 128
t is 64*N at 192
u is 64 at 0
`

func TestColumns(t *testing.T) {
	p, err := ir.Parse(columns)
	if err != nil {
		t.Fatal(err)
	}
	got := plan.Make(p, map[*ir.Array]bool{p.Outputs[0].Array: true}).String()
	if got != columnSteps {
		t.Errorf("the plan is\n%s", got)
	}
}
