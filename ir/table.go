package ir

import (
	"math"

	rt "github.com/nnc-lang/nnc/runtime"
)

// The operators that code refers to by name. The table below holds all.
var (
	Add    = &Operator{Name: "+", Arity: 2, Infix: 5, Ints: true, Doc: "sum", Deriv: []string{"1", "1"}, Row: "rt.Adds", Vector: "add", Go: "%s + %s", Eval: func(x, y float64) float64 { return x + y }, At: pairs}
	Sub    = &Operator{Name: "-", Arity: 2, Infix: 5, Ints: true, Doc: "difference", Deriv: []string{"1", "-1"}, Row: "rt.Subs", Vector: "sub", Go: "%s - %s", Eval: func(x, y float64) float64 { return x - y }, At: pairs}
	Mul    = &Operator{Name: "*", Arity: 2, Infix: 6, Ints: true, Doc: "product", Deriv: []string{"y", "x"}, Row: "rt.Muls", Vector: "mul", Go: "%s * %s", Eval: func(x, y float64) float64 { return x * y }, At: pairs}
	Div    = &Operator{Name: "/", Arity: 2, Infix: 6, Doc: "real quotient", Deriv: []string{"1/y", "-r/y"}, Row: "rt.Divs", Vector: "div", Go: "%s / %s", Eval: func(x, y float64) float64 { return x / y }, At: pairs}
	Pow    = &Operator{Name: "^", Arity: 2, Infix: 8, Ints: true, Doc: "power; derivative 0 in the base at exponent 0, in the exponent at base 0", Deriv: []string{"if y == 0 then 0 else y*x^(y - 1)", "if x == 0 then 0 else r*log(x)"}, DerivConst: []string{"y*x^(y - 1)"}, Row: "rt.Pows", Vector: "pow", Go: "rt.Pow{bits}(%s, %s)", Eval: rt.Pow64, At: [][]float64{{0.5, 2}, {1.7, -1.3}, {3, 0.5}, {2, 3}}}
	Neg    = &Operator{Name: "neg", Vector: "neg", Arity: 1, Ints: true, Inner: true, Doc: "-x", Deriv: []string{"-1"}, Go: "-%s", Eval: func(x, _ float64) float64 { return -x }, At: reals}
	Max    = &Operator{Name: "max", Vector: "max", Arity: 2, Ints: true, Doc: "the larger; NaN if either is. At a tie the derivative goes to the first argument, or to the one that is a constant", Deriv: []string{"if x >= y then 1 else 0", "if x >= y then 0 else 1"}, DerivConst: []string{"if r > y then 1 else 0", "if r > x then 1 else 0"}, Go: "max(%s, %s)", Eval: nanMax, At: pairs}
	Min    = &Operator{Name: "min", Vector: "min", Arity: 2, Ints: true, Doc: "the smaller; ties as for max", Deriv: []string{"if x <= y then 1 else 0", "if x <= y then 0 else 1"}, DerivConst: []string{"if r < y then 1 else 0", "if r < x then 1 else 0"}, Go: "min(%s, %s)", Eval: nanMin, At: pairs}
	Exp    = onRows(sized(unary("exp", "e to the x", "r", math.Exp, ">0", reals)), "rt.Exps")
	Log    = onRows(sized(unary("log", "natural logarithm", "1/x", rt.Log64, "", positive)), "rt.Logs")
	Sqrt   = onRows(unary("sqrt", "square root; derivative +Inf at 0", "1/(2*r)", math.Sqrt, ">=0", positive), "rt.Sqrts")
	Root   = onRows(inner(unary("root", "square root of a sum of squares: sqrt with derivative 0 at 0", "if r > 0 then 1/(2*r) else 0", math.Sqrt, ">=0", positive)), "rt.Sqrts")
	ToReal = &Operator{Name: "real", Arity: 1, Class: Convert, Doc: "an integer as a real", Go: "{T}(%s)", Eval: func(x, _ float64) float64 { return x }}
	IDiv   = &Operator{Name: "div", Arity: 2, Class: IntOnly, Doc: "floor of the quotient of integers; 0 where y is 0", Go: "rt.FloorDiv(%s, %s)", Eval: quotient}
	Mod    = &Operator{Name: "%", Arity: 2, Class: IntOnly, Infix: 6, Doc: "x - y*floor(x/y); x where y is 0", Go: "rt.Mod(%s, %s)", Eval: func(x, y float64) float64 { return x - y*quotient(x, y) }}
	Not    = &Operator{Name: "not", Arity: 1, Class: Logic, Doc: "negation", Go: "!%s", Eval: func(x, _ float64) float64 { return 1 - x }}
	And    = &Operator{Name: "and", Arity: 2, Class: Logic, Infix: 2, Doc: "both; the second is looked at only if the first holds", Go: "%s && %s", Eval: func(x, y float64) float64 { return x * y }}
	Or     = &Operator{Name: "or", Arity: 2, Class: Logic, Infix: 1, Doc: "either", Go: "%s || %s", Eval: func(x, y float64) float64 { return max(x, y) }}
	Eq     = compare("==", "equal", func(x, y float64) bool { return x == y }, func(s int) bool { return s == 0 })
	Ne     = compare("!=", "not equal", func(x, y float64) bool { return x != y }, func(s int) bool { return s != 0 })
	Lt     = compare("<", "less", func(x, y float64) bool { return x < y }, func(s int) bool { return s < 0 })
	Le     = compare("<=", "less or equal", func(x, y float64) bool { return x <= y }, func(s int) bool { return s <= 0 })
	Gt     = compare(">", "greater", func(x, y float64) bool { return x > y }, func(s int) bool { return s > 0 })
	Ge     = compare(">=", "greater or equal", func(x, y float64) bool { return x >= y }, func(s int) bool { return s >= 0 })
)

