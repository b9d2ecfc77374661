package codegen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// group is one index of a contraction with its strides; what it does not
// occur in has nil.
type group struct{ size, a, b, c *ir.Expr }

// strided is an array of a contraction: where its indices start, and by how
// much each moves.
type strided struct {
	text string
	step map[ir.Index]*ir.Expr
}

func (b *body) strided(a *ir.Array, at []*ir.Expr, dims []plan.Dim) strided {
	root, e := b.flat(a, at)
	var over []ir.Index
	for _, d := range dims {
		over = append(over, d.Idx)
	}
	coef, rest, ok := b.b.Affine(e, over)
	if !ok {
		panic("codegen: bug: operand of a contraction is not affine: " + e.String())
	}
	for _, d := range dims { // a range that does not start at 0
		if c := coef[d.Idx]; c != nil {
			rest = b.b.Call(ir.Add, rest, b.b.Call(ir.Mul, c, d.Lo))
		}
	}
	text := b.arr[root]
	if !rest.IsConst(0) {
		text += "[" + b.expr(rest, 0) + ":]"
	}
	return strided{text, coef}
}

// contraction prints the call of one product: Gemm where the indices fuse to
// one of each kind, else Contract.
func (b *body) contraction(n *plan.Contraction) {
	b.say(n.Def)
	all := append(append(append(append([]plan.Dim{}, n.Batch...), n.M...), n.N...), n.K...)
	var some []string // ranges that may be empty, and are not
	for _, d := range all {
		if b.backwards(d) {
			some = append(some, b.some(d))
		}
	}
	nothing := func() { // a sum over nothing
		zero := *n.Def
		zero.Red, zero.Body = nil, b.b.Const(0)
		list := []plan.Node{&plan.Stmt{Def: &zero}}
		for k := len(all) - len(n.K) - 1; k >= 0; k-- {
			list = []plan.Node{&plan.Loop{Dim: all[k], Body: list}}
		}
		b.list(list, &plan.Loop{})
	}
	switch {
	case slices.ContainsFunc(all, b.never):
		if !n.Acc {
			nothing()
		}
		return
	case some == nil:
		b.product(n, all)
		return
	}
	b.line("if %s {", strings.Join(slices.Compact(some), " && "))
	done := b.push()
	b.product(n, all)
	done()
	if !n.Acc && slices.ContainsFunc(n.K, func(d plan.Dim) bool { return b.backwards(d) }) {
		b.line("} else {")
		done := b.push()
		nothing()
		done()
	}
	b.line("}")
}

// product prints the call of a product over the indices all.
func (b *body) product(n *plan.Contraction, all []plan.Dim) {
	defer b.exact(n)
	x, y := b.strided(n.A.Array, n.A.Args, all), b.strided(n.B.Array, n.B.Args, all)
	z := b.strided(n.Def.Array, n.Def.At, all)
	fuse := func(dims []plan.Dim) []group {
		var out []group
		for _, d := range dims {
			g := group{b.b.Call(ir.Sub, d.Hi, d.Lo), x.step[d.Idx], y.step[d.Idx], z.step[d.Idx]}
			if k := len(out) - 1; k >= 0 {
				o := out[k]
				if o.around(b, g) {
					out[k] = group{b.b.Call(ir.Mul, o.size, g.size), g.a, g.b, g.c}
					continue
				}
				if g.around(b, o) {
					out[k].size = b.b.Call(ir.Mul, o.size, g.size)
					continue
				}
			}
			out = append(out, g)
		}
		return out
	}
	gm, gn, gk, gb := fuse(n.M), fuse(n.N), fuse(n.K), fuse(n.Batch)
	if len(gb) == 0 && len(gm) <= 1 && len(gn) <= 1 && len(gk) <= 1 {
		one := func(g []group) group {
			if len(g) == 1 {
				return g[0]
			}
			return group{size: b.b.Int(1)}
		}
		m, nn, k := one(gm), one(gn), one(gk)
		b.line("%s(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %v)", b.rt("Gemm"),
			b.expr(m.size, 0), b.expr(nn.size, 0), b.expr(k.size, 0), x.text, b.stride(m.a), b.stride(k.a),
			y.text, b.stride(k.b), b.stride(nn.b), z.text, b.stride(m.c), b.stride(nn.c), n.Acc)
		return
	}
	b.line("%s(%s, %s, %s,\n%s, // m\n%s, // n\n%s, // k\n%s, // batch\n%v)", b.rt("Contract"), z.text, x.text, y.text,
		b.groups(gm), b.groups(gn), b.groups(gk), b.groups(gb), n.Acc)
}

