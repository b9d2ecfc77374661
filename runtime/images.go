package runtime

// Images are rows of equal length below each other. As in rows.go there are
// vector forms of what follows, here with the same results as the loops.

// Stretches sets dst, an image of rows of cols elements, to one of which each
// element is repeated: element (i, j) is src[i/down*stride + j/right].
func Stretches[T Float](dst, src []T, cols, down, right, stride int) {
	if len(dst) == 0 {
		return
	}
	rows := (len(dst)/cols + down - 1) / down
	src = src[:(rows-1)*stride+(cols+right-1)/right]
	if k := rowsOf[T](); k != nil && right == 2 && len(dst) == rows*down*cols {
		k.Stretch(cols, &dst[0], &src[0], rows, down, stride)
		return
	}
	for i := 0; i*cols < len(dst); i++ {
		row, from := dst[i*cols:][:cols], src[i/down*stride:]
		if i%down > 0 {
			copy(row, dst[(i-1)*cols:])
			continue
		}
		for j := 0; j < cols; j += right {
			v := from[j/right]
			for e := range row[j:min(j+right, cols)] {
				row[j+e] = v
			}
		}
	}
}

// Strides sets element i*m + k of dst, for k in m, to src[i*a + k*b].
func Strides[T Float](dst, src []T, m, a, b int) {
	switch n := (len(dst) + m - 1) / m; {
	case m > 1 && b == 1 || n < m:
		for i := range n {
			row := dst[i*m : min(i*m+m, len(dst))]
			stride(row, src[i*a:], 1, b)
		}
	default:
		for k := range min(m, len(dst)) {
			stride(dst[k:], src[k*b:], m, a)
		}
	}
}

// stride sets each element that many apart of dst to one of src.
func stride[T Float](dst, src []T, to, from int) {
	switch {
	case to == 1 && from == 1:
		for i, x := range src[:len(dst)] {
			dst[i] = x
		}
	case from == 1:
		at := 0
		for _, x := range src[:(len(dst)+to-1)/to] {
			dst[at] = x
			at += to
		}
	default:
		at := 0
		for i := 0; i < len(dst); i += to {
			dst[i] = src[at]
			at += from
		}
	}
}

// Windows are the windows of an image, Cols in a row of them. Window (i, j) begins
// at element i*Down + j*Right, and consists of Height rows, Line apart, of Width
// neighbours.
type Windows struct{ Cols, Down, Right, Height, Line, Width int }

// WindowSums sets dst to the sum of each window of x.
func WindowSums[T Float](dst, x []T, w Windows) {
	if rows := w.rows(len(dst), len(x)); rows > 0 {
		if k := rowsOf[T](); k != nil && w.Right <= 2 {
			f := k.WindowSum1
			if w.Right == 2 {
				f = k.WindowSum2
			}
			f(w.Cols, &dst[0], &x[0], rows, w.Down, w.Height, w.Line, w.Width)
			return
		}
	}
	for i := range dst {
		var s T
		at := w.at(i)
		for u := range w.Height {
			for _, v := range x[at+u*w.Line:][:w.Width] {
				s += v
			}
		}
		dst[i] = s
	}
}

// WindowMaxs sets dst to the largest element of each window of x, NaN if there is
// one. The sign of a zero is not told.
func WindowMaxs[T Float](dst, x []T, w Windows) {
	if rows := w.rows(len(dst), len(x)); rows > 0 {
		if k := rowsOf[T](); k != nil && w.Right <= 2 {
			f := k.WindowMax1
			if w.Right == 2 {
				f = k.WindowMax2
			}
			f(w.Cols, &dst[0], &x[0], rows, w.Down, w.Height, w.Line, w.Width)
			return
		}
	}
	for i := range dst {
		m := Inf[T](-1)
		at := w.at(i)
		for u := range w.Height {
			for _, v := range x[at+u*w.Line:][:w.Width] {
				m = max(m, v)
			}
		}
		dst[i] = m
	}
}

// WindowArgMaxs sets dst to the place of the largest element of each window of x,
// of the first if there are several, or of the first NaN: element (u, v) of a
// window is its element number u*Width + v.
func WindowArgMaxs[T Float](dst []int, x []T, w Windows) {
	if rows := w.rows(len(dst), len(x)); rows > 0 {
		if k := rowsOf[T](); k != nil && w.Right <= 2 {
			f := k.WindowPlace1
			if w.Right == 2 {
				f = k.WindowPlace2
			}
			f(w.Cols, &dst[0], &x[0], rows, w.Down, w.Height, w.Line, w.Width)
			return
		}
	}
	for i := range dst {
		m, place := Inf[T](-1), 0
		at := w.at(i)
		for u := range w.Height {
			for v, y := range x[at+u*w.Line:][:w.Width] {
				if y > m || y != y && m == m {
					m, place = y, u*w.Width+v
				}
			}
		}
		dst[i] = place
	}
}

// at is where a window begins.
func (w Windows) at(i int) int { return i/w.Cols*w.Down + i%w.Cols*w.Right }

// rows is how many rows n windows are in. It panics if x, of the given length, is
// too short, and is 0 if there is no element in a window or no window.
func (w Windows) rows(n, x int) int {
	if n == 0 || w.Height <= 0 || w.Width <= 0 {
		return 0
	}
	rows := n / w.Cols
	if w.Down < 0 || w.Right < 1 || w.Line < 0 || rows*w.Cols != n || w.at(n-1)+(w.Height-1)*w.Line+w.Width > x {
		panic("rt: windows beyond their image")
	}
	return rows
}
