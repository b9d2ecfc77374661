package plan

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// Prune leaves out of a loop made by Variant what sets variables of its own that
// nothing in it reads: those that only an arm read that it never takes.
func (p *Plan) Prune(l *Loop) {
	loops := []*Loop{l}
	idle := map[*ir.Array]bool{}
	Visit(l.Body, func(n Node) {
		if in, ok := n.(*Loop); ok {
			loops = append(loops, in)
		}
	})
	for _, x := range loops {
		for _, a := range p.in[x] {
			if p.Store[a].Local() {
				idle[a] = true
			}
		}
	}
	if len(idle) == 0 {
		return
	}
	read := func(list ...*ir.Expr) {
		for _, e := range list {
			for _, a := range ir.Reads(e) {
				delete(idle, a)
			}
		}
	}
	Visit(l.Body, func(n Node) {
		if in, ok := n.(*Loop); ok {
			read(in.Lo, in.Hi)
		} else if d := DefOf(n); d != nil {
			read(d.At...)
			read(d.Body)
		}
	})
	if len(idle) == 0 {
		return
	}
	for _, x := range loops {
		p.in[x] = slices.DeleteFunc(slices.Clone(p.in[x]), func(a *ir.Array) bool { return idle[a] })
	}
	l.Body = without(l.Body, idle)
	p.Prune(l) // what only those read
}

// without is a list of steps but for those that set some arrays.
func without(list []Node, idle map[*ir.Array]bool) []Node {
	return slices.DeleteFunc(list, func(n Node) bool {
		if in, ok := n.(*Loop); ok {
			in.Body = without(in.Body, idle)
			return len(in.Body) == 0
		}
		return idle[DefOf(n).Array]
	})
}
