package simd

import "math"

// The functions of emitted code as expansions on vectors. Every one is right at
// ±Inf and NaN and keeps subnormals; none branches, so an element's result
// depends on that element alone. Errors are at most 2 units in the last place
// in float32 and 4 in float64; runtime tests them over all exponents.

// bias, mantissa bits and range of the element type.
func (l *lanes) mantissa() int   { return pick(l.form, 23, 52) }
func (l *lanes) biased() float64 { return pick(l.form, 127.0, 1023.0) }

// magic added to a number rounds it to an integer, which the low bits show.
func (l *lanes) magic() float64 { return math.Ldexp(1.5, l.mantissa()) }

// pow2 is 2^(n+more) for an integer n whose power is a normal number.
func (l *lanes) pow2(n val, more float64) val {
	s := l.add(n, l.num(l.magic()+l.biased()+more))
	l.shiftLeftTo(s, l.mantissa())
	return s
}

// scale is p*2^n with one rounding, for any n that exp makes.
func (l *lanes) scale(p, n val) val {
	if l.wide {
		return l.binary(pick(l.form, l.c.VSCALEFPS, l.c.VSCALEFPD), p, n)
	}
	// in two halves: 2^n alone may be beyond the range
	bias := l.num(l.magic() + l.biased())
	half := l.copy(bias)
	l.addMulTo(half, n, l.num(0.5))
	rest := l.sub(n, l.sub(half, bias))
	l.shiftLeftTo(half, l.mantissa())
	return l.mul(l.mul(p, half), l.pow2(rest, 0))
}

// Minimax polynomials q with e^r = 1 + r + r² q(r) for |r| <= ln2/2; of float32
// from Cephes (S. Moshier), of float64 interpolated at Chebyshev's points with 60 digits.
var (
	exp32 = []float64{1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1}
	exp64 = []float64{2.5100411082014901068e-8, 2.7620121717381935193e-7, 2.7557268406190795031e-6, 0.000024801521225986432477,
		0.00019841269863088254418, 0.0013888888917258758256, 0.0083333333333300548955, 0.041666666666624037667,
		0.16666666666666667455, 0.50000000000000010248}
)

// reduced is e^x = 2^n (1 + p), for x within the range where 2^n means anything.
func (l *lanes) reduced(x val) (p, n val) {
	r, _, n := l.argument(x)
	q := l.polynomial(r, pick(l.form, exp32, exp64)...)
	l.mulAddTo(q, l.mul(r, r), r)
	return q, n
}

// exact is reduced where p is r + s and what the rounding of r loses is in s,
// which saves a quarter of a unit.
func (l *lanes) exact(x val) (r, s, n val) {
	r, first, n := l.argument(x)
	low := l.sub(first, r)
	l.subMulTo(low, n, l.num(l.ln2()[1]))
	s = l.polynomial(r, pick(l.form, exp32, exp64)...)
	l.mulAddTo(s, l.mul(r, r), low)
	return r, s, n
}

// argument is r = x - n ln2, and first, which is r before the small part of ln2.
func (l *lanes) argument(x val) (r, first, n val) {
	t := l.copy(l.num(l.magic()))
	l.addMulTo(t, x, l.num(1/math.Ln2))
	n = l.sub(t, l.num(l.magic()))
	first = l.copy(x)
	l.subMulTo(first, n, l.num(l.ln2()[0]))
	r = l.copy(first)
	l.subMulTo(r, n, l.num(l.ln2()[1]))
	return r, first, n
}

// ln2 is in two parts, the first of few bits.
func (l *lanes) ln2() [2]float64 {
	return pick(l.form, [2]float64{0.693359375, -2.12194440054690583e-4}, [2]float64{0x1.62e42fee00000p-1, 1.90821492927058770002e-10})
}

func (l *lanes) exp(x arg) val {
	y := l.clamp(x, l.choose(-104, -746), l.choose(89, 710))
	p, n := l.reduced(y)
	return l.scale(l.add(p, l.num(1)), n)
}

