package bench

import (
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/nnc-lang/nnc/bench/block"
	"github.com/nnc-lang/nnc/bench/chars"
	"github.com/nnc-lang/nnc/bench/lenet"
	"github.com/nnc-lang/nnc/bench/mlp"
	"github.com/nnc-lang/nnc/bench/tanh"
	"github.com/nnc-lang/nnc/bench/wide"
	"github.com/nnc-lang/nnc/bench/xor"
	rt "github.com/nnc-lang/nnc/runtime"
	"github.com/nnc-lang/nnc/runtime/optim"
)

// reals are n numbers between -1 and 1, always the same.
func reals[T rt.Float](n int) []T {
	x := make([]T, n)
	rt.Uniform(x, 1, "bench", -1, 1)
	return x
}

// labels are n integers below k.
func labels(n, k int) []int32 {
	x := make([]int32, n)
	for i := range x {
		x[i] = int32(i * 7919 % k)
	}
	return x
}

// peak is how many operations a second this processor does on one thread, in
// units of 1e9: a product of float32 that stays in the first-level cache.
var peak = sync.OnceValue(func() float64 {
	const m, n, k = 96, 64, 128
	x, y, z := reals[float32](m*k), reals[float32](k*n), make([]float32, m*n)
	least := time.Hour
	for range 200 {
		start := time.Now()
		for range 10 {
			rt.Gemm(m, n, k, x, k, 1, y, n, 1, z, n, 1, false)
		}
		least = min(least, time.Since(start))
	}
	return 10 * 2 * m * n * k / least.Seconds() / 1e9
})

// run times f, which does the given number of floating-point operations, and
// says what share of the processor's peak they reach; 0: they are not the bound.
func run[T rt.Float](b *testing.B, flops float64, f func() error) {
	b.Helper()
	if err := f(); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := f(); err != nil {
			b.Fatal(err)
		}
	}
	if flops > 0 {
		rate, limit := flops*float64(b.N)/b.Elapsed().Seconds()/1e9, peak()*4/float64(unsafe.Sizeof(T(0)))
		b.ReportMetric(rate, "GFLOP/s")
		b.ReportMetric(100*rate/limit, "%peak")
	}
}

// dense counts the operations of the products of a step: forward and weight
// gradient of every layer, and input gradient of all but the first.
func dense(n int, widths ...int) float64 {
	sum := 0
	for i := 1; i < len(widths); i++ {
		mn := 2 * n * widths[i-1] * widths[i]
		sum += 2 * mn
		if i > 1 {
			sum += mn
		}
	}
	return float64(sum)
}

func BenchmarkMatmul512(b *testing.B) {
	const n = 512
	x, y, z := reals[float32](n*n), reals[float32](n*n), make([]float32, n*n)
	run[float32](b, 2*n*n*n, func() error {
		rt.Gemm(n, n, n, x, n, 1, y, n, 1, z, n, 1, false)
		return nil
	})
}

func BenchmarkMLP(b *testing.B) {
	const n = 64
	net, grad := mlp.NewMLP(), mlp.NewMLP()
	net.Init(1)
	fit := mlp.NewFit(mlp.FitDims{N: n})
	data := mlp.FitBatch{X: reals[float32](n * 784), Y: labels(n, 10)}
	opt := optim.NewSGD[float32](mlp.MLPSize, 0.01)
	run[float32](b, dense(n, 784, 128, 10), func() error {
		_, err := fit.LossGrad(net, data, grad)
		opt.Step(net.Flat(), grad.Flat())
		return err
	})
}

func BenchmarkForwardOne(b *testing.B) {
	net := mlp.NewMLP()
	net.Init(1)
	eval := mlp.NewMLPEval(1)
	x, p := reals[float32](784), make([]float32, 10)
	run[float32](b, 2*128*(784+10), func() error { return eval.Forward(net, x, p) })
}

