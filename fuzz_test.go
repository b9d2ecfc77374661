package nnc

import (
	"errors"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// FuzzCompile wants of any text an answer: diagnostics, or Go that parses, and
// the same twice; never a panic or a bug.
func FuzzCompile(f *testing.F) {
	for _, section := range strings.Split(errorsText, "```nn ")[1:] {
		_, rest, _ := strings.Cut(section, "\n")
		src, _, _ := strings.Cut(rest, "```")
		f.Add(src)
	}
	for _, c := range numeric {
		f.Add(c.source)
	}
	f.Fuzz(func(t *testing.T, src string) {
		r, err := Compile("fuzz.nn", []byte(src), Options{Package: "fuzz"})
		var bug *Bug
		if errors.As(err, &bug) {
			t.Fatal(err)
		}
		if r.Go == nil {
			return
		}
		if _, err := parser.ParseFile(token.NewFileSet(), "fuzz_nn.go", r.Go, 0); err != nil {
			t.Fatalf("%v\n%s", err, r.Go)
		}
		if again, _ := Compile("fuzz.nn", []byte(src), Options{Package: "fuzz"}); string(again.Go) != string(r.Go) {
			t.Fatal("two compilations of one text differ")
		}
	})
}
