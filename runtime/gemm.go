package runtime

import "github.com/nnc-lang/nnc/runtime/internal/kernels"

// Gemm is the matrix product with any strides:
//
//	C[i,j] (+)= sum[p] A[i,p]*B[p,j]     i in m, j in n, p in k
//
// where A[i,p] is a[i*ars+p*acs] and so on: a transpose is two strides
// exchanged. Strides are not negative; 0 repeats an input. With acc the product
// is added to C, else C is overwritten, by zeros if k is 0. Every product is
// formed, so a NaN or an infinity in A or B always reaches C, whatever it is
// multiplied by (a library given to UseBLAS may drop it). C must not overlap A or B, nor itself. The order of summation
// depends on the sizes and strides only; with kernels, each row's does not depend
// on m as long as that is above 24, so that rows can be computed in chunks.
//
// A slice too short for its strides is a bug of the caller and panics.
func Gemm[T Float](m, n, k int, a []T, ars, acs int, b []T, brs, bcs int, c []T, crs, ccs int, acc bool) {
	if m <= 0 || n <= 0 {
		return
	}
	checkMatrix("C", len(c), m, n, crs, ccs)
	if k <= 0 {
		if !acc {
			zero(m, n, c, crs, ccs)
		}
		return
	}
	checkMatrix("A", len(a), m, k, ars, acs)
	checkMatrix("B", len(b), k, n, brs, bcs)
	if foreign(m, n, k, a, ars, acs, b, brs, bcs, c, crs, ccs, acc) {
		return
	}
	if level == kernels.None {
		gemmPortable(m, n, k, a, ars, acs, b, brs, bcs, c, crs, ccs, acc)
		return
	}
	gemmKernels(m, n, k, a, ars, acs, b, brs, bcs, c, crs, ccs, acc)
}

// level is the instruction set of the kernels. Only tests change it.
var level = kernels.Best()

func checkMatrix(name string, have, rows, cols, rs, cs int) {
	if rs < 0 || cs < 0 {
		panic("rt: Gemm: negative stride of " + name)
	}
	if (rows-1)*rs+(cols-1)*cs >= have {
		panic("rt: Gemm: slice of " + name + " is too short for its strides")
	}
}

// zero sets the m by n matrix at c to 0.
func zero[T Float](m, n int, c []T, rs, cs int) {
	if cs != 1 && rs == 1 {
		m, n, rs, cs = n, m, cs, rs
	}
	for i := range m {
		if cs == 1 {
			clear(c[i*rs : i*rs+n])
			continue
		}
		for j := range n {
			c[i*rs+j*cs] = 0
		}
	}
}
