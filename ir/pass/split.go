package pass

import (
	"fmt"
	"maps"
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// split gives each reduction that stands below other operators an array over
// just the indices it depends on, which moves it out of all other loops.
//
// What may stay at the root of a definition is in [core]: a reduction, and a
// sum with a factor and terms beside it, such as a contraction with its bias.
// A reduction that reads the group of a recurrence joins the group; others
// leave it.
func split(p *ir.Program) error {
	s := newSplitter(p)
	s.walk(s.definition)
	return nil
}

func newSplitter(p *ir.Program) *splitter {
	s := &splitter{Program: p, names: map[string]bool{}, copies: map[string]int{}, same: map[defKey]*ir.Array{}}
	for _, list := range [][]*ir.Array{p.Inputs, p.Defs} {
		for _, a := range list {
			s.names[a.Name] = true
		}
	}
	return s
}

// walk calls f for each definition; what f makes comes before it, or before
// its recurrence.
func (s *splitter) walk(f func(a *ir.Array)) {
	defs := s.Defs
	s.Defs = nil
	for len(defs) > 0 {
		n := ir.Together(defs, 0)
		s.lists = [][]*ir.Array{nil}
		s.within(defs[:n], 0, f)
		s.Defs = append(s.Defs, s.lists[0]...)
		defs = defs[n:]
	}
}

// within calls f for definitions in the recurrences above depth.
func (s *splitter) within(defs []*ir.Array, depth int, f func(a *ir.Array)) {
	for len(defs) > 0 {
		n := ir.Together(defs, depth)
		if defs[0].Rec.Depth() == depth {
			f(defs[0])
		} else {
			s.lists = append(s.lists, nil)
			s.within(defs[:n], depth+1, f)
			s.lists[depth] = append(s.lists[depth], s.lists[depth+1]...)
			s.lists = s.lists[:depth+1]
		}
		defs = defs[n:]
	}
}

// put appends a definition to those of its recurrence.
func (s *splitter) put(a *ir.Array) {
	d := a.Rec.Depth()
	s.lists[d] = append(s.lists[d], a)
}

// placed reports whether a stands before what is put next.
func (s *splitter) placed(a *ir.Array) bool {
	return slices.ContainsFunc(s.lists, func(l []*ir.Array) bool { return slices.Contains(l, a) })
}

type splitter struct {
	*ir.Program
	bounds
	names  map[string]bool
	copies map[string]int // the last number given to a name
	same   map[defKey]*ir.Array
	a      *ir.Array
	lists  [][]*ir.Array // of the recurrences at hand, by depth; first what comes before them
	conds  []*ir.Expr    // what the branches around hold
}

// defKey finds an equation by what it computes.
type defKey struct {
	body  *ir.Expr
	shape string
	rec   *ir.Recurrence
}

func keyOf(body *ir.Expr, shape []*ir.Expr, rec *ir.Recurrence) defKey {
	k := defKey{body: body, rec: rec}
	for _, d := range shape {
		k.shape += fmt.Sprint(d.ID(), " ")
	}
	return k
}

func (s *splitter) definition(a *ir.Array) {
	s.begin(a)
	switch a.Def {
	case ir.Equation:
		a.Body = s.root(a.Body)
		s.same[keyOf(a.Body, a.Shape, a.Rec)] = a
	case ir.Accumulate:
		a.Body = s.inner(a.Body)
	case ir.Draw:
		for k := range a.DistArgs {
			a.DistArgs[k] = s.inner(a.DistArgs[k])
		}
	}
	s.put(a)
}

func (s *splitter) begin(a *ir.Array) { s.a, s.bounds = a, newBounds(s.Program, a) }

// root splits what is below the root of an equation.
func (s *splitter) root(e *ir.Expr) *ir.Expr {
	if e.IsCall(ir.Add) || e.IsCall(ir.Sub) {
		e = s.sum(e, len(e.Free()) > 0)
	}
	if !e.Reduces() {
		return e
	}
	if r := core(e); r != nil && s.full(r) {
		return s.around(e, r)
	}
	return s.inner(e)
}

// full reports whether e depends on all axes of the definition that have more
// than one index.
func (s *splitter) full(e *ir.Expr) bool {
	for k, d := range s.a.Shape {
		if !d.IsConst(1) && !e.Depends(ir.Axis(k)) {
			return false
		}
	}
	return true
}

// around splits below the reduction r, which stays.
func (s *splitter) around(e, r *ir.Expr) *ir.Expr {
	if e == r {
		return s.reduction(e)
	}
	args := slices.Clone(e.Args)
	for k, x := range args {
		if !x.Reduces() {
			continue
		}
		s.branch(e, k, func() { args[k] = s.around(x, r) })
	}
	return s.Rebuild(e, args)
}

func (s *splitter) reduction(e *ir.Expr) *ir.Expr {
	if !e.Args[0].Reduces() && !slices.ContainsFunc(e.Binders, func(bd ir.Binder) bool { return bd.Lo.Reduces() || bd.Hi.Reduces() }) {
		return e
	}
	binders, body := s.Open(e)
	for k := range binders {
		bd := &binders[k]
		bd.Lo, bd.Hi = s.inner(bd.Lo), s.inner(bd.Hi)
		s.enter(binders[k : k+1])
	}
	return s.Reduce(e.Red, binders, s.inner(body))
}

// branch does f with the guard of argument k of e among the conditions that hold.
func (s *splitter) branch(e *ir.Expr, k int, f func()) {
	n := len(s.conds)
	if c := holding(s.Builder, e, k); c != nil {
		s.conds = append(s.conds, c)
	}
	f()
	s.conds = s.conds[:n]
}

// inner replaces the reductions in e by reads of arrays.
func (s *splitter) inner(e *ir.Expr) *ir.Expr {
	if e.IsCall(ir.Add) || e.IsCall(ir.Sub) {
		e = s.sum(e, len(e.Free()) > 0)
	}
	if !e.Reduces() {
		return e
	}
	if r := core(e); r != nil && slices.Equal(r.Free(), e.Free()) {
		e = s.around(e, r)
		if x := s.extract(e, suffix(e)); x != nil {
			return x
		}
		return e
	}
	if e.Kind == ir.KReduce {
		return s.reduction(e)
	}
	args := slices.Clone(e.Args)
	for k, x := range args {
		s.branch(e, k, func() { args[k] = s.inner(x) })
	}
	return s.Rebuild(e, args)
}

// sum leaves at most one reduction among the terms of a sum: x*W + h*U + b
// stays one pre-activation, with the product by h in it. A scalar sum, such as
// loss and decay, keeps none.
func (s *splitter) sum(e *ir.Expr, one bool) *ir.Expr {
	var terms []*ir.Expr
	var collect func(x *ir.Expr)
	collect = func(x *ir.Expr) {
		if x.IsCall(ir.Add) || x.IsCall(ir.Sub) {
			collect(x.Args[0])
			collect(x.Args[1])
		} else if x.Reduces() {
			terms = append(terms, x)
		}
	}
	collect(e)
	if len(terms) < 2 {
		return e
	}
	keep := terms[len(terms)-1]
	for _, x := range terms {
		if s.inGroup(x) {
			keep = x
		}
	}
	if r := core(keep); !one || r == nil || r.Red != ir.Sum || !slices.Equal(r.Free(), e.Free()) {
		keep = nil
	}
	var rebuild func(x *ir.Expr) *ir.Expr
	rebuild = func(x *ir.Expr) *ir.Expr {
		if x.IsCall(ir.Add) || x.IsCall(ir.Sub) {
			return s.Rebuild(x, []*ir.Expr{rebuild(x.Args[0]), rebuild(x.Args[1])})
		}
		if x == keep {
			return x
		}
		return s.inner(x)
	}
	return rebuild(e)
}

// group is the innermost recurrence being split that e reads, or nil.
func (s *splitter) group(e *ir.Expr) *ir.Recurrence {
	if s.a.Rec == nil {
		return nil
	}
	reads := ir.Reads(e)
	for r := s.a.Rec; r != nil; r = r.In {
		if slices.ContainsFunc(reads, func(a *ir.Array) bool { return a.Rec.Within(r) }) {
			return r
		}
	}
	return nil
}

// inGroup reports whether e reads the recurrence that is being split.
func (s *splitter) inGroup(e *ir.Expr) bool { return s.group(e) != nil && s.group(e) == s.a.Rec }

// extract is a read of an array of its own for e, or nil where that is not
// possible: a range depends on an index, or only a branch keeps the reads of e
// inside their arrays.
func (s *splitter) extract(e *ir.Expr, suffix string) *ir.Expr {
	free := slices.Clone(e.Free())
	slices.SortFunc(free, func(i, j ir.Index) int { // axes, then binders from the outside
		if i.IsTemp() != j.IsTemp() {
			if i.IsTemp() {
				return 1
			}
			return -1
		}
		if i.IsTemp() {
			return int(j - i)
		}
		return int(i - j)
	})
	n := &ir.Array{Def: ir.Equation, Elem: e.Type, Pos: s.a.Pos}
	sub := map[ir.Index]*ir.Expr{}
	var at []*ir.Expr
	for k, i := range free {
		lo, hi := s.lo[i], s.hi[i]
		size := s.Call(ir.Sub, hi, lo)
		if len(lo.Free())+len(hi.Free()) > 0 || size.ReadsAny() {
			return nil
		}
		n.Shape = append(n.Shape, size)
		n.Axes = append(n.Axes, s.axisName(i))
		sub[i] = s.Call(ir.Add, s.Idx(ir.Axis(k)), lo)
		at = append(at, s.Call(ir.Sub, s.Idx(i), lo))
	}
	body := e
	if len(s.conds) > 0 && !s.safe(e) {
		for _, c := range s.conds {
			for _, i := range c.Free() {
				if !slices.Contains(free, i) {
					return nil
				}
			}
		}
		for k := len(s.conds) - 1; k >= 0; k-- {
			if c := s.conds[k]; c.IsCall(ir.Not) {
				body = s.If(c.Args[0], s.zero(e.Type), body)
			} else {
				body = s.If(c, body, s.zero(e.Type))
			}
		}
	}
	body = s.filled(n, body)
	n.Body = s.Subst(body, sub)
	n.Rec = s.group(body)
	for r := n.Rec; r != nil; r = r.In { // with all its time axes
		time := slices.Index(free, ir.Axis(s.a.TimeIn(r)))
		switch {
		case time < 0:
			return nil
		case r == n.Rec:
			n.TimeAxis = time
		default:
			n.Outer = append(n.Outer, time)
		}
	}
	key := keyOf(n.Body, n.Shape, n.Rec)
	if old := s.same[key]; old != nil {
		return s.Read(old, at...)
	}
	n.Name = s.unused(s.a.Name + suffix)
	s.same[key] = n
	s.put(n)
	return s.Read(n, at...)
}

// filled is the body of n, which has some of the axes of the definition that is
// being split. An element of that says that none of its sizes is 0, and guards
// that said so were left out; where reads need them, they come back.
func (s *splitter) filled(n *ir.Array, body *ir.Expr) *ir.Expr {
	known, lo, hi := s.sizes, s.lo, s.hi
	defer func() { s.sizes, s.lo, s.hi = known, lo, hi }()
	s.sizes, s.lo, s.hi = newBounds(s.Program, n).sizes, maps.Clone(lo), maps.Clone(hi)
	var lost []string
	for d := range known {
		if !s.sizes[d] {
			lost = append(lost, d)
		}
	}
	for i, size := range hi { // an index of a sum says so too
		if !slices.Contains(body.Free(), i) {
			delete(s.lo, i)
			delete(s.hi, i)
			if size.Kind == ir.KDim && !s.sizes[size.Name] {
				lost = append(lost, size.Name)
			}
		}
	}
	if len(lost) == 0 || s.safe(body) {
		return body
	}
	slices.Sort(lost)
	lost = slices.Compact(lost)
	for _, d := range lost {
		body = s.If(s.Call(ir.Gt, s.Dim(d), s.Int(0)), body, s.zero(n.Elem))
	}
	return body
}

func (s *splitter) zero(t ir.Elem) *ir.Expr {
	switch t {
	case ir.Int:
		return s.Int(0)
	case ir.Bool:
		return s.Bool(false)
	}
	return s.Const(0)
}

func (s *splitter) axisName(i ir.Index) string {
	switch {
	case i.IsTemp():
		return s.TempName(i)
	case int(i) < len(s.a.Axes):
		return s.a.Axes[i]
	}
	return ""
}

func (s *splitter) unused(name string) string {
	out := name
	for s.names[out] {
		s.copies[name] = max(s.copies[name], 1) + 1
		out = fmt.Sprintf("%s_%d", name, s.copies[name])
	}
	s.names[out] = true
	return out
}
