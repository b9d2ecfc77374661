// Package ir holds programs as equations.
//
// A [Program] is a list of arrays, each defined by one equation over the
// index domain of its shape:
//
//	h[n,j] = max(sum[i in 784] x[n,i]*W1[i,j] + b1[j], 0)    n in N, j in 128
//
// There is no operator zoo. Matmul, convolution, softmax, attention,
// embedding, slicing and transposing are all the same kind of thing: a scalar
// expression in the indices of the left-hand side. What flows in is a checked
// source file (package dsl) or the text form ([Parse]); derivatives (package
// diff) and simplifications (package ir/pass) make equations of equations;
// code generation reads them.
//
// Expressions are hash-consed by a [Builder], so equal expressions are one
// pointer. Three conventions make that work:
//
//   - The indices of a left-hand side are its axes: [Axis](0), [Axis](1), …
//   - The index bound by a reduction is canonical: it is numbered by the
//     height of the reductions inside, so sum[i] x[i] and sum[j] x[j] are the
//     same expression. To look below a reduction, [Builder.Open] it: its
//     indices become fresh temporaries, and [Builder.Reduce] closes it again.
//   - Integer expressions (dims, indices) are polynomials in normal form, so
//     2*H and H+H are the same expression.
//
// Operators and reducers are records in one table each ([Operators],
// [Reducers]); nothing outside the table switches on a name.
package ir
