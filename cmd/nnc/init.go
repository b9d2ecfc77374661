package main

import (
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

var initVerb = verb{
	name:  "init",
	args:  "[FOLDER]",
	short: "write a small program to start from",
	long: `Init writes model.nn, main.go and main_test.go into the folder, the current one
if none is named: a network that learns exclusive or, its training and a test.
It overwrites nothing; if one of the files is there, it writes none. It says
what to run next.`,
	run: runInit,
}

//go:embed start
var start embed.FS

// started are the files that init writes.
var started = []string{"model.nn", "main.go", "main_test.go"}

func runInit(c *call, args []string) int {
	rest, code, stop := c.parse(args)
	if stop {
		return code
	}
	if len(rest) > 1 {
		return c.usage("want one folder, got %d", len(rest))
	}
	dir := "."
	if len(rest) == 1 {
		dir = rest[0]
	}
	for _, name := range started {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return c.fail(fmt.Errorf("%s is there already, so nothing is written", filepath.Join(dir, name)), misused)
		}
	}
	if pkg, err := packageOf(dir, ""); err != nil {
		return c.fail(err, misused)
	} else if pkg != "" && pkg != "main" {
		return c.fail(fmt.Errorf("%s holds package %s, and a program is package main; name another folder", dir, pkg), misused)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return c.fail(err, misused)
	}
	for _, name := range started {
		text, err := start.ReadFile("start/" + name + ".txt")
		if err == nil {
			err = create(filepath.Join(dir, name), text)
		}
		if err != nil {
			return c.fail(err, misused)
		}
	}
	fmt.Fprintf(c.stderr, "wrote %s; next run\n%s", strings.Join(started, ", "), next(dir))
	return ok
}

// create writes a file that must not be there.
func create(name string, text []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

// next is what is to be run in the folder, without what its module has.
func next(dir string) string {
	var list []string
	if dir != "." {
		list = append(list, "cd "+dir)
	}
	mod := moduleText(dir)
	if mod == "" {
		abs, _ := filepath.Abs(dir)
		list = append(list, "go mod init example.com/"+identifier(filepath.Base(abs)))
	}
	const path = "github.com/nnc-lang/nnc"
	if !strings.HasPrefix(mod, "module "+path+"\n") {
		if !strings.Contains(mod, path+" v") {
			list = append(list, "go get "+path)
		}
		if !strings.Contains(mod, path+"/cmd/nnc") {
			list = append(list, "go get -tool "+path+"/cmd/nnc")
		}
	}
	list = append(list, "go generate .", "go run .")
	return "\t" + strings.Join(list, "\n\t") + "\n"
}

// moduleText is the go.mod of the module that a folder lies in, or "".
func moduleText(dir string) string {
	abs, err := filepath.Abs(dir)
	for err == nil {
		if text, err := os.ReadFile(filepath.Join(abs, "go.mod")); err == nil {
			return string(text)
		}
		up := filepath.Dir(abs)
		if up == abs {
			break
		}
		abs = up
	}
	return ""
}
