package plan

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// An axis that a reshape joined is numbered by digits: where i in 6*5*4 is needed
// as floor(i/20), floor(i/4)%5 and i%4, these are indices in 6, 5 and 4.

// digits are the ranges of the digits of an index, the slowest first, by which the
// expressions of a list need it; nil: it is not joined of others. Remainder reports
// that some of them need the last digit, or one between. Position is where
// an element of an array is, if that is all that is needed of its indices.
func digits(b *ir.Builder, d Dim, list []*ir.Expr, position func(a *ir.Array, at []*ir.Expr) *ir.Expr) (sizes []*ir.Expr, remainder bool) {
	if !d.Lo.IsConst(0) || len(d.Hi.Free()) > 0 || d.Hi.ReadsAny() {
		return nil, false
	}
	if !slices.ContainsFunc(list, func(e *ir.Expr) bool { return takesApart(e, d.Idx) }) {
		return nil, false
	}
	f := &divisors{b: b, position: position, i: d.Idx, seen: map[*ir.Expr]bool{}}
	for _, e := range list {
		f.find(e)
	}
	rest := d.Hi
	for _, c := range slices.Backward(f.list) {
		n := quotient(b, rest, c)
		if n == nil {
			return nil, false
		}
		if !n.IsConst(1) {
			sizes, rest = append(sizes, n), c
		}
	}
	if len(sizes) == 0 {
		return nil, false
	}
	return append(sizes, rest), f.remainder
}

// takesApart reports whether a quotient or a remainder in e depends on an index.
func takesApart(e *ir.Expr, i ir.Index) (found bool) {
	ir.Walk(e, func(x *ir.Expr) bool {
		found = found || (x.IsCall(ir.IDiv) || x.IsCall(ir.Mod)) && x.Depends(i)
		return !found && x.Depends(i)
	})
	return found
}

// divisors are what an index is divided by, each a multiple of the one before if
// it is to be taken apart.
type divisors struct {
	b         *ir.Builder
	position  func(a *ir.Array, at []*ir.Expr) *ir.Expr
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
	if e.Kind == ir.KRead && f.position != nil {
		f.find(f.position(e.Array, e.Args))
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

// settling simplifies what depends on digits.
type settling struct {
	b       *ir.Builder
	dims    []Dim
	strides []*ir.Expr // of digits but the last, the largest first
}

// numbered are digits for the index of d, and it by them.
func (s *settling) numbered(d Dim, sizes []*ir.Expr) (dims []Dim, i *ir.Expr) {
	i = s.b.Int(0)
	var strides []*ir.Expr
	for k, n := range sizes {
		x := Dim{Idx: s.b.Temp(d.Name), Name: d.Name, Lo: s.b.Int(0), Hi: n}
		dims = append(dims, x)
		i = s.b.Call(ir.Add, s.b.Call(ir.Mul, i, n), s.b.Idx(x.Idx))
		for j := range strides {
			strides[j] = s.b.Call(ir.Mul, strides[j], n)
		}
		if k > 0 {
			strides = append(strides, n)
		}
	}
	s.strides = append(s.strides, strides...)
	return dims, i
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
