package kernels

// Steps are the steps of optimisers on contiguous slices of n > 0 elements, in
// place: the parameters p and all that the optimiser keeps, against the gradient
// dp. An element's result depends on nothing but its operands. All nil without
// kernels. Every step begins with g = dp + decay p.
type Steps[T float32 | float64] struct {
	// p -= rate g
	Sgd func(n int, p, dp *T, rate, decay T)
	// v = keep v + fresh g; p -= rate v, of Nesterov p -= rate (g + keep v)
	Momentum, Nesterov func(n int, p, v, dp *T, rate, decay, keep, fresh T)
	// m = b1 m + c1 g; v = b2 v + c2 g²; p = keep p - rate m/(root sqrt(v) + eps)
	Adam func(n int, p, m, v, dp *T, rate, decay, keep, b1, c1, b2, c2, root, eps T)
	// m = b1 m + c1 g; u = max(b2 u, |g| + eps); p -= rate m/u
	Adamax func(n int, p, m, u, dp *T, rate, decay, b1, c1, b2, eps T)
	// s += g²; p -= rate g/(sqrt(s) + eps)
	Adagrad func(n int, p, s, dp *T, rate, decay, eps T)
	// v = alpha v + rest g²; b = keep b + g/(sqrt(v) + eps); p -= rate b
	Rmsprop func(n int, p, v, b, dp *T, rate, decay, alpha, rest, eps, keep T)
	// mean = alpha mean + rest g, and v - mean² under the root
	Centered func(n int, p, v, mean, b, dp *T, rate, decay, alpha, rest, eps, keep T)
}
