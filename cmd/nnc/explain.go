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
dims and equations. With -grad W1 it prints the equations that compute the
gradient with respect to the parameter or argument W1, and no others.`,
	run: runExplain,
}

var code = regexp.MustCompile(`^(?i:NN)[0-9]+$`)

func runExplain(c *call, args []string) int {
	o := c.options()
	grad := c.flags.String("grad", "", "print the gradient with respect to this `name`")
	entry := c.flags.String("entry", "", "of this `entry` point; default: with -grad the first loss, else all")
	rest, status, stop := c.parse(args)
	if stop {
		return status
	}
	if len(rest) != 1 {
		return c.usage("want one code or one file")
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
	if *grad != "" {
		text, err = nnc.ExplainGrad(s.name, s.text, o.Options, *entry, *grad)
	} else {
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
