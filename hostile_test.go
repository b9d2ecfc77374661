package nnc

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// hostileFile holds texts that people with bad intentions, and bad luck, put
// where a compiler expects names, comments and numbers. It is not part of the
// repository; ownHostile is, and is tried always.
var hostileFile = filepath.Join("..", "shared", "cases", "hostile", "strings.jsonl")

var ownHostile = map[string][]string{
	"identifier": {"package", "nil", "string", "append", "rt", "math", "a-b", "x\u200by", "a\n", "String", "max", "_", "C", "main", "init", "range", "float32", "len", "Params", "Flat", "m", "e", "f", "b", "fn", "err", "d", "s", "p", "v", "seed", "x", "n", "w", "aB", "r", "l", "y"},
	"string":     {`"`, "`", "\n", "\u2028", "//", "%s%n", "\t\a\x1b[2J"},
	"comment":    {"*/ func init() {} /*", "\nfunc init() {}", "\rfunc init() {}", "\n//go:generate true", "\n// +build ignore", "\n//line a.go:1", "\f", "\x00", "\xff"},
	"package":    {"a b", "C", "_", "x;import\"os\"", "\u202e", "func"},
	"number":     {"1e309", "1e-400", "0x1p-1074", "1_000", "-9223372036854775809", "١٢٣", "Infinity", ".5", "1.", "1e", "00012"},
}

// hostile calls try with every text of a slot.
func hostile(t *testing.T, slot string, try func(t *testing.T, text string)) {
	texts := slices.Clone(ownHostile[slot])
	if f, err := os.Open(hostileFile); err == nil {
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			var r struct{ Slot, Text string }
			if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
				t.Fatal(err)
			}
			if r.Slot == slot {
				texts = append(texts, r.Text)
			}
		}
	}
	for _, text := range texts {
		t.Run(strconv.Quote(text), func(t *testing.T) {
			defer func() {
				if r := recover(); r != nil {
					t.Errorf("panic: %v\n%s", r, debug.Stack())
				}
			}()
			try(t, text)
		})
	}
}

// accepted is the Go that a source becomes, or nil where it is refused.
func accepted(t *testing.T, file, src string, opt Options) []byte {
	t.Helper()
	r, err := Compile(file, []byte(src), opt)
	if bug := (*Bug)(nil); errors.As(err, &bug) {
		t.Errorf("a bug of nnc: %v", err)
	}
	if err != nil || r.Go == nil {
		return nil
	}
	return r.Go
}

// fromSource asks the go command once for each package.
var fromSource = importerOnce{importer.ForCompiler(token.NewFileSet(), "source", nil), map[string]*types.Package{}}

type importerOnce struct {
	types.Importer
	known map[string]*types.Package
}

func (i importerOnce) Import(path string) (*types.Package, error) {
	if p := i.known[path]; p != nil {
		return p, nil
	}
	p, err := i.Importer.Import(path)
	i.known[path] = p
	return p, err
}

// sound checks that emitted Go is a correct package in which no name hides one
// of Go's own or an import.
func sound(t *testing.T, code []byte) *ast.File {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "x_nn.go", code, parser.ParseComments)
	if err != nil {
		t.Fatalf("%v\n%s", err, code)
	}
	info := types.Info{Defs: map[*ast.Ident]types.Object{}}
	pkg, err := (&types.Config{Importer: fromSource}).Check("x", fset, []*ast.File{f}, &info)
	if err != nil {
		t.Fatalf("%v\n%s", err, code)
	}
	imports := map[string]bool{}
	for _, p := range pkg.Imports() {
		imports[p.Name()] = true
	}
	for id, o := range info.Defs {
		if v, ok := o.(*types.Var); o == nil || ok && v.IsField() || id.Name == "_" {
			continue
		}
		if fn, ok := o.(*types.Func); ok && fn.Signature().Recv() != nil {
			continue
		}
		if types.Universe.Lookup(id.Name) != nil && id.Name != "max" || imports[id.Name] || o.Parent() == pkg.Scope() && id.Name == "init" {
			t.Errorf("%s: the name %s has another meaning in Go", fset.Position(id.Pos()), id.Name)
		}
	}
	return f
}

