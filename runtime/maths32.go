package runtime

import "math"

// The float32 forms by themselves save emitted code, which knows its element type,
// the call that the generic functions cost. They compute in float64 and round once at the end, so they
// need no care about cancellation in the last bits, and no tails: scalar float64
// arithmetic costs the same as float32.

// exp2Table holds the bits of 2^(i/32).
var exp2Table = [32]uint64{
	0x3ff0000000000000, 0x3ff059b0d3158574, 0x3ff0b5586cf9890f, 0x3ff11301d0125b51,
	0x3ff172b83c7d517b, 0x3ff1d4873168b9aa, 0x3ff2387a6e756238, 0x3ff29e9df51fdee1,
	0x3ff306fe0a31b715, 0x3ff371a7373aa9cb, 0x3ff3dea64c123422, 0x3ff44e086061892d,
	0x3ff4bfdad5362a27, 0x3ff5342b569d4f82, 0x3ff5ab07dd485429, 0x3ff6247eb03a5585,
	0x3ff6a09e667f3bcd, 0x3ff71f75e8ec5f74, 0x3ff7a11473eb0187, 0x3ff82589994cce13,
	0x3ff8ace5422aa0db, 0x3ff93737b0cdc5e5, 0x3ff9c49182a3f090, 0x3ffa5503b23e255d,
	0x3ffae89f995ad3ad, 0x3ffb7f76f2fb5e47, 0x3ffc199bdd85529c, 0x3ffcb720dcef9069,
	0x3ffd5818dcfba487, 0x3ffdfc97337b9b5f, 0x3ffea4afa2a490da, 0x3fff50765b6e4540,
}

// expCore is e^x for |x| < 700 with relative error below 2^-39, by
// x = (32q + i + r) ln2/32 with |r| <= 1/2 and a polynomial in r; the method of
// exp2f in ARM's optimized routines.
func expCore(x float64) float64 {
	const (
		scale = 32 / math.Ln2
		shift = 0x1.8p52 // adding it rounds to an integer, which the low bits show
		c1    = math.Ln2 / 32
		c2    = c1 * c1 / 2
		c3    = c1 * c1 * c1 / 6
		c4    = c1 * c1 * c1 * c1 / 24
	)
	z := x * scale
	k := z + shift
	r := z - (k - shift)
	n := math.Float64bits(k)
	s := math.Float64frombits(exp2Table[n&31] + n>>5<<52)
	return s + s*(r*(c1+r*c2)+r*r*(r*(c3+r*c4)))
}

// Exp32 is Exp in float32.
func Exp32(x float32) float32 {
	if x < 89 && x > -104 {
		return float32(expCore(float64(x)))
	}
	return exp32Tail(x)
}

// exp32Tail is e^x where it is 0, infinite or NaN in float32.
func exp32Tail(x float32) float32 {
	switch {
	case x >= 89:
		return float32(math.Inf(1))
	case x <= -104:
		return 0
	}
	return x // NaN
}

// Expm132 is Expm1 in float32.
func Expm132(x float32) float32 {
	d := float64(x)
	switch {
	case math.Abs(d) < 0x1p-6:
		return float32(d * (1 + d*(1.0/2+d*(1.0/6+d*(1.0/24+d*(1.0/120))))))
	case x < 89 && x > -18:
		return float32(expCore(d) - 1)
	case x <= -18:
		return -1
	}
	return exp32Tail(x)
}

// Sigmoid32 is Sigmoid in float32.
func Sigmoid32(x float32) float32 {
	if x > -104 && x < 104 {
		return float32(1 / (1 + expCore(-float64(x))))
	}
	if x >= 104 {
		return 1
	}
	return exp32Tail(x)
}

// Tanh32 is Tanh in float32.
func Tanh32(x float32) float32 {
	d := float64(x)
	a := math.Abs(d) // the sign is a coin no branch predictor can call
	switch {
	case a < 0x1p-6:
		d2 := d * d
		return float32(d * (1 - d2*(1.0/3-d2*(2.0/15-d2*(17.0/315)))))
	case a < 10:
		e := expCore(2 * d)
		return float32((e - 1) / (e + 1))
	case x >= 10:
		return 1
	case x <= -10:
		return -1
	}
	return x // NaN
}

// logCore is log(x) of a positive normal x with relative error below 2^-35, by
// log(2^k m) = k ln2 + 2 artanh((m-1)/(m+1)) with m between sqrt(1/2) and sqrt(2).
func logCore(x float64) float64 {
	const sqrtHalf = 0x3FE6A09E667F3BCD
	b := math.Float64bits(x)
	k := int64(b-sqrtHalf) >> 52
	m := math.Float64frombits(b - uint64(k)<<52)
	s := (m - 1) / (m + 1)
	t := s * s
	t2 := t * t
	p := (2.0/3 + t*(2.0/5)) + t2*((2.0/7+t*(2.0/9))+t2*((2.0/11+t*(2.0/13))+t2*(2.0/15)))
	return float64(k)*math.Ln2 + (2*s + s*t*p)
}

// Log32 is Log in float32.
func Log32(x float32) float32 {
	if x > 0 && x <= math.MaxFloat32 {
		return float32(logCore(float64(x)))
	}
	return float32(math.Log(float64(x)))
}

// Log1p32 is Log1p in float32.
func Log1p32(x float32) float32 {
	d := float64(x)
	switch {
	case math.Abs(d) < 0x1p-12:
		return float32(d * (1 - d*(1.0/2-d*(1.0/3))))
	case x > -1 && x <= math.MaxFloat32:
		return float32(logCore(1 + d))
	}
	return float32(math.Log1p(d))
}

// Softplus32 is Softplus in float32.
func Softplus32(x float32) float32 {
	d := float64(x)
	switch {
	case x >= 20:
		return x // e^-x is below half a unit of x
	case x > -9:
		return float32(logCore(1 + expCore(d)))
	case x > -104:
		e := expCore(d)
		return float32(e - e*e*(1.0/2-e*(1.0/3)))
	}
	return exp32Tail(x)
}
