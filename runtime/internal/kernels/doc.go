// Package kernels holds the assembly below the contractions and rows of package
// runtime, and the choice of the instruction set. In flow pointers into slices whose
// bounds the caller has checked; nothing is read or written outside the matrices
// described, edges included.
//
//	if k := kernels.Best(); k.Rows() > 0 {
//		acs, brs := 4, 4*n // bytes
//		k.Strip32(12, depth, a, depth, &acs, b, &brs, 0, c, n, n, false)
//	}
package kernels

//go:generate go run ../../../internal/simd/gen
