// Package par does things side by side that have nothing to do with each other,
// such as to compile the methods of a module:
//
//	par.Do(len(list), func(k int) { out[k] = compile(list[k]) })
package par

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Do calls f for 0 to n-1, begun in that order, as many at a time as Go uses
// processors, and returns when all have returned. If one panics, Do does.
func Do(n int, f func(k int)) {
	workers := min(n, runtime.GOMAXPROCS(0))
	if workers <= 1 {
		for k := range n {
			f(k)
		}
		return
	}
	var next atomic.Int64
	var failed atomic.Pointer[string]
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					text := fmt.Sprintf("%v\n%s", r, debug.Stack())
					failed.CompareAndSwap(nil, &text)
				}
			}()
			for k := int(next.Add(1)) - 1; k < n && failed.Load() == nil; k = int(next.Add(1)) - 1 {
				f(k)
			}
		})
	}
	wait.Wait()
	if text := failed.Load(); text != nil {
		panic(*text)
	}
}
