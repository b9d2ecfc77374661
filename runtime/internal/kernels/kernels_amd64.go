//go:build !purego

package kernels

import "golang.org/x/sys/cpu"

// Best is the highest level this processor has.
func Best() Level {
	switch {
	case cpu.X86.HasAVX512F && cpu.X86.HasAVX512VL && cpu.X86.HasBMI2 && cpu.X86.HasFMA:
		return AVX512
	case cpu.X86.HasAVX2 && cpu.X86.HasFMA:
		return AVX2
	}
	return None
}

// Strip32 is C[rows,n] (+)= A[rows,k] @ B[k,n], for 1 <= rows <= l.Rows() and k,
// n > 0. Rows of B and C are contiguous. A step of k moves by *acs bytes in A and
// *brs bytes in B, after which both pointers move by step bytes: 0 for constant
// strides, 8 for tables of k differences each (the last is not used). All other
// strides are in elements.
func (l Level) Strip32(rows, k int, a *float32, ars int, acs *int, b *float32, brs *int, step int, c *float32, crs, n int, acc bool) {
	if l == AVX512 {
		strip32AVX512(rows, k, a, ars, acs, b, brs, step, c, crs, n, acc)
	} else {
		strip32AVX2(rows, k, a, ars, acs, b, brs, step, c, crs, n, acc)
	}
}

// Strip64 is Strip32 in float64.
func (l Level) Strip64(rows, k int, a *float64, ars int, acs *int, b *float64, brs *int, step int, c *float64, crs, n int, acc bool) {
	if l == AVX512 {
		strip64AVX512(rows, k, a, ars, acs, b, brs, step, c, crs, n, acc)
	} else {
		strip64AVX2(rows, k, a, ars, acs, b, brs, step, c, crs, n, acc)
	}
}

// Windows32 is Strip32 for groups of WindowVectors(rows) vectors that lie anywhere,
// for 1 <= rows <= WindowRows and steps of k by tables of differences. At each
// vector stand its offsets in b and c in bytes and the mask of its lanes; c is
// that of row 0. Only where l.Windows().
func (l Level) Windows32(rows, k int, a *float32, ars int, acs *int, b *float32, brs *int, c *float32, crs int, at *Vector, groups int, acc bool) {
	windows32AVX512(rows, k, a, ars, acs, b, brs, c, crs, &at.B, groups, acc)
}

// Windows64 is Windows32 in float64.
func (l Level) Windows64(rows, k int, a *float64, ars int, acs *int, b *float64, brs *int, c *float64, crs int, at *Vector, groups int, acc bool) {
	windows64AVX512(rows, k, a, ars, acs, b, brs, c, crs, &at.B, groups, acc)
}

// Inners32 is the inner products of 1 <= rows <= WindowRows rows of A with
// WindowVectors(rows) rows of B. A row is so many runs of
// neighbours: full vectors, and one of the lanes of the mask rest if that is not 0.
// Those of A follow each other as whole vectors, as Gather32 makes them. Those of
// B stand bAt bytes from the beginning of a row, and the rows of B cols bytes from
// b. C is overwritten or added to, contiguous in each row, in the lanes of the mask
// lanes. ars and crs are in elements. Only where l.Windows().
func (l Level) Inners32(rows, runs, full, rest int, a *float32, ars int, b *float32, cols, bAt *int, c *float32, crs, lanes int, acc bool) {
	inners32AVX512(rows, runs, full, rest, a, ars, b, cols, bAt, c, crs, lanes, acc)
}

// Inners64 is Inners32 in float64.
func (l Level) Inners64(rows, runs, full, rest int, a *float64, ars int, b *float64, cols, bAt *int, c *float64, crs, lanes int, acc bool) {
	inners64AVX512(rows, runs, full, rest, a, ars, b, cols, bAt, c, crs, lanes, acc)
}

// Gather32 copies such runs, at bytes from src, to whole vectors; lanes
// that a run does not fill are 0. The next run begins last elements behind the
// beginning of the vector of rest. Only where l.Windows().
func (l Level) Gather32(runs, full, rest, last int, src *float32, at *int, dst *float32) {
	gather32AVX512(runs, full, rest, last, src, at, dst)
}

// Gather64 is Gather32 in float64.
func (l Level) Gather64(runs, full, rest, last int, src *float64, at *int, dst *float64) {
	gather64AVX512(runs, full, rest, last, src, at, dst)
}

// Dots32 is y[DotRows] (+)= A[DotRows,k] @ x[k], rows of A and x contiguous; ys
// is the stride of y.
func (l Level) Dots32(k int, a *float32, ars int, x, y *float32, ys int, acc bool) {
	if l == AVX512 {
		dots32AVX512(k, a, ars, x, y, ys, acc)
	} else {
		dots32AVX2(k, a, ars, x, y, ys, acc)
	}
}

// Dots64 is Dots32 in float64.
func (l Level) Dots64(k int, a *float64, ars int, x, y *float64, ys int, acc bool) {
	if l == AVX512 {
		dots64AVX512(k, a, ars, x, y, ys, acc)
	} else {
		dots64AVX2(k, a, ars, x, y, ys, acc)
	}
}

// Transpose32 copies blocks > 0 blocks of side Block32, neighbours in a row of
// src, to their transposes below each other in dst.
func (l Level) Transpose32(blocks int, src *float32, srs int, dst *float32, drs int) {
	transpose32(blocks, src, srs, dst, drs)
}

// Transpose64 is Transpose32 in float64.
func (l Level) Transpose64(blocks int, src *float64, srs int, dst *float64, drs int) {
	transpose64(blocks, src, srs, dst, drs)
}

// Rows32 are the kernels of a level on rows of float32.
func (l Level) Rows32() *Rows[float32] {
	switch l {
	case AVX512:
		return &rows32AVX512
	case AVX2:
		return &rows32AVX2
	}
	return nil
}

// Rows64 are those on rows of float64.
func (l Level) Rows64() *Rows[float64] {
	switch l {
	case AVX512:
		return &rows64AVX512
	case AVX2:
		return &rows64AVX2
	}
	return nil
}
