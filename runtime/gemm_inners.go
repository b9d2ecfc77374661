package runtime

import "github.com/nnc-lang/nnc/runtime/internal/kernels"

// innerCols is how many rows of a transposed B stay in the second-level cache
// while the strips of A pass.
const innerCols = 48

// innerRows says whether m rows are few enough, and k long enough, for gemmInners.
func innerRows(m, k, acs, brs, bcs int) bool {
	return bcs != 1 && brs == 1 && acs == 1 && m <= maxInnerRows && k >= minInner && level.Windows()
}

// gemmInners is gemmBlocked for a B whose columns are contiguous, bcs apart, and
// contiguous rows of A: by inner products, the lanes of whose vectors are steps
// of k and are summed at the end. B is read in place, once for few rows of A,
// where gemmBlocked would pack it for them.
func gemmInners[T Float](m, n, k int, a []T, ars int, b []T, bcs int, c []T, crs int, acc bool) {
	size := sizeOf[T]()
	lanes := level.Lanes(size)
	w := workspaces.Get().(*workspace)
	packed := buffer[T](&w.a)
	var at [1]int
	most := len(packed) / kernels.WindowRows / lanes * lanes // of k at once
	strips := (m + kernels.WindowRows - 1) / kernels.WindowRows
	for p := 0; p < k; p += most {
		depth := min(k-p, most)
		full, rest := depth/lanes, 1<<(depth%lanes)-1
		stride := (depth + lanes - 1) / lanes * lanes
		for j0 := 0; j0 < n; j0 += innerCols {
			end := min(j0+innerCols, n)
			for s := range strips {
				i, rows := s*m/strips, (s+1)*m/strips-s*m/strips
				for r := range rows {
					gatherRuns(1, full, rest, lanes, a[(i+r)*ars+p:], &at[0], packed[r*stride:])
				}
				per := kernels.WindowVectors(rows)
				for j := j0; j < end; j += per {
					cols := min(per, end-j)
					var columns [4]int
					for q := range columns {
						columns[q] = min(q, cols-1) * bcs * size
					}
					inners(rows, 1, full, rest, packed, stride, b[j*bcs+p:], &columns, &at[0], c[i*crs+j:], crs, 1<<cols-1, acc || p > 0)
				}
			}
		}
	}
	workspaces.Put(w)
}
