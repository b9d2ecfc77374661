package runtime

import (
	"unsafe"

	"github.com/nnc-lang/nnc/runtime/internal/kernels"
)

// gemmKernels is Gemm on the assembly kernels, for m, n, k > 0 and bounds that
// have been checked. A kernel wants contiguous rows of B and C; of A it takes
// any strides. What has another layout is exchanged, or packed.
func gemmKernels[T Float](m, n, k int, a []T, ars, acs int, b []T, brs, bcs int, c []T, crs, ccs int, acc bool) {
	// The transpose of the product is the product of the transposes.
	if m == 1 && n > 1 || n > 1 && ccs != 1 && crs == 1 {
		m, n = n, m
		a, b = b, a
		ars, acs, brs, bcs = bcs, brs, acs, ars
		crs, ccs = ccs, crs
	}
	switch {
	case n == 1:
		matrixVector(m, k, a, ars, acs, b, brs, c, crs, acc)
	case ccs != 1:
		gemmScattered(m, n, k, a, ars, acs, b, brs, bcs, c, crs, ccs, acc)
	case bcs != 1 && brs == 1 && acs == 1 && m <= maxDotRows:
		for i := range m {
			dots(n, k, b, bcs, a[i*ars:], c[i*crs:], 1, acc)
		}
	default:
		gemmParallel(m, n, k, a, ars, acs, b, brs, bcs, c, crs, acc)
	}
}

// Up to how many rows inner products beat packing B, one row at a time and in
// blocks; the latter for sums of minInner terms at least.
const (
	maxDotRows   = 3
	maxInnerRows = 24
	minInner     = 256
)

// matrixVector is y[m] (+)= A[m,k] @ x[k]. It reads A once, along its rows or
// along its columns, whichever is contiguous.
func matrixVector[T Float](m, k int, a []T, ars, acs int, x []T, xs int, y []T, ys int, acc bool) {
	switch {
	case ars == 1 && acs != 1 && (ys == 1 || m == 1):
		strip(1, k, x, 0, xs, a, acs, y, 0, m, acc)
	case acs == 1 && xs == 1:
		dots(m, k, a, ars, x, y, ys, acc)
	default:
		w := workspaces.Get().(*workspace)
		xp := buffer[T](&w.a)
		yp := buffer[T](&w.c)
		for i := 0; i < m; i += len(yp) {
			rows := min(m-i, len(yp))
			for p := 0; p < k; p += len(xp) {
				cols := min(k-p, len(xp))
				for q := range cols {
					xp[q] = x[(p+q)*xs]
				}
				vectorPart(rows, cols, a[i*ars+p*acs:], ars, acs, xp, yp, p > 0)
			}
			scatter(rows, 1, yp, 1, y[i*ys:], ys, 1, acc)
		}
		workspaces.Put(w)
	}
}

// vectorPart is matrixVector with x and y packed.
func vectorPart[T Float](m, k int, a []T, ars, acs int, x, y []T, acc bool) {
	switch {
	case acs == 1:
		dots(m, k, a, ars, x, y, 1, acc)
	case ars == 1:
		strip(1, k, x, 0, 1, a, acs, y, 0, m, acc)
	default:
		for i := range m {
			s := dot(k, a[i*ars:], acs, x, 1)
			if acc {
				s += y[i]
			}
			y[i] = s
		}
	}
}

// dots is y[m] (+)= A[m,k] @ x[k] for contiguous rows of A and contiguous x.
func dots[T Float](m, k int, a []T, ars int, x []T, y []T, ys int, acc bool) {
	i := 0
	for ; i+kernels.DotRows <= m; i += kernels.DotRows {
		dotRows(k, a[i*ars:], ars, x, y[i*ys:], ys, acc)
	}
	for ; i < m; i++ { // one row four times over
		var s [kernels.DotRows]T
		dotRows(k, a[i*ars:], 0, x, s[:], 1, false)
		if acc {
			s[0] += y[i*ys]
		}
		y[i*ys] = s[0]
	}
}

// gemmScattered is for C with contiguous neither rows nor columns: by tiles in a
// buffer.
func gemmScattered[T Float](m, n, k int, a []T, ars, acs int, b []T, brs, bcs int, c []T, crs, ccs int, acc bool) {
	w := workspaces.Get().(*workspace)
	tile := buffer[T](&w.c)
	for j := 0; j < n; j += tileCols {
		cols := min(n-j, tileCols)
		for i := 0; i < m; i += tileRows {
			rows := min(m-i, tileRows)
			gemmBlocked(rows, cols, k, a[i*ars:], ars, acs, b[j*bcs:], brs, bcs, tile, tileCols, false)
			scatter(rows, cols, tile, tileCols, c[i*crs+j*ccs:], crs, ccs, acc)
		}
	}
	workspaces.Put(w)
}

// scatter copies a tile to C or adds it.
func scatter[T Float](m, n int, tile []T, ts int, c []T, crs, ccs int, acc bool) {
	for i := range m {
		for j := range n {
			x := tile[i*ts+j]
			if acc {
				x += c[i*crs+j*ccs]
			}
			c[i*crs+j*ccs] = x
		}
	}
}

// strip and the next three call the kernel of the element type.
func strip[T Float](rows, k int, a []T, ars, acs int, b []T, brs int, c []T, crs, n int, acc bool) {
	size := sizeOf[T]()
	acs, brs = acs*size, brs*size
	stripTable(rows, k, a, ars, &acs, b, &brs, 0, c, crs, n, acc)
}

// stripTable is strip with steps of k as the kernel takes them, in bytes.
func stripTable[T Float](rows, k int, a []T, ars int, acs *int, b []T, brs *int, step int, c []T, crs, n int, acc bool) {
	if is32[T]() {
		level.Strip32(rows, k, pointer32(a), ars, acs, pointer32(b), brs, step, pointer32(c), crs, n, acc)
	} else {
		level.Strip64(rows, k, pointer64(a), ars, acs, pointer64(b), brs, step, pointer64(c), crs, n, acc)
	}
}

func dotRows[T Float](k int, a []T, ars int, x, y []T, ys int, acc bool) {
	if is32[T]() {
		level.Dots32(k, pointer32(a), ars, pointer32(x), pointer32(y), ys, acc)
	} else {
		level.Dots64(k, pointer64(a), ars, pointer64(x), pointer64(y), ys, acc)
	}
}

func transposeBlocks[T Float](blocks int, src []T, srs int, dst []T, drs int) {
	if is32[T]() {
		level.Transpose32(blocks, pointer32(src), srs, pointer32(dst), drs)
	} else {
		level.Transpose64(blocks, pointer64(src), srs, pointer64(dst), drs)
	}
}

func pointer32[T Float](x []T) *float32 { return (*float32)(unsafe.Pointer(unsafe.SliceData(x))) }
func pointer64[T Float](x []T) *float64 { return (*float64)(unsafe.Pointer(unsafe.SliceData(x))) }
