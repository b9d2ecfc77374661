package ir

import "math"

// polygamma is derivative n of digamma at x: the recurrence
// ψⁿ(x) = ψⁿ(x+1) - (-1)ⁿ n! / x^(n+1) up to x ≥ 20, then the asymptotic
// series (Abramowitz and Stegun 6.4.11), reflected below 0 (6.4.7).
func polygamma(n, x float64) float64 {
	switch {
	case n < 0 || n != math.Floor(n) || x != x || math.IsInf(x, -1):
		return math.NaN()
	case x <= 0 && x == math.Floor(x):
		if math.Mod(n, 2) == 1 {
			return math.Inf(1)
		}
		return math.NaN()
	case math.IsInf(x, 1):
		if n > 0 {
			return 0
		}
		return x
	case x < 0: // (-1)ⁿ ψⁿ(1-x) - ψⁿ(x) = π times derivative n of cot(πx)
		return math.Cos(n*math.Pi)*polygamma(n, 1-x) - math.Pi*cotDerivative(n, x)
	}
	sgn := 1.0 // (-1)^(n+1)
	if math.Mod(n, 2) == 0 {
		sgn = -1
	}
	fact := math.Gamma(n + 1)
	sum := 0.0
	for ; x < 20; x++ {
		if n == 0 {
			sum -= 1 / x
		} else {
			sum += sgn * fact / math.Pow(x, n+1)
		}
	}
	bern := []float64{1. / 6, -1. / 30, 1. / 42, -1. / 30, 5. / 66, -691. / 2730, 7. / 6}
	if n == 0 {
		s := math.Log(x) - 1/(2*x)
		for k, b := range bern {
			s -= b / (float64(2*k+2) * math.Pow(x, float64(2*k+2)))
		}
		return sum + s
	}
	s := math.Gamma(n)/math.Pow(x, n) + fact/(2*math.Pow(x, n+1))
	for k, b := range bern {
		m := float64(2*k + 2)
		s += b * math.Gamma(m+n) / (math.Gamma(m+1) * math.Pow(x, m+n))
	}
	return sum + sgn*s
}

// cotDerivative is derivative n of cot(πx): πⁿ times a polynomial in the
// cotangent, of which each is that before derived, times -(1 + c²).
func cotDerivative(n, x float64) float64 {
	p := []float64{0, 1}
	for range int(n) {
		q := make([]float64, len(p)+1)
		for k := 1; k < len(p); k++ {
			q[k-1] -= float64(k) * p[k]
			q[k+1] -= float64(k) * p[k]
		}
		p = q
	}
	c, s := 1/math.Tan(math.Pi*x), 0.0
	for k := len(p) - 1; k >= 0; k-- {
		s = s*c + p[k]
	}
	return s * math.Pow(math.Pi, n)
}
