package main

import (
	"fmt"
	"io"

	"github.com/nnc-lang/nnc"
)

var showVerb = verb{
	name:  "show",
	args:  "[NAME ...]",
	short: "print the source of functions and layers of the prelude",
	long: `Show Dense prints how the prelude defines Dense, which is nnc's own language.
Without a name it lists what there is.`,
	run: runShow,
}

func runShow(c *call, args []string) int {
	names, code, stop := c.parse(args)
	if stop {
		return code
	}
	if len(names) == 0 {
		for _, line := range nnc.PreludeNames() {
			fmt.Fprintln(c.stdout, line)
		}
		return ok
	}
	for i, n := range names {
		text, err := nnc.Show(n)
		if err != nil {
			return c.fail(err, misused)
		}
		if i > 0 {
			fmt.Fprintln(c.stdout)
		}
		io.WriteString(c.stdout, text)
	}
	return ok
}
