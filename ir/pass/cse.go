package pass

import (
	"math"
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// cse computes equal things once: definitions with equal bodies become one,
// and a part of a body that equals another definition at matching indices
// becomes a read of it.
func cse(p *ir.Program) error {
	c := &sharer{Program: p, same: map[defKey]*ir.Array{}, parts: map[partKey][]*ir.Array{}, to: map[*ir.Array]*ir.Array{}, hashes: map[*ir.Expr]uint64{}}
	kept := p.Defs[:0:0]
	for _, a := range p.Defs {
		c.rewrite(a)
		if h := copyOf(p, a); h != nil && h.Def != ir.Input {
			c.to[a] = h
			continue
		}
		if a.Def == ir.Equation {
			key := keyOf(a.Body, a.Shape, a.Rec)
			if old := c.same[key]; old != nil && old.TimeAxis == a.TimeAxis && slices.Equal(old.Outer, a.Outer) {
				c.to[a] = old
				continue
			}
			c.same[key] = a
			c.offer(a)
		}
		kept = append(kept, a)
	}
	p.Defs = kept
	redirect(p, c.to) // members of a recurrence may read later ones
	return nil
}

type sharer struct {
	*ir.Program
	same  map[defKey]*ir.Array
	parts map[partKey][]*ir.Array
	to    map[*ir.Array]*ir.Array

	hashes map[*ir.Expr]uint64
	loose  bool // all integers hash alike
}

// partKey is what equal expressions have in common whatever their indices are
// called.
type partKey struct {
	hash uint64
	rank int
}

func (c *sharer) key(e *ir.Expr) partKey { return partKey{c.hash(e), len(e.Free())} }

// hash is a number that equal expressions share, all indices taken as equal.
func (c *sharer) hash(e *ir.Expr) uint64 {
	if h, ok := c.hashes[e]; ok {
		return h
	}
	h := uint64(14695981039346656037)
	mix := func(v uint64) { h = (h ^ v) * 1099511628211 }
	mix(uint64(e.Kind)<<8 | uint64(e.Type))
	if c.loose && e.Type == ir.Int {
		return 1
	}
	switch e.Kind {
	case ir.KIndex:
	case ir.KConst:
		mix(math.Float64bits(e.Val))
		mix(uint64(e.N))
	default:
		text := e.Name
		switch {
		case e.Array != nil:
			text = e.Array.Name
		case e.Op != nil:
			text = e.Op.Name
		case e.Red != nil:
			text = e.Red.Name
		case e.Fn != nil:
			text = e.Fn.Name
		}
		for k := range len(text) {
			mix(uint64(text[k]))
		}
	}
	for _, bd := range e.Binders {
		mix(c.hash(bd.Lo))
		mix(c.hash(bd.Hi))
	}
	for _, x := range e.Args {
		mix(c.hash(x))
	}
	c.hashes[e] = h
	return h
}

// offer makes a known as the value of its body, where that is worth a read.
func (c *sharer) offer(a *ir.Array) {
	if a.Rec != nil || len(a.Body.Free()) != a.Rank() || a.Body.Size() > 200 {
		return
	}
	if cheap(a.Body, map[*ir.Expr]bool{}) && !a.Body.Reduces() && a.Body.Size() < 6 {
		return
	}
	k := c.key(a.Body)
	c.parts[k] = append(c.parts[k], a)
}

func (c *sharer) rewrite(a *ir.Array) {
	if a.Def == ir.Equation && a.Rec != nil && len(c.to) == 0 && len(c.parts) == 0 {
		return
	}
	if !c.concerns(a) {
		return
	}
	known := newBounds(c.Program, a)
	r := &rewriter{Builder: c.Builder, bounds: known}
	r.reset()
	// Nodes are looked up closed, as they stand; so parents before children.
	var visit func(e *ir.Expr) *ir.Expr
	memo := map[*ir.Expr]*ir.Expr{}
	visit = func(e *ir.Expr) *ir.Expr {
		if out, ok := memo[e]; ok {
			return out
		}
		out := c.known(r, e)
		switch {
		case out != nil:
		case e.Kind == ir.KReduce:
			o := r.open(e)
			out = c.Close(e.Red, o.binders, visit(o.body))
		default:
			args := make([]*ir.Expr, len(e.Args))
			for k, x := range e.Args {
				args[k] = visit(x)
			}
			out = c.Rebuild(e, args)
		}
		if out.Kind == ir.KRead && c.to[out.Array] != nil {
			out = c.Read(c.to[out.Array], out.Args...)
		}
		memo[e] = out
		return out
	}
	if a.Body != nil {
		a.Body = visit(a.Body)
	}
	for k := range a.At {
		a.At[k] = visit(a.At[k])
	}
	for k := range a.DistArgs {
		a.DistArgs[k] = visit(a.DistArgs[k])
	}
}

// concerns reports whether anything in a may be replaced. Closed or opened, an
// expression has the same key.
func (c *sharer) concerns(a *ir.Array) bool {
	found := false
	for _, e := range a.Exprs() {
		ir.Walk(e, func(x *ir.Expr) bool {
			found = found || x.Kind == ir.KRead && c.to[x.Array] != nil ||
				len(x.Args) > 0 && x.Kind != ir.KRead && len(c.parts[c.key(x)]) > 0
			return !found
		})
	}
	return found
}

// known is a read that stands for e, or nil.
func (c *sharer) known(r *rewriter, e *ir.Expr) *ir.Expr {
	if e.Kind != ir.KCall && e.Kind != ir.KReduce && e.Kind != ir.KIf && e.Kind != ir.KCustom {
		return nil
	}
	candidates := c.parts[c.key(e)]
	if len(candidates) == 0 {
		return nil
	}
	free := appearance(e)
	for _, d := range candidates {
		axes := appearance(d.Body)
		sub := map[ir.Index]*ir.Expr{}
		args := make([]*ir.Expr, d.Rank())
		for k, i := range axes {
			sub[i] = c.Idx(free[k])
			args[i] = c.Idx(free[k])
		}
		if c.Subst(d.Body, sub) != e {
			continue
		}
		read := c.Read(d, args...)
		if r.inside(read) {
			return read
		}
	}
	return nil
}

// appearance lists the free indices of e in the order in which they are met.
func appearance(e *ir.Expr) []ir.Index {
	var out []ir.Index
	ir.Walk(e, func(x *ir.Expr) bool {
		if x.Kind == ir.KIndex && e.Depends(x.Idx) && !slices.Contains(out, x.Idx) {
			out = append(out, x.Idx)
		}
		return len(out) < len(e.Free())
	})
	return out
}
