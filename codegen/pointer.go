package codegen

import (
	"math"
	"slices"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/internal/simd"
	"github.com/nnc-lang/nnc/ir"
)

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

// alongRow is the row along which elements of an array stand.
func (k *kernel) alongRow(a *ir.Array, at []*ir.Expr) (int, bool) {
	root, e := k.flat(a, at)
	base := k.b.Call(ir.Sub, e, k.b.Idx(k.l.Idx))
	if root.Elem != ir.Real || base.Depends(k.l.Idx) {
		return 0, false
	}
	return k.nest.pointer(&k.nest.pointers, root, base, k.l.Hi)
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
		if x.Coef == 1 && len(x.Atoms) == 1 && x.Atoms[0].Kind == ir.KRead {
			if _, found := k.nest.found[x.Atoms[0]]; !found && x.Atoms[0].Array.In == nil {
				continue
			}
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
	if root.Elem != ir.Int || t.b.inArena(root) || t.made[root] {
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
		if y == x && (e == nil || k.ints[params] == e) {
			return i
		}
		if y.Param() {
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
	if fold, ok := t.found[r]; ok {
		return k.newInt(simd.Int{Fold: fold + 1, Plus: rest.N}, nil), true
	}
	return k.label(r, rest.N)
}

// setIndex stores an index that a fold has found.
func (k *kernel) setIndex(d *plan.Def, fold int) bool {
	t := k.nest
	root, at := k.flat(d.Array, d.At)
	if root.Elem != ir.Int || t.b.inArena(root) {
		return false
	}
	i, ok := t.pointer(&t.labels, root, at, k.b.Int(1))
	t.once = append(t.once, simd.Step{Put: simd.SetIndex, To: i, Value: simd.Folded(fold)})
	return ok
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
	for _, n := range t.lens {
		k.Lens = append(k.Lens, constant(n))
	}
	k.Moves, k.Nums = len(t.moves), len(k.nums)
}

// near reports whether n is a number in an instruction.
func near(n int64) bool { return math.MinInt32 <= n && n <= math.MaxInt32 }

// pointers prints the slices that a kernel is given, and its arguments.
func (k *kernel) pointers() {
	t := k.nest
	k.args = []string{k.expr(t.l.Hi, 0)}
	for i, n := range t.lens {
		if k.Lens[i] == 0 {
			k.args = append(k.args, k.expr(n, 0))
		}
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
