package codegen

import (
	"math"
	"slices"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/internal/simd"
	"github.com/nnc-lang/nnc/ir"
)

// A loop over rows whose body is loops along the row, all of one length, and
// numbers between them, as a softmax or a normalisation is, is one kernel: what a
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
	n        *ir.Expr             // the length of rows
	made     map[*ir.Array]bool   // variables, and arrays, that it sets
	begun    map[*ir.Array]bool   // reductions that begin in each iteration
	folds    map[*ir.Array]int    // those that are done
	pointers []pointer            // to reals
	labels   []pointer            // to int32
	moves    []*ir.Expr           // how far pointers go
	cells    map[spot]*simd.Value // what elements hold
	once     []simd.Step          // before the next loop
	first    *plan.Def            // that sets a row
}

// pointer is to elements of an array of which each iteration has its own.
type pointer struct {
	array            *ir.Array
	base, move, size *ir.Expr
}

// spot is one element.
type spot struct {
	array *ir.Array
	at    *ir.Expr
}

// rowNest prints a loop over rows as a kernel and otherwise; false: it has no such
// form, or that does not pay.
func (b *body) rowNest(l *plan.Loop, otherwise func()) bool {
	if b.kernels == nil || b.inNest || b.lazy > 0 || l.Time || l.Down || !l.Lo.IsConst(0) || l.Hi.ReadsAny() {
		return false
	}
	t := &nest{b: b, l: l, made: map[*ir.Array]bool{}, begun: map[*ir.Array]bool{}, folds: map[*ir.Array]int{}, cells: map[spot]*simd.Value{}}
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
	k.when(name+" != nil", l.Hi, t.n)
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

// nestPays reports whether a kernel for all rows is worth its text.
func (k *kernel) nestPays() bool {
	n, rows := k.nest.n, k.nest.l.Hi
	if n.Kind == ir.KConst && n.N < 4 || rows.Kind == ir.KConst && rows.N < 4 {
		return false
	}
	loops, work := 0, k.ops
	for _, p := range k.Phases {
		loops += min(len(p.Each), 1)
		for _, s := range p.Each {
			if s.Put == simd.Add {
				work++
			}
		}
	}
	if loops > 1 {
		return true
	}
	return work >= 3 || work >= 1 && n.Kind == ir.KConst && 8 <= n.N && n.N <= 512
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
		return ok && (k.isLocal(n.Def.Array) || k.set(n.Def, simd.Folded(i)))
	case *plan.Stmt:
		return k.between(n.Def)
	case *plan.Loop:
		if f := k.folded(n); f != nil {
			n = f
		}
		return k.along(n)
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
	case d.Scalar && d.Red != nil && folds[d.Red] != 0:
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
	if t.n == nil {
		t.n = l.Hi
	}
	if l.Time || l.Down || !l.Lo.IsConst(0) || l.Hi != t.n || len(l.Hi.Free()) > 0 || l.Hi.ReadsAny() || k.never(l.Dim) || k.backwards(l.Dim, t.l) {
		return false
	}
	if at, _ := k.only(l); at != nil {
		return false
	}
	if parts, _ := k.parts(l); parts != nil {
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
		k.Phases = append(k.Phases, simd.Phase{Once: k.nest.once, Each: k.steps})
	}
	k.nest.once, k.steps = nil, nil
	k.holds, k.memo = map[int]*simd.Value{}, map[*ir.Expr]*simd.Value{}
	k.rows = &rows{body: k.body}
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

// alongRow is the row along which elements of an array stand.
func (k *kernel) alongRow(a *ir.Array, at []*ir.Expr) (int, bool) {
	root, e := k.flat(a, at)
	base := k.b.Call(ir.Sub, e, k.b.Idx(k.l.Idx))
	if root.Elem != ir.Real || base.Depends(k.l.Idx) {
		return 0, false
	}
	return k.nest.pointer(&k.nest.pointers, root, base, k.nest.n)
}

// pointer is the number of a pointer to so many elements of an array.
func (t *nest) pointer(list *[]pointer, a *ir.Array, at, size *ir.Expr) (int, bool) {
	coef, base, ok := t.b.b.Affine(at, []ir.Index{t.l.Idx})
	if !ok || t.b.isLocal(a) || t.b.bare[a] || !t.fixed(base) || !t.b.positive(base) {
		return 0, false
	}
	move := coef[t.l.Idx]
	if move == nil {
		move = t.b.b.Int(0)
	}
	if !t.fixed(move) || move.ReadsAny() || !t.b.b.NonNegative(move) {
		return 0, false
	}
	for i, p := range *list {
		switch {
		case p.array != a || p.base != base || p.move != move:
		case p.size == size || size.IsConst(1):
			return i, true
		case p.size.IsConst(1):
			(*list)[i].size = size
			return i, true
		}
	}
	*list = append(*list, pointer{a, base, move, size})
	return len(*list) - 1, true
}

// cell is an element that does not vary along the row.
func (k *kernel) cell(e *ir.Expr) *simd.Value {
	t := k.nest
	root, at := k.flat(e.Array, e.Args)
	if v := t.cells[spot{root, at}]; v != nil || root.Elem != ir.Real {
		return v
	}
	base, size, label := at, k.b.Int(1), 0
	if r, rest := k.labelled(at); r != nil && plan.Inside(k.b, e, k.open(t.l)) {
		i, ok := k.label(r, 0)
		if !ok {
			return nil
		}
		base, size, label = rest, r.Array.In, i+1
	}
	i, ok := t.pointer(&t.pointers, root, base, size)
	if !ok {
		return nil
	}
	v := simd.Cell(i, label)
	t.cells[spot{root, at}] = v
	return v
}

// labelled recognises an integer that is read, and what is added to it.
func (k *kernel) labelled(e *ir.Expr) (read, rest *ir.Expr) {
	for _, x := range k.b.PolyOf(e) {
		if x.Coef == 1 && len(x.Atoms) == 1 && x.Atoms[0].Kind == ir.KRead && x.Atoms[0].Array.In != nil {
			rest = k.b.Call(ir.Sub, e, x.Atoms[0])
			if !rest.ReadsAny() {
				return x.Atoms[0], rest
			}
		}
	}
	return nil, nil
}

// label is the number of an integer that each iteration reads.
func (k *kernel) label(r *ir.Expr, plus int64) (int, bool) {
	t := k.nest
	root, at := k.flat(r.Array, r.Args)
	if root.Elem != ir.Int || t.made[root] {
		return 0, false
	}
	i, ok := t.pointer(&t.labels, root, at, k.b.Int(1))
	if !ok {
		return 0, false
	}
	return k.newInt(simd.Int{Cell: i + 1, Plus: plus}, nil), true
}

// newInt is the number of an integer of the kernel, which e gives.
func (k *kernel) newInt(x simd.Int, e *ir.Expr) int {
	params := 0
	for i, y := range k.Ints {
		if y == x && (x.Cell > 0 || k.ints[params] == e) {
			return i
		}
		if y.Cell == 0 {
			params++
		}
	}
	if e != nil {
		k.ints = append(k.ints, e)
	}
	k.Ints = append(k.Ints, x)
	return len(k.Ints) - 1
}

// eachRow is the number of an integer of which each iteration has its own.
func (k *kernel) eachRow(e *ir.Expr) (int, bool) {
	t := k.nest
	if coef, rest, ok := k.b.Affine(e, []ir.Index{t.l.Idx}); ok && t.fixed(rest) {
		grows := coef[t.l.Idx]
		if grows == nil {
			grows = k.b.Int(0)
		}
		if grows.Kind != ir.KConst || !near(grows.N) {
			return 0, false
		}
		return k.newInt(simd.Int{Plus: grows.N}, rest), true
	}
	r, rest := k.labelled(e)
	if r == nil || rest.Kind != ir.KConst || !near(rest.N) {
		return 0, false
	}
	return k.label(r, rest.N)
}

// close describes the parameters.
func (k *kernel) close() {
	t := k.nest
	walk := func(p pointer) simd.Walk {
		if p.move.Kind == ir.KConst && near(8*p.move.N) {
			return simd.Walk{By: p.move.N}
		}
		i := slices.Index(t.moves, p.move)
		if i < 0 {
			i = len(t.moves)
			t.moves = append(t.moves, p.move)
		}
		return simd.Walk{Move: i + 1}
	}
	for _, p := range t.pointers {
		k.Rows = append(k.Rows, walk(p))
	}
	for _, p := range t.labels {
		k.Cells = append(k.Cells, walk(p))
	}
	k.N, k.Moves, k.Nums = constant(t.n), len(t.moves), len(k.nums)
}

// near reports whether n is a number in an instruction.
func near(n int64) bool { return math.MinInt32 <= n && n <= math.MaxInt32 }

// pointers prints the slices that a kernel is given, and its arguments.
func (k *kernel) pointers() {
	t := k.nest
	k.args = []string{k.expr(t.l.Hi, 0)}
	if k.N == 0 {
		k.args = append(k.args, k.expr(t.n, 0))
	}
	for _, p := range slices.Concat(t.pointers, t.labels) {
		k.args = append(k.args, "&"+k.span(p)+"[0]")
	}
	for _, e := range slices.Concat(t.moves, k.ints, k.nums) {
		k.args = append(k.args, k.expr(e, 0))
	}
}

// span is all that a pointer comes to.
func (k *kernel) span(p pointer) string {
	less := k.b.Call(ir.Sub, k.nest.l.Hi, k.b.Int(1))
	size := k.b.Call(ir.Add, k.b.Call(ir.Mul, p.move, less), p.size)
	for _, r := range k.body.rows[p.array] {
		if r.base == p.base && r.hi == size {
			return r.name
		}
	}
	if st := k.plan.Store[p.array]; p.base.IsConst(0) && st != nil && st.Size == size {
		return k.arr[p.array]
	}
	name := k.names.pick(k.withIndices(local(last(p.array.Name)), p.base))
	k.line("%s := %s[:%s]", name, k.from(p.array, p.base), k.expr(size, 0))
	return name
}
