package codegen

import (
	"slices"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// A loop whose guards compare its index with constants, as those of a gate
// within a row of gates or of a border do, is printed as one loop for each
// range in which they do not change, from 0, so that rows are cut for it.
const (
	mostParts = 5
	mostNodes = 400 // of all parts together
)

// parts are the loops that l is printed as; nil: itself. Some may suppose that
// l runs at all, which makes 1 and Hi-1 points between 0 and Hi.
func (b *body) parts(l *plan.Loop) (out []*plan.Loop, suppose bool) {
	if l.Time || !l.Lo.IsConst(0) || len(l.Hi.Free()) > 0 {
		return nil, false
	}
	size, ok := 0, true
	less := b.b.Call(ir.Sub, l.Hi, b.b.Int(1))
	after := func(p, x *ir.Expr) bool {
		d := b.b.Call(ir.Sub, p, x)
		if b.b.NonNegative(d) {
			return true
		}
		ok := b.b.NonNegative(b.b.Call(ir.Sub, d, less))
		suppose = suppose || ok
		return ok
	}
	points := []*ir.Expr{l.Lo, l.Hi}
	plan.Visit(l.Body, func(n plan.Node) {
		switch n := n.(type) {
		case *plan.Stmt:
			size += n.Def.Body.Size()
			ok = ok && n.Def.Red != ir.ArgMax && n.Def.Red != ir.ArgMin
			for _, p := range b.breaks(n.Def.Body, l.Idx) {
				points = insert(points, p, after)
				ok = ok && points != nil
			}
		case *plan.Loop:
			ok = ok && !n.Time
		case *plan.Begin, *plan.End:
		default:
			ok = false
		}
	})
	count := len(points) - 1
	if !ok || count < 2 || count > mostParts {
		return nil, false
	}
	most := max(mostNodes, 2*size)
	for k := range count {
		lo, hi := points[k], points[k+1]
		i := b.b.Temp(l.Name)
		within := plan.Dim{Idx: l.Idx, Lo: lo, Hi: hi}
		d := plan.Dim{Idx: i, Name: l.Name, Lo: b.b.Int(0), Hi: b.b.Call(ir.Sub, hi, lo)}
		shift := map[ir.Index]*ir.Expr{l.Idx: b.b.Call(ir.Add, b.b.Idx(i), lo)}
		if d.Hi.IsConst(1) {
			shift[l.Idx] = lo
		}
		body := b.copy(l.Body, func(e *ir.Expr) *ir.Expr {
			return b.b.Subst(plan.Decide(b.b, e, within), shift)
		}, map[*plan.Def]*plan.Def{})
		part := b.plan.Variant(l, d, body)
		b.plan.Prune(part)
		out = append(out, part)
		plan.Visit(part.Body, func(n plan.Node) {
			if s, ok := n.(*plan.Stmt); ok {
				most -= s.Def.Body.Size()
			}
		})
	}
	if most < 0 {
		return nil, false
	}
	read := map[*ir.Array]bool{}
	for _, part := range out {
		b.readVariables(part, read)
	}
	all := map[*ir.Array]bool{}
	b.readVariables(l, all)
	for a := range all {
		if !read[a] {
			return nil, false // Go refuses a variable that only an arm reads that is gone
		}
	}
	return out, suppose
}

// readVariables notes the variables from around a loop that are read in it.
func (b *body) readVariables(l *plan.Loop, read map[*ir.Array]bool) {
	own := map[*ir.Array]bool{}
	plan.Visit(l.Body, func(n plan.Node) {
		if d := plan.DefOf(n); d != nil {
			own[d.Array] = true
		}
	})
	plan.Visit(l.Body, func(n plan.Node) {
		d := plan.DefOf(n)
		if d == nil {
			return
		}
		for _, e := range append(slices.Clip(d.At), d.Body) {
			for _, a := range ir.Reads(e) {
				if s := b.plan.Store[a]; s != nil && s.Local() && !own[a] {
					read[a] = true
				}
			}
		}
	})
}

// split prints a loop as several, if it is better so.
func (b *body) split(l *plan.Loop) bool {
	parts, suppose := b.parts(l)
	if parts == nil {
		return false
	}
	done := func() {}
	if suppose {
		b.line("if %s > 0 {", b.expr(l.Hi, binary[">"]))
		pop := b.push()
		b.runs = append(b.runs, b.rest(l))
		done = func() { b.runs = b.runs[:len(b.runs)-1]; pop() }
	}
	for _, p := range parts {
		if p.Hi.IsConst(1) {
			b.list(p.Body, p) // it runs once, at no index
		} else {
			b.loop(p)
		}
		b.forget(p)
	}
	done()
	if suppose {
		b.line("}")
	}
	return true
}

// breaks are the values of an index at which comparisons of it change.
func (b *body) breaks(e *ir.Expr, i ir.Index) []*ir.Expr {
	var out []*ir.Expr
	ir.Walk(e, func(x *ir.Expr) bool {
		if at, rising, ok := plan.Compared(b.b, x, i); ok {
			one := b.b.Int(1)
			next := b.b.Call(ir.Add, at, one)
			switch {
			case x.Op == ir.Eq || x.Op == ir.Ne:
				out = append(out, at, next)
			case (x.Op == ir.Ge || x.Op == ir.Lt) == rising:
				out = append(out, at)
			default:
				out = append(out, next)
			}
		}
		return true
	})
	return out
}

// insert puts p where it belongs, if that is between the first and the last of
// an ascending list; the result is nil if one cannot tell. After reports that
// its first argument is the second or more.
func insert(list []*ir.Expr, p *ir.Expr, after func(p, x *ir.Expr) bool) []*ir.Expr {
	for k, x := range list {
		switch {
		case x == p:
			return list
		case after(p, x):
			continue
		case !after(x, p):
			return nil
		case k == 0:
			return list
		}
		out := append(list[:k:k], p)
		return append(out, list[k:]...)
	}
	return list
}

// copy is a list of steps with f applied to what they compute.
func (b *body) copy(list []plan.Node, f func(*ir.Expr) *ir.Expr, defs map[*plan.Def]*plan.Def) []plan.Node {
	def := func(d *plan.Def) *plan.Def {
		if c := defs[d]; c != nil {
			return c
		}
		c := *d
		c.At = make([]*ir.Expr, len(d.At))
		for k, x := range d.At {
			c.At[k] = f(x)
		}
		c.Body = f(d.Body)
		defs[d] = &c
		if s, ok := b.sums[d]; ok {
			b.sums[&c] = s
		}
		return &c
	}
	var out []plan.Node
	for _, n := range list {
		switch n := n.(type) {
		case *plan.Loop:
			d := n.Dim
			d.Lo, d.Hi = f(d.Lo), f(d.Hi)
			out = append(out, b.plan.Variant(n, d, b.copy(n.Body, f, defs)))
		case *plan.Stmt:
			out = append(out, &plan.Stmt{Def: def(n.Def)})
		case *plan.Begin:
			out = append(out, &plan.Begin{Def: def(n.Def)})
		case *plan.End:
			out = append(out, &plan.End{Def: def(n.Def)})
		}
	}
	return out
}

// forget lets the variables of a loop be declared again in the next part.
func (b *body) forget(l *plan.Loop) {
	drop := func(l *plan.Loop) {
		for _, a := range b.plan.In(l) {
			if b.plan.Store[a].Local() {
				delete(b.arr, a)
			}
		}
	}
	drop(l)
	plan.Visit(l.Body, func(n plan.Node) {
		if x, ok := n.(*plan.Loop); ok {
			drop(x)
		}
	})
}

// only recognises a loop that does something in one iteration alone,
//
//	for k { if k == y[n] { sum[k] += … } }
//
// and returns that iteration's index, and the steps with the index settled.
func (b *body) only(l *plan.Loop) (at *ir.Expr, list []plan.Node) {
	if l.Time || !l.Lo.IsConst(0) || l.Hi.IsConst(1) {
		return nil, nil
	}
	inner := map[ir.Index]bool{l.Idx: true}
	ok := true
	plan.Visit(l.Body, func(n plan.Node) {
		switch n := n.(type) {
		case *plan.Loop:
			inner[n.Idx] = true
			ok = ok && !n.Time && !n.Lo.Depends(l.Idx) && !n.Hi.Depends(l.Idx)
		case *plan.Stmt:
			e := n.Def.Body
			if n.Def.Red != ir.Sum || e.Kind != ir.KIf || !e.Args[2].IsConst(0) || !e.Args[0].IsCall(ir.Eq) || e.Args[0].Args[0].Type != ir.Int {
				ok = false
				return
			}
			coef, rest, affine := b.b.Affine(b.b.Call(ir.Sub, e.Args[0].Args[0], e.Args[0].Args[1]), []ir.Index{l.Idx})
			if c := coef[l.Idx]; !affine || c == nil || !c.IsConst(1) && !c.IsConst(-1) {
				ok = false
				return
			} else if c.IsConst(1) {
				rest = b.b.Call(ir.Neg, rest)
			}
			ok = ok && (at == nil || at == rest)
			at = rest
		default:
			ok = false
		}
	})
	if !ok || at == nil {
		return nil, nil
	}
	for _, i := range at.Free() {
		if inner[i] {
			return nil, nil
		}
	}
	sub := map[ir.Index]*ir.Expr{l.Idx: at}
	list = b.copy(l.Body, func(e *ir.Expr) *ir.Expr {
		if e.Kind == ir.KIf {
			e = e.Args[1]
		}
		return b.b.Subst(e, sub)
	}, map[*plan.Def]*plan.Def{})
	return at, list
}

// move prints a loop that clears a row or copies one.
func (b *body) move(l *plan.Loop) bool {
	if len(l.Body) != 1 || l.Time {
		return false
	}
	s, ok := l.Body[0].(*plan.Stmt)
	if !ok || s.Def.Red != nil || s.Def.Array.Elem != ir.Real {
		return false
	}
	to := b.rowAlong(s.Def.Array, s.Def.At, l)
	if to == "" {
		return false
	}
	switch e := s.Def.Body; {
	case isZero(e):
		b.line("clear(%s)", to)
	case e.Kind == ir.KRead && !b.isKnown(e):
		from := b.rowAlong(e.Array, e.Args, l)
		if from == "" {
			return false
		}
		b.line("copy(%s, %s)", to, from)
	default:
		return false
	}
	return true
}

// rowAlong is the slice that a loop runs along, "" if there is none.
func (b *body) rowAlong(a *ir.Array, at []*ir.Expr, l *plan.Loop) string {
	if st := b.plan.Store[a]; st != nil && st.Local() || len(at) == 0 {
		return ""
	}
	root, e := b.flat(a, at)
	for _, r := range b.rows[root] {
		if r.idx == l.Idx && r.hi == l.Hi && b.b.Call(ir.Sub, e, r.base) == b.b.Idx(l.Idx) {
			return r.name
		}
	}
	if st := b.plan.Store[root]; e == b.b.Idx(l.Idx) && st != nil && st.Size == l.Hi && !b.bare[root] {
		return b.arr[root]
	}
	return ""
}
