package runtime

import (
	"sync"

	"github.com/nnc-lang/nnc/runtime/internal/crew"
)

// grain is the number of multiplications below which a product is not worth
// another goroutine: some 20 microseconds of one core.
const grain = 1 << 20

// chunkCols is how many columns of a product a chunk has at least.
const chunkCols = 128

// gemmWork is gemmBlocked in chunks of columns, or of rows where there are few
// columns. No sum is divided, so that chunks change no bit of the result.
type gemmWork[T Float] struct {
	m, n, k            int
	a, b, c            []T
	ars, acs, brs, bcs int
	crs, rows, cols    int
	acc, inner         bool
}

func (w *gemmWork[T]) Chunk(i, _ int) {
	r, j := 0, 0
	if w.cols < w.n {
		j = i * w.cols
	} else {
		r = i * w.rows
	}
	w.part(min(w.rows, w.m-r), min(w.cols, w.n-j), w.a[r*w.ars:], w.b[j*w.bcs:], w.c[r*w.crs+j:])
}

// part is the product of some rows and columns.
func (w *gemmWork[T]) part(m, n int, a, b, c []T) {
	if w.inner {
		gemmInners(m, n, w.k, a, w.ars, b, w.bcs, c, w.crs, w.acc)
	} else {
		gemmBlocked(m, n, w.k, a, w.ars, w.acs, b, w.brs, w.bcs, c, w.crs, w.acc)
	}
}

var gemmWorks32 = sync.Pool{New: func() any { return new(gemmWork[float32]) }}
var gemmWorks64 = sync.Pool{New: func() any { return new(gemmWork[float64]) }}

// gemmParallel is gemmBlocked, or gemmInners, on several processors where that pays.
func gemmParallel[T Float](m, n, k int, a []T, ars, acs int, b []T, brs, bcs int, c []T, crs int, acc bool) {
	size := m * n * k
	parts := min(size/grain, 64)
	rows, cols := m, n
	switch {
	case parts < 2:
	case m >= n && bcs == 1 && acs != 1 && m >= 16*level.Rows():
		rows = chunkRows(m, parts)
	case n >= 2*chunkCols:
		cols = max((n/parts+31)&^31, chunkCols)
	case m >= 8*level.Rows():
		rows = chunkRows(m, parts)
	}
	chunks := (m + rows - 1) / rows * ((n + cols - 1) / cols)
	w := gemmWork[T]{m, n, k, a, b, c, ars, acs, brs, bcs, crs, rows, cols, acc, innerRows(m, k, acs, brs, bcs)}
	if chunks < 2 {
		w.part(m, n, a, b, c)
		return
	}
	pool := &gemmWorks32
	if !is32[T]() {
		pool = &gemmWorks64
	}
	shared := pool.Get().(*gemmWork[T])
	*shared = w
	crew.Do(shared, chunks, crew.Most)
	*shared = gemmWork[T]{}
	pool.Put(shared)
}

// chunkRows is how many of m rows a chunk has: whole strips, four at least.
func chunkRows(m, parts int) int {
	return max((m/parts+level.Rows()-1)/level.Rows(), 4) * level.Rows()
}
