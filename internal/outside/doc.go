// Package outside holds the compiler against numbers that nobody on the
// project computed: values, gradients, tangents and Hessian products of
// PyTorch in float64, points without a derivative, points where a careless
// formula overflows or cancels, and random programs.
//
// The numbers are records, one JSON object a line, in a folder beside the
// repository; where that folder is absent the tests skip. What a record
// computes is stated in the language, in one of three ways:
//
//   - testdata/<family>.txtar has a section per record, written by hand, with
//     the equations as a user would write them:
//
//     -- norm/batchnorm1d_eval --
//     fn Case(x: [N, C], w: [C], b: [C], r: [C], v: [C]) -> y: [N, C] {
//     y[n, c] = (x[n, c] - r[c]) / sqrt(v[c] + 1e-5) * w[c] + b[c]
//     }
//
//     [Objective] adds the loss whose gradient and Hessian are asked for.
//
//   - [Program.Source] translates a random program, one equation a node.
//
//   - [Point.Sources] are the spellings of a hard function, all of which must
//     meet the accuracy of the record.
package outside
