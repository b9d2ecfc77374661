package runtime

import "math"

// boxMuller makes two normals of two uniforms in [0,1), sqrt(-2 log(1-u)) times the
// cosine and the sine of 2πv. The kernels of draws round each step as it stands here, so
// that a seed gives the same numbers on every processor: no function of package math,
// whose last digits depend on it, and no product that a compiler may fuse with a sum.
func boxMuller(u, v float64) (x, y float64) {
	r := math.Sqrt(-2 * log1(1-u))
	// turns and f are four times v in whole numbers and the rest, sin and cos those of πf/2
	const magic = 0x1.8p52
	t := float64(v*4) + magic
	turns := math.Float64bits(t)
	f := math.FMA(v, 4, -(t - magic))
	z := f * f
	sin := float64(f * horner(z, 5.6339337815378539538e-8, -3.598643352982309702e-6, 0.00016044115074219091052,
		-0.0046817541323409759917, 0.079692626246043003134, -0.64596409750624431573, 1.5707963267948966143))
	cos := math.FMA(z, horner(z, -6.3293963449674235121e-9, 4.7106784055052271063e-7, -0.000025202039028029176105,
		0.00091926027454684461873, -0.020863480763340772521, 0.25366950790104782321, -1.2337005501361698269), 1)
	if turns&1 == 1 {
		sin, cos = cos, sin
	}
	sin = math.Float64frombits(math.Float64bits(sin) ^ turns&2<<62)
	cos = math.Float64frombits(math.Float64bits(cos) ^ (turns+1)&2<<62)
	return float64(r * cos), float64(r * sin)
}

// log1 is the logarithm of w from 2^-53 to 1, by w = 2^k (1+f) and FDLIBM's polynomial.
func log1(w float64) float64 {
	const from = 0x3fe6a09e667f3bcd // sqrt(1/2), as bits
	b := math.Float64bits(w) - from
	k := float64(int64(b) >> 52)
	f := math.Float64frombits(b&(1<<52-1)+from) - 1
	s := f / (f + 2)
	z := s * s
	half := float64(f*f) * 0.5
	r := math.FMA(z, horner(z, 1.479819860511658591e-01, 1.531383769920937332e-01, 1.818357216161805012e-01,
		2.222219843214978396e-01, 2.857142874366239149e-01, 3.999999999940941908e-01, 6.666666666666735130e-01), half)
	low := math.FMA(k, ln2Low, float64(s*r))
	return math.FMA(k, ln2High, f-(half-low))
}

// horner is the polynomial of degree 6 with the highest coefficient first.
func horner(x, c6, c5, c4, c3, c2, c1, c0 float64) float64 {
	p := math.FMA(c6, x, c5)
	p = math.FMA(p, x, c4)
	p = math.FMA(p, x, c3)
	p = math.FMA(p, x, c2)
	p = math.FMA(p, x, c1)
	return math.FMA(p, x, c0)
}
