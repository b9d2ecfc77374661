package runtime

import (
	"math/bits"
	stdruntime "runtime"
	"sync"

	"github.com/nnc-lang/nnc/runtime/internal/crew"
	"github.com/nnc-lang/nnc/runtime/internal/kernels"
)

// contractWork is a contraction in chunks of one index of its result. The form is
// that of the whole, and no sum is divided, so that chunks change no bit.
type contractWork[T Float] struct {
	form
	x       contraction
	s       shift
	cut     Index // the one that is divided
	chunks  int
	c, a, b []T
	acc     bool
}

func (w *contractWork[T]) Chunk(i, _ int) {
	first, end := i*w.cut.Size/w.chunks, (i+1)*w.cut.Size/w.chunks
	x, s := w.x, w.s
	if w.form == byShift {
		s.resize(w.cut, end-first)
	} else {
		x.resize(w.cut, end-first)
	}
	contractBy(w.form, &x, &s, w.c[first*w.cut.C:], w.a[first*w.cut.A:], w.b[first*w.cut.B:], w.acc)
}

var contractWorks32 = sync.Pool{New: func() any { return new(contractWork[float32]) }}
var contractWorks64 = sync.Pool{New: func() any { return new(contractWork[float64]) }}

// contractParallel is contractBy on several processors where that pays.
func contractParallel[T Float](f form, x *contraction, s *shift, c, a, b []T, acc bool) {
	var cut Index
	chunks := 1
	if parts := x.m.size() * x.n.size() * x.k.size() * x.batch.size() / grain; parts > 1 && stdruntime.GOMAXPROCS(0) > 1 {
		var unit int
		cut, unit = x.divide(f, s)
		even := 1 << bits.Len(uint(parts-1)) // shares of the same size
		chunks = min(even, cut.Size/unit, 64)
	}
	if chunks < 2 {
		contractBy(f, x, s, c, a, b, acc)
		return
	}
	pool := &contractWorks32
	if !is32[T]() {
		pool = &contractWorks64
	}
	w := pool.Get().(*contractWork[T])
	w.form, w.x, w.cut, w.chunks, w.acc = f, *x, cut, chunks, acc
	if f == byShift {
		w.s = *s
	}
	w.c, w.a, w.b = c, a, b
	crew.Do(w, chunks, crew.Most)
	w.c, w.a, w.b = nil, nil, nil
	pool.Put(w)
}

// divide chooses the index whose steps are done side by side, and how many of them
// are worth a chunk: of those that loops around the kernels go through the one that
// moves C farthest, else the rows of the kernel.
func (x *contraction) divide(f form, s *shift) (cut Index, unit int) {
	if f == byShift {
		if !s.sums {
			return s.each, 1
		}
		x = &s.contraction
	}
	m, n := x.m, x.n
	rows := m.take(byA)
	unit = 2 * max(1, level.Rows())
	switch f {
	case byGemm: // which has chunks of its own
		n.take(byB)
		rows = Index{}
	case byShift, byInners:
		n.n = 0
		unit = kernels.WindowRows
	case byWindows, directly:
		n.n--
	case byPacking:
		n = n.splitC()
	}
	for _, g := range []*group{&x.batch, &m, &n} {
		for _, ix := range g.ix[:g.n] {
			if ix.C > cut.C {
				cut = ix
			}
		}
	}
	if cut.Size > 0 {
		return cut, 1
	}
	return rows, unit
}

// resize gives an index of the result another size.
func (x *contraction) resize(cut Index, size int) {
	for _, g := range []*group{&x.batch, &x.m, &x.n} {
		for i, ix := range g.ix[:g.n] {
			if ix == cut {
				g.ix[i].Size = size
				return
			}
		}
	}
}

// resize gives an index of the result another size.
func (s *shift) resize(cut Index, size int) {
	if s.sums {
		s.contraction.resize(cut, size)
	} else {
		s.each.Size = size
	}
}
