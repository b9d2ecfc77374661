// Package nnc compiles .nn files to Go. It holds the pipeline and no
// mathematics; this comment is the tour of what does.
//
// A .nn file states a model and its loss as equations for one example:
//
//	model Logistic(x: [D]) -> z: real { param w: [D] = 0;  param b: real = 0;  z = w @ x + b }
//	loss Fit(m: Logistic, x: [N, D], y: [N]) = mean(logit_loss(m(x), y))
//
// [Compile] turns it into a Go package with the types Logistic, LogisticEval
// and Fit, whose methods compute values and derivatives without reflection,
// without a graph, and without allocating. On the way the file is, in this
// order:
//
// Text. Package dsl/syntax parses it to a tree, and prints a tree in the one
// usual form. What it has to complain of is a value of package dsl/diag, with
// a place and a stable code.
//
// Equations. Package dsl resolves names, infers dims, maps functions over the
// leading axes of their arguments, and lowers each entry point (a model, a
// loss, a capitalised fn) to a program of package ir:
//
//	z[n] = (sum[i in D] m.w[i]*x[n, i]) + m.b        n in N
//	l    = (sum[n in N] softplus(-y[n]*z[n]))/N
//
// A program is a list of arrays, each defined by one equation over the indices
// of its shape. There is nothing else: matmul, convolution, softmax and
// attention are all of this kind. ir.Print and ir.Parse are its text form, and
// ir.Verify says what every program must keep to; ir/interp evaluates any
// program, slowly and obviously right.
//
// Better equations. The passes of package ir/pass inline, write formulas in
// forms that neither overflow nor cancel, simplify, and share. Rules are data,
// in files of one rule a line.
//
// More equations. Package diff adds the derivative: forward or reverse, or one
// over the other. Its output is an ordinary program, so the same passes run
// again on value and derivative together.
//
// Loops. Package codegen plans the loops (contractions, fused nests,
// recurrences, one arena for what must be stored) and prints them as Go that
// reads as if written by hand. What it prints imports package runtime, which
// stands alone.
//
// [Pipeline] is the list of passes between dsl and codegen, [Order] the reasons
// for its order. [Eval] takes the same road up to codegen and interprets the
// program instead; [EvalGo] goes to the end, and builds and runs what comes
// out. The command cmd/nnc adds flags and files.
package nnc

//go:generate go run ./internal/manual
