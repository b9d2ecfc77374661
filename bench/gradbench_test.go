package bench

import (
	"testing"

	"github.com/nnc-lang/nnc/bench/gmm"
	"github.com/nnc-lang/nnc/bench/kmeans"
	"github.com/nnc-lang/nnc/bench/llsq"
	"github.com/nnc-lang/nnc/bench/lse"
	"github.com/nnc-lang/nnc/bench/lstm"
	"github.com/nnc-lang/nnc/bench/ode"
)

// The rows of GradBench: value and gradient in float64.

func BenchmarkGMM(b *testing.B) {
	const k, d, n = 25, 64, 1000
	f := gmm.NewGMM(gmm.GMMDims{K: k, D: d, N: n})
	data := gmm.GMMBatch{Alpha: reals[float64](k), Mu: reals[float64](k * d), Q: reals[float64](k * d),
		L: reals[float64](k * d * (d - 1) / 2), X: reals[float64](n * d), Gamma: 1, M: 0}
	dalpha, dmu, dq, dl := make([]float64, k), make([]float64, k*d), make([]float64, k*d), make([]float64, k*d*(d-1)/2)
	run[float64](b, 3*n*k*d*d, func() error {
		_, err := f.LossGrad(data, dalpha, dmu, dq, dl)
		return err
	})
}

func BenchmarkKMeans(b *testing.B) {
	const k, n, d = 100, 10000, 8
	value, dir := kmeans.NewKMeans(kmeans.KMeansDims{N: n, D: d, K: k}), kmeans.NewKMeansDir(kmeans.KMeansDirDims{N: n, D: d, K: k})
	points, centroids, out := reals[float64](n*d), reals[float64](k*d), make([]float64, k*d)
	run[float64](b, 0, func() error {
		if _, err := value.Loss(kmeans.KMeansBatch{K: k, Points: points, Centroids: centroids}); err != nil {
			return err
		}
		return dir.Value(kmeans.KMeansDirBatch{K: k, Points: points, Centroids: centroids}, out)
	})
}

func BenchmarkLSE(b *testing.B) {
	const n = 40000
	f := lse.NewLSE(lse.LSEDims{N: n})
	data, dx := lse.LSEBatch{X: reals[float64](n)}, make([]float64, n)
	run[float64](b, 0, func() error {
		_, err := f.LossGrad(data, dx)
		return err
	})
}

func BenchmarkLLSQ(b *testing.B) {
	const n, m = 4096, 128
	f := llsq.NewLLSQ(llsq.LLSQDims{N: n, M: m})
	data, dx := llsq.LLSQBatch{N: n, X: reals[float64](m)}, make([]float64, m)
	run[float64](b, 0, func() error {
		_, err := f.LossGrad(data, dx)
		return err
	})
}

func BenchmarkLSTM(b *testing.B) {
	const t, h = 1024, 14
	f := lstm.NewLSTM2(lstm.LSTM2Dims{B: h, T: t})
	data := lstm.LSTM2Batch{Main: reals[float64](16 * h), Extra: reals[float64](3 * h), Memory: reals[float64](4 * h), Sequence: reals[float64](t * h)}
	dmain, dextra := make([]float64, 16*h), make([]float64, 3*h)
	run[float64](b, 0, func() error {
		_, err := f.LossGrad(data, dmain, dextra)
		return err
	})
}

func BenchmarkODE(b *testing.B) {
	const n, s = 1000, 100
	f := ode.NewODELast(ode.ODELastDims{N: n, S: s})
	data, dx := ode.ODELastBatch{S: s, X: reals[float64](n)}, make([]float64, n)
	b.Run("value", func(b *testing.B) {
		run[float64](b, 0, func() error {
			_, err := f.Loss(data)
			return err
		})
	})
	b.Run("gradient", func(b *testing.B) {
		run[float64](b, 0, func() error {
			_, err := f.LossGrad(data, dx)
			return err
		})
	})
}
