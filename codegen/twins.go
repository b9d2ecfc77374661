package codegen

import (
	"strings"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// pair notes the functions of which statements that follow each other surely
// need the values at x and at -x, as a loss of probabilities does: one call
// gives both.
func (b *body) pair(list []plan.Node) {
	surely := map[*ir.Expr]bool{}
	for _, n := range list {
		s, ok := n.(*plan.Stmt)
		if !ok {
			break
		}
		seen := map[*ir.Expr]bool{}
		eager(s.Def.Body, func(e *ir.Expr) bool {
			if seen[e] || b.isKnown(e) {
				return false
			}
			seen[e] = true
			if e.Kind == ir.KCall && e.Op.Both != "" && e.Args[0].IsCall(ir.Neg) {
				surely[e] = true
				if x := b.b.Call(e.Op, e.Args[0].Args[0]); surely[x] {
					b.twins[x], b.twins[e] = [2]*ir.Expr{x, e}, [2]*ir.Expr{x, e}
				}
			} else if e.Kind == ir.KCall && e.Op.Both != "" {
				surely[e] = true
				if y := b.b.Call(e.Op, b.b.Call(ir.Neg, e.Args[0])); surely[y] {
					b.twins[e], b.twins[y] = [2]*ir.Expr{e, y}, [2]*ir.Expr{e, y}
				}
			}
			return true
		})
	}
}

// both prints the one call.
func (b *body) both(t [2]*ir.Expr) {
	op := t[0].Op
	call := strings.Replace(op.Both, "{bits}", strings.TrimPrefix(b.real(), "float"), 1)
	call = strings.Replace(call, "%s", b.expr(t[0].Args[0], 0), 1)
	b.imports["rt"] = true
	x, y := b.names.pick(op.Name), b.names.pick(op.Name)
	b.line("%s, %s := %s", x, y, call)
	b.keep(t[0], x)
	b.keep(t[1], y)
}
