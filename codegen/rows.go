package codegen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// An innermost loop whose statements compute element by element is printed, if
// it is long enough, as calls on whole rows, which the runtime computes on
// vectors:
//
//	rt.Adds(hn, hn, b)
//	rt.Tanhs(hn, hn)
//
// A statement is distributed over calls into its destination or into scratch
// rows of the workspace; what has no form for rows stays a loop over the row.
const fewest = 16 // elements that are worth a call

// rows prints one loop by calls.
type rows struct {
	*body
	l     *plan.Loop
	index string               // the name of the loop's index in loops that remain
	vec   map[*ir.Expr]string  // values that are in a row
	local map[*ir.Array]string // variables of the loop, as rows
	uses  map[*ir.Expr]int     // how often a value is needed
	free  []string             // scratch rows that are not in use
	rest  bool                 // something has no form for rows
	own   map[string]bool      // scratch rows that hold one value for one use
	cutTo map[string]bool      // scratch rows that have been cut to the loop
}

// extremum is the function of a row for each reducer that picks an element. An
// index is looked for in one loop, so that there is nothing to combine it with.
var extremum = map[*ir.Reducer]string{ir.MaxOver: "Maxs", ir.MinOver: "Mins", ir.ArgMax: "ArgMaxs", ir.ArgMin: "ArgMins"}

// rowwise prints a loop whose rows have been cut; false: it is not of the kind.
func (b *body) rowwise(l *plan.Loop) bool {
	r := &rows{body: b, l: l, vec: map[*ir.Expr]string{}, local: map[*ir.Array]string{}, uses: map[*ir.Expr]int{}, own: map[string]bool{}, cutTo: map[string]bool{}}
	if !r.distributes() {
		return false
	}
	for _, n := range l.Body {
		r.count(r.vectorPart(n.(*plan.Stmt).Def))
	}
	byCalls, k := r.gains(), r.kernel()
	if l == b.strip.l && k != nil && k.suffices() {
		byCalls, k.alone = false, true
	}
	if !byCalls && k == nil {
		return false
	}
	// What is declared here is in the block around, so names are not given back.
	b.vars = append(b.vars, map[*ir.Expr]string{})
	defer func() { b.vars = b.vars[:len(b.vars)-1] }()
	if k != nil {
		k.arguments()
	}
	start := b.w.Len()
	if byCalls {
		r.calls()
	} else {
		b.each(l)
	}
	if k != nil {
		k.around(start, byCalls)
	}
	return true
}

// calls prints the loop by calls on whole rows.
func (r *rows) calls() {
	b, l := r.body, r.l
	for _, s := range b.scratch {
		if s.size == r.room() {
			r.free = append(r.free, s.name)
		}
	}
	slices.Reverse(r.free)
	r.index = b.names.scope().pick(local(l.Name))
	b.idx[l.Idx] = r.index
	b.loops = append(b.loops, l)
	for k := 0; k < len(l.Body); k++ {
		if k+1 < len(l.Body) && r.expSum(l.Body[k].(*plan.Stmt).Def, l.Body[k+1].(*plan.Stmt).Def) {
			k++
			continue
		}
		r.stmt(l.Body[k].(*plan.Stmt).Def)
	}
	b.loops = b.loops[:len(b.loops)-1]
	for a := range r.local {
		delete(b.arr, a)
	}
}

// distributes reports whether each statement of the loop may be done for all
// iterations before the next.
func (r *rows) distributes() bool {
	l := r.l
	if l.Time || l.Down || !l.Lo.IsConst(0) || len(l.Hi.Free()) > 0 && !r.strip.is(l) || l.Hi.ReadsAny() || r.lazy > 0 {
		return false
	}
	if l.Hi.Kind == ir.KConst && l.Hi.N < fewest {
		return false
	}
	written := map[*ir.Array]*ir.Expr{}
	for _, n := range l.Body {
		s, ok := n.(*plan.Stmt)
		if !ok || s.Def.Body.Type != ir.Real || s.Def.Body.Reduces() {
			return false
		}
		d := s.Def
		if d.Red != nil && d.Red != ir.Sum && extremum[d.Red] == "" {
			return false
		}
		if !r.isRow(d) {
			if d.Red == nil || !d.Scalar && (d.Red != ir.Sum || slices.ContainsFunc(d.At, r.varies)) {
				return false
			}
		} else if !r.isLocal(d.Array) {
			root, at := r.flat(d.Array, d.At)
			if d.Red != nil && d.Red != ir.Sum || written[root] != nil {
				return false
			}
			written[root] = at
		}
		if !d.Body.Depends(l.Idx) && !r.readsLocal(d.Body) || l.Hi.Kind != ir.KConst && !r.numbersInside(d.Body) {
			return false
		}
	}
	return r.separate(written)
}

