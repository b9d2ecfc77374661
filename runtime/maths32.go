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

// logTable holds 1/c and log c of the numbers c in the middle of the 32 parts of
// logCore's range. What is near 1 belongs to c = 1.
var logTable = [32]struct{ inverse, log float64 }{
	{0x1.642c8590b2164p0, -0x1.522ae0738a3d7p-2}, {0x1.5c9882b931057p0, -0x1.3c25277333183p-2},
	{0x1.5555555555555p0, -0x1.269621134db91p-2}, {0x1.4e5e0a72f0539p0, -0x1.1178e8227e47ap-2},
	{0x1.47ae147ae147bp0, -0x1.f991c6cb3b37ap-3}, {0x1.4141414141414p0, -0x1.d1037f2655e7bp-3},
	{0x1.3b13b13b13b14p0, -0x1.a93ed3c8ad9e5p-3}, {0x1.3521cfb2b78c1p0, -0x1.823c16551a3cp-3},
	{0x1.2f684bda12f68p0, -0x1.5bf406b543dbp-3}, {0x1.29e4129e4129ep0, -0x1.365fcb0159014p-3},
	{0x1.2492492492492p0, -0x1.1178e8227e47ap-3}, {0x1.1f7047dc11f7p0, -0x1.da7276384469ep-4},
	{0x1.1a7b9611a7b96p0, -0x1.9335e5d594988p-4}, {0x1.15b1e5f75270dp0, -0x1.4d3115d207eacp-4},
	{0x1.1111111111111p0, -0x1.08598b59e3a06p-4}, {0x1.0c9714fbcda3bp0, -0x1.894aa149fb34bp-5},
	{0x1.0842108421084p0, -0x1.0415d89e7444p-5}, {0x1.041041041041p0, -0x1.0205658935837p-6},
	{1, 0}, {0x1.f07c1f07c1f08p-1, 0x1.f829b0e7832f8p-6},
	{0x1.e1e1e1e1e1e1ep-1, 0x1.f0a30c01162a8p-5}, {0x1.d41d41d41d41dp-1, 0x1.6f0d28ae56b4ep-4},
	{0x1.c71c71c71c71cp-1, 0x1.e27076e2af2eap-4}, {0x1.bacf914c1badp-1, 0x1.29552f81ff521p-3},
	{0x1.af286bca1af28p-1, 0x1.5ff3070a793d6p-3}, {0x1.a41a41a41a41ap-1, 0x1.9525a9cf456b6p-3},
	{0x1.999999999999ap-1, 0x1.c8ff7c79a9a2p-3}, {0x1.8f9c18f9c18fap-1, 0x1.fb9186d5e3e29p-3},
	{0x1.8618618618618p-1, 0x1.1675cababa60fp-2}, {0x1.7d05f417d05f4p-1, 0x1.2e8e2bae11d31p-2},
	{0x1.745d1745d1746p-1, 0x1.4618bc21c5ec2p-2}, {0x1.6c16c16c16c17p-1, 0x1.5d1bdbf5809cap-2},
}

// logCore is log(x) of a positive normal x with relative error below 2^-32, by
// x = 2^k c (1+r) with c of the table, |r| < 1/64 and a polynomial in r; the method
// of logf in ARM's optimized routines.
func logCore(x float64) float64 {
	const from = 0x3fe6c00000000000 // of the range that c is from, as bits
	n := math.Float64bits(x) - from
	c := logTable[n>>47&31]
	r := math.Float64frombits(n&(1<<52-1)+from)*c.inverse - 1
	r2 := r * r
	return float64(int64(n)>>52)*math.Ln2 + c.log + (r + r2*((r*(1.0/3)-1.0/2)+r2*(r*(1.0/5)-1.0/4)))
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

// Logistic32 is Softplus and Sigmoid of x, then both of -x, by one exponential.
func Logistic32(x float32) (softplus, sigmoid, softplusNeg, sigmoidNeg float32) {
	d := float64(x)
	a := math.Abs(d)
	if !(a < 104) {
		return Softplus32(x), Sigmoid32(x), Softplus32(-x), Sigmoid32(-x)
	}
	e := expCore(-a)
	s := 1 / (1 + e)
	var l float64
	if a < 9 {
		l = logCore(1 + e)
	} else {
		l = e - e*e*(1.0/2-e*(1.0/3))
	}
	if d < 0 {
		return float32(l), float32(e * s), float32(l + a), float32(s)
	}
	return float32(l + a), float32(s), float32(l), float32(e * s)
}

// SigmoidBoth32 is Sigmoid of x and of -x.
func SigmoidBoth32(x float32) (sigmoid, sigmoidNeg float32) {
	d := float64(x)
	a := math.Abs(d)
	if !(a < 104) {
		return Sigmoid32(x), Sigmoid32(-x)
	}
	e := expCore(-a)
	s := 1 / (1 + e)
	if d < 0 {
		return float32(e * s), float32(s)
	}
	return float32(s), float32(e * s)
}
