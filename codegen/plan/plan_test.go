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

func TestMLP(t *testing.T) {
	p, err := ir.Parse(lossGrad)
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + plan.Make(p, nil).String())
}
