// Package syntax reads .nn files and prints them in one canonical layout.
//
// In: the text of a file. Out: a [File], a plain tree in which every node
// knows its place, or a diag.List with the one NN001 that says what is wrong;
// and, for nnc fmt, the text again. Nothing here knows what a name means.
//
//	f, err := syntax.Parse("mlp.nn", src)
//	for _, d := range f.Decls {
//		if fn, ok := d.(*syntax.Func); ok {
//			fmt.Println(fn.Kind, fn.Name.Name, fn.Doc)
//		}
//	}
//
// A file goes through
//
//	scan     characters to tokens and comments           scan.go, letters.go
//	nest     nesting is counted and bounded              nest.go
//	grammar  tokens to the reference's productions       grammar.go, lex.go
//	convert  productions to the tree                     convert.go, convexpr.go
//	explain  or else, why it is no file                  place.go, explain*.go
//	layout   tokens and tree to white space              layout.go, emit.go
//
// # Names
//
// A name is letters, digits and _, in any script. Names are compared as they
// are written: what Unicode normal form C would change is refused, with
// everything invisible (control, bidirectional and zero-width characters), so
// two names that are equal on the screen up to normalisation are equal. The
// words as, by, auto, forward, reverse, f32 and f64 are keywords only in
// their places.
//
// # Documentation
//
// The comment lines that end right above a declaration, argument, param,
// state or equation are its Doc; failing that, for all but functions, the
// comment behind it on its line is.
//
// # Limits
//
// Expressions are nested at most 500 levels deep, and a pipe, a sum or a product
// has at most 20,000 operators, each a level of the tree: so whoever walks it may
// recurse. A file has at most 16 MiB and 250,000 tokens. Larger ones are refused
// with a place.
//
// # Layout
//
// The formatter changes nothing but white space and the ';' between
// equations. Its rules:
//
//   - Each declaration starts a line. The equations of a body are indented
//     by two spaces. A body written on one line stays there if the line has at
//     most 100 columns.
//   - Equations that share a line go on to, with ";  " between them, if they
//     fit 100 columns; else each gets its own. No other ';' survives.
//   - Line breaks inside an equation or a head stay where there is a space or
//     the inside of a bracket. The next line is indented by two, by four for a
//     where clause, by two more than its line inside a bracket; a |> that
//     starts a line stands under the first |> of its chain.
//   - One space around operators, none around ^ and "..". The arithmetic
//     operators + - * / % written without any space stay so, as in 2*H or
//     x[t-1], unless one of their operands has spaces in it.
//   - A |> inside a line, and the signs of one-line equations on consecutive
//     lines, stay lined up if they were.
//   - Comments keep their places. Those behind text stand two spaces from it,
//     in one column on consecutive lines, or on lines without an empty one
//     between that had them in one column before.
//   - At most one empty line in a row, and none after { or inside an equation.
package syntax
