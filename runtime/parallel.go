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
	busy   sync.WaitGroup
}

func (c *crew) run() {
	for i := c.next.Add(1) - 1; i < c.chunks; i = c.next.Add(1) - 1 {
		c.work.chunk(int(i))
	}
}

var (
	crews   = sync.Pool{New: func() any { return new(crew) }}
	calls   = make(chan *crew) // to workers that have nothing to do
	workers atomic.Int64
)

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
	for n := workers.Load(); n < int64(help); n = workers.Load() {
		if workers.CompareAndSwap(n, n+1) {
			go func() {
				for c := range calls {
					c.run()
					c.busy.Done()
				}
			}()
		}
	}
	c := crews.Get().(*crew)
	c.work, c.chunks = w, int64(chunks)
	c.next.Store(0)
	for range help {
		c.busy.Add(1)
		select {
		case calls <- c:
		default: // all are busy: with other calls of the application, say
			c.busy.Done()
		}
	}
	c.run()
	c.busy.Wait()
	c.work = nil
	crews.Put(c)
}