// expm1 is 2^n p + (2^n - 1); half of it is computed, as 2^n alone may overflow.
func (l *lanes) expm1(x arg) val {
	v := l.reg(x)
	p, n := l.reduced(l.clamp(v, l.choose(-20, -42), l.choose(89, 710)))
	s := l.pow2(n, -1)
	l.mulAddTo(p, s, l.sub(s, l.num(0.5)))
	tiny := l.compare(l.abs(v), less, l.num(0x1p-60))
	return l.blend(tiny, v, l.add(p, p))
}

// Cephes' polynomial of tanh, (tanh(x) - x)/x³ in x² for |x| < 0.625.
var tanh32 = []float64{-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1}

// tanh is 1 - 2t/(t+1) with t = e^(-2|x|) and the sign of x, a polynomial in the
// middle in float32; in float64 there -m/(m+2) with m = e^(-2|x|) - 1, which has
// the same denominator.
func (l *lanes) tanh(x arg) val {
	v := l.reg(x)
	y := l.max(l.choose(-20, -42), l.mul(l.abs(v), l.num(-2)))
	p, n := l.reduced(y)
	s := l.pow2(n, 0)
	if l.size == 4 {
		far := l.compare(y, less, l.num(-1.25))
		l.mulAddTo(p, s, s)
		q := l.div(l.add(p, p), l.add(p, l.num(1)))
		q = l.withSign(l.sub(l.num(1), q), v)
		square := l.mul(v, v)
		near := l.mul(l.polynomial(square, tanh32...), square)
		l.mulAddTo(near, v, v)
		return l.blend(far, q, near)
	}
	l.mulAddTo(p, s, l.sub(s, l.num(1)))
	far := l.compare(y, less, l.num(-1))
	t := l.add(p, l.num(1))
	q := l.div(l.blend(far, l.add(t, t), l.abs(p)), l.add(p, l.num(2)))
	return l.withSign(l.blend(far, l.sub(l.num(1), q), q), v)
}

// fading is e^-|x| = 2^n (1 + p).
func (l *lanes) fading(x val, lowest constant) (p, n val) {
	r, s, n := l.exact(l.max(lowest, l.or(l.abs(x), l.signBit())))
	return l.add(r, s), n
}

// over1 is a/(1+t) for t between 0 and 1. In float32 what 1+t loses is put right.
func (l *lanes) over1(a, t val) val {
	u := l.add(t, l.num(1))
	q := l.div(a, u)
	if l.size == 4 {
		l.subMulTo(q, q, l.sub(t, l.sub(u, l.num(1))))
	}
	return q
}

// sigmoid is 1/(1+t) above 0 and t/(1+t) below, with t = e^-|x|.
func (l *lanes) sigmoid(x arg) val {
	v := l.reg(x)
	p, n := l.fading(v, l.choose(-104, -746))
	t := l.scale(l.add(p, l.num(1)), n)
	low := l.compare(v, less, l.num(0))
	return l.over1(l.blend(low, t, l.num(1)), t)
}

// silu is x sigmoid(x); x*t is scaled once, as t alone may be subnormal.
func (l *lanes) silu(x arg) val {
	v := l.reg(x)
	lowest := l.choose(-112, -760)
	p, n := l.fading(v, lowest)
	low := l.compare(v, less, l.num(0))
	down := l.max(lowest, v)
	product := l.copy(p)
	l.mulAddTo(product, down, down)
	top := l.blend(low, l.scale(product, n), v)
	y := l.over1(top, l.scale(l.add(p, l.num(1)), n))
	return l.blend(l.compare(v, greater, l.num(100)), v, y) // Inf too
}

// parts is u = 2^k m with m between sqrt(1/2) and sqrt(2), for positive normal u.
func (l *lanes) parts(u val, offset arg) (k, m val) {
	one, root := l.bitsOf(1), pick(l.form, uint64(0x3f3504f3), uint64(0x3fe6a09e667f3bcd))
	b := l.addInt(u, l.pool.bits(one-root))
	// an exponent as a number: below the first bit of 2^mantissa
	k = l.or(l.shiftRight(b, l.mantissa()), l.num(math.Ldexp(1, l.mantissa())))
	k = l.sub(k, offset)
	m = l.addInt(l.and(b, l.pool.bits(1<<l.mantissa()-1)), l.pool.bits(root))
	return k, m
}

