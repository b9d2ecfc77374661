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
	for range 3000 {
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

func TestContract(t *testing.T) { levels(t, testContract) }

func testContract(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		var g [4][]Index // m, n, k, batch
		for i := range g {
			g[i] = make([]Index, r.IntN(4))
			for j := range g[i] {
				g[i][j].Size = 1 + r.IntN(4)
				if r.IntN(60) == 0 {
					g[i][j].Size = 0
				}
			}
		}
		an := strides(r, [][]Index{g[3], g[0], g[2]}, func(x *Index, s int) { x.A = s })
		bn := strides(r, [][]Index{g[3], g[2], g[1]}, func(x *Index, s int) { x.B = s })
		cn := strides(r, [][]Index{g[3], g[0], g[1]}, func(x *Index, s int) { x.C = s })
		if len(g[0]) > 0 && len(g[2]) > 0 && g[2][0].Size > 0 && r.IntN(3) == 0 { // a window
			g[0][0].A, g[2][0].A = 1, 1
			an = 10 * (an + 1)
		}
		a, b, c := noise[float64](r, an, false), noise[float64](r, bn, false), noise[float64](r, cn, false)
		want := append([]float64(nil), c...)
		acc := r.IntN(2) == 0
		if !acc {
			each(append(append(append([]Index{}, g[3]...), g[0]...), g[1]...), func(_, _, ic int) { want[ic] = 0 })
		}
		all := append(append(append(append([]Index{}, g[3]...), g[0]...), g[1]...), g[2]...)
		clearUnused(g)
		all = append(append(append(append([]Index{}, g[3]...), g[0]...), g[1]...), g[2]...)
		each(all, func(ia, ib, ic int) { want[ic] += a[ia] * b[ib] })
		Contract(c, a, b, g[0], g[1], g[2], g[3], acc)
		for i := range want {
			if !close(c[i], want[i], 1e-12) {
				t.Fatalf("%+v acc=%v: c[%d] = %v, want %v", g, acc, i, c[i], want[i])
			}
		}
	}
}

func clearUnused(g [4][]Index) {
	for i := range g[0] {
		g[0][i].B = 0
	}
	for i := range g[1] {
		g[1][i].A = 0
	}
	for i := range g[2] {
		g[2][i].C = 0
	}
}

// strides gives the indices of the groups strides in a random order of memory.
func strides(r *rand.Rand, groups [][]Index, set func(*Index, int)) int {
	var all []*Index
	for _, g := range groups {
		for i := range g {
			all = append(all, &g[i])
		}
	}
	if r.IntN(2) == 0 {
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	}
	n := 1
	for i := len(all) - 1; i >= 0; i-- {
		set(all[i], n)
		n *= max(1, all[i].Size)
	}
	return n
}

func each(ix []Index, f func(a, b, c int)) {
	if len(ix) == 0 {
		f(0, 0, 0)
		return
	}
	for i := range ix[0].Size {
		each(ix[1:], func(a, b, c int) { f(a+i*ix[0].A, b+i*ix[0].B, c+i*ix[0].C) })
	}
}

func TestNoAllocation(t *testing.T) {
	a, b, c := make([]float32, 64*784), make([]float32, 784*128), make([]float32, 784*128)
	x := make([]float64, 100*100)
	for name, f := range map[string]func(){
		"forward":  func() { Gemm(64, 128, 784, a, 784, 1, b, 128, 1, c, 128, 1, false) },
		"dx":       func() { Gemm(64, 784, 128, a, 128, 1, b, 1, 128, c, 784, 1, false) },
		"dW":       func() { Gemm(784, 128, 64, a, 1, 784, b, 128, 1, c, 128, 1, true) },
		"one":      func() { Gemm(1, 128, 784, a, 784, 1, b, 128, 1, c, 128, 1, false) },
		"column":   func() { Gemm(100, 1, 90, x, 100, 1, x, 2, 1, make([]float64, 100), 1, 1, false) },
		"strided":  func() { Gemm(40, 40, 40, a, 80, 2, b, 160, 3, c, 160, 2, false) },
		"contract": func() { convolution(c, a, b) },
	} {
		if n := testing.AllocsPerRun(10, f); n != 0 {
			t.Errorf("%s: %v allocations a call", name, n)
		}
	}
}

// convolution is 5 by 5 over 28 by 28 from 1 to 6 channels, for 8 examples.
func convolution(c, x, w []float32) {
	Contract(c, w, x,
		[]Index{{Size: 6, A: 25, C: 576}},
		[]Index{{Size: 24, B: 28, C: 24}, {Size: 24, B: 1, C: 1}},
		[]Index{{Size: 5, A: 5, B: 28}, {Size: 5, A: 1, B: 1}},
		[]Index{{Size: 8, B: 784, C: 6 * 576}}, false)
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

func BenchmarkContract(b *testing.B) {
	c, x, w := make([]float32, 8*6*576), make([]float32, 8*784), make([]float32, 150)
	for b.Loop() {
		convolution(c, x, w)
	}
	b.ReportMetric(2*8*6*576*25*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

func ExampleGemm() {
	a := []float64{1, 2, 3, 4} // [2,2]
	x := []float64{1, 1}
	y := make([]float64, 2)
	Gemm(2, 1, 2, a, 1, 2, x, 1, 1, y, 1, 1, false) // aᵀ @ x
	fmt.Println(y)
	// Output: [4 6]
}
