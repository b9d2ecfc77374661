package diff

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// tangents is forward mode on one body: the tangent of an expression is the
// sum over its arguments of their tangents times the partial derivatives.
// What leaf says of reads is where it begins.
type tangents struct {
	*engine
	leaf  func(*ir.Expr) []term
	known bounds                // of free indices
	self  map[*ir.Expr]*ir.Expr // nodes that are stored: read, not recomputed
	memo  map[*ir.Expr][]term
}

func (d *engine) tangents(leaf func(*ir.Expr) []term, known bounds, self map[*ir.Expr]*ir.Expr) *tangents {
	return &tangents{d, leaf, known, self, map[*ir.Expr][]term{}}
}

// manyTerms is how many terms with conditions of their own a tangent may have
// before they are put together, so that bodies do not grow without bound.
const manyTerms = 8

func (t *tangents) of(e *ir.Expr) []term {
	if e.Type != ir.Real {
		return nil
	}
	if ts, ok := t.memo[e]; ok {
		return ts
	}
	ts := t.compute(e)
	if len(ts) > manyTerms {
		ts = []term{t.one(ts)}
	}
	t.memo[e] = ts
	return ts
}

func (t *tangents) compute(e *ir.Expr) []term {
	var out []term
	switch e.Kind {
	case ir.KRead, ir.KParam:
		return t.leaf(e)
	case ir.KCall, ir.KCustom:
		args := append(slices.Clone(e.Args), t.result(e))
		for k, x := range e.Args {
			for _, x := range t.of(x) {
				rule := t.partial(e, k)
				if x.some != nil && t.steep(rule, args) {
					x = t.picked(x)
				}
				for _, y := range t.times(x, rule, args...) {
					out = t.plus(out, y)
				}
			}
		}
	case ir.KIf:
		for k, c := range []*ir.Expr{e.Args[0], t.not(e.Args[0])} {
			for _, x := range t.of(e.Args[1+k]) { // the path comes before what is on it
				on := x.on
				x.on = t.atoms(c)
				out = t.plus(out, t.guard(x, on...))
			}
		}
	case ir.KReduce:
		return t.reduce(e)
	}
	return out
}

func (t *tangents) result(e *ir.Expr) *ir.Expr {
	if r := t.self[e]; r != nil {
		return r
	}
	return e
}

// reduce sums the tangents of the elements, each times what the reducer makes
// of it.
func (t *tangents) reduce(e *ir.Expr) []term {
	binders, body := t.Open(e)
	outside := t.known
	t.known = outside.with(binders...)
	elements := t.of(body)
	t.known = outside
	var out []term
	for _, x := range elements {
		for _, x := range t.elements(x, e, binders, body, t.result(e), func(x *ir.Expr) *ir.Expr { return x }) {
			s := solver{engine: t.engine, over: slices.Concat(binders, x.over), known: outside,
				t: term{on: slices.Concat(x.on, x.inner), v: x.v, some: x.some}}
			s.solve()
			out = t.plus(out, s.sum())
		}
	}
	return out
}

// elements multiplies seed by the derivative of a reduction with respect to
// the element at its binders. body is the opened body and r the result; keep
// may store what is the same for all elements.
func (d *engine) elements(seed term, e *ir.Expr, binders []ir.Binder, body, r *ir.Expr, keep func(*ir.Expr) *ir.Expr) []term {
	switch e.Red.Deriv {
	case "":
		return nil
	case "first":
		return []term{d.guard(seed, d.first(e, binders, body, keep)...)}
	case "others":
		others, same := d.again(binders, body)
		seed.v = d.mul(seed.v, d.Reduce(ir.Prod, others, d.If(d.all(same), d.Const(1), d.Subst(body, d.renamed(binders, others)))))
		return []term{seed}
	}
	return d.times(seed, d.element(e.Red), body, r)
}

// again are fresh binders over the same ranges, and the conditions that they
// stand where the old ones stand.
func (d *engine) again(binders []ir.Binder, body *ir.Expr) ([]ir.Binder, []*ir.Expr) {
	out := slices.Clone(binders)
	var same []*ir.Expr
	for k := range out {
		out[k].Idx = d.Temp(out[k].Name)
		sub := d.renamed(binders[:k], out[:k])
		out[k].Lo, out[k].Hi = d.Subst(out[k].Lo, sub), d.Subst(out[k].Hi, sub)
		same = append(same, d.Call(ir.Eq, d.Idx(out[k].Idx), d.Idx(binders[k].Idx)))
	}
	return out, same
}

func (d *engine) renamed(from, to []ir.Binder) map[ir.Index]*ir.Expr {
	sub := map[ir.Index]*ir.Expr{}
	for k := range from {
		sub[from[k].Idx] = d.Idx(to[k].Idx)
	}
	return sub
}
