package crew

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// tally counts how often each chunk was done.
type tally []atomic.Int32

func (t tally) Chunk(i, _ int) { t[i].Add(1) }

// Calls at once and one after another do every chunk once, whether
// workers are awake, asleep, busy or too late.
func TestDoesEachChunkOnce(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	var callers sync.WaitGroup
	for g := range 6 {
		callers.Go(func() {
			for i := range 400 {
				chunks := 1 + (i+g)%9
				done := make(tally, chunks)
				Do(done, chunks, Most)
				for j := range done {
					if n := done[j].Load(); n != 1 {
						t.Errorf("chunk %d of %d was done %d times", j, chunks, n)
						return
					}
				}
				if i%50 == 0 {
					time.Sleep(200 * time.Microsecond) // workers fall asleep
				}
			}
		})
	}
	callers.Wait()
}