func TestHostileIdentifiers(t *testing.T) {
	places := []string{
		"model %s(x: [D]) -> y: [2] = x |> Dense[2]\nloss L(m: %[1]s, x: [N, D]) = sumsq(m(x))",
		"model M(x: [D]) -> y: [2] { param %s: [D, 2] ~ glorot;  y = x @ %[1]s }\nloss L(m: M, x: [N, D]) = sumsq(m(x))",
		"model M(x: [D]) -> %s: [2] { h = x |> Dense[2];  %[1]s = tanh(h) }\nderive M: vjp",
		"model M(x: [D]) -> y: [2] { %s = x |> Dense[2] |> tanh;  y = 2 * %[1]s }\nloss L(m: M, x: [N, D]) = sumsq(m(x))",
		"model M(%s: [D]) -> y: [2] = %[1]s |> Dense[2]\nloss L(m: M, %[1]s: [N, D]) = sumsq(m(%[1]s))",
		"model M(x: [%s]) -> y: [2] = x |> Dense[2]\nloss L(m: M, x: [N, %[1]s]) = sumsq(m(x))",
		"loss L(%s: [%[1]s]) = sumsq(%[1]s)\nderive L: grad",
		"loss L(x: [%s, a_b], y: [aB]) = sumsq(x) + sumsq(y)\nderive L: grad",
		"const %s = 3\nfn F(x: [%[1]s]) = sum(x)",
		"loss %s(x: [N]) = sumsq(x)\nderive %[1]s: grad, hvp",
		"fn %s(x: [N]) = sumsq(x)\nderive %[1]s: grad[x]",
		"fn F(x: [N]) -> y: [N] { y[%s] = x[%[1]s] * sum[j] x[j] }",
		"layer %s(x: [D]) -> y: [2] = x |> Dense[2]\nmodel M(x: [D]) -> y: [2] = x |> %[1]s",
	}
	hostile(t, "identifier", func(t *testing.T, text string) {
		for _, p := range places {
			if code := accepted(t, "x.nn", fmt.Sprintf(p, text), Options{Package: "x"}); code != nil {
				sound(t, code)
			}
		}
		src := "const K = 3\nfn F(x: [K]) = sum(x)"
		if code := accepted(t, "x.nn", src, Options{Package: "x", Set: map[string]string{text: "4"}}); code != nil {
			t.Errorf("a constant that is not there is set")
		}
	})
}

const plainModel = "model M(x: [2]) -> y: [2] = x |> Dense[2]\n"

// outline is what a file declares and asks of the go command.
func outline(f *ast.File) (out []string) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			out = append(out, "func "+d.Name.Name)
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.ImportSpec:
					out = append(out, "import "+s.Path.Value)
				case *ast.TypeSpec:
					out = append(out, "type "+s.Name.Name)
				case *ast.ValueSpec:
					for _, n := range s.Names {
						out = append(out, d.Tok.String()+" "+n.Name)
					}
				}
			}
		}
	}
	for _, g := range f.Comments {
		for _, c := range g.List {
			directive := strings.HasPrefix(c.Text, "//") && !strings.HasPrefix(c.Text, "// ") && c.Text != "//"
			if directive || strings.HasPrefix(c.Text, "// +build") || strings.HasPrefix(c.Text, "/*line") {
				out = append(out, c.Text)
			}
		}
	}
	return out
}

func TestHostileComments(t *testing.T) {
	want := outline(sound(t, accepted(t, "x.nn", plainModel, Options{Package: "x"})))
	hostile(t, "comment", func(t *testing.T, text string) {
		for _, src := range []string{
			"// M " + text + "\n" + plainModel,
			"//" + strings.TrimLeft(text, "\n") + "\n" + plainModel,
			text + "\n" + plainModel,
			plainModel + "// " + text,
			"model M(x: [2]) -> y: [2] { // " + text + "\n  y = x |> Dense[2] // " + text + "\n}\n",
			"model M(x: [2]) -> y: [2] {\n// " + text + "\nparam Dense1: Dense[2] // " + text + "\n  y = Dense1(x)\n}\n",
		} {
			if code := accepted(t, "x.nn", src, Options{Package: "x"}); code != nil {
				if got := outline(sound(t, code)); !slices.Equal(got, want) {
					t.Errorf("%q changes what the file declares: %v, not %v", src, got, want)
				}
			}
		}
		// The name of the file stands in comments too.
		if code := accepted(t, "a"+text+".nn", plainModel, Options{Package: "x"}); code != nil {
			if got := outline(sound(t, code)); !slices.Equal(got, want) {
				t.Errorf("as the name of the file it changes what the file declares: %v, not %v\n%.300s", got, want, code)
			}
		}
	})
}

