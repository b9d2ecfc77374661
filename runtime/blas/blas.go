// Package blas has the products of compiled networks computed by the BLAS that
// is plugged into gonum. With OpenBLAS or MKL behind gonum's netlib, say:
//
//	import (
//		"gonum.org/v1/gonum/blas/blas32"
//		"gonum.org/v1/netlib/blas/netlib"
//
//		"github.com/nnc-lang/nnc/runtime/blas"
//	)
//
//	func init() {
//		blas32.Use(netlib.Implementation{})
//		blas.Use()
//	}
//
// It serves processors for which nnc has no kernels; where it has them, measure
// first: they are at least as fast as OpenBLAS on those tried. A BLAS may drop a
// NaN or an infinity that is multiplied by 0, as gonum's own does; nnc's products
// never do. Convolutions, products of a few elements and what is no plain product
// stay with nnc.
package blas

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/blas64"

	rt "github.com/nnc-lang/nnc/runtime"
)

// Use has products computed by what blas32.Use and blas64.Use were given, now or
// later. It must not be called while something is computed.
func Use() { rt.UseBLAS(single, double) }

// Off undoes Use.
func Off() { rt.UseBLAS(nil, nil) }

func single(ta, tb bool, m, n, k int, a []float32, lda int, b []float32, ldb int, acc bool, c []float32, ldc int) {
	blas32.Implementation().Sgemm(transpose(ta), transpose(tb), m, n, k, 1, a, lda, b, ldb, beta[float32](acc), c, ldc)
}

func double(ta, tb bool, m, n, k int, a []float64, lda int, b []float64, ldb int, acc bool, c []float64, ldc int) {
	blas64.Implementation().Dgemm(transpose(ta), transpose(tb), m, n, k, 1, a, lda, b, ldb, beta[float64](acc), c, ldc)
}

func transpose(t bool) blas.Transpose {
	if t {
		return blas.Trans
	}
	return blas.NoTrans
}

func beta[T rt.Float](acc bool) T {
	if acc {
		return 1
	}
	return 0
}
