package kernels

// Rows are the kernels on contiguous slices of n > 0 elements: dst = f(x, y, z;
// a, b) element by element, and reductions to a number. dst may be one of the
// others. An element's result depends on nothing but its operands, and is the
// same at every place; a reduction's order depends on n alone. All nil without
// kernels.
type Rows[T float32 | float64] struct {
	Exp, Expm1, Log, Log1p, Tanh, Sigmoid, Softplus, Silu, Erf, Phi, Sqrt, Relu func(n int, dst, x *T)
	Sin, Cos                                                                    func(n int, dst, x *T) // of numbers up to Far32 or Far64 away from 0

	Add, Sub, Mul, Div func(n int, dst, x, y *T)
	AddRelu            func(n int, dst, x, y *T)  // max(x+y, 0)
	ReluBack           func(n int, dst, y, dy *T) // dy where y > 0, else 0
	TanhBack           func(n int, dst, y, dy *T) // dy(1-y²)
	SigmoidBack        func(n int, dst, y, dy *T) // dy y(1-y)
	Fma                func(n int, dst, x, y, z *T)
	Affine             func(n int, dst, x *T, a, b T) // a x + b
	Scale, Shift, From func(n int, dst, x *T, a T)    // a x, x + a, a - x
	Over, Under        func(n int, dst, x *T, a T)    // x/a, a/x
	Axpy               func(n int, dst, x, y *T, a T) // x + a y
	Pow                func(n int, dst, x, y *T)
	Raise              func(n int, dst, x *T, a T) // x^a

	Sum            func(n int, x *T) T
	Dot            func(n int, x, y *T) T
	Max            func(n int, x *T) T           // NaN if there is one; of zeros, 0
	Min            func(n int, x *T) T           // likewise
	ExpSum         func(n int, dst, x *T, a T) T // dst = e^(x-a), and its sum
	ArgMax, ArgMin func(n int, x *T) int         // the first index of those, or of a NaN; n is at most 2^31 - 1

	// dst[i] += sum of (x[j]-c[j*stride+i])² over j < m
	SquareDist func(n int, dst, x, c *T, m, stride int)

	// Each element of rows rows of (n+1)/2, stride apart, twice, and each row times times.
	Stretch func(n int, dst, x *T, rows, times, stride int)
	// dst[i*n+j] = sum, or largest, of x[i*down+j*right+u*line+v] over u < height
	// and v < width, both over 0, for i < rows; right is 1 or 2. Of zeros, either.
	WindowSum1, WindowSum2, WindowMax1, WindowMax2 func(n int, dst, x *T, rows, down, height, line, width int)
	// Likewise u*width+v of the first of the largest, or of the first NaN.
	WindowPlace1, WindowPlace2 func(n int, dst *int, x *T, rows, down, height, line, width int)

	// Draws of steps times DrawStep elements, from an even element on, two for each block:
	// 1 with probability p, else 0, numbers from lo up, by less than span, and normal ones.
	DrawStep  int
	Bernoulli func(steps int, dst *T, block, seed, path uint64, p float64)
	Uniform   func(steps int, dst *T, block, seed, path uint64, lo, span float64)
	Normal    func(steps int, dst *T, block, seed, path uint64, mean, std float64)
}
