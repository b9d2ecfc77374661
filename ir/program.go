package ir

import "fmt"

// Pos is a place in a source file, for comments in what is emitted.
type Pos struct {
	File string
	Line int
}

func (p Pos) String() string {
	if p.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// DefKind says how an array gets its elements.
type DefKind uint8

// The kinds of definition.
const (
	Input      DefKind = iota // given by the caller
	Equation                  // a[axes] = Body
	Accumulate                // a[At…] += Body for Domain, from zero
	Draw                      // a[axes] ~ Dist(DistArgs…), keyed by Path
)

// Role says what an input is for.
type Role uint8

// The roles of inputs.
const (
	Data      Role = iota // an argument: real, int or bool data
	Parameter             // a leaf of a model argument
	State                 // a state leaf of a model argument
	Tangent               // a direction, same shape as the input Of
	Cotangent             // weights on an output
)

// Array is one array of a program. Scalars have no axes.
type Array struct {
	Name  string
	Elem  Elem
	Shape []*Expr // sizes: integer expressions in dims
	Axes  []string
	Def   DefKind
	Pos   Pos
	Doc   string

	// Input
	Role Role
	Of   *Array // Tangent: of what
	In   *Expr  // Int data: elements lie in 0..In (nil: any)

	// Equation, Accumulate
	Body   *Expr
	Domain []Binder // Accumulate: temporaries free in At and Body
	At     []*Expr

	// Equation in a recurrence: all arrays of one *Recurrence run together
	Rec *Recurrence
	// TimeAxis is the axis along which the recurrence runs; Outer are those
	// of the recurrences that it runs in, the nearest first.
	TimeAxis int
	Outer    []int

	// Draw
	Dist     string // normal uniform bernoulli
	DistArgs []*Expr
	Path     string
}

// Rank is the number of axes.
func (a *Array) Rank() int { return len(a.Shape) }

// Dim is a symbolic size of a program.
type Dim struct {
	Name string
	// Call: bound at each call, from the data. Otherwise fixed by the
	// parameters (a model dim).
	Call bool
}

// Output is a named result.
type Output struct {
	Name  string
	Array *Array
}

// Program is a list of definitions; what a definition reads stands before it
// (arrays of one recurrence stand together and may read each other).
type Program struct {
	*Builder
	Name    string
	Dims    []Dim
	Inputs  []*Array
	Defs    []*Array
	Outputs []Output
	Where   []*Expr // conditions on dims, tested when they are bound
}

// Add appends a definition.
func (p *Program) Append(a *Array) *Array {
	p.Defs = append(p.Defs, a)
	return a
}

// Lookup finds an input or a definition by name, or nil.
func (p *Program) Lookup(name string) *Array {
	for _, list := range [][]*Array{p.Inputs, p.Defs} {
		for _, a := range list {
			if a.Name == name {
				return a
			}
		}
	}
	return nil
}

// Output finds the array of a result by name, or nil.
func (p *Program) Output(name string) *Array {
	for _, o := range p.Outputs {
		if o.Name == name {
			return o.Array
		}
	}
	return nil
}

// Unused returns name, or name with the smallest suffix that no array has.
func (p *Program) Unused(name string) string {
	if p.Lookup(name) == nil {
		return name
	}
	for k := 2; ; k++ {
		if n := fmt.Sprintf("%s_%d", name, k); p.Lookup(n) == nil {
			return n
		}
	}
}

// Clone copies a program so that its definitions can be changed. Inputs are
// shared; definitions are new arrays.
func (p *Program) Clone() *Program {
	q := *p
	q.Inputs = append([]*Array(nil), p.Inputs...)
	q.Outputs = append([]Output(nil), p.Outputs...)
	q.Defs = make([]*Array, len(p.Defs))
	to := make(map[*Array]*Array, len(p.Defs))
	recs := Recurrences{}
	for i, a := range p.Defs {
		c := *a
		c.Rec = recs.Copy(a.Rec)
		q.Defs[i], to[a] = &c, &c
	}
	for _, a := range q.Defs {
		a.Rewrite(p.Builder, func(e *Expr) *Expr {
			if e.Kind == KRead && to[e.Array] != nil {
				return p.Read(to[e.Array], e.Args...)
			}
			return e
		})
	}
	for i, o := range q.Outputs {
		if c := to[o.Array]; c != nil {
			q.Outputs[i].Array = c
		}
	}
	return &q
}

// Rewrite applies [Builder.Map] with f to every expression of the definition.
func (a *Array) Rewrite(b *Builder, f func(*Expr) *Expr) {
	memo := map[*Expr]*Expr{}
	m := func(e *Expr) *Expr { return b.mapExpr(e, f, memo) }
	if a.Body != nil {
		a.Body = m(a.Body)
	}
	for k := range a.At {
		if k == 0 {
			a.At = append([]*Expr(nil), a.At...)
		}
		a.At[k] = m(a.At[k])
	}
	for k := range a.Domain {
		if k == 0 {
			a.Domain = append([]Binder(nil), a.Domain...)
		}
		a.Domain[k].Lo, a.Domain[k].Hi = m(a.Domain[k].Lo), m(a.Domain[k].Hi)
	}
	for k := range a.DistArgs {
		if k == 0 {
			a.DistArgs = append([]*Expr(nil), a.DistArgs...)
		}
		a.DistArgs[k] = m(a.DistArgs[k])
	}
}

// Exprs lists the expressions of the definition.
func (a *Array) Exprs() []*Expr {
	var out []*Expr
	a.each(func(e *Expr) { out = append(out, e) })
	return out
}

func (a *Array) each(f func(*Expr)) {
	if a.Body != nil {
		f(a.Body)
	}
	for _, e := range a.At {
		f(e)
	}
	for _, d := range a.Domain {
		f(d.Lo)
		f(d.Hi)
	}
	for _, e := range a.DistArgs {
		f(e)
	}
}

// Reads lists the arrays that the definition reads, each once.
func (a *Array) Reads() []*Array {
	var r readers
	a.each(r.add)
	return r.list
}

// Prune drops definitions that no output depends on, and sorts nothing.
func (p *Program) Prune() {
	live := make(map[*Array]bool, len(p.Inputs)+len(p.Defs))
	var mark func(a *Array)
	mark = func(a *Array) {
		if live[a] {
			return
		}
		live[a] = true
		for _, r := range a.Reads() {
			mark(r)
		}
	}
	for _, o := range p.Outputs {
		mark(o.Array)
	}
	kept := p.Defs[:0:0]
	for _, a := range p.Defs {
		if live[a] {
			kept = append(kept, a)
		}
	}
	p.Defs = kept
}
