package nnc

import (
	"bytes"
	"fmt"
	"strings"
	"sync"

	"github.com/nnc-lang/nnc/dsl"
	"github.com/nnc-lang/nnc/dsl/syntax"
)

// Show is the source of a function or layer of the prelude, with the comment
// above it.
func Show(name string) (string, error) {
	var names []string
	for _, d := range prelude() {
		if d.name == name {
			return d.text, nil
		}
		names = append(names, d.name)
	}
	if n := near(name, names); len(n) > 0 {
		return "", fmt.Errorf("the prelude has no %s; did you mean %s?", name, strings.Join(n, " or "))
	}
	return "", fmt.Errorf("the prelude has no %s; nnc show lists what it has", name)
}

// PreludeNames lists the prelude, a line each: what it is and how it is called.
func PreludeNames() []string {
	var out []string
	for _, d := range prelude() {
		out = append(out, d.head)
	}
	return out
}

// definition is one fn, layer or constant of the prelude.
type definition struct{ name, head, text string }

// prelude is parsed once.
var prelude = sync.OnceValue(func() []definition {
	file, src := dsl.Prelude()
	f, err := syntax.Parse(file, src)
	if err != nil {
		panic("nnc: bug: the prelude does not parse: " + err.Error())
	}
	var out []definition
	for _, d := range f.Decls {
		fn, ok := d.(*syntax.Func)
		if !ok {
			continue
		}
		from, to := fn.Span.Pos.Offset, fn.Span.End.Offset
		// The rest of the last line is its comment, the lines above that begin
		// with // are its documentation.
		if k := bytes.IndexByte(src[to:], '\n'); k >= 0 && bytes.HasPrefix(bytes.TrimSpace(src[to:to+k]), []byte("//")) {
			to += k
		}
		for from > 0 {
			above := bytes.LastIndexByte(src[:from-1], '\n') + 1
			if !bytes.HasPrefix(src[above:from], []byte("//")) {
				break
			}
			from = above
		}
		out = append(out, definition{fn.Name.Name, head(fn), string(src[from:to]) + "\n"})
	}
	return out
})

// head is how a function is called: layer Conv[Out, k, stride, pad](x).
func head(fn *syntax.Func) string {
	var statics, args []string
	for _, s := range fn.Statics {
		statics = append(statics, s.Name.Name)
	}
	for _, a := range fn.Args {
		args = append(args, a.Name.Name)
	}
	s := fn.Kind + " " + fn.Name.Name
	if len(statics) > 0 {
		s += "[" + strings.Join(statics, ", ") + "]"
	}
	return s + "(" + strings.Join(args, ", ") + ")"
}
