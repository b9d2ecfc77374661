package codegen

import (
	"slices"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// Steps lists the equations that each step of a method has a part in, in the
// order in which it is printed. A step is what stands in no other: a product,
// or a loop with all that was fused into it. What only clears a sum for a later
// one has none.
func Steps(m *ir.Module, method *Method, opt Options) [][]*ir.Array {
	p := newFile(m, opt).method(method).plan
	source := map[*ir.Array]bool{}
	for _, a := range p.Program.Defs {
		source[a] = true
	}
	steps := make([][]*ir.Array, len(p.Body))
	for i := range p.Body {
		var walk func([]plan.Node)
		walk = func(list []plan.Node) {
			for _, n := range list {
				switch n := n.(type) {
				case *plan.Loop:
					walk(n.Body)
				case *plan.Begin:
				case *plan.Branch:
					walk(n.Then)
					walk(n.Else)
				default:
					if a := plan.DefOf(n).For; source[a] && !slices.Contains(steps[i], a) {
						steps[i] = append(steps[i], a)
					}
				}
			}
		}
		walk(p.Body[i : i+1])
	}
	return steps
}
