package dsl

import (
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// lint looks at each loss: parameters that it does not depend on (NN302) and
// models that no gradient reaches (NN301).
func (c *checker) lint(m *ir.Module) {
	for _, e := range m.Entries {
		if e.Kind != ir.LossEntry {
			continue
		}
		l, err := e.Lower(ir.Mode{Train: true})
		if err != nil {
			if ds, ok := err.(diag.List); ok {
				for _, d := range ds {
					c.diags.Add(d)
				}
			}
			continue
		}
		reach, smooth, cutAt := reachable(l.Program)
		for _, a := range l.Args {
			if a.Bundle == nil || a.Frozen {
				continue
			}
			var cut, all []string
			for _, leaf := range a.Leaves {
				if leaf.Role != ir.Parameter {
					continue
				}
				short := strings.TrimPrefix(leaf.Name, a.Name+".")
				all = append(all, short)
				switch {
				case !reach[leaf]:
					d := diag.Warn("NN302", c.places[leaf], "loss %s does not depend on %s; its gradient is always 0", e.Name, short)
					d.Note("no equation that reaches the loss (line %d) uses %s", e.Pos.Line, short)
					c.report(d.WithHint("use it or delete it (%s: frozen %s fixes a whole model)", a.Name, a.Bundle.Name))
				case !smooth[leaf]:
					cut = append(cut, short)
				}
			}
			if len(cut) > 0 && !slices.ContainsFunc(a.Leaves, func(x *ir.Array) bool { return smooth[x] }) {
				at := diag.Span{Pos: diag.Pos{File: e.Pos.File, Line: e.Pos.Line, Col: 1}}
				for _, fd := range c.modules[m.File].funcs {
					if fd.Name.Name == e.Name {
						at = use(fd.Func, a.Name)
					}
				}
				d := diag.New("NN301", at, "no gradient passes %s, and %s %s reached only through it", cutAt.op, joinAnd(cut), isAre(len(cut)))
				if cutAt.op == "" {
					d.Msg = "no gradient reaches " + joinAnd(cut) + ": only integers and conditions depend on them"
				}
				if cutAt.array != nil {
					d.Note("path: %s > %s (line %d). %s is flat", e.Name, c.texts[cutAt.array.Pos], cutAt.array.Pos.Line, cutAt.op)
				}
				c.report(d.WithHint("use a value with a slope; or fn s(z) = … deriv z: <slope>; or frozen %s if meant", a.Bundle.Name))
			}
		}
	}
}

// use is where a loss first calls the model that is its argument, with the
// result that it takes, or hands it on; its name if it does neither.
func use(loss *syntax.Func, model string) diag.Span {
	at := loss.Name.Span
	is := func(e syntax.Expr) bool {
		n, ok := e.(*syntax.Name)
		return ok && n.Name == model
	}
	calls := func(e syntax.Expr) bool {
		switch e := e.(type) {
		case *syntax.Call:
			return is(e.Fun) || slices.ContainsFunc(e.Args, func(a *syntax.SArg) bool { return is(a.Value) })
		case *syntax.Pipe:
			return is(e.F)
		}
		return false
	}
	found := false
	syntax.Walk(loss, func(n syntax.Node) bool {
		e, ok := n.(syntax.Expr)
		if f, field := n.(*syntax.Field); ok && !found && (calls(e) || field && calls(f.X)) {
			at, found = n.At(), true
		}
		return !found
	})
	return at
}

func joinAnd(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// cutPlace is a flat operator and the equation it stands in.
type cutPlace struct {
	op    string
	array *ir.Array
}

// reachable marks the inputs that the outputs depend on, and those they
// depend on through operators that are not flat.
func reachable(p *ir.Program) (reach, smooth map[*ir.Array]bool, cut cutPlace) {
	reach, smooth = map[*ir.Array]bool{}, map[*ir.Array]bool{}
	for _, o := range p.Outputs {
		if !strings.HasPrefix(o.Name, "state.") {
			reach[o.Array], smooth[o.Array] = true, true
		}
	}
	for changed := true; changed; {
		changed = false
		for i := len(p.Defs) - 1; i >= 0; i-- {
			a := p.Defs[i]
			if !reach[a] {
				continue
			}
			for _, r := range a.Reads() {
				if !reach[r] {
					reach[r], changed = true, true
				}
			}
			if !smooth[a] {
				continue
			}
			op, from := "", []*ir.Expr{a.Body}
			switch {
			case a.Dist == "bernoulli":
				op, from = a.Dist, nil
			case a.Def == ir.Draw:
				from = a.DistArgs
			}
			for _, e := range from {
				changed = smoothReads(e, smooth, &op) || changed
			}
			if op != "" && cut.op == "" {
				cut = cutPlace{op, a}
			}
		}
		if !slices.ContainsFunc(p.Defs, func(a *ir.Array) bool { return a.Rec != nil }) {
			break
		}
	}
	return reach, smooth, cut
}

// smoothReads marks the arrays that e depends on other than through flat
// arguments and conditions.
func smoothReads(e *ir.Expr, smooth map[*ir.Array]bool, flat *string) (changed bool) {
	seen := map[*ir.Expr]bool{}
	var walk func(e *ir.Expr)
	walk = func(e *ir.Expr) {
		if seen[e] || e.Type != ir.Real {
			return
		}
		seen[e] = true
		switch e.Kind {
		case ir.KRead:
			if !smooth[e.Array] {
				smooth[e.Array], changed = true, true
			}
		case ir.KCall:
			for k, a := range e.Args {
				if a.Type == ir.Real && e.Op.Flat(k) {
					*flat = e.Op.Name
					continue
				}
				walk(a)
			}
		case ir.KCustom:
			for k, a := range e.Args {
				if d := e.Fn.Partials[k]; d != nil && d.IsConst(0) {
					*flat = e.Fn.Name
					continue
				}
				walk(a)
			}
		case ir.KIf:
			if e.Args[1].Kind == ir.KConst && e.Args[2].Kind == ir.KConst {
				*flat = "step"
			}
			walk(e.Args[1])
			walk(e.Args[2])
		case ir.KReduce:
			walk(e.Args[0])
		}
	}
	walk(e)
	return changed
}
