package simd

import "math"

// The error function and the distribution function of the standard normal.
// Beyond the middle the latter is e^(-a²/2) R(a) at -a, where (a+K) R(a) is a
// polynomial in (a-K)/(a+K) (after Shepherd and Laframboise, 1981). Coefficients
// are interpolated at Chebyshev's points with 80 digits; erf32 is N. Juffa's.

var (
	phi32 = []float64{-7.6605381713820898876e-6, 0.00011350229619286141203, -0.0011863439888019887418, 0.0099733284812561706088,
		-0.066490360567186900524, 0.39894228013084061684} // (phi(x) - 1/2)/x in x²
	phi64 = []float64{-9.0261099045655837152e-11, 2.2270765391721187317e-9, -4.1173089319651835544e-8, 6.6593169040810418694e-7,
		-9.4446398086767737887e-6, 0.00011543468323083615417, -0.0011873282148079404685, 0.0099735570099833825727,
		-0.066490380066903859096, 0.39894228040143267001}
	erf64 = []float64{-9.1741076208331580151e-10, 1.4310100743152348023e-8, -1.6319093857978072429e-7, 1.6459296345395266699e-6,
		-0.000014925537564176553163, 0.00012055329960864424487, -0.00085483269700884558904, 0.0052239776248438680734,
		-0.026866170645091633363, 0.1128379167095499011, -0.37612638903183750644, 1.1283791670955125739}
	tail32 = []float64{-0.00018586942323697979732, 0.00013190132201314016786, 0.0016082373966906425348, -0.0034789632718184885544,
		-0.0075352232036708176218, 0.060396379410469652217, -0.18652230326649809771, 0.3871374189681410234,
		-0.60789663084897137827, 0.75528513015930963139} // K = 4, a from 0.59 to 15
	tail64 = []float64{3.9709888297900590954e-9, 2.0385070681897014927e-9, -4.0711119798749386922e-8, 7.3438536862908143919e-9,
		3.0738595421834460025e-7, -4.2933465452553375953e-7, -1.7975711429540422217e-6, 6.7962616790472975067e-6,
		1.0746430067770486323e-6, -0.000064751968212346596333, 0.0001813606885922367146, 0.000032870011397453790375,
		-0.0021316052584705375024, 0.010029820642011810483, -0.030985315502433337457, 0.075171915668769010751,
		-0.15268023206479514759, 0.26797424584166636283, -0.41390358577558239656, 0.56896889181478344567,
		-0.70100902959086560959, 0.77735177189336219186} // K = 6, a from 0.59 to 39
)

// tail is R(a) = (r + low)(1 + ρ) for a >= 0.6; low and ρ are what roundings
// have lost.
func (l *lanes) tail(a val) (r, low, rho val) {
	k := pick(l.form, 4.0, 6.0)
	d := l.add(a, l.num(k))
	w := l.div(l.num(1), d)
	q := l.copy(w)
	l.mulAddTo(q, l.reg(l.num(-2*k)), l.num(1))
	c := pick(l.form, tail32, tail64)
	last := l.num(c[len(c)-1])
	rest := l.polynomial(q, c[:len(c)-1]...)
	p := l.copy(rest)
	l.mulAddTo(p, q, last)
	l.mulAddTo(rest, q, l.sub(last, p))
	r = l.mul(p, w)
	low = l.copy(p)
	l.mulSubTo(low, w, r)
	l.addMulTo(low, rest, w)
	rho = l.copy(l.num(1))
	l.subMulTo(rho, w, d)
	l.subMulTo(rho, w, l.sub(a, l.sub(d, l.num(k))))
	// w is (1+rho) times larger; R goes as w^weight, between 1 far out and 3
	weight := l.polynomial(q, pick(l.form, []float64{0.33, -1.1, 1.77}, []float64{0.85, -1.7, 1.87})...)
	return r, low, l.mul(rho, weight)
}

func (l *lanes) erf(x arg) val {
	v := l.reg(x)
	a := l.min(l.choose(4.5, 6.5), l.abs(v))
	square := l.mul(a, a)
	if l.size == 4 {
		// 1 - e^r with a polynomial r; in the middle x + x q(x²)
		r := l.polynomial(a, -1.72853470e-5, 3.83197126e-4)
		l.mulAddTo(r, square, l.polynomial(a, -3.88396438e-3, 2.42546219e-2))
		for _, c := range []float64{-1.06777877e-1, -6.34846687e-1, -1.28717512e-1} {
			l.mulAddTo(r, a, l.num(c))
		}
		l.mulSubTo(r, a, a)
		p, n := l.reduced(l.max(l.num(-60), r))
		far := l.withSign(l.sub(l.num(1), l.scale(l.add(p, l.num(1)), n)), v)
		q := l.polynomial(square, -5.96761703e-4, 4.99119423e-3, -2.67681349e-2, 1.12819925e-1, -3.76125336e-1, 1.28379166e-1)
		l.mulAddTo(q, v, v)
		return l.blend(l.compare(a, less, l.num(0.927734375)), q, far)
	}
	p, n := l.reduced(l.or(square, l.signBit()))
	r, _, _ := l.tail(l.mul(a, l.num(math.Sqrt2)))
	tail := l.mul(l.scale(l.add(p, l.num(1)), n), r)
	far := l.withSign(l.sub(l.num(1), l.add(tail, tail)), v)
	near := l.mul(l.polynomial(square, erf64...), v)
	return l.blend(l.compare(a, less, l.num(0.8)), near, far)
}

// phi is e^(-x²/2) erfcx(|x|/√2)/2 below 0, and 1 less that of -x above; in the
// middle 1/2 + x q(x²). What x² loses in rounding goes into the exponential.
func (l *lanes) phi(x arg) val {
	v := l.reg(x)
	a := l.min(l.choose(15, 39), l.abs(v))
	square := l.mul(a, a)
	lost := l.copy(a)
	l.mulSubTo(lost, a, square)
	r, s, n := l.exact(l.mul(square, l.num(-0.5)))
	// all that is small beside h goes into c: what x² and the rest have lost
	h := l.add(r, l.num(1))
	c := l.add(l.sub(r, l.sub(h, l.num(1))), s)
	end, low, rho := l.tail(a)
	l.subMulTo(rho, lost, l.num(0.5))
	l.addMulTo(c, l.add(h, s), rho)
	c = l.mul(c, end)
	l.addMulTo(c, h, low)
	l.addMulTo(c, h, end)
	tail := l.scale(c, n)
	far := l.blend(l.compare(v, greater, l.num(0)), l.sub(l.num(1), tail), tail)
	middle := l.polynomial(square, pick(l.form, phi32, phi64)...)
	l.mulAddTo(middle, v, l.num(0.5))
	return l.blend(l.compare(a, less, l.num(0.625)), middle, far)
}
