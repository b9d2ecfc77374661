package runtime

import "github.com/nnc-lang/nnc/runtime/internal/kernels"

// Functions and arithmetic of emitted code, element by element of a row; the
// rules are those of rows.go.

// Exps is e^x.
func Exps[T Float](dst, x []T) {
	x = x[:len(dst)]
	if k := rowsOf[T](); k != nil && len(dst) > 0 {
		k.Exp(len(dst), &dst[0], &x[0])
		return
	}
	for i, v := range x {
		dst[i] = Exp(v)
	}
}

// Expm1s is e^x - 1.
func Expm1s[T Float](dst, x []T) {
	x = x[:len(dst)]
	if k := rowsOf[T](); k != nil && len(dst) > 0 {
		k.Expm1(len(dst), &dst[0], &x[0])
		return
	}
	for i, v := range x {
		dst[i] = Expm1(v)
	}
}

// Logs is the natural logarithm.
func Logs[T Float](dst, x []T) {
	x = x[:len(dst)]
	if k := rowsOf[T](); k != nil && len(dst) > 0 {
		k.Log(len(dst), &dst[0], &x[0])
		return
	}
	for i, v := range x {
		dst[i] = Log(v)
	}
}

// Log1ps is log(1+x).
func Log1ps[T Float](dst, x []T) {
	x = x[:len(dst)]
	if k := rowsOf[T](); k != nil && len(dst) > 0 {
		k.Log1p(len(dst), &dst[0], &x[0])
		return
	}
	for i, v := range x {
		dst[i] = Log1p(v)
	}
}

// Tanhs is the hyperbolic tangent.
func Tanhs[T Float](dst, x []T) {
	x = x[:len(dst)]
	if k := rowsOf[T](); k != nil && len(dst) > 0 {
		k.Tanh(len(dst), &dst[0], &x[0])
		return
	}
	for i, v := range x {
		dst[i] = Tanh(v)
	}
}

// Sigmoids is 1/(1+e^-x).
func Sigmoids[T Float](dst, x []T) {
	x = x[:len(dst)]
	if k := rowsOf[T](); k != nil && len(dst) > 0 {
		k.Sigmoid(len(dst), &dst[0], &x[0])
		return
	}
	for i, v := range x {
		dst[i] = Sigmoid(v)
	}
}

// Softpluses is log(1+e^x).
func Softpluses[T Float](dst, x []T) {
	x = x[:len(dst)]
	if k := rowsOf[T](); k != nil && len(dst) > 0 {
		k.Softplus(len(dst), &dst[0], &x[0])
		return
	}
	for i, v := range x {
		dst[i] = Softplus(v)
	}
}

// Silus is x*Sigmoid(x).
func Silus[T Float](dst, x []T) {
	x = x[:len(dst)]
	if k := rowsOf[T](); k != nil && len(dst) > 0 {
		k.Silu(len(dst), &dst[0], &x[0])
		return
	}
	for i, v := range x {
		dst[i] = Silu(v)
	}
}

// Erfs is the error function.
func Erfs[T Float](dst, x []T) {
	x = x[:len(dst)]
	if k := rowsOf[T](); k != nil && len(dst) > 0 {
		k.Erf(len(dst), &dst[0], &x[0])
		return
	}
	for i, v := range x {
		dst[i] = Erf(v)
	}
}

// Phis is the distribution function of the standard normal.
func Phis[T Float](dst, x []T) {
	x = x[:len(dst)]
	if k := rowsOf[T](); k != nil && len(dst) > 0 {
		k.Phi(len(dst), &dst[0], &x[0])
		return
	}
	for i, v := range x {
		dst[i] = Phi(v)
	}
}

// Sqrts is the square root.
func Sqrts[T Float](dst, x []T) {
	x = x[:len(dst)]
	if k := rowsOf[T](); k != nil && len(dst) > 0 {
		k.Sqrt(len(dst), &dst[0], &x[0])
		return
	}
	for i, v := range x {
		dst[i] = Sqrt(v)
	}
}

// Sins is the sine of x radians.
func Sins[T Float](dst, x []T) {
	if k := rowsOf[T](); k != nil {
		turned(dst, x, k.Sin, Sin)
		return
	}
	for i, v := range x[:len(dst)] {
		dst[i] = Sin(v)
	}
}

// Coss is the cosine of x radians.
func Coss[T Float](dst, x []T) {
	if k := rowsOf[T](); k != nil {
		turned(dst, x, k.Cos, Cos)
		return
	}
	for i, v := range x[:len(dst)] {
		dst[i] = Cos(v)
	}
}

// turned is a function of angles by its kernel, but alone where one is so large that it
// takes more of π than the kernel has.
func turned[T Float](dst, x []T, kernel func(n int, dst, x *T), alone func(T) T) {
	x = x[:len(dst)]
	far := T(kernels.Far64)
	if is32[T]() {
		far = kernels.Far32
	}
	if len(x) > 0 && Maxs(x) <= far && Mins(x) >= -far {
		kernel(len(x), &dst[0], &x[0])
		return
	}
	for i, v := range x {
		if Abs(v) <= far {
			kernel(1, &dst[i], &x[i])
		} else {
			dst[i] = alone(v)
		}
	}
}

// Relus is max(x, 0).
func Relus[T Float](dst, x []T) {
	x = x[:len(dst)]
	if k := rowsOf[T](); k != nil && len(dst) > 0 {
		k.Relu(len(dst), &dst[0], &x[0])
		return
	}
	for i, v := range x {
		dst[i] = max(v, 0)
	}
}

