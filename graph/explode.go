package graph

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// exploder takes equations apart. A part that is stored gets an axis for each
// index it depends on; equal parts are stored once.
type exploder struct {
	*ir.Builder
	src    *ir.Program
	out    *ir.Program
	to     map[*ir.Array]*ir.Array // from the arrays of src
	node   map[*ir.Array]*Node     // of the arrays of out
	nodes  []*Node
	same   map[string]*ir.Array
	taken  map[string]bool
	consts map[float64]string // names of numbers

	// the recurrence at work
	rec    *ir.Recurrence
	down   bool
	group  map[*ir.Array]bool // arrays of out that belong to it
	inside []*ir.Array
}

// scope is where an expression stands.
type scope struct {
	def   *ir.Array // of src
	idx   []ir.Binder
	guard *ir.Expr // holds where the expression is evaluated; nil: everywhere
}

// New makes the graph of a program. consts are named numbers of the source, to
// be written by their names.
func New(p *ir.Program, consts []ir.Const) *Graph {
	g := parts(p, consts)
	g.repeat()
	g.live()
	g.sort()
	g.names(p)
	return g
}

// NewUnfolded is New with every copy of a layer drawn, since each has its own
// numbers.
func NewUnfolded(p *ir.Program, consts []ir.Const) *Graph {
	g := parts(p, consts)
	g.names(p)
	return g
}

func parts(p *ir.Program, consts []ir.Const) *Graph {
	x := explode(p, consts)
	g := &Graph{Name: p.Name, Program: x.out, Nodes: x.nodes}
	g.finish()
	return g
}

func explode(p *ir.Program, consts []ir.Const) *exploder {
	x := &exploder{Builder: p.Builder, src: p, to: map[*ir.Array]*ir.Array{}, node: map[*ir.Array]*Node{},
		same: map[string]*ir.Array{}, taken: map[string]bool{}, consts: map[float64]string{}}
	for _, c := range consts {
		if !c.IsInt && c.Real != 0 && c.Real != 1 {
			x.consts[c.Real] = c.Name
		}
	}
	x.out = &ir.Program{Builder: p.Builder, Name: p.Name, Dims: p.Dims, Inputs: p.Inputs, Where: p.Where}
	for _, a := range slices.Concat(p.Inputs, p.Defs) {
		x.taken[a.Name] = true
	}
	for _, a := range p.Inputs {
		kind := Data
		if a.Role == ir.Parameter {
			kind = Param
		}
		x.to[a] = a
		x.add(&Node{Kind: kind, Label: a.Name, Array: a, op: "input"})
	}
	for i := 0; i < len(p.Defs); {
		n := 1
		for p.Defs[i].Rec != nil && i+n < len(p.Defs) && p.Defs[i+n].Rec == p.Defs[i].Rec {
			n++
		}
		x.define(p.Defs[i : i+n])
		i += n
	}
	for _, o := range p.Outputs {
		x.out.Outputs = append(x.out.Outputs, ir.Output{Name: o.Name, Array: x.to[o.Array]})
	}
	return x
}

func (x *exploder) add(n *Node) *Node {
	x.nodes = append(x.nodes, n)
	x.node[n.Array] = n
	n.shape = shape(n.Array)
	return n
}

// define takes one definition apart, or those of a recurrence.
func (x *exploder) define(defs []*ir.Array) {
	x.rec, x.group, x.inside = nil, map[*ir.Array]bool{}, nil
	for _, a := range defs {
		c := &ir.Array{Name: a.Name, Elem: a.Elem, Shape: a.Shape, Axes: ir.AxisNames(a), Def: ir.Equation, Pos: a.Pos, Doc: a.Doc, TimeAxis: a.TimeAxis}
		x.to[a] = c
		if a.Rec != nil {
			if x.rec == nil {
				x.rec = &ir.Recurrence{Down: a.Rec.Down}
			}
			c.Rec = x.rec
			x.group[c] = true
			x.node[c] = &Node{Kind: Op, Array: c, shape: shape(c)}
		}
	}
	for _, a := range defs {
		switch {
		case a.Def == ir.Equation:
			sc := scope{def: a}
			for k, n := range a.Shape {
				sc.idx = append(sc.idx, ir.Binder{Idx: ir.Axis(k), Name: x.to[a].Axes[k], Lo: x.Int(0), Hi: n})
			}
			x.root(sc, a)
		default: // a draw, or an accumulation: one box
			x.whole(a)
		}
	}
	x.out.Defs = append(x.out.Defs, x.inside...)
}

// whole keeps a definition as it is.
func (x *exploder) whole(a *ir.Array) {
	c := *a
	c.Rewrite(x.Builder, x.mapRead)
	*x.to[a] = c
	n := &Node{Kind: Op, Label: "scatter", Array: x.to[a], Name: name(a.Name), op: "scatter"}
	if a.Def == ir.Draw {
		n.Label, n.op = "~ "+a.Dist, "draw"
	}
	for _, r := range x.to[a].Reads() {
		n.Args = append(n.Args, Arg{Node: x.node[r]})
	}
	x.out.Append(x.to[a])
	x.add(n)
}

