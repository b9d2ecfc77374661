package plan

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// lookback bounds over how many loops and products a definition may be moved
// up, so that planning is linear in the size of the program.
const lookback = 8

// fuser puts definitions into loops.
type fuser struct {
	*ir.Builder
	alias  map[*ir.Array]*Alias
	times  map[ir.Index]bool // indices of recurrences
	order  map[*ir.Array][]int
	turned map[*ir.Array]bool
}

func (f *fuser) list(items []item) []Node {
	var out []Node
	for _, it := range items {
		switch it := it.(type) {
		case *scan:
			f.times[it.dim.Idx] = true
			l := &Loop{Dim: it.dim, Down: it.down, Time: true, Body: f.list(it.body.items)}
			f.summarise(l)
			out = append(out, l)
		case *choice:
			out = append(out, &Branch{Cond: it.cond, Then: f.list(it.then.items), Else: f.list(it.els.items)})
		case *Def:
			switch {
			case it.product != nil:
				f.exact(it)
				out = append(out, it.product)
			case it.Array.Def == ir.Draw:
				out = append(out, &Draw{it})
			default:
				f.place(&out, it)
			}
		}
	}
	return out
}

// place puts what is left of a definition into a list of steps.
func (f *fuser) place(list *[]Node, d *Def) {
	if len(d.Dims)+len(d.RDims) == 0 {
		*list = append(*list, &Stmt{d})
		return
	}
	for c, far := len(*list)-1, 0; c >= 0 && far < lookback && !d.apart; c-- {
		switch (*list)[c].(type) {
		case *Loop, *Contraction, *Window, *Branch:
			far++
		}
		if l, ok := (*list)[c].(*Loop); ok {
			fits := f.fits
			if l.Time {
				fits = f.follows
			}
			if dim, ok := fits(l, d); ok {
				f.enter(list, c, l, d, dim)
				return
			}
		}
		if f.dependsOn(d, (*list)[c]) {
			break
		}
	}
	if w := f.window(d); w != nil {
		*list = append(*list, w)
		return
	}
	dim := f.first(d)
	l := &Loop{Dim: Dim{f.Temp(dim.Name), dim.Name, dim.Lo, dim.Hi}, writes: map[*ir.Array]*Def{}, reads: map[*ir.Array]bool{}}
	*list = append(*list, l)
	f.enter(list, len(*list)-1, l, d, dim)
}

// enter puts d into loop l, number c of the list, by its index dim.
func (f *fuser) enter(list *[]Node, c int, l *Loop, d *Def, dim Dim) {
	k := slices.IndexFunc(d.Dims, func(x Dim) bool { return x.Idx == dim.Idx })
	if k >= 0 {
		d.Dims = slices.Delete(slices.Clone(d.Dims), k, k+1)
	} else {
		k = slices.IndexFunc(d.RDims, func(x Dim) bool { return x.Idx == dim.Idx })
		d.RDims = slices.Delete(slices.Clone(d.RDims), k, k+1)
		if !d.started {
			d.started = true
			d.Scalar = len(d.Dims) == 0 && !d.Scatter
			*list = slices.Insert(*list, c, Node(&Begin{d}))
			c++
			if d.Scalar {
				*list = slices.Insert(*list, c+1, Node(&End{d}))
			}
		}
	}
	sub := map[ir.Index]*ir.Expr{dim.Idx: f.Idx(l.Idx)}
	d.Body = f.Subst(d.Body, sub)
	d.At = slices.Clone(d.At)
	for i := range d.At {
		d.At[i] = f.Subst(d.At[i], sub)
	}
	for _, dims := range [][]Dim{d.Dims, d.RDims} {
		for i := range dims {
			dims[i].Lo, dims[i].Hi = f.Subst(dims[i].Lo, sub), f.Subst(dims[i].Hi, sub)
		}
	}
	l.writes[d.Array] = d
	for _, e := range append([]*ir.Expr{d.Body}, d.At...) {
		for _, a := range ir.Reads(e) {
			l.reads[a] = true
		}
	}
	f.place(&l.Body, d)
}

// candidates are the indices of d that the next loop may run over.
func (f *fuser) candidates(d *Def) []Dim {
	var out []Dim
	free := func(x Dim) bool {
		for _, y := range slices.Concat(d.Dims, d.RDims) {
			if x.Lo.Depends(y.Idx) || x.Hi.Depends(y.Idx) {
				return false
			}
		}
		return true
	}
	for _, x := range d.Dims {
		if free(x) {
			out = append(out, x)
		}
	}
	if !commutes(d.Red) && len(d.Dims) > 0 {
		return out
	}
	for _, x := range d.RDims {
		if free(x) {
			out = append(out, x)
		}
		if !commutes(d.Red) {
			break
		}
	}
	return out
}

