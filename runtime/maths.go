package runtime

import "math"

// The scalar functions of emitted code. In float64 they are within 2 units in
// the last place unless said otherwise, in float32 within 1, over the whole
// range; limits at ±Inf are taken and a NaN stays one. The generic forms that have
// code of their own per type (Exp, Expm1, Log, Log1p, Tanh, Sigmoid, Softplus) are
// not inlined and cost one more call than Exp32 and its like or package math.

// Exp is e^x.
func Exp[T Float](x T) T {
	if is32[T]() {
		return T(Exp32(float32(x)))
	}
	return T(math.Exp(float64(x)))
}

// Expm1 is e^x - 1 without cancellation at small x.
func Expm1[T Float](x T) T {
	if is32[T]() {
		return T(Expm132(float32(x)))
	}
	return T(math.Expm1(float64(x)))
}

// Log is the natural logarithm.
func Log[T Float](x T) T {
	if is32[T]() {
		return T(Log32(float32(x)))
	}
	return T(Log64(float64(x)))
}

// Log1p is log(1+x) without cancellation at small x.
func Log1p[T Float](x T) T {
	if is32[T]() {
		return T(Log1p32(float32(x)))
	}
	return T(math.Log1p(float64(x)))
}

// Tanh is the hyperbolic tangent.
func Tanh[T Float](x T) T {
	if is32[T]() {
		return T(Tanh32(float32(x)))
	}
	return T(math.Tanh(float64(x)))
}

// Sigmoid is 1/(1+e^-x).
func Sigmoid[T Float](x T) T {
	if is32[T]() {
		return T(Sigmoid32(float32(x)))
	}
	return T(Sigmoid64(float64(x)))
}

// Softplus is log(1+e^x). The logarithm of Sigmoid(x) is -Softplus(-x).
func Softplus[T Float](x T) T {
	if is32[T]() {
		return T(Softplus32(float32(x)))
	}
	return T(Softplus64(float64(x)))
}

// Silu is x*Sigmoid(x), right also where the sigmoid alone is subnormal.
func Silu[T Float](x T) T { return T(Silu64(float64(x))) }

// Phi is the distribution function of the standard normal, Erfc(-x/√2)/2; gelu
// is x*Phi(x).
func Phi[T Float](x T) T { return T(Phi64(float64(x))) }

// Sinh is the hyperbolic sine.
func Sinh[T Float](x T) T { return T(Sinh64(float64(x))) }

// Cosh is the hyperbolic cosine.
func Cosh[T Float](x T) T { return T(Cosh64(float64(x))) }

// Asinh is the inverse of Sinh.
func Asinh[T Float](x T) T { return T(math.Asinh(float64(x))) }

// Acosh is the inverse of Cosh, NaN below 1.
func Acosh[T Float](x T) T { return T(math.Acosh(float64(x))) }

// Atanh is the inverse of Tanh, ±Inf at ±1 and NaN beyond.
func Atanh[T Float](x T) T { return T(math.Atanh(float64(x))) }

// Sqrt is the square root, correctly rounded. The root of a float32 taken in
// float64 and rounded again is the same number.
func Sqrt[T Float](x T) T { return T(math.Sqrt(float64(x))) }

// Erf is the error function.
func Erf[T Float](x T) T { return T(math.Erf(float64(x))) }

// Erfc is 1 - Erf(x) without cancellation at large x.
func Erfc[T Float](x T) T { return T(math.Erfc(float64(x))) }

// Pow is x^y, at the ends as math.Pow.
func Pow[T Float](x, y T) T {
	if is32[T]() {
		return T(Pow32(float32(x), float32(y)))
	}
	return T(Pow64(float64(x), float64(y)))
}

// Tan is the tangent of x radians.
func Tan[T Float](x T) T { return T(math.Tan(float64(x))) }

// Asin is the arcsine in radians.
func Asin[T Float](x T) T { return T(math.Asin(float64(x))) }

// Acos is the arccosine in radians.
func Acos[T Float](x T) T { return T(math.Acos(float64(x))) }

// Atan is the arctangent in radians.
func Atan[T Float](x T) T { return T(math.Atan(float64(x))) }

// Abs is |x|.
func Abs[T Float](x T) T { return T(math.Abs(float64(x))) }

// Floor is the greatest integer not above x.
func Floor[T Float](x T) T { return T(math.Floor(float64(x))) }

// Ceil is the least integer not below x.
func Ceil[T Float](x T) T { return T(math.Ceil(float64(x))) }

// Round is the nearest integer, halves to even.
func Round[T Float](x T) T { return T(math.RoundToEven(float64(x))) }

// Max is the larger of x and y, NaN if either is.
func Max[T Float](x, y T) T { return max(x, y) }

// Min is the smaller of x and y, NaN if either is.
func Min[T Float](x, y T) T { return min(x, y) }

// Sign is -1, 0 or 1, NaN for NaN.
func Sign[T Float](x T) T {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x // a zero or NaN
}

// Lgamma is the logarithm of |Γ(x)|.
func Lgamma[T Float](x T) T {
	y, _ := math.Lgamma(float64(x))
	return T(y)
}

// Digamma is the derivative of Lgamma, NaN at 0, -1, -2, …
func Digamma[T Float](x T) T { return T(digamma(float64(x))) }
