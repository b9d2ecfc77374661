package runtime

import (
	"math/rand/v2"
	"testing"
)

// Convolutions of odd sizes, their gradients, and products with short rows: what
// the forms for runs of neighbours are for, against plain loops.
func TestContractRuns(t *testing.T) {
	levels(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(11, 12))
		for range 20 {
			d := runDims{1 + r.IntN(4), 1 + r.IntN(3), 1 + r.IntN(17), 1 + r.IntN(7), 1 + r.IntN(67), 1 + r.IntN(4), 1 + r.IntN(4)}
			testRuns[float32](t, r, d, 3e-6)
			testRuns[float64](t, r, d, 1e-14)
		}
		for _, d := range []runDims{{40, 3, 16, 10, 10, 5, 5}, {9, 4, 12, 5, 5, 3, 3}, {3, 8, 9, 7, 18, 1, 3}, {1, 5, 16, 9, 17, 4, 1}} { // rows of few lanes
			testRuns[float32](t, r, d, 3e-6)
			testRuns[float64](t, r, d, 1e-14)
		}
		large := runDims{3, 1, 2, 90, 70, 2, 2} // more vectors than a table holds
		testRuns[float32](t, r, large, 3e-6)
		testRuns[float64](t, r, large, 1e-14)
	})
}

// TestContractShifted: the convolutions that copies of rows are for have them, and
// a product whose rows fill the lanes has not.
func TestContractShifted(t *testing.T) {
	levels(t, func(t *testing.T) {
		for _, s := range shapes {
			want, known := map[string]bool{"lenet/conv1": false, "lenet/conv1dK": false, "lenet/conv2": true, "lenet/conv2dK": true, "512": false, "block/q": false}[s.name]
			if !known || !level.Windows() {
				continue
			}
			var x contraction
			x.set(s.m, s.n, s.k, s.batch)
			x.exchange()
			if got := chooseShift[float32](&x, new(shift)); got != want {
				t.Errorf("%s: copies of rows: %v, want %v", s.name, got, want)
			}
		}
	})
}

// runDims are images, channels in and out, positions down and along, and the sides
// of the kernel.
type runDims struct{ n, ci, co, p, q, u, v int }

func testRuns[T Float](t *testing.T, r *rand.Rand, d runDims, tol float64) {
	t.Helper()
	n, ci, co, p, q, u, v := d.n, d.ci, d.co, d.p, d.q, d.u, d.v
	h, w := p+u-1, q+v-1+r.IntN(3)
	out, in := p*q, h*w
	positions := func() []Index {
		return []Index{{Size: n, A: co * out, B: ci * in, C: co * out}, {Size: p, A: q, B: w, C: q}, {Size: q, A: 1, B: 1, C: 1}}
	}
	shapes := []shape{
		{"convolution", []Index{{Size: co, A: ci * u * v, C: out}}, positions(),
			[]Index{{Size: ci, A: u * v, B: in}, {Size: u, A: v, B: w}, {Size: v, A: 1, B: 1}}, nil},
		{"kernel gradient", []Index{{Size: co, A: out, C: ci * u * v}},
			[]Index{{Size: ci, B: in, C: u * v}, {Size: u, B: w, C: v}, {Size: v, B: 1, C: 1}}, positions(), nil},
		{"kernel gradient, transposed", []Index{{Size: co, A: out, C: 1}},
			[]Index{{Size: ci, B: in, C: u * v * co}, {Size: u, B: w, C: v * co}, {Size: v, B: 1, C: co}}, positions(), nil},
		{"kernel gradient, apart", []Index{{Size: co, A: out, C: 2 * ci * u * v}},
			[]Index{{Size: ci, B: in, C: 2 * u * v}, {Size: u, B: w, C: 2 * v}, {Size: v, B: 1, C: 2}}, positions(), nil},
		{"short rows", []Index{{Size: u, A: 1, C: v * q}}, []Index{{Size: v, B: q, C: q}, {Size: q, B: 1, C: 1}},
			[]Index{{Size: p, A: u, B: 2 * v * q}}, []Index{{Size: n, A: u * p, B: 2 * v * q * p, C: u * v * q}}},
	}
	for _, s := range shapes {
		for i := range s.n {
			s.n[i].A = 0
		}
		for i := range s.k {
			s.k[i].C = 0
		}
		testShape[T](t, r, s, tol)
	}
}

// testShape compares a product with plain loops.
func testShape[T Float](t *testing.T, r *rand.Rand, s shape, tol float64) {
	t.Helper()
	na, nb, nc := s.extents()
	special, acc := r.IntN(3) == 0, r.IntN(2) == 0
	a, b, c := noise[T](r, na, special), noise[T](r, nb, special), noise[T](r, nc, false)
	want := make([]float64, nc)
	for i := range want {
		want[i] = float64(c[i])
	}
	written := append(append(append([]Index{}, s.batch...), s.m...), s.n...)
	if !acc {
		each(written, func(_, _, ic int) { want[ic] = 0 })
	}
	each(append(written, s.k...), func(ia, ib, ic int) { want[ic] += float64(a[ia]) * float64(b[ib]) })
	Contract(c, a, b, s.m, s.n, s.k, s.batch, acc)
	for i := range want {
		if !close(float64(c[i]), want[i], tol*s.flops()/float64(max(1, nc))) {
			t.Fatalf("%T %+v acc=%v special=%v: c[%d] = %v, want %v", a, s, acc, special, i, c[i], want[i])
		}
	}
}
