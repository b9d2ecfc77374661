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

// unread leaves out what sets arrays that nothing reads: their readers stood
// under conditions that never hold.
func (p *Plan) unread(outputs map[*ir.Array]bool, alias map[*ir.Array]*Alias) {
	used := map[*ir.Array]bool{}
	use := func(a *ir.Array) {
		for used[a] = true; alias[a] != nil; used[a] = true {
			a = alias[a].Array
		}
	}
	read := func(list ...*ir.Expr) {
		for _, e := range list {
			if e == nil { // the body of a contraction
				continue
			}
			for _, a := range ir.Reads(e) {
				use(a)
			}
		}
	}
	set := map[*ir.Array]bool{}
	Visit(p.Body, func(n Node) {
		switch n := n.(type) {
		case *Loop:
			read(n.Lo, n.Hi)
		case *Branch:
			read(n.Cond)
		case *Contraction:
			read(n.A, n.B)
		case *Draw:
			use(n.Def.Array)
			read(n.Def.Array.Exprs()...)
			return
		}
		if d := DefOf(n); d != nil {
			read(d.At...)
			read(d.Body)
			set[d.Array] = true
		}
	})
	for a := range outputs {
		use(a)
	}
	idle := map[*ir.Array]bool{}
	for a := range set {
		for to := a; !used[a] && alias[to] != nil; {
			to = alias[to].Array
			if used[to] {
				used[a] = true
			}
		}
		if !used[a] {
			idle[a] = true
		}
	}
	if len(idle) > 0 {
		p.Body = without(p.Body, idle)
		p.unread(outputs, alias) // what only those read
	}
}

// without is a list of steps but for those that set some arrays.
func without(list []Node, idle map[*ir.Array]bool) []Node {
	return slices.DeleteFunc(list, func(n Node) bool {
		switch in := n.(type) {
		case *Loop:
			in.Body = without(in.Body, idle)
			return len(in.Body) == 0
		case *Branch:
			in.Then, in.Else = without(in.Then, idle), without(in.Else, idle)
			return len(in.Then)+len(in.Else) == 0
		}
		return idle[DefOf(n).Array]
	})
}
