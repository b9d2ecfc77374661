package main

import (
	"flag"
	"fmt"
	"io"
	"strings"
)

// table lists the verbs in the order in which help shows them.
func table() []*verb {
	return []*verb{&compileVerb, &checkVerb, &fmtVerb, &evalVerb, &explainVerb, &graphVerb, &summaryVerb, &showVerb, &initVerb, &versionVerb, &helpVerb}
}

var helpVerb = verb{
	name:  "help",
	args:  "[VERB]",
	short: "print how a verb is used",
	long:  `Help lists the verbs; help VERB prints how one is used.`,
	run:   runHelp,
}

func runHelp(c *call, args []string) int {
	if len(args) == 0 {
		overview(c.stdout)
		return ok
	}
	if len(args) > 1 {
		return c.usage("want one verb")
	}
	for _, v := range verbs {
		if v.name == args[0] {
			// A verb prints its own help, since it knows its flags.
			d := *c
			d.verb, d.flags = v, flag.NewFlagSet(v.name, flag.ContinueOnError)
			d.flags.SetOutput(io.Discard)
			if v.name == "help" {
				d.help(d.stdout)
				return ok
			}
			return v.run(&d, []string{"-h"})
		}
	}
	return c.usage("no verb %s", args[0])
}

// overview prints the table of verbs.
func overview(w io.Writer) {
	fmt.Fprintf(w, "nnc compiles .nn files to Go.\n\nusage: nnc VERB [flags] [arguments]\n\n")
	for _, v := range verbs {
		fmt.Fprintf(w, "\t%-9s%s\n", v.name, v.short)
	}
	fmt.Fprintf(w, "\nnnc help VERB tells more.\n")
}

// help prints how the verb is used.
func (c *call) help(w io.Writer) {
	fmt.Fprintf(w, "usage: nnc %s\n\n%s\n", strings.TrimSpace(c.name+" "+c.args), c.long)
	first := true
	c.flags.VisitAll(func(f *flag.Flag) {
		if first {
			fmt.Fprintf(w, "\nflags:\n")
		}
		first = false
		arg, text := flag.UnquoteUsage(f)
		if arg != "" {
			arg = " " + arg
		}
		if f.DefValue != "" && f.DefValue != "false" {
			text += " (default " + f.DefValue + ")"
		}
		fmt.Fprintf(w, "\t-%s\n\t\t%s\n", f.Name+arg, text)
	})
}
