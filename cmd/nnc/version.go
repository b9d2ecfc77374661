package main

import (
	"fmt"
	"runtime"

	"github.com/nnc-lang/nnc"
)

var versionVerb = verb{
	name:  "version",
	short: "print the version",
	long:  `Version prints the version of nnc and of the Go that it was built with.`,
	run:   runVersion,
}

func runVersion(c *call, args []string) int {
	rest, code, stop := c.parse(args)
	if stop {
		return code
	}
	if len(rest) > 0 {
		return c.usage("want no arguments")
	}
	fmt.Fprintf(c.stdout, "nnc %s %s %s/%s\n", nnc.BuildVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return ok
}
