package codegen

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// exact prints, after a product with a guard in one of its operands, the loops
// that compute it where the other holds something that is not finite.
func (b *body) exact(n *plan.Contraction) {
	if n.Exact == nil {
		return
	}
	b.line("// What a guard does not pick contributes nothing, not 0*NaN.")
	b.line("if !%s {", b.finite(n.Check))
	b.arm(func() { b.list(n.Exact, &plan.Loop{}) })
	b.line("}")
}

// finite is the test of an operand: of one slice where its elements are
// neighbours, else of those at some strides.
func (b *body) finite(o plan.Operand) string {
	x := b.strided(o.Array, o.At, o.Dims)
	var spans []group
	for _, d := range o.Dims {
		spans = append(spans, group{size: b.b.Call(ir.Sub, d.Hi, d.Lo), a: x.step[d.Idx]})
	}
	for again := true; again; { // two indices that are one
		again = false
		for i, outer := range spans {
			for j, inner := range spans {
				if i != j && !again && b.follows(outer.a, inner.a, inner.size) {
					spans[j].size = b.b.Call(ir.Mul, outer.size, inner.size)
					spans = slices.Delete(spans, i, i+1)
					again = true
				}
			}
			if again {
				break
			}
		}
	}
	if len(spans) == 1 && spans[0].a.IsConst(1) {
		return fmt.Sprintf("%s(%s[:%s])", b.rt("Finite"), x.text, b.expr(spans[0].size, 0))
	}
	s := fmt.Sprintf("%s(%s", b.rt("FiniteAt"), x.text)
	for _, g := range spans {
		s += fmt.Sprintf(", [2]int{%s, %s}", b.expr(g.size, 0), b.expr(g.a, 0))
	}
	return s + ")"
}
