package runtime

import "math"

func sigmoid64(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + math.Exp(-x))
	}
	e := math.Exp(x) // no overflow, and the quotient keeps the tail
	return e / (1 + e)
}

func softplus64(x float64) float64 {
	if x > 0 {
		return x + math.Log1p(math.Exp(-x))
	}
	return math.Log1p(math.Exp(x))
}

// sinh64 repairs math.Sinh where e^x overflows and e^x/2 does not.
func sinh64(x float64) float64 {
	if math.Abs(x) < 709 {
		return math.Sinh(x)
	}
	h := math.Exp(math.Abs(x) / 2)
	return math.Copysign(h/2*h, x)
}

func cosh64(x float64) float64 {
	if math.Abs(x) < 709 {
		return math.Cosh(x)
	}
	h := math.Exp(math.Abs(x) / 2)
	return h / 2 * h
}
