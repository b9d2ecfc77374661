package plan

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// layouts chooses, for arrays that a recurrence steps through, the order of
// axes in memory: time first, so that a step's elements are neighbours. Arrays
// of the caller are as declared.
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
	for _, a := range n.locs {
		if timed[a] == nil || fixed[a] || n.alias[a] != nil || a.Def == ir.Draw {
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
