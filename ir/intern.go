package ir

import (
	"math"
	"slices"
)

// table holds every expression of a Builder once: chains by hash, as many as
// there are expressions or more, a power of two.
type table struct {
	chains []*Expr
	n      int
}

// intern is the one expression like e with the arguments args. Neither is
// kept, so that what is found costs no memory.
func (b *Builder) intern(e *Expr, args ...*Expr) *Expr {
	t := &b.table
	if t.n == len(t.chains) {
		t.grow()
	}
	h := hash(e, args)
	chain := &t.chains[int(h)&(len(t.chains)-1)]
	for o := *chain; o != nil; o = o.next {
		if o.hash == h && same(o, e, args) {
			return o
		}
	}
	t.n++
	c := *e
	c.Args = slices.Clone(args)
	c.hash, c.id, c.size = h, int32(t.n), 1
	c.reads = c.Kind == KRead
	for _, bd := range c.Binders {
		c.reads = c.reads || bd.Lo.reads || bd.Hi.reads
		c.height = max(c.height, bd.Lo.height, bd.Hi.height)
	}
	for _, a := range args {
		c.reads = c.reads || a.reads
		c.height = max(c.height, a.height)
		c.size = min(c.size+a.size, 1<<30)
	}
	if c.Kind == KReduce {
		c.height += int32(len(c.Binders))
	}
	c.free = freeOf(&c)
	c.next = *chain
	*chain = &c
	return &c
}

func (t *table) grow() {
	old := t.chains
	t.chains = make([]*Expr, max(1<<10, 2*len(old)))
	for _, e := range old {
		for e != nil {
			next := e.next
			chain := &t.chains[int(e.hash)&(len(t.chains)-1)]
			e.next, *chain = *chain, e
			e = next
		}
	}
}

// hash is FNV, a word at a time, with the high half folded in.
func hash(e *Expr, args []*Expr) uint32 {
	h := uint64(14695981039346656037)
	mix := func(v uint64) { h = (h ^ v) * 1099511628211 }
	text := func(s string) {
		for i := range len(s) {
			mix(uint64(s[i]))
		}
	}
	mix(uint64(e.Kind)<<8 | uint64(e.Type))
	switch e.Kind {
	case KConst, KParam:
		mix(math.Float64bits(e.Val))
		mix(uint64(e.N))
	case KIndex:
		mix(uint64(e.Idx))
	case KDim:
		text(e.Name)
	case KRead:
		text(e.Array.Name)
	case KCall:
		text(e.Op.Name)
	case KCustom:
		text(e.Fn.Name)
	case KReduce:
		text(e.Red.Name)
	}
	for _, bd := range e.Binders {
		mix(uint64(bd.Idx))
		mix(uint64(bd.Lo.id))
		mix(uint64(bd.Hi.id))
	}
	for _, a := range args {
		mix(uint64(a.id))
	}
	return uint32(h ^ h>>32)
}

func same(x, y *Expr, args []*Expr) bool {
	if x.Kind != y.Kind || x.Type != y.Type || math.Float64bits(x.Val) != math.Float64bits(y.Val) ||
		x.N != y.N || x.Name != y.Name || x.Idx != y.Idx || x.Array != y.Array || x.Op != y.Op || x.Fn != y.Fn ||
		x.Red != y.Red || len(x.Binders) != len(y.Binders) || !slices.Equal(x.Args, args) {
		return false
	}
	for i, p := range x.Binders {
		q := y.Binders[i]
		if p.Idx != q.Idx || p.Lo != q.Lo || p.Hi != q.Hi {
			return false
		}
	}
	return true
}

// freeOf lists the free indices of e in ascending order. Where they are those
// of one argument, it is that argument's list.
func freeOf(e *Expr) []Index {
	if e.Kind == KIndex {
		return []Index{e.Idx}
	}
	var out []Index
	add := func(x *Expr) {
		if out == nil {
			out = x.free
			return
		}
		for _, i := range x.free {
			if !slices.Contains(out, i) {
				out = append(slices.Clip(out), i)
			}
		}
	}
	for _, a := range e.Args {
		add(a)
	}
	for _, bd := range e.Binders {
		add(bd.Lo)
		add(bd.Hi)
	}
	if len(e.Binders) > 0 {
		var rest []Index
		for _, i := range out {
			if !slices.ContainsFunc(e.Binders, func(bd Binder) bool { return bd.Idx == i }) {
				rest = append(rest, i)
			}
		}
		out = rest
	}
	if !slices.IsSorted(out) {
		out = slices.Clone(out)
		slices.Sort(out)
	}
	return out
}
