package dsl

import "github.com/nnc-lang/nnc/dsl/syntax"

// children calls f for the expressions directly below e.
func children(e syntax.Expr, f func(syntax.Expr)) {
	all := func(xs ...syntax.Expr) {
		for _, x := range xs {
			if x != nil {
				f(x)
			}
		}
	}
	switch e := e.(type) {
	case *syntax.Paren:
		all(e.X)
	case *syntax.If:
		all(e.Cond, e.Then, e.Else)
	case *syntax.Binary:
		all(e.X, e.Y)
	case *syntax.Unary:
		all(e.X)
	case *syntax.Call:
		all(e.Fun)
		for _, a := range e.Args {
			all(a.Value)
		}
	case *syntax.IndexExpr:
		all(e.X)
		for _, ix := range e.Indices {
			all(ix.Expr, ix.To)
		}
	case *syntax.Field:
		all(e.X)
	case *syntax.Reduce:
		for _, b := range e.Binds {
			if b.In != nil {
				all(b.In.Lo, b.In.Hi)
			}
		}
		all(e.Body)
	case *syntax.List:
		all(e.Elems...)
	case *syntax.Default:
		all(e.X, e.Else)
	case *syntax.Pipe:
		all(e.X, e.F)
	}
}

// namesIn calls f for every name used in e.
func namesIn(e syntax.Expr, f func(string)) {
	if n, ok := e.(*syntax.Name); ok {
		f(n.Name)
	}
	children(e, func(x syntax.Expr) { namesIn(x, f) })
}
