package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/nnc-lang/nnc"
)

var compileVerb = verb{
	name:  "compile",
	args:  "[flags] FILE.nn|FOLDER|DIR/...|- ...",
	short: "write Go for .nn files",
	long: `Compile writes x_nn.go beside each x.nn, and only when its bytes change. From
standard input (-) it writes to standard output. The package is that of -pkg,
else of the file's package clause, else $GOPACKAGE, else that of the other Go
files of the folder, else the name of the folder.

Loops that gain by it are kernels in AVX-512 and AVX2 too, in x_nn_amd64.s beside
x_nn_amd64.go; programs pick what their processor has. -simd=off leaves them out.

Several files of one folder become one package. A model that one of them
imports from another is declared by the file that it comes from, so that is to
be compiled too.`,
	run: runCompile,
}

func runCompile(c *call, args []string) int {
	o := c.options()
	o.reporting(c)
	o.dumping(c)
	pkg := c.flags.String("pkg", "", "`name` of the emitted package")
	out := c.flags.String("o", "", "write to `file` instead; - is standard output")
	o.SIMD = true
	c.flags.Func("simd", "`on`, or off: no kernels in assembly", func(s string) error {
		if o.SIMD = s == "on"; !o.SIMD && s != "off" {
			return errors.New("on or off is wanted")
		}
		return nil
	})
	rest, code, stop := c.parse(args)
	if stop {
		return code
	}
	if code, stop := o.dumps(c); stop {
		return code
	}
	if len(rest) == 0 {
		return c.usage("no files")
	}
	list, err := c.sources(rest)
	if err != nil {
		return c.fail(err, misused)
	}
	if *out != "" && len(list) > 1 {
		return c.usage("-o takes one file, not %d", len(list))
	}
	worst := ok
	names := declared{}
	for _, s := range list {
		target := *out
		o.Beside = target == "" && !s.std
		if target == "" {
			target = strings.TrimSuffix(s.name, ".nn") + "_nn.go"
			if s.std {
				target = "-"
			}
		}
		if len(list) == 1 {
			names = nil
		}
		worst = max(worst, c.compile(s, target, *pkg, *o, names))
	}
	return worst
}

// compile compiles one file of several, whose names are known, or of one.
func (c *call) compile(s *source, target, pkg string, o options, names declared) int {
	toStdout := target == "-"
	dir := s.dir()
	if !toStdout {
		dir = filepath.Dir(target)
	}
	o.Import = imports
	var err error
	if o.Package, err = packageName(dir, target); err != nil && pkg == "" {
		return c.fail(err, misused)
	}
	o.ForcePackage = pkg
	o.SIMD = o.SIMD && strings.HasSuffix(target, ".go")
	r, err := nnc.Compile(s.name, s.text, o.Options)
	if code := c.report(s, r.Diagnostics, &o, toStdout); code != ok {
		return code
	}
	switch {
	case err != nil:
		return c.fail(fmt.Errorf("%s: %w", s.name, err), problems)
	case r.Go == nil:
		return ok // layers alone, for others to import
	case toStdout:
		if _, err := c.stdout.Write(r.Go); err != nil {
			return c.fail(err, misused)
		}
		return ok
	}
	if err := writeAll(target, r); err != nil {
		return c.fail(err, misused)
	}
	if names == nil {
		return ok
	}
	twice := names.clash(s, target, r.Go)
	for _, text := range twice {
		fmt.Fprintf(c.stderr, "%s\n", text)
	}
	if len(twice) > 0 && o.werror {
		return problems
	}
	return ok
}
