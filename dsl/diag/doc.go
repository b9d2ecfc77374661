// Package diag holds what the compiler says to its user.
//
// In: a [Diagnostic], a value with a stable code, the places it is about, a
// one-line cause, notes and a hint. Out: text for people ([Diagnostic.Render]) and, for
// editors, one JSON object per line ([List.JSON]).
//
//	mlp.nn:9:15: NN101 the inner axes of @ differ: 128 and 64
//	   9 |   p = softmax(h @ W2 + b2)
//	     |               ^   ^^
//	     = h is [128] (line 8); W2 is [64, 10] (line 6). hint: param W2: [128, 10]
//
// A [List] is an error, so a pass that finds several things returns them all.
package diag
