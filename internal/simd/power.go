package simd

import "math"

// The power x^y as e^(y log|x|), where the logarithm has twice the digits: a pair of
// numbers whose sum it is. Of them 2/3 s² and up are the series of log((1+s)/(1-s)) = 2s + …
// over s; what comes after 2/3 is interpolated at Chebyshev's points with 60 digits.

var (
	atanh32 = []float64{0.2304857796466989943, 0.28562228608518917664, 0.40000015074057614775}
	atanh64 = []float64{0.11723689023649227335, 0.11706187519978793862, 0.13334806517305499939, 0.15384594928984110151,
		0.18181818335706719581, 0.22222222221654500622, 0.28571428571429368498, 0.39999999999999999817}
)

// twice is a + b as a sum and what its rounding loses, for |a| >= |b| or a = 0.
func (l *lanes) twice(a, b val) (sum, lost val) {
	sum = l.add(a, b)
	return sum, l.sub(b, l.sub(sum, a))
}

// product is a b and what its rounding loses.
func (l *lanes) product(a, b val) (p, lost val) {
	p, lost = l.mul(a, b), l.copy(a)
	l.mulSubTo(lost, b, p)
	return p, lost
}

// logPair is log(2^k m) as a sum of two numbers, for m between sqrt(1/2) and sqrt(2).
func (l *lanes) logPair(k, m val) (h, low val) {
	one, two := l.num(1), l.num(2)
	f, d := l.sub(m, one), l.add(m, one)
	inverse := l.div(l.reg(one), d)
	s := l.mul(f, inverse) // f/d is s + sl
	l.subMulTo(f, s, d)
	l.subMulTo(f, s, l.sub(m, l.sub(d, one)))
	sl := l.mul(f, inverse)
	z, zl := l.product(s, s)
	l.addMulTo(zl, l.add(s, s), sl)
	third := l.num(2. / 3)
	p := l.mul(l.polynomial(z, pick(l.form, atanh32, atanh64)...), z)
	c := l.add(p, third)
	cl := l.add(l.sub(p, l.sub(c, third)), l.choose(2./3-0x1.555556p-1, 0x1.5555555555555p-55))
	t, tl := l.product(z, c)
	l.addMulTo(tl, z, cl)
	l.addMulTo(tl, zl, c)
	u := l.add(t, two)
	tl = l.add(tl, l.sub(t, l.sub(u, two)))
	y, low := l.product(s, u)
	l.addMulTo(low, s, tl)
	l.addMulTo(low, sl, u)
	h, lost := l.twice(l.mul(k, l.num(l.ln2()[0])), y)
	low = l.add(low, lost)
	l.addMulTo(low, k, l.num(l.ln2()[1]))
	return l.twice(h, low)
}

// pow is x^y with the ends and signs of math.Pow.
func (l *lanes) pow(x, y val) val {
	a := l.abs(x)
	h, low := l.logPair(l.normal(a))
	h = l.blend(l.compare(a, notLess, l.num(math.Inf(1))), a, h)
	h = l.blend(l.compare(a, equal, l.num(0)), l.num(math.Inf(-1)), h)
	y = l.blend(l.compare(x, equal, l.num(1)), l.num(0), l.clamp(y, l.num(-0x1p100), l.num(0x1p100)))
	p, more := l.product(h, y)
	l.addMulTo(more, low, y)
	more = l.min(l.max(more, l.num(-0x1p-10)), l.num(0x1p-10)) // a number where p is beyond the range
	r, s, n := l.exact(l.clamp(p, l.choose(-104, -746), l.choose(89, 710)))
	one := l.num(1)
	e := l.add(r, one)
	s = l.add(s, l.sub(r, l.sub(e, one)))
	l.addMulTo(s, l.add(e, s), more)
	z := l.scale(l.add(e, s), n)

	integer := l.compare(y, equal, l.rounded(y, 0))
	half := l.mul(y, l.num(0.5))
	negative := l.blend(l.compare(half, equal, l.rounded(half, 0)), l.num(0), l.blend(integer, x, l.num(0)))
	z = l.withSign(z, negative)
	rest := l.add(l.blend(integer, l.num(0), x), l.sub(x, x)) // NaN where x is infinite
	z = l.blend(l.compare(rest, less, l.num(0)), l.num(math.NaN()), z)
	return l.blend(l.compare(y, equal, l.num(0)), one, z)
}
