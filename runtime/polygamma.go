package runtime

import "math"

// Polygamma is derivative number n of Digamma at x, for an integer n >= 0, to
// some ten units in the last place of float64. At 0, -1, -2, … it is +Inf for
// odd n, and NaN for even.
func Polygamma[T Float](n, x T) T { return T(polygamma(float64(n), float64(x))) }

// polygamma reflects below 0, then raises x to 20 by ψⁿ(x) = ψⁿ(x+1) -
// (-1)ⁿ n!/x^(n+1), and has the asymptotic series there (Abramowitz and Stegun
// 6.4.6, 6.4.7, 6.4.11).
func polygamma(n, x float64) float64 {
	switch {
	case n == 0:
		return digamma(x)
	case n < 0 || n != math.Floor(n) || math.IsNaN(x) || math.IsInf(x, -1):
		return math.NaN()
	case x <= 0 && x == math.Floor(x):
		if math.Mod(n, 2) == 1 {
			return math.Inf(1)
		}
		return math.NaN()
	case math.IsInf(x, 1):
		return 0
	}
	odd := 1.0 // (-1)ⁿ⁺¹
	if math.Mod(n, 2) == 0 {
		odd = -1
	}
	if x < 0 {
		return -odd*polygamma(n, 1-x) - math.Pi*cotPiDerivative(int(n), x)
	}
	factorial := math.Gamma(n + 1)
	sum := 0.0
	for ; x < 20; x++ {
		sum += factorial * math.Pow(x, -n-1)
	}
	// The terms b·Γ(m+n)/(Γ(m+1)·x^(m+n)) of the series, m = 2, 4, …
	s := factorial/n*math.Pow(x, -n) + factorial/2*math.Pow(x, -n-1)
	for k, b := range [...]float64{1. / 6, -1. / 30, 1. / 42, -1. / 30, 5. / 66, -691. / 2730, 7. / 6} {
		m := float64(2*k + 2)
		s += b * math.Gamma(m+n) / math.Gamma(m+1) * math.Pow(x, -m-n)
	}
	return odd * (sum + s)
}

// cotPiDerivative is derivative n of cot(πx): πⁿ times a polynomial in c =
// cot(πx), of which each is that before derived, times -(1 + c²).
func cotPiDerivative(n int, x float64) float64 {
	p := []float64{0, 1}
	for range n {
		q := make([]float64, len(p)+1)
		for k := 1; k < len(p); k++ {
			q[k-1] -= float64(k) * p[k]
			q[k+1] -= float64(k) * p[k]
		}
		p = q
	}
	c, s := cotPi(x-math.Round(x)), 0.0
	for k := len(p) - 1; k >= 0; k-- {
		s = s*c + p[k]
	}
	return s * math.Pow(math.Pi, float64(n))
}
