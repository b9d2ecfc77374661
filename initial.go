package nnc

import (
	"fmt"
	"math"
	"strings"

	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
	rt "github.com/nnc-lang/nnc/runtime"
)

// initPath names the site of a parameter's draw, as emitted Init does:
// MLP.W1, whatever the argument is called.
func initPath(a *ir.Arg, leaf string) string {
	if rest, prefixed := strings.CutPrefix(leaf, a.Name+"."); prefixed && a.Name != ownParams {
		leaf = rest
	}
	return a.Bundle.Name + "." + leaf
}

// initial draws what a parameter starts with.
func initial(in *ir.Init, shape []int, s *sizes, seed uint64, path string, f64 bool) (*interp.Tensor, error) {
	t := interp.Zeros(shape...)
	if in == nil {
		return t, nil
	}
	scale := 1.0
	if in.Scale != nil {
		out, err := interp.Run(scaleProgram(s.b, in.Scale), &interp.Env{Dims: s.dims})
		if err != nil {
			return nil, err
		}
		scale = out["scale"].Data[0]
	}
	arg := func(k int) float64 {
		if k >= len(in.Args) || in.Args[k] == 0 {
			return 0
		}
		return in.Args[k] * scale
	}
	switch in.Dist {
	case "":
		rt.Fill(t.Data, arg(0))
	case "normal":
		rt.Normal(t.Data, seed, path, arg(0), arg(1))
	case "uniform":
		rt.Uniform(t.Data, seed, path, arg(0), arg(1))
	case "orthogonal":
		rows := 1
		if len(shape) > 0 {
			rows = shape[0]
		}
		rt.Orthogonal(t.Data, rows, len(t.Data)/max(1, rows), seed, path)
	default:
		return nil, bugf("unknown initial distribution %s", in.Dist)
	}
	for i, v := range t.Data {
		if math.IsNaN(v) {
			return nil, fmt.Errorf("%s starts with NaN: %s", path, in.Text)
		}
		if !f64 { // a float32 draw is the rounded float64
			t.Data[i] = float64(float32(v))
		}
	}
	return t, nil
}

// scaleProgram computes one expression in dims.
func scaleProgram(b *ir.Builder, e *ir.Expr) *ir.Program {
	a := &ir.Array{Name: "scale", Elem: ir.Real, Def: ir.Equation, Body: b.Real(e)}
	return &ir.Program{Builder: b, Name: "scale", Defs: []*ir.Array{a}, Outputs: []ir.Output{{Name: "scale", Array: a}}}
}
