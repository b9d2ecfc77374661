package data

import (
	"errors"
	"runtime"
	"slices"
	"testing"
	"time"
)

func count(n int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

// TestPrefetch: the order is that of seq, and a buffer in use is not written to.
func TestPrefetch(t *testing.T) {
	for _, buffers := range []int{1, 2, 5} {
		var got []int
		fill := func(dst *[1]int, e int) error { dst[0] = e; return nil }
		for b, err := range Prefetch(count(100), make([][1]int, buffers), fill) {
			v := b[0]
			if v%30 == 0 {
				time.Sleep(time.Millisecond) // time to overwrite it
			}
			if err != nil || b[0] != v {
				t.Fatal(b, v, err)
			}
			got = append(got, v)
		}
		if !slices.Equal(got, All(100)) {
			t.Errorf("%d buffers: %v", buffers, got)
		}
	}
}

// TestPrefetchEnds leaves the loop in every way; no goroutine may remain.
func TestPrefetchEnds(t *testing.T) {
	before := runtime.NumGoroutine()
	bad := errors.New("bad")
	fill := func(dst *int, e int) error {
		*dst = e
		if e == 3 {
			return bad
		}
		return nil
	}
	run := func(body func(v int, err error) (next bool)) (calls int) {
		defer func() { recover() }()
		for b, err := range Prefetch(count(10), make([]int, 2), fill) {
			calls++
			if !body(*b, err) {
				break
			}
		}
		return calls
	}
	var last error
	if n := run(func(_ int, err error) bool { last = err; return true }); n != 4 || last != bad {
		t.Errorf("%d steps, the last with %v", n, last)
	}
	if n := run(func(v int, _ error) bool { return v < 1 }); n != 2 {
		t.Errorf("%d steps after break", n)
	}
	run(func(int, error) bool { panic("in the body") })
	for range Prefetch(count(0), make([]int, 2), func(*int, int) error { return nil }) {
		t.Error("a step of nothing")
	}
	for range 100 { // its last instructions may come after ours
		if runtime.NumGoroutine() <= before {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if n := runtime.NumGoroutine(); n > before {
		t.Errorf("%d goroutines, %d before", n, before)
	}
}
