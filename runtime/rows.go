package runtime

import (
	"math"
	"unsafe"

	"github.com/nnc-lang/nnc/runtime/internal/kernels"
)

// The functions and the arithmetic of emitted code on whole rows: slices of
// equal length, as many elements as dst has. dst may be one of the others, but
// must not overlap one otherwise. With AVX-512 or AVX2 they run on vectors,
// elsewhere as loops over the scalar form. A vector result is within 2 units in
// the last place in float32 and 4 in float64, as near the truth as the scalar
// one but not the same number; an element's result does not depend on where it
// stands, or on the length.

// rows32 and rows64 are the kernels of this processor, nil without.
var rows32, rows64 = level.Rows32(), level.Rows64()

// setLevel is for tests: all kernels of a level from now on.
func setLevel(l kernels.Level) {
	level, rows32, rows64 = l, l.Rows32(), l.Rows64()
}

// rowsOf is the kernels on rows of T.
func rowsOf[T Float]() *kernels.Rows[T] {
	if is32[T]() {
		return (*kernels.Rows[T])(unsafe.Pointer(rows32))
	}
	return (*kernels.Rows[T])(unsafe.Pointer(rows64))
}

// Fmas is x*y + z, rounded once.
func Fmas[T Float](dst, x, y, z []T) {
	n := len(dst)
	x, y, z = x[:n], y[:n], z[:n]
	if k := rowsOf[T](); k != nil && n > 0 {
		k.Fma(n, &dst[0], &x[0], &y[0], &z[0])
		return
	}
	for i := range dst {
		dst[i] = T(fma(x[i], y[i], z[i]))
	}
}

// Affines is a*x + b for numbers a and b, rounded once.
func Affines[T Float](dst, x []T, a, b T) {
	n := len(dst)
	x = x[:n]
	if k := rowsOf[T](); k != nil && n > 0 {
		k.Affine(n, &dst[0], &x[0], a, b)
		return
	}
	for i := range dst {
		dst[i] = fma(a, x[i], b)
	}
}

// Axpys is x + a*y for a number a, rounded once.
func Axpys[T Float](dst, x []T, a T, y []T) {
	n := len(dst)
	x, y = x[:n], y[:n]
	if k := rowsOf[T](); k != nil && n > 0 {
		k.Axpy(n, &dst[0], &x[0], &y[0], a)
		return
	}
	for i := range dst {
		dst[i] = fma(a, y[i], x[i])
	}
}

// fma is x*y + z, rounded once.
func fma[T Float](x, y, z T) T {
	return T(math.FMA(float64(x), float64(y), float64(z)))
}

// Sums is the sum of a row.
func Sums[T Float](x []T) T {
	if k := rowsOf[T](); k != nil && len(x) > 0 {
		return k.Sum(len(x), &x[0])
	}
	var s T
	for _, v := range x {
		s += v
	}
	return s
}

// Dots is the inner product of two rows.
func Dots[T Float](x, y []T) T {
	y = y[:len(x)]
	if k := rowsOf[T](); k != nil && len(x) > 0 {
		return k.Dot(len(x), &x[0], &y[0])
	}
	var s T
	for i, v := range x {
		s += v * y[i]
	}
	return s
}

// Maxs is the largest element of a row, NaN if there is one, -Inf of none. The
// sign of a zero is not told.
func Maxs[T Float](x []T) T {
	if k := rowsOf[T](); k != nil && len(x) > 0 {
		return k.Max(len(x), &x[0])
	}
	m := Inf[T](-1)
	for _, v := range x {
		m = max(m, v)
	}
	return m
}

// ExpSums sets dst to e^(x-m) and returns the sum of it: what a softmax needs,
// with the largest element as m.
func ExpSums[T Float](dst, x []T, m T) T {
	n := len(dst)
	x = x[:n]
	if k := rowsOf[T](); k != nil && n > 0 {
		return k.ExpSum(n, &dst[0], &x[0], m)
	}
	var s T
	for i, v := range x {
		dst[i] = Exp(v - m)
		s += dst[i]
	}
	return s
}

// Mins is the smallest element of a row, NaN if there is one, +Inf of none. The
// sign of a zero is not told.
func Mins[T Float](x []T) T {
	if k := rowsOf[T](); k != nil && len(x) > 0 {
		return k.Min(len(x), &x[0])
	}
	m := Inf[T](1)
	for _, v := range x {
		m = min(m, v)
	}
	return m
}

// ArgMaxs is the index of the first largest element of a row, or of the first
// NaN; 0 of none.
func ArgMaxs[T Float](x []T) int {
	if k := rowsOf[T](); k != nil && 0 < len(x) && len(x) <= math.MaxInt32 {
		return k.ArgMax(len(x), &x[0])
	}
	return first(x, Maxs(x))
}

// ArgMins is the index of the first smallest element of a row, or of the first
// NaN; 0 of none.
func ArgMins[T Float](x []T) int {
	if k := rowsOf[T](); k != nil && 0 < len(x) && len(x) <= math.MaxInt32 {
		return k.ArgMin(len(x), &x[0])
	}
	return first(x, Mins(x))
}

// first is the first index of what is in a row: a, or a NaN if that is one.
func first[T Float](x []T, a T) int {
	for i, v := range x {
		if v == a || v != v {
			return i
		}
	}
	return 0
}

// SquareDists adds to dst[i] the squared distance of x and column i of c, whose
// rows are stride apart.
func SquareDists[T Float](dst, x, c []T, stride int) {
	n := len(dst)
	if n == 0 || len(x) == 0 {
		return
	}
	c = c[:(len(x)-1)*stride+n]
	if k := rowsOf[T](); k != nil {
		k.SquareDist(n, &dst[0], &x[0], &c[0], len(x), stride)
		return
	}
	for j, a := range x {
		for i, v := range c[j*stride:][:n] {
			dst[i] += (a - v) * (a - v)
		}
	}
}
