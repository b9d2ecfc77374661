package pass

import (
	"github.com/nnc-lang/nnc/ir"
)

// maxInlined bounds the size of a body that others are inlined into.
const maxInlined = 400

// inline substitutes definitions where they are read, in two rounds.
//
// First what costs nothing: a body that is a read at plain indices, or a
// number, stands everywhere. Then cheap scalar bodies that are evaluated no
// more often in their readers than by themselves. A body with a reduction or
// contraction at its root stays a definition: [Split] would only undo it. So
// does one with an exponential, which the backward pass reads.
//
// A recurrence is not inlined, nor into.
func inline(p *ir.Program) error {
	p.Prune()
	adopt(p)
	substitute(p, func(a *ir.Array) bool { return plain(p, a.Body) })
	p.Prune()
	kept := map[*ir.Array]bool{}
	for _, o := range p.Outputs {
		kept[o.Array] = true
	}
	w := work{p.Builder}
	total := map[*ir.Array]amount{}
	for _, r := range p.Defs {
		w.reads(r, func(e *ir.Expr, n amount) {
			if r.Rec != nil {
				kept[e.Array] = true
			}
			total[e.Array] = total[e.Array].plus(n)
		})
	}
	substitute(p, func(a *ir.Array) bool {
		n, _ := w.domain(a)
		return !kept[a] && total[a].most(n) && cheap(a.Body, map[*ir.Expr]bool{}) && !rooted(a.Body)
	})
	p.Prune()
	return nil
}

// substitute replaces reads of the definitions that are wanted by their
// bodies, each reader once.
func substitute(p *ir.Program, wanted func(*ir.Array) bool) {
	gone := map[*ir.Array]bool{}
	for _, a := range p.Defs {
		size, any := 0, false
		for _, e := range a.Exprs() {
			size += e.Size()
		}
		for _, r := range a.Reads() {
			if gone[r] {
				any = true
			}
		}
		if any {
			a.Rewrite(p.Builder, func(e *ir.Expr) *ir.Expr {
				if e.Kind != ir.KRead || !gone[e.Array] || e.Array == a {
					return e
				}
				if size += e.Array.Body.Size(); size > maxInlined && e.Array.Body.Size() > 8 {
					return e
				}
				sub := map[ir.Index]*ir.Expr{}
				for k, x := range e.Args {
					sub[ir.Axis(k)] = x
				}
				return p.Subst(e.Array.Body, sub)
			})
		}
		if a.Def == ir.Equation && a.Rec == nil && wanted(a) {
			gone[a] = true
		}
	}
}

// plain reports whether a body costs no more than a read: a number, or a read
// whose indices are affine in those of the definition.
func plain(p *ir.Program, e *ir.Expr) bool {
	if e.Kind == ir.KRead {
		for _, x := range e.Args {
			if _, _, ok := p.Affine(x, x.Free()); !ok || x.ReadsAny() {
				return false
			}
			for _, t := range p.PolyOf(x) {
				for _, atom := range t.Atoms {
					if atom.Kind != ir.KDim && atom.Kind != ir.KIndex {
						return false
					}
				}
			}
		}
		return true
	}
	return len(e.Free()) == 0 && e.Size() <= 8 && !e.ReadsAny() && cheap(e, map[*ir.Expr]bool{})
}

// cheap reports whether a body has only operators that a processor has.
func cheap(e *ir.Expr, seen map[*ir.Expr]bool) bool {
	if seen[e] {
		return true
	}
	seen[e] = true
	if e.Kind == ir.KCustom || e.Kind == ir.KCall && !cheapOp(e) {
		return false
	}
	for _, x := range e.Args {
		if !cheap(x, seen) {
			return false
		}
	}
	return true
}

func cheapOp(e *ir.Expr) bool {
	switch e.Op.Class {
	case ir.Compare, ir.Logic, ir.Convert, ir.IntOnly:
		return true
	}
	switch e.Op {
	case ir.Add, ir.Sub, ir.Mul, ir.Div, ir.Neg, ir.Max, ir.Min:
		return true
	case ir.Pow:
		return e.Args[1].IsConst(2)
	}
	return len(e.Op.Deriv) == 0 || e.Op.Deriv[0] == "sign(x)" // floor, abs, …
}

// adopt lets an output that is a copy of a definition take its place:
// y[n] = h[n] with h a hidden name becomes the definition of y.
func adopt(p *ir.Program) {
	outputs := map[*ir.Array]bool{}
	for _, o := range p.Outputs {
		outputs[o.Array] = true
	}
	to := map[*ir.Array]*ir.Array{}
	at := map[*ir.Array]int{}
	for k, a := range p.Defs {
		at[a] = k
	}
	for _, y := range p.Defs {
		h := copyOf(p, y)
		if h == nil || !outputs[y] || outputs[h] || h.Def == ir.Input || to[h] != nil || y.Rec != nil {
			continue
		}
		c := *h
		c.Name, c.Doc = y.Name, y.Doc
		if len(y.Axes) == y.Rank() {
			c.Axes = y.Axes
		}
		if y.Pos.File != "" {
			c.Pos = y.Pos
		}
		k := at[h]
		*y, p.Defs[k] = c, y
		to[h] = y
	}
	if len(to) == 0 {
		return
	}
	var kept []*ir.Array
	seen := map[*ir.Array]bool{}
	for _, a := range p.Defs {
		if !seen[a] {
			seen[a] = true
			kept = append(kept, a)
		}
	}
	p.Defs = kept
	redirect(p, to)
}

// copyOf is the array that y copies element by element, or nil.
func copyOf(p *ir.Program, y *ir.Array) *ir.Array {
	if y.Def != ir.Equation || y.Body.Kind != ir.KRead {
		return nil
	}
	h := y.Body.Array
	if h.Rank() != y.Rank() || h.Elem != y.Elem {
		return nil
	}
	for k, x := range y.Body.Args {
		if x != p.Idx(ir.Axis(k)) || h.Shape[k] != y.Shape[k] {
			return nil
		}
	}
	return h
}

// redirect makes readers of the keys read the values instead.
func redirect(p *ir.Program, to map[*ir.Array]*ir.Array) {
	for _, a := range p.Defs {
		for _, r := range a.Reads() {
			if to[r] == nil {
				continue
			}
			a.Rewrite(p.Builder, func(e *ir.Expr) *ir.Expr {
				if e.Kind == ir.KRead && to[e.Array] != nil {
					return p.Read(to[e.Array], e.Args...)
				}
				return e
			})
			break
		}
	}
	for k, o := range p.Outputs {
		if to[o.Array] != nil {
			p.Outputs[k].Array = to[o.Array]
		}
	}
}