func (l *lanes) noOffset() float64 { return math.Ldexp(1, l.mantissa()) + l.biased() }

// The polynomials of log(1+f): Cephes in float32, FDLIBM in float64.
var (
	log32 = []float64{7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
		-1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1}
	log64 = []float64{1.479819860511658591e-01, 1.531383769920937332e-01, 1.818357216161805012e-01, 2.222219843214978396e-01,
		2.857142874366239149e-01, 3.999999999940941908e-01, 6.666666666666735130e-01}
)

// logOf is k ln2 + log(1+f), for f between sqrt(1/2)-1 and sqrt(2)-1.
func (l *lanes) logOf(k, f val) val {
	square := l.mul(f, f)
	if l.size == 4 {
		y := l.polynomial(f, log32...)
		y = l.mul(l.mul(y, f), square)
		l.addMulTo(y, k, l.num(-2.12194440e-4))
		l.subMulTo(y, square, l.num(0.5))
		y = l.add(f, y)
		l.addMulTo(y, k, l.num(0.693359375))
		return y
	}
	s := l.div(f, l.add(f, l.num(2)))
	z := l.mul(s, s)
	r := l.polynomial(z, log64...)
	half := l.mul(square, l.num(0.5))
	l.mulAddTo(r, z, half)
	low := l.mul(s, r)
	l.addMulTo(low, k, l.num(1.90821492927058770002e-10))
	y := l.sub(f, l.sub(half, low))
	l.addMulTo(y, k, l.num(6.93147180369123816490e-01))
	return y
}

// logEnds is y where u is positive and finite, else the logarithm there; x is
// the argument, with the NaN and infinity of u.
func (l *lanes) logEnds(y, u, x val) val {
	y = l.blend(l.compare(x, notLess, l.num(math.Inf(1))), x, y)
	y = l.blend(l.compare(u, less, l.num(0)), l.num(math.NaN()), y)
	return l.blend(l.compare(u, equal, l.num(0)), l.num(math.Inf(-1)), y)
}

// normal is parts for a subnormal too.
func (l *lanes) normal(v val) (k, m val) {
	up := pick(l.form, 25, 54)
	small := l.compare(v, less, l.choose(0x1p-126, 0x1p-1022))
	u := l.blend(small, l.mul(v, l.num(math.Ldexp(1, up))), v)
	return l.parts(u, l.blend(small, l.num(l.noOffset()+float64(up)), l.num(l.noOffset())))
}

func (l *lanes) log(x arg) val {
	v := l.reg(x)
	k, m := l.normal(v)
	return l.logEnds(l.logOf(k, l.sub(m, l.num(1))), v, v)
}

// logPlus is log(1+x) from u = 1+x as rounded: what the rounding lost is added
// to the fraction.
func (l *lanes) logPlus(x, u val) val {
	k, m := l.parts(u, l.num(l.noOffset()))
	lost := l.sub(x, l.sub(u, l.num(1)))
	down := l.sub(l.num(l.magic()+l.biased()), l.min(k, l.num(100)))
	l.shiftLeftTo(down, l.mantissa())
	f := l.sub(m, l.num(1))
	l.addMulTo(f, lost, down)
	return l.logOf(k, f)
}

func (l *lanes) log1p(x arg) val {
	v := l.reg(x)
	u := l.add(v, l.num(1))
	y := l.logEnds(l.logPlus(v, u), u, v)
	return l.blend(l.compare(l.abs(v), less, l.num(0x1p-60)), v, y)
}

// softplus is max(x, 0) + log(1 + e^-|x|).
func (l *lanes) softplus(x arg) val {
	v := l.reg(x)
	p, n := l.fading(v, l.choose(-104, -746))
	t := l.scale(l.add(p, l.num(1)), n)
	return l.add(l.max(l.num(0), v), l.logPlus(t, l.add(t, l.num(1))))
}
