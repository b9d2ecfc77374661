// Package dsl turns a .nn file into a checked module: names, dims, shapes,
// lifting, and lowering to the equations of package ir.
//
// Checking and lowering are one walk over the tree (dsl/syntax). An array is
// a [value]: a shape and a function from indices to a scalar expression, so
// that nothing is stored until something needs it by name. A call elaborates
// the body of what it calls with the shapes at hand; generic code is thereby
// checked once with symbolic dims, where it is declared, and once for each
// use, where only the mismatch between argument and declaration can go wrong.
//
// Every index in scope is a temporary of the ir.Builder with a known range:
// the indices of an equation, of a sum, and the extra leading axes that a
// lifted call is mapped over. To store a value is to make an array with an
// axis for each temporary its body depends on. Lifting needs no more than
// that, and what does not depend on the batch is computed once for it:
//
//	la = log(softmax(A))     // under a lift over N: la[r, s], without N
//
// What flows in is a tree; what flows out is an ir.Module, whose entries are
// lowered to programs on request.
package dsl