// gains reports whether calls on whole rows pay.
func (r *rows) gains() bool {
	l := r.l
	gain := 0.0
	for _, n := range l.Body {
		d := n.(*plan.Stmt).Def
		gain += r.gain(r.vectorPart(d), map[*ir.Expr]bool{})
		if d.Red != nil {
			gain += 2
		}
	}
	// A call on a short row costs as much as it saves. A size of the call is
	// rarely small, and where it is there is little to lose, unless loops remain.
	long := l.Hi.Kind != ir.KConst || l.Hi.N >= 4*fewest
	switch {
	case long && !r.rest:
		return gain > 0
	case l.Hi.Kind != ir.KConst:
		gain -= 3
	}
	return gain > 0.5
}

// readsLocal reports whether e needs a variable that the loop sets.
func (r *rows) readsLocal(e *ir.Expr) bool {
	return slices.ContainsFunc(ir.Reads(e), func(a *ir.Array) bool { return r.sets(a) })
}

// sets reports whether a is a variable of this loop: one value an iteration.
func (r *rows) sets(a *ir.Array) bool {
	return r.isLocal(a) && slices.ContainsFunc(r.l.Body, func(n plan.Node) bool {
		s, ok := n.(*plan.Stmt)
		return ok && s.Def.Array == a && s.Def.Red == nil
	})
}

// varies reports whether e has a value for each iteration.
func (r *rows) varies(e *ir.Expr) bool { return e.Depends(r.l.Idx) || r.readsLocal(e) }

// isRow reports whether a statement sets a row, or a variable, of one element an iteration.
func (r *rows) isRow(d *plan.Def) bool {
	if d.Red != nil && d.Scalar {
		return false
	}
	if r.isLocal(d.Array) {
		return d.Red == nil
	}
	_, ok := r.slice(d.Array, d.At)
	return ok
}

// slice is the row whose elements are those of an array at the loop's index.
func (r *rows) slice(a *ir.Array, at []*ir.Expr) (string, bool) {
	if s, ok := r.local[a]; ok {
		return s, true
	}
	if r.isLocal(a) || a.Elem != ir.Real {
		return "", false
	}
	root, e := r.flat(a, at)
	i := r.b.Idx(r.l.Idx)
	for _, x := range slices.Backward(r.rows[root]) {
		if x.idx == r.l.Idx && x.hi == r.l.Hi && r.b.Call(ir.Sub, e, x.base) == i {
			return x.name, true
		}
	}
	if st := r.plan.Store[root]; e == i && st != nil && st.Size == r.l.Hi {
		return r.arr[root], true
	}
	return "", false
}

// gain weighs what calls on rows save against what a loop for the rest costs.
func (r *rows) gain(e *ir.Expr, seen map[*ir.Expr]bool) float64 {
	if seen[e] || !r.varies(e) {
		return 0
	}
	seen[e] = true
	if e.Kind == ir.KRead {
		if _, ok := r.slice(e.Array, e.Args); ok || r.sets(e.Array) {
			return 0
		}
		if _, ok := r.stretch(e); ok {
			return 1
		}
		if _, _, ok := r.strides(e, r.l.Dim); ok {
			return 1
		}
		r.rest = true
		return -2
	}
	if !r.supported(e) {
		r.rest = true
		return -3
	}
	g := 0.5
	switch {
	case e.Kind == ir.KCall && e.Op.Row != "" && e.Op.Arity == 1, e.IsCall(ir.Pow):
		g = 4
	case e.IsCall(ir.Div):
		g = 1
	}
	for _, a := range e.Args {
		if a.Type == ir.Real {
			g += r.gain(a, seen)
		}
	}
	return g
}

