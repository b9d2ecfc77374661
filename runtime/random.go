package runtime

import (
	"math"

	"github.com/nnc-lang/nnc/runtime/internal/kernels"
)

// Uniform returns element i, uniform in [0,1).
func (s Stream) Uniform(i int) float64 {
	u, v := s.pair(uint64(i) / 2)
	if i&1 == 1 {
		return v
	}
	return u
}

// Normal returns element i of the standard normal distribution.
func (s Stream) Normal(i int) float64 {
	x, y := s.normals(uint64(i) / 2)
	if i&1 == 1 {
		return y
	}
	return x
}

// normals is the transform of Box and Muller: two uniforms to two normals.
func (s Stream) normals(i uint64) (float64, float64) { return boxMuller(s.pair(i)) }

// Normal fills dst with draws of mean mean and standard deviation std. Element
// i is a function of seed, path and i alone: a longer tensor has the same
// beginning, and the order of evaluation does not matter. A float32 is the
// rounded float64.
func Normal[T Float](dst []T, seed uint64, path string, mean, std float64) {
	s, from := NewStream(seed, path), 0
	if k, steps := drawSteps(dst); k != nil {
		k.Normal(steps, &dst[0], 0, s.seed, s.path, mean, std)
		from = steps * k.DrawStep
	}
	for i := from; i < len(dst); i += 2 {
		x, y := s.normals(uint64(i) / 2)
		dst[i] = T(mean + float64(std*x))
		if i+1 < len(dst) {
			dst[i+1] = T(mean + float64(std*y))
		}
	}
}

// Uniform fills dst with draws from lo to hi; keyed as in Normal. In float32
// the rounding of a value just below hi may give hi.
func Uniform[T Float](dst []T, seed uint64, path string, lo, hi float64) {
	s, from := NewStream(seed, path), 0
	if k, steps := drawSteps(dst); k != nil {
		k.Uniform(steps, &dst[0], 0, s.seed, s.path, lo, hi-lo)
		from = steps * k.DrawStep
	}
	for i := from; i < len(dst); i += 2 {
		u, v := s.pair(uint64(i) / 2)
		dst[i] = T(lo + float64((hi-lo)*u))
		if i+1 < len(dst) {
			dst[i+1] = T(lo + float64((hi-lo)*v))
		}
	}
}

// Bernoulli fills dst with 1 where a draw, keyed as in Normal, has come out with
// probability p, else with 0.
func Bernoulli[T Float](dst []T, seed uint64, path string, p float64) {
	s, from := NewStream(seed, path), 0
	if k, steps := drawSteps(dst); k != nil {
		k.Bernoulli(steps, &dst[0], 0, s.seed, s.path, p)
		from = steps * k.DrawStep
	}
	for i := from; i < len(dst); i += 2 {
		u, v := s.pair(uint64(i) / 2)
		dst[i] = bernoulli[T](u, p)
		if i+1 < len(dst) {
			dst[i+1] = bernoulli[T](v, p)
		}
	}
}

// drawSteps is the kernels, and how many whole steps of draws they give dst; nil for
// none. What they draw is what the loops for the rest would have drawn.
func drawSteps[T Float](dst []T) (*kernels.Rows[T], int) {
	if k := rowsOf[T](); k != nil && len(dst) >= k.DrawStep {
		return k, len(dst) / k.DrawStep
	}
	return nil, 0
}

func bernoulli[T Float](u, p float64) T {
	if u < p {
		return 1
	}
	return 0
}

// Orthogonal fills dst [rows,cols] with a matrix drawn evenly from those with
// orthonormal rows, or orthonormal columns if there are more rows than columns:
// the Q of the QR decomposition, with positive R, of a normal matrix (Mezzadri,
// "How to generate random matrices from the classical compact groups", 2007).
// It allocates.
func Orthogonal[T Float](dst []T, rows, cols int, seed uint64, path string) {
	r, c := min(rows, cols), max(rows, cols)
	q := make([]float64, r*c)
	Normal(q, seed, path, 0, 1)
	for i := range r {
		qi := q[i*c : i*c+c]
		for range 2 { // the second sweep takes away what rounding left of the first
			for j := range i {
				qj := q[j*c : j*c+c]
				s := dot(c, qi, 1, qj, 1)
				for l := range qi {
					qi[l] -= float64(s * qj[l])
				}
			}
		}
		norm := math.Sqrt(dot(c, qi, 1, qi, 1))
		for l := range qi {
			qi[l] /= norm
		}
	}
	for i := range rows {
		for j := range cols {
			if rows > cols {
				dst[i*cols+j] = T(q[j*c+i])
			} else {
				dst[i*cols+j] = T(q[i*c+j])
			}
		}
	}
}
