package runtime

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/nnc-lang/nnc/runtime/internal/kernels"
)

// product is the oracle: C[i,j] (+)= sum[p] A[i,p]*B[p,j] in float64.
func product[T Float](m, n, k int, a []T, ars, acs int, b []T, brs, bcs int, c []T, crs, ccs int, acc bool) {
	for i := range m {
		for j := range n {
			var s float64
			for p := range k {
				s += float64(a[i*ars+p*acs]) * float64(b[p*brs+j*bcs])
			}
			if acc {
				s += float64(c[i*crs+j*ccs])
			}
			c[i*crs+j*ccs] = T(s)
		}
	}
}

// layout draws strides for a rows by cols matrix, and how long its slice is.
func layout(r *rand.Rand, rows, cols int, input bool) (rs, cs, size int) {
	switch r.IntN(6) {
	case 0, 1:
		rs, cs = cols, 1
	case 2:
		rs, cs = 1, rows
	case 3:
		rs, cs = cols+r.IntN(9), 1
	case 4:
		cs = 1 + r.IntN(3)
		rs = cols*cs + r.IntN(5)
	case 5:
		if input {
			rs, cs = r.IntN(3), r.IntN(3)
		} else {
			rs = 1 + r.IntN(2)
			cs = rows*rs + r.IntN(3)
		}
	}
	return rs, cs, max(0, (rows-1)*rs+(cols-1)*cs+1)
}

// values draws a slice that begins off alignment and is not a byte too long.
func noise[T Float](r *rand.Rand, n int, special bool) []T {
	off := r.IntN(4)
	s := make([]T, n+off)[off:]
	for i := range s {
		s[i] = T(r.NormFloat64())
		if special && r.IntN(40) == 0 {
			s[i] = T([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, 1e-40, 5e-324}[r.IntN(6)])
		}
	}
	return s[:n:n]
}

func close[T Float](got, want T, tol float64) bool {
	g, w := float64(got), float64(want)
	if math.IsNaN(w) || math.IsNaN(g) {
		return math.IsNaN(w) && math.IsNaN(g)
	}
	return g == w || math.Abs(g-w) <= tol*max(1, math.Abs(w))
}

func testGemm[T Float](t *testing.T, r *rand.Rand, m, n, k int, special bool, tol float64) {
	t.Helper()
	ars, acs, an := layout(r, m, k, true)
	brs, bcs, bn := layout(r, k, n, true)
	crs, ccs, cn := layout(r, m, n, false)
	if k == 0 {
		an, bn = 0, 0
	}
	acc := r.IntN(2) == 0
	a, b := noise[T](r, an, special), noise[T](r, bn, special)
	c := noise[T](r, cn, false)
	want := append([]T(nil), c...)
	product(m, n, k, a, ars, acs, b, brs, bcs, want, crs, ccs, acc)
	Gemm(m, n, k, a, ars, acs, b, brs, bcs, c, crs, ccs, acc)
	for i := range want {
		if !close(c[i], want[i], tol*float64(k+1)) {
			t.Fatalf("%T m=%d n=%d k=%d A(%d,%d) B(%d,%d) C(%d,%d) acc=%v special=%v: c[%d] = %v, want %v",
				c[0], m, n, k, ars, acs, brs, bcs, crs, ccs, acc, special, i, c[i], want[i])
		}
	}
}

// levels runs f on every instruction set there is here.
func levels(t *testing.T, f func(t *testing.T)) {
	best := level
	defer func() { level = best }()
	for level = kernels.None; level <= best; level++ {
		t.Run(level.String(), f)
	}
}

func TestGemm(t *testing.T) { levels(t, testGemmSizes) }

