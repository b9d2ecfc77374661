package dsl

import (
	"slices"

	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// init reads an initialiser.
func (s *scope) init(op string, e syntax.Expr, shape []*ir.Expr) *ir.Init {
	if op == "" || e == nil {
		return &ir.Init{Args: []float64{0}, Text: ""}
	}
	if op == "=" {
		v := s.array(e)
		if v.kind == badValue {
			return nil
		}
		k, ok := s.initial(v)
		if !ok {
			s.errorf("NN226", e.At(), "a parameter starts at a number or is drawn: = 0, ~ glorot")
			return nil
		}
		return &ir.Init{Args: []float64{s.Real(k).Val}, Text: "= " + s.source(e.At())}
	}
	name, args := "", []syntax.Expr(nil)
	switch x := syntax.Unparen(e).(type) {
	case *syntax.Name:
		name = x.Name
	case *syntax.Call:
		if n, ok := x.Fun.(*syntax.Name); ok {
			name = n.Name
			for _, a := range x.Args {
				args = append(args, a.Value)
			}
		}
	}
	out := &ir.Init{Dist: name, Text: "~ " + s.source(e.At())}
	want := 0
	switch name {
	case "normal", "uniform":
		want = 2
		for _, a := range args {
			v := s.array(a)
			if v.kind == badValue {
				return nil
			}
			k, ok := s.initial(s.real(v))
			if !ok {
				s.errorf("NN226", a.At(), "the arguments of %s are numbers known at compile time", name)
				return nil
			}
			out.Args = append(out.Args, k.Val)
		}
	case "orthogonal":
		if len(shape) != 2 {
			s.errorf("NN226", e.At(), "orthogonal draws a matrix, this is %s", s.shapeText(shape))
			return nil
		}
	case "glorot", "he", "lecun":
		return s.fanInit(name, args, e, shape, out)
	default:
		s.errorf("NN226", e.At(), "unknown initialiser %s; known: glorot he lecun orthogonal normal(m, s) uniform(a, b)", s.source(e.At()))
		return nil
	}
	if len(args) != want {
		s.errorf("NN226", e.At(), "%s takes %d arguments, here are %d", name, want, len(args))
		return nil
	}
	return out
}

// initial is a number of an initialiser. While a layer is checked by itself, its
// static arguments are not known yet, and 0 stands for what is made of them.
func (s *scope) initial(v *value) (*ir.Expr, bool) {
	k, ok := s.foldConst(v)
	if fd := s.stack[0]; !ok && v.scalar() && fd.Kind == "layer" {
		ir.Walk(v.expr(), func(e *ir.Expr) bool {
			ok = ok || e.Kind == ir.KDim && slices.ContainsFunc(fd.Statics, func(st *syntax.Static) bool { return st.Name.Name == e.Name })
			return !ok
		})
		k = s.Const(0)
	}
	return k, ok
}

// fanInit is glorot (uniform, Glorot and Bengio 2010), he (normal, He et al.
// 2015) or lecun (normal), scaled by fan-in and fan-out.
func (s *scope) fanInit(name string, args []syntax.Expr, e syntax.Expr, shape []*ir.Expr, out *ir.Init) *ir.Init {
	var fans []*ir.Expr
	for _, a := range args {
		n := s.intExpr(a)
		if n == nil {
			return nil
		}
		fans = append(fans, n)
	}
	if len(fans) == 0 {
		if len(shape) != 2 {
			s.errorf("NN226", e.At(), "%s of %s needs its fan-in: %s(n)", name, s.shapeText(shape), name)
			return nil
		}
		fans = []*ir.Expr{shape[0], shape[1]}
	}
	if len(fans) == 1 {
		fans = append(fans, fans[0])
	}
	in, both := s.Real(fans[0]), s.Real(s.Call(ir.Add, fans[0], fans[1]))
	div := func(n float64, d *ir.Expr) *ir.Expr { return s.Call(ir.Sqrt, s.Call(ir.Div, s.Const(n), d)) }
	switch name {
	case "glorot":
		out.Dist, out.Args, out.Scale = "uniform", []float64{-1, 1}, div(6, both)
	case "he":
		out.Dist, out.Args, out.Scale = "normal", []float64{0, 1}, div(2, in)
	default:
		out.Dist, out.Args, out.Scale = "normal", []float64{0, 1}, div(1, in)
	}
	return out
}
