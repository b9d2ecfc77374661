package runtime

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"unsafe"
)

// guarded returns n values that end where a page without access begins.
func guarded[T Float](t *testing.T, n int) []T {
	page := syscall.Getpagesize()
	size := (n*sizeOf[T]()+page-1)/page*page + page
	mem, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { syscall.Munmap(mem) })
	if err := syscall.Mprotect(mem[size-page:], syscall.PROT_NONE); err != nil {
		t.Skip(err)
	}
	begin := size - page - n*sizeOf[T]()
	if n == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&mem[begin])), n)
}

// TestNoReadBeyond would crash at a load behind the end of a slice.
func TestNoReadBeyond(t *testing.T) {
	levels(t, func(t *testing.T) {
		guardedGemm[float32](t)
		guardedGemm[float64](t)
	})
}

func guardedGemm[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	const most = 40 * 60
	a, b, c := guarded[T](t, most), guarded[T](t, most), guarded[T](t, most)
	for range 2000 {
		m, n, k := 1+r.IntN(30), 1+r.IntN(60), 1+r.IntN(36)
		if r.IntN(4) == 0 {
			m = 1
		}
		if r.IntN(4) == 0 {
			n = 1
		}
		ars, acs, brs, bcs, crs, ccs := k, 1, n, 1, n, 1
		if r.IntN(2) == 0 {
			ars, acs = 1, m
		}
		if r.IntN(2) == 0 {
			brs, bcs = 1, k
		}
		if r.IntN(3) == 0 {
			crs, ccs = 1, m
		}
		Gemm(m, n, k, a[most-m*k:], ars, acs, b[most-k*n:], brs, bcs, c[most-m*n:], crs, ccs, r.IntN(2) == 0)
		// a window of width k over n+k-1 values, for m filters
		if n >= 4 && k >= 2 {
			x := b[most-(n+k-1)*2:]
			Contract(c[most-m*n:], a[most-m*k:], x, []Index{{Size: m, A: k, C: n}},
				[]Index{{Size: n, B: 1, C: 1}}, []Index{{Size: 2, A: k / 2, B: n + k - 1}, {Size: k / 2, A: 1, B: 1}}, nil, false)
		}
	}
}
