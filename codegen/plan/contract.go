package plan

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// product is a sum of products as a contraction: scale * sum A*B.
type product struct {
	scale      *ir.Expr // nil: 1
	a, b       *ir.Expr
	free, sums []Dim  // the indices of a*b
	guard      *guard // moved into a or b; nil: none
}

// small is the number of multiplications below which a call costs more than
// the loops; a symbolic size counts as 32.
const small = 256

// product recognises scale * sum[rdims] A*B. It changes nothing.
func (n *normaliser) product(body *ir.Expr, free, rdims []Dim) *product {
	body, rdims = n.square(body, free, rdims)
	if slices.ContainsFunc(rdims, func(d Dim) bool { return len(d.Hi.Free()) > 0 || len(d.Lo.Free()) > 0 }) {
		return nil
	}
	p := &product{sums: rdims}
	all := slices.Concat(free, rdims)
	body, p.guard = n.guardFactor(n.forward(body, rdims), all)
	coef := 1.0 // what is constant, one number
	var factors []*ir.Expr
	n.factors(body, func(f *ir.Expr, under bool) {
		switch {
		case len(freeOf(n.Builder, f, rdims)) > 0 || p.guard != nil && len(ir.Reads(f)) > 0: // what is read may not be finite, and no term picked
			if under {
				f = n.Call(ir.Div, n.Const(1), f)
			}
			factors = append(factors, f)
		case f.Kind == ir.KConst && under:
			coef /= f.Val
		case f.Kind == ir.KConst:
			coef *= f.Val
		case under && p.scale == nil:
			p.scale = n.Call(ir.Div, n.Const(1), f)
		case under:
			p.scale = n.Call(ir.Div, p.scale, f)
		case p.scale == nil:
			p.scale = f
		default:
			p.scale = n.Call(ir.Mul, p.scale, f)
		}
	})
	switch {
	case coef == 1:
	case p.scale == nil:
		p.scale = n.Const(coef)
	case coef == -1:
		p.scale = n.Call(ir.Neg, p.scale)
	default:
		p.scale = n.Call(ir.Mul, n.Const(coef), p.scale)
	}
	if len(factors) < 2 {
		return nil
	}
	slices.SortStableFunc(factors, func(x, y *ir.Expr) int {
		return len(freeOf(n.Builder, y, all)) - len(freeOf(n.Builder, x, all))
	})
	p.a, p.b = factors[0], nil
	for _, f := range factors[1:] {
		switch {
		case subset(n.Builder, f, p.a, all) && (p.b != nil || len(factors) > 2 && n.hasRest(factors, p.a, all)):
			p.a = n.Call(ir.Mul, p.a, f)
		case p.b == nil:
			p.b = f
		case subset(n.Builder, f, p.b, all):
			p.b = n.Call(ir.Mul, p.b, f)
		default:
			return nil
		}
	}
	if p.guard != nil {
		p.guard.around(n, p)
	}
	p.free = slices.DeleteFunc(slices.Clone(free), func(d Dim) bool { return !p.a.Depends(d.Idx) && !p.b.Depends(d.Idx) })
	// Keep the left factor of the source on the left, where it decides the rows.
	if len(p.free) > 0 && !p.a.Depends(p.free[0].Idx) {
		p.a, p.b = p.b, p.a
	}
	if !n.pays(p, all) {
		return nil
	}
	return p
}

// hasRest reports whether some factor has an index that a has not.
func (n *normaliser) hasRest(factors []*ir.Expr, a *ir.Expr, all []Dim) bool {
	return slices.ContainsFunc(factors, func(f *ir.Expr) bool { return !subset(n.Builder, f, a, all) })
}

func subset(b *ir.Builder, x, y *ir.Expr, dims []Dim) bool {
	return !slices.ContainsFunc(dims, func(d Dim) bool { return x.Depends(d.Idx) && !y.Depends(d.Idx) })
}

// factors calls f for the factors of a product; under ones divide.
func (n *normaliser) factors(e *ir.Expr, f func(e *ir.Expr, under bool)) {
	switch {
	case e.IsCall(ir.Mul):
		n.factors(e.Args[0], f)
		n.factors(e.Args[1], f)
	case e.IsCall(ir.Neg):
		f(n.Const(-1), false)
		n.factors(e.Args[0], f)
	case e.IsCall(ir.Div):
		n.factors(e.Args[0], f)
		f(e.Args[1], true)
	default:
		f(e, false)
	}
}

