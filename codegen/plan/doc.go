// Package plan turns a program of equations into steps: contractions for the
// runtime, fused loop nests, recurrences, and where everything is stored.
//
// In flows an [ir.Program]; out flows a [Plan], a tree of nodes that a printer
// walks once. The stages, each in a file named for it:
//
//  1. normal: every equation becomes a [Def] whose indices are loops to be.
//     Reductions inside a body become definitions of their own, so that what
//     does not depend on an index is not computed in its loop; products under
//     a sum become contractions; logsumexp becomes a maximum and a sum. A sum
//     over few coordinates that is no product gets an operand with its axes
//     exchanged (turn); one that is needed in a part of an axis is made for
//     its own axis (shift).
//  2. fuse: definitions go, in order, into the loops that exist already where
//     that is legal, else into new ones.
//  3. layout, inplace, store: recurrences are stored time first; products go
//     where they are finished into; arrays that live within one iteration
//     lose the axes they do not need, down to scalars; the rest shares one
//     arena by lifetime.
//
// The plan of a row-wise softmax is one nest:
//
//	loop n in N
//	  loop k in 10: zMax = max z[n, k]
//	  loop k in 10: zSum += exp(z[n, k] - zMax)
//	  loop k in 10: p[n, k] = exp(z[n, k] - zMax)/zSum
package plan
