package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/nnc-lang/nnc"
)

var evalVerb = verb{
	name:  "eval",
	args:  "[flags] FILE.nn|- ENTRY[.what]",
	short: "run one entry point without writing Go",
	long: `Eval reads one JSON object from standard input and prints one.

ENTRY is a model, a loss or a capitalised fn of the file; what is one of

	value     (or nothing) the results
	grad      gradient of the one real result
	jvp, vjp  directional derivative; its transpose
	hvp       Hessian times direction, of the one real result
	jacobian, hessian, hessdiag
	init      initial values of the parameters

Input, every key optional:

	args        by argument name; a model is an object by parameter name, nested
	            for layers, a list for layer * n
	params      the parameters, when ENTRY is a model
	state       like params
	dims        sizes that no shape tells
	wrt         argument names; default: models that are not frozen, else all
	            real arguments; "params" is a name here
	tangents    shaped like args; what is absent is zero
	cotangents  shaped like the value
	seed, train

Arrays are nested lists; NaN, Inf and -Inf are strings. A model takes extra
leading axes. Output: value, then what was asked, by argument name; jacobian
has result axes first; hessian is by argument name, twice; with train, new
state.`,
	run: runEval,
}

func runEval(c *call, args []string) int {
	o := c.options()
	o.dumping(c)
	engine := c.flags.String("engine", "interp", "`interp|go`: interpret, or emit Go, build and run it")
	in := c.flags.String("in", "-", "read the input object from `file`")
	plain := c.flags.Bool("O0", false, "interpret the program before any pass")
	rest, code, stop := c.parse(args)
	if stop {
		return code
	}
	if code, stop := o.dumps(c); stop {
		return code
	}
	switch {
	case len(rest) != 2:
		return c.usage("want a file and an entry, got %d arguments", len(rest))
	case *engine != "interp" && *engine != "go":
		return c.usage("no engine %s; there is interp and go", *engine)
	case *engine == "go" && *plain:
		return c.usage("-O0 is for -engine interp")
	case rest[0] == "-" && *in == "-":
		return c.usage("the file and the input cannot both be standard input")
	}
	list, err := c.sources(rest[:1])
	if err == nil && len(list) != 1 {
		err = fmt.Errorf("%s: want one .nn file", rest[0])
	}
	if err != nil {
		return c.fail(err, misused)
	}
	s := list[0]
	input, err := c.input(*in)
	if err != nil {
		return c.fail(err, misused)
	}
	o.Import = imports
	ask := nnc.Case{File: s.name, Source: s.text, Options: o.Options, Entry: rest[1], Input: input, Plain: *plain}
	eval := nnc.Eval
	if *engine == "go" {
		eval = nnc.EvalGo
	}
	out, err := eval(ask)
	var list2 nnc.Diagnostics
	var tool *nnc.ToolError
	switch {
	case errors.As(err, &list2):
		c.report(s, list2, o, true)
		return problems
	case errors.As(err, &tool):
		return c.fail(err, misused)
	case err != nil:
		return c.fail(fmt.Errorf("%s: %w", rest[1], err), problems)
	}
	if _, err := c.stdout.Write(out); err != nil {
		return c.fail(err, misused)
	}
	return ok
}

// input reads the input object; a terminal has none.
func (c *call) input(name string) ([]byte, error) {
	if name != "-" {
		return os.ReadFile(name)
	}
	if f, isFile := c.stdin.(*os.File); isFile {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return nil, nil
		}
	}
	return io.ReadAll(c.stdin)
}
