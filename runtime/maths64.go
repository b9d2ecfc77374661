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

func silu64(x float64) float64 {
	if x > -700 {
		return x * sigmoid64(x)
	}
	h := math.Exp(x / 2)
	if h == 0 {
		return 0
	}
	return x * h * h
}

// phi64 corrects the erfc of the rounded argument t for what the rounding lost:
// far out a relative error δ of t is one of 2t²δ in the result.
func phi64(x float64) float64 {
	const rest = -4.833646656726457e-17 // 1/√2 = Sqrt2/2 as rounded + rest
	const half = math.Sqrt2 / 2
	t := -x * half
	if t < 1 || t > 38 {
		return math.Erfc(t) / 2
	}
	lost := math.FMA(-x, half, -t) - x*rest
	return (math.Erfc(t) - 2/math.SqrtPi*math.Exp(-t*t)*lost) / 2
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
