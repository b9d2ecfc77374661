package main

import (
	"errors"
	"flag"
	"fmt"
	"strings"

	"github.com/nnc-lang/nnc"
)

// parse reads flags, which may stand before, between and behind the other
// arguments; those it returns. Asked for help it prints it, and stop is set.
func (c *call) parse(args []string) (rest []string, code int, stop bool) {
	for {
		err := c.flags.Parse(args)
		switch {
		case errors.Is(err, flag.ErrHelp):
			c.help(c.stdout)
			return nil, ok, true
		case err != nil:
			return nil, c.usage("%s", err), true
		}
		left := c.flags.Args()
		if used := len(args) - len(left); used > 0 && args[used-1] == "--" {
			return append(rest, left...), ok, false
		}
		if len(left) == 0 {
			return rest, ok, false
		}
		rest, args = append(rest, left[0]), left[1:]
	}
}

// usage reports wrong use of the verb.
func (c *call) usage(format string, args ...any) int {
	fmt.Fprintf(c.stderr, "nnc %s: %s\n", c.name, fmt.Sprintf(format, args...))
	fmt.Fprintf(c.stderr, "usage: nnc %s %s; see nnc help %s\n", c.name, c.args, c.name)
	return misused
}

// fail reports an error and returns the code it stands for: a bug of nnc, or
// the given one.
func (c *call) fail(err error, code int) int {
	var b *nnc.Bug
	if errors.As(err, &b) {
		bug(c.stderr, err.Error(), "")
		return broken
	}
	fmt.Fprintf(c.stderr, "nnc: %s\n", err)
	return code
}

// options are the flags that say how a file is compiled.
type options struct {
	nnc.Options
	json, werror bool
	dump         string
}

func (c *call) options() *options {
	o := &options{Options: nnc.Options{Set: map[string]string{}, Dump: c.stderr}}
	c.flags.Func("set", "`K=V` overrides the constant K of the file; repeatable", func(s string) error {
		k, v, found := strings.Cut(s, "=")
		if !found || k == "" || v == "" {
			return fmt.Errorf("want K=V")
		}
		o.Set[k] = v
		return nil
	})
	c.flags.Func("dtype", "element type of reals, `f32|f64`, overrides the file's", func(s string) error {
		if s != "f32" && s != "f64" {
			return fmt.Errorf("want f32 or f64")
		}
		o.Dtype = s
		return nil
	})
	return o
}

// reporting adds the flags about diagnostics.
func (o *options) reporting(c *call) {
	c.flags.BoolVar(&o.json, "json", false, "print diagnostics as JSON, one object a line")
	c.flags.BoolVar(&o.werror, "werror", false, "count warnings as errors")
}

// dumping adds -d.
func (o *options) dumping(c *call) {
	c.flags.StringVar(&o.dump, "d", "", "print the program to stderr after these `passes`, separated by commas; -d=help lists them")
}

// dumps settles -d; stop says that its help was all that was wanted.
func (o *options) dumps(c *call) (code int, stop bool) {
	if o.dump == "" {
		return ok, false
	}
	if o.dump == "help" {
		nnc.PassHelp(c.stdout)
		return ok, true
	}
	o.DumpAfter = strings.Split(o.dump, ",")
	if err := nnc.CheckPasses(o.DumpAfter); err != nil {
		return c.usage("-d: %s", err), true
	}
	return ok, false
}
