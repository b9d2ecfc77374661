package runtime

import "math"

// digamma is ψ(x), by reflection below 0, recurrence to [1,2] and a rational
// form there that keeps the zero at 1.4616…, and the asymptotic series from 10
// on. The rational form is that of Boost (J. Maddock, digamma.hpp).
func digamma(x float64) float64 {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 1):
		return x
	case x == math.Floor(x) && x <= 0 || math.IsInf(x, -1):
		return math.NaN()
	case x < 0:
		return digamma(1-x) - math.Pi*cotPi(x-math.Round(x)) // ψ(x) = ψ(1-x) - π cot(πx)
	case x >= 10:
		return digammaSeries(x)
	}
	var y float64
	for ; x > 2; x-- {
		y += 1 / (x - 1)
	}
	if x < 1 {
		y -= 1 / x
		x++
	}
	return y + digammaNear(x)
}

func digammaSeries(x float64) float64 {
	x-- // ψ(x+1) = log x + 1/(2x) - Σ B_2n/(2n x^2n) keeps its terms small
	z := 1 / (x * x)
	s := z * (1.0/12 - z*(1.0/120-z*(1.0/252-z*(1.0/240-z*(1.0/132-z*(691.0/32760-z*(1.0/12-z*(3617.0/8160))))))))
	return math.Log(x) + 0.5/x - s
}

// digammaNear is ψ on [1,2].
func digammaNear(x float64) float64 {
	const (
		y     = 0.99558162689208984375
		root1 = 1569415565.0 / 1073741824.0
		root2 = 381566830.0 / 1073741824.0 / 1073741824.0
		root3 = 0.9016312093258695918615325266959189453125e-19
	)
	g := x - root1
	g -= root2
	g -= root3
	t := x - 1
	p := 0.25479851061131551 + t*(-0.32555031186804491+t*(-0.65031853770896507+t*(-0.28919126444774784+
		t*(-0.045251321448739056+t*-0.0020713321167745952))))
	q := 1 + t*(2.0767117023730469+t*(1.4606242909763515+t*(0.43593529692665969+
		t*(0.054151797245674225+t*(0.0021284987017821144+t*-0.55789841321675513e-6)))))
	return g*y + g*(p/q)
}

// cotPi is cot(πr) for |r| <= 1/2, exact at its zeros ±1/2.
func cotPi(r float64) float64 {
	switch {
	case r > 0.25:
		return math.Tan(math.Pi * (0.5 - r))
	case r < -0.25:
		return -math.Tan(math.Pi * (0.5 + r))
	}
	return 1 / math.Tan(math.Pi*r)
}
