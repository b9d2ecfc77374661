package nnc

import (
	"regexp"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/graph"
	"github.com/nnc-lang/nnc/ir"
)

// local is the derivative of one step, as lines: the formula, and what it
// needs that has no name yet. Elements that differ in an index in which the
// derivative is zero are not written: dy[n, i]/dx[n, j] stands for the same n.
func (c *chain) local(s step) ([]string, error) {
	p, of, x := c.alone(s)
	opt := c.options
	opt.Off = append(slices.Clip(opt.Off), forComputing...)
	j := &job{name: "d" + of.Name + "/d" + x.Name, program: p, options: opt, want: derivative{what: "jacobian", wrt: []*ir.Array{x}, by: "forward"}}
	if err := j.run(); err != nil {
		return nil, err
	}
	q := j.program
	d := q.Output("jacobian." + of.Name + "." + x.Name)
	v := q.Output(of.Name)
	body := c.expand(q, d, v)
	names := slices.Concat(ir.AxisNames(of)[:of.Rank()], nil)
	taken := map[string]bool{}
	for _, n := range names {
		taken[n] = true
	}
	xs := ir.AxisNames(&ir.Array{Name: x.Name, Shape: x.Shape, Axes: x.Axes})
	for k := range xs {
		for taken[xs[k]] {
			xs[k] += "'"
		}
		taken[xs[k]] = true
	}
	sub := map[ir.Index]*ir.Expr{}
	for _, cond := range nonzeroWhen(body) {
		cond = q.Subst(cond, sub)
		if axis, value := solveEqual(cond, of.Rank()); value != nil && sub[axis] == nil {
			for k := range sub {
				sub[k] = q.Subst(sub[k], map[ir.Index]*ir.Expr{axis: value})
			}
			sub[axis] = value
		}
	}
	body = c.recognise(q, q.Subst(body, sub), v)
	pr := &ir.Printer{Names: map[ir.Index]string{}, Taken: map[string]bool{}}
	for k, n := range slices.Concat(names, xs) {
		pr.Names[ir.Axis(k)] = n
	}
	index := func(from, n int) string {
		if n == 0 {
			return ""
		}
		var parts []string
		for k := from; k < from+n; k++ {
			e := q.Idx(ir.Axis(k))
			if r := sub[ir.Axis(k)]; r != nil {
				e = r
			}
			parts = append(parts, pr.Expr(e))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	left := "d" + of.Name + index(0, of.Rank()) + "/d" + x.Name + index(of.Rank(), x.Rank())
	lines := []string{c.plainText(left + " = " + pr.Expr(body))}
	for _, a := range q.Defs {
		if a != d && a != v && reaches(body, a, v) {
			eq, _, _ := strings.Cut(ir.Equate(a), "  ")
			lines = append(lines, "    "+c.plainText(eq))
		}
	}
	return lines, nil
}

// alone is a program of one node, with its arguments as inputs.
func (c *chain) alone(s step) (p *ir.Program, of, x *ir.Array) {
	b := c.g.Program.Builder
	p = &ir.Program{Builder: b, Name: c.name(s.from), Dims: c.g.Program.Dims}
	to := map[*ir.Array]*ir.Array{}
	read := func(a *ir.Array) *ir.Array {
		if to[a] == nil {
			to[a] = &ir.Array{Name: a.Name, Elem: a.Elem, Shape: a.Shape, Axes: a.Axes, Def: ir.Input, In: a.In}
			p.Inputs = append(p.Inputs, to[a])
		}
		return to[a]
	}
	of = c.whole(s.from)
	of.Rec = nil
	of.Rewrite(b, func(e *ir.Expr) *ir.Expr {
		for e.Kind == ir.KRead && e.Array != s.to.Array && leads(e.Array, s.to.Array) {
			e = at(b, e.Array, e.Args)
		}
		return b.Map(e, func(e *ir.Expr) *ir.Expr {
			if e.Kind == ir.KRead && e.Array.Def != ir.Input || e.Kind == ir.KRead && slices.Contains(c.g.Program.Inputs, e.Array) {
				return b.Read(read(e.Array), e.Args...)
			}
			return e
		})
	})
	p.Append(of)
	p.Outputs = []ir.Output{{Name: of.Name, Array: of}}
	return p, of, read(s.to.Array)
}

// whole is the array of a node as one equation.
func (c *chain) whole(n *graph.Node) *ir.Array {
	b := c.g.Program.Builder
	inner := map[*ir.Array]*ir.Array{}
	var last *ir.Array
	for _, m := range n.Inside() {
		d := *m.Array
		d.Rewrite(b, func(e *ir.Expr) *ir.Expr {
			if e.Kind == ir.KRead && inner[e.Array] != nil {
				return at(b, inner[e.Array], e.Args)
			}
			return e
		})
		inner[m.Array], last = &d, &d
	}
	return last
}

// at is the body of a definition at some indices.
func at(b *ir.Builder, a *ir.Array, idx []*ir.Expr) *ir.Expr {
	sub := map[ir.Index]*ir.Expr{}
	for k, i := range idx {
		sub[ir.Axis(k)] = i
	}
	return b.Subst(a.Body, sub)
}

// leads reports whether a only gives the elements of another array a second
// name.
func leads(a, to *ir.Array) bool {
	for a.Def == ir.Equation {
		e := a.Body
		if e.Kind == ir.KIf && !e.Args[0].ReadsAny() && e.Args[2].IsConst(0) {
			e = e.Args[1]
		}
		if e.Kind != ir.KRead {
			return false
		}
		if a = e.Array; a == to {
			return true
		}
	}
	return false
}

// expand is the body of the derivative with what it reads of definitions that
// are themselves no more than a few terms put in their place.
func (c *chain) expand(q *ir.Program, d, v *ir.Array) *ir.Expr {
	body := d.Body
	for range 4 {
		next := q.Map(body, func(e *ir.Expr) *ir.Expr {
			if e.Kind != ir.KRead || e.Array == v || e.Array.Def != ir.Equation || e.Array.Rec != nil || e.Array.Body.Size() > 24 || e.Array.Body.Reduces() {
				return e
			}
			return at(q.Builder, e.Array, e.Args)
		})
		if next == body {
			break
		}
		body = next
	}
	return body
}

// reaches reports whether e needs a, other than for v.
func reaches(e *ir.Expr, a, v *ir.Array) bool {
	return slices.ContainsFunc(ir.Reads(e), func(r *ir.Array) bool {
		return r == a || r != v && r.Def == ir.Equation && reaches(r.Body, a, v)
	})
}

// recognise writes what is an element of v as that.
func (c *chain) recognise(q *ir.Program, body *ir.Expr, v *ir.Array) *ir.Expr {
	if v.Body.Size() < 3 {
		return body
	}
	for k := range v.Rank() {
		for _, i := range body.Free() {
			if int(i) < v.Rank() || !i.IsAxis() {
				continue
			}
			idx := q.Axes(v.Rank())
			idx[k] = q.Idx(i)
			same := at(q.Builder, v, idx)
			body = q.Map(body, func(e *ir.Expr) *ir.Expr {
				if e == same {
					return q.Read(v, idx...)
				}
				return e
			})
		}
	}
	return body
}

// nonzeroWhen lists conditions that hold wherever e is not zero.
func nonzeroWhen(e *ir.Expr) []*ir.Expr {
	switch {
	case e.Kind == ir.KIf && e.Args[2].IsConst(0):
		return append(conjuncts(e.Args[0]), nonzeroWhen(e.Args[1])...)
	case e.IsCall(ir.Neg):
		return nonzeroWhen(e.Args[0])
	case e.IsCall(ir.Div):
		return nonzeroWhen(e.Args[0])
	case e.IsCall(ir.Mul):
		return append(nonzeroWhen(e.Args[0]), nonzeroWhen(e.Args[1])...)
	case e.IsCall(ir.Add) || e.IsCall(ir.Sub):
		other := nonzeroWhen(e.Args[1])
		return slices.DeleteFunc(nonzeroWhen(e.Args[0]), func(c *ir.Expr) bool { return !slices.Contains(other, c) })
	case e.IsReduce(ir.Sum):
		return slices.DeleteFunc(nonzeroWhen(e.Args[0]), func(c *ir.Expr) bool {
			return slices.ContainsFunc(c.Free(), func(i ir.Index) bool { return !i.IsAxis() })
		})
	}
	return nil
}

func conjuncts(e *ir.Expr) []*ir.Expr {
	if e.IsCall(ir.And) {
		return append(conjuncts(e.Args[0]), conjuncts(e.Args[1])...)
	}
	return []*ir.Expr{e}
}

// solveEqual solves an equation for a bare axis behind the first n.
func solveEqual(e *ir.Expr, n int) (ir.Index, *ir.Expr) {
	if !e.IsCall(ir.Eq) {
		return 0, nil
	}
	for k, x := range e.Args {
		y := e.Args[1-k]
		if x.Kind == ir.KIndex && x.Idx.IsAxis() && int(x.Idx) >= n && !y.Depends(x.Idx) {
			return x.Idx, y
		}
	}
	return 0, nil
}

var converted = regexp.MustCompile(`real\(([\pL\pN_]+)\)`)

// plainText is a line without the marks that people do not need.
func (c *chain) plainText(s string) string {
	return strings.ReplaceAll(converted.ReplaceAllString(c.short(s), "$1"), "real(", "(")
}
