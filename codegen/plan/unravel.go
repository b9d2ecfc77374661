package plan

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// shortRow is the length of rows that are too short for arithmetic on vectors.
const shortRow = 16

// unravel runs loops over axes that a reshape joined as the loops that they were
// joined of: where an index is needed by its quotient and remainder,
//
//	for i in 512 { flat[n, i] = E[ctx[n, floor(i/64)], i%64] }
//
// it is 64*o + k, so that there are rows. The iterations are the same, in order.
//
//	for o in 8 { for k in 64 { flat[n, 64*o + k] = E[ctx[n, o], k] } }
func (p *Plan) unravel(b *ir.Builder, list []Node, path []Dim) {
	for _, n := range list {
		switch n := n.(type) {
		case *Loop:
			in, inside := n, append(slices.Clip(path), n.Dim)
			if sizes := p.digits(b, n); len(sizes) > 1 {
				in, inside = p.nest(b, n, sizes, path)
			}
			p.unravel(b, in.Body, inside)
		case *Branch:
			p.unravel(b, n.Then, path)
			p.unravel(b, n.Else, path)
		case *Contraction:
			p.unravel(b, n.Exact, path)
		}
	}
}

// digits are the ranges of the indices that the one of a loop is made of, the
// slowest first; nil: it is not made of others.
func (p *Plan) digits(b *ir.Builder, l *Loop) []*ir.Expr {
	apart := false
	Visit(l.Body, func(n Node) {
		if s, is := n.(*Stmt); is && !apart {
			apart = takesApart(s.Def.Body, l.Idx) || slices.ContainsFunc(s.Def.At, func(x *ir.Expr) bool { return takesApart(x, l.Idx) })
		}
	})
	if l.Time || l.Down || !apart {
		return nil
	}
	ok, moves := true, true
	var list []*ir.Expr
	Visit(l.Body, func(n Node) {
		switch n := n.(type) {
		case *Stmt:
			list = append(list, n.Def.Body, b.Read(n.Def.Array, n.Def.At...))
			moves = moves && n.Def.Red == nil && weight(n.Def.Body) == 1
		case *Loop:
			ok = ok && !n.Time
		case *Begin, *End:
		default:
			ok = false
		}
	})
	along := false // rows run along l
	for _, n := range l.Body {
		if s, is := n.(*Stmt); is {
			along = true
			ok = ok && commutes(s.Def.Red) // what looks for an index looks for that of one loop
		}
	}
	if !ok {
		return nil
	}
	sizes, remainder := digits(b, l.Dim, list, func(a *ir.Array, at []*ir.Expr) *ir.Expr { return p.position(b, a, at) })
	if !remainder {
		return nil
	}
	if row := sizes[len(sizes)-1]; row.Kind == ir.KConst && row.N < shortRow && along && !moves {
		return nil
	}
	return sizes
}

// position is where an element is in the memory of its array, 0 in a variable.
func (p *Plan) position(b *ir.Builder, a *ir.Array, at []*ir.Expr) *ir.Expr {
	st := p.Store[a]
	if st == nil {
		return Flat(b, at, a.Shape)
	}
	var kept, shape []*ir.Expr
	for _, k := range st.Axes() {
		kept, shape = append(kept, at[k]), append(shape, a.Shape[k])
	}
	return Flat(b, kept, shape)
}

// nest makes loops of one, the first of them itself, and returns the innermost and
// what is around its steps.
func (p *Plan) nest(b *ir.Builder, l *Loop, sizes []*ir.Expr, path []Dim) (*Loop, []Dim) {
	s := &settling{b: b}
	dims, i := s.numbered(l.Dim, sizes)
	inside := slices.Concat(path, dims)
	s.dims = inside
	sub := map[ir.Index]*ir.Expr{l.Idx: i}
	done := map[*Def]bool{}
	Visit(l.Body, func(n Node) {
		if in, ok := n.(*Loop); ok {
			in.Lo, in.Hi = s.expr(b.Subst(in.Lo, sub)), s.expr(b.Subst(in.Hi, sub))
			s.dims = append(slices.Clip(s.dims), in.Dim)
			return
		}
		d := DefOf(n)
		if done[d] {
			return
		}
		done[d] = true
		d.Body = s.expr(b.Subst(d.Body, sub))
		d.At = slices.Clone(d.At)
		for k, x := range d.At {
			d.At[k] = s.expr(b.Subst(x, sub))
		}
	})

	in := l
	body := l.Body
	for k := len(dims) - 1; k > 0; k-- {
		x := &Loop{Dim: dims[k], Body: body, writes: l.writes, reads: l.reads}
		if in == l {
			in = x
		}
		body = []Node{x}
	}
	if l.Share != nil {
		l.Share.Row, l.Share.Cost = false, b.Call(ir.Mul, l.Share.Cost, s.strides[0])
		if c := l.Share.Cost; c.Kind == ir.KConst && c.N < leastShared {
			l.Share = nil
		}
	}
	l.Dim, l.Body = dims[0], body
	p.in[in] = p.in[l]
	delete(p.in, l)
	for _, a := range p.in[in] {
		p.Store[a].In = in
	}
	return in, inside
}