// around reports whether two indices are one, g the outer part and x the inner.
func (g group) around(b *body, x group) bool {
	return b.follows(g.a, x.a, x.size) && b.follows(g.b, x.b, x.size) && b.follows(g.c, x.c, x.size)
}

// follows reports whether stepping an outer index is stepping the inner one
// size times.
func (b *body) follows(outer, inner, size *ir.Expr) bool {
	if outer == nil || inner == nil {
		return outer == inner
	}
	return outer == b.b.Call(ir.Mul, inner, size)
}

func (b *body) stride(e *ir.Expr) string {
	if e == nil {
		return "1"
	}
	return b.expr(e, 0)
}

func (b *body) groups(list []group) string {
	if len(list) == 0 {
		return "nil"
	}
	var out []string
	for _, g := range list {
		s := "Size: " + b.expr(g.size, 0)
		for _, f := range []struct {
			name string
			e    *ir.Expr
		}{{"A", g.a}, {"B", g.b}, {"C", g.c}} {
			if f.e != nil {
				s += ", " + f.name + ": " + b.expr(f.e, 0)
			}
		}
		out = append(out, "{"+s+"}")
	}
	return "[]" + b.rt("Index") + "{" + strings.Join(out, ", ") + "}"
}

// draw fills an array with random numbers.
func (b *body) draw(d *plan.Def) {
	b.say(d)
	a := d.Array
	fn := strings.ToUpper(a.Dist[:1]) + a.Dist[1:]
	args := ""
	f := scalars{file: b.file, T: "float64", dim: b.dim, index: b.index, read: func(e *ir.Expr) string { return "float64(" + b.element(e) + ")" }}
	for _, x := range a.DistArgs {
		args += ", " + f.expr(x, 0)
	}
	to := b.arr[a]
	st := b.plan.Store[a]
	if st.Local() {
		name, _ := b.variable(a)
		tmp := b.names.pick(name + "1")
		b.line("var %s [1]%s", tmp, b.real())
		b.line("%s(%s[:], seed, %q%s)", b.rt(fn), tmp, a.Path, args)
		b.line("%s := %s[0]", name, tmp)
		return
	}
	b.line("%s(%s, seed, %q%s)", b.rt(fn), to, a.Path, args)
}

// wipe sets the elements that a reduction into an array is about to reach; of an
// accumulation all, as those that it does not reach are read too.
func (b *body) wipe(d *plan.Def) {
	st := b.plan.Store[d.Array]
	open := map[ir.Index]bool{}
	for _, l := range b.loops {
		open[l.Idx] = true
	}
	at := slices.Clone(d.At) // with loops over the axes that are not fixed
	var free []plan.Dim
	fixedAfter, size := false, b.b.Int(1)
	for _, k := range st.Axes() {
		over := d.At[k].Free()
		if (len(over) > 0 || !d.Scatter) && !slices.ContainsFunc(over, func(i ir.Index) bool { return !open[i] }) {
			fixedAfter = fixedAfter || len(free) > 0
			continue
		}
		dim := plan.Dim{Idx: b.b.Temp("i"), Name: "i", Lo: b.b.Int(0), Hi: d.Array.Shape[k]}
		free = append(free, dim)
		at[k] = b.b.Idx(dim.Idx)
		size = b.b.Call(ir.Mul, size, dim.Hi)
	}
	if fixedAfter {
		x := *d
		x.Red, x.At = nil, at
		switch d.Array.Elem {
		case ir.Bool:
			x.Body = b.b.Bool(d.Red.Empty != 0)
		case ir.Int:
			x.Body = b.b.Int(int64(d.Red.Empty))
		default:
			x.Body = b.b.Const(d.Red.Empty)
		}
		list := []plan.Node{&plan.Stmt{Def: &x}}
		for k := len(free) - 1; k >= 0; k-- {
			list = []plan.Node{&plan.Loop{Dim: free[k], Body: list}}
		}
		b.list(list, &plan.Loop{})
		return
	}
	zero := map[ir.Index]*ir.Expr{}
	for _, f := range free {
		zero[f.Idx] = b.b.Int(0)
	}
	for k := range at {
		at[k] = b.b.Subst(at[k], zero)
	}
	root, from := b.flat(d.Array, at)
	text := b.arr[root]
	if len(free) < len(st.Axes()) {
		text += fmt.Sprintf("[%s:][:%s]", b.expr(from, 0), b.expr(size, 0))
		text = strings.Replace(text, "[0:]", "", 1)
	}
	if d.Red.Empty == 0 {
		b.line("clear(%s)", text)
	} else {
		b.line("%s(%s, %s)", b.rt("Fill"), text, b.empty(d.Red, d.Array.Elem))
	}
}
