package nnc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// ToolError says that the go command could not do what an evaluation by
// emitted Go needs.
type ToolError struct{ Msg string }

func (e *ToolError) Error() string { return e.Msg }

// scratch is a module in a temporary folder that can import nnc's runtime.
type scratch struct {
	dir string
	goc string // the go command
	// quick builds on one core and without optimisation, which takes half the
	// time: for tests of many programs that run once.
	quick bool
}

// newScratch makes a scratch module. It takes nnc from the module of the
// current folder: from its require or replace, or that module itself when it
// is nnc; else the version stamped into this binary.
func newScratch() (*scratch, error) {
	goc, err := exec.LookPath("go")
	if err != nil {
		return nil, &ToolError{"to run emitted code takes the go command, which is not in PATH"}
	}
	s := &scratch{goc: goc}
	mod, sum, err := s.goMod()
	if err != nil {
		return nil, err
	}
	if s.dir, err = os.MkdirTemp("", "nnc-eval-"); err != nil {
		return nil, err
	}
	if err := s.write("go.mod", mod); err != nil {
		return nil, err
	}
	return s, s.write("go.sum", sum)
}

func (s *scratch) close() { os.RemoveAll(s.dir) }

func (s *scratch) write(name string, text []byte) error {
	name = filepath.Join(s.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o644)
}

// goModule is what `go list -m -json` says of a module.
type goModule struct {
	Path, Version, Dir, GoMod string
	Main                      bool
	Replace                   *goModule
}

// goMod writes the go.mod of the scratch module, and the checksums that the
// module nnc comes from has.
func (s *scratch) goMod() (mod, sum []byte, err error) {
	m := s.list(modulePath)
	version, dir := "v0.0.0", ""
	switch {
	case m != nil && m.Main:
		dir = m.Dir
	case m != nil && m.Replace != nil && m.Replace.Version == "":
		dir = m.Replace.Dir
	case m != nil && m.Replace != nil:
		mod = fmt.Appendf(nil, "replace %s => %s %s\n", modulePath, m.Replace.Path, m.Replace.Version)
	case m != nil:
		version = m.Version
	default:
		if version = stamped(); version == "" {
			return nil, nil, &ToolError{"emitted code takes nnc's runtime from the module of the current folder, and that does not require " + modulePath}
		}
	}
	if dir != "" {
		mod = fmt.Appendf(nil, "replace %s => %s\n", modulePath, quoteMod(dir))
	}
	mod = append(fmt.Appendf(nil, "module nnc.invalid/eval\n\ngo %s\n\nrequire %s %s\n\n", goVersion, modulePath, version), mod...)
	// Checksums: of nnc's own module, and of the one that uses it.
	for _, folder := range []string{dir, s.moduleRoot()} {
		if folder != "" {
			text, _ := os.ReadFile(filepath.Join(folder, "go.sum"))
			sum = append(sum, text...)
		}
	}
	return mod, sum, nil
}

// goVersion is the language version that emitted code is written in.
const goVersion = "1.26.0"

// quoteMod quotes a path for go.mod where it needs it.
func quoteMod(path string) string {
	if strings.ContainsAny(path, " \t\"'`()[]{},") {
		return fmt.Sprintf("%q", path)
	}
	return path
}

// list is what the module of the current folder knows of a module, or nil.
func (s *scratch) list(path string) *goModule {
	cmd := exec.Command(s.goc, "list", "-m", "-json", path)
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=readonly")
	out, err := cmd.Output()
	if err != nil {
		return nil
	}
	var m goModule
	if json.Unmarshal(out, &m) != nil {
		return nil
	}
	return &m
}

// moduleRoot is the folder of the module, or "".
func (s *scratch) moduleRoot() string {
	out, err := exec.Command(s.goc, "env", "GOMOD").Output()
	if mod := strings.TrimSpace(string(out)); err == nil && filepath.Base(mod) == "go.mod" {
		return filepath.Dir(mod)
	}
	return ""
}

// build builds the scratch module's main package, without the network when
// the module cache has what it takes, and returns the binary.
func (s *scratch) build() (string, error) {
	bin := filepath.Join(s.dir, "eval.exe")
	// The cache holds what was verified when it came; only a download needs
	// the checksum database.
	build := []string{"build", "-o", bin, "."}
	if s.quick {
		build = []string{"build", "-gcflags=-N -l -dwarf=false -c=1", "-ldflags=-s -w", "-o", bin, "."}
	}
	env := []string{"GOPROXY=off", "GOSUMDB=off", "GOFLAGS=-mod=mod"}
	if s.quick {
		env = append(env, "GOGC=400")
	}
	out, err := s.command(env, build...)
	if err != nil && missesModule(out) {
		out, err = s.command([]string{"GOFLAGS=-mod=mod"}, build...)
		if err != nil && missesModule(out) {
			return "", &ToolError{"emitted code cannot get the modules that nnc's runtime needs:\n" + out}
		}
	}
	if err != nil {
		if errors.As(err, new(*exec.ExitError)) {
			return "", bugf("the emitted code does not build:\n%s", out)
		}
		return "", &ToolError{err.Error()}
	}
	return bin, nil
}

// missesModule tells a module that is not there from code that does not build.
func missesModule(out string) bool {
	for _, s := range []string{"module lookup disabled", "missing go.sum entry", "dial tcp", "cannot find module providing", "no required module provides", "verifying "} {
		if strings.Contains(out, s) {
			return true
		}
	}
	return false
}

// command runs the go command in the scratch module, and nowhere in a
// workspace of the user.
func (s *scratch) command(env []string, args ...string) (string, error) {
	cmd := exec.Command(s.goc, args...)
	cmd.Dir = s.dir
	cmd.Env = append(append(os.Environ(), "GOWORK=off", "GO111MODULE=on", "CGO_ENABLED=0", "PWD="+s.dir), env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}
