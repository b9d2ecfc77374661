// Package simd writes vector assembly with avo: the kernels of the runtime, and
// those of emitted code. One description of a kernel, in values that stand for
// vectors, gives all forms: float32 and float64, AVX-512 and AVX2. The functions
// of emitted code (exp, tanh, phi ...) are expansions on such values, in maths.go
// and normal.go, which both share.
//
//	k := &simd.Kernel{Rows: make([]simd.Walk, 2), Phases: []simd.Phase{{Each: []simd.Step{{Put: simd.Set, To: 0,
//		Value: &simd.Value{Op: "tanh", Args: []*simd.Value{simd.Row(1)}}}}}}}
//	fitted := k.Fit() // nil: it needs too many registers
//	text, err := simd.Assembly([]simd.Named{{"tanhRow", fitted}})
//
// In flows a description; out flows the text of the functions, whose Go side
// [Named.Functions] and [Kernel.Signature] tell. [Runtime] writes the files of
// package kernels.
package simd
