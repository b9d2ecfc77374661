package codegen_test

import (
	"testing"

	"github.com/nnc-lang/nnc/ir"
)

const mlpHead = `program Fit
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
`

const mlpGrad = mlpHead + `dz[n, k] = (exp(z[n, k] - logsumexp[k' in 10](z[n, k'])) - (if k == y[n] then 1 else 0))/N  n in N, k in 10
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

func mlp() source {
	b := ir.NewBuilder()
	zero := &ir.Init{Args: []float64{0}, Text: "= 0"}
	return source{
		name: "Fit", kind: ir.LossEntry,
		consts: []ir.Const{{Name: "D", IsInt: true, Int: 784}, {Name: "λ", Real: 1e-4}},
		bundles: []*ir.Bundle{{Name: "MLP", GoName: "MLP", Model: true, Doc: "MLP classifies 28x28 digits.", Fields: []ir.Field{
			field(b, "W1", &ir.Init{Dist: "normal", Args: []float64{0, 0.0505}, Text: "~ he"}, 784, 128),
			field(b, "b1", zero, 128),
			field(b, "W2", &ir.Init{Dist: "uniform", Args: []float64{-0.2, 0.2}, Text: "~ glorot"}, 128, 10),
			field(b, "b2", zero, 10)}}},
		programs: map[string]string{"value": mlpHead + "output loss = loss\n", "grad": mlpGrad},
	}
}

func TestMLP(t *testing.T) {
	out := mlp().emit(t)
	run(t, out, `import ("math"; "math/rand"; "testing")
func data(n int) FitBatch {
	r := rand.New(rand.NewSource(1))
	b := FitBatch{make([]float32, 784*n), make([]int32, n)}
	for i := range b.X { b.X[i] = r.Float32() }
	for i := range b.Y { b.Y[i] = int32(r.Intn(10)) }
	return b
}
func TestGradient(t *testing.T) {
	f, net, d, b := NewFit(FitDims{N: 7}), NewMLP(), NewMLP(), data(7)
	net.Init(3)
	l0, err := f.LossGrad(net, b, d)
	if err != nil { t.Fatal(err) }
	if l, _ := f.Loss(net, b); l != l0 || !(l > 0) { t.Errorf("Loss %v, LossGrad %v", l, l0) }
	for _, k := range []int{100, 40000, 784*128+3, 784*128+128+77, MLPSize-1, MLPSize-7} {
		old := net.Flat()[k]
		const h = 1e-2
		net.Flat()[k] = old + h
		p, _ := f.Loss(net, b)
		net.Flat()[k] = old - h
		q, _ := f.Loss(net, b)
		net.Flat()[k] = old
		want, got := float64(p-q)/(2*h), float64(d.Flat()[k])
		if math.Abs(want-got) > 2e-3*(1+math.Abs(want)) { t.Errorf("gradient %d is %v, differences say %v", k, got, want) }
	}
	for range 50 {
		f.LossGrad(net, b, d)
		for i, g := range d.Flat() { net.Flat()[i] -= 0.05*g }
	}
	if l, _ := f.Loss(net, b); l > l0/2 { t.Errorf("after 50 steps the loss is %v, was %v", l, l0) }
	if n := testing.AllocsPerRun(10, func() { f.LossGrad(net, b, d) }); n != 0 { t.Errorf("%v allocations a step", n) }
}
func TestErrors(t *testing.T) {
	f, net, d, b := NewFit(FitDims{N: 7}), NewMLP(), NewMLP(), data(7)
	check := func(want string, err error) { t.Helper(); if err == nil || err.Error() != want { t.Errorf("error %q, want %q", err, want) } }
	_, err := f.LossGrad(nil, b, d); check("p: Fit.LossGrad: net is not a MLP made by NewMLP", err)
	_, err = f.LossGrad(net, b, net); check("p: Fit.LossGrad: dnet is net itself", err)
	_, err = f.LossGrad(net, FitBatch{b.X[1:], b.Y}, d); check("p: Fit.LossGrad: x has 5487 values, [N,784] with N = 7 (from y) needs 5488", err)
	_, err = f.Loss(net, data(8)); check("p: Fit.Loss: N = 8, the workspace was made for at most 7", err)
	b.Y[3] = 10
	_, err = f.Loss(net, b); check("p: Fit.Loss: y[3] = 10 is not in 0..9", err)
}
func BenchmarkStep(b *testing.B) {
	f, net, d, x := NewFit(FitDims{N: 64}), NewMLP(), NewMLP(), data(64)
	net.Init(3)
	for b.Loop() { f.LossGrad(net, x, d) }
}
`)
}
