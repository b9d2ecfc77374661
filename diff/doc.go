// Package diff differentiates programs: equations in, equations out.
//
// The chain rule, forwards. Every array that depends on an input in question
// gets a tangent. If y[i] = f(a[g(i)], b[h(i)]), then
//
//	y_t[i] = ∂f/∂a * a_t[g(i)] + ∂f/∂b * b_t[h(i)]
//
// one product for each read, read at the same indices. Tangents follow the
// order of the definitions. Where they begin is a choice: with directions
// ([JVP]), or with one seed for each element of an input, which makes them
// whole matrices ([Jacobian]).
//
// The chain rule, backwards. Every such array gets an adjoint, the derivative
// of the result with respect to it. The same read, seen from the other side:
//
//	da[g(i)] += dy[i] * ∂f/∂a        for all i
//
// and an equation again as soon as k = g(i) is solved for i. A bare index is
// substituted; an index that g does not mention is summed (the gradient of
// what was broadcast); i + u - 1 = k gives i = k - u + 1, summed over the
// window u where that i is in range; 2*i + u = k gives remainders; only a
// gather such as g(i) = ids[i] stays an accumulation. So the adjoint of a
// matmul is two matmuls and that of a convolution two convolutions, without a
// rule for either. Adjoints follow the definitions from last to first, and a
// recurrence in t becomes one that runs the other way.
//
//	h[n,j] = max(a[n,j], 0)         da[n,j]  = if a[n,j] > 0 then dh[n,j] else 0
//	a[n,j] = sum[i] x[n,i]*W[i,j]   dW[i,j]  = sum[n] x[n,i]*da[n,j]
//
// Partial derivatives come from the tables of package ir. Conditions are kept
// apart from values (see term), so that a branch not taken contributes
// nothing, rather than 0 times whatever its derivative is. A second derivative
// is the derivative of the result: [HVP] runs forward over reverse.
//
// An array of tangents or of adjoints does not tell which of its zeros are there
// because no side that was picked leads to them. So its field says where one
// does, as a condition that is carried along and asked for only before a slope
// that may be infinite: the square root of a sum of relus, none of which lets
// through, has tangent 0, not 0*Inf, and so have relus of a matrix times square
// roots at 0. It is forgotten in recurrences.
package diff
