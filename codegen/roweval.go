package codegen

import (
	"math"
	"strings"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// eval is the row that holds e: one that is there, or dst, or with dst "" a
// scratch row.
func (r *rows) eval(e *ir.Expr, dst string) string { return r.evalTo(e, dst, dst) }

// evalTo is eval where only the last operation may write to dst; those before it
// use work, "" for a scratch row.
func (r *rows) evalTo(e *ir.Expr, dst, work string) string {
	if s, ok := r.vec[e]; ok {
		return s
	}
	if e.Kind == ir.KRead && r.varies(e) {
		if s, ok := r.slice(e.Array, e.Args); ok {
			return s
		}
	}
	shared := r.uses[e] > 1
	if dst == "" || shared {
		dst = r.take()
		work = dst
		r.own[dst] = !shared
	}
	if !r.varies(e) || !r.supported(e) {
		r.loopOver(dst, e)
	} else {
		r.operate(e, dst, work)
	}
	if shared {
		r.vec[e] = dst
		r.keep(e, dst+"["+r.index+"]")
	}
	return dst
}

// operate prints the outermost operation of e, after those of its arguments.
func (r *rows) operate(e *ir.Expr, dst, work string) {
	if s, ok := r.stretch(e); ok {
		r.repeat(s, dst)
		return
	}
	if root, s, ok := r.strides(e, r.l.Dim); ok {
		r.walk(root, s, dst)
		return
	}
	if e.Kind == ir.KIf {
		if m, ok := r.masked(e); ok {
			r.cutOff(m, dst, work)
			return
		}
		y, dy, _ := r.gate(e)
		r.two("ReluBacks", dst, work, y, dy)
		return
	}
	a := e.Args
	switch {
	case e.Op == ir.Neg:
		x := r.eval(a[0], work)
		r.call(r.rt("Scales"), dst, x, "-1")
		r.drop(x, dst)
	case e.Op == ir.Max:
		if sum := a[0]; sum.IsCall(ir.Add) && r.once(sum) && r.varies(sum.Args[0]) && r.varies(sum.Args[1]) {
			r.two("AddRelus", dst, work, sum.Args[0], sum.Args[1])
			return
		}
		r.unary("rt.Relus", dst, work, a[0])
	case e.Op.Arity == 1:
		r.unary(e.Op.Row, dst, work, a[0])
	case e.Op == ir.Add && r.fused(a[0], a[1], dst, work):
	case e.Op == ir.Add && r.fused(a[1], a[0], dst, work):
	case e.Op == ir.Mul && (r.slope(a[0], a[1], dst, work) || r.slope(a[1], a[0], dst, work)):
	case !r.varies(a[1]):
		n, f := a[1], withRight[e.Op]
		if e.Op == ir.Sub {
			n = r.b.Call(ir.Neg, n)
		} else if i := r.inverse(n); e.Op == ir.Div && i != nil {
			n, f = i, "Scales"
		}
		r.number(f, dst, work, a[0], n)
	case !r.varies(a[0]) && e.Op != ir.Pow:
		r.number(withLeft[e.Op], dst, work, a[1], a[0])
	default:
		r.two(strings.TrimPrefix(e.Op.Row, "rt."), dst, work, a[0], a[1])
	}
}

// The functions of a row and a number, by the side that the number is on.
var (
	withRight = map[*ir.Operator]string{ir.Add: "Shifts", ir.Mul: "Scales", ir.Div: "Overs", ir.Sub: "Shifts", ir.Pow: "Raises"}
	withLeft  = map[*ir.Operator]string{ir.Add: "Shifts", ir.Mul: "Scales", ir.Div: "Unders", ir.Sub: "Froms"}
)

// inverse is 1/n where dividing by n is multiplying by that: n is a power of two,
// or a count, whose inverse is a number.
func (r *rows) inverse(n *ir.Expr) *ir.Expr {
	switch {
	case n.IsCall(ir.ToReal) && numeric(n):
		return r.b.Call(ir.Div, r.b.Const(1), n)
	case powerOfTwo(n):
		return r.b.Const(1 / n.Val)
	}
	return nil
}

// powerOfTwo reports whether dividing by e is multiplying by its inverse.
func powerOfTwo(e *ir.Expr) bool {
	const far = 64 // from where float32 has no inverse
	f, k := math.Frexp(e.Val)
	return e.Kind == ir.KConst && math.Abs(f) == 0.5 && -far < k && k < far
}

func (r *rows) once(e *ir.Expr) bool { return r.uses[e] <= 1 && r.vec[e] == "" }

// drop releases the row of an argument that is not the result's.
func (r *rows) drop(x, dst string) {
	if x != dst {
		r.release(x)
	}
}

func (r *rows) unary(f, dst, work string, x *ir.Expr) {
	r.imports["rt"] = true
	s := r.eval(x, work)
	r.call(f, dst, s)
	r.drop(s, dst)
}

func (r *rows) two(f, dst, work string, x, y *ir.Expr) {
	s := r.eval(x, work)
	t := r.eval(y, r.other(s, work))
	r.call(r.rt(f), dst, s, t)
	r.drop(s, dst)
	r.drop(t, dst)
}

// other is where a second argument may be computed: where the first is not.
func (r *rows) other(s, work string) string {
	if s == work {
		return ""
	}
	return work
}

// number prints an operation of a row and a number.
func (r *rows) number(f, dst, work string, x, n *ir.Expr) {
	s := r.eval(x, work)
	r.call(r.rt(f), dst, s, r.expr(n, 0))
	r.drop(s, dst)
}

// fused prints product + z as one operation.
func (r *rows) fused(product, z *ir.Expr, dst, work string) bool {
	if !product.IsCall(ir.Mul) || !r.once(product) || !r.varies(product) {
		return false
	}
	x, y := product.Args[0], product.Args[1]
	if !r.varies(x) {
		x, y = y, x
	}
	switch vy, vz := r.varies(y), r.varies(z); {
	case vy && vz:
		sz := r.eval(z, work)
		sx := r.eval(x, r.other(sz, work))
		rest := r.other(sz, work)
		if sx == rest {
			rest = ""
		}
		sy := r.eval(y, rest)
		r.call(r.rt("Fmas"), dst, sx, sy, sz)
		for _, s := range []string{sx, sy, sz} {
			r.drop(s, dst)
		}
	case vz:
		sz := r.eval(z, work)
		sx := r.eval(x, r.other(sz, work))
		r.call(r.rt("Axpys"), dst, sz, r.expr(y, 0), sx)
		r.drop(sx, dst)
		r.drop(sz, dst)
	case !vy:
		s := r.eval(x, work)
		r.call(r.rt("Affines"), dst, s, r.expr(y, 0), r.expr(z, 0))
		r.drop(s, dst)
	default:
		return false
	}
	return true
}

// slope prints dy*(1 - y*y), what tanh hands back.
func (r *rows) slope(dy, d *ir.Expr, dst, work string) bool {
	if !d.IsCall(ir.Sub) || !d.Args[0].IsConst(1) || !r.once(d) || !r.varies(dy) {
		return false
	}
	if q := d.Args[1]; q.IsCall(ir.Mul) && q.Args[0] == q.Args[1] && r.varies(q) && r.once(q) {
		r.two("TanhBacks", dst, work, q.Args[0], dy)
		return true
	}
	return false
}

// vectorPart is what a statement computes in nearly all iterations: the body,
// but where it asks for one certain index, if i == y then …, the other arm.
func (r *rows) vectorPart(d *plan.Def) *ir.Expr {
	if d.Red != nil || r.isLocal(d.Array) {
		return d.Body
	}
	at := r.asked(d)
	if at == nil {
		return d.Body
	}
	return r.b.Map(d.Body, func(x *ir.Expr) *ir.Expr {
		if x.Kind == ir.KIf && r.asks(x) == at {
			return x.Args[2]
		}
		if x.IsCall(ir.Sub) && isZero(x.Args[1]) {
			return x.Args[0]
		}
		return x
	})
}

// asks is the index that the condition of e asks for; nil: it asks for something else.
func (r *rows) asks(e *ir.Expr) *ir.Expr {
	c := e.Args[0]
	if !c.IsCall(ir.Eq) || c.Args[0].Type != ir.Int {
		return nil
	}
	i := r.l.Idx
	coef, rest, ok := r.b.Affine(r.b.Call(ir.Sub, c.Args[0], c.Args[1]), []ir.Index{i})
	switch k := coef[i]; {
	case !ok || k == nil || rest.Depends(i):
	case k.IsConst(1):
		return r.b.Call(ir.Neg, rest)
	case k.IsConst(-1):
		return rest
	}
	return nil
}

// asked is the one index for which the body of a row is different; nil: there
// is none, or it could not be computed once the row is set, or the other arm
// may not be evaluated there, as a[i+1] at the last i.
func (r *rows) asked(d *plan.Def) *ir.Expr {
	var at *ir.Expr
	ok := true
	root, _ := r.flat(d.Array, d.At)
	ir.Walk(d.Body, func(x *ir.Expr) bool {
		switch x.Kind {
		case ir.KIf:
			if a := r.asks(x); a != nil {
				ok = ok && (at == nil || at == a) && r.insideAll(x.Args[2], r.l)
				at = a
			}
		case ir.KRead:
			if r.sets(x.Array) {
				ok = false
			} else if !r.isLocal(x.Array) {
				from, _ := r.flat(x.Array, x.Args)
				ok = ok && from != root
			}
		}
		return ok
	})
	if !ok {
		return nil
	}
	return at
}

// hot sets the element for which the body is different.
func (r *rows) hot(d *plan.Def, to string) {
	at := r.asked(d)
	if at == nil {
		return
	}
	e := r.b.Map(d.Body, func(x *ir.Expr) *ir.Expr {
		if x.Kind == ir.KIf && r.asks(x) == at {
			return x.Args[1]
		}
		return x
	})
	e = r.b.Subst(e, map[ir.Index]*ir.Expr{r.l.Idx: at})
	i, cond := r.inside(at, r.l)
	if cond == "" {
		r.choose(to+"["+i+"]", "=", e, false)
		return
	}
	r.line("if %s {", cond)
	r.arm(func() { r.choose(to+"["+i+"]", "=", e, false) })
	r.line("}")
}
