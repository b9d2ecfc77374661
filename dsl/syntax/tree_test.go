package syntax

import (
	"fmt"
	"strings"
	"testing"
)

// lisp is an expression with all its parentheses.
func lisp(x Node) string {
	list := func(head string, parts ...string) string {
		return "(" + strings.Join(append([]string{head}, parts...), " ") + ")"
	}
	rng := func(r *Range) string {
		if r == nil {
			return ""
		}
		if r.Hi == nil {
			return " in " + lisp(r.Lo)
		}
		return " in " + lisp(r.Lo) + ".." + lisp(r.Hi)
	}
	args := func(in []*SArg) (out []string) {
		for _, a := range in {
			s := lisp(a.Value)
			if a.Name != "" {
				s = a.Name + "=" + s
			}
			out = append(out, s)
		}
		return out
	}
	switch x := x.(type) {
	case nil:
		return "nil"
	case *Number:
		return x.Text
	case *Name:
		return x.Name
	case *ReducerName:
		return "<" + x.Op + ">"
	case *If:
		return list("if", lisp(x.Cond), lisp(x.Then), lisp(x.Else))
	case *Binary:
		return list(x.Op, lisp(x.X), lisp(x.Y))
	case *Unary:
		return list(x.Op, lisp(x.X))
	case *Call:
		return list("call", append([]string{lisp(x.Fun)}, args(x.Args)...)...)
	case *IndexExpr:
		parts := []string{lisp(x.X)}
		for _, i := range x.Indices {
			parts = append(parts, lisp(i))
		}
		return list("at", parts...)
	case *Index:
		switch {
		case x.All:
			return ".."
		case x.Name != "":
			return x.Name + "=" + lisp(x.Expr)
		case x.Slice:
			return lisp(x.Expr) + ".." + lisp(x.To)
		}
		return lisp(x.Expr) + rng(x.In)
	case *Field:
		return list(".", lisp(x.X), x.Name.Name)
	case *Reduce:
		var binds []string
		for _, b := range x.Binds {
			binds = append(binds, b.Name.Name+rng(b.In))
		}
		return list(x.Op+"["+strings.Join(binds, ", ")+"]", lisp(x.Body))
	case *List:
		var parts []string
		for _, e := range x.Elems {
			parts = append(parts, lisp(e))
		}
		return list("list", parts...)
	case *Default:
		return list("??", lisp(x.X), lisp(x.Else))
	case *Pipe:
		return list("|>", lisp(x.X), lisp(x.F))
	case *Paren:
		return lisp(x.X)
	}
	return fmt.Sprintf("<%T>", x)
}

func TestExpressions(t *testing.T) {
	for src, want := range map[string]string{
		"a + b * c":                             "(+ a (* b c))",
		"a - b - c":                             "(- (- a b) c)",
		"a / b * c @ d % e":                     "(% (@ (* (/ a b) c) d) e)",
		"-x^2":                                  "(- (^ x 2))",
		"x^-y^z":                                "(^ x (- (^ y z)))",
		"-inf":                                  "(- inf)",
		"a == b and not c < d or e":             "(or (and (== a b) (not (< c d))) e)",
		"sum[k] a[i, k] * b[k, j] + c":          "(+ (sum[k] (* (at a i k) (at b k j))) c)",
		"1 / sum[j] exp(z[j])":                  "(/ 1 (sum[j] (call exp (at z j))))",
		"sum[k in i+1..N, j in 3] x * sum[l] y": "(sum[k in (+ i 1)..N, j in 3] (* x (sum[l] y)))",
		"sum(x) + max(a, b)":                    "(+ (call <sum> x) (call <max> a b))",
		"x |> max":                              "(|> x <max>)",
		"x |> Conv[6, 5, pad = 2] |> f(a)":      "(|> (|> x (at Conv 6 5 pad=2)) (call f a))",
		"max[u] x[i + u] ?? -inf":               "(max[u] (?? (at x (+ i u)) (- inf)))",
		"x[i - 1] ?? -1 * 2":                    "(* (?? (at x (- i 1)) (- 1)) 2)",
		"x[i] ?? -y[i] ?? 0":                    "(?? (at x i) (- (?? (at y i) 0)))",
		"x[i - 1] ?? 0 * 2":                     "(* (?? (at x (- i 1)) 0) 2)",
		"K[o, c] * x[c, s*i + u - p] ?? 0":      "(* (at K o c) (?? (at x c (- (+ (* s i) u) p)) 0))",
		"m(x).d2":                               "(. (call m x) d2)",
		"net.W1 @ E' @ h":                       "(@ (@ (. net W1) (' E)) h)",
		"x[.., 0..4, j]":                        "(at x .. 0..4 j)",
		"z[H..2*H] + 1":                         "(+ (at z H..(* 2 H)) 1)",
		"grad[t] m(t)":                          "(grad[t] (call m t))",
		"([t] |> Dense[1])[0]":                  "(at (|> (list t) (at Dense 1)) 0)",
		"if a then if b then c else d else e":   "(if a (if b c d) e)",
		"if a then b else c |> f":               "(if a b (|> c f))",
		"f(x = 3, y)":                           "(call f x=3 y)",
		"f()(x)[i].y'":                          "(' (. (at (call (call f) x) i) y))",
		"a -1":                                  "(- a 1)",
		"by + as * forward - f32":               "(- (+ by (* as forward)) f32)",
		"-sum[k] -x":                            "(- (sum[k] (- x)))",
	} {
		f, err := Parse("f.nn", []byte("const x = "+src))
		if err != nil {
			t.Errorf("%s: %v", src, err)
			continue
		}
		x := f.Decls[0].(*Const).Items[0].Value
		if got := lisp(x); got != want {
			t.Errorf("%s is read as %s, want %s", src, got, want)
		}
		if s := x.At(); s.Pos.Offset != 10 || s.End.Offset != 10+len(src) || s.Pos.Col != 11 {
			t.Errorf("%s: its place is %d..%d", src, s.Pos.Offset, s.End.Offset)
		}
	}
}

