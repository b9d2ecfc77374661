package main

import (
	"io"

	"github.com/nnc-lang/nnc"
)

// report prints diagnostics: for people on standard error, as JSON on standard
// output unless that is taken. The code is that of the worst among them.
func (c *call) report(s *source, list nnc.Diagnostics, o *options, stdoutTaken bool) int {
	if len(list) == 0 {
		return ok
	}
	w, text := c.stderr, ""
	if o.json {
		if !stdoutTaken {
			w = c.stdout
		}
		text = list.JSON()
	} else {
		text = list.Render(s.lookup)
	}
	io.WriteString(w, text)
	if list.HasErrors() || o.werror {
		return problems
	}
	return ok
}
