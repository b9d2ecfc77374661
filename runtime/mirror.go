package runtime

import "math"

// Functions at x and at -x at once, for less than two calls: what the loss of a
// probability and its gradient ask for. Both results are as exact as one by
// itself is, far out too: neither is made from the other by a subtraction.

// SigmoidBoth32 is Sigmoid32 of x and of -x.
func SigmoidBoth32(x float32) (y, z float32) {
	a := math.Abs(float64(x))
	switch {
	case a < 104:
		e := expCore(-a)
		r := 1 / (1 + e)
		y, z = float32(r), float32(e*r)
	case a >= 104:
		y = 1
	default:
		return x, x // NaN
	}
	if x < 0 {
		return z, y
	}
	return y, z
}

// SoftplusBoth32 is Softplus32 of x and of -x.
func SoftplusBoth32(x float32) (y, z float32) {
	a := math.Abs(float64(x))
	switch {
	case a < 9:
		l := logCore(1 + expCore(-a))
		y, z = float32(a+l), float32(l)
	case a < 104:
		e := expCore(-a)
		l := e - e*e*(1.0/2-e*(1.0/3))
		y, z = float32(a+l), float32(l)
	case a >= 104:
		y = float32(a)
	default:
		return x, x // NaN
	}
	if x < 0 {
		return z, y
	}
	return y, z
}

// SigmoidBoth64 is Sigmoid64 of x and of -x.
func SigmoidBoth64(x float64) (y, z float64) {
	e := math.Exp(-math.Abs(x))
	y, z = 1/(1+e), e/(1+e)
	if x < 0 {
		return z, y
	}
	return y, z
}

// SoftplusBoth64 is Softplus64 of x and of -x.
func SoftplusBoth64(x float64) (y, z float64) {
	a := math.Abs(x)
	l := math.Log1p(math.Exp(-a))
	y, z = a+l, l
	if x < 0 {
		return z, y
	}
	return y, z
}
