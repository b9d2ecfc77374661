package runtime

// philox is Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random
// numbers: as easy as 1, 2, 3" (SC 2011): a bijection of the counter for each
// key, ten rounds of two 32-bit multiplications. It has no state, so that any
// element of any tensor can be drawn by itself.
func philox(c [4]uint32, key [2]uint32) [4]uint32 {
	const (
		m0, m1 = 0xD2511F53, 0xCD9E8D57
		w0, w1 = 0x9E3779B9, 0xBB67AE85 // golden ratio; sqrt(3)-1
	)
	k0, k1 := key[0], key[1]
	for range 10 {
		p0, p1 := uint64(c[0])*m0, uint64(c[2])*m1
		c[0], c[1], c[2], c[3] = uint32(p1>>32)^c[1]^k0, uint32(p1), uint32(p0>>32)^c[3]^k1, uint32(p0)
		k0 += w0
		k1 += w1
	}
	return c
}

// Stream is a sequence of random numbers, each a function of the seed, the path
// of the tensor it is drawn for, and the element's index.
type Stream struct{ seed, path uint64 }

// NewStream returns the stream of the site path ("mlp.W1") under seed.
func NewStream(seed uint64, path string) Stream {
	// FNV-1a, then the finaliser of SplitMix64 so that near paths lie far apart.
	h := uint64(14695981039346656037)
	for i := range len(path) {
		h = (h ^ uint64(path[i])) * 1099511628211
	}
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return Stream{seed, h ^ h>>31}
}

// pair returns the two 53-bit uniforms in [0,1) of block i, which belong to
// elements 2i and 2i+1.
func (s Stream) pair(i uint64) (float64, float64) {
	w := philox(
		[4]uint32{uint32(i), uint32(i >> 32), uint32(s.path), uint32(s.path >> 32)},
		[2]uint32{uint32(s.seed), uint32(s.seed >> 32)})
	return unit(w[0], w[1]), unit(w[2], w[3])
}

func unit(lo, hi uint32) float64 {
	return float64((uint64(hi)<<32|uint64(lo))>>11) * 0x1p-53
}