// commutes reports whether a reduction may run in any order, into arrays.
func commutes(r *ir.Reducer) bool { return r != ir.ArgMax && r != ir.ArgMin }

// first chooses the index of a new loop: in order, except that an axis along
// which memory is contiguous goes inside a reduction that is not.
func (f *fuser) first(d *Def) Dim {
	c := f.candidates(d)
	if len(c) > 1 && f.strided(d, c[0].Idx) {
		return c[1]
	}
	if d.Red == nil || !commutes(d.Red) || len(d.RDims) == 0 || len(d.Dims) != 1 || c[0].Idx != d.Dims[0].Idx {
		return c[0]
	}
	if len(c) > 1 && slices.ContainsFunc(readsOf(d), func(e *ir.Expr) bool { return f.turned[e.Array] }) {
		return c[1]
	}
	inner, sum := 0, 0
	last := d.RDims[len(d.RDims)-1].Idx
	ir.Walk(d.Body, func(e *ir.Expr) bool {
		if e.Kind == ir.KRead && e.Type == ir.Real && len(e.Args) > 0 {
			switch x := f.fastest(e); {
			case x.Depends(d.Dims[0].Idx):
				inner++
			case x.Depends(last):
				sum++
			}
		}
		return true
	})
	if inner > 0 && sum == 0 && len(c) > 1 {
		return c[1]
	}
	return c[0]
}

// strided reports whether an index runs along the memory of most of what d
// reads and writes, where some of it is not stored as declared.
func (f *fuser) strided(d *Def, i ir.Index) bool {
	along, across, moved := 0, 0, f.order[d.Array] != nil
	for _, e := range append(readsOf(d), f.Read(d.Array, d.At...)) {
		if len(e.Args) < 2 || e.Array == d.Array && d.Red != nil {
			continue
		}
		moved = moved || f.order[e.Array] != nil
		if f.fastest(e).Depends(i) {
			along++
		} else {
			across++
		}
	}
	return moved && along > across && commutes(d.Red)
}

// fastest is the index of a read along which memory is contiguous.
func (f *fuser) fastest(e *ir.Expr) *ir.Expr {
	k := len(e.Args) - 1
	if o := f.order[e.Array]; o != nil {
		k = o[k]
	}
	return e.Args[k]
}

// fits reports whether d may go into l, and by which of its indices. Loops
// that share no array are better apart.
func (f *fuser) fits(l *Loop, d *Def) (Dim, bool) {
	produced, shares := false, false
	reads := readsOf(d)
	for _, e := range reads {
		if l.writes[e.Array] != nil && f.turned[e.Array] {
			return Dim{}, false
		}
		produced = produced || l.writes[e.Array] != nil
		shares = shares || l.reads[e.Array] && e.Array.Rank() > 0
	}
	if !produced && !shares {
		return Dim{}, false
	}
	dims := f.candidates(d)
	if !produced {
		dims = []Dim{f.first(d)}
	}
	for _, x := range dims {
		if x.Lo == l.Lo && x.Hi == l.Hi && f.legal(l, reads, x) && !f.lanes(d, x) && !f.columns(d, x) {
			return x, true
		}
	}
	return Dim{}, false
}

// lanes reports whether x is where memory is contiguous, and no other index of d is:
// within a loop over x all of d would go across memory.
func (f *fuser) lanes(d *Def, x Dim) bool {
	if len(d.Dims)+len(d.RDims) < 2 || !commutes(d.Red) || x.Hi.Kind == ir.KConst && x.Hi.N < fewestLanes {
		return false
	}
	along := false
	for _, e := range append(readsOf(d), f.Read(d.Array, d.At...)) {
		if len(e.Args) < 2 {
			continue
		}
		for _, y := range slices.Concat(d.Dims, d.RDims) {
			if f.fastest(e).Depends(y.Idx) {
				if y.Idx != x.Idx {
					return false
				}
				along = true
			}
		}
	}
	return along
}

// columns reports whether a loop over x would take elements one by one that a call
// takes by rows: it is what a maximum over windows or columns looks through.
func (f *fuser) columns(d *Def, x Dim) bool {
	return d.Red == ir.MaxOver && slices.ContainsFunc(d.RDims, func(y Dim) bool { return y.Idx == x.Idx }) && f.window(d) != nil
}

