package ir

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Integer expressions are polynomials with integer coefficients over atoms:
// dims, indices, integer reads, and the integer operators that are not ring
// operations (div, mod, integer if …). A term is a coefficient and its atoms
// sorted; the normal form is the list of terms, sorted, none zero.

// Term is Coef times the product of Atoms.
type Term struct {
	Coef  int64
	Atoms []*Expr
}

// Poly is a sum of terms in normal form. An empty Poly is 0.
type Poly []Term

func atomLess(x, y *Expr) int {
	rank := func(e *Expr) int {
		switch e.Kind {
		case KIndex:
			return 1
		case KDim:
			return 0
		}
		return 2
	}
	if c := cmp.Compare(rank(x), rank(y)); c != 0 {
		return c
	}
	switch x.Kind {
	case KDim:
		return strings.Compare(x.Name, y.Name)
	case KIndex:
		return cmp.Compare(x.Idx, y.Idx)
	}
	return cmp.Compare(x.id, y.id)
}

func compareAtoms(x, y []*Expr) int {
	if c := cmp.Compare(len(y), len(x)); c != 0 { // higher degree first
		return c
	}
	return slices.CompareFunc(x, y, atomLess)
}

// PolyOf is the normal form of an integer expression.
func (b *Builder) PolyOf(e *Expr) Poly {
	switch {
	case e.Kind == KConst:
		if e.N == 0 {
			return nil
		}
		return Poly{{Coef: e.N}}
	case e.IsCall(Add):
		return addPoly(b.PolyOf(e.Args[0]), b.PolyOf(e.Args[1]), 1)
	case e.IsCall(Sub):
		return addPoly(b.PolyOf(e.Args[0]), b.PolyOf(e.Args[1]), -1)
	case e.IsCall(Neg):
		return addPoly(nil, b.PolyOf(e.Args[0]), -1)
	case e.IsCall(Mul) && !e.Unexpanded():
		return mulPoly(b.PolyOf(e.Args[0]), b.PolyOf(e.Args[1]))
	}
	one := &struct {
		term [1]Term
		atom [1]*Expr
	}{atom: [1]*Expr{e}}
	one.term[0] = Term{1, one.atom[:]}
	return one.term[:]
}

// A product of more terms than mostTerms, or of more than mostAtoms atoms in one, is
// an atom: functions of integers that square each other would never end.
const (
	mostTerms = 256
	mostAtoms = 16
)

// expands reports whether a product is written out.
func expands(x, y Poly) bool {
	degree := func(p Poly) int {
		n := 0
		for _, t := range p {
			n = max(n, len(t.Atoms))
		}
		return n
	}
	return len(x)*len(y) <= mostTerms && degree(x)+degree(y) <= mostAtoms
}

// Unexpanded reports whether e is a product of integers that is not written out: those
// that are have an atom as their second factor, and the ones before it as their first.
func (e *Expr) Unexpanded() bool {
	if e.Type != Int || !e.IsCall(Mul) {
		return false
	}
	sum := func(e *Expr) bool { return e.IsCall(Add) || e.IsCall(Sub) || e.IsCall(Neg) }
	return sum(e.Args[0]) || sum(e.Args[1]) || e.Args[1].IsCall(Mul) && !e.Args[1].Unexpanded()
}

func addPoly(x, y Poly, sign int64) Poly {
	out := make(Poly, 0, len(x)+len(y))
	i, j := 0, 0
	for i < len(x) || j < len(y) {
		c := 0
		switch {
		case i == len(x):
			c = 1
		case j == len(y):
			c = -1
		default:
			c = compareAtoms(x[i].Atoms, y[j].Atoms)
		}
		switch {
		case c < 0:
			out = append(out, x[i])
			i++
		case c > 0:
			out = append(out, Term{sign * y[j].Coef, y[j].Atoms})
			j++
		default:
			if s := x[i].Coef + sign*y[j].Coef; s != 0 {
				out = append(out, Term{s, x[i].Atoms})
			}
			i++
			j++
		}
	}
	return out
}

