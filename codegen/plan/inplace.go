package plan

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// A visit is where a step writes or reads an element of an array: one product
// of contractions at a time, one element of a loop at a time.
type visit struct {
	at    []*ir.Expr
	loop  *Loop // innermost around
	pos   int
	def   *Def
	write bool
}

// visits lists them for all arrays, aliases by themselves.
func visits(list []Node) map[*ir.Array][]visit {
	out := map[*ir.Array][]visit{}
	pos := 0
	var walk func(list []Node, l *Loop)
	walk = func(list []Node, l *Loop) {
		note := func(a *ir.Array, at []*ir.Expr, d *Def, write bool) {
			out[a] = append(out[a], visit{at, l, pos, d, write})
		}
		for _, n := range list {
			pos++
			switch n := n.(type) {
			case *Loop:
				walk(n.Body, n)
			case *Branch:
				walk(n.Then, nil) // what may not run is not looked into
				walk(n.Else, nil)
			case *Contraction:
				note(n.A.Array, n.A.Args, nil, false)
				note(n.B.Array, n.B.Args, nil, false)
				note(n.Def.Array, n.Def.At, nil, true)
			case *Window:
				note(n.Def.Body.Array, n.Def.Body.Args, nil, false)
				note(n.Def.Array, n.Def.At, nil, true)
			case *Draw, *Begin, *End:
				note(DefOf(n).Array, DefOf(n).At, nil, true)
			case *Stmt:
				for _, e := range readsOf(n.Def) {
					note(e.Array, e.Args, nil, false)
				}
				pos++
				note(n.Def.Array, n.Def.At, n.Def, true)
			}
		}
	}
	walk(list, nil)
	return out
}

// landings looks again at the products that are computed in place of the array
// that they are finished into. Where that array lives for one iteration only,
// as what goes into a relu does, it needs no memory, and the product goes into
// an array made from it there:
//
//	h[n, j] = max(h_sum[n, j] + b[j], 0)
func (n *normaliser) landings(list []Node, outputs map[*ir.Array]bool) {
	all := visits(list)
	made := map[*Loop][]*ir.Array{} // arrays by the loop that first sets them
	for _, a := range n.locs {
		if v := all[a]; len(v) > 0 && v[0].loop != nil {
			made[v[0].loop] = append(made[v[0].loop], a)
		}
	}
	for _, s := range n.locs {
		al := n.alias[s]
		if al == nil || outputs[al.Array] {
			continue
		}
		d := passing(all[al.Array])
		if d == nil {
			continue
		}
		delete(n.owner, al.Array)
		delete(n.alias, s)
		for _, r := range made[all[al.Array][0].loop] {
			if n.alias[r] == nil && !n.owner[r] && r != al.Array && lands(all[r], d) && slices.Equal(r.Shape, al.Array.Shape) && r.Elem == ir.Real {
				n.alias[s], n.owner[r] = &Alias{Array: r, At: al.At}, true
				break
			}
		}
	}
}

// passing is the definition of an array that is set and then read in one
// iteration of one loop, at the same place, and nowhere else.
func passing(list []visit) *Def {
	if len(list) == 0 || list[0].def == nil || list[0].def.Red != nil || list[0].loop == nil || list[0].loop.Time {
		return nil
	}
	w := list[0]
	for _, v := range list[1:] {
		if v.write || v.loop != w.loop || !slices.Equal(v.at, w.at) {
			return nil
		}
	}
	return w.def
}

// lands reports whether an array is first set in the iteration that sets d,
// after it and at the same place.
func lands(list []visit, d *Def) bool {
	if len(list) == 0 {
		return false
	}
	w := list[0]
	if w.def == nil || w.def.Red != nil || w.loop == nil || !slices.Equal(w.at, d.At) || !slices.ContainsFunc(w.loop.Body, func(n Node) bool {
		s, ok := n.(*Stmt)
		return ok && s.Def == d
	}) {
		return false
	}
	for _, v := range list[1:] {
		if v.write || v.loop == w.loop && !slices.Equal(v.at, w.at) {
			return false
		}
	}
	return true
}
