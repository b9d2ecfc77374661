package runtime

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestStretches: all lengths and places against the indices as they are written;
// nothing beside the image is touched.
func TestStretches(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		stretches[float32](t)
		stretches[float64](t)
	})
}

func stretches[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(5, 7))
	for cols := range 68 {
		for trial := range 16 {
			right, down, rows, off := 1+trial%4, 1+r.IntN(3), r.IntN(5), r.IntN(8)
			width := (cols + right - 1) / right
			stride := width + r.IntN(3)
			n := cols * rows
			src := samples[T](0)[:0]
			for range (rows+down)*stride + width + 1 {
				src = append(src, T(r.NormFloat64()))
			}
			copy(src, samples[T](0))
			src = src[:len(src)-1]
			if rows > 0 {
				src = src[:(rows-1)/down*stride+width]
			}
			buf := noise[T](r, n+off+9, false)
			want := append([]T(nil), buf...)
			for i := range n {
				want[off+i] = src[i/cols/down*stride+i%cols/right]
			}
			Stretches(buf[off:][:n], src, cols, down, right, stride)
			for i := range buf {
				if !sameNumber(buf[i], want[i]) {
					t.Fatalf("%T cols %d rows %d down %d right %d stride %d: [%d] = %v, want %v", buf[i], cols, rows, down, right, stride, i-off, buf[i], want[i])
				}
			}
		}
	}
}

// TestStrides: all ways through src, against the indices as they are written; nothing
// beside dst is touched, and nothing behind the last element is read.
func TestStrides(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 9))
	for n := range 40 {
		for range 40 {
			m, a, b, off := 1+r.IntN(9), r.IntN(5), r.IntN(5), r.IntN(8)
			at := func(i int) int { return i/m*a + i%m*b }
			last := -1
			for i := range n {
				last = max(last, at(i))
			}
			src := noise[float32](r, last+1, true)
			buf := noise[float32](r, n+off+9, true)
			want := append([]float32(nil), buf...)
			for i := range n {
				want[off+i] = src[at(i)]
			}
			Strides(buf[off:][:n], src, m, a, b)
			for i := range buf {
				if !sameNumber(buf[i], want[i]) {
					t.Fatalf("%d elements, m %d a %d b %d: [%d] = %v, want %v", n, m, a, b, i-off, buf[i], want[i])
				}
			}
		}
	}
}

// TestWindows: sums and largest elements of windows of all sizes, overlapping or
// apart, against loops in the same order; an image ends with its last window.
func TestWindows(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		windowed[float32](t)
		windowed[float64](t)
	})
}

func windowed[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(5, 8))
	for cols := range 68 {
		for trial := range 24 {
			w := Windows{Cols: cols, Right: 1 + trial%3, Height: 1 + r.IntN(3), Width: 1 + r.IntN(4)}
			w.Line = (cols-1)*w.Right + w.Width + r.IntN(3)
			w.Down = w.Line * (1 + r.IntN(2))
			rows, off := r.IntN(4), r.IntN(8)
			n := rows * cols
			size := 0
			if n > 0 {
				size = w.at(n-1) + (w.Height-1)*w.Line + w.Width
			}
			x := noise[T](r, size+1, false)
			if trial%2 == 1 { // infinities, NaN, denormals
				special := samples[T](0)
				for i := range x {
					if r.IntN(5) == 0 {
						x[i] = special[r.IntN(len(special))]
					}
				}
			}
			x = x[1:]
			for name, f := range map[string]struct {
				call  func(dst, x []T, w Windows)
				empty T
				op    func(a, b T) T
			}{
				"sum": {WindowSums[T], 0, func(a, b T) T { return a + b }},
				"max": {WindowMaxs[T], Inf[T](-1), func(a, b T) T { return max(a, b) }},
			} {
				buf := noise[T](r, n+off+9, false)
				want := append([]T(nil), buf...)
				for i := range n {
					s := f.empty
					for u := range w.Height {
						for v := range w.Width {
							s = f.op(s, x[i/cols*w.Down+i%cols*w.Right+u*w.Line+v])
						}
					}
					want[off+i] = s
				}
				f.call(buf[off:][:n], x, w)
				for i := range buf {
					if !sameNumber(buf[i], want[i]) && !(buf[i] == 0 && want[i] == 0) {
						t.Fatalf("%s of %T %+v rows %d: [%d] = %v, want %v", name, buf[i], w, rows, i-off, buf[i], want[i])
					}
				}
			}
			places, want := make([]int, n+9), make([]int, n+9)
			for i := range n {
				best := Inf[T](-1)
				for q := range w.Height * w.Width {
					y := x[i/cols*w.Down+i%cols*w.Right+q/w.Width*w.Line+q%w.Width]
					if y > best || y != y && best == best {
						best, want[i] = y, q
					}
				}
			}
			WindowArgMaxs(places[:n], x, w)
			if !slices.Equal(places, want) {
				t.Fatalf("places in %+v rows %d: %v, want %v", w, rows, places, want)
			}
		}
	}
}

// TestWindowsEmpty: a window of no element has the value over nothing.
func TestWindowsEmpty(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		got := []float64{1, 2}
		WindowSums(got, nil, Windows{Cols: 2, Right: 1})
		if got[0] != 0 || got[1] != 0 {
			t.Errorf("sums over nothing: %v", got)
		}
		WindowMaxs(got, nil, Windows{Cols: 2, Right: 1})
		if got[0] != Inf[float64](-1) || got[1] != got[0] {
			t.Errorf("largest of nothing: %v", got)
		}
		at := []int{1, 2}
		if WindowArgMaxs[float64](at, nil, Windows{Cols: 2, Right: 1}); at[0] != 0 || at[1] != 0 {
			t.Errorf("places in nothing: %v", at)
		}
	})
}
