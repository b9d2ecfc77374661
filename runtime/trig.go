package runtime

import "math"

// Sin is the sine of x radians.
func Sin[T Float](x T) T {
	if digits(float64(x)) {
		return T(math.Sin(float64(x)))
	}
	s, _ := turned64(float64(x))
	return T(s)
}

// Cos is the cosine of x radians.
func Cos[T Float](x T) T {
	if digits(float64(x)) {
		return T(math.Cos(float64(x)))
	}
	_, c := turned64(float64(x))
	return T(c)
}

// Sincos is Sin and Cos.
func Sincos[T Float](x T) (sin, cos T) {
	f := turned64
	if digits(float64(x)) {
		f = math.Sincos
	}
	s, c := f(float64(x))
	return T(s), T(c)
}

// digits reports whether package math has all digits of the sine of x, or more than
// turned64: it loses up to 40 units on the way to 1e9.
func digits(x float64) bool {
	x = math.Abs(x)
	return !(x > 16 && x < 1e9)
}

// turned64 is sine and cosine of x less a multiple of π/2, which is there in three parts.
func turned64(x float64) (sin, cos float64) {
	n := math.RoundToEven(x * (2 / math.Pi))
	r := math.FMA(-n, 0x1.921fb54442d18p+0, x)
	r = math.FMA(-n, 0x1.1a62633145c07p-54, r)
	r = math.FMA(-n, -0x1.f1976b7ed8fbcp-110, r)
	sin, cos = math.Sincos(r)
	switch int64(n) & 3 {
	case 1:
		return cos, -sin
	case 2:
		return -sin, -cos
	case 3:
		return -cos, sin
	}
	return sin, cos
}