// quotient is the floor of x/y of integers. It is 0 where y is 0, so that no
// index and no size that a program computes fails or is infinite.
func quotient(x, y float64) float64 {
	if y == 0 {
		return 0
	}
	return math.Floor(x / y)
}

// Operators is the table. To add one, add a line.
var Operators = []*Operator{
	Add, Sub, Mul, Div, Pow, Neg, Max, Min, Exp, Log, Sqrt, Root,
	ToReal, IDiv, Mod, Not, And, Or, Eq, Ne, Lt, Le, Gt, Ge,
	onRows(single(sized(unary("expm1", "e^x - 1, exact near 0", "exp(x)", math.Expm1, "", reals)), "r + 1"), "rt.Expm1s"),
	onRows(sized(unary("log1p", "log(1 + x), exact near 0", "1/(1 + x)", math.Log1p, "", positive)), "rt.Log1ps"),
	onRows(inner(sized(unary("sigmoid", "logistic function 1/(1 + e^-x)", "r*sigmoid(-x)", sigmoid, "[0,1]", reals))), "rt.Sigmoids"),
	onRows(inner(sized(unary("softplus", "log(1 + e^x)", "sigmoid(x)", softplus, ">=0", reals))), "rt.Softpluses"),
	onRows(single(sized(unary("tanh", "hyperbolic tangent", "if abs(r) < 0.9 then 1 - r^2 else 4*sigmoid(2*x)*sigmoid(-2*x)", math.Tanh, "[-1,1]", reals)), "1 - r^2"), "rt.Tanhs"),
	onRows(inner(unary("silu", "x*sigmoid(x), exact where the sigmoid is denormal", "sigmoid(x) + r*sigmoid(-x)", silu, "", reals)), "rt.Silus"),
	onRows(inner(unary("phi", "distribution function of the standard normal, (1 + erf(x/sqrt(2)))/2", "0.3989422804014327*exp(-x^2/2)", phi, "[0,1]", reals)), "rt.Phis"),
	unary("sinh", "hyperbolic sine", "cosh(x)", math.Sinh, "", reals),
	unary("cosh", "hyperbolic cosine", "sinh(x)", math.Cosh, ">0", reals),
	rowsAlone(unary("sin", "sine", "cos(x)", rt.Sin[float64], "[-1,1]", reals), "rt.Sins"),
	rowsAlone(unary("cos", "cosine", "-sin(x)", rt.Cos[float64], "[-1,1]", reals), "rt.Coss"),
	unary("tan", "tangent", "1 + r^2", math.Tan, "", [][]float64{{-1.2}, {-0.3}, {0.7}, {1.1}}),
	unary("asin", "arc sine", "1/sqrt(1 - x^2)", math.Asin, "", inside),
	unary("acos", "arc cosine", "-1/sqrt(1 - x^2)", math.Acos, ">=0", inside),
	unary("atan", "arc tangent", "1/(1 + x^2)", math.Atan, "", reals),
	onRows(unary("erf", "error function", "2/sqrt(pi)*exp(-x^2)", math.Erf, "[-1,1]", reals), "rt.Erfs"),
	unary("erfc", "1 - erf(x), exact for large x", "-2/sqrt(pi)*exp(-x^2)", math.Erfc, ">=0", reals),
	unary("lgamma", "log of the absolute value of the gamma function", "digamma(x)", func(x float64) float64 { y, _ := math.Lgamma(x); return y }, "", positive),
	unary("digamma", "derivative of lgamma", "polygamma(1, x)", func(x float64) float64 { return polygamma(0, x) }, "", positive),
	{Name: "polygamma", Arity: 2, Inner: true, Doc: "derivative number x (an integer) of digamma, at y", Deriv: []string{"", "polygamma(x + 1, y)"}, Go: "rt.Polygamma(%s, %s)", Eval: polygamma, At: [][]float64{{1, 0.6}, {1, 3.5}, {2, 1.2}, {3, -0.4}}},
	unary("asinh", "inverse of sinh", "1/sqrt(x^2 + 1)", math.Asinh, "", reals),
	unary("acosh", "inverse of cosh, from 1 on", "1/sqrt(x^2 - 1)", math.Acosh, ">=0", [][]float64{{1.1}, {1.7}, {4.5}}),
	unary("atanh", "inverse of tanh, between -1 and 1", "1/(1 - x^2)", math.Atanh, "", inside),
	onVectors(unary("abs", "absolute value; derivative 0 at 0", "sign(x)", math.Abs, ">=0", reals)),
	unary("sign", "-1, 0 or 1; flat", "", sign, "[-1,1]", reals),
	onVectors(unary("floor", "largest integer not above; flat", "", math.Floor, "", reals)),
	onVectors(unary("ceil", "smallest integer not below; flat", "", math.Ceil, "", reals)),
	onVectors(unary("round", "nearest integer, halves to even; flat", "", math.RoundToEven, "", [][]float64{{-3.3}, {-1.2}, {0.4}, {4.6}})),
}