// pays reports whether a product is better done by the runtime: there is a
// matrix in it, it is not tiny, and no operand has to be blown up.
func (n *normaliser) pays(p *product, all []Dim) bool {
	m, nn, k, _, ok := split(p)
	if !ok || len(k) == 0 || len(m)+len(nn) == 0 || len(m) > 8 || len(nn) > 8 || len(k) > 8 {
		return false
	}
	cost := n.count(slices.Concat(m, nn, k))
	if cost <= small {
		return false
	}
	vector := len(m) == 0 || len(nn) == 0
	for _, e := range []*ir.Expr{p.a, p.b} {
		copied := 8*n.count(freeOf(n.Builder, e, all)) <= cost // much less than is computed of it
		if n.direct(e, all) || n.window(e, all) != nil || (!vector || copied) && n.compact(e, p.free, all) {
			continue
		}
		return false
	}
	return true
}

// split groups the indices of a product by where they occur.
func split(p *product) (m, n, k, batch []Dim, ok bool) {
	for _, d := range p.free {
		switch inA, inB := p.a.Depends(d.Idx), p.b.Depends(d.Idx); {
		case inA && inB:
			batch = append(batch, d)
		case inA:
			m = append(m, d)
		default:
			n = append(n, d)
		}
	}
	for _, d := range p.sums {
		if !p.a.Depends(d.Idx) || !p.b.Depends(d.Idx) {
			return nil, nil, nil, nil, false
		}
		k = append(k, d)
	}
	return m, n, k, batch, true
}

// direct reports whether e is a read that the runtime can walk by strides.
func (n *normaliser) direct(e *ir.Expr, all []Dim) bool {
	if e.Kind != ir.KRead || e.Type != ir.Real {
		return false
	}
	var over []ir.Index
	for _, d := range all {
		over = append(over, d.Idx)
	}
	coef, _, ok := n.Affine(Flat(n.Builder, e.Args, e.Array.Shape), over)
	if !ok {
		return false
	}
	for _, c := range coef {
		if !n.NonNegative(c) {
			return false
		}
	}
	return true
}

// compact reports whether an operand that has to be made first has no more
// axes than the result, or than something it is made from.
func (n *normaliser) compact(e *ir.Expr, result, all []Dim) bool {
	free := freeOf(n.Builder, e, all)
	if slices.ContainsFunc(free, func(d Dim) bool { return !d.Lo.IsConst(0) || len(d.Hi.Free()) > 0 }) {
		return false
	}
	return len(free) <= len(result) || slices.ContainsFunc(ir.Reads(e), func(a *ir.Array) bool { return a.Rank() >= len(free) })
}

// contraction appends the call of a product. With root, the result is root's
// array; else it is a new one, and the read of it, scaled, is returned.
func (n *normaliser) contraction(s *scope, owner *Def, p *product, root *Def) *ir.Expr {
	all := slices.Concat(p.free, p.sums)
	var binders []ir.Binder
	for _, d := range p.sums {
		binders = append(binders, ir.Binder(d))
	}
	sum := n.Reduce(ir.Sum, binders, n.Call(ir.Mul, p.a, p.b))
	d := root
	var key *ir.Expr
	if d == nil {
		key = n.close(sum, p.free)
		if a := s.lookup(key, p.free); a != nil {
			n.uses[a]++
			return n.scaled(p, n.Read(a, indices(n.Builder, p.free)...))
		}
		d = n.temp(owner, key, p.free, ir.Real, "sum")
	}
	c := &Contraction{Def: d}
	c.M, c.N, c.K, c.Batch, _ = split(p)
	c.A, c.B = n.operand(s, owner, p.a, all), n.operand(s, owner, p.b, all)
	c.exact(n, p)
	d.product = c
	if root != nil {
		return sum
	}
	d.key = key
	s.keep(key, d)
	n.uses[d.Array]++
	n.finish(s, d)
	return n.scaled(p, n.Read(d.Array, d.At...))
}

func (n *normaliser) scaled(p *product, e *ir.Expr) *ir.Expr {
	if p.scale == nil {
		return e
	}
	return n.Call(ir.Mul, p.scale, e)
}

// operand is e as a read by strides; what is none is computed into an array.
func (n *normaliser) operand(s *scope, owner *Def, e *ir.Expr, all []Dim) *ir.Expr {
	if n.direct(e, all) {
		return e
	}
	free := inOrder(e, freeOf(n.Builder, e, all))
	at := indices(n.Builder, free)
	w := n.window(e, all)
	if w != nil {
		e, free, at = w.body, w.dims, w.at
	}
	return n.copied(s, owner, e, free, at)
}

