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
	if l.Time || l.Down || !l.Lo.IsConst(0) || len(l.Hi.Free()) > 0 || l.Hi.ReadsAny() {
		return nil
	}
	f := &divisors{b: b, p: p, i: l.Idx, seen: map[*ir.Expr]bool{}}
	ok, moves := true, true
	Visit(l.Body, func(n Node) {
		switch n := n.(type) {
		case *Stmt:
			f.find(n.Def.Body)
			f.find(p.position(b, n.Def.Array, n.Def.At))
			moves = moves && n.Def.Red == nil && weight(n.Def.Body) == 1
		case *Loop:
			ok = ok && !n.Time
		case *Begin, *End:
		default:
			ok = false
		}
	})
	for _, n := range l.Body { // what looks for an index looks for that of one loop
		s, is := n.(*Stmt)
		ok = ok && !(is && !commutes(s.Def.Red))
	}
	if !ok || !f.remainder {
		return nil
	}
	var sizes []*ir.Expr
	rest := l.Hi
	for _, c := range slices.Backward(f.list) {
		n := quotient(b, rest, c)
		if n == nil {
			return nil
		}
		if !n.IsConst(1) {
			sizes, rest = append(sizes, n), c
		}
	}
	if rest.Kind == ir.KConst && rest.N < shortRow && !moves {
		return nil
	}
	return append(sizes, rest)
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

// divisors are what an index is divided by, each a multiple of the one before if
// it is to be taken apart.
type divisors struct {
	b         *ir.Builder
	p         *Plan
	i         ir.Index
	list      []*ir.Expr
	remainder bool // some remainder is needed
	seen      map[*ir.Expr]bool
}

func (f *divisors) find(e *ir.Expr) {
	if f.seen[e] || !e.Depends(f.i) {
		return
	}
	f.seen[e] = true
	if e.Kind == ir.KRead {
		f.find(f.p.position(f.b, e.Array, e.Args))
		return
	}
	if c := f.divisor(e); c != nil {
		f.add(c)
		f.remainder = f.remainder || e.IsCall(ir.Mod)
	}
	for _, a := range e.Args {
		f.find(a)
	}
}

// divisor is c*d of floor((floor(i/c) + d*m)/d) or the remainder there, and d of
// floor((i + d*m)/d); nil: e is neither.
func (f *divisors) divisor(e *ir.Expr) *ir.Expr {
	if !e.IsCall(ir.IDiv) && !e.IsCall(ir.Mod) {
		return nil
	}
	d := e.Args[1]
	if len(d.Free()) > 0 || d.ReadsAny() || !f.b.NonNegative(d) || d.IsConst(0) {
		return nil
	}
	c := (*ir.Expr)(nil)
	for _, t := range f.b.PolyOf(e.Args[0]) {
		switch x := f.b.FromPoly(ir.Poly{t}); {
		case !x.Depends(f.i):
			if quotient(f.b, x, d) == nil {
				return nil
			}
		case c != nil:
			return nil
		case x == f.b.Idx(f.i):
			c = f.b.Int(1)
		case x.IsCall(ir.IDiv):
			if c = f.divisor(x); c == nil {
				return nil
			}
		default:
			return nil
		}
	}
	if c == nil {
		return nil
	}
	return f.b.Call(ir.Mul, c, d)
}

func (f *divisors) add(c *ir.Expr) {
	for k, x := range f.list {
		if x == c {
			return
		}
		if quotient(f.b, x, c) != nil {
			f.list = slices.Insert(f.list, k, c)
			return
		}
	}
	f.list = append(f.list, c)
}

// quotient is x/c where c is known to divide x, nil elsewhere.
func quotient(b *ir.Builder, x, c *ir.Expr) *ir.Expr {
	if q := b.Call(ir.IDiv, x, c); b.Call(ir.Mul, q, c) == x {
		return q
	}
	return nil
}

// nest makes loops of one, the first of them itself, and returns the innermost and
// what is around its steps.
func (p *Plan) nest(b *ir.Builder, l *Loop, sizes []*ir.Expr, path []Dim) (*Loop, []Dim) {
	s := &settling{b: b, dims: slices.Clip(path)}
	i := b.Int(0)
	for k, n := range sizes {
		d := Dim{Idx: b.Temp(l.Name), Name: l.Name, Lo: b.Int(0), Hi: n}
		s.dims = append(s.dims, d)
		i = b.Call(ir.Add, b.Call(ir.Mul, i, n), b.Idx(d.Idx))
		if k > 0 {
			for j := range s.strides {
				s.strides[j] = b.Call(ir.Mul, s.strides[j], n)
			}
			s.strides = append(s.strides, n)
		}
	}
	inside := s.dims
	dims := inside[len(path):]
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

// settling simplifies what depends on indices that another was taken apart into.
type settling struct {
	b       *ir.Builder
	dims    []Dim
	strides []*ir.Expr // the largest first
}

// expr is e without quotients, remainders and comparisons that ranges settle.
func (s *settling) expr(e *ir.Expr) *ir.Expr {
	return s.b.Map(e, func(x *ir.Expr) *ir.Expr {
		if x.Kind != ir.KCall || len(x.Args) != 2 || x.Args[0].Type != ir.Int || x.Args[1].Type != ir.Int {
			return x
		}
		switch {
		case x.IsCall(ir.IDiv), x.IsCall(ir.Mod):
			if q, r, ok := s.apart(x.Args[0], x.Args[1]); !ok {
			} else if x.IsCall(ir.IDiv) {
				return q
			} else {
				return r
			}
		case x.IsCall(ir.Lt), x.IsCall(ir.Ge):
			return s.compare(x, s.b.Call(ir.Sub, x.Args[0], x.Args[1]), x.Op == ir.Lt)
		case x.IsCall(ir.Gt), x.IsCall(ir.Le):
			return s.compare(x, s.b.Call(ir.Sub, x.Args[1], x.Args[0]), x.Op == ir.Gt)
		}
		return x
	})
}

// apart is x as q*c + r with r in 0..c.
func (s *settling) apart(x, c *ir.Expr) (q, r *ir.Expr, ok bool) {
	q, r = s.b.Int(0), s.b.Int(0)
	for _, t := range s.b.PolyOf(x) {
		y := s.b.FromPoly(ir.Poly{t})
		if z := quotient(s.b, y, c); z != nil {
			q = s.b.Call(ir.Add, q, z)
		} else {
			r = s.b.Call(ir.Add, r, y)
		}
	}
	return q, r, within(s.b, r, c, s.dims)
}

// compare is comparison e, d < 0 or else d >= 0, by the quotient alone where that
// decides it.
func (s *settling) compare(e, d *ir.Expr, less bool) *ir.Expr {
	opposite := s.b.Call(ir.Sub, s.b.Int(-1), d) // below 0 where d is not
	for _, c := range s.strides {
		for _, x := range []*ir.Expr{d, opposite} {
			q, r, ok := s.apart(x, c)
			if !ok || r == x {
				continue
			}
			left, right := ir.Poly{}, ir.Poly{}
			for _, t := range s.b.PolyOf(q) {
				if t.Coef > 0 {
					left = append(left, t)
				} else {
					right = append(right, ir.Term{Coef: -t.Coef, Atoms: t.Atoms})
				}
			}
			op := ir.Ge
			if less == (x == d) {
				op = ir.Lt
			}
			return s.b.Call(op, s.b.FromPoly(left), s.b.FromPoly(right))
		}
	}
	return e
}
