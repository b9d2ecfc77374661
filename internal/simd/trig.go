package simd

// Sine and cosine of numbers not beyond the farthest of the form: x less a multiple of
// π/2, which is there in three parts, and polynomials of the rest r in r², interpolated at
// Chebyshev's points with 60 digits: sin(r) = r + r³ s(r²), cos(r) = 1 - r²/2 + r⁴ c(r²).

var (
	halfPi32 = []float64{0x1.921fb6p+0, -0x1.777a5cp-25, -0x1.ee59dap-50}
	halfPi64 = []float64{0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110}
	sine32   = []float64{-0.00019587639098737619262, 0.0083327471046645300169, -0.16666664656312208815}
	cosine32 = []float64{0.000024547689772460029046, -0.0013888301867562369149, 0.041666664653488792922}
	sine64   = []float64{1.5917988979397433263e-10, -2.5051129896450186307e-8, 2.7557316093198405192e-6, -0.00019841269836740532103,
		0.0083333333333309365537, -0.16666666666666664611}
	cosine64 = []float64{-1.1382544645349250436e-11, 2.0876145049413179088e-9, -2.7557317265878080043e-7, 0.000024801587298754401173,
		-0.0013888888888887389773, 0.041666666666666665381}
)

// quarters is sine and cosine of the rest of x, and how many quarter turns x has, as the
// last bits of numbers.
func (l *lanes) quarters(x arg) (sin, cos, turns val) {
	v := l.reg(x)
	turns = l.copy(l.num(l.magic()))
	l.addMulTo(turns, v, l.num(0x1.45f306dc9c883p-1)) // 2/π
	n, r := l.sub(turns, l.num(l.magic())), l.copy(v)
	for _, part := range pick(l.form, halfPi32, halfPi64) {
		l.subMulTo(r, n, l.num(part))
	}
	z := l.mul(r, r)
	sin = l.mul(l.polynomial(z, pick(l.form, sine32, sine64)...), z)
	l.mulAddTo(sin, r, r)
	cos = l.polynomial(z, pick(l.form, cosine32, cosine64)...)
	half := l.copy(l.num(1))
	l.subMulTo(half, z, l.num(0.5))
	l.mulAddTo(cos, l.mul(z, z), half)
	return sin, cos, turns
}

// signed is v with the sign that bit 1 of turns is.
func (l *lanes) signed(v, turns val) val {
	s := l.and(turns, l.pool.bits(2))
	l.shiftLeftTo(s, 8*l.size-2)
	return l.xor(v, s)
}

func (l *lanes) even(turns val) test {
	return l.compare(l.and(turns, l.pool.bits(1)), equal, l.num(0))
}

func (l *lanes) sin(x arg) val {
	s, c, turns := l.quarters(x)
	return l.signed(l.blend(l.even(turns), s, c), turns)
}

func (l *lanes) cos(x arg) val {
	s, c, turns := l.quarters(x)
	return l.signed(l.blend(l.even(turns), c, s), l.addInt(turns, l.pool.bits(1)))
}