func TestDeclarations(t *testing.T) {
	src := `package p dtype f64
import "a/blocks.nn" as b
import "c.nn"
// Conv is a window.
// It slides.
layer Conv[Out, k, pad = 0](x: [C, H/k] in 10, // the image
  s: real = 1, net: frozen MLP, y: in K, z: [..], n: int) -> (p: [Out], q) where H % k == 0, k > 0 {
  param K: [Out, C] ~ he(C*k)  // the weights
  // m is the mean.
  state m: [C] = 0
  param body: b.Residual[256, p = 0.1] * 6;  param e: [] = 1
  h[-1] = zeros[H]
  h[t in 1..T, i], c[t] = cell(x)
  eps: [Z] ~ normal(0, 1)
  m <- 0.9 * m
} deriv x: 1, s: 2
derive Fit: hvp, grad[x, y] by forward, sum
`
	f, err := Parse("f.nn", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	check := func(what string, got, want any) {
		t.Helper()
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s is %v, want %v", what, got, want)
		}
	}
	check("package", f.Package, "p")
	check("dtype", f.Dtype, "f64")
	check("imports", *f.Imports[0], Import{"a/blocks.nn", "b", f.Imports[0].Loc})
	check("import without as", f.Imports[1].As, "")
	fn := f.Decls[0].(*Func)
	check("doc", fn.Doc, "Conv is a window.\nIt slides.")
	check("kind and name", fn.Kind+" "+fn.Name.Name, "layer Conv")
	check("place of the name", fn.Name.Span, "f.nn:6:7")
	check("end", fn.Span.End, "f.nn:16:19")
	check("static default", lisp(fn.Statics[2].Default), "0")
	check("argument's doc", fn.Args[0].Doc, "the image")
	check("dims", lisp(fn.Args[0].Type.Dims[1].Expr), "(/ H k)")
	check("bound", lisp(fn.Args[0].Type.In), "10")
	check("default", lisp(fn.Args[1].Default), "1")
	check("elem", fn.Args[1].Type.Elem, "real")
	check("frozen", fn.Args[2].Type.Frozen, true)
	check("model", fn.Args[2].Type.Ref.Name.Name, "MLP")
	check("bound only", lisp(fn.Args[3].Type.In)+fmt.Sprint(fn.Args[3].Type.HasDims), "Kfalse")
	check("rest", fn.Args[4].Type.Dims[0].Rest, true)
	check("scalar result", fn.Results[1].Type == nil, true)
	check("where", lisp(fn.Where[1]), "(> k 0)")
	check("block", fn.Block, true)
	w := fn.Stmts[0].(*Param)
	check("param", w.Name.Name+w.Op+lisp(w.Value)+w.Doc, "K~(call he (* C k))the weights")
	m := fn.Stmts[1].(*State)
	check("state", m.Name.Name+lisp(m.Value)+m.Doc, "m0m is the mean.")
	body := fn.Stmts[2].(*Param)
	check("module", body.Type.Ref.Module.Name+body.Type.Ref.Name.Name+lisp(body.Type.Ref.Times), "bResidual6")
	check("named argument", body.Type.Ref.Args[1].Name+body.Op, "p")
	check("rank 0", fn.Stmts[3].(*Param).Type.HasDims, true)
	step := fn.Stmts[5].(*Equation)
	check("targets", len(step.Targets), 2)
	check("range of an index", lisp(step.Targets[0].Indices[0]), "t in 1..T")
	eps := fn.Stmts[6].(*Equation)
	check("draw", eps.Op+lisp(eps.Type.Dims[0].Expr), "~Z")
	check("update", fn.Stmts[7].(*Equation).Op, "<-")
	check("deriv", fn.Derivs[1].Name.Name+lisp(fn.Derivs[1].Value), "s2")
	d := f.Decls[1].(*Derive)
	check("request", fmt.Sprint(d.Requests[1].Kind.Name, len(d.Requests[1].Args), d.Requests[1].By), "grad2forward")
	check("request named like a reducer", d.Requests[2].Kind.Name, "sum")
}

