package plan

import "github.com/nnc-lang/nnc/ir"

// Make plans a program. The arrays in outside are stored by the caller.
func Make(p *ir.Program, outside map[*ir.Array]bool) *Plan {
	n := &normaliser{Builder: p.Builder, names: map[string]bool{}, defs: map[*ir.Array]*Def{},
		alias: map[*ir.Array]*Alias{}, owner: map[*ir.Array]bool{}, uses: map[*ir.Array]int{}, turned: map[*ir.Array]bool{}}
	outputs := map[*ir.Array]bool{}
	for _, o := range p.Outputs {
		outputs[o.Array] = true
	}
	pl := &Plan{Program: p, Body: n.elements(p, outside), Store: map[*ir.Array]*Storage{}}
	var order map[*ir.Array][]int
	if pl.Body == nil {
		top := n.normalise(p)
		order = n.layouts(top, outputs)
		f := &fuser{p.Builder, n.alias, map[ir.Index]bool{}, order, n.turned}
		pl.Body = f.list(top.items)
		n.landings(pl.Body, outputs)
		pl.unread(outputs, n.alias)
	}
	pl.Locals = n.locs
	pl.divide()
	s := &storer{Builder: p.Builder, p: pl, uses: map[*ir.Array][]use{}, span: map[*Loop][2]int{}, alias: n.alias}
	s.store(outputs, outside)
	for a, o := range order {
		pl.Store[a].Order = o
	}
	pl.unravel(p.Builder, pl.Body, nil)
	for _, a := range p.Defs {
		pl.Draws = pl.Draws || a.Def == ir.Draw
	}
	return pl
}
