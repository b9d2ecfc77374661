// Package interp evaluates programs naively in float64. It is slow, obviously
// right, and the oracle for everything that makes programs faster.
//
// [Run] takes a [ir.Program], sizes and inputs, and returns the outputs:
//
//	out, err := interp.Run(p, &interp.Env{
//		Dims:   map[string]int{"N": 2},
//		Inputs: map[*ir.Array]*interp.Tensor{p.Lookup("x"): {Shape: []int{2}, Data: []float64{1, 2}}},
//	})
//
// Each definition is evaluated over its domain in order, the last axis
// fastest; a recurrence step by step along its time axes. All values are
// float64, integers and booleans too, so integers are exact up to 2^53. Sums
// run from left to right. An arm of an `if` that is not taken is not looked
// at, so a read outside an array is an error only where it is made.
package interp
