package codegen

import (
	"bytes"
	"fmt"
	"go/token"
	"maps"
	"strings"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// body prints the steps of a plan as the statements of one method.
type body struct {
	scalars
	b      *ir.Builder
	plan   *plan.Plan
	w      bytes.Buffer
	names  *names
	arr    map[*ir.Array]string // where arrays outside the plan, or whole, are
	vars   []map[*ir.Expr]string
	rows   map[*ir.Array][]row
	cut    []*ir.Array // whose rows they are, in order
	idx    map[ir.Index]string
	loops  []*plan.Loop // open ones
	want   map[*ir.Expr]bool
	joints map[*ir.Expr]*joint
	used   map[string]bool    // dims
	source map[*ir.Array]bool // arrays of the program
	said   map[*ir.Array]bool
	sums   map[*plan.Def]string // accumulators
	best   map[*plan.Def]string // the extremum beside its index
	bare   map[*ir.Array]bool   // arguments that are numbers, not slices
	lazy   int                  // depth of branches within the statement
	runs   []*ir.Expr           // what is known not to be below 0 here, of loops that run
	inNest bool                 // beside a kernel for all that is printed
	over   map[*ir.Array]bool   // results that may be the slice of an argument

	stretches map[*ir.Expr]stretch // reads in rows of an image
	inner     map[*ir.Expr]bool    // reads of folded loops that are inside their arrays, though an index is not

	sharing *sharing // of loops among processors
	strip   strip    // of a row that processors share

	part    int       // of the plan
	before  int       // steps of the parts before
	scratch []scratch // rows of the workspace for values on their way
	places  []scratch // that scratch rows of other parts have had
}

// row is a slice cut so that its element at a loop's index is element
// base + index of the array.
type row struct {
	array *ir.Array
	base  *ir.Expr
	idx   ir.Index
	hi    *ir.Expr
	name  string
}

func (f *file) newBody(p *plan.Plan, ns *names) *body {
	b := &body{b: p.Program.Builder, plan: p, names: ns, arr: map[*ir.Array]string{}, idx: map[ir.Index]string{}, rows: map[*ir.Array][]row{},
		want: map[*ir.Expr]bool{}, used: map[string]bool{}, said: map[*ir.Array]bool{},
		sums: map[*plan.Def]string{}, best: map[*plan.Def]string{}, stretches: map[*ir.Expr]stretch{}, inner: map[*ir.Expr]bool{}}
	b.scalars = scalars{file: f, index: func(i ir.Index) string { return b.idx[i] }, read: b.element, hook: b.hook}
	b.vars = []map[*ir.Expr]string{{}}
	return b
}

func (b *body) line(format string, args ...any) {
	fmt.Fprintf(&b.w, format, args...)
	b.w.WriteByte('\n')
}

// push opens a scope of variables; the result closes it.
func (b *body) push() func() {
	b.vars = append(b.vars, map[*ir.Expr]string{})
	names, cut := b.names, len(b.cut)
	b.names = names.scope()
	return func() {
		b.vars = b.vars[:len(b.vars)-1]
		for _, a := range b.cut[cut:] {
			b.rows[a] = b.rows[a][:len(b.rows[a])-1]
		}
		b.names, b.cut = names, b.cut[:cut]
	}
}

func (b *body) known(e *ir.Expr) (string, bool) {
	for k := len(b.vars) - 1; k >= 0; k-- {
		if s, ok := b.vars[k][e]; ok {
			return s, true
		}
	}
	return "", false
}

func (b *body) keep(e *ir.Expr, name string) { b.vars[len(b.vars)-1][e] = name }

// list prints steps. Variables of the method are declared where needed.
func (b *body) list(list []plan.Node, in *plan.Loop) {
	b.declare(in)
	for i, n := range list {
		if in == nil && b.opt.Marks {
			b.line("mark(%d)", b.before+i)
		}
		switch n := n.(type) {
		case *plan.Loop:
			if in != nil || !b.sharedLoop(n) {
				b.loop(n)
			}
		case *plan.Stmt:
			if i == 0 || !isStmt(list[i-1]) {
				b.share(list[i:])
			}
			b.stmt(n.Def, list[i+1:])
		case *plan.Begin:
			b.begin(n.Def)
		case *plan.End:
			b.end(n.Def)
		case *plan.Contraction:
			b.contraction(n)
		case *plan.Window:
			b.window(n)
		case *plan.Draw:
			b.draw(n.Def)
		case *plan.Branch:
			b.branch(n)
		}
	}
}

func isStmt(n plan.Node) bool { _, ok := n.(*plan.Stmt); return ok }

// declare prints the variables that loops or branches below set.
func (b *body) declare(in *plan.Loop) {
	for _, a := range b.plan.In(in) {
		st := b.plan.Store[a]
		if st.Local() && st.Nested && (in != nil || st.Part == b.part) {
			b.arr[a] = b.names.pick(local(a.Name))
			b.line("var %s %s", b.arr[a], b.elem(a.Elem))
		}
	}
}

func (b *body) elem(e ir.Elem) string {
	switch e {
	case ir.Int:
		return "int"
	case ir.Bool:
		return "bool"
	}
	return b.real()
}

// variable is the name of a local array, chosen at its first use.
func (b *body) variable(a *ir.Array) (name string, first bool) {
	if s, ok := b.arr[a]; ok {
		return s, false
	}
	b.arr[a] = b.names.pick(local(a.Name))
	return b.arr[a], true
}

// say prints the equation that the following steps compute, once.
func (b *body) say(defs ...*plan.Def) {
	for _, d := range defs {
		if b.said[d.For] || !b.isSource(d.For) {
			continue
		}
		b.said[d.For] = true
		b.line("// %s", clip(ir.Equate(d.For)))
		if d.For.Pos.File != "" {
			b.line("// %s", d.For.Pos)
		}
	}
}

// isSource reports whether an array is one of the program, not of the plan.
func (b *body) isSource(a *ir.Array) bool {
	if b.source == nil {
		b.source = map[*ir.Array]bool{}
		for _, a := range b.plan.Program.Defs {
			b.source[a] = true
		}
	}
	return b.source[a]
}

const widest = 200

func clip(s string) string {
	s = strings.ReplaceAll(s, "\n", " ")
	if len(s) <= widest {
		return s
	}
	return strings.ToValidUTF8(s[:widest], "") + " …"
}

func (b *body) loop(l *plan.Loop) {
	if f := b.folded(l); f != nil {
		l = f
	}
	var defs []*plan.Def
	if !l.Time {
		plan.Visit(l.Body, func(n plan.Node) {
			if s, ok := n.(*plan.Stmt); ok {
				defs = append(defs, s.Def)
			}
		})
	}
	b.say(defs...)
	if at, list := b.only(l); at != nil {
		b.once(l, at, list)
		return
	}
	if b.never(l.Dim) {
		b.unread(l)
		return
	}
	if b.split(l) {
		return
	}
	if b.backwards(l.Dim) {
		b.guarded(l)
		return
	}
	b.hoist(l)
	b.plain(l)
}

// plain prints a loop in one piece.
func (b *body) plain(l *plan.Loop) {
	done := b.push()
	defer done()
	if b.move(l) || b.distances(l) || b.rowwise(l) {
		maps.Copy(b.names.up.taken, b.names.taken) // it stands in the block around
		return
	}
	b.each(l)
}

// each prints a loop over elements or rows.
func (b *body) each(l *plan.Loop) {
	if !b.rowNest(l, func() { b.elements(l) }) {
		b.elements(l)
	}
}

// elements prints a loop as one in Go.
func (b *body) elements(l *plan.Loop) {
	name := b.names.pick(local(l.Name))
	lo, hi := b.expr(l.Lo, 0), b.expr(l.Hi, 0)
	switch {
	case l.Down:
		b.line("for %s := %s - 1; %s >= %s; %s-- {", name, b.expr(l.Hi, binary["-"]), name, lo, name)
	case l.Lo.IsConst(0):
		if !b.mentions(l) {
			b.line("for range %s {", hi)
		} else {
			b.line("for %s := range %s {", name, hi)
		}
	default:
		b.line("for %s := %s; %s < %s; %s++ {", name, lo, name, hi, name)
	}
	b.idx[l.Idx] = name
	b.loops, b.runs = append(b.loops, l), append(b.runs, b.rest(l))
	b.list(l.Body, l)
	b.loops, b.runs = b.loops[:len(b.loops)-1], b.runs[:len(b.runs)-1]
	b.line("}")
}

// once prints the one iteration of a loop that does anything.
func (b *body) once(l *plan.Loop, at *ir.Expr, list []plan.Node) {
	_, cond := b.inside(at, l)
	if cond == "" {
		b.list(list, &plan.Loop{})
		return
	}
	b.line("if %s {", cond)
	b.arm(func() { b.list(list, &plan.Loop{}) })
	b.line("}")
}

// inside is a value of a loop's index as an operand, and the condition that the
// loop comes to it; "": it does.
func (b *body) inside(at *ir.Expr, l *plan.Loop) (i, cond string) {
	i = b.expr(at, binary["<"])
	hi := b.expr(l.Hi, binary["<"])
	if at.Kind == ir.KConst { // which keeps no name: 1 is not i wherever it stands
		switch {
		case at.N < 0:
			return i, "false"
		case b.b.NonNegative(b.b.Call(ir.Sub, l.Hi, b.b.Int(at.N+1))):
			return i, ""
		}
		return i, hi + " > " + i
	}
	if !token.IsIdentifier(i) {
		i = b.value(at, local(l.Name))
	}
	if at.Kind == ir.KRead && at.Array.In != nil && b.b.NonNegative(b.b.Call(ir.Sub, l.Hi, at.Array.In)) {
		return i, ""
	}
	return i, fmt.Sprintf("%s >= 0 && %s < %s", i, i, hi)
}

// mentions reports whether the body of a loop needs its index.
func (b *body) mentions(l *plan.Loop) bool {
	found := false
	depends := func(list ...*ir.Expr) {
		for _, e := range list {
			found = found || e.Depends(l.Idx)
		}
	}
	plan.Visit(l.Body, func(n plan.Node) {
		switch n := n.(type) {
		case *plan.Stmt:
			depends(n.Def.Body)
			st := b.plan.Store[n.Def.Array]
			for k, x := range n.Def.At {
				if st.Keep[k] {
					depends(x)
				}
			}
			found = found || n.Def.Red == ir.ArgMax || n.Def.Red == ir.ArgMin
		case *plan.Loop:
			depends(n.Lo, n.Hi)
		case *plan.Branch:
			depends(n.Cond)
		default:
			found = true
		}
	})
	return found
}

func (b *body) branch(n *plan.Branch) {
	b.line("if %s {", b.expr(n.Cond, 0))
	for k, list := range [][]plan.Node{n.Then, n.Else} {
		if k == 1 {
			if len(list) == 0 {
				break
			}
			b.line("} else {")
		}
		done := b.push()
		b.list(list, &plan.Loop{})
		done()
	}
	b.line("}")
}
