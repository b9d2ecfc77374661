package train

import (
	"iter"

	"github.com/nnc-lang/nnc/runtime/data"
)

// Batch is what one step trains on.
type Batch struct {
	Rows  []int  // numbers of the examples; not to be changed or kept
	Step  int    // 0, 1, 2, … over all epochs
	Epoch int    // 0, 1, 2, …
	Seed  uint64 // another for each step: for models that draw, such as dropout
	Slot  int    // with Load: 0 or 1, the buffer to fill and to step on
}

// size is the number of examples of a full batch.
func (l *Loop[T]) size() int {
	if l.Size == 0 {
		return len(l.Rows)
	}
	return l.Size
}

// steps is the number of batches of an epoch.
func (l *Loop[T]) steps() int {
	n, size := len(l.Rows), l.size()
	if !l.DropLast {
		n += size - 1
	}
	return n / size
}

// order is the examples in the order of an epoch.
func (l *Loop[T]) order(epoch int) []int {
	rows := append([]int(nil), l.Rows...)
	if !l.InOrder {
		data.Shuffle(rows, mix(l.Seed, "order", epoch))
	}
	return rows
}

// batch is step i of an epoch in the given order.
func (l *Loop[T]) batch(order []int, epoch, i int) Batch {
	lo := i * l.size()
	hi := min(lo+l.size(), len(order))
	step := epoch*l.steps() + i
	return Batch{Rows: order[lo:hi:hi], Step: step, Epoch: epoch, Seed: mix(l.Seed, "step", step)}
}

// batches are the steps of the whole run from step first on. With Load they
// come loaded, one ahead; else the errors are nil.
func (l *Loop[T]) batches(first int) iter.Seq2[*Batch, error] {
	if l.Load == nil {
		return func(yield func(*Batch, error) bool) {
			var current Batch // one for all steps: nothing to allocate
			for b := range l.unloaded(first) {
				current = b
				if !yield(&current, nil) {
					return
				}
			}
		}
	}
	slots := []Batch{{Slot: 0}, {Slot: 1}}
	return data.Prefetch(l.unloaded(first), slots, func(dst *Batch, b Batch) error {
		b.Slot = dst.Slot
		*dst = b
		return l.Load(b)
	})
}

func (l *Loop[T]) unloaded(first int) iter.Seq[Batch] {
	return func(yield func(Batch) bool) {
		n := l.steps()
		for epoch := first / n; epoch < l.Epochs; epoch++ {
			order := l.order(epoch)
			for i := max(first-epoch*n, 0); i < n; i++ {
				if !yield(l.batch(order, epoch, i)) {
					return
				}
			}
		}
	}
}

// mix is a seed of its own for the n-th of the things called what: FNV-1a, then
// the finaliser of SplitMix64.
func mix(seed uint64, what string, n int) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(what) {
		h = (h ^ uint64(what[i])) * 1099511628211
	}
	for _, v := range [2]uint64{seed, uint64(n)} {
		h = (h ^ v) + 0x9E3779B97F4A7C15
		h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>27) * 0x94d049bb133111eb
		h ^= h >> 31
	}
	return h
}
