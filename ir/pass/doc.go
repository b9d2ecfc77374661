// Package pass holds the passes that make a program of equations smaller,
// faster and numerically sound.
//
// A [Pass] takes a program that verifies ([ir.Verify]) and changes it in
// place into one that verifies and has the same outputs; a caller that still
// needs the old one clones it first. What flows in is what package dsl lowers
// or package diff makes, for example
//
//	p[n,k] = exp(z[n,k])/(sum[j in 10] exp(z[n,j]))  n in N, k in 10
//	ce[n]  = -log(p[n,y[n]])                         n in N
//	l      = (sum[n in N] ce[n])/N
//
// and what flows out, after [Inline], [Stabilise], [Simplify] and [Split], is
//
//	lse[n] = logsumexp[j in 10](z[n,j])              n in N
//	l      = (sum[n in N] (lse[n] - z[n,y[n]]))/N
//
// Rewrite rules are data: simplify.rules and stabilise.rules hold one a line,
// with the reasons in English above each group. What a pattern cannot say is
// Go: products and sums in normal form (product.go, sum.go), reductions
// (reduction.go), integer comparisons from the ranges of indices (bounds.go).
// [Facts] is what is known about the values of expressions.
//
// [Before], [After] and [Emit] are the recommended orders around
// differentiation, with the reasons.
//
// # Special values
//
// A NaN says that something went wrong, and an infinity often does, so
// Simplify never makes a finite value of either: x*0, x - x and x/x stay. (A
// factor that is pulled out of a sum may turn one into the other.) Sizes that
// divide are taken not to be 0.
// Stabilise may replace an overflow or a cancellation by the right value.
// Rounding may change in both, as sums and products of constants are folded.
package pass
