package data

import (
	"iter"
	"math/bits"

	rt "github.com/nnc-lang/nnc/runtime"
)

// All returns 0..n-1: every example, in order.
func All(n int) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	return p
}

// Perm returns a random permutation of 0..n-1.
func Perm(n int, seed uint64) []int {
	p := All(n)
	Shuffle(p, seed)
	return p
}

// Shuffle permutes p at random, every order equally likely (Fisher and Yates).
func Shuffle[E any](p []E, seed uint64) {
	s := rt.NewStream(seed, "data.Shuffle")
	for i := len(p) - 1; i > 0; i-- {
		j := below(s, i, i+1)
		p[i], p[j] = p[j], p[i]
	}
}

// below is draw i of the stream as an integer of 0..n-1: 53 bits times n, whose
// bias is below n/2^53.
func below(s rt.Stream, i, n int) int {
	u := uint64(s.Uniform(i) * (1 << 53))
	hi, _ := bits.Mul64(u<<11, uint64(n))
	return int(hi)
}

// Batches goes through 0..n-1 in random order, size at a time; the last batch is
// what is left. The slice is reused: it holds until the next step. Another epoch
// takes another seed.
func Batches(n, size int, seed uint64) iter.Seq[[]int] {
	if size <= 0 {
		panic("data: Batches of no examples")
	}
	return func(yield func([]int) bool) {
		p := Perm(n, seed)
		for len(p) > 0 {
			b := p[:min(size, len(p))]
			if !yield(b[:len(b):len(b)]) {
				return
			}
			p = p[len(b):]
		}
	}
}

// Gather copies the rows numbered by batch, each of width values, from src to
// dst and returns the part of dst that was filled.
func Gather[E any](dst, src []E, batch []int, width int) []E {
	for i, n := range batch {
		copy(dst[i*width:(i+1)*width], src[n*width:(n+1)*width])
	}
	return dst[:len(batch)*width]
}