func mulPoly(x, y Poly) Poly {
	var out Poly
	for _, s := range x {
		row := make(Poly, 0, len(y))
		for _, t := range y {
			atoms := slices.Concat(s.Atoms, t.Atoms)
			slices.SortStableFunc(atoms, atomLess)
			row = append(row, Term{s.Coef * t.Coef, atoms})
		}
		slices.SortFunc(row, func(p, q Term) int { return compareAtoms(p.Atoms, q.Atoms) })
		out = addPoly(out, row, 1)
	}
	return out
}

// FromPoly is the canonical expression of a polynomial: terms by degree, a
// leading negative term moved behind a positive one where there is one.
func (b *Builder) FromPoly(p Poly) *Expr {
	p = slices.Clone(p)
	if len(p) > 0 && p[0].Coef < 0 {
		if k := slices.IndexFunc(p, func(t Term) bool { return t.Coef > 0 && len(t.Atoms) > 0 }); k > 0 {
			t := p[k]
			copy(p[1:k+1], p[:k])
			p[0] = t
		}
	}
	var e *Expr
	for _, t := range p {
		c := t.Coef
		neg := c < 0 && e != nil
		if neg {
			c = -c
		}
		x := b.term(c, t.Atoms)
		switch {
		case e == nil:
			e = x
		case neg:
			e = b.intern(&Expr{Kind: KCall, Type: Int, Op: Sub}, e, x)
		default:
			e = b.intern(&Expr{Kind: KCall, Type: Int, Op: Add}, e, x)
		}
	}
	if e == nil {
		return b.Int(0)
	}
	return e
}

func (b *Builder) term(c int64, atoms []*Expr) *Expr {
	var e *Expr
	if c != 1 || len(atoms) == 0 {
		e = b.Int(c)
		if c == -1 && len(atoms) > 0 {
			e = b.intern(&Expr{Kind: KCall, Type: Int, Op: Neg}, b.term(1, atoms))
			return e
		}
	}
	for _, a := range atoms {
		if e == nil {
			e = a
		} else {
			e = b.intern(&Expr{Kind: KCall, Type: Int, Op: Mul}, e, a)
		}
	}
	return e
}

// intOp applies an operator to integers, in normal form.
func (b *Builder) intOp(op *Operator, args []*Expr) *Expr {
	switch {
	case (op == Add || op == Sub) && args[1].IsConst(0):
		return args[0] // normal, as all there are
	case op == Add && args[0].IsConst(0):
		return args[1]
	case op == Sub && args[0] == args[1]:
		return b.Int(0)
	case op == Mul && (args[0].IsConst(0) || args[1].IsConst(0)):
		return b.Int(0)
	case op == Mul && args[0].IsConst(1):
		return args[1]
	case op == Mul && args[1].IsConst(1):
		return args[0]
	}
	raw := func() *Expr { return b.intern(&Expr{Kind: KCall, Type: Int, Op: op}, args...) }
	x := b.PolyOf(args[0])
	var y Poly
	if len(args) > 1 {
		y = b.PolyOf(args[1])
	}
	switch op {
	case Add:
		return b.FromPoly(addPoly(x, y, 1))
	case Sub:
		return b.FromPoly(addPoly(x, y, -1))
	case Neg:
		return b.FromPoly(addPoly(nil, x, -1))
	case Mul:
		if expands(x, y) {
			return b.FromPoly(mulPoly(x, y))
		}
		return raw()
	case IDiv:
		return b.intDiv(x, y, raw)
	case Mod:
		if q, ok := exactDiv(x, y); ok && len(y) == 1 && len(y[0].Atoms) == 0 && q != nil {
			return b.Int(0)
		}
		if len(x) == 0 {
			return b.Int(0)
		}
		if m, n, ok := constPair(x, y); ok && n != 0 {
			return b.Int(m - n*floorDiv(m, n))
		}
		return b.remainder(x, y, raw)
	case Max, Min:
		d := addPoly(x, y, -1)
		if len(d) == 0 {
			return args[0]
		}
		if len(d) == 1 && len(d[0].Atoms) == 0 {
			if (d[0].Coef > 0) == (op == Max) {
				return args[0]
			}
			return args[1]
		}
		return raw()
	case Pow:
		if m, n, ok := constPair(x, y); ok && n >= 0 && n < 63 && math.Abs(math.Pow(float64(m), float64(n))) < 1<<52 {
			return b.Int(int64(math.Pow(float64(m), float64(n))))
		}
		if len(y) == 0 {
			return b.Int(1)
		}
		if len(y) == 1 && len(y[0].Atoms) == 0 && y[0].Coef > 0 && y[0].Coef <= 4 && len(x) <= 4 {
			e := args[0]
			for range y[0].Coef - 1 {
				e = b.intOp(Mul, []*Expr{e, args[0]})
			}
			return e
		}
		return raw()
	}
	if op.Arity == 1 && len(x) == 0 || len(x) == 1 && len(x[0].Atoms) == 0 {
		var v int64
		if len(x) == 1 {
			v = x[0].Coef
		}
		if op.EvalInt != nil {
			return b.Int(op.EvalInt(v))
		}
	}
	return raw()
}

