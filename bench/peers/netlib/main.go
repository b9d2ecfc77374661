// Command netlib times the product of two 512 x 512 matrices, float32, in
// OpenBLAS through gonum's netlib, and in gonum's own BLAS, on one thread.
//
//	GOWORK=off CGO_LDFLAGS=-lopenblas OPENBLAS_NUM_THREADS=1 go run .
package main

import (
	"runtime"

	"github.com/nnc-lang/nnc/bench/peers/clock"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
	"gonum.org/v1/netlib/blas/netlib"
)

func main() {
	runtime.GOMAXPROCS(1)
	const n = 512
	a, b, c := make([]float32, n*n), make([]float32, n*n), make([]float32, n*n)
	for i := range a {
		a[i], b[i] = float32(i%7)-3, float32(i%5)-2
	}
	clock.Measure("Matmul512", func() {
		netlib.Implementation{}.Sgemm(blas.NoTrans, blas.NoTrans, n, n, n, 1, a, n, b, n, 0, c, n)
	})
	clock.Measure("Matmul512/gonum", func() {
		gonum.Implementation{}.Sgemm(blas.NoTrans, blas.NoTrans, n, n, n, 1, a, n, b, n, 0, c, n)
	})
}
