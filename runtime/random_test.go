package runtime

import (
	"math"
	"slices"
	"testing"
)

// TestPhilox checks the known answers that come with Random123.
func TestPhilox(t *testing.T) {
	const f = 0xffffffff
	tests := []struct {
		ctr  [4]uint32
		key  [2]uint32
		want [4]uint32
	}{
		{[4]uint32{}, [2]uint32{}, [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{[4]uint32{f, f, f, f}, [2]uint32{f, f}, [4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, [2]uint32{0xa4093822, 0x299f31d0},
			[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	}
	for _, c := range tests {
		if got := philox(c.ctr, c.key); got != c.want {
			t.Errorf("philox(%x, %x) = %x, want %x", c.ctr, c.key, got, c.want)
		}
	}
}

func moments(x []float64) (mean, variance, skew, kurtosis float64) {
	n := float64(len(x))
	for _, v := range x {
		mean += v / n
	}
	for _, v := range x {
		d := v - mean
		variance += d * d / n
		skew += d * d * d / n
		kurtosis += d * d * d * d / n
	}
	return mean, variance, skew / math.Pow(variance, 1.5), kurtosis / (variance * variance)
}

func TestMoments(t *testing.T) {
	const n = 200_000
	x := make([]float64, n)
	tests := []struct {
		name string
		draw func()
		want [4]float64
	}{
		{"normal", func() { Normal(x, 7, "a", 2, 3) }, [4]float64{2, 9, 0, 3}},
		{"uniform", func() { Uniform(x, 7, "a", -1, 3) }, [4]float64{1, 16. / 12, 0, 1.8}},
		{"bernoulli", func() { Bernoulli(x, 7, "a", 0.25) }, [4]float64{0.25, 0.1875, 0.5 / math.Sqrt(0.1875), 1 + 0.25/0.1875}},
	}
	for _, c := range tests {
		c.draw()
		m, v, s, k := moments(x)
		for i, got := range []float64{m, v, s, k} {
			if math.Abs(got-c.want[i]) > 0.03*max(1, math.Abs(c.want[i])) {
				t.Errorf("%s: moment %d = %v, want %v", c.name, i+1, got, c.want[i])
			}
		}
	}
}

// TestDrawKeys: a draw depends on seed, path and index and on nothing else.
func TestDrawKeys(t *testing.T) {
	long, short, odd := make([]float64, 100), make([]float64, 50), make([]float64, 51)
	Normal(long, 1, "w", 0, 1)
	Normal(short, 1, "w", 0, 1)
	Normal(odd, 1, "w", 0, 1)
	if !slices.Equal(long[:50], short) || !slices.Equal(long[:51], odd) {
		t.Error("a longer tensor begins with other values")
	}
	s := NewStream(1, "w")
	for i, v := range long {
		if s.Normal(i) != v {
			t.Fatalf("element %d by itself is %v, in the tensor %v", i, s.Normal(i), v)
		}
	}
	single := make([]float32, 100)
	Normal(single, 1, "w", 0, 1)
	for i, v := range long {
		if single[i] != float32(v) {
			t.Fatalf("float32 element %d is not the rounded float64", i)
		}
	}
	other := make([]float64, 100)
	for _, c := range []struct {
		seed uint64
		path string
	}{{2, "w"}, {1, "v"}, {1 << 40, "w"}, {1, ""}} {
		Normal(other, c.seed, c.path, 0, 1)
		if r := correlation(long, other); math.Abs(r) > 0.4 {
			t.Errorf("seed %d path %q: correlation %v", c.seed, c.path, r)
		}
	}
	Uniform(other, 1, "w", 0, 1)
	for i, v := range other {
		if s.Uniform(i) != v {
			t.Fatalf("uniform element %d differs by itself", i)
		}
	}
}

// TestDrawSteps: a row of any length has the elements that each of them is by itself, and
// nothing beside it is written, on all instruction sets.
func TestDrawSteps(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		for _, seed := range []uint64{0, 1, 0x9E3779B97F4A7C15, math.MaxUint64} {
			drawnAlone[float32](t, seed)
			drawnAlone[float64](t, seed)
		}
	})
}

func drawnAlone[T Float](t *testing.T, seed uint64) {
	s := NewStream(seed, "keep")
	const mark = 42
	for n := range 68 {
		x := make([]T, n+n%3+1)[n%3:]
		check := func(want func(u float64) T) {
			t.Helper()
			for i, v := range x[:n] {
				if v != want(s.Uniform(i)) {
					t.Fatalf("element %d of %d %T is %g, by itself %g", i, n, v, v, want(s.Uniform(i)))
				}
			}
			if x[n] != mark {
				t.Fatalf("element %d is written", n)
			}
		}
		for _, p := range []float64{0, 1, 0.3, s.Uniform(n / 2), math.NaN()} {
			Fill(x, mark)
			Bernoulli(x[:n], seed, "keep", p)
			check(func(u float64) T { return bernoulli[T](u, p) })
		}
		Fill(x, mark)
		Uniform(x[:n], seed, "keep", -0.3, 1.7)
		check(func(u float64) T { lo, hi := -0.3, 1.7; return T(lo + float64((hi-lo)*u)) })
		Fill(x, mark)
		Normal(x[:n], seed, "keep", 0.7, 1.3)
		for i, v := range x[:n] {
			if want := T(0.7 + float64(1.3*s.Normal(i))); v != want {
				t.Fatalf("normal element %d of %d is %g, by itself %g", i, n, v, want)
			}
		}
	}
	k := rowsOf[T]()
	if k == nil {
		return
	}
	x, from := make([]T, k.DrawStep), uint64(1<<32-3) // the counter goes on in its second word
	k.Uniform(1, &x[0], from, s.seed, s.path, 0, 1)
	for i, v := range x {
		if a, b := s.pair(from + uint64(i/2)); v != T([2]float64{a, b}[i%2]) {
			t.Fatalf("element %d from block %d is %g", i, from, v)
		}
	}
}

func correlation(x, y []float64) float64 {
	return dot(len(x), x, 1, y, 1) / math.Sqrt(dot(len(x), x, 1, x, 1)*dot(len(y), y, 1, y, 1))
}

func TestOrthogonal(t *testing.T) {
	for _, s := range [][2]int{{5, 5}, {3, 8}, {8, 3}, {1, 4}, {40, 40}, {0, 3}} {
		rows, cols := s[0], s[1]
		q := make([]float64, rows*cols)
		Orthogonal(q, rows, cols, 3, "q")
		n, step, along := rows, cols, 1
		if rows > cols {
			n, step, along = cols, 1, cols
		}
		for i := range n {
			for j := range n {
				got := dot(max(rows, cols), q[i*step:], along, q[j*step:], along)
				want := 0.0
				if i == j {
					want = 1
				}
				if math.Abs(got-want) > 1e-14 {
					t.Errorf("%v: <q%d,q%d> = %v", s, i, j, got)
				}
			}
		}
	}
}

func BenchmarkBernoulli(b *testing.B) {
	x := make([]float32, 16384)
	for b.Loop() {
		Bernoulli(x, 1, "w", 0.9)
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N*len(x))*1e9, "ns/value")
}

func BenchmarkNormal(b *testing.B) {
	x := make([]float32, 100352)
	for b.Loop() {
		Normal(x, 1, "w", 0, 1)
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N*len(x))*1e9, "ns/value")
}