// root takes the body of a definition apart.
func (x *exploder) root(sc scope, a *ir.Array) {
	n := &Node{Kind: Op, Array: x.to[a], Name: name(a.Name)}
	if old := x.node[n.Array]; old != nil {
		*old = *n
		n = old
	}
	e := a.Body
	switch {
	case !e.ReadsAny():
		n.op, n.Label = "const", x.text(sc, e)
		x.store(sc, n, e)
	case x.plain(sc, e):
		n.op, n.Label = "alias", "="
		e = x.mapped(e)
		n.Args = []Arg{x.arg(sc, e)}
		x.store(sc, n, e)
	default:
		x.build(sc, e, n)
	}
}

// operand is e as something that can be an argument: a read of a stored part,
// or an expression that reads nothing.
func (x *exploder) operand(sc scope, e *ir.Expr) *ir.Expr {
	switch {
	case !e.ReadsAny():
		return e
	case e.IsCall(ir.ToReal):
		return x.Real(x.operand(sc, e.Args[0]))
	case x.plain(sc, e):
		return x.mapped(e)
	}
	return x.build(sc, e, &Node{Kind: Op})
}

// arg is an operand as an argument of a node.
func (x *exploder) arg(sc scope, e *ir.Expr) Arg {
	reads := ir.Reads(e)
	if len(reads) == 0 {
		return Arg{Const: e}
	}
	a := Arg{Node: x.node[reads[0]]}
	if x.group[reads[0]] {
		ir.Walk(e, func(r *ir.Expr) bool {
			if r.Kind == ir.KRead && r.Array == reads[0] {
				t := r.Args[reads[0].TimeAxis]
				a.Back = a.Back || t.Kind != ir.KIndex
			}
			return true
		})
	}
	return a
}

// store makes a definition of body, which is in the indices of sc, and
// returns what reads it there.
func (x *exploder) store(sc scope, n *Node, body *ir.Expr) *ir.Expr {
	if sc.guard != nil && (len(sc.guard.Free()) == 0 || slices.ContainsFunc(sc.guard.Free(), body.Depends)) {
		zero := map[ir.Elem]*ir.Expr{ir.Real: x.Const(0), ir.Int: x.Int(0), ir.Bool: x.Bool(false)}[body.Type]
		body = x.If(sc.guard, body, zero)
	}
	member := slices.ContainsFunc(ir.Reads(body), func(a *ir.Array) bool { return x.group[a] })
	target := n.Array != nil
	sub := map[ir.Index]*ir.Expr{}
	a := &ir.Array{Def: ir.Equation, Elem: body.Type, Pos: sc.def.Pos}
	var at []*ir.Expr
	for k, b := range sc.idx {
		time := member && k == sc.def.TimeAxis && k < sc.def.Rank()
		if !target && !time && !body.Depends(b.Idx) {
			continue
		}
		if time {
			a.TimeAxis = len(at)
		}
		sub[b.Idx] = x.Idx(ir.Axis(len(at)))
		a.Shape, a.Axes = append(a.Shape, b.Hi), append(a.Axes, b.Name)
		at = append(at, x.Idx(b.Idx))
	}
	a.Body = x.Subst(body, sub)
	if target {
		n.Array.Body = a.Body
		a = n.Array
	} else {
		key := fmt.Sprint(a.Body.ID(), a.Shape, member)
		if old := x.same[key]; old != nil {
			return x.Read(old, at...)
		}
		x.same[key] = a
		a.Name = x.unused(sc.def.Name + "_" + letters(n.op))
	}
	if member && a.Rec == nil {
		a.Rec = x.rec
	}
	if a.Rec != nil {
		x.group[a] = true
		x.inside = append(x.inside, a)
	} else {
		x.out.Append(a)
	}
	n.Array = a
	x.add(n)
	return x.Read(a, at...)
}

func (x *exploder) unused(base string) string {
	name := base
	for k := 2; x.taken[name]; k++ {
		name = fmt.Sprintf("%s_%d", base, k)
	}
	x.taken[name] = true
	return name
}

func (x *exploder) mapRead(e *ir.Expr) *ir.Expr {
	if e.Kind == ir.KRead && x.to[e.Array] != nil {
		return x.Read(x.to[e.Array], e.Args...)
	}
	return e
}

// mapped is e with the arrays of src replaced by those of out.
func (x *exploder) mapped(e *ir.Expr) *ir.Expr { return x.Map(e, x.mapRead) }

// words are what operators are called in names.
var words = map[string]string{"@": "dot", "+": "add", "-": "sub", "*": "mul", "/": "div", "^": "pow", "sq": "square"}

// letters is what of s may stand in a name.
func letters(s string) string {
	if w := words[s]; w != "" {
		return w
	}
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
	if s == "" {
		return "part"
	}
	return s
}