func constPair(x, y Poly) (m, n int64, ok bool) {
	if len(x) > 1 || len(y) > 1 || len(x) == 1 && len(x[0].Atoms) > 0 || len(y) == 1 && len(y[0].Atoms) > 0 {
		return 0, 0, false
	}
	if len(x) == 1 {
		m = x[0].Coef
	}
	if len(y) == 1 {
		n = y[0].Coef
	}
	return m, n, true
}

func floorDiv(m, n int64) int64 {
	q := m / n
	if m%n != 0 && (m < 0) != (n < 0) {
		q--
	}
	return q
}

// intDiv is floor(x/y); exact division and constants fold, and multiples of
// the divisor come out: floor((2*i + 1)/2) = i + floor(1/2).
func (b *Builder) intDiv(x, y Poly, raw func() *Expr) *Expr {
	if m, n, ok := constPair(x, y); ok && n != 0 {
		return b.Int(floorDiv(m, n))
	}
	if q, ok := exactDiv(x, y); ok {
		return b.FromPoly(q)
	}
	if len(y) != 1 || len(y[0].Atoms) > 0 {
		return raw()
	}
	n := y[0].Coef
	if len(x) == 1 && x[0].Coef == 1 && len(x[0].Atoms) == 1 && x[0].Atoms[0].IsCall(IDiv) { // floor(floor(z/d)/n)
		if z, d := x[0].Atoms[0].Args[0], x[0].Atoms[0].Args[1]; d.Kind == KConst && d.N > 0 && n > 0 {
			return b.intOp(IDiv, []*Expr{z, b.Int(d.N * n)})
		}
	}
	var out, rest Poly
	for _, t := range x {
		q := floorDiv(t.Coef, n)
		if len(t.Atoms) > 0 && t.Coef%n != 0 {
			q = 0
		}
		if q != 0 {
			out = addPoly(out, Poly{{q, t.Atoms}}, 1)
		}
		if r := t.Coef - q*n; r != 0 {
			rest = addPoly(rest, Poly{{r, t.Atoms}}, 1)
		}
	}
	if len(out) == 0 {
		return raw()
	}
	d := b.intOp(IDiv, []*Expr{b.FromPoly(rest), b.Int(n)})
	return b.FromPoly(addPoly(out, b.PolyOf(d), 1))
}

// remainder is x%y; multiples of the divisor are left out: (i - 64)%16 = i%16.
func (b *Builder) remainder(x, y Poly, raw func() *Expr) *Expr {
	if len(y) != 1 || len(y[0].Atoms) > 0 {
		return raw()
	}
	n := y[0].Coef
	var rest Poly
	for _, t := range x {
		if len(t.Atoms) == 0 {
			t.Coef -= n * floorDiv(t.Coef, n)
		}
		if t.Coef%n != 0 {
			rest = append(rest, t)
		}
	}
	if len(addPoly(x, rest, -1)) == 0 {
		return raw()
	}
	return b.intOp(Mod, []*Expr{b.FromPoly(rest), b.Int(n)})
}

