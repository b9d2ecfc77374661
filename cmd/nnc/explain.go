package main

import (
	"errors"
	"io"
	"regexp"

	"github.com/nnc-lang/nnc"
)

var explainVerb = verb{
	name:  "explain",
	args:  "NNnnn | [flags] FILE.nn",
	short: "tell the story of a diagnostic, or of a file",
	long: `Explain NN101 tells what the diagnostic means, with an example that has it and
one that is right. Explain FILE.nn lists the entry points with their arguments,
dims, calls, each with the frame that it is mapped over, and equations. With
-grad W1 it prints the equations that compute the gradient with respect to the
parameter or argument W1, and no others; with -latex as formulas of LaTeX. With
-grad W1 -chain it writes the gradient as the sum over all paths from the result
to W1 in the computational graph, each the product of the derivatives of its
steps, and lists these.

With -cost it prints, for each method, what every equation costs: operations (a
transcendental function is 10, a power or a random number 50), bytes of the arrays
it reads and writes, their ratio, whether that binds it to arithmetic or to memory,
and its share. Sizes are those of -dims, else 64. With -measure too it builds and
runs the methods on random numbers on one thread, and prints the time of every step
of the emitted code, and how much of what this processor does at most, or copies in
arrays as large, it reaches.`,
	run: runExplain,
}

var code = regexp.MustCompile(`^(?i:NN)[0-9]+$`)

func runExplain(c *call, args []string) int {
	o := c.options()
	grad := c.flags.String("grad", "", "print the gradient with respect to this `name`")
	entry := c.flags.String("entry", "", "of this `entry` point; default: with -grad the first loss, else all")
	latex := c.flags.Bool("latex", false, "with -grad: print an align environment of LaTeX")
	cost := c.flags.Bool("cost", false, "print what each equation of each method costs, and what bounds it")
	measure := c.flags.Bool("measure", false, "with -cost: run the methods, and print the time of each step and its share of the limit")
	dims := c.dims()
	chain := c.flags.Bool("chain", false, "with -grad: derive it by the chain rule, path by path")
	rest, status, stop := c.parse(args)
	if stop {
		return status
	}
	switch {
	case len(rest) != 1:
		return c.usage("want one code or one file")
	case *grad == "" && (*latex || *chain):
		return c.usage("-latex and -chain want -grad NAME")
	case *latex && *chain:
		return c.usage("want -latex or -chain, not both")
	case len(dims) > 0 && !*cost:
		return c.usage("-dims wants -cost")
	case *measure && !*cost:
		return c.usage("-measure wants -cost")
	}
	var text string
	var err error
	if code.MatchString(rest[0]) {
		if text, err = nnc.ExplainCode(rest[0]); err != nil {
			return c.fail(err, misused)
		}
		io.WriteString(c.stdout, text)
		return ok
	}
	list, err := c.sources(rest)
	if err == nil && len(list) != 1 {
		err = errors.New(rest[0] + ": want one .nn file")
	}
	if err != nil {
		return c.fail(err, misused)
	}
	s := list[0]
	o.Import = imports
	switch {
	case *cost:
		text, err = nnc.ExplainCost(s.name, s.text, o.Options, *entry, dims, *measure)
	case *latex:
		text, err = nnc.ExplainGradLaTeX(s.name, s.text, o.Options, *entry, *grad)
	case *chain:
		text, err = nnc.ExplainChain(s.name, s.text, o.Options, *entry, *grad)
	case *grad != "":
		text, err = nnc.ExplainGrad(s.name, s.text, o.Options, *entry, *grad)
	default:
		text, err = nnc.ExplainFile(s.name, s.text, o.Options, *entry)
	}
	var found nnc.Diagnostics
	switch {
	case errors.As(err, &found):
		return c.report(s, found, o, true)
	case err != nil:
		return c.fail(err, problems)
	}
	io.WriteString(c.stdout, text)
	return ok
}