func TestHostileStrings(t *testing.T) {
	hostile(t, "string", func(t *testing.T, text string) {
		read := ""
		opt := Options{Package: "x", Import: func(path string) ([]byte, error) {
			read = path
			return []byte("layer B(x: [2]) -> y: [2] = x |> Dense[2]\n"), nil
		}}
		src := "import \"" + text + ".nn\" as b\nmodel M(x: [2]) -> y: [2] = x |> b.B\n"
		if code := accepted(t, "x.nn", src, opt); code != nil {
			sound(t, code)
			if filepath.Clean(read) != filepath.Clean(text+".nn") {
				t.Errorf("reads %q", read)
			}
		}
		if code := accepted(t, text+".nn", plainModel, Options{Package: "x"}); code != nil {
			sound(t, code)
		}
		if _, err := Eval(Case{File: "x.nn", Source: []byte(plainModel), Entry: "M" + text, Input: []byte("{}")}); err == nil {
			t.Error("an entry of that name is evaluated")
		}
		key, _ := json.Marshal(text)
		if _, err := Eval(Case{File: "x.nn", Source: []byte("fn F(x: real) = x"), Entry: "F", Input: []byte(`{"args": {` + string(key) + `: 1, "x": 1}}`)}); err == nil {
			t.Error("an argument of that name is taken")
		}
		if _, err := Eval(Case{File: "x.nn", Source: []byte("fn F(x: real) = x"), Entry: "F", Input: []byte(`{"args": {"x": ` + string(key) + `}}`)}); err == nil {
			t.Error("it is taken for a number")
		}
	})
}

func TestHostilePackages(t *testing.T) {
	hostile(t, "package", func(t *testing.T, text string) {
		for _, c := range []struct {
			src string
			opt Options
		}{
			{plainModel, Options{Package: text}},
			{plainModel, Options{ForcePackage: text}},
			{"package " + text + "\n" + plainModel, Options{}},
		} {
			if code := accepted(t, "x.nn", c.src, c.opt); code != nil {
				if f := sound(t, code); f.Name.Name != text {
					t.Errorf("the package is %s", f.Name.Name)
				}
			}
		}
	})
}

func TestHostileNumbers(t *testing.T) {
	hostile(t, "number", func(t *testing.T, text string) {
		want, parses := strconv.ParseFloat(text, 64)
		check := func(where, answer string) {
			var r struct{ Value float64 }
			if err := json.Unmarshal([]byte(answer), &r); err != nil {
				t.Errorf("%s: %s", where, answer)
			} else if parses != nil || r.Value != want {
				t.Errorf("%s: it means %v, not %v", where, r.Value, want)
			}
		}
		for where, c := range map[string]Case{
			"in the source":    {Source: []byte("dtype f64\nfn F(x: real) = x + " + text + "\n"), Input: []byte(`{"args": {"x": 0}}`)},
			"as a constant":    {Source: []byte("dtype f64\nconst C = " + text + "\nfn F(x: real) = x + C\n"), Input: []byte(`{"args": {"x": 0}}`)},
			"as -set":          {Source: []byte("dtype f64\nconst C = 1\nfn F(x: real) = x + C\n"), Input: []byte(`{"args": {"x": 0}}`), Options: Options{Set: map[string]string{"C": text}}},
			"in the input":     {Source: []byte("dtype f64\nfn F(x: real) = x\n"), Input: []byte(`{"args": {"x": ` + text + `}}`)},
			"as a string":      {Source: []byte("dtype f64\nfn F(x: real) = x\n"), Input: []byte(`{"args": {"x": ` + strconv.Quote(text) + `}}`)},
			"as an integer":    {Source: []byte("dtype f64\nfn F(x: int) = x + 0.0\n"), Input: []byte(`{"args": {"x": ` + text + `}}`)},
			"as a static size": {Source: []byte("dtype f64\nfn F(x: real) = x + sum(ones[1]) * G[" + text + "](x)\nfn G[S](x: real) = S + 0*x"), Input: []byte(`{"args": {"x": 0}}`)},
		} {
			c.File, c.Entry = "x.nn", "F"
			out, err := Eval(c)
			if bug := (*Bug)(nil); errors.As(err, &bug) {
				t.Errorf("%s: a bug of nnc: %v", where, err)
			}
			if err == nil {
				if where == "as a static size" {
					continue // only that nothing falls over
				}
				check(where, string(out))
			}
			if code := accepted(t, "x.nn", string(c.Source), Options{Package: "x", Set: c.Options.Set}); code != nil {
				sound(t, code)
			}
		}
	})
}

// Calls are written out, and what would take for ever is refused.
func TestHostileCalls(t *testing.T) {
	var s strings.Builder
	s.WriteString("fn f0(x) = x * x\n")
	for k := range 40 {
		fmt.Fprintf(&s, "fn f%d(x) = f%d(x) + f%d(x + 1)\n", k+1, k, k)
	}
	list, err := Check("t.nn", []byte(s.String()), Options{})
	if err != nil || len(list) == 0 || list[0].Code != "NN209" || !strings.Contains(list[0].Msg, "f17 has more than 200000 calls") {
		t.Errorf("%v %v", list, err)
	}
}