// inOrder sorts indices as an array in e that has them all does, so that what
// is made of it twice, for a product and for one with its transpose, is made
// once and in the order of memory.
func inOrder(e *ir.Expr, free []Dim) []Dim {
	place := func(r *ir.Expr, d Dim) int {
		return slices.IndexFunc(r.Args, func(x *ir.Expr) bool { return x.Kind == ir.KIndex && x.Idx == d.Idx })
	}
	out := free
	done := false
	ir.Walk(e, func(r *ir.Expr) bool {
		if !done && r.Kind == ir.KRead && !slices.ContainsFunc(free, func(d Dim) bool { return place(r, d) < 0 }) {
			out, done = slices.Clone(free), true
			slices.SortStableFunc(out, func(x, y Dim) int { return place(r, x) - place(r, y) })
		}
		return !done
	})
	return out
}

// addInto turns the sum of two products with the same indices into one array
// to which the second product adds.
func (x *extraction) addInto(e *ir.Expr) *ir.Expr {
	if !e.IsCall(ir.Add) || e.Type != ir.Real {
		return e
	}
	p, q := x.lone(e.Args[0]), x.lone(e.Args[1])
	if p == nil || q == nil || p == q || p.product.guarded != nil && q.product.guarded != nil {
		return e
	}
	if i, j := e.Args[0].Args, e.Args[1].Args; len(timeless(x.s, i)) != len(i) && len(timeless(x.s, j)) != len(j) || !slices.Equal(timeless(x.s, i), timeless(x.s, j)) {
		return e
	}
	i, j := slices.Index(x.s.items, item(p)), slices.Index(x.s.items, item(q))
	first := e.Args[0]
	if j < 0 || i > j { // the one that is computed first, maybe before the recurrence
		i, j, p, q, first = j, i, q, p, e.Args[1]
	}
	if j < 0 || i < 0 && x.s.arm || q.product.guarded != nil { // what the guards say is said of the whole sum
		return e
	}
	for _, at := range q.At {
		if !slices.Contains(first.Args, at) {
			return e
		}
	}
	q.At = slices.Clone(first.Args)
	x.s.forget(q.key)
	delete(x.defs, q.Array)
	x.locs = slices.DeleteFunc(x.locs, func(a *ir.Array) bool { return a == q.Array })
	q.Array, q.product.Acc = p.Array, true
	return first
}

// timeless are the indices that are none of a recurrence around.
func timeless(s *scope, at []*ir.Expr) []*ir.Expr {
	times := s.times()
	return slices.DeleteFunc(slices.Clone(at), func(x *ir.Expr) bool {
		return slices.ContainsFunc(times, func(d Dim) bool { return x.Kind == ir.KIndex && x.Idx == d.Idx })
	})
}

// lone is the definition of a product that nothing else has asked for.
func (n *normaliser) lone(e *ir.Expr) *Def {
	if e.Kind != ir.KRead || n.uses[e.Array] != 1 {
		return nil
	}
	if d := n.defs[e.Array]; d != nil && d.product != nil {
		return d
	}
	return nil
}

// forget makes sure that nothing else will ask for a reduction's array.
func (s *scope) forget(key *ir.Expr) {
	for ; s != nil; s = s.up {
		delete(s.memo, key)
	}
}

// inPlace lets a product be computed where the equation that needs it, and
// nothing else, puts its result: h = sum x*W first, then h = max(h + b, 0).
func (n *normaliser) inPlace(s *scope, d *Def) {
	if d.Red != nil || d.product != nil || d.Body == nil || d.Array.Elem != ir.Real || n.owner[d.Array] {
		return
	}
	count := map[*ir.Array]int{}
	var reads []*ir.Expr
	ir.Walk(d.Body, func(e *ir.Expr) bool {
		if e.Kind == ir.KRead && n.lone(e) != nil {
			if count[e.Array]++; count[e.Array] == 1 {
				reads = append(reads, e)
			}
		}
		return true
	})
	for _, e := range reads {
		at := make([]*ir.Expr, len(d.At))
		used := 0
		for p, x := range d.At {
			at[p] = x
			q := slices.Index(e.Args, x)
			if q >= 0 && !n.NonNegative(n.Call(ir.Sub, d.Array.Shape[p], e.Array.Shape[q])) {
				used = -1 << 20 // it may have more elements than there is room for
			} else if q >= 0 && x.Kind == ir.KIndex {
				at[p] = n.Idx(ir.Axis(q))
				used++
			} else if len(freeOf(n.Builder, x, d.Dims)) > 0 {
				used = -1 << 20
			}
		}
		if count[e.Array] > 1 || used != len(e.Args) || s.arm && !slices.Contains(s.items, item(n.defs[e.Array])) {
			continue
		}
		s.forget(n.defs[e.Array].key)
		n.alias[e.Array] = &Alias{Array: d.Array, At: at}
		n.owner[d.Array] = true
		return
	}
}
