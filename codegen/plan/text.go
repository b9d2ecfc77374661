package plan

import (
	"fmt"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// String is the plan as text, one step a line.
func (p *Plan) String() string {
	t := &text{p: p, names: map[ir.Index]string{}}
	t.list(p.Body, "")
	for _, a := range p.Locals {
		st := p.Store[a]
		switch {
		case st.Alias != nil:
			t.line("", "%s is in %s", a.Name, st.Alias.Array.Name)
		case st.Offset != nil:
			t.line("", "%s is %s at %s", a.Name, st.Size, st.Offset)
		}
	}
	return t.b.String()
}

type text struct {
	p     *Plan
	b     strings.Builder
	names map[ir.Index]string
}

func (t *text) line(indent, format string, args ...any) {
	t.b.WriteString(indent)
	fmt.Fprintf(&t.b, format, args...)
	t.b.WriteByte('\n')
}

func (t *text) expr(e *ir.Expr) string {
	p := &ir.Printer{Names: map[ir.Index]string{}, Taken: map[string]bool{}}
	for i, n := range t.names {
		p.Names[i], p.Taken[n] = n, true
	}
	return p.Expr(e)
}

func (t *text) element(d *Def) string {
	var at []string
	st := t.p.Store[d.Array]
	for k, x := range d.At {
		if st == nil || st.Keep[k] {
			at = append(at, t.expr(x))
		}
	}
	if len(at) == 0 {
		return d.Array.Name
	}
	return d.Array.Name + "[" + strings.Join(at, ", ") + "]"
}

func (t *text) list(list []Node, indent string) {
	for _, n := range list {
		switch n := n.(type) {
		case *Loop:
			name := n.Name
			for taken := true; taken; {
				taken = false
				for _, x := range t.names {
					if x == name {
						name, taken = name+"'", true
					}
				}
			}
			kind := "loop"
			if n.Time {
				kind = "scan"
				if n.Down {
					kind = "scan down"
				}
			}
			lo := ""
			if !n.Lo.IsConst(0) {
				lo = t.expr(n.Lo) + ".."
			}
			t.line(indent, "%s %s in %s%s", kind, name, lo, t.expr(n.Hi))
			t.names[n.Idx] = name
			t.list(n.Body, indent+"  ")
			delete(t.names, n.Idx)
		case *Branch:
			t.line(indent, "if %s", t.expr(n.Cond))
			t.list(n.Then, indent+"  ")
			t.line(indent, "else")
			t.list(n.Else, indent+"  ")
		case *Contraction:
			t.contraction(n, indent)
			if n.Exact != nil {
				t.line(indent, "if %s is not finite", n.Check.Array.Name)
				t.list(n.Exact, indent+"  ")
			}
		case *Window:
			t.window(n.Def, indent)
		case *Draw:
			t.line(indent, "draw %s", n.Def.Array.Name)
		case *Begin:
			if !n.Def.Scalar {
				t.line(indent, "clear %s", n.Def.Array.Name)
			}
		case *Stmt:
			t.stmt(n.Def, indent)
		}
	}
}

func (t *text) stmt(d *Def, indent string) {
	switch {
	case d.Red == nil:
		t.line(indent, "%s = %s", t.element(d), t.expr(d.Body))
	case d.Red == ir.Sum:
		t.line(indent, "%s += %s", t.element(d), t.expr(d.Body))
	default:
		t.line(indent, "%s = %s %s", t.element(d), d.Red.Name, t.expr(d.Body))
	}
}

func (t *text) window(d *Def, indent string) {
	var over []string
	for _, dims := range [][]Dim{d.Dims, d.RDims} {
		for _, x := range dims {
			t.names[x.Idx] = x.Name
		}
	}
	for _, x := range d.RDims {
		over = append(over, x.Name)
	}
	t.line(indent, "window %s = %s[%s] %s", t.element(d), d.Red.Name, strings.Join(over, ", "), t.expr(d.Body))
	for _, dims := range [][]Dim{d.Dims, d.RDims} {
		for _, x := range dims {
			delete(t.names, x.Idx)
		}
	}
}

func (t *text) contraction(c *Contraction, indent string) {
	op := "="
	if c.Acc {
		op = "+="
	}
	var sums []string
	for _, dims := range [][]Dim{c.Batch, c.M, c.N, c.K} {
		for _, d := range dims {
			t.names[d.Idx] = d.Name
		}
	}
	for _, d := range c.K {
		sums = append(sums, d.Name)
	}
	t.line(indent, "contract %s %s sum[%s] %s * %s", t.element(c.Def), op, strings.Join(sums, ", "), t.expr(c.A), t.expr(c.B))
	for _, dims := range [][]Dim{c.Batch, c.M, c.N, c.K} {
		for _, d := range dims {
			delete(t.names, d.Idx)
		}
	}
}
