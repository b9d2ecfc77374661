package codegen

import (
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// joint is operators on one argument that a call of the runtime gives together:
//
//	softplus, sigmoid, _, _ := rt.Logistic32(z)
type joint struct {
	arg     *ir.Expr
	results []string   // as in [ir.Joint]
	values  []*ir.Expr // of each
}

// join finds what of expressions that are all evaluated is better computed
// together.
func (b *body) join(list []*ir.Expr) {
	var all []*joint
	at := map[*ir.Expr]*joint{}
	for _, e := range list {
		eager(e, func(x *ir.Expr) bool {
			if b.isKnown(x) {
				return false
			}
			if x.Kind != ir.KCall || x.Op.Arity != 1 || x.Type != ir.Real || ir.Joined([]string{x.Op.Name}) == nil {
				return true
			}
			arg, result := x.Args[0], x.Op.Name
			if y := b.negated(arg); y != nil {
				arg, result = y, "-"+result
			}
			j := at[arg]
			if j == nil {
				j = &joint{arg: arg}
				at[arg], all = j, append(all, j)
			}
			if !slices.Contains(j.values, x) {
				j.results, j.values = append(j.results, result), append(j.values, x)
			}
			return true
		})
	}
	b.joints = map[*ir.Expr]*joint{}
	for _, j := range all {
		if !slices.ContainsFunc(j.results, func(s string) bool { return s[0] != '-' }) {
			j.arg = j.values[0].Args[0]
			for k, s := range j.results {
				j.results[k] = s[1:]
			}
		}
		if len(j.values) > 1 && ir.Joined(j.results) != nil {
			for _, x := range j.values {
				b.joints[x] = j
			}
		}
	}
}

// negated is -e where e is minus something, else nil.
func (b *body) negated(e *ir.Expr) *ir.Expr {
	switch {
	case e.IsCall(ir.Neg):
		return e.Args[0]
	case e.IsCall(ir.Mul) && e.Args[0].Kind == ir.KConst && e.Args[0].Val < 0:
		return b.b.Call(ir.Mul, b.b.Const(-e.Args[0].Val), e.Args[1])
	}
	return nil
}

// joined prints the call that gives e, among others. It is to be called own, if
// that is a name, and is in what the result names.
func (b *body) joined(e *ir.Expr, own string) string {
	j := b.joints[e]
	f := ir.Joined(j.results)
	arg := b.typed(j.arg)
	left := make([]string, len(f.Results))
	for k, r := range f.Results {
		left[k] = "_"
		for i, x := range j.values { // -1*s and -(1*s) have the same result
			switch op, neg := strings.CutPrefix(r, "-"); {
			case j.results[i] != r:
				continue
			case own != "" && x == e:
				left[k] = own
			case left[k] != "_":
			case neg:
				left[k] = b.names.pick(local(op) + "Neg")
			default:
				left[k] = b.names.pick(local(op))
			}
		}
		for i, x := range j.values {
			if j.results[i] == r {
				b.keep(x, left[k])
			}
		}
	}
	text := strings.ReplaceAll(f.Go, "{bits}", strings.TrimPrefix(b.real(), "float"))
	b.line("%s := %s(%s)", strings.Join(left, ", "), b.rt(strings.TrimPrefix(text, "rt.")), arg)
	s, _ := b.known(e)
	return s
}
