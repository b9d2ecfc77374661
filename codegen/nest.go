package codegen

import (
	"slices"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/internal/simd"
	"github.com/nnc-lang/nnc/ir"
)

// A loop over rows whose body is loops along rows, and numbers between them, as a softmax or a normalisation is, is one kernel: what a
// loop sums the next has in a register, what it writes the next reads from the
// first-level cache, and there is one call for all rows.
//
//	if fitA != nil && T > 0 {
//		sn := s[T*T*n:][:T*T]
//		an := a[T*T*n:][:T*T]
//		fitA(T, T, &sn[0], &an[0], T)
//	} else {
//		for i := range T { // by calls on whole rows
//		}
//	}

// nest is the loop around those of a kernel.
type nest struct {
	b        *body
	l        *plan.Loop
	lens     []*ir.Expr           // the lengths of rows
	made     map[*ir.Array]bool   // variables, and arrays, that it sets
	begun    map[*ir.Array]bool   // reductions that begin in each iteration
	folds    map[*ir.Array]int    // those that are done
	found    map[*ir.Expr]int     // reads of the indices that some of them are
	pointers []pointer            // to reals
	labels   []pointer            // to int32
	moves    []*ir.Expr           // how far pointers go
	cells    map[spot]*simd.Value // what elements hold
	once     []simd.Step          // before the next loop
	first    *plan.Def            // that sets a row
}

// rowNest prints a loop over rows as a kernel and otherwise; false: it has no such
// form, or that does not pay.
func (b *body) rowNest(l *plan.Loop, otherwise func()) bool {
	if b.kernels == nil || b.inNest || b.lazy > 0 || l.Time || l.Down || !l.Lo.IsConst(0) || l.Hi.ReadsAny() {
		return false
	}
	t := &nest{b: b, l: l, made: map[*ir.Array]bool{}, begun: map[*ir.Array]bool{}, folds: map[*ir.Array]int{}, found: map[*ir.Expr]int{}, cells: map[spot]*simd.Value{}}
	plan.Visit(l.Body, func(n plan.Node) {
		if d := plan.DefOf(n); d != nil {
			t.made[d.Array], t.made[b.root(d.Array)] = true, true
		}
	})
	k := newKernel(&rows{body: b})
	k.nest, k.Nest = t, true
	for _, n := range l.Body {
		if !k.node(n) {
			return false
		}
	}
	if t.first == nil || !k.nestPays() {
		return false
	}
	k.phase(nil)
	k.close()
	name := k.keep(t.first)
	if name == "" {
		return false
	}
	k.when(name+" != nil", append([]*ir.Expr{l.Hi}, t.lens...)...)
	done := b.push()
	b.lazy++
	k.pointers()
	k.invoke(name)
	b.lazy--
	done()
	b.line("} else {")
	done = b.push()
	b.inNest = b.kernels.at(k.String()).fitted.Everywhere()
	otherwise()
	b.inNest = false
	done()
	b.line("}")
	return true
}

// nestPays reports whether a kernel for all rows is worth its text: it is if loops
// need what others have summed, and if rows are short; long ones lose little by a
// call for each.
func (k *kernel) nestPays() bool {
	loops, work := 0, k.ops
	for _, p := range k.Phases {
		loops += min(len(p.Each), 1)
		for _, s := range p.Each {
			if s.Put == simd.Add {
				work++
			}
		}
	}
	n, known := int64(128), false // the shortest row
	for _, e := range k.nest.lens {
		if e.Kind == ir.KConst && (!known || e.N < n) {
			n, known = e.N, true
		}
	}
	if rows := k.nest.l.Hi; n < 4 || rows.Kind == ir.KConst && rows.N < 4 || work == 0 {
		return false
	}
	if loops > 1 {
		return n <= 128 || slices.ContainsFunc(k.Folds, func(f simd.Fold) bool { return !f.Out })
	}
	return work >= 3 || known && 8 <= n && n <= 512
}

// node adds a step of the outer loop.
func (k *kernel) node(n plan.Node) bool {
	t := k.nest
	switch n := n.(type) {
	case *plan.Begin:
		t.begun[n.Def.Array] = true
		return n.Def.Scalar
	case *plan.End:
		i, ok := t.folds[n.Def.Array]
		switch {
		case !ok:
			return false
		case k.Folds[i].Put.Places():
			t.found[k.b.Read(n.Def.Array, n.Def.At...)] = i
			return k.isLocal(n.Def.Array) || k.setIndex(n.Def, i)
		}
		return k.isLocal(n.Def.Array) || k.set(n.Def, simd.Folded(i))
	case *plan.Stmt:
		return k.between(n.Def)
	case *plan.Loop:
		if f := k.folded(n); f != nil {
			n = f
		}
		parts, suppose := k.parts(n)
		if parts == nil {
			parts = []*plan.Loop{n}
		}
		return !suppose && !slices.ContainsFunc(parts, func(p *plan.Loop) bool { return !k.along(p) })
	}
	return false
}

