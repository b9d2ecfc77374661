// Package codegen prints programs as Go.
//
// In flow a checked module and the programs of its entry points; out flows one
// gofmt'ed file that imports only the runtime. Package plan has decided what
// the steps are; this package gives everything a name and writes it down. The
// loop of a bias and a relu, after its contraction, becomes
//
//	// h[n, j] = max(sum[i in 784] x[n, i]*net.W1[i, j] + net.b1[j], 0)  n in N, j in 128
//	// mlp.nn:11
//	rt.Gemm(N, 128, 784, b.X, 784, 1, net.W1, 128, 1, h, 128, 1, false)
//	b1 := net.B1[:128]
//	for n := range N {
//		hn := h[128*n:][:128]
//		rt.AddRelus(hn, hn, b1)
//	}
//
// What is computed element by element of long rows is calls on rows, which the
// runtime computes on vectors, and with [Options.SIMD] a kernel in assembly, all
// of the loop as one function, or all loops of a row for all rows; what has no such
// form is a loop over the row.
//
// Rows are cut to the length of the loop over them, so that the Go compiler
// needs no bounds checks inside. Real arithmetic is in the element type, sums
// included. A method allocates nothing: arrays are cut from the memory of its
// workspace, which is made once for the largest dims.
//
// [Calls] tells how the emitted methods are called, for programs that write
// such calls.
//
// On arm64 and others the Go compiler may fuse x*y + z into one rounding, so
// results agree between processors to rounding only.
//
// A loop is printed as several where guards compare its index with constants,
// as one step where it acts in one iteration only, as a copy or a clear where
// it does no more.
//
// An outermost loop whose iterations are apart, and cost something, is a method
// that rt.Share calls for parts of it on several processors; a loop along one row is
// printed twice, as it is for short rows and so for long ones.
package codegen
