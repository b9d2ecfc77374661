package nnc

import (
	"go/token"
	"io"

	"github.com/nnc-lang/nnc/ir/pass"
)

// Options says how a file is compiled or evaluated.
type Options struct {
	Set    map[string]string                 // constants overridden: name to expression
	Dtype  string                            // "f32", "f64", or "" for what the file says
	Import func(path string) ([]byte, error) // reads what the file imports; nil: it can import nothing

	// Beside says that the Go file lies beside its source: a model imported
	// from the same folder is declared by what that file is compiled to, in
	// the same package. Otherwise all that is used is declared.
	Beside bool

	// SIMD makes kernels in vector instructions of loops that gain by it.
	SIMD bool

	// Package is the name of the emitted package where the source has no
	// package clause, ForcePackage even where it has one.
	Package, ForcePackage string

	Off       []string  // passes that are not run, for tests
	Dump      io.Writer // gets the program after each pass of DumpAfter
	DumpAfter []string
}

// Result is a compiled file.
type Result struct {
	Go          []byte      // nil when there are errors, or nothing to emit
	Stubs       []byte      // the Go file beside Assembly, nil without that
	Assembly    []byte      // of amd64, with Options.SIMD, where there are kernels
	Diagnostics Diagnostics // errors and warnings about the source
}

// Compile turns a source file into the source of a Go package. What is wrong
// with the file is in the diagnostics; the error is a [*Bug] or about options.
func Compile(file string, src []byte, opt Options) (Result, error) {
	m, list, err := load(file, src, opt)
	r := Result{Diagnostics: list}
	if m == nil {
		return r, err
	}
	files, err := emit(m, file, opt)
	r.Go, r.Stubs, r.Assembly = files.Go, files.Stubs, files.Assembly
	return r, err
}

// Pass is one step from the program of an entry point to the one that runs.
type Pass struct {
	Name     string
	Doc      string
	Required bool // it cannot be switched off
	run      func(*job) error
}

// Pipeline is the compiler between the checked source and the printer of Go:
// the program of every method goes through these passes in this order, and is
// verified after each. Passes that run again have a number behind their name.
var Pipeline = []Pass{
	of(pass.Inline, ""),
	of(pass.Stabilise, ""),
	of(pass.Simplify, ""),
	of(pass.Inline, "2"),
	of(pass.Stabilise, "2"),
	of(pass.Simplify, "2"),
	of(pass.Split, ""),
	of(pass.CSE, ""),
	of(pass.Prune, ""),

	{"diff", "add the equations of the derivative that the method gives", true, differentiate},
	{"map", "map the derivative of one example over the batch, where that was put off", true, mapOver},

	of(pass.Expand, ""),
	of(pass.Simplify, "3"),
	of(pass.CSE, "2"),
	of(pass.Inline, "3"),
	of(pass.Simplify, "4"),
	of(pass.CSE, "3"),
	of(pass.Inline, "4"),
	of(pass.Simplify, "5"),
	of(pass.Split, "2"),
	of(pass.CSE, "4"),
	of(pass.Prune, "2"),

	of(pass.Shift, ""),
	of(pass.Prune, "3"),
	of(pass.Share, ""),
	of(pass.Prune, "4"),
	of(pass.Early, ""),
}

// forComputing are the passes that make a program faster to compute and no
// easier to read: people are shown what stands before them.
var forComputing = []string{pass.Shift.Name, pass.Share.Name, pass.Early.Name}

// Constraint is a reason why one pass stands before another.
type Constraint struct{ First, Then, Because string }

// Order holds what the order of [Pipeline] respects. A test checks that it
// does, so a pass that is moved breaks a reason and not a program.
var Order = []Constraint{
	{"inline", "stabilise", "a rule sees one body: log(p[n]) must meet p[n] = exp(…)/sum … in it"},
	{"stabilise", "simplify", "its rules are written for formulas as people write them, and it leaves double negations"},
	{"simplify", "inline2", "a body that became small can be inlined in turn"},
	{"inline2", "stabilise2", "what was inlined now may show a new pattern"},
	{"stabilise2", "split", "logsumexp is recognised as one reduction before reductions are taken apart"},
	{"split", "diff", "the derivative reads a stored reduction instead of computing it again"},
	{"stabilise2", "diff", "the derivative of a stable form is stable, that of an unstable one is not"},
	{"prune", "diff", "nobody differentiates what no result depends on"},
	{"diff", "map", "the derivative of one example has no entries of one example against another"},
	{"map", "expand", "what does not depend on the example is found by the passes that follow"},
	{"diff", "expand", "a function with a derivative of its own must still be seen as one"},
	{"expand", "simplify3", "the values of such functions are simplified like all others"},
	{"simplify3", "cse2", "equal things look equal only in normal form"},
	{"cse2", "inline3", "what two definitions share is found while it is still a definition"},
	{"inline3", "simplify4", "a constant that was inlined folds"},
	{"simplify5", "split2", "derivatives nest reductions; those that cancel need no array"},
	{"split2", "cse4", "the arrays that split makes of equal reductions are one"},
	{"cse4", "prune2", "the losers of cse are read by nobody"},
	{"split2", "shift", "logsumexp has an array of its own, which its readers share"},
	{"prune2", "shift", "it counts readers, and the dead are none"},
	{"prune4", "early", "what only the dead read is a result that nothing reads"},
	{"shift", "share", "the exponentials of a softmax are what forward and backward share"},
}

// of enters a pass of package pass, with a number when it is not the first
// time that it runs.
func of(p pass.Pass, number string) Pass {
	return Pass{p.Name + number, p.Doc, p.Name == pass.Expand.Name, func(j *job) error { return p.Run(j.program) }}
}

// validPackage reports whether Go takes name in a package clause.
func validPackage(name string) bool {
	return token.IsIdentifier(name) && name != "_" && name != "C"
}
