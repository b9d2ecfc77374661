package runtime

import (
	"math"
	"math/rand/v2"
	"testing"
)

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
		if len(g[3]) > 0 && r.IntN(3) == 0 { // a batch index that one side does not have
			if r.IntN(2) == 0 {
				g[3][0].B = 0
			} else {
				g[3][0].A = 0
			}
		}
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

// TestContractLarge has more steps than the tables of one block hold.
func TestContractLarge(t *testing.T) {
	levels(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(9, 10))
		for _, unit := range []int{1, 2} { // n ends in a run in B, or not
			m := []Index{{Size: 5, A: 1000, C: 1280}, {Size: 3, A: 5000, C: 6400}}
			n := []Index{{Size: 40, B: 70, C: 32}, {Size: 32, B: unit, C: 1}}
			k := []Index{{Size: 25, A: 1, B: 3000}, {Size: 20, A: 40, B: 65 * unit}}
			a, b := noise[float64](r, 16000, false), noise[float64](r, 80000, false)
			got, want := make([]float64, 19200), make([]float64, 19200)
			each(append(append(append([]Index{}, m...), n...), k...), func(ia, ib, ic int) { want[ic] += a[ia] * b[ib] })
			Contract(got, a, b, m, n, k, nil, false)
			for i := range want {
				if !close(got[i], want[i], 1e-11) {
					t.Fatalf("unit %d: c[%d] = %v, want %v", unit, i, got[i], want[i])
				}
			}
		}
	})
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

// convolution is 5 by 5 over 28 by 28 from 1 to 6 channels, for 8 examples.
func convolution(c, x, w []float32) {
	Contract(c, w, x,
		[]Index{{Size: 6, A: 25, C: 576}},
		[]Index{{Size: 24, B: 28, C: 24}, {Size: 24, B: 1, C: 1}},
		[]Index{{Size: 5, A: 5, B: 28}, {Size: 5, A: 1, B: 1}},
		[]Index{{Size: 8, B: 784, C: 6 * 576}}, false)
}

// convolutionGrad is the gradient of convolution with respect to w.
func convolutionGrad(dw, dc, x []float32) {
	Contract(dw, dc, x,
		[]Index{{Size: 6, A: 576, C: 25}},
		[]Index{{Size: 5, B: 28, C: 5}, {Size: 5, B: 1, C: 1}},
		[]Index{{Size: 8, A: 6 * 576, B: 784}, {Size: 24, A: 24, B: 28}, {Size: 24, A: 1, B: 1}}, nil, false)
}

func TestConvolution(t *testing.T) {
	levels(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(5, 6))
		x, w, dc := noise[float32](r, 8*784, false), noise[float32](r, 150, false), noise[float32](r, 8*6*576, false)
		c, dw := make([]float32, 8*6*576), make([]float32, 150)
		wantC, wantDW := make([]float64, len(c)), make([]float64, len(dw))
		for n := range 8 {
			for o := range 6 {
				for i := range 24 {
					for j := range 24 {
						at := n*6*576 + o*576 + i*24 + j
						for u := range 5 {
							for v := range 5 {
								xi, wi := n*784+(i+u)*28+j+v, o*25+u*5+v
								wantC[at] += float64(x[xi]) * float64(w[wi])
								wantDW[wi] += float64(x[xi]) * float64(dc[at])
							}
						}
					}
				}
			}
		}
		convolution(c, x, w)
		convolutionGrad(dw, dc, x)
		for i := range c {
			if math.Abs(float64(c[i])-wantC[i]) > 1e-4 {
				t.Fatalf("c[%d] = %v, want %v", i, c[i], wantC[i])
			}
		}
		for i := range dw {
			if math.Abs(float64(dw[i])-wantDW[i]) > 1e-3 {
				t.Fatalf("dw[%d] = %v, want %v", i, dw[i], wantDW[i])
			}
		}
	})
}

func BenchmarkContract(b *testing.B) {
	c, x, w := make([]float32, 8*6*576), make([]float32, 8*784), make([]float32, 150)
	for name, f := range map[string]func(){
		"conv":   func() { convolution(c, x, w) },
		"convdW": func() { convolutionGrad(w, c, x) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f()
			}
			b.ReportMetric(2*8*6*576*25*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
