package main

import "github.com/nnc-lang/nnc"

var checkVerb = verb{
	name:  "check",
	args:  "[flags] FILE.nn|FOLDER|DIR/...|- ...",
	short: "report what is wrong with .nn files",
	long: `Check reads the files as compile does, prints what it has to say about them,
and writes nothing.`,
	run: runCheck,
}

func runCheck(c *call, args []string) int {
	o := c.options()
	o.reporting(c)
	rest, code, stop := c.parse(args)
	if stop {
		return code
	}
	if len(rest) == 0 {
		return c.usage("no files")
	}
	list, err := c.sources(rest)
	if err != nil {
		return c.fail(err, misused)
	}
	worst := ok
	for _, s := range list {
		o.Import = imports
		found, err := nnc.Check(s.name, s.text, o.Options)
		worst = max(worst, c.report(s, found, o, false))
		if err != nil {
			worst = max(worst, c.fail(err, problems))
		}
	}
	return worst
}