// between adds a statement between the loops.
func (k *kernel) between(d *plan.Def) bool {
	if d.Body.Type != ir.Real || d.Body.Reduces() || d.Scatter || k.nest.begun[d.Array] {
		return false
	}
	v := k.value(d.Body)
	switch {
	case v == nil:
		return false
	case d.Red == nil && k.isLocal(d.Array):
		k.values[d.Array] = v
		k.nest.once = append(k.nest.once, simd.Step{Put: simd.Keep, Value: v})
		return true
	case d.Red == nil:
		return k.set(d, v)
	case d.Red == ir.Sum && !d.Scalar:
		return k.addTo(d, v)
	case d.Scalar && d.Red != nil && folds[d.Red] != 0 && !folds[d.Red].Places():
		k.nest.once = append(k.nest.once, simd.Step{Put: folds[d.Red], To: len(k.Folds), Value: v})
		k.sums = append(k.sums, d)
		k.Folds = append(k.Folds, simd.Fold{Put: folds[d.Red], Out: true})
		return true
	}
	return false
}

// addTo adds a number to an element of an array.
func (k *kernel) addTo(d *plan.Def, v *simd.Value) bool {
	old := k.cell(k.b.Read(d.Array, d.At...))
	return old != nil && k.set(d, &simd.Value{Op: "add", Args: []*simd.Value{old, v}})
}

// set stores a number in an array.
func (k *kernel) set(d *plan.Def, v *simd.Value) bool {
	t := k.nest
	root, at := k.flat(d.Array, d.At)
	i, ok := t.pointer(&t.pointers, root, at, k.b.Int(1))
	if !ok || root.Elem != ir.Real {
		return false
	}
	t.once = append(t.once, simd.Step{Put: simd.Set, To: i, Value: v})
	t.forget(root)
	t.cells[spot{root, at}] = v
	k.memo = map[*ir.Expr]*simd.Value{}
	return true
}

// forget is called when elements of an array change.
func (t *nest) forget(a *ir.Array) {
	for p := range t.cells {
		if p.array == a {
			delete(t.cells, p)
		}
	}
}

// along adds a loop along the row.
func (k *kernel) along(l *plan.Loop) bool {
	t := k.nest
	if l.Time || l.Down || !l.Lo.IsConst(0) || len(l.Hi.Free()) > 0 || l.Hi.ReadsAny() || k.never(l.Dim) || k.backwards(l.Dim, t.l) {
		return false
	}
	if at, _ := k.only(l); at != nil {
		return false
	}
	k.rows = &rows{body: k.body, l: l, uses: map[*ir.Expr]int{}}
	written := map[*ir.Array]*ir.Expr{}
	for _, n := range l.Body {
		s, ok := n.(*plan.Stmt)
		if !ok || s.Def.Scatter || s.Def.Body.Type != ir.Real || s.Def.Body.Reduces() {
			return false
		}
		d := s.Def
		if !d.Scalar && !k.isLocal(d.Array) {
			root, at := k.flat(d.Array, d.At)
			if written[root] != nil {
				return false
			}
			written[root] = at
		}
		k.count(d.Body)
	}
	if !k.separate(written) {
		return false
	}
	var done, added []*plan.Def
	for _, n := range l.Body {
		d := n.(*plan.Stmt).Def
		_, again := t.folds[d.Array]
		isRow := d.Red == nil
		if !isRow && !d.Scalar {
			_, at := k.flat(d.Array, d.At)
			if isRow = at.Depends(l.Idx); !isRow {
				added = append(added, d)
			}
		}
		if again || !k.stmt(d, isRow) {
			return false
		}
		if t.first == nil || t.first.Scalar && !d.Scalar {
			t.first = d
		}
		if t.begun[d.Array] {
			done = append(done, d)
		}
	}
	k.phase(written)
	for _, d := range done {
		if k.isLocal(d.Array) {
			k.values[d.Array] = simd.Folded(t.folds[d.Array])
		}
	}
	for _, d := range added {
		if d.Red != ir.Sum || !k.addTo(d, simd.Folded(t.folds[d.Array])) {
			return false
		}
	}
	return true
}

// phase ends a loop that has written to arrays.
func (k *kernel) phase(written map[*ir.Array]*ir.Expr) {
	for root := range written {
		k.nest.forget(root)
	}
	if len(k.nest.once)+len(k.steps) > 0 {
		p := simd.Phase{Once: k.nest.once, Each: k.steps}
		if k.l != nil {
			p.Len = k.nest.length(k.l.Hi)
		}
		k.Phases = append(k.Phases, p)
	}
	k.nest.once, k.steps = nil, nil
	k.holds, k.memo = map[int]*simd.Value{}, map[*ir.Expr]*simd.Value{}
	k.rows = &rows{body: k.body}
}

// length is the number of a length of rows.
func (t *nest) length(n *ir.Expr) int {
	i := slices.Index(t.lens, n)
	if i < 0 {
		i = len(t.lens)
		t.lens = append(t.lens, n)
	}
	return i
}

// root is where the elements of an array are.
func (b *body) root(a *ir.Array) *ir.Array {
	for st := b.plan.Store[a]; st != nil && st.Alias != nil; st = b.plan.Store[a] {
		a = st.Alias.Array
	}
	return a
}

// fixed reports whether e has one value in all iterations.
func (t *nest) fixed(e *ir.Expr) bool {
	return !e.Depends(t.l.Idx) && !slices.ContainsFunc(ir.Reads(e), func(a *ir.Array) bool { return t.made[a] || t.made[t.b.root(a)] })
}