// follows reports whether a sum over the steps of a recurrence may be added up
// as it runs, and by which index, so that what it sums need not be kept.
func (f *fuser) follows(l *Loop, d *Def) (Dim, bool) {
	if d.Red == nil || d.Scatter || l.Down && !commutes(d.Red) {
		return Dim{}, false
	}
	reads := readsOf(d)
	produced := slices.ContainsFunc(reads, func(e *ir.Expr) bool { return l.writes[e.Array] != nil })
	for _, x := range f.candidates(d) {
		summed := slices.ContainsFunc(d.RDims, func(y Dim) bool { return y.Idx == x.Idx })
		if produced && summed && x.Lo == l.Lo && x.Hi == l.Hi && f.legal(l, reads, x) {
			// Guards of others would be in the way of its own.
			ir.Walk(d.Body, func(e *ir.Expr) bool { d.apart = d.apart || e.Kind == ir.KIf; return !d.apart })
			return x, true
		}
	}
	return Dim{}, false
}

// legal reports whether everything read of what l writes is there at the same
// iteration, if x is the index of l.
func (f *fuser) legal(l *Loop, reads []*ir.Expr, x Dim) bool {
	for _, e := range reads {
		w := l.writes[e.Array]
		if w == nil || f.otherTime(w, e) {
			continue
		}
		p := slices.IndexFunc(w.At, func(at *ir.Expr) bool { return at.Kind == ir.KIndex && at.Idx == l.Idx })
		if p < 0 || e.Args[p].Kind != ir.KIndex || e.Args[p].Idx != x.Idx {
			return false
		}
	}
	return true
}

// otherTime reports whether e reads what w wrote in another step of the
// recurrence.
func (f *fuser) otherTime(w *Def, e *ir.Expr) bool {
	for p, at := range w.At {
		if at.Kind == ir.KIndex && f.times[at.Idx] {
			if d := f.Call(ir.Sub, e.Args[p], at); d.Kind == ir.KConst && d.N != 0 {
				return true
			}
		}
	}
	return false
}

// readsOf lists the reads of a definition.
func readsOf(d *Def) []*ir.Expr {
	var out []*ir.Expr
	list := append([]*ir.Expr{d.Body}, d.At...)
	for _, x := range slices.Concat(d.Dims, d.RDims) {
		list = append(list, x.Lo, x.Hi)
	}
	for _, e := range list {
		ir.Walk(e, func(x *ir.Expr) bool {
			if x.Kind == ir.KRead {
				out = append(out, x)
			}
			return true
		})
	}
	return out
}

// dependsOn reports whether d reads what a step writes.
func (f *fuser) dependsOn(d *Def, step Node) bool {
	for _, e := range readsOf(d) {
		if f.writesTo(step, e.Array) {
			return true
		}
	}
	return f.writesTo(step, d.Array)
}

func (f *fuser) writesTo(step Node, a *ir.Array) bool {
	same := func(w *ir.Array) bool { return w == a || f.alias[w] != nil && f.alias[w].Array == a }
	switch s := step.(type) {
	case *Loop:
		return s.writes[a] != nil
	case *Stmt:
		return same(s.Def.Array)
	case *Begin:
		return false
	case *End:
		return same(s.Def.Array)
	case *Draw:
		return same(s.Def.Array)
	case *Contraction:
		return same(s.Def.Array)
	case *Window:
		return same(s.Def.Array)
	case *Branch:
		return slices.ContainsFunc(slices.Concat(s.Then, s.Else), func(n Node) bool { return f.writesTo(n, a) })
	}
	return false
}

// summarise notes what a loop writes and reads, for loops made whole.
func (f *fuser) summarise(l *Loop) {
	l.writes, l.reads = map[*ir.Array]*Def{}, map[*ir.Array]bool{}
	Visit(l.Body, func(n Node) {
		if d := DefOf(n); d != nil {
			l.writes[d.Array] = d
		}
	})
}

// DefOf is the definition of a step, nil for loops and branches.
func DefOf(n Node) *Def {
	switch n := n.(type) {
	case *Stmt:
		return n.Def
	case *Begin:
		return n.Def
	case *End:
		return n.Def
	case *Draw:
		return n.Def
	case *Contraction:
		return n.Def
	case *Window:
		return n.Def
	}
	return nil
}

// Visit calls f for every step, outer ones first.
func Visit(list []Node, f func(Node)) {
	for _, n := range list {
		f(n)
		switch n := n.(type) {
		case *Loop:
			Visit(n.Body, f)
		case *Branch:
			Visit(n.Then, f)
			Visit(n.Else, f)
		case *Contraction:
			Visit(n.Exact, f)
		}
	}
}
