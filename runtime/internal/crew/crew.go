// Package crew does work in chunks on all processors, without allocation and so
// that nothing of the result depends on how many there are.
package crew

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Work is something that can be done in chunks, in any order and at once. No two
// chunks that are done at the same time have the same slot.
type Work interface{ Chunk(i, slot int) }

// Most is a number of goroutines that is no limit.
const Most = 1 << 10

// crew is the goroutines that are at one piece of work, the caller's included.
type crew struct {
	work   Work
	shares []share      // one for each
	away   atomic.Int64 // workers that have it and are not done
	busy   sync.WaitGroup
}

// share is a run of chunks. Whose it is begins there, and goes on where others
// are late. So work that is cut in the same way again finds the same part of its
// data in the cache of each processor.
type share struct {
	next atomic.Int64
	end  int64
	_    [48]byte // a cache line each
}

// divide gives each of n goroutines its share.
func (c *crew) divide(chunks, n int) {
	if cap(c.shares) < n {
		c.shares = make([]share, n)
	}
	c.shares = c.shares[:n]
	for k := range c.shares {
		s := &c.shares[k]
		s.next.Store(int64(k * chunks / n))
		s.end = int64((k + 1) * chunks / n)
	}
}

func (c *crew) run(me int) {
	for k := range c.shares {
		s := &c.shares[(me+k)%len(c.shares)]
		for i := s.next.Add(1) - 1; i < s.end; i = s.next.Add(1) - 1 {
			c.work.Chunk(int(i), me)
		}
	}
}

// worker is a goroutine that helps with the work it is offered.
type worker struct {
	number int                  // from 1 on
	offer  atomic.Pointer[crew] // nil: it has nothing to do
	asleep atomic.Bool
	wake   chan struct{}
}

// taken stands in place of an offer that a worker has begun with.
var taken = new(crew)

// spins is how often a worker looks for more before it sleeps, and a caller for
// the end of the last chunk: some 250 microseconds. What a step does between two
// large products takes less, and to wake a processor that sleeps may take 100.
const spins = 4000

func (w *worker) loop() {
	for {
		for i := 0; w.offer.Load() == nil; i++ {
			if i < spins {
				runtime.Gosched()
				continue
			}
			w.asleep.Store(true)
			if w.offer.Load() == nil {
				<-w.wake
			}
			w.asleep.Store(false)
		}
		c := w.offer.Load()
		if c == nil || !w.offer.CompareAndSwap(c, taken) {
			continue // withdrawn
		}
		c.run(w.number)
		w.offer.Store(nil)
		c.away.Add(-1)
		c.busy.Done()
	}
}

var (
	crews   = sync.Pool{New: func() any { return new(crew) }}
	workers atomic.Pointer[[]*worker]
	hiring  sync.Mutex
)

// hire returns n workers at least, starting those that are missing.
func hire(n int) []*worker {
	if have := workers.Load(); have != nil && len(*have) >= n {
		return *have
	}
	hiring.Lock()
	defer hiring.Unlock()
	var all []*worker
	if have := workers.Load(); have != nil {
		all = append(all, *have...)
	}
	for len(all) < n {
		w := &worker{number: len(all) + 1, wake: make(chan struct{}, 1)}
		all = append(all, w)
		go w.loop()
	}
	workers.Store(&all)
	return all
}

// Do does all chunks of some work, on as many processors as are idle, in slots from
// 0 to slots-1. It allocates nothing once the workers have started. What the chunks
// are may not depend on how many processors there are: then neither does the result.
func Do(w Work, chunks, slots int) {
	help := 0
	if chunks > 1 { // GOMAXPROCS takes a lock: as long as a step of a tiny model
		help = min(runtime.GOMAXPROCS(0), chunks, slots) - 1
	}
	if help <= 0 {
		for i := range chunks {
			w.Chunk(i, 0)
		}
		return
	}
	c := crews.Get().(*crew)
	c.work = w
	c.divide(chunks, help+1)
	staff := hire(help)
	asked := 0
	for _, x := range staff[:min(len(staff), slots-1)] {
		// A worker that is busy has other calls of the application to do.
		if x.offer.Load() != nil {
			continue
		}
		c.busy.Add(1)
		c.away.Add(1)
		if !x.offer.CompareAndSwap(nil, c) {
			c.away.Add(-1)
			c.busy.Done()
			continue
		}
		if x.asleep.Load() {
			select {
			case x.wake <- struct{}{}:
			default: // it is being woken
			}
		}
		if asked++; asked == help {
			break
		}
	}
	c.run(0)
	for _, x := range staff { // nobody waits for one that has not even begun
		if x.offer.CompareAndSwap(c, nil) {
			c.away.Add(-1)
			c.busy.Done()
		}
	}
	for i := 0; i < spins && c.away.Load() > 0; i++ {
		runtime.Gosched()
	}
	c.busy.Wait()
	c.work = nil
	crews.Put(c)
}