// TestPlaces: every node's place is inside its parent's, is text without
// white space around it, and tells offset, line and column of one place.
func TestPlaces(t *testing.T) {
	for name, src := range programs(t) {
		f, err := Parse(name, src)
		if err != nil {
			t.Fatal(err)
		}
		var visit func(n Node)
		visit = func(n Node) {
			at := n.At()
			text := string(src[at.Pos.Offset:at.End.Offset])
			if text == "" || strings.TrimSpace(text) != text {
				t.Errorf("%s: %T is %q", at, n, text)
			}
			line := strings.Count(string(src[:at.Pos.Offset]), "\n") + 1
			col := at.Pos.Offset - strings.LastIndex("\n"+string(src[:at.Pos.Offset]), "\n") + 1
			if at.Pos.Line != line || at.Pos.Col != col {
				t.Errorf("%s: offset %d is %d:%d", at, at.Pos.Offset, line, col)
			}
			Walk(n, func(m Node) bool {
				if m == n {
					return true
				}
				if in := m.At(); in.Pos.Offset < at.Pos.Offset || in.End.Offset > at.End.Offset {
					t.Errorf("%s: %T is not inside its %T", in, m, n)
				}
				visit(m)
				return false
			})
		}
		visit(f)
	}
}

// TestNames: what is refused where a name should stand, and what is one.
func TestNames(t *testing.T) {
	for _, name := range []string{"x", "_", "W1", "λ", "x₁", "名前", "String", "nil", "init", "é", "by"} {
		if _, err := Parse("f.nn", []byte("const "+name+" = 1")); err != nil {
			t.Errorf("%q is a name: %v", name, err)
		}
	}
	for _, name := range []string{"1abc", "a-b", "a.b", "a/b", "", "x\u200by", "a\"b", "//", "package", "max", "e\u0301", "\u212b",
		"x²", "\u202ea", "a\x00", "a\rb", "a\u2028b", "\xff", "ab\ufeff", "\u1100\u1161"} {
		if _, err := Parse("f.nn", []byte("const "+name+" = 1")); err == nil {
			t.Errorf("%q is accepted as a name", name)
		}
	}
	for _, text := range []string{"*/ func init() {} /*", "\u200d joiner"} {
		if _, err := Parse("f.nn", []byte("// "+text+"\nconst x = 1")); err != nil {
			t.Errorf("comment %q: %v", text, err)
		}
	}
	for _, text := range []string{"\x00", "\u202e", "a\rb", "\x0c", "\x1b[2J", "\u2028", "\xc3"} {
		if _, err := Parse("f.nn", []byte("// "+text+"\nconst x = 1")); err == nil {
			t.Errorf("a comment with %q is accepted", text)
		}
	}
	if f, err := Parse("f.nn", []byte("\ufeffconst x = 1\r\n// c\r\nconst y = 2\r\n")); err != nil || f.Decls[1].(*Const).Doc != "c" {
		t.Errorf("byte order mark and CRLF: %v", err)
	}
}
