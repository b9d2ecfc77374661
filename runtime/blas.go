package runtime

// A BLAS multiplies matrices as the reference BLAS does: C = op(A) op(B), or
// with acc added to C; op transposes where asked, and all rows are contiguous,
// ld elements apart.
type BLAS[T Float] func(ta, tb bool, m, n, k int, a []T, lda int, b []T, ldb int, acc bool, c []T, ldc int)

// The libraries that products go to in place of the kernels of this package.
var (
	blas32 BLAS[float32]
	blas64 BLAS[float64]
)

// UseBLAS has large products of contiguous matrices computed by another
// library; nil: by this package again, which is the default. What is not a plain
// product, a convolution say, stays here. It is not to be called while something
// is computed. Package runtime/blas does it for what is plugged into gonum.
func UseBLAS(single BLAS[float32], double BLAS[float64]) { blas32, blas64 = single, double }

// smallest is the number of multiplications that are worth a foreign call.
const smallest = 1 << 15

// foreign computes a product by the library in use and reports true, if there
// is one and the matrices are such as it takes.
func foreign[T Float](m, n, k int, a []T, ars, acs int, b []T, brs, bcs int, c []T, crs, ccs int, acc bool) bool {
	var f BLAS[T]
	switch p := any(&f).(type) {
	case *BLAS[float32]:
		*p = blas32
	case *BLAS[float64]:
		*p = blas64
	}
	if f == nil || m*n*k < smallest || ccs != 1 || crs < n {
		return false
	}
	lda, ta, ok := rowsOfBLAS(m, k, ars, acs)
	ldb, tb, too := rowsOfBLAS(k, n, brs, bcs)
	if !ok || !too {
		return false
	}
	f(ta, tb, m, n, k, a, lda, b, ldb, acc, c, crs)
	return true
}

// rowsOfBLAS says how a matrix of these strides is given to a BLAS: how far apart
// its contiguous rows are, and whether they are its columns.
func rowsOfBLAS(rows, cols, rs, cs int) (ld int, transposed, ok bool) {
	if cs == 1 && rs >= cols {
		return rs, false, true
	}
	return cs, true, rs == 1 && cs >= rows
}
