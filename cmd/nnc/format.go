package main

import (
	"bytes"
	"fmt"

	"github.com/nnc-lang/nnc"
	"github.com/rogpeppe/go-internal/diff"
)

var fmtVerb = verb{
	name:  "fmt",
	args:  "[-check] [-d] FILE.nn|FOLDER|DIR/...|- ...",
	short: "write .nn files in the one usual form",
	long: `Fmt rewrites the files that are not in the usual form, or standard input (-)
to standard output.`,
	run: runFmt,
}

func runFmt(c *call, args []string) int {
	check := c.flags.Bool("check", false, "list the files that would change, change none; exit code 1 if there are any")
	show := c.flags.Bool("d", false, "print what would change as a diff, change nothing; exit code 1 if there is any")
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
		text, found := nnc.Format(s.name, s.text)
		if found.HasErrors() {
			worst = max(worst, c.report(s, found, &options{}, true))
			continue
		}
		switch same := bytes.Equal(text, s.text); {
		case (*check || *show) && !same:
			if *check {
				fmt.Fprintln(c.stdout, s.name)
			}
			if *show {
				c.stdout.Write(diff.Diff(s.name, s.text, s.name+" formatted", text))
			}
			worst = max(worst, problems)
		case *check || *show:
		case s.std:
			if _, err := c.stdout.Write(text); err != nil {
				return c.fail(err, misused)
			}
		case !same:
			if err := write(s.name, text); err != nil {
				return c.fail(err, misused)
			}
		}
	}
	return worst
}
