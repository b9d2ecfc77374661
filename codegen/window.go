package codegen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// windows are the runtime's functions for plan.Window.
var windows = map[*ir.Reducer]string{ir.Sum: "WindowSums", ir.MaxOver: "WindowMaxs", ir.ArgMax: "WindowArgMaxs"}

// window prints a reduction over windows as one call; as loops where an array is
// not stored in the order that takes.
func (b *body) window(w *plan.Window) {
	d := w.Def
	b.say(d)
	if !slices.ContainsFunc(slices.Concat(d.Dims, d.RDims), func(x plan.Dim) bool { return b.backwards(x) }) && b.windowCall(w) {
		return
	}
	list := []plan.Node{&plan.Stmt{Def: d}}
	around := func(dims []plan.Dim) {
		for k := len(dims) - 1; k >= 0; k-- {
			list = []plan.Node{&plan.Loop{Dim: dims[k], Body: list}}
		}
	}
	if d.Red == ir.ArgMax {
		x := *d
		x.Scalar = true
		list[0] = &plan.Stmt{Def: &x}
		around(d.RDims)
		list = []plan.Node{&plan.Begin{Def: &x}, list[0], &plan.End{Def: &x}}
	} else {
		around(d.RDims)
		b.wipe(d)
	}
	around(d.Dims)
	b.list(list, &plan.Loop{})
}

func (b *body) windowCall(w *plan.Window) bool {
	d := w.Def
	if b.narrow(d.Array) {
		return false
	}
	zero, one := b.b.Int(0), b.b.Int(1)
	var over []ir.Index
	for _, dims := range [][]plan.Dim{d.Dims, w.Over} {
		for _, x := range dims {
			over = append(over, x.Idx)
		}
	}
	step := func(a *ir.Array, at []*ir.Expr) (root *ir.Array, base *ir.Expr, step [4]*ir.Expr) { // by i, j, u, v
		root, at0 := b.flat(a, at)
		coef, base, ok := b.b.Affine(at0, over)
		if !ok {
			return nil, nil, step
		}
		for g, dims := range [][]plan.Dim{d.Dims, w.Over} {
			for k, x := range dims {
				to := 2*g + 2 - len(dims) + k
				if step[to] = coef[x.Idx]; step[to] == nil {
					step[to] = zero
				}
			}
		}
		for k := range step {
			if step[k] == nil {
				step[k] = zero
			}
		}
		return root, base, step
	}
	rows, cols := one, d.Dims[len(d.Dims)-1].Hi
	if len(d.Dims) == 2 {
		rows = d.Dims[0].Hi
	}
	height, width := one, w.Over[len(w.Over)-1].Hi
	if len(w.Over) == 2 {
		height = w.Over[0].Hi
	}
	to, at, dst := step(d.Array, d.At)
	from, first, src := step(w.Body.Array, w.Body.Args)
	if len(w.Over) == 1 && from != nil && !src[3].IsConst(1) { // columns
		height, width, src[2], src[3] = width, one, src[3], one
	}
	if to == nil || from == nil || !dst[1].IsConst(1) || len(d.Dims) == 2 && dst[0] != cols || !src[3].IsConst(1) {
		return false
	}
	for _, x := range append(src[:], at, first) {
		if !b.positive(x) {
			return false
		}
	}
	var fields []string
	for _, f := range []struct {
		name  string
		value *ir.Expr
	}{{"Cols", cols}, {"Down", src[0]}, {"Right", src[1]}, {"Height", height}, {"Line", src[2]}, {"Width", width}} {
		if !f.value.IsConst(0) {
			fields = append(fields, fmt.Sprintf("%s: %s", f.name, b.expr(f.value, 0)))
		}
	}
	all := b.from(to, at)
	if size := b.b.Call(ir.Mul, rows, cols); !at.IsConst(0) || b.plan.Store[to] == nil || b.plan.Store[to].Size != size {
		all += "[:" + b.expr(size, 0) + "]"
	}
	b.line("%s(%s, %s, %s{%s})", b.rt(windows[d.Red]), all, b.from(from, first), b.rt("Windows"), strings.Join(fields, ", "))
	return true
}