// supported reports whether the outermost operator of e has a form for rows.
func (r *rows) supported(e *ir.Expr) bool {
	switch {
	case e.Kind == ir.KCall && e.Type == ir.Real:
		return e.Op.Row != "" || e.Op == ir.Neg || e.Op == ir.Max && e.Args[1].IsConst(0)
	case e.Kind == ir.KRead:
		_, stretched := r.stretch(e)
		_, _, strides := r.strides(e, r.l.Dim)
		return stretched || strides
	case e.Kind == ir.KIf:
		_, mask := r.masked(e)
		_, _, gate := r.gate(e)
		return mask || gate
	}
	return false
}

// gate recognises if y > 0 then dy else 0 with rows y and dy, both of which
// may be read anyway.
func (r *rows) gate(e *ir.Expr) (y, dy *ir.Expr, ok bool) {
	if !isGate(e) {
		return nil, nil, false
	}
	y, dy = e.Args[0].Args[0], e.Args[1]
	return y, dy, r.varies(y) && r.varies(dy) && r.whole(y) && r.whole(dy)
}

func isGate(e *ir.Expr) bool {
	c := e.Args[0]
	return c.IsCall(ir.Gt) && c.Args[0].Type == ir.Real && c.Args[1].IsConst(0) && isZero(e.Args[2])
}

// whole reports whether e can be evaluated in every iteration: it consists of
// rows and of what has a form for rows.
func (r *rows) whole(e *ir.Expr) bool {
	if _, ok := r.vec[e]; ok {
		return true
	}
	switch {
	case !r.varies(e):
		return numeric(e)
	case e.Kind == ir.KRead:
		_, ok := r.slice(e.Array, e.Args)
		if !ok && !r.sets(e.Array) {
			_, _, ok = r.strides(e, r.l.Dim)
			return ok
		}
		return true
	case !r.supported(e):
		return false
	}
	for _, a := range e.Args {
		if a.Type == ir.Real && !r.whole(a) {
			return false
		}
	}
	return true
}

// numeric reports whether e is a number that sizes give, by arithmetic that
// cannot fail.
func numeric(e *ir.Expr) bool {
	ok := true
	ir.Walk(e, func(x *ir.Expr) bool {
		ok = ok && (x.Kind == ir.KConst || x.Kind == ir.KDim || x.Kind == ir.KCall && x.Op.Class != ir.IntOnly)
		return ok
	})
	return ok
}

// stmt prints one statement of the loop for all iterations.
func (r *rows) stmt(d *plan.Def) {
	e := r.vectorPart(d)
	switch {
	case extremum[d.Red] != "":
		acc := r.acc(d)
		x := r.eval(e, "")
		f := fmt.Sprintf("%s(%s)", r.rt(extremum[d.Red]), x)
		if commutes := combine[d.Red]; commutes != "" {
			f = fmt.Sprintf(commutes, acc, f)
		}
		r.line("%s = %s", acc, f)
		r.release(x)
	case d.Red == ir.Sum && !r.isRow(d):
		r.sum(r.acc(d), e)
	case d.Red == ir.Sum:
		to, _ := r.slice(d.Array, d.At)
		r.addTo(to, e)
	case r.isLocal(d.Array):
		t := r.take()
		r.uses[e] = 1
		if x := r.eval(e, t); x != t {
			r.line("copy(%s, %s)", t, x)
		}
		r.local[d.Array] = t
		r.arr[d.Array] = t + "[" + r.index + "]"
		r.vec[e] = t
	default:
		to, _ := r.slice(d.Array, d.At)
		into := to
		if r.over[d.Array] || r.reads(e, to) {
			into = ""
		}
		r.uses[e] = 1
		x := r.evalTo(e, to, into)
		if x != to {
			r.line("copy(%s, %s)", to, x)
			r.release(x)
		}
		r.vec[e] = to
		r.hot(d, to)
	}
}