// Adds is x + y.
func Adds[T Float](dst, x, y []T) {
	n := len(dst)
	x, y = x[:n], y[:n]
	if k := rowsOf[T](); k != nil && n > 0 {
		k.Add(n, &dst[0], &x[0], &y[0])
		return
	}
	for i := range dst {
		dst[i] = x[i] + y[i]
	}
}

// Subs is x - y.
func Subs[T Float](dst, x, y []T) {
	n := len(dst)
	x, y = x[:n], y[:n]
	if k := rowsOf[T](); k != nil && n > 0 {
		k.Sub(n, &dst[0], &x[0], &y[0])
		return
	}
	for i := range dst {
		dst[i] = x[i] - y[i]
	}
}

// Muls is x*y.
func Muls[T Float](dst, x, y []T) {
	n := len(dst)
	x, y = x[:n], y[:n]
	if k := rowsOf[T](); k != nil && n > 0 {
		k.Mul(n, &dst[0], &x[0], &y[0])
		return
	}
	for i := range dst {
		dst[i] = x[i] * y[i]
	}
}

// Divs is x/y.
func Divs[T Float](dst, x, y []T) {
	n := len(dst)
	x, y = x[:n], y[:n]
	if k := rowsOf[T](); k != nil && n > 0 {
		k.Div(n, &dst[0], &x[0], &y[0])
		return
	}
	for i := range dst {
		dst[i] = x[i] / y[i]
	}
}

// AddRelus is max(x+y, 0).
func AddRelus[T Float](dst, x, y []T) {
	n := len(dst)
	x, y = x[:n], y[:n]
	if k := rowsOf[T](); k != nil && n > 0 {
		k.AddRelu(n, &dst[0], &x[0], &y[0])
		return
	}
	for i := range dst {
		dst[i] = max(x[i]+y[i], 0)
	}
}

// TanhBacks is dy*(1 - y²): what tanh with the result y hands back.
func TanhBacks[T Float](dst, y, dy []T) {
	n := len(dst)
	y, dy = y[:n], dy[:n]
	if k := rowsOf[T](); k != nil && n > 0 {
		k.TanhBack(n, &dst[0], &y[0], &dy[0])
		return
	}
	for i := range dst {
		dst[i] = dy[i] * fma(-y[i], y[i], 1)
	}
}

// SigmoidBacks is dy*y*(1 - y): what sigmoid with the result y hands back.
func SigmoidBacks[T Float](dst, y, dy []T) {
	n := len(dst)
	y, dy = y[:n], dy[:n]
	if k := rowsOf[T](); k != nil && n > 0 {
		k.SigmoidBack(n, &dst[0], &y[0], &dy[0])
		return
	}
	for i := range dst {
		dst[i] = dy[i] * (y[i] * (1 - y[i]))
	}
}

// ReluBacks is dy where y > 0 and 0 elsewhere: what max(x, 0) with the result
// y hands back.
func ReluBacks[T Float](dst, y, dy []T) {
	n := len(dst)
	y, dy = y[:n], dy[:n]
	if k := rowsOf[T](); k != nil && n > 0 {
		k.ReluBack(n, &dst[0], &y[0], &dy[0])
		return
	}
	for i, v := range y {
		if v > 0 {
			dst[i] = dy[i]
		} else {
			dst[i] = 0
		}
	}
}

// Scales is a*x for a number a.
func Scales[T Float](dst, x []T, a T) {
	x = x[:len(dst)]
	if k := rowsOf[T](); k != nil && len(dst) > 0 {
		k.Scale(len(dst), &dst[0], &x[0], a)
		return
	}
	for i, v := range x {
		dst[i] = a * v
	}
}

// Shifts is x + a for a number a.
func Shifts[T Float](dst, x []T, a T) {
	x = x[:len(dst)]
	if k := rowsOf[T](); k != nil && len(dst) > 0 {
		k.Shift(len(dst), &dst[0], &x[0], a)
		return
	}
	for i, v := range x {
		dst[i] = v + a
	}
}

// Froms is a - x for a number a.
func Froms[T Float](dst, x []T, a T) {
	x = x[:len(dst)]
	if k := rowsOf[T](); k != nil && len(dst) > 0 {
		k.From(len(dst), &dst[0], &x[0], a)
		return
	}
	for i, v := range x {
		dst[i] = a - v
	}
}

// Overs is x/a for a number a.
func Overs[T Float](dst, x []T, a T) {
	x = x[:len(dst)]
	if k := rowsOf[T](); k != nil && len(dst) > 0 {
		k.Over(len(dst), &dst[0], &x[0], a)
		return
	}
	for i, v := range x {
		dst[i] = v / a
	}
}

// Unders is a/x for a number a.
func Unders[T Float](dst, x []T, a T) {
	x = x[:len(dst)]
	if k := rowsOf[T](); k != nil && len(dst) > 0 {
		k.Under(len(dst), &dst[0], &x[0], a)
		return
	}
	for i, v := range x {
		dst[i] = a / v
	}
}

// Pows is x^y.
func Pows[T Float](dst, x, y []T) {
	n := len(dst)
	x, y = x[:n], y[:n]
	if k := rowsOf[T](); k != nil && n > 0 {
		k.Pow(n, &dst[0], &x[0], &y[0])
		return
	}
	for i := range dst {
		dst[i] = Pow(x[i], y[i])
	}
}

// Raises is x^a for a number a.
func Raises[T Float](dst, x []T, a T) {
	x = x[:len(dst)]
	if k := rowsOf[T](); k != nil && len(dst) > 0 {
		k.Raise(len(dst), &dst[0], &x[0], a)
		return
	}
	for i, v := range x {
		dst[i] = Pow(v, a)
	}
}
