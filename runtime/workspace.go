package runtime

import (
	"sync"
	"unsafe"

	"github.com/nnc-lang/nnc/runtime/internal/kernels"
)

const (
	blockK      = 1536 // depth of a block of B, and of a strip of A, in bytes of a row of A
	blockN      = 4096 // width of a block of B in bytes
	stripStride = blockK/4 + 16
	packPad     = 32 // more than the rest of a row of B; keeps rows off powers of 2
	maxRows     = 12 // of a strip
	tileRows    = 48 // of the buffer for a scattered C
	tileCols    = 64
	farStride   = 1024       // bytes from which on rows of B in place cost more than a copy
	tableK      = blockK / 4 // steps of k with offsets of their own
	tableN      = 512        // columns of a block with offsets of their own
	tableV      = 512        // vectors of a block that lie anywhere
	vectorPad   = 4          // vectors of no lanes that fill a group of them
)

// workspace is the memory of one product in progress: float64, so that it is
// aligned for either element type.
type workspace struct {
	a [maxRows * stripStride]float64                 // a strip of A
	b [blockK / 4 * (blockN + 4*packPad) / 8]float64 // a block of B
	// where the steps of k and n stand in A and B, for Contract
	kA, kB         [tableK]int
	nB, nC, unused [tableN]int
	vectors        [tableV + vectorPad]kernels.Vector

	c [tileRows * tileCols]float64 // a tile of C
}

var workspaces = sync.Pool{New: func() any { return new(workspace) }}

// buffer is one of the arrays of a workspace as a slice of T.
func buffer[T Float, A any](x *A) []T {
	var z T
	return unsafe.Slice((*T)(unsafe.Pointer(x)), unsafe.Sizeof(*x)/unsafe.Sizeof(z))
}

// pack copies the rows by cols matrix at src to dst, with contiguous rows drs
// apart.
func pack[T Float](rows, cols int, src []T, srs, scs int, dst []T, drs int) {
	switch {
	case scs == 1:
		for i := range rows {
			copy(dst[i*drs:i*drs+cols], src[i*srs:])
		}
	case srs == 1 && level > 0:
		packTransposed(rows, cols, src, scs, dst, drs)
	default:
		packStrided(rows, cols, src, srs, scs, dst, drs)
	}
}

func packStrided[T Float](rows, cols int, src []T, srs, scs int, dst []T, drs int) {
	for i := range rows {
		row, at := dst[i*drs:i*drs+cols], i*srs
		for j := range row {
			row[j] = src[at]
			at += scs
		}
	}
}

// packTransposed is pack from contiguous columns, by square blocks.
func packTransposed[T Float](rows, cols int, src []T, scs int, dst []T, drs int) {
	block := 32 / sizeOf[T]()
	r, c := rows/block*block, cols/block*block
	if r > 0 {
		for j := 0; j < c; j += block {
			transposeBlocks(r/block, src[j*scs:], scs, dst[j:], drs)
		}
	}
	if c < cols {
		packStrided(rows, cols-c, src[c*scs:], 1, scs, dst[c:], drs)
	}
	if r < rows && c > 0 {
		packStrided(rows-r, c, src[r:], 1, scs, dst[r*drs:], drs)
	}
}