// exactDiv divides by a single term, if every term of x allows it. A symbolic
// divisor is a size, so it is taken not to be zero.
func exactDiv(x, y Poly) (Poly, bool) {
	if len(y) != 1 {
		if len(x) == len(y) && len(x) > 1 { // k*(…)/(…)
			k := x[0].Coef / y[0].Coef
			if k != 0 && len(addPoly(x, mulPoly(Poly{{Coef: k}}, y), -1)) == 0 {
				return Poly{{Coef: k}}, true
			}
		}
		return nil, false
	}
	var out Poly
	for _, t := range x {
		if t.Coef%y[0].Coef != 0 {
			return nil, false
		}
		atoms := slices.Clone(t.Atoms)
		for _, a := range y[0].Atoms {
			k := slices.Index(atoms, a)
			if k < 0 {
				return nil, false
			}
			atoms = slices.Delete(atoms, k, k+1)
		}
		out = addPoly(out, Poly{{t.Coef / y[0].Coef, atoms}}, 1)
	}
	return out, true
}

// compareInt folds comparisons whose sides differ by a constant.
func (b *Builder) compareInt(op *Operator, args []*Expr) *Expr {
	if args[0] == args[1] {
		return b.Bool(op.Holds(0))
	}
	d := addPoly(b.PolyOf(args[0]), b.PolyOf(args[1]), -1)
	if len(d) == 0 {
		return b.Bool(op.Holds(0))
	}
	if len(d) == 1 && len(d[0].Atoms) == 0 {
		return b.Bool(op.Holds(int(cmp.Compare(d[0].Coef, 0))))
	}
	return b.intern(&Expr{Kind: KCall, Type: Bool, Op: op}, args...)
}

// Affine writes e as Σ coef[i]*i + rest over the given indices; ok is false
// when e is not of that form. Coefficients and rest are free of the indices.
func (b *Builder) Affine(e *Expr, over []Index) (coef map[Index]*Expr, rest *Expr, ok bool) {
	coef = map[Index]*Expr{}
	var r Poly
	for _, t := range b.PolyOf(e) {
		at := -1
		for k, a := range t.Atoms {
			if a.Kind == KIndex && slices.Contains(over, a.Idx) {
				if at >= 0 {
					return nil, nil, false
				}
				at = k
			} else if a.Kind != KDim && slices.ContainsFunc(a.free, func(i Index) bool { return slices.Contains(over, i) }) {
				return nil, nil, false
			}
		}
		if at < 0 {
			r = addPoly(r, Poly{t}, 1)
			continue
		}
		i := t.Atoms[at].Idx
		c := b.FromPoly(Poly{{t.Coef, slices.Concat(t.Atoms[:at], t.Atoms[at+1:])}})
		if old, have := coef[i]; have {
			c = b.Call(Add, old, c)
		}
		coef[i] = c
	}
	return coef, b.FromPoly(r), true
}

// NonNegative reports whether e ≥ 0 is provable when every dim and index in
// it is ≥ 0: no coefficient is negative.
func (b *Builder) NonNegative(e *Expr) bool {
	for _, t := range b.PolyOf(e) {
		if t.Coef < 0 {
			return false
		}
		for _, a := range t.Atoms {
			if a.Kind != KDim && a.Kind != KIndex && !a.IsCall(Mod) && !(a.Kind == KRead && a.Array.Body != nil && places(a.Array.Body)) {
				return false
			}
		}
	}
	return true
}

// places reports whether e is the place of an extremum along an axis, from 0.
func places(e *Expr) bool {
	switch e.Kind {
	case KReduce:
		return (e.Red == ArgMax || e.Red == ArgMin) && e.Binders[0].Lo.IsConst(0)
	case KIf:
		return places(e.Args[1]) && e.Args[2].IsConst(0)
	}
	return false
}
