package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc"
)

var summaryVerb = verb{
	name:  "summary",
	args:  "[flags] FILE.nn [MODEL]",
	short: "list the layers of models: shapes, parameters, multiply-adds, memory",
	long: `Summary lists the layers of MODEL (of all models of the file) as a tree, with
the shapes of their results, their parameters and the multiply-adds of a
forward pass; then the totals, with the memory that parameters and all arrays
of a forward pass take. Sizes that nothing fixes stay letters; -dims N=64,T=128
gives them values. Multiply-adds are the terms of sums of products.`,
	run: runSummary,
}

func runSummary(c *call, args []string) int {
	o := c.options()
	dims := c.dims()
	rest, code, stop := c.parse(args)
	if stop {
		return code
	}
	if len(rest) != 1 && len(rest) != 2 {
		return c.usage("want a file and perhaps a model, got %d arguments", len(rest))
	}
	s, err := c.oneSource(rest[0])
	if err != nil {
		return c.fail(err, misused)
	}
	o.Import = imports
	model := ""
	if len(rest) == 2 {
		model = rest[1]
	}
	text, err := nnc.Summary(s.name, s.text, o.Options, model, dims)
	return c.answer(s, o, "", []byte(text), err, "")
}

// dims adds the flag -dims and returns the sizes that it sets.
func (c *call) dims() map[string]int {
	dims := map[string]int{}
	c.flags.Func("dims", "sizes, `N=64,T=128`", func(s string) error {
		for _, part := range strings.Split(s, ",") {
			k, v, _ := strings.Cut(part, "=")
			n, err := strconv.Atoi(v)
			if err != nil || n < 0 || k == "" {
				return fmt.Errorf("want N=64,T=128")
			}
			dims[k] = n
		}
		return nil
	})
	return dims
}
