package runtime

// gemmPortable is Gemm in plain Go for m, n, k > 0: the form for processors
// without kernels, and the oracle of those that have them.
func gemmPortable[T Float](m, n, k int, a []T, ars, acs int, b []T, brs, bcs int, c []T, crs, ccs int, acc bool) {
	// Transposing all three gives the same sums; take the form with long rows.
	if (bcs != 1 || ccs != 1) && ars == 1 && crs == 1 {
		m, n = n, m
		a, b = b, a
		ars, acs, brs, bcs = bcs, brs, acs, ars
		crs, ccs = ccs, crs
	}
	if bcs == 1 && ccs == 1 {
		for i := range m {
			ci := c[i*crs : i*crs+n]
			if !acc {
				clear(ci)
			}
			rowTimesMatrix(n, k, a[i*ars:], acs, b, brs, ci)
		}
		return
	}
	for i := range m {
		for j := range n {
			s := dot(k, a[i*ars:], acs, b[j*bcs:], brs)
			if acc {
				s += c[i*crs+j*ccs]
			}
			c[i*crs+j*ccs] = s
		}
	}
}

// rowTimesMatrix adds a[k] @ B[k,n] to c, four rows of B at a time.
func rowTimesMatrix[T Float](n, k int, a []T, acs int, b []T, brs int, c []T) {
	p := 0
	for ; p+4 <= k; p += 4 {
		a0, a1, a2, a3 := a[p*acs], a[(p+1)*acs], a[(p+2)*acs], a[(p+3)*acs]
		b0, b1 := b[p*brs:][:len(c)], b[(p+1)*brs:][:len(c)]
		b2, b3 := b[(p+2)*brs:][:len(c)], b[(p+3)*brs:][:len(c)]
		for j := range c {
			c[j] += a0*b0[j] + a1*b1[j] + (a2*b2[j] + a3*b3[j])
		}
	}
	for ; p < k; p++ {
		ap := a[p*acs]
		bp := b[p*brs:][:len(c)]
		for j := range c {
			c[j] += ap * bp[j]
		}
	}
}

// dot is the product of two strided vectors, in four partial sums.
func dot[T Float](k int, a []T, as int, b []T, bs int) T {
	var s0, s1, s2, s3 T
	p := 0
	if as == 1 && bs == 1 {
		a, b := a[:k], b[:k]
		for ; p+4 <= len(a) && p+4 <= len(b); p += 4 {
			s0 += a[p] * b[p]
			s1 += a[p+1] * b[p+1]
			s2 += a[p+2] * b[p+2]
			s3 += a[p+3] * b[p+3]
		}
	} else {
		for ; p+4 <= k; p += 4 {
			s0 += a[p*as] * b[p*bs]
			s1 += a[(p+1)*as] * b[(p+1)*bs]
			s2 += a[(p+2)*as] * b[(p+2)*bs]
			s3 += a[(p+3)*as] * b[(p+3)*bs]
		}
	}
	for ; p < k; p++ {
		s0 += a[p*as] * b[p*bs]
	}
	return (s0 + s1) + (s2 + s3)
}
