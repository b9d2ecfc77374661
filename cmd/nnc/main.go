// Command nnc compiles .nn files to Go, and helps to write them.
//
//	//go:generate go tool nnc compile model.nn
//
// The verbs are a table; `nnc help` prints it and `nnc help VERB` tells more.
// Results go to standard output, narration to standard error, and success is
// silent. The exit code is 0; 1 if the model has problems (or `fmt -check`
// found differences); 2 for usage and for files that cannot be read or
// written; 3 for a bug in nnc. The work is done by package nnc; here are only
// flags and files.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/nnc-lang/nnc"
)

func main() {
	hugePages()
	debug.SetGCPercent(300) // nnc is gone before most of its memory is garbage
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// Exit codes.
const (
	ok       = 0
	problems = 1
	misused  = 2
	broken   = 3
)

// verb is a subcommand. run gets the arguments behind the verb.
type verb struct {
	name  string
	args  string // behind the name in the usage line
	short string // one line
	long  string // the rest of its help, without the flags
	run   func(*call, []string) int
}

// verbs is filled in by the table in help.go, which prints it.
var verbs []*verb

// call is one run of a verb.
type call struct {
	*verb
	flags          *flag.FlagSet
	stdin          io.Reader
	stdout, stderr io.Writer
}

// run is the whole command; it returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	defer func() {
		if r := recover(); r != nil {
			bug(stderr, fmt.Sprint(r), string(debug.Stack()))
			code = broken
		}
	}()
	verbs = table()
	if len(args) == 0 {
		overview(stderr)
		return misused
	}
	name := args[0]
	if name == "-h" || name == "-help" || name == "--help" {
		name = "help"
	}
	for _, v := range verbs {
		if v.name == name {
			c := &call{verb: v, stdin: stdin, stdout: stdout, stderr: stderr}
			c.flags = flag.NewFlagSet(v.name, flag.ContinueOnError)
			c.flags.SetOutput(io.Discard)
			return v.run(c, args[1:])
		}
	}
	fmt.Fprintf(stderr, "nnc: unknown verb %s; nnc help lists them\n", name)
	return misused
}

// bug prints what to report when nnc itself is wrong.
func bug(w io.Writer, what, stack string) {
	fmt.Fprintf(w, "nnc: this is a bug in nnc: %s\n", what)
	fmt.Fprintf(w, "Please report it with the .nn file, the command and this:\nnnc %s %s %s/%s\n", nnc.BuildVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	if stack != "" {
		fmt.Fprint(w, stack)
	}
}
