package simd

import (
	"math"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// evaluation is the statements of a loop on the vectors of one step, or with one
// vector of equal numbers what is done once for a row.
type evaluation struct {
	*lanes
	fn     *function
	mask   *mask
	memo   map[*Value]arg
	uses   map[*Value]int // how often a value is needed
	stored map[*Value]int // the row that holds a value
	tests  map[position]test
}

// position is a test of the index of elements, or of another integer.
type position struct {
	op      string
	int, at int
}

// varies reports whether v is not the same for all elements of a row.
func (t *function) varies(v *Value) bool {
	if x, ok := t.varying[v]; ok {
		return x
	}
	out := v.Op == "" && v.Leaf == RowLeaf || (v.Op == "before" || v.Op == "at") && v.At == 0
	for _, a := range v.Args {
		out = t.varies(a) || out
	}
	t.varying[v] = out
	return out
}

// prepare computes what v needs that does not vary, before the loop.
func (e *evaluation) prepare(v *Value) {
	if !e.fn.varies(v) {
		if v.Op != "" || v.Leaf != ConstLeaf {
			e.once(v)
		}
		return
	}
	for _, a := range v.Args {
		e.prepare(a)
	}
}

// once is v, which does not vary, where it stays.
func (e *evaluation) once(v *Value) arg {
	x := e.same(v)
	r, ok := x.(val)
	if ok && e.fn.way.frame && (v.Op != "" || v.Leaf != ConstLeaf) {
		x = e.fn.keep(r)
		e.fn.uniform[v] = x
	}
	return x
}

// same is a value that does not vary.
func (e *evaluation) same(v *Value) arg {
	if x, ok := e.fn.uniform[v]; ok {
		return x
	}
	var x arg
	switch {
	case v.Op != "":
		x = e.operate(v)
	case v.Leaf == ConstLeaf:
		return e.num(v.Const)
	case v.Leaf == FoldLeaf:
		x = e.fn.folded[v.Index]
	default: // CellLeaf
		m, r := Mem{Base: e.fn.row(v.Index)}, e.new()
		if v.At > 0 {
			i := e.c.GP64()
			e.c.MOVQ(e.fn.ints[v.At-1], i)
			m.Index, m.Scale = i, uint8(e.size)
		}
		e.splat(e.c, m, r[0])
		x = r
	}
	e.fn.uniform[v] = x
	return x
}

func (e *evaluation) run(list []Step) {
	last := map[int]int{} // the last statement that writes a row
	for i, s := range list {
		if s.Put == Set || s.Put == Add {
			last[s.To] = i
		}
	}
	reads := map[int][]*Value{} // leaves of rows that are written, which are read before that
	seen := map[*Value]bool{}
	var note func(v *Value)
	note = func(v *Value) {
		e.uses[v]++
		if seen[v] {
			return
		}
		seen[v] = true
		if v.Op == "" && v.Leaf == RowLeaf {
			if _, written := last[v.Index]; written {
				reads[v.Index] = append(reads[v.Index], v)
			}
		}
		for _, a := range v.Args {
			note(a)
		}
	}
	for _, s := range list {
		note(s.Value)
	}
	for i, s := range list {
		if s.Put == Sum && s.Value.Op == "mul" && e.memo[s.Value] == nil && e.mask == nil {
			a, b := e.value(s.Value.Args[0]), e.value(s.Value.Args[1])
			e.addMulTo(e.fn.fold[s.To].val[:e.count], e.reg(a), b)
			continue
		}
		x := e.value(s.Value)
		if s.Put.folds() {
			e.foldIn(s, e.reg(x))
			continue
		}
		for _, leaf := range reads[s.To] {
			e.memo[leaf] = e.value(leaf)
		}
		delete(reads, s.To)
		v := e.reg(x)
		if s.Put == Add {
			v = e.add(v, e.fn.read(e.lanes, s.To, e.mask))
		}
		e.fn.write(s.To, v, e.mask)
		if e.fn.way.reload && s.Put == Set && last[s.To] == i && s.Value.Op != "" {
			delete(e.memo, s.Value)
			e.stored[s.Value] = s.To
		}
	}
}

// foldIn adds v to a fold, or takes the larger or smaller. Those instructions
// forget a NaN: the ones met are kept beside it.
func (e *evaluation) foldIn(s Step, v val) {
	put, a := e.fn.k.Folds[s.To].Put, e.fn.fold[s.To]
	if e.mask != nil {
		v = e.within(*e.mask, v, e.num(empty(put)))
	}
	if put.Places() {
		e.better(best{a.val[:e.count], a.at[:e.count], a.bad[:e.count]}, v, e.fn.at, put)
		return
	}
	e.binaryTo(e.top(put), a.val[:e.count], v)
	if put != Sum {
		nan := e.compare(v, unordered, v)
		for i, x := range e.blend(nan, v, a.bad[:e.count]) {
			e.c.VMOVAPS(x, a.bad[i])
		}
	}
}

// foldOne does the same with a number.
func (e *evaluation) foldOne(s Step, x arg) {
	a := e.fn.fold[s.To].val
	out := e.add(a, x)
	switch s.Put {
	case Max:
		out = e.larger(a, x)
	case Min:
		out = e.smaller(a, x)
	}
	e.c.VMOVAPS(out[0], a[0])
}

func (e *evaluation) value(v *Value) arg {
	if !e.fn.varies(v) {
		x := e.same(v)
		if r, ok := x.(val); ok {
			return e.lanes.same(r[0])
		}
		return x
	}
	if x, ok := e.memo[v]; ok {
		return x
	}
	if i, ok := e.stored[v]; ok {
		return e.fn.read(e.lanes, i, e.mask)
	}
	if v.Op == "" {
		x := e.fn.read(e.lanes, v.Index, e.mask)
		if !e.fn.way.reload {
			e.memo[v] = x
		}
		return x
	}
	x := e.operate(v)
	e.memo[v] = x
	return x
}

// operate is an operation. Comparisons pick the third of four operands where they
// hold of the first two, else the last, and tests of the index the first of two; of
// what is picked no NaN is lost and of the other none is seen.
func (e *evaluation) operate(v *Value) val {
	var a [4]arg
	for i, x := range v.Args {
		if e.memo == nil {
			a[i] = e.same(x)
		} else {
			a[i] = e.value(x)
		}
	}
	switch v.Op {
	case "add":
		return e.add(a[0], a[1])
	case "sub":
		return e.sub(a[0], a[1])
	case "mul":
		return e.mul(a[0], a[1])
	case "div":
		return e.div(a[0], a[1])
	case "neg":
		return e.mul(a[0], e.num(-1))
	case "abs":
		return e.abs(a[0])
	case "floor":
		return e.rounded(a[0], 1)
	case "ceil":
		return e.rounded(a[0], 2)
	case "round":
		return e.rounded(a[0], 0)
	case "max":
		return e.maximum(v, a[0], a[1])
	case "min":
		return e.smaller(a[0], a[1])
	case "fma": // a[0] a[1] + a[2]
		return e.multiplyAdd(v.Args[0], v.Args[1], v.Args[2], a[0], a[1], a[2])
	case "fnma": // a[2] - a[0] a[1]
		if _, ok := a[0].(constant); ok {
			a[0], a[1] = a[1], a[0]
		}
		x, ok := e.free(v.Args[2], a[2])
		if !ok {
			x = e.copy(a[2])
		}
		e.subMulTo(x, e.reg(a[0]), a[1])
		return x
	case "before", "at":
		return e.blend(e.stands(position{v.Op, v.Index, v.At}), a[0], a[1])
	}
	if how, ok := predicates[v.Op]; ok {
		return e.blend(e.compare(a[0], how, a[1]), a[2], a[3])
	}
	for _, k := range kernelTable {
		if k.name == v.Op && k.ins == len(v.Args) && k.nums == 0 {
			var ins []val
			for _, x := range a[:k.ins] {
				ins = append(ins, e.reg(x))
			}
			return k.f(e.lanes, ins, nil)
		}
	}
	panic("simd: no operation " + v.Op)
}

// multiplyAdd is x y + z, which are the values p, q and r, in the registers of one of
// them that nothing else needs, if there is one.
func (e *evaluation) multiplyAdd(p, q, r *Value, x, y, z arg) val {
	if _, ok := x.(constant); ok { // which is read where it is, as the second
		p, q, x, y = q, p, y, x
	}
	if out, ok := e.free(r, z); ok {
		e.addMulTo(out, e.reg(x), y)
		return out
	}
	out, ok := e.free(p, x)
	if !ok {
		if out, ok = e.free(q, y); ok {
			y = x
		} else {
			out = e.copy(x)
		}
	}
	e.mulAddTo(out, e.reg(y), z)
	return out
}

// free is the registers of a value that nothing else needs.
func (e *evaluation) free(v *Value, a arg) (val, bool) {
	x, ok := a.(val)
	if !ok || e.memo == nil || !e.fn.varies(v) {
		return nil, false
	}
	_, kept := e.memo[v]
	return x, !kept || e.uses[v] == 1
}

// stands is the test whether elements, or what another integer tells, stand before the
// one that an integer tells, or are that one. Lanes compare their number with how far it is, which is brought
// near, so that it has room in them.
func (e *evaluation) stands(p position) test {
	if t, ok := e.tests[p]; ok {
		return t
	}
	c, w := e.c, e.wide
	far, end := c.GP64(), c.GP64()
	c.MOVQ(e.fn.ints[p.int], far)
	if p.at > 0 {
		c.SUBQ(e.fn.ints[p.at-1], far)
	} else {
		c.SUBQ(e.fn.at, far)
	}
	c.MOVQ(I32(64), end)
	c.CMPQ(far, end)
	c.CMOVQGT(end, far)
	c.MOVQ(I32(-1), end)
	c.CMPQ(far, end)
	c.CMOVQLT(end, far)
	v := e.spreadInt(far)
	var t test
	for i := range e.count {
		numbers := Op(e.pool.numbers(i))
		if p.at > 0 {
			zero := e.vec(c)
			e.clear(c, zero)
			numbers = zero
		}
		if w {
			k, how := c.K(), 6 // >
			if p.op == "at" {
				how = equal
			}
			pick(e.form, c.VPCMPD, c.VPCMPQ)(U8(uint8(how)), numbers, v, k)
			t.k = append(t.k, reg.Register(k))
			continue
		}
		op := pick(e.form, c.VPCMPGTD, c.VPCMPGTQ)
		if p.op == "at" {
			op = pick(e.form, c.VPCMPEQD, c.VPCMPEQQ)
		}
		r := e.vec(c)
		op(numbers, v, r)
		t.v = append(t.v, r)
	}
	if p.at == 0 {
		e.tests[p] = t
	}
	return t
}

// predicates are those of VCMPPS.
var predicates = map[string]int{"==": equal, "!=": 4, "<": less, "<=": 2, ">": greater, ">=": 29}

// rounded is x as an integer: the nearest, below, or above.
func (l *lanes) rounded(x arg, how int) val {
	c := l.c
	op := pick(l.form, three(c.VROUNDPS), three(c.VROUNDPD))
	if l.wide {
		op = l.on(x, c.VRNDSCALEPS, c.VRNDSCALEPD, c.VRNDSCALEPS_BCST, c.VRNDSCALEPD_BCST)
	}
	out := l.new()
	for i := range out {
		op(U8(uint8(how)), x.at(i), out[i])
	}
	return out
}

// larger is the larger of x and y, NaN where one of them is. An instruction gives the
// second where one is, or both are zeros: both ways round, zeros joined are 0 if one is,
// and there is a NaN if there was.
func (l *lanes) larger(x, y arg) val {
	m, n := l.max(x, y), l.max(y, x)
	bad, out := l.compare(m, unordered, n), l.and(m, n)
	if !l.wide {
		return l.or(out, bad.v)
	}
	op := pick(l.form, l.c.VADDPS, l.c.VADDPD)
	for i := range out {
		op(n[i], m[i], bad.k[i], out[i])
	}
	return out
}

// maximum is larger where one of the arguments of v may be known not to be -0: an
// instruction that has it second is right but where the other one is NaN.
func (e *evaluation) maximum(v *Value, x, y arg) val {
	switch {
	case v.Args[1].notMinusZero():
	case v.Args[0].notMinusZero():
		x, y = y, x
	default:
		return e.larger(x, y)
	}
	return e.blend(e.compare(x, unordered, x), x, e.max(x, y))
}

// notMinusZero reports whether a value is known not to be -0.
func (v *Value) notMinusZero() bool {
	a := v.Args
	switch v.Op {
	case "":
		return v.Leaf == ConstLeaf && (v.Const != 0 || !math.Signbit(v.Const))
	case "abs", "exp":
		return true
	case "add":
		return a[0].notMinusZero() || a[1].notMinusZero()
	case "mul":
		return a[0] == a[1]
	}
	return false // a product that is added may be rounded to -0
}

// smaller is the smaller of x and y: joined the other way, where a NaN stays one
// whatever is joined to it.
func (l *lanes) smaller(x, y arg) val { return l.or(l.min(x, y), l.min(y, x)) }
