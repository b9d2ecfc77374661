package plan

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// Overwrites lists the inputs that a result may take the place of, in their order:
//
//	m2[i] = b1*m[i] + c1*g[i]
//
// sets m2[i] when nothing will read m any more but at other indices, so that m2
// and m may be one array. That holds as a whole where each statement of a loop is
// done for all iterations before the next.
func (p *Plan) Overwrites(result *ir.Array) (out []*ir.Array) {
	all := visits(p.Body)
	w := set(all[result])
	if w == nil || p.picks(w) || p.aliased(result) {
		return nil
	}
	for _, a := range p.Program.Inputs {
		if a.Elem == ir.Real && slices.Equal(a.Shape, result.Shape) && !slices.ContainsFunc(all[a], func(v visit) bool {
			return v.loop != w.loop || v.pos > w.pos || !slices.Equal(v.at, w.at)
		}) && !p.otherwise(a) {
			out = append(out, a)
		}
	}
	return out
}

// set is the one statement in a loop that sets an array, each element once.
func set(list []visit) (w *visit) {
	for _, v := range list {
		switch {
		case !v.write:
		case w != nil || v.def == nil || v.def.Red != nil || v.def.Scatter || v.loop == nil || v.loop.Time:
			return nil
		default:
			w = &v
		}
	}
	return w
}

// picks reports whether a statement computes something else at certain indices,
// for which it may be done again once the others are.
func (p *Plan) picks(w *visit) bool {
	found := false
	ir.Walk(w.def.Body, func(e *ir.Expr) bool {
		found = found || e.Kind == ir.KIf && len(e.Args[0].Free()) > 0 && e.Args[0].Kind == ir.KCall && e.Args[0].Args[0].Type == ir.Int
		return !found
	})
	return found
}

// aliased reports whether others lie in an array.
func (p *Plan) aliased(a *ir.Array) bool {
	for _, st := range p.Store {
		if st.Alias != nil && st.Alias.Array == a {
			return true
		}
	}
	return false
}

// otherwise reports whether an array is used by more than statements.
func (p *Plan) otherwise(a *ir.Array) bool {
	found := false
	Visit(p.Body, func(n Node) {
		switch n := n.(type) {
		case *Branch:
			found = found || slices.Contains(ir.Reads(n.Cond), a)
		case *Contraction:
			found = found || n.A.Array == a || n.B.Array == a || n.guarded != nil && slices.Contains(ir.Reads(n.guarded), a)
		case *Window:
			found = found || n.Def.Body.Array == a
		}
	})
	return found
}
