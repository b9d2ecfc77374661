package runtime

import "math"

// Exp64 is Exp in float64.
func Exp64(x float64) float64 { return math.Exp(x) }

// Expm164 is Expm1 in float64.
func Expm164(x float64) float64 { return math.Expm1(x) }

// Log64 is Log in float64. It keeps subnormals from the assembly of math.Log on
// amd64, which takes them for normal numbers.
func Log64(x float64) float64 {
	if x > 0 && x < 0x1p-1022 {
		return math.Log(x*0x1p54) - 54*math.Ln2
	}
	return math.Log(x)
}

// Log1p64 is Log1p in float64.
func Log1p64(x float64) float64 { return math.Log1p(x) }

// Tanh64 is Tanh in float64.
func Tanh64(x float64) float64 { return math.Tanh(x) }

// Sigmoid64 is Sigmoid in float64.
func Sigmoid64(x float64) float64 {
	// e^-|x| cannot overflow, and below 0 the quotient keeps the tail. Taken before
	// the branch it is the same work on both sides.
	e := math.Exp(-math.Abs(x))
	if x < 0 {
		return e / (1 + e)
	}
	return 1 / (1 + e)
}

// Softplus64 is Softplus in float64.
func Softplus64(x float64) float64 {
	return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
}

// SigmoidBoth64 is Sigmoid of x and of -x.
func SigmoidBoth64(x float64) (sigmoid, sigmoidNeg float64) {
	e := math.Exp(-math.Abs(x))
	if x < 0 {
		return e / (1 + e), 1 / (1 + e)
	}
	return 1 / (1 + e), e / (1 + e)
}

// Logistic64 is Softplus and Sigmoid of x, then both of -x, by one exponential.
func Logistic64(x float64) (softplus, sigmoid, softplusNeg, sigmoidNeg float64) {
	e := math.Exp(-math.Abs(x))
	l := math.Log1p(e)
	if x < 0 {
		return l, e / (1 + e), l - x, 1 / (1 + e)
	}
	return x + l, 1 / (1 + e), l, e / (1 + e)
}

// Silu64 is Silu in float64.
func Silu64(x float64) float64 {
	if x > -700 {
		return x * Sigmoid64(x)
	}
	h := math.Exp(x / 2)
	if h == 0 {
		return 0
	}
	return x * h * h
}

// Phi64 is Phi in float64. It corrects the erfc of the rounded argument t for what
// the rounding lost: far out a relative error δ of t is one of 2t²δ in the result.
func Phi64(x float64) float64 {
	const rest = -4.833646656726457e-17 // 1/√2 = Sqrt2/2 as rounded + rest
	const half = math.Sqrt2 / 2
	t := -x * half
	if t < 1 || t > 38 {
		return math.Erfc(t) / 2
	}
	lost := math.FMA(-x, half, -t) - x*rest
	return (math.Erfc(t) - 2/math.SqrtPi*math.Exp(-t*t)*lost) / 2
}

// Sinh64 is Sinh in float64. It repairs math.Sinh where e^x overflows and e^x/2 does not.
func Sinh64(x float64) float64 {
	if math.Abs(x) < 709 {
		return math.Sinh(x)
	}
	h := math.Exp(math.Abs(x) / 2)
	return math.Copysign(h/2*h, x)
}

// Cosh64 is Cosh in float64.
func Cosh64(x float64) float64 {
	if math.Abs(x) < 709 {
		return math.Cosh(x)
	}
	h := math.Exp(math.Abs(x) / 2)
	return h / 2 * h
}
