package runtime

import (
	stdruntime "runtime"
	"sync"

	"github.com/nnc-lang/nnc/runtime/internal/crew"
)

// Loop is a loop whose iterations can be done in any order and at once.
type Loop interface {
	// Range does the iterations from lo to hi, which are part number part of the
	// loop. No two calls at the same time have the same slot.
	Range(lo, hi, slot, part int)
}

// shareGrain is the cost below which a part of a loop is not worth another
// goroutine, which has to fetch what others have in their caches: some 2 to 5
// microseconds.
const shareGrain = 1 << 16

// Parts is how many parts a loop that sums over its iterations has at most.
const Parts = 16

// Slots is how many goroutines there may be at a loop of a workspace that is made
// now: as many as processors.
func Slots() int { return min(stdruntime.GOMAXPROCS(0), crew.Most) }

// Share does the n iterations of a loop on as many processors as are idle, in slots
// from 0 to slots-1, where they are worth it; cost is that of an iteration, 1 for
// the sum of two elements of rows. It allocates nothing.
func Share(l Loop, n, cost, slots int) {
	if slots < 2 {
		l.Range(0, n, 0, 0)
		return
	}
	share(l, n, cost, slots, 64)
}

// ShareSums is Share for a loop each part of which leaves sums of its own, and
// returns how many there are. Parts follow from n and cost alone, so that adding
// the sums in order gives the same bits on any number of processors.
func ShareSums(l Loop, n, cost, slots int) (parts int) {
	return share(l, n, cost, slots, Parts)
}

func share(l Loop, n, cost, slots, most int) (parts int) {
	parts = max(min(n*cost/shareGrain, n, most), 1)
	if parts == 1 {
		l.Range(0, n, 0, 0)
		return parts
	}
	divide(l, n, parts, 1, slots)
	return parts
}

// RowPart is how many elements a part of a long row has at most: the goroutine that
// is in a kernel cannot be stopped, as the garbage collector wants to, and what is on
// its way has room for so many.
const RowPart = 1 << 15

// lines is what parts of a row begin at multiples of: no two processors write to one
// cache line, and vectors do not lie across two where the row does not.
const lines = 64

// ShareRow is Share for a loop over the elements of long rows, which costs less than
// its operations one by one do. No part has more than RowPart elements.
func ShareRow(l Loop, n, cost, slots int) {
	const grain = 4 * shareGrain
	parts := (n + RowPart - 1) / RowPart
	if slots > 1 && n*cost >= grain {
		parts = max(parts, min(n*cost/grain, (n+lines-1)/lines))
	} else {
		slots = 1
	}
	divide(l, n, parts, lines, slots)
}

// divide does a loop in parts, which begin at multiples of unit.
func divide(l Loop, n, parts, unit, slots int) {
	w := loopWorks.Get().(*loopWork)
	*w = loopWork{l, n, (n + unit - 1) / unit, parts, unit}
	crew.Do(w, parts, slots)
	w.loop = nil
	loopWorks.Put(w)
}

// loopWork is a loop in parts.
type loopWork struct {
	loop            Loop
	n, units, parts int
	unit            int // iterations that stay together
}

// Chunk implements crew.Work.
func (w *loopWork) Chunk(i, slot int) {
	w.loop.Range(i*w.units/w.parts*w.unit, min((i+1)*w.units/w.parts*w.unit, w.n), slot, i)
}

var loopWorks = sync.Pool{New: func() any { return new(loopWork) }}
