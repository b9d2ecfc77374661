package dsl

import (
	"slices"

	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
)

// recurrence is a group of equations that refer to each other at t-1 (or
// t+1): bases, with a constant at the time axis, and steps.
type recurrence struct {
	names []string // of its arrays
	has   map[string]bool
	bases []*syntax.Equation
	steps []*syntax.Equation
	last  int // position of its last statement
}

// findRecurrences groups the equations of a body that depend on themselves, and
// tells behind which statements the groups are complete.
func findRecurrences(stmts []syntax.Stmt) (of map[*syntax.Equation]*recurrence, behind map[int][]*recurrence) {
	by := map[string][]int{}
	for i, st := range stmts {
		if e, ok := st.(*syntax.Equation); ok && e.Op == "=" {
			for _, t := range e.Targets {
				by[t.Name.Name] = append(by[t.Name.Name], i)
			}
		}
	}
	uses := map[string][]string{}
	for name, at := range by {
		for _, i := range at {
			usedBy(stmts[i].(*syntax.Equation), func(n string) {
				if _, ok := by[n]; ok {
					uses[name] = append(uses[name], n)
				}
			})
		}
	}
	cycles := findCycles(uses)
	of, behind = map[*syntax.Equation]*recurrence{}, map[int][]*recurrence{}
	group := map[int]*recurrence{}
	for i, st := range stmts {
		e, ok := st.(*syntax.Equation)
		if !ok || e.Op != "=" {
			continue
		}
		for _, t := range e.Targets {
			n := t.Name.Name
			k := cycles[n]
			if k == 0 {
				continue
			}
			g := group[k]
			if g == nil {
				g = &recurrence{has: map[string]bool{}}
				group[k] = g
			}
			g.name(n)
			if of[e] == nil {
				of[e] = g
				g.last = i
				isStep := false
				usedBy(e, func(m string) { isStep = isStep || cycles[m] == k })
				if isStep {
					g.steps = append(g.steps, e)
				} else {
					g.bases = append(g.bases, e)
				}
			}
		}
	}
	for _, g := range group { // what a step gives beside them, though nothing reads it
		for _, e := range g.steps {
			for _, t := range e.Targets {
				g.name(t.Name.Name)
			}
		}
	}
	// A recurrence is elaborated behind its last statement, and behind those
	// that it reads.
	placed := map[*recurrence]bool{}
	var place func(g *recurrence)
	place = func(g *recurrence) {
		if placed[g] {
			return
		}
		placed[g] = true
		for _, e := range slices.Concat(g.bases, g.steps) {
			namesIn(e.Value, func(n string) {
				if h := group[cycles[n]]; h != nil && h != g {
					place(h)
					g.last = max(g.last, h.last)
				}
			})
		}
		behind[g.last] = append(behind[g.last], g)
	}
	for _, st := range stmts {
		if e, ok := st.(*syntax.Equation); ok && of[e] != nil {
			place(of[e])
		}
	}
	return of, behind
}

// findCycles numbers, from 1, the groups of names that depend on each other;
// a name that does not depend on itself has none. This is Tarjan's algorithm.
func findCycles(uses map[string][]string) map[string]int {
	group := map[string]int{}
	met, low := map[string]int{}, map[string]int{} // order of visits, and the first that is reached
	var path []string
	on := map[string]bool{}
	var visit func(n string)
	visit = func(n string) {
		met[n] = len(met) + 1
		low[n] = met[n]
		at := len(path)
		path, on[n] = append(path, n), true
		itself := false
		for _, m := range uses[n] {
			itself = itself || m == n
			if met[m] == 0 {
				visit(m)
				low[n] = min(low[n], low[m])
			} else if on[m] {
				low[n] = min(low[n], met[m])
			}
		}
		if low[n] < met[n] {
			return
		}
		for _, m := range path[at:] {
			on[m] = false
			if itself || len(path)-at > 1 {
				group[m] = met[n]
			}
		}
		path = path[:at]
	}
	for n := range uses {
		if met[n] == 0 {
			visit(n)
		}
	}
	return group
}

// name enters the name of an array of the group.
func (g *recurrence) name(n string) {
	if !g.has[n] {
		g.has[n] = true
		g.names = append(g.names, n)
	}
}

// A shift is a read h[t-1] or h[t+1] of an array of a group by one of its
// steps.
type shift struct {
	array string
	axis  int    // of the array
	index string // the name t
	down  bool   // t+1
	safe  bool   // it has a default
	at    diag.Span
}

