package runtime

import (
	stdruntime "runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// counts is a loop that counts how often each iteration is done, and what else
// goes on in its slot.
type counts struct {
	done   []atomic.Int32
	busy   []atomic.Int32 // by slot
	shared atomic.Bool    // a slot was another's
	calls  atomic.Int32
}

func (c *counts) Range(lo, hi, slot, _ int) {
	c.calls.Add(1)
	if c.busy[slot].Add(1) != 1 {
		c.shared.Store(true)
	}
	for i := lo; i < hi; i++ {
		c.done[i].Add(1)
	}
	time.Sleep(10 * time.Microsecond)
	c.busy[slot].Add(-1)
}

// Each iteration is done once, in a slot that nobody else is in, for every number of
// processors and of slots; what costs little is not divided.
func TestShare(t *testing.T) {
	defer stdruntime.GOMAXPROCS(stdruntime.GOMAXPROCS(0))
	for _, procs := range []int{1, 2, 3, 8, 64} {
		stdruntime.GOMAXPROCS(procs)
		for _, slots := range []int{1, 2, 5, 64} {
			for _, x := range []struct{ n, cost int }{{0, 1}, {1, 1 << 30}, {2, 1 << 20}, {7, 1 << 19}, {100, 12000}, {100, 1 << 20}, {1000, 4000}, {1000, 10}} {
				c := &counts{done: make([]atomic.Int32, x.n), busy: make([]atomic.Int32, slots)}
				Share(c, x.n, x.cost, slots)
				for i := range c.done {
					if n := c.done[i].Load(); n != 1 {
						t.Fatalf("%v on %d processors in %d slots: iteration %d was done %d times", x, procs, slots, i, n)
					}
				}
				if c.shared.Load() {
					t.Errorf("%v on %d processors in %d slots: two in one slot", x, procs, slots)
				}
				if n := c.calls.Load(); x.n*x.cost < 2*shareGrain && n > 1 {
					t.Errorf("%v: a small loop was divided into %d", x, n)
				}
			}
		}
	}
}

// Long rows are divided between lines of the cache, into parts of no more elements
// than promised, on one processor too.
func TestShareRow(t *testing.T) {
	defer stdruntime.GOMAXPROCS(stdruntime.GOMAXPROCS(0))
	for _, procs := range []int{1, 2, 8} {
		stdruntime.GOMAXPROCS(procs)
		for _, slots := range []int{1, 2, 64} {
			for _, x := range []struct{ n, cost int }{{0, 1}, {1, 1}, {RowPart, 1}, {RowPart + 1, 1}, {101770, 6}, {101770, 22}, {3*RowPart - 1, 100}, {65, 1 << 20}} {
				c := &rowParts{done: make([]atomic.Int32, x.n)}
				ShareRow(c, x.n, x.cost, slots)
				for i := range c.done {
					if n := c.done[i].Load(); n != 1 {
						t.Fatalf("%v on %d processors in %d slots: element %d was done %d times", x, procs, slots, i, n)
					}
				}
				if c.wrong.Load() {
					t.Errorf("%v: a part begins within a line or is long", x)
				}
			}
		}
	}
}

// rowParts is a loop over the elements of a row.
type rowParts struct {
	done  []atomic.Int32
	wrong atomic.Bool
}

func (r *rowParts) Range(lo, hi, _, _ int) {
	if lo%lines != 0 || hi-lo > RowPart {
		r.wrong.Store(true)
	}
	for i := lo; i < hi; i++ {
		r.done[i].Add(1)
	}
}

// Loops of several workspaces at once have slots of their own.
func TestSharesAtOnce(t *testing.T) {
	defer stdruntime.GOMAXPROCS(stdruntime.GOMAXPROCS(8))
	all := make(chan *counts)
	for range 6 {
		go func() {
			c := &counts{done: make([]atomic.Int32, 64), busy: make([]atomic.Int32, Slots())}
			for range 20 {
				Share(c, 64, 1<<18, len(c.busy))
			}
			all <- c
		}()
	}
	for range 6 {
		c := <-all
		if c.shared.Load() {
			t.Error("two in one slot")
		}
		for i := range c.done {
			if n := c.done[i].Load(); n != 20 {
				t.Fatalf("iteration %d was done %d times of 20", i, n)
			}
		}
	}
}

// parts is a loop that sums what it goes through.
type parts struct {
	x    []float32
	sums [Parts]float32
}

func (p *parts) Range(lo, hi, _, part int) { p.sums[part] = Sums(p.x[lo:hi]) }

// Sums of parts give the same bits on any number of processors.
func TestShareSums(t *testing.T) {
	defer stdruntime.GOMAXPROCS(stdruntime.GOMAXPROCS(0))
	for _, cost := range []int{1, 100, 4000, 1 << 20} {
		var want float32
		for _, procs := range []int{1, 2, 3, 8, 64} {
			stdruntime.GOMAXPROCS(procs)
			for _, slots := range []int{1, 2, 64} {
				p := &parts{x: make([]float32, 999)}
				Uniform(p.x, 1, "x", -1, 1)
				got := float32(0)
				for k := range ShareSums(p, len(p.x), cost, slots) {
					got += p.sums[k]
				}
				if want == 0 {
					want = got
				} else if got != want {
					t.Fatalf("cost %d: %v on %d processors in %d slots, else %v", cost, got, procs, slots, want)
				}
			}
		}
	}
}

// doubled is a loop as emitted code has it.
type doubled struct {
	x    []float32
	loop func(d *doubled, lo, hi, slot, part int)
}

func (d *doubled) Range(lo, hi, slot, part int) { d.loop(d, lo, hi, slot, part) }

func (d *doubled) rows(lo, hi, _, _ int) { Scales(d.x[lo:hi], d.x[lo:hi], 2) }

func TestShareAllocatesNothing(t *testing.T) {
	defer stdruntime.GOMAXPROCS(stdruntime.GOMAXPROCS(4))
	d := &doubled{x: slices.Repeat([]float32{1}, 1<<12)}
	f := func() {
		d.loop = (*doubled).rows
		Share(d, len(d.x), 4000, 4)
	}
	f()
	if n := testing.AllocsPerRun(20, f); n > 0.5 {
		t.Errorf("%v allocations a call", n)
	}
}
