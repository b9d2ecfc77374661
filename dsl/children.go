package dsl

import (
	"slices"

	"github.com/nnc-lang/nnc/dsl/syntax"
)

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

// namesIn calls f for every name used in e that no reducer in e binds.
func namesIn(e syntax.Expr, f func(string)) {
	switch e := e.(type) {
	case *syntax.Name:
		f(e.Name)
	case *syntax.Reduce:
		if e.Op != "grad" && e.Op != "jacobian" { // these name an argument
			outer := f
			f = func(n string) {
				if !slices.ContainsFunc(e.Binds, func(b *syntax.Bind) bool { return b.Name.Name == n }) {
					outer(n)
				}
			}
		}
	}
	children(e, func(x syntax.Expr) { namesIn(x, f) })
}

// usedBy calls f for every name that the value of an equation uses beside the
// indices on its left.
func usedBy(st *syntax.Equation, f func(string)) {
	namesIn(st.Value, func(n string) {
		for _, t := range st.Targets {
			for _, ix := range t.Indices {
				if x, ok := syntax.Unparen(orNil(ix.Expr)).(*syntax.Name); ok && x.Name == n {
					return
				}
			}
		}
		f(n)
	})
}

// uses reports whether a name is used in e, which may be nil.
func uses(e syntax.Expr, name string) (found bool) {
	if e != nil {
		namesIn(e, func(n string) { found = found || n == name })
	}
	return found
}
