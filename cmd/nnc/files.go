package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// source is a .nn file that a verb works on.
type source struct {
	name string // as shown; stdin.nn for standard input
	text []byte
	std  bool // standard input
}

// dir is the folder that the file lies in.
func (s *source) dir() string {
	if s.std {
		return "."
	}
	return filepath.Dir(s.name)
}

// imports reads a file that is imported; its path is already joined to the
// folder of the file that imports it.
func imports(path string) ([]byte, error) { return os.ReadFile(filepath.FromSlash(path)) }

// lookup gives the text of a file for diagnostics.
func (s *source) lookup(name string) []byte {
	if name == s.name {
		return s.text
	}
	if text, err := imports(name); err == nil {
		return text
	}
	return nil
}

// sources reads what the arguments name: files, folders, folders with all
// below them (dir/...), and - for standard input.
func (c *call) sources(args []string) ([]*source, error) {
	var list []*source
	seen := map[string]bool{}
	add := func(name string) error {
		if seen[filepath.Clean(name)] {
			return nil
		}
		seen[filepath.Clean(name)] = true
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		list = append(list, &source{name: name, text: text})
		return nil
	}
	for _, arg := range args {
		if arg == "-" {
			text, err := io.ReadAll(c.stdin)
			if err != nil {
				return nil, err
			}
			list = append(list, &source{name: "stdin.nn", text: text, std: true})
			continue
		}
		names, err := expand(arg)
		if err != nil {
			return nil, err
		}
		for _, n := range names {
			if err := add(n); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

// expand lists the .nn files that an argument stands for, in order of name.
func expand(arg string) ([]string, error) {
	if dir, all := strings.CutSuffix(filepath.ToSlash(arg), "..."); all && (dir == "" || strings.HasSuffix(dir, "/")) {
		return below(filepath.Clean("./"+filepath.FromSlash(dir)), dir)
	}
	info, err := os.Stat(arg)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		if filepath.Ext(arg) != ".nn" {
			return nil, fmt.Errorf("%s: not a .nn file", arg)
		}
		return []string{arg}, nil
	}
	names, err := filepath.Glob(filepath.Join(escape(arg), "*.nn"))
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("%s: no .nn files", arg)
	}
	return names, err
}

// escape quotes what a pattern would read as a wildcard.
func escape(path string) string {
	return strings.NewReplacer(`*`, `[*]`, `?`, `[?]`, `[`, `[[]`).Replace(path)
}

// below walks a folder as the go command does: testdata, vendor, other modules
// and what begins with . or _ are passed over.
func below(root, arg string) ([]string, error) {
	if filepath.IsAbs(arg) {
		root = filepath.Clean(arg)
	}
	var names []string
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		if d.IsDir() && p != root {
			_, module := os.Stat(filepath.Join(p, "go.mod"))
			if base == "testdata" || base == "vendor" || base[0] == '.' || base[0] == '_' || module == nil {
				return filepath.SkipDir
			}
		}
		if d.Type().IsRegular() && filepath.Ext(base) == ".nn" && base[0] != '.' && base[0] != '_' {
			names = append(names, p)
		}
		return nil
	})
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("%s...: no .nn files", arg)
	}
	return names, err
}

// write replaces a file by way of a temporary one beside it, and only when its
// bytes change: who reads it sees the old or the new, and a build sees no
// change where there is none. A link is followed, and what is no file, as
// /dev/stdout or a pipe, is written to as it is.
func write(name string, text []byte) error {
	mode := fs.FileMode(0o644)
	if to, err := filepath.EvalSymlinks(name); err == nil {
		name = to
	}
	if info, err := os.Stat(name); err == nil {
		if !info.Mode().IsRegular() {
			return os.WriteFile(name, text, 0)
		}
		if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, text) {
			return nil
		}
		mode = info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if e := f.Chmod(mode); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
