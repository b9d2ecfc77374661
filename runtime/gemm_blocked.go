package runtime

// gemmBlocked is Gemm for contiguous rows of C. It goes through B in blocks of
// blockK by blockN bytes that fits in the second-level cache, and within a
// block through strips of A that fit in the first. Blocks and strips, and so
// the order of every sum, follow from the sizes and strides alone.
func gemmBlocked[T Float](m, n, k int, a []T, ars, acs int, b []T, brs, bcs int, c []T, crs int, acc bool) {
	rows := level.Rows()
	packB := bcs != 1 || m >= 8*rows && brs*sizeOf[T]() >= farStride
	packA := n >= 8*rows && collides(ars*sizeOf[T](), acs)
	var w *workspace
	var ap, bp []T
	if packA || packB {
		w = workspaces.Get().(*workspace)
		ap, bp = buffer[T](&w.a), buffer[T](&w.b)
	}
	nc, kc := blockN/sizeOf[T](), blockK/sizeOf[T]()
	for j := 0; j < n; j += nc {
		cols := min(n-j, nc)
		for p := 0; p < k; p += kc {
			depth := min(k-p, kc)
			bb, bs := b[p*brs+j*bcs:], brs
			if packB {
				bb, bs = bp, cols&^15+packPad
				pack(depth, cols, b[p*brs+j*bcs:], brs, bcs, bp, bs)
			}
			for i, r := 0, 0; i < m; i += r {
				if r = min(m-i, rows); m-i > rows && m-i < 2*rows {
					r = (m - i + 1) / 2 // a strip of few rows reads B for little
				}
				aa, as, at := a[i*ars+p*acs:], ars, acs
				if packA {
					aa, as, at = ap, stripStride, 1
					pack(r, depth, a[i*ars+p*acs:], ars, acs, ap, stripStride)
				}
				strip(r, depth, aa, as, at, bb, bs, c[i*crs+j:], crs, cols, acc || p > 0)
			}
		}
	}
	if w != nil {
		workspaces.Put(w)
	}
}

// collides says whether the rows of a strip of A, so many bytes apart, fall into
// so few sets of the first-level cache (64 sets of 64 bytes) that they evict each
// other, or whether every element lies in a cache line of its own.
func collides(stride, acs int) bool {
	if acs == 1 {
		return stride%2048 == 0 && stride > 0
	}
	return stride > 64 && acs > 1
}