func testGemmSizes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 1200 {
		m, n, k := r.IntN(68), r.IntN(68), r.IntN(68)
		switch r.IntN(6) {
		case 0:
			m = 1
		case 1:
			n = 1
		case 2:
			k = r.IntN(3)
		}
		special := r.IntN(3) == 0
		testGemm[float32](t, r, m, n, k, special, 4e-7)
		testGemm[float64](t, r, m, n, k, special, 1e-15)
	}
	for _, s := range [][3]int{{200, 300, 600}, {65, 1030, 270}, {1030, 65, 300}, {1, 3000, 700}, {3000, 1, 700}, {130, 70, 3000}} {
		testGemm[float32](t, r, s[0], s[1], s[2], false, 1e-7)
		testGemm[float64](t, r, s[0], s[1], s[2], false, 5e-16)
	}
}

func TestGemmShortSlice(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a slice of 3 was taken for a 2 by 2 matrix")
		}
	}()
	Gemm(2, 2, 2, make([]float64, 3), 2, 1, make([]float64, 4), 2, 1, make([]float64, 4), 2, 1, false)
}

func TestNoAllocation(t *testing.T) {
	a, b, c := make([]float32, 64*784), make([]float32, 784*128), make([]float32, 784*128)
	x, y := make([]float64, 100*100), make([]float64, 100)
	for name, f := range map[string]func(){
		"forward":  func() { Gemm(64, 128, 784, a, 784, 1, b, 128, 1, c, 128, 1, false) },
		"dx":       func() { Gemm(64, 784, 128, a, 128, 1, b, 1, 128, c, 784, 1, false) },
		"dW":       func() { Gemm(784, 128, 64, a, 1, 784, b, 128, 1, c, 128, 1, true) },
		"one":      func() { Gemm(1, 128, 784, a, 784, 1, b, 128, 1, c, 128, 1, false) },
		"column":   func() { Gemm(100, 1, 90, x, 100, 1, x, 2, 1, y, 1, 1, false) },
		"strided":  func() { Gemm(40, 40, 40, a, 80, 2, b, 160, 3, c, 160, 2, false) },
		"contract": func() { convolution(c, a, b) },
	} {
		if n := testing.AllocsPerRun(10, f); n != 0 {
			t.Errorf("%s: %v allocations a call", name, n)
		}
	}
}

func BenchmarkGemm(b *testing.B) {
	for _, s := range []struct {
		name    string
		m, n, k int
		ta, tb  bool
	}{
		{"512", 512, 512, 512, false, false},
		{"forward", 64, 128, 784, false, false},
		{"dW", 784, 128, 64, true, false},
		{"dx", 64, 784, 128, false, true},
		{"out", 64, 10, 128, false, false},
		{"one", 1, 128, 784, false, false},
		{"oneT", 1, 784, 128, false, true},
		{"lstm", 16, 1024, 256, false, false},
		{"1024", 1024, 1024, 1024, false, false},
		{"tiny", 4, 4, 4, false, false},
		{"16", 16, 16, 16, false, false},
	} {
		b.Run("f32/"+s.name, func(b *testing.B) { benchGemm[float32](b, s.m, s.n, s.k, s.ta, s.tb) })
		b.Run("f64/"+s.name, func(b *testing.B) { benchGemm[float64](b, s.m, s.n, s.k, s.ta, s.tb) })
	}
}

func benchGemm[T Float](b *testing.B, m, n, k int, ta, tb bool) {
	r := rand.New(rand.NewPCG(1, 2))
	x, y, z := noise[T](r, m*k, false), noise[T](r, k*n, false), make([]T, m*n)
	ars, acs, brs, bcs := k, 1, n, 1
	if ta {
		ars, acs = 1, m
	}
	if tb {
		brs, bcs = 1, k
	}
	for b.Loop() {
		Gemm(m, n, k, x, ars, acs, y, brs, bcs, z, n, 1, false)
	}
	flops := 2 * float64(m) * float64(n) * float64(k)
	b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

func ExampleGemm() {
	a := []float64{1, 2, 3, 4} // [2,2]
	x := []float64{1, 1}
	y := make([]float64, 2)
	Gemm(2, 1, 2, a, 1, 2, x, 1, 1, y, 1, 1, false) // aᵀ @ x
	fmt.Println(y)
	// Output: [4 6]
}
