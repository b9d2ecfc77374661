package runtime

import "math"

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
func (s Stream) normals(i uint64) (float64, float64) {
	u, v := s.pair(i)
	r := math.Sqrt(-2 * math.Log1p(-u)) // 1-u is in (0,1]: the logarithm is finite
	sin, cos := math.Sincos(2 * math.Pi * v)
	return r * cos, r * sin
}

// Normal fills dst with draws of mean mean and standard deviation std. Element
// i is a function of seed, path and i alone: a longer tensor has the same
// beginning, and the order of evaluation does not matter. A float32 is the
// rounded float64.
func Normal[T Float](dst []T, seed uint64, path string, mean, std float64) {
	s := NewStream(seed, path)
	for i := 0; i < len(dst); i += 2 {
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
	s := NewStream(seed, path)
	for i := 0; i < len(dst); i += 2 {
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
	s := NewStream(seed, path)
	for i := 0; i < len(dst); i += 2 {
		u, v := s.pair(uint64(i) / 2)
		dst[i] = bernoulli[T](u, p)
		if i+1 < len(dst) {
			dst[i+1] = bernoulli[T](v, p)
		}
	}
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
