package dsl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/dsl/diag"
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
		reach, smooth, flat := reachable(l.Program)
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
					d := diag.Warn("NN302", c.leafSpan(leaf), "loss %s does not depend on %s; its gradient is always 0", e.Name, short)
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
						at = fd.Name.Span
					}
				}
				op := "a flat function"
				if flat != "" {
					op = flat
				}
				d := diag.New("NN301", at, "no gradient passes %s, and %s %s reached only through it", op, joinAnd(cut), isAre(len(cut)))
				c.report(d.Note("%s is flat", op).WithHint("use a smooth value; or fn s(z) = step(z) deriv z: <slope>; or frozen %s if meant", a.Bundle.Name))
			}
		}
	}
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

// leafSpan is where a parameter is declared.
func (c *checker) leafSpan(a *ir.Array) diag.Span {
	name := a.Name[strings.LastIndexByte(a.Name, '.')+1:]
	src := c.sources[a.Pos.File]
	lines := strings.Split(string(src), "\n")
	col := 1
	if a.Pos.Line-1 < len(lines) && a.Pos.Line > 0 {
		if k := strings.Index(lines[a.Pos.Line-1], name); k >= 0 {
			col = len([]rune(lines[a.Pos.Line-1][:k])) + 1
		}
	}
	at := diag.Pos{File: a.Pos.File, Line: a.Pos.Line, Col: col}
	end := at
	end.Col += len([]rune(name))
	return diag.Span{Pos: at, End: end}
}

// reachable marks the inputs that the outputs depend on, and those they
// depend on through operators that are not flat.
func reachable(p *ir.Program) (reach, smooth map[*ir.Array]bool, flat string) {
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
			if smooth[a] && a.Body != nil {
				if smoothReads(a.Body, smooth, &flat) {
					changed = true
				}
			}
		}
		if !slices.ContainsFunc(p.Defs, func(a *ir.Array) bool { return a.Rec != nil }) {
			break
		}
	}
	return reach, smooth, flat
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
				if e.Op.Flat(k) {
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
				*flat = fmt.Sprintf("the step %s", "if … then … else …")
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
