package main

import (
	"fmt"
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"unicode"
)

// packageName chooses the package of a file that is emitted into dir:
// $GOPACKAGE where go generate runs in that folder, else that of the Go files
// there, else the name of the folder.
func packageName(dir, target string) (string, error) {
	here, err := filepath.Abs(".")
	if err != nil {
		return "", err
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if p := os.Getenv("GOPACKAGE"); p != "" && abs == here {
		return strings.TrimSuffix(p, "_test"), nil
	}
	if p, err := packageOf(abs, filepath.Base(target)); p != "" || err != nil {
		return p, err
	}
	return identifier(filepath.Base(abs)), nil
}

// packageOf is the package of the Go files in a folder, but for one file and
// tests. Files that are built nowhere here, such as generators, do not count.
func packageOf(dir, except string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", nil // write will say it
	}
	name, first := "", ""
	for _, e := range entries {
		n := e.Name()
		if e.IsDir() || n == except || filepath.Ext(n) != ".go" || strings.HasSuffix(n, "_test.go") {
			continue
		}
		if match, err := build.Default.MatchFile(dir, n); err != nil || !match {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, n), nil, parser.PackageClauseOnly)
		if err != nil {
			continue
		}
		switch {
		case name == "":
			name, first = f.Name.Name, n
		case name != f.Name.Name:
			return "", fmt.Errorf("%s holds the packages %s (%s) and %s (%s); say which with -pkg", dir, name, first, f.Name.Name, n)
		}
	}
	return name, nil
}

// identifier makes a package name of the name of a folder.
func identifier(folder string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(folder) {
		if unicode.IsLetter(r) || r == '_' || unicode.IsDigit(r) && b.Len() > 0 {
			b.WriteRune(r)
		}
	}
	if name := b.String(); token.IsIdentifier(name) && name != "_" {
		return name
	}
	return "model"
}
