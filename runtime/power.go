package runtime

import "math"

// Pow32 is Pow in float32.
func Pow32(x, y float32) float32 {
	if x > 0 && x <= math.MaxFloat32 && y == y {
		if p := float64(y) * logCore(float64(x)); p > -104 && p < 89 {
			return float32(expCore(p))
		}
	}
	return float32(Pow64(float64(x), float64(y)))
}

// Pow64 is Pow in float64, within a unit of the last place. math.Pow loses as many
// as y is large, and takes a subnormal x for a normal number on amd64.
func Pow64(x, y float64) float64 {
	a := math.Abs(x)
	if x == 1 || y == 0 {
		return 1
	}
	if !(a > 0 && a <= math.MaxFloat64 && math.Abs(y) < 0x1p100) {
		return math.Pow(x, y)
	}
	sign := 1.0
	if x < 0 {
		whole := math.Trunc(y)
		if y != whole {
			return math.NaN()
		}
		if half := whole / 2; half != math.Trunc(half) {
			sign = -1
		}
	}
	h, low := logPair(a)
	p := y * h
	switch {
	case p > 710:
		return math.Inf(int(sign))
	case p < -746:
		return 0 * sign
	}
	return sign * expPair(p, math.FMA(y, h, -p)+y*low)
}

const (
	ln2High = 6.93147180369123816490e-01 // of few bits
	ln2Low  = 1.90821492927058770002e-10
)

// logPair is log(x) of a positive x as a sum of two numbers, with relative error
// below 2^-68: x = 2^k (1+s)/(1-s) and the series 2s + 2/3 s³ + …, all that matters
// of it with what its roundings lose.
func logPair(x float64) (h, low float64) {
	const from = 0x3fe6a09e667f3bcd // sqrt(1/2), as bits
	less := 0
	if x < 0x1p-1022 {
		x, less = x*0x1p54, 54
	}
	b := math.Float64bits(x) - from
	k := float64(int(int64(b)>>52) - less)
	m := math.Float64frombits(b&(1<<52-1) + from)

	d := m + 1
	inverse := 1 / d
	s := (m - 1) * inverse
	sl := (math.FMA(-s, d, m-1) - s*(m-(d-1))) * inverse
	z := s * s
	zl := math.FMA(s, s, -z) + 2*s*sl
	// interpolated at Chebyshev's points with 60 digits
	p := z * (0.39999999999999999817 + z*(0.28571428571429368498+z*(0.22222222221654500622+z*(0.18181818335706719581+
		z*(0.15384594928984110151+z*(0.13334806517305499939+z*(0.11706187519978793862+z*0.11723689023649227335)))))))
	const third, thirdLow = 0x1.5555555555555p-1, 0x1.5555555555555p-55 // 2/3
	c := third + p
	cl := p - (c - third) + thirdLow
	t := z * c
	tl := math.FMA(z, c, -t) + z*cl + zl*c
	u := 2 + t
	ul := t - (u - 2) + tl
	l := s * u
	ll := math.FMA(s, u, -l) + s*ul + sl*u

	high := k * ln2High
	sum := high + l
	ll += l - (sum - high) + k*ln2Low
	h = sum + ll
	return h, ll - (h - sum)
}

// expPair is e^(x+low) for a small low and x between -746 and 710.
func expPair(x, low float64) float64 {
	const magic = 0x1.8p52
	n := x*(1/math.Ln2) + magic - magic
	first := x - n*ln2High
	r := first - n*ln2Low
	rest := first - r - n*ln2Low
	q := 0.50000000000000010248 + r*(0.16666666666666667455+r*(0.041666666666624037667+r*(0.0083333333333300548955+
		r*(0.0013888888917258758256+r*(0.00019841269863088254418+r*(0.000024801521225986432477+r*(2.7557268406190795031e-6+
			r*(2.7620121717381935193e-7+r*2.5100411082014901068e-8))))))))
	rest += r * r * q
	e := 1 + r
	rest += r - (e - 1)
	rest += low * (e + rest)
	// in two halves: 2^n alone may be beyond the range
	half := int64(n) / 2
	return (e + rest) * math.Float64frombits(uint64(1023+half)<<52) * math.Float64frombits(uint64(1023+int64(n)-half)<<52)
}