var (
	reals    = [][]float64{{-3.3}, {-1.2}, {-0.3}, {0.4}, {1.7}, {4.5}}
	positive = [][]float64{{0.05}, {0.4}, {1.3}, {7.5}}
	inside   = [][]float64{{-0.8}, {-0.1}, {0.3}, {0.9}}
	pairs    = [][]float64{{0.4, 1.5}, {-1.2, 0.7}, {2.5, -3}, {-0.6, -1.1}}
)

func unary(name, doc, deriv string, f func(float64) float64, rng string, at [][]float64) *Operator {
	d := []string{deriv}
	if deriv == "" {
		d = nil
	}
	return &Operator{Name: name, Doc: doc, Arity: 1, Deriv: d, Go: "rt." + export(name) + "(%s)",
		Eval: func(x, _ float64) float64 { return f(x) }, Range: rng, At: at}
}

// inner is an operator without a name in source texts.
func inner(o *Operator) *Operator {
	o.Inner = true
	return o
}

// single gives the derivative that is used where reals are float32.
func single(o *Operator, deriv string) *Operator {
	o.DerivSingle = []string{deriv}
	return o
}

// sized is an operator whose function in the runtime has a form for each type.
func sized(o *Operator) *Operator {
	o.Go = "rt." + export(o.Name) + "{bits}(%s)"
	return o
}

// onRows gives the function for whole rows.
func onRows(o *Operator, row string) *Operator {
	o.Row = row
	return onVectors(o)
}

// rowsAlone gives a function for whole rows that is none of package simd, as its large
// arguments are done one by one.
func rowsAlone(o *Operator, row string) *Operator {
	o.Row = row
	return o
}

// onVectors says that package simd has an operator by its name, or a root as sqrt.
func onVectors(o *Operator) *Operator {
	if o.Vector = o.Name; o.Row == "rt.Sqrts" {
		o.Vector = "sqrt"
	}
	return o
}

func export(name string) string { return string(name[0]-'a'+'A') + name[1:] }

func compare(name, doc string, f func(x, y float64) bool, holds func(int) bool) *Operator {
	return &Operator{Name: name, Vector: name, Doc: doc, Arity: 2, Class: Compare, Infix: 4, Go: "%s " + name + " %s", Holds: holds,
		Eval: func(x, y float64) float64 {
			if f(x, y) {
				return 1
			}
			return 0
		}}
}

func nanMax(x, y float64) float64 {
	if x != x || y != y {
		return math.NaN()
	}
	return math.Max(x, y)
}

func nanMin(x, y float64) float64 {
	if x != x || y != y {
		return math.NaN()
	}
	return math.Min(x, y)
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x // 0, -0, NaN
}

func sigmoid(x float64) float64 {
	if x < 0 {
		t := math.Exp(x)
		return t / (1 + t)
	}
	return 1 / (1 + math.Exp(-x))
}

// softplus is log(1 + e^x) without overflow: max(x, 0) + log1p(e^-|x|).
func softplus(x float64) float64 {
	if x != x {
		return x
	}
	return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
}

// silu is x*sigmoid(x); far below zero it is x*e^x with e^x in two factors, so
// that the product is rounded only once it is denormal.
func silu(x float64) float64 {
	if x > -700 || x != x {
		return x * sigmoid(x)
	}
	h := math.Exp(x / 2)
	if h == 0 {
		return 0
	}
	return x * h * h
}

// phi is erfc(-x/√2)/2. Far out, what the rounding of -x/√2 loses is put back
// through the slope of erfc.
func phi(x float64) float64 {
	const rest = -4.833646656726457e-17 // 1/√2 = Sqrt2/2 as rounded + rest
	const half = math.Sqrt2 / 2
	t := -x * half
	if !(t >= 1 && t <= 38) {
		return math.Erfc(t) / 2
	}
	lost := math.FMA(-x, half, -t) - x*rest
	return (math.Erfc(t) - 2/math.SqrtPi*math.Exp(-t*t)*lost) / 2
}