// shifts lists the shifted reads of the steps of a group.
func (g *recurrence) shifts() (out []shift) {
	for _, st := range g.steps {
		g.reads(st.Value, false, func(array string, axis int, ix *syntax.Index, safe bool) {
			b, ok := syntax.Unparen(orNil(ix.Expr)).(*syntax.Binary)
			if !ok || b.Op != "-" && b.Op != "+" {
				return
			}
			v, named := syntax.Unparen(b.X).(*syntax.Name)
			if _, num := b.Y.(*syntax.Number); named && num {
				out = append(out, shift{array, axis, v.Name, b.Op == "+", safe, ix.Span})
			}
		})
	}
	return out
}

// reads calls f for every index with which e reads an array of the group, and
// whether a default stands behind the read.
func (g *recurrence) reads(e syntax.Expr, safe bool, f func(array string, axis int, ix *syntax.Index, safe bool)) {
	if x, ok := e.(*syntax.IndexExpr); ok {
		if n, ok := x.X.(*syntax.Name); ok && g.has[n.Name] {
			for k, ix := range x.Indices {
				f(n.Name, k, ix, safe)
			}
		}
	}
	d, _ := e.(*syntax.Default)
	children(e, func(x syntax.Expr) { g.reads(x, d != nil && x == d.X, f) })
}

// time picks the shifted read whose index is the time of the group: at an
// axis where a base has a place, for others are indices of a cell.
func (g *recurrence) time(shifts []shift, place func(*syntax.Index) bool) *shift {
	for k, sh := range shifts {
		for _, st := range g.bases {
			for _, t := range st.Targets {
				if t.Name.Name == sh.array && sh.axis < len(t.Indices) && place(t.Indices[sh.axis]) {
					return &shifts[k]
				}
			}
		}
	}
	if len(shifts) > 0 {
		return &shifts[0]
	}
	for _, st := range g.bases { // it reads all that went before: time is where its base has a place
		for _, t := range st.Targets {
			for k, ix := range t.Indices {
				if n := g.stepIndex(t.Name.Name, k); n != nil && place(ix) {
					_, named := syntax.Unparen(orNil(ix.Expr)).(*syntax.Name)
					return &shift{array: t.Name.Name, axis: k, index: n.Name, down: named}
				}
			}
		}
	}
	return nil
}

// stepIndex is the name that the step of an array has at an axis.
func (g *recurrence) stepIndex(array string, axis int) *syntax.Name {
	for _, st := range g.steps {
		for _, t := range st.Targets {
			if t.Name.Name == array && axis < len(t.Indices) {
				n, _ := syntax.Unparen(orNil(t.Indices[axis].Expr)).(*syntax.Name)
				return n
			}
		}
	}
	return nil
}

// ordered puts the steps of a group in an order in which each reads what those
// before it give for the same time, where one must stand before the other;
// loop is a step that would have to stand before itself, or nil.
func (g *recurrence) ordered(members map[string]*member, t string) (loop *syntax.Equation) {
	by := map[string]*syntax.Equation{}
	for _, st := range g.steps {
		for _, tg := range st.Targets {
			by[tg.Name.Name] = st
		}
	}
	var out []*syntax.Equation
	const visiting, placed = 1, 2
	state := map[*syntax.Equation]int{}
	var place func(st *syntax.Equation)
	need := func(name string) {
		if st := by[name]; st != nil {
			place(st)
		}
	}
	var reads func(e syntax.Expr)
	reads = func(e syntax.Expr) {
		switch x := e.(type) {
		case *syntax.Name:
			if m := members[x.Name]; m != nil && len(m.bases) == 0 {
				need(x.Name)
			}
		case *syntax.IndexExpr:
			if n, ok := x.X.(*syntax.Name); ok && members[n.Name] != nil && members[n.Name].axis < len(x.Indices) {
				if i, ok := syntax.Unparen(orNil(x.Indices[members[n.Name].axis].Expr)).(*syntax.Name); ok && i.Name == t {
					need(n.Name)
				}
			}
		}
		children(e, reads)
	}
	place = func(st *syntax.Equation) {
		switch state[st] {
		case visiting:
			loop = st
		case 0:
			state[st] = visiting
			reads(st.Value)
			state[st] = placed
			out = append(out, st)
		}
	}
	for _, st := range g.steps {
		place(st)
	}
	g.steps = out
	return loop
}
