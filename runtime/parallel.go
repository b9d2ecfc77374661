package runtime

import (
	stdruntime "runtime"
	"sync"
	"sync/atomic"
)

// work is something that can be done in chunks, in any order and at once.
type work interface{ chunk(i int) }

// crew is the goroutines that are at one piece of work, the caller's included.
type crew struct {
	work   work
	chunks int64
	next   atomic.Int64
	away   atomic.Int64 // workers that have it and are not done
	busy   sync.WaitGroup
}

func (c *crew) run() {
	for i := c.next.Add(1) - 1; i < c.chunks; i = c.next.Add(1) - 1 {
		c.work.chunk(int(i))
	}
}

// worker is a goroutine that helps with the work it is offered.
type worker struct {
	offer  atomic.Pointer[crew] // nil: it has nothing to do
	asleep atomic.Bool
	wake   chan struct{}
}

// taken stands in place of an offer that a worker has begun with.
var taken = new(crew)

// spins is how often a worker looks for more before it sleeps, and a caller for
// the end of the last chunk: some 30 microseconds, less than waking up takes. The
// products of a step follow each other closely.
const spins = 500

func (w *worker) loop() {
	for {
		for i := 0; w.offer.Load() == nil; i++ {
			if i < spins {
				stdruntime.Gosched()
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
		c.run()
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
		w := &worker{wake: make(chan struct{}, 1)}
		all = append(all, w)
		go w.loop()
	}
	workers.Store(&all)
	return all
}

// parallel does all chunks of some work, on as many processors as are idle. It
// allocates nothing once the workers have started. What the chunks are may
// not depend on how many processors there are: then neither does the result.
func parallel(w work, chunks int) {
	help := min(stdruntime.GOMAXPROCS(0), chunks) - 1
	if help <= 0 {
		for i := range chunks {
			w.chunk(i)
		}
		return
	}
	c := crews.Get().(*crew)
	c.work, c.chunks = w, int64(chunks)
	c.next.Store(0)
	staff := hire(help)
	asked := 0
	for _, x := range staff {
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
	c.run()
	for _, x := range staff { // nobody waits for one that has not even begun
		if x.offer.CompareAndSwap(c, nil) {
			c.away.Add(-1)
			c.busy.Done()
		}
	}
	for i := 0; i < spins && c.away.Load() > 0; i++ {
		stdruntime.Gosched()
	}
	c.busy.Wait()
	c.work = nil
	crews.Put(c)
}
