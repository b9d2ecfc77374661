package diff

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// A Cut says that a result depends on an input, but only through functions
// that are flat wherever they have a derivative, so that it would be zero.
type Cut struct {
	Input *ir.Array
	At    *ir.Array // a definition that cuts
	By    string    // the operator or reducer that does, or "if" for a condition
}

// Flat lists the inputs of wrt whose every path to output of is cut.
func Flat(p *ir.Program, of string, wrt []*ir.Array) []Cut {
	y := p.Output(of)
	if y == nil {
		return nil
	}
	d := newEngine(p)
	d.p = p // nothing is added
	needs := map[*ir.Array]bool{}
	var need func(a *ir.Array)
	need = func(a *ir.Array) {
		if !needs[a] {
			needs[a] = true
			for _, r := range a.Reads() {
				need(r)
			}
		}
	}
	need(y)
	var out []Cut
	for _, x := range wrt {
		active := d.activity([]*ir.Array{x})
		if active[y] || !needs[x] {
			continue
		}
		for _, a := range p.Defs {
			if needs[a] && !active[a] && slices.ContainsFunc(a.Reads(), func(r *ir.Array) bool { return active[r] }) {
				out = append(out, Cut{x, a, cutBy(a, active)})
				break
			}
		}
	}
	return out
}

// cutBy names what in a is flat in an active array.
func cutBy(a *ir.Array, active map[*ir.Array]bool) string {
	by := "if"
	memo := map[*ir.Expr]bool{}
	for _, e := range a.Exprs() {
		ir.Walk(e, func(x *ir.Expr) bool {
			for k, arg := range x.Args {
				if !isActive(arg, active, memo) {
					continue
				}
				switch {
				case x.Kind == ir.KCall && x.Op.Flat(k):
					by = x.Op.Name
				case x.Kind == ir.KReduce && x.Red.Deriv == "":
					by = x.Red.Name
				}
			}
			return true
		})
	}
	return by
}