// sum adds the sum of e over the row.
func (r *rows) sum(acc string, e *ir.Expr) {
	op := "+="
	if e.IsCall(ir.Neg) {
		op, e = "-=", e.Args[0]
	}
	if e.IsCall(ir.Mul) && r.vec[e] == "" && r.varies(e.Args[0]) && r.varies(e.Args[1]) {
		x := r.eval(e.Args[0], "")
		y := r.eval(e.Args[1], "")
		r.line("%s %s %s(%s, %s)", acc, op, r.rt("Dots"), x, y)
		r.release(x, y)
		return
	}
	if x, m, ok := r.shifted(e); ok && r.vec[e] == "" {
		t := r.take()
		r.line("%s %s %s(%s, %s, %s)", acc, op, r.rt("ExpSums"), t, r.eval(x, ""), r.expr(m, 0))
		if r.uses[e] > 1 {
			r.vec[e] = t
		} else {
			r.free = append(r.free, t)
		}
		return
	}
	x := r.eval(e, "")
	r.line("%s %s %s(%s)", acc, op, r.rt("Sums"), x)
	r.release(x)
}

// shifted recognises e^(x - m) with a number m.
func (r *rows) shifted(e *ir.Expr) (x, m *ir.Expr, ok bool) {
	if !e.IsCall(ir.Exp) || !e.Args[0].IsCall(ir.Sub) {
		return nil, nil, false
	}
	x, m = e.Args[0].Args[0], e.Args[0].Args[1]
	return x, m, r.varies(x) && !r.varies(m)
}

// expSum prints e^(x - m) and its sum as one call.
func (r *rows) expSum(d, next *plan.Def) bool {
	e := r.vectorPart(d)
	x, m, ok := r.shifted(e)
	if !ok || d.Red != nil || r.isLocal(d.Array) || next.Red != ir.Sum || r.isRow(next) ||
		next.Body != r.b.Read(d.Array, d.At...) && next.Body != e || r.vec[e] != "" {
		return false
	}
	to, _ := r.slice(d.Array, d.At)
	acc, into := r.acc(next), to
	if r.over[d.Array] {
		into = ""
	}
	s := r.eval(x, into)
	r.line("%s += %s(%s, %s, %s)", acc, r.rt("ExpSums"), to, s, r.expr(m, 0))
	r.drop(s, to)
	r.vec[e] = to
	return true
}

// addTo adds e to a row.
func (r *rows) addTo(to string, e *ir.Expr) {
	if e.IsCall(ir.Mul) && r.vec[e] == "" {
		x, y := e.Args[0], e.Args[1]
		switch vx, vy := r.varies(x), r.varies(y); {
		case vx && vy:
			sx, sy := r.eval(x, ""), r.eval(y, "")
			r.line("%s(%s, %s, %s, %s)", r.rt("Fmas"), to, sx, sy, to)
			r.release(sx, sy)
			return
		case vy:
			x, y = y, x
			fallthrough
		case vx:
			s, n := r.eval(x, ""), r.expr(y, 0)
			r.line("%s(%s, %s, %s, %s)", r.rt("Axpys"), to, to, n, s)
			r.release(s)
			return
		}
	}
	f := "Adds"
	if e.IsCall(ir.Neg) {
		f, e = "Subs", e.Args[0]
	}
	x := r.eval(e, "")
	r.line("%s(%s, %s, %s)", r.rt(f), to, to, x)
	r.release(x)
}

// count notes how often values are needed.
func (r *rows) count(e *ir.Expr) {
	if r.uses[e]++; r.uses[e] > 1 {
		return
	}
	for _, a := range e.Args {
		r.count(a)
	}
}

// reads reports whether e reads the row of that name.
func (r *rows) reads(e *ir.Expr, name string) bool {
	found := false
	ir.Walk(e, func(x *ir.Expr) bool {
		if s, ok := r.vec[x]; ok {
			found = found || s == name
			return false
		}
		if x.Kind == ir.KRead {
			s, _ := r.slice(x.Array, x.Args)
			found = found || s == name
		}
		return !found
	})
	return found
}

func (r *rows) call(f string, args ...string) {
	r.line("%s(%s)", f, strings.Join(args, ", "))
}

// loopOver prints a loop for what has no form for rows.
func (r *rows) loopOver(to string, e *ir.Expr) {
	r.line("for %s := range %s {", r.index, to)
	r.arm(func() {
		r.names.taken[r.index] = true
		r.choose(fmt.Sprintf("%s[%s]", to, r.index), "=", e, false)
	})
	r.line("}")
}
