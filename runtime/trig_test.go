package runtime

import (
	"math"
	"math/big"
)

// halfPi is π/2 with 1,300 bits, by Machin's formula: 8 atan(1/5) - 2 atan(1/239).
var halfPi = func() *big.Float {
	const bits = 1400
	inverse := func(n int64) *big.Int { // atan(1/n) times 2^bits
		sum, sign := new(big.Int), int64(1)
		power := new(big.Int).Div(new(big.Int).Lsh(big.NewInt(1), bits), big.NewInt(n))
		for k := int64(1); power.Sign() > 0; k += 2 {
			sum.Add(sum, new(big.Int).Div(new(big.Int).Mul(power, big.NewInt(sign)), big.NewInt(k)))
			power.Div(power, big.NewInt(n*n))
			sign = -sign
		}
		return sum
	}
	x := new(big.Int).Mul(inverse(5), big.NewInt(8))
	x.Sub(x, new(big.Int).Mul(inverse(239), big.NewInt(2)))
	return new(big.Float).SetMantExp(new(big.Float).SetPrec(bits).SetInt(x), -bits)
}()

// sincos is the sine and the cosine of x, which is less a multiple of π/2 before package
// math has it: that loses up to 40 units where x is large.
func sincos(x float64) (sin, cos float64) {
	if !(math.Abs(x) > 1) || math.IsInf(x, 0) {
		return math.Sincos(x)
	}
	r := new(big.Float).SetPrec(1400).SetFloat64(x)
	n, _ := new(big.Float).Quo(r, halfPi).Add(new(big.Float).Quo(r, halfPi), big.NewFloat(math.Copysign(0.5, x))).Int(nil)
	r.Sub(r, new(big.Float).SetPrec(1400).Mul(new(big.Float).SetPrec(1400).SetInt(n), halfPi))
	rest, _ := r.Float64()
	sin, cos = math.Sincos(rest)
	switch new(big.Int).And(n, big.NewInt(3)).Int64() {
	case 1:
		sin, cos = cos, -sin
	case 2:
		sin, cos = -sin, -cos
	case 3:
		sin, cos = -cos, sin
	}
	return sin, cos
}
