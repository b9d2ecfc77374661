package plan

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// layouts chooses, for arrays that a recurrence steps through, the order of
// axes in memory: time first, so that a step's elements are neighbours. Others have
// last the axis that is last in all that they are made of and made into. Arrays of
// the caller are as declared.
func (n *normaliser) layouts(top *scope, fixed map[*ir.Array]bool) map[*ir.Array][]int {
	timed := map[*ir.Array][]bool{}
	var times []ir.Index
	note := func(a *ir.Array, at []*ir.Expr) {
		for k, x := range at {
			if slices.ContainsFunc(times, func(i ir.Index) bool { return x.Depends(i) }) {
				if timed[a] == nil {
					timed[a] = make([]bool, len(at))
				}
				timed[a][k] = true
			}
		}
	}
	var walk func(list []item)
	walk = func(list []item) {
		for _, it := range list {
			switch it := it.(type) {
			case *scan:
				times = append(times, it.dim.Idx)
				walk(it.body.items)
				times = times[:len(times)-1]
			case *choice:
				walk(it.then.items)
				walk(it.els.items)
			case *Def:
				if len(times) == 0 {
					continue
				}
				note(n.real(it.Array, it.At))
				if p := it.product; p != nil {
					note(n.real(p.A.Array, p.A.Args))
					note(n.real(p.B.Array, p.B.Args))
				} else if it.Body != nil {
					for _, e := range readsOf(it) {
						note(n.real(e.Array, e.Args))
					}
				}
			}
		}
	}
	walk(top.items)
	order := map[*ir.Array][]int{}
	last := n.neighbours(top)
	for _, a := range n.locs {
		if fixed[a] || n.alias[a] != nil || a.Def == ir.Draw {
			continue
		}
		if timed[a] == nil {
			if k, ok := last[a]; ok && 0 <= k && k < a.Rank()-1 {
				o := make([]int, 0, a.Rank())
				for i := range a.Rank() {
					if i != k {
						o = append(o, i)
					}
				}
				order[a] = append(o, k)
			}
			continue
		}
		var first, rest []int
		for k, t := range timed[a] {
			if t {
				first = append(first, k)
			} else {
				rest = append(rest, k)
			}
		}
		if o := append(first, rest...); !slices.IsSorted(o) {
			order[a] = o
		}
	}
	return order
}

// neighbours are, for arrays that no product and no recurrence has to do with, the axis
// whose index is the last one of all other arrays of several axes in the equations that
// they are in; -1 where these differ.
func (n *normaliser) neighbours(top *scope) map[*ir.Array]int {
	last := map[*ir.Array]int{}
	note := func(e *ir.Expr, others []*ir.Expr) {
		for _, o := range others {
			if o.Array == e.Array || len(o.Args) < 2 {
				continue
			}
			i := o.Args[len(o.Args)-1]
			k := slices.Index(e.Args, i)
			if old, ok := last[e.Array]; i.Kind != ir.KIndex || ok && old != k {
				k = -1
			}
			last[e.Array] = k
		}
	}
	var all []*ir.Expr // the elements that an equation is about
	var walk func(list []item, plain bool)
	walk = func(list []item, plain bool) {
		for _, it := range list {
			switch it := it.(type) {
			case *scan:
				walk(it.body.items, false)
			case *choice:
				walk(it.then.items, plain)
				walk(it.els.items, plain)
			case *Def:
				switch p := it.product; {
				case p != nil:
					last[it.Array], last[p.A.Array], last[p.B.Array] = -1, -1, -1
				case it.Body != nil:
					all = append(all[:0], n.Read(it.Array, it.At...))
					ir.Walk(it.Body, func(e *ir.Expr) bool {
						if e.Kind == ir.KRead {
							all = append(all, e)
						}
						return true
					})
					for _, e := range all {
						if plain && !it.Scatter {
							note(e, all)
						} else {
							last[e.Array] = -1
						}
					}
				}
			}
		}
	}
	walk(top.items, true)
	return last
}

// real is where an element of an array is that may be another's.
func (n *normaliser) real(a *ir.Array, at []*ir.Expr) (*ir.Array, []*ir.Expr) {
	al := n.alias[a]
	if al == nil {
		return a, at
	}
	sub := map[ir.Index]*ir.Expr{}
	for k, x := range at {
		sub[ir.Axis(k)] = x
	}
	to := make([]*ir.Expr, len(al.At))
	for k, x := range al.At {
		to[k] = n.Subst(x, sub)
	}
	return al.Array, to
}
