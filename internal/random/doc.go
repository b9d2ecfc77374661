// Package random writes random programs in the language, for tests that hold
// the parts of the compiler against each other: nobody thinks of the program
// that is compiled wrong, so nobody wrote it down.
//
// [New] makes the program of a seed, always the same: text that should be
// well-typed, and an input of numbers for every argument. It has equations over
// indices with reads at affine places, windows, gathers by integers given and
// found, and triangular ranges, all reducers, branches on numbers and indices,
// recurrences forward and backward, alone, in pairs and in functions, products,
// attention, slices and reshapes, functions that are mapped, functions with a
// derivative of their own, gradients in expressions, draws, and models of layers
// of the prelude: dense and norms, convolutions and pools with strides and
// borders, series and their cells, attention, embeddings, dropout and state, in
// training and without. Sizes are small, one of them now and then larger than a
// vector of the machine, constant or told by the data.
//
//	p := random.New(7)
//	p.Source() // dtype f64 … loss F(x0: [N, K]) -> l { … }
//	p.Input()  // {"args": {"x0": [[0.5, …]]}, "tangents": …}
//
// [Program.Shrink] makes a failing program small: it takes statements,
// functions and arguments away, puts parts of a formula in the place of the
// whole, and lowers sizes, as long as the caller says that it still fails. It
// works on the text as a tree and knows nothing of types, so the caller also
// says no to what no longer compiles.
package random
