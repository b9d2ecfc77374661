package runtime

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

// TestConcurrent: products on many goroutines share nothing and give the same
// bits, and so do the rows of a product in chunks of more than maxInnerRows.
func TestConcurrent(t *testing.T) {
	const m, n, k = 100, 130, 500
	r := rand.New(rand.NewPCG(11, 12))
	a, b := noise[float32](r, m*k, false), noise[float32](r, n*k, false)
	want := make([]float32, m*n)
	Gemm(m, n, k, a, k, 1, b, 1, k, want, n, 1, false)
	var all sync.WaitGroup
	for _, size := range []int{25, 34, 36, 50} {
		all.Go(func() {
			got := make([]float32, m*n)
			for range 10 {
				for i := 0; i < m; i += size {
					rows := min(size, m-i)
					Gemm(rows, n, k, a[i*k:], k, 1, b, 1, k, got[i*n:], n, 1, false)
				}
			}
			if level > 0 && !slices.Equal(got, want) {
				t.Errorf("chunks of %d rows gave other bits", size)
			}
		})
	}
	all.Wait()
}
