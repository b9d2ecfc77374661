package plan

import (
	"math"
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

var infinity = math.Inf(1)

// extraction takes reductions out of the body of one definition.
type extraction struct {
	*normaliser
	s    *scope
	d    *Def
	memo [2]map[*ir.Expr]*ir.Expr
}

// extract is e with reads of new arrays in place of its reductions. Those that
// may not run, or whose shape is no box, stay where they are.
func (n *normaliser) extract(s *scope, d *Def, e *ir.Expr, dims []Dim) *ir.Expr {
	found := false
	ir.Walk(e, func(x *ir.Expr) bool {
		found = found || x.Kind == ir.KReduce
		return !found
	})
	if !found {
		return e
	}
	x := &extraction{n, s, d, [2]map[*ir.Expr]*ir.Expr{{}, {}}}
	return x.expr(e, dims, false)
}

func (x *extraction) expr(e *ir.Expr, dims []Dim, cond bool) *ir.Expr {
	memo := x.memo[0]
	if cond {
		memo = x.memo[1]
	}
	if r, ok := memo[e]; ok {
		return r
	}
	r := e
	switch {
	case e.Kind == ir.KReduce:
		r = x.reduce(x.s, x.d, e, dims, cond, nil)
	case len(e.Args) > 0:
		args := make([]*ir.Expr, len(e.Args))
		for i, a := range e.Args {
			lazy := i > 0 && (e.Kind == ir.KIf || e.IsCall(ir.And) || e.IsCall(ir.Or))
			args[i] = x.expr(a, dims, cond || lazy)
		}
		r = x.Rebuild(e, args)
		if e.IsCall(ir.Add) {
			r = x.addInto(r)
		}
	}
	memo[e] = r
	return r
}

// reduce makes an array of a reduction and returns the read of it, or the
// reduction itself where it has to stay. With root, the array is root's own;
// the result is then nil if that is impossible.
func (n *normaliser) reduce(s *scope, owner *Def, e *ir.Expr, dims []Dim, cond bool, root *Def) *ir.Expr {
	free := freeOf(n.Builder, e, dims)
	binders, inner := n.Open(e)
	if x := n.single(e, binders, inner); x != nil {
		switch {
		case root == nil:
			return n.extract(s, owner, x, dims)
		case x.Kind == ir.KReduce:
			return n.reduce(s, owner, x, dims, cond, root)
		}
		return nil
	}
	var rdims []Dim
	for _, bd := range binders {
		rdims = append(rdims, Dim(bd))
	}
	all := slices.Concat(dims, rdims)
	var key *ir.Expr
	if root == nil {
		if a := s.lookup(n.close(e, free), free); a != nil {
			n.uses[a]++
			return n.Read(a, indices(n.Builder, free)...)
		}
	}
	if x, ok := n.joined(s, owner, e, inner, dims, rdims, cond, root); ok {
		return x
	}
	box := !slices.ContainsFunc(free, func(d Dim) bool { return !d.Lo.IsConst(0) || len(d.Hi.Free()) > 0 })
	if !box || cond && !safe(n.Builder, inner, slices.Concat(s.times(), all)) {
		if root != nil {
			return nil
		}
		if box {
			if x := n.shifted(s, owner, e, inner, dims, rdims); x != nil {
				return x
			}
		}
		return n.expandLogSumExp(e)
	}
	if e.Red == ir.MaxOver && inner.IsCall(ir.Max) && inner.Args[1].Kind == ir.KConst && !slices.ContainsFunc(rdims, func(d Dim) bool { return d.Hi.Kind != ir.KConst || d.Hi.N <= 0 }) {
		if root != nil {
			return nil
		}
		// The largest of relu(x) is relu of the largest.
		return n.Call(ir.Max, n.reduce(s, owner, n.Reduce(ir.MaxOver, binders, inner.Args[0]), dims, cond, nil), inner.Args[1])
	}
	if e.Red == ir.Sum && e.Type == ir.Real {
		if parts := n.parts(inner, free, rdims); parts != nil {
			if root != nil {
				return nil
			}
			return n.sumOfSums(s, owner, parts, binders, dims, cond)
		}
		if sum := n.factorOut(inner, free, rdims); sum != nil {
			return n.reduce(s, owner, sum, dims, cond, root)
		}
	}
	if root == nil {
		s, free = n.moveOut(s, owner, e, inner, free, all)
		key = n.close(e, free)
		if a := s.lookup(key, free); a != nil {
			n.uses[a]++
			return n.Read(a, indices(n.Builder, free)...)
		}
	}
	if e.Red == ir.LogSumExp {
		d := root
		if d == nil {
			d = n.temp(owner, key, free, e.Type, "lse")
			s.keep(key, d)
			n.uses[d.Array]++
		}
		d.Body = n.extract(s, d, n.logSumExp(e), free)
		if root == nil {
			n.finish(s, d)
		}
		return n.Read(d.Array, d.At...)
	}
	inner = n.extract(s, owner, inner, all)
	if e.Red == ir.Sum && e.Type == ir.Real {
		if p := n.product(inner, free, rdims); p != nil {
			if root != nil && p.scale != nil {
				return nil
			}
			return n.contraction(s, owner, p, root)
		}
		inner = n.turn(s, owner, inner, free, rdims)
	}
	switch e.Red {
	case ir.Sum, ir.MaxOver:
		inner = n.border(s, owner, inner, free, rdims)
	case ir.ArgMax:
		inner = n.borderOfPlaces(s, owner, inner, free, rdims)
	}
	if root != nil {
		root.Red, root.RDims, root.Body = e.Red, rdims, inner
		return e
	}
	d := n.temp(owner, key, free, e.Type, e.Red.Name)
	d.Red, d.RDims, d.Body = e.Red, rdims, inner
	s.keep(key, d)
	n.uses[d.Array]++
	n.finish(s, d)
	return n.Read(d.Array, d.At...)
}

// single is a reduction without its indices that take one value, nil if it
// has none.
func (n *normaliser) single(e *ir.Expr, binders []ir.Binder, body *ir.Expr) *ir.Expr {
	if e.Red == ir.ArgMax || e.Red == ir.ArgMin || e.Red == ir.LogSumExp {
		return nil
	}
	sub := map[ir.Index]*ir.Expr{}
	rest := slices.DeleteFunc(slices.Clone(binders), func(b ir.Binder) bool {
		one := b.Lo.IsConst(0) && b.Hi.IsConst(1)
		if one {
			sub[b.Idx] = b.Lo
		}
		return one
	})
	if len(sub) == 0 {
		return nil
	}
	for k := range rest {
		rest[k].Lo, rest[k].Hi = n.Subst(rest[k].Lo, sub), n.Subst(rest[k].Hi, sub)
	}
	if body = n.Subst(body, sub); len(rest) == 0 {
		return body
	}
	return n.Reduce(e.Red, rest, body)
}

// close replaces indices by axes, so that equal reductions are one expression
// whatever their indices are called.
func (n *normaliser) close(e *ir.Expr, dims []Dim) *ir.Expr {
	sub := map[ir.Index]*ir.Expr{}
	for k, d := range dims {
		sub[d.Idx] = n.Idx(ir.Axis(k))
	}
	return n.Subst(e, sub)
}

// parts are the terms of a sum of products that are better apart: one of
// them is a contraction.
func (n *normaliser) parts(body *ir.Expr, free, rdims []Dim) []*ir.Expr {
	if !body.IsCall(ir.Add) && !body.IsCall(ir.Sub) {
		return nil
	}
	var terms []*ir.Expr
	var walk func(e *ir.Expr, neg bool)
	walk = func(e *ir.Expr, neg bool) {
		switch {
		case e.IsCall(ir.Add) || e.IsCall(ir.Sub):
			walk(e.Args[0], neg)
			walk(e.Args[1], neg != e.IsCall(ir.Sub))
		case e.IsCall(ir.Neg):
			walk(e.Args[0], !neg)
		case neg:
			terms = append(terms, n.Call(ir.Neg, e))
		default:
			terms = append(terms, e)
		}
	}
	walk(body, false)
	for _, e := range terms {
		if n.product(e, free, rdims) == nil {
			return nil
		}
	}
	return terms
}

func (n *normaliser) sumOfSums(s *scope, owner *Def, parts []*ir.Expr, binders []ir.Binder, dims []Dim, cond bool) *ir.Expr {
	var sum *ir.Expr
	for _, e := range parts {
		x := n.reduce(s, owner, n.Reduce(ir.Sum, binders, e), dims, cond, nil)
		if sum == nil {
			sum = x
		} else {
			y := &extraction{normaliser: n, s: s, d: owner}
			sum = y.addInto(n.Call(ir.Add, sum, x))
		}
	}
	return sum
}

// expandLogSumExp writes out the reductions of an expression that stays where
// it is.
func (n *normaliser) expandLogSumExp(e *ir.Expr) *ir.Expr {
	return n.Map(e, func(x *ir.Expr) *ir.Expr {
		if x.IsReduce(ir.LogSumExp) {
			return n.logSumExp(x)
		}
		return x
	})
}

// moveOut finds the outermost scope in which a reduction can be computed: one
// that reads nothing of a recurrence is done before it, for all times at once.
// Within a recurrence it stays in its arm. The time index goes where the
// owner has it, so that both are in the same order in memory.
func (n *normaliser) moveOut(s *scope, owner *Def, e, inner *ir.Expr, free, all []Dim) (*scope, []Dim) {
	dims := all
	to := s
	for u := s; u.up != nil; u = u.up {
		if slices.ContainsFunc(ir.Reads(e), func(a *ir.Array) bool { return u.inner[a] }) {
			break
		}
		if u.time == nil {
			continue
		}
		dims = append(slices.Clip(dims), *u.time)
		if !safe(n.Builder, inner, dims) {
			break
		}
		if e.Depends(u.time.Idx) {
			free = append([]Dim{*u.time}, free...)
			place := func(d Dim) int {
				return slices.IndexFunc(owner.At, func(x *ir.Expr) bool { return x.Kind == ir.KIndex && x.Idx == d.Idx })
			}
			slices.SortStableFunc(free, func(x, y Dim) int { return place(x) - place(y) })
		}
		to = u.up
	}
	return to, free
}

// temp is a definition of a new array over the given indices. Body, closed
// over axes, is what it stands for.
func (n *normaliser) temp(owner *Def, body *ir.Expr, dims []Dim, elem ir.Elem, suffix string) *Def {
	a := &ir.Array{Name: n.fresh(owner.Src.Name + "_" + suffix), Elem: elem, Def: ir.Equation, Pos: owner.Src.Pos, Body: body}
	d := &Def{Array: a, Src: a, For: owner.For, Dims: slices.Clone(dims)}
	for _, dim := range dims {
		a.Shape = append(a.Shape, dim.Hi)
		a.Axes = append(a.Axes, dim.Name)
		d.At = append(d.At, n.Idx(dim.Idx))
	}
	return d
}

func indices(b *ir.Builder, dims []Dim) []*ir.Expr {
	var out []*ir.Expr
	for _, d := range dims {
		out = append(out, b.Idx(d.Idx))
	}
	return out
}

// safe reports whether e can be evaluated anywhere in dims: all its reads are
// inside their arrays and it divides no integers.
func safe(b *ir.Builder, e *ir.Expr, dims []Dim) bool {
	ok := true
	var check func(e *ir.Expr, dims []Dim)
	check = func(e *ir.Expr, dims []Dim) {
		switch {
		case !ok:
			return
		case e.Kind == ir.KRead && !Inside(b, e, dims):
			ok = false
		case e.Kind == ir.KCall && e.Op.Class == ir.IntOnly:
			ok = e.Args[1].Kind == ir.KConst
		}
		if e.Kind == ir.KReduce {
			binders, body := b.Open(e)
			for _, bd := range binders {
				dims = append(slices.Clip(dims), Dim(bd))
			}
			check(body, dims)
			return
		}
		for _, a := range e.Args {
			check(a, dims)
		}
	}
	check(e, dims)
	return ok
}
