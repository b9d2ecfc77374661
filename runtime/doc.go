// Package runtime is what emitted code links against: contractions, scalar
// functions, random numbers, parameters and checkpoints, and the errors of
// binding. Emitted code imports it as
//
//	import rt "github.com/nnc-lang/nnc/runtime"
//
// In flow row-major slices of float32 or float64 with explicit strides; out
// flow results written to slices of the caller. Nothing here keeps a slice it
// is given, and what is called in a training step (Gemm, Contract, Check…, the
// scalar functions, the draws) allocates nothing.
//
// Large products and loops are shared among processors by goroutines that stay;
// no bit of a result depends on how many there are.
//
// The product h = x @ W of x [n,d] and W [d,m], and the gradient dW = xᵀ @ dh,
// with no transposed copy:
//
//	rt.Gemm(n, m, d, x, d, 1, w, m, 1, h, m, 1, false)
//	rt.Gemm(d, m, n, x, 1, d, dh, m, 1, dw, m, 1, false)
//
// The package knows nothing of the compiler. Its only state is which
// instruction set the processor has.
package runtime
