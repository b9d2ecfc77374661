package dsl

import (
	"slices"

	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
)

// recurrence is a group of equations that refer to each other at t-1 (or
// t+1): bases, with a constant at the time axis, and steps.
type recurrence struct {
	names []string
	bases []*syntax.Equation
	steps []*syntax.Equation
	last  int // position of its last statement
}

// findRecurrences groups the equations of a body that depend on themselves.
func findRecurrences(stmts []syntax.Stmt) map[*syntax.Equation]*recurrence {
	by := map[string][]int{}
	for i, st := range stmts {
		if e, ok := st.(*syntax.Equation); ok && e.Op == "=" {
			for _, t := range e.Targets {
				by[t.Name.Name] = append(by[t.Name.Name], i)
			}
		}
	}
	// reach[a] are the names that a depends on, transitively
	uses := map[string]map[string]bool{}
	for name, at := range by {
		uses[name] = map[string]bool{}
		for _, i := range at {
			e := stmts[i].(*syntax.Equation)
			namesIn(e.Value, func(n string) {
				if _, ok := by[n]; ok {
					uses[name][n] = true
				}
			})
		}
	}
	reach := map[string]map[string]bool{}
	for name := range by {
		seen := map[string]bool{}
		todo := []string{name}
		for len(todo) > 0 {
			n := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for m := range uses[n] {
				if !seen[m] {
					seen[m] = true
					todo = append(todo, m)
				}
			}
		}
		reach[name] = seen
	}
	out := map[*syntax.Equation]*recurrence{}
	group := map[string]*recurrence{}
	for i, st := range stmts {
		e, ok := st.(*syntax.Equation)
		if !ok || e.Op != "=" {
			continue
		}
		for _, t := range e.Targets {
			n := t.Name.Name
			if !reach[n][n] {
				continue
			}
			g := group[n]
			if g == nil {
				for m := range reach[n] {
					if reach[m][n] && group[m] != nil {
						g = group[m]
					}
				}
				if g == nil {
					g = &recurrence{}
				}
				group[n] = g
			}
			if !slices.Contains(g.names, n) {
				g.names = append(g.names, n)
			}
			if out[e] == nil {
				out[e] = g
				g.last = i
				isStep := false
				namesIn(e.Value, func(m string) { isStep = isStep || reach[m][n] && reach[n][m] || m == n })
				if isStep {
					g.steps = append(g.steps, e)
				} else {
					g.bases = append(g.bases, e)
				}
			}
		}
	}
	for _, g := range out { // what a step gives beside them, though nothing reads it
		for _, e := range g.steps {
			for _, t := range e.Targets {
				if n := t.Name.Name; !slices.Contains(g.names, n) {
					g.names = append(g.names, n)
				}
			}
		}
	}
	return out
}

// shifted finds the time index of a group: the name t of a read h[t-1] or
// h[t+1] of one of its arrays, and the sign of the shift.
func (g *recurrence) shifted() (t string, down bool, at diag.Span) {
	var visit func(e syntax.Expr)
	visit = func(e syntax.Expr) {
		if x, ok := e.(*syntax.IndexExpr); ok {
			if n, ok := x.X.(*syntax.Name); ok && slices.Contains(g.names, n.Name) {
				for _, ix := range x.Indices {
					b, ok := syntax.Unparen(orNil(ix.Expr)).(*syntax.Binary)
					if !ok || b.Op != "-" && b.Op != "+" {
						continue
					}
					if v, ok := b.X.(*syntax.Name); ok && t == "" {
						if _, num := b.Y.(*syntax.Number); num {
							t, down, at = v.Name, b.Op == "+", ix.Span
						}
					}
				}
			}
		}
		children(e, visit)
	}
	for _, st := range g.steps {
		visit(st.Value)
	}
	return t, down, at
}
