package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/nnc-lang/nnc"
)

var graphVerb = verb{
	name:  "graph",
	args:  "[flags] FILE.nn ENTRY",
	short: "draw the computational graph of an entry point",
	long: `Graph draws the mathematics of ENTRY (a model, a loss or a capitalised fn) as
the source states it: inputs and results white, parameters red, operations
blue, shapes on the arrows. Copies of a layer are drawn once, the steps of a
recurrence as an arrow that leads back. The picture is printed, or written
where -o says; its ending may tell the format: .svg, .dot, .mmd.

-values reads the input of nnc eval and writes onto each node what it comes to:
few numbers as they are, many as least … mean … greatest. With -backward also
the derivative of the result, on the adjoint of each node.`,
	run: runGraph,
}

func runGraph(c *call, args []string) int {
	o := c.options()
	out := c.flags.String("o", "", "write the picture to `file`")
	format := c.flags.String("format", "", "`svg|dot|mermaid`; default: what the ending of -o says, else svg")
	backward := c.flags.Bool("backward", false, "draw the backward pass: adjoints beside their nodes, dashed arrows")
	values := c.flags.String("values", "", "write numbers on the nodes, from this input `file` of nnc eval (- for standard input)")
	rest, code, stop := c.parse(args)
	if stop {
		return code
	}
	if len(rest) != 2 {
		return c.usage("want a file and an entry, got %d arguments", len(rest))
	}
	if *format == "" {
		*format = map[string]string{".dot": "dot", ".gv": "dot", ".mmd": "mermaid"}[filepath.Ext(*out)]
	}
	if f := *format; f != "" && f != "svg" && f != "dot" && f != "mermaid" {
		return c.usage("no format %s; there are svg, dot and mermaid", f)
	}
	if rest[0] == "-" && *values == "-" {
		return c.usage("the file and the values cannot both be standard input")
	}
	s, err := c.oneSource(rest[0])
	if err != nil {
		return c.fail(err, misused)
	}
	o.Import = imports
	ask := nnc.Case{File: s.name, Source: s.text, Options: o.Options, Entry: rest[1]}
	if *values != "" {
		if ask.Input, err = c.input(*values); err != nil {
			return c.fail(err, misused)
		}
	}
	picture, err := nnc.Graph(ask, nnc.GraphOptions{Format: *format, Backward: *backward, Values: *values != ""})
	return c.answer(s, o, rest[1], picture, err, *out)
}

// oneSource reads the one file that an argument names.
func (c *call) oneSource(arg string) (*source, error) {
	list, err := c.sources([]string{arg})
	if err != nil {
		return nil, err
	}
	if len(list) != 1 {
		return nil, fmt.Errorf("%s: want one .nn file", arg)
	}
	return list[0], nil
}

// answer prints what an entry was asked, or writes it to a file, or says what
// was wrong.
func (c *call) answer(s *source, o *options, entry string, text []byte, err error, file string) int {
	var found nnc.Diagnostics
	switch {
	case errors.As(err, &found):
		c.report(s, found, o, true)
		return problems
	case err != nil && entry != "":
		return c.fail(fmt.Errorf("%s: %w", entry, err), problems)
	case err != nil:
		return c.fail(err, problems)
	case file != "":
		err = write(file, text)
	default:
		_, err = c.stdout.Write(text)
	}
	if err != nil {
		return c.fail(err, misused)
	}
	return ok
}
