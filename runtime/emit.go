package runtime

import "github.com/nnc-lang/nnc/runtime/internal/kernels"

import (
	"math"
	"slices"
)

// Inf is +Inf for sign ≥ 0, else -Inf.
func Inf[T Float](sign int) T { return T(math.Inf(sign)) }

// NaN is a quiet not-a-number.
func NaN[T Float]() T { return T(math.NaN()) }

// NegZero is -0, which has no literal in Go.
func NegZero[T Float]() T { return T(math.Copysign(0, -1)) }

// FloorDiv is the floor of x/y; Go's / rounds towards 0. It is 0 if y is 0.
func FloorDiv(x, y int) int {
	if y == 0 {
		return 0
	}
	q := x / y
	if q*y != x && (x < 0) != (y < 0) {
		q--
	}
	return q
}

// Mod is x - y*FloorDiv(x, y), of the sign of y; Go's % has the sign of x. It is
// x if y is 0.
func Mod(x, y int) int { return x - y*FloorDiv(x, y) }

// IntPow is x to the power n ≥ 0 in integers.
func IntPow(x, n int) int {
	r := 1
	for range n {
		r *= x
	}
	return r
}

// Largest is the largest of its arguments, for where max means something else.
func Largest(n ...int) int { return slices.Max(n) }

// Root is the square root of a sum of squares, whose derivative at 0 is taken
// to be 0.
func Root[T Float](x T) T { return Sqrt(x) }

// VectorBits is the width of the vectors for which emitted kernels may run here:
// 512 with AVX-512 (F and VL), 256 with AVX2 and FMA, else 0.
func VectorBits() int {
	switch level {
	case kernels.AVX512:
		return 512
	case kernels.AVX2:
		return 256
	}
	return 0
}