func BenchmarkWide(b *testing.B) {
	const n = 128
	net, grad := wide.NewMLP(), wide.NewMLP()
	net.Init(1)
	fit := wide.NewFit(wide.FitDims{N: n})
	data := wide.FitBatch{X: reals[float32](n * 784), Y: labels(n, 10)}
	opt := optim.NewSGD[float32](wide.MLPSize, 0.01)
	run[float32](b, dense(n, 784, 512, 512, 10), func() error {
		_, err := fit.LossGrad(net, data, grad)
		opt.Step(net.Flat(), grad.Flat())
		return err
	})
}

func BenchmarkTanh(b *testing.B) {
	const n = 32
	net, grad := tanh.NewNet(), tanh.NewNet()
	net.Init(1)
	fit := tanh.NewFit(tanh.FitDims{N: n})
	data := tanh.FitBatch{X: reals[float32](n * 64), Y: reals[float32](n * 64)}
	opt := optim.NewSGD[float32](tanh.NetSize, 0.01)
	run[float32](b, dense(n, 64, 64, 64, 64, 64), func() error {
		_, err := fit.LossGrad(net, data, grad)
		opt.Step(net.Flat(), grad.Flat())
		return err
	})
}

func BenchmarkXor(b *testing.B) {
	net, grad := xor.NewXor(), xor.NewXor()
	net.Init(1)
	fit := xor.NewFit()
	data := xor.FitBatch{X: []float32{0, 0, 0, 1, 1, 0, 1, 1}, Y: []float32{0, 1, 1, 0}}
	opt := optim.NewSGD[float32](xor.XorSize, 0.01)
	run[float32](b, 0, func() error {
		_, err := fit.LossGrad(net, data, grad)
		opt.Step(net.Flat(), grad.Flat())
		return err
	})
}

func BenchmarkLeNet(b *testing.B) {
	const n = 32
	net, grad := lenet.NewLeNet(), lenet.NewLeNet()
	net.Init(1)
	fit := lenet.NewFit(lenet.FitDims{N: n})
	data := lenet.FitBatch{X: reals[float32](n * 784), Y: labels(n, 10)}
	opt := optim.NewSGD[float32](lenet.LeNetSize, 0.01)
	conv := 2*2*n*6*25*784 + 3*2*n*16*150*100
	run[float32](b, float64(conv)+dense(n, 400, 120, 84, 10)+2*n*400*120, func() error {
		_, err := fit.LossGrad(net, data, grad)
		opt.Step(net.Flat(), grad.Flat())
		return err
	})
}

func BenchmarkChars(b *testing.B) {
	const n, t = 16, 64
	net, grad := chars.NewCharRNN(), chars.NewCharRNN()
	net.Init(1)
	fit := chars.NewFit(chars.FitDims{N: n, T: t})
	data := chars.FitBatch{T: t, Text: labels(n*t, 128), Next: labels(n*t, 128)}
	opt := optim.NewSGD[float32](chars.CharRNNSize, 0.01)
	run[float32](b, 3*2*n*t*(64*1024+256*1024+256*128), func() error {
		_, err := fit.LossGrad(net, data, grad)
		opt.Step(net.Flat(), grad.Flat())
		return err
	})
}

func BenchmarkBlock(b *testing.B) {
	const n, t, d = 8, 64, 64
	net, grad := block.NewBlock(), block.NewBlock()
	net.Init(1)
	fit := block.NewFit(block.FitDims{N: n, T: t})
	data := block.FitBatch{T: t, X: reals[float32](n * t * d), Y: reals[float32](n * t * d)}
	dx := make([]float32, n*t*d)
	opt := optim.NewSGD[float32](block.BlockSize, 0.01)
	run[float32](b, 3*2*n*t*(4*d*d+2*4*d*d+2*t*d), func() error {
		_, err := fit.GradMX(net, data, grad, dx)
		opt.Step(net.Flat(), grad.Flat())
		return err
	})
}
