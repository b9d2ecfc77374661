package par

import (
	"fmt"
	"strings"
	"testing"
)

func TestDo(t *testing.T) {
	for _, n := range []int{0, 1, 2, 1000} {
		done := make([]int, n)
		Do(n, func(k int) { done[k]++ })
		for k, times := range done {
			if times != 1 {
				t.Errorf("%d of %d was done %d times", k, n, times)
			}
		}
	}
}

// A panic comes out where Do was called, and says what it was.
func TestPanic(t *testing.T) {
	for _, n := range []int{1, 100} {
		func() {
			defer func() {
				if r := recover(); !strings.HasPrefix(fmt.Sprint(r), "no good") {
					t.Errorf("%v", r)
				}
			}()
			Do(n, func(k int) { panic("no good") })
		}()
	}
}
