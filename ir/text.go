package ir

import (
	"fmt"
	"strings"
)

// Print is the text form of a program; [Parse] reads it back.
func Print(p *Program) string {
	var s strings.Builder
	fmt.Fprintf(&s, "program %s\n", p.Name)
	for _, d := range p.Dims {
		fmt.Fprintf(&s, "dim %s", d.Name)
		if d.Call {
			s.WriteString(" call")
		}
		s.WriteByte('\n')
	}
	for _, w := range p.Where {
		fmt.Fprintf(&s, "where %s\n", Sprint(w))
	}
	seen := map[*Custom]bool{}
	for _, a := range p.Defs {
		for _, e := range a.Exprs() {
			printCustoms(&s, e, seen)
		}
	}
	for _, a := range p.Inputs {
		fmt.Fprintf(&s, "input %s: %s%s", a.Name, a.Elem, shapeText(a.Shape))
		if a.In != nil {
			fmt.Fprintf(&s, " in %s", Sprint(a.In))
		}
		s.WriteString(" " + roles[a.Role])
		if a.Of != nil {
			s.WriteString(" of " + a.Of.Name)
		}
		s.WriteByte('\n')
	}
	recs := map[*Recurrence]int{}
	for _, a := range p.Defs {
		line := equate(a, 0)
		if a.Rec != nil {
			for k := range a.Rec.Depth() { // those around are numbered first
				if r := a.Rec.Around(k); recs[r] == 0 {
					recs[r] = len(recs) + 1
				}
			}
			line += "  scan"
			for r := a.Rec; r != nil; r = r.In {
				way := "up"
				if r.Down {
					way = "down"
				}
				line += fmt.Sprintf(" %d %s axis %d", recs[r], way, a.TimeIn(r))
				if r.In != nil {
					line += " in"
				}
			}
		}
		if a.Pos.File != "" {
			line += "  // " + a.Pos.String()
		}
		s.WriteString(line + "\n")
	}
	for _, o := range p.Outputs {
		fmt.Fprintf(&s, "output %s = %s\n", o.Name, o.Array.Name)
	}
	return s.String()
}

var roles = [...]string{Data: "data", Parameter: "param", State: "state", Tangent: "tangent", Cotangent: "cotangent"}

func shapeText(shape []*Expr) string {
	if len(shape) == 0 {
		return ""
	}
	var parts []string
	for _, d := range shape {
		parts = append(parts, Sprint(d))
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func printCustoms(s *strings.Builder, e *Expr, seen map[*Custom]bool) {
	Walk(e, func(x *Expr) bool {
		if x.Kind == KCustom && !seen[x.Fn] {
			fn := x.Fn
			seen[fn] = true
			printCustoms(s, fn.Value, seen)
			for _, d := range fn.Partials {
				if d != nil {
					printCustoms(s, d, seen)
				}
			}
			show := func(e *Expr) string {
				p := &Printer{Names: map[Index]string{}, Taken: map[string]bool{}, Params: append(append([]string(nil), fn.Params...), "r")}
				return p.Expr(e)
			}
			fmt.Fprintf(s, "fn %s(%s) = %s", fn.Name, strings.Join(fn.Params, ", "), show(fn.Value))
			for k, d := range fn.Partials {
				if d != nil {
					fmt.Fprintf(s, " deriv %s: %s", fn.Params[k], show(d))
				}
			}
			s.WriteByte('\n')
		}
		return true
	})
}

// AxisNames chooses a letter for each axis of a definition: its own, made
// different from each other and from what the definition reads.
func AxisNames(a *Array) []string {
	taken := map[string]bool{a.Name: true}
	for _, e := range append(a.Exprs(), a.Shape...) {
		Walk(e, func(x *Expr) bool {
			switch x.Kind {
			case KDim:
				taken[x.Name] = true
			case KRead:
				taken[x.Array.Name] = true
			}
			return true
		})
	}
	p := Printer{Taken: taken}
	out := make([]string, a.Rank())
	for k := range out {
		hint := ""
		if k < len(a.Axes) {
			hint = a.Axes[k]
		}
		out[k] = p.fresh(hint)
		taken[out[k]] = true
	}
	return out
}

// Equate is a definition as one line of text without its place:
//
//	h[n, j] = max(z[n, j], 0)  n in N, j in 128
//
// A text of more than some thousand bytes ends in an ellipsis.
func Equate(a *Array) string { return equate(a, 1<<12) }

// equate is Equate with the number of bytes, or 0 for all.
func equate(a *Array, most int) string {
	names := AxisNames(a)
	p := &Printer{Names: map[Index]string{}, Taken: map[string]bool{a.Name: true}, most: most}
	for k, n := range names {
		p.Names[Axis(k)] = n
		p.Taken[n] = true
	}
	lhs, op, body, tail := a.Name, "=", "", ""
	var ranges []string
	axes := func() {
		if len(names) > 0 {
			lhs += "[" + strings.Join(names, ", ") + "]"
		}
		for k, n := range names {
			ranges = append(ranges, n+" in "+Sprint(a.Shape[k]))
		}
	}
	switch a.Def {
	case Accumulate:
		op = "+="
		for _, bd := range a.Domain {
			n := p.fresh(bd.Name)
			p.Taken[n] = true
			p.Names[bd.Idx] = n
			p.b.Reset()
			p.Range(bd)
			ranges = append(ranges, n+" in "+p.b.String())
		}
		var at []string
		for _, e := range a.At {
			at = append(at, p.Expr(e))
		}
		lhs += "[" + strings.Join(at, ", ") + "]"
		body = p.Expr(a.Body)
		tail = "  shape " + shapeText(a.Shape)
	case Draw:
		op = "~"
		axes()
		var args []string
		for _, e := range a.DistArgs {
			args = append(args, p.Expr(e))
		}
		body = fmt.Sprintf("%s(%s)", a.Dist, strings.Join(args, ", "))
		tail = fmt.Sprintf("  path %q", a.Path)
	default:
		axes()
		body = p.Expr(a.Body)
	}
	line := lhs + " " + op + " " + body
	if len(ranges) > 0 {
		line += "  " + strings.Join(ranges, ", ")
	}
	return line + tail
}
