package runtime

import (
	"fmt"
	stdruntime "runtime"
	"slices"
	"testing"
)

// Results may not depend on how many processors there are, to the bit.
func TestGemmBitsForAnyProcessors(t *testing.T) {
	defer stdruntime.GOMAXPROCS(stdruntime.GOMAXPROCS(0))
	for _, x := range []struct{ m, n, k int }{{128, 512, 784}, {784, 512, 128}, {512, 10, 1024}, {16, 1024, 256}, {300, 300, 300}, {1000, 64, 64}, {5, 2000, 700}} {
		for _, transposed := range []bool{false, true} {
			a, b := make([]float32, x.m*x.k), make([]float32, x.k*x.n)
			Uniform(a, 1, "a", -1, 1)
			Uniform(b, 1, "b", -1, 1)
			brs, bcs := x.n, 1
			if transposed {
				brs, bcs = 1, x.k
			}
			var want []float32
			for _, procs := range []int{1, 2, 3, 8, 64} {
				stdruntime.GOMAXPROCS(procs)
				c := make([]float32, x.m*x.n)
				Gemm(x.m, x.n, x.k, a, x.k, 1, b, brs, bcs, c, x.n, 1, false)
				if want == nil {
					want = c
				} else if !slices.Equal(c, want) {
					t.Fatalf("%v transposed=%v: other bits on %d processors", x, transposed, procs)
				}
			}
			// One chunk gives the same bits as many.
			c := make([]float32, x.m*x.n)
			if level > 0 {
				w := gemmWork[float32]{k: x.k, ars: x.k, acs: 1, brs: brs, bcs: bcs, crs: x.n, inner: innerRows(x.m, x.k, 1, brs, bcs)}
				w.part(x.m, x.n, a, b, c)
				if !slices.Equal(c, want) {
					t.Fatalf("%v transposed=%v: chunks change bits", x, transposed)
				}
			}
		}
	}
}

// The same of contractions, in each form and of either element type; some add to
// what is there.
func TestContractBitsForAnyProcessors(t *testing.T) {
	levels(t, func(t *testing.T) {
		for i, s := range shapes {
			if len(s.m)+len(s.n)+len(s.k)+len(s.batch) == 3 || level == 0 && s.flops() > 1e7 {
				continue // a call of Gemm; the loops of the portable form are slow
			}
			contractBits[float32](t, s, i%2 == 0)
			contractBits[float64](t, s, i%2 == 1)
			var last *Index // more of what is divided
			for _, g := range []*[]Index{&s.m, &s.n, &s.batch} {
				*g = slices.Clone(*g)
				for i := range *g {
					if x := &(*g)[i]; last == nil || x.C > last.C {
						last = x
					}
				}
			}
			last.Size = last.Size*3/2 + 1
			contractBits[float32](t, s, i%2 == 1)
		}
	})
}

func contractBits[T Float](t *testing.T, s shape, acc bool) {
	t.Helper()
	defer stdruntime.GOMAXPROCS(stdruntime.GOMAXPROCS(0))
	na, nb, nc := s.extents()
	a, b, c := make([]T, na), make([]T, nb), make([]T, nc)
	Uniform(a, 1, "a", -1, 1)
	Uniform(b, 1, "b", -1, 1)
	Uniform(c, 1, "c", -1, 1)
	var want []T
	for _, procs := range []int{1, 2, 3, 8, 64} {
		stdruntime.GOMAXPROCS(procs)
		got := slices.Clone(c)
		Contract(got, a, b, s.m, s.n, s.k, s.batch, acc)
		if want == nil {
			want = got
		} else if !slices.Equal(got, want) {
			t.Fatalf("%T %s acc=%v: other bits on %d processors", a, s.name, acc, procs)
		}
	}
}

func TestParallelAllocatesNothing(t *testing.T) {
	a, b, c := make([]float32, 256*256), make([]float32, 256*256), make([]float32, 256*256)
	for name, f := range map[string]func(){
		"Gemm":     func() { Gemm(256, 256, 256, a, 256, 1, b, 256, 1, c, 256, 1, false) },
		"Contract": func() { convolution(c, a, b) },
	} {
		f()
		if n := testing.AllocsPerRun(20, f); n > 0.5 {
			t.Errorf("%s: %v allocations a call", name, n)
		}
	}
}

func BenchmarkGemmProcessors(b *testing.B) {
	const m, n, k = 128, 512, 784
	x, y, z := make([]float32, m*k), make([]float32, k*n), make([]float32, m*n)
	for _, procs := range []int{1, 2} {
		b.Run(fmt.Sprint(procs), func(b *testing.B) {
			defer stdruntime.GOMAXPROCS(stdruntime.GOMAXPROCS(procs))
			for b.Loop() {
				Gemm(m, n, k, x, k, 1, y, n, 1, z, n, 1, false)
			}
			b.ReportMetric(2*m*n*k*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
