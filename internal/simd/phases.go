package simd

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// function is the code of one form of a kernel.
type function struct {
	*form
	way     way
	c       *build.Context
	pool    *pool
	k       *Kernel
	ptr     []reg.Register // those in registers
	ints    []Mem
	uniform map[*Value]arg // what is the same for all elements of a row
	varying map[*Value]bool
	fold    []accumulator
	folded  []arg
	found   []Mem         // the indices that folds have come to
	at      reg.GPVirtual // the index of the elements of a step
}

// accumulator is what a fold has come to.
type accumulator struct {
	val
	bad  val // the NaNs, else 0; ArgMax, ArgMin: the index of the step of the first
	at   val // ArgMax, ArgMin: the index of the step
	once bool
}

// print writes the function of one form.
func (w way) print(c *build.Context, p *pool, k *Kernel, name string) {
	f := w.form
	c.Function(name + f.name)
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr("func" + k.Signature())
	c.Pragma("noescape")
	t := &function{form: f, way: w, c: c, pool: p, k: k, uniform: map[*Value]arg{}, varying: map[*Value]bool{},
		fold: make([]accumulator, len(k.Folds)), folded: make([]arg, len(k.Folds)), found: make([]Mem, len(k.Folds))}
	t.open()
	if k.Nest {
		c.Label("row")
	}
	t.cells()
	for i, x := range k.Phases {
		t.phase(i, x)
	}
	if k.Nest {
		t.next()
	}
	out := 0
	for i, x := range k.Folds {
		if !x.Out {
			continue
		}
		b, err := c.ReturnIndex(out).Resolve()
		if err != nil {
			panic("simd: " + err.Error())
		}
		if x.Put.Places() {
			c.MOVQ(t.place(i), b.Addr)
		} else {
			t.storeOne(val{t.result(i)}, b.Addr)
		}
		out++
	}
	c.VZEROUPPER()
	c.RET()
}

// param is where a parameter is in memory.
func (t *function) param(name string, i int) Mem {
	if i >= 0 {
		name = fmt.Sprintf("%s%d", name, i)
	}
	b, err := t.c.Param(name).Resolve()
	if err != nil {
		panic("simd: " + err.Error())
	}
	return b.Addr
}

// one is the operations on what is the same for all elements.
func (t *function) one() *lanes { return &lanes{form: t.form, c: t.c, count: 1, pool: t.pool} }

func (t *function) open() {
	c, k := t.c, t.k
	for i := range k.Rows {
		if i == t.way.near {
			break
		}
		t.ptr = append(t.ptr, c.Load(c.Param(fmt.Sprintf("row%d", i)), c.GP64()))
	}
	for i := range k.Moves {
		c.SHLQ(U8(uint8(pick(t.form, 2, 3))), t.param("move", i))
	}
	for i, x := range k.Folds {
		if x.Put.Places() && !x.Out {
			t.found[i] = c.AllocLocal(8)
		}
	}
	params := 0
	for _, x := range k.Ints {
		if !x.Param() {
			t.ints = append(t.ints, c.AllocLocal(8))
			continue
		}
		t.ints = append(t.ints, t.param("int", params))
		params++
	}
	num := map[int]arg{}
	for _, p := range k.Phases {
		for _, list := range [][]Step{p.Once, p.Each} {
			for _, s := range list {
				t.numbers(s.Value, num)
			}
		}
	}
	for _, p := range k.Phases {
		for _, s := range p.Once {
			if s.Put.folds() {
				t.fold[s.To].once = true
			}
		}
		for _, s := range p.Each {
			if s.Put.folds() && k.Folds[s.To].Out {
				t.clear(s.To)
			}
		}
	}
	for i, x := range t.fold {
		if x.once {
			t.fold[i].val = t.one().copy(t.one().num(empty(k.Folds[i].Put)))
		}
	}
}

// numbers loads the parameters that v needs.
func (t *function) numbers(v *Value, num map[int]arg) {
	if _, ok := t.uniform[v]; ok {
		return
	}
	for _, a := range v.Args {
		t.numbers(a, num)
	}
	if v.Op != "" || v.Leaf != NumLeaf {
		return
	}
	if num[v.Index] == nil {
		if m := t.param("num", v.Index); t.way.frame && t.wide {
			num[v.Index] = constant{m}
		} else {
			x := t.one().new()
			t.splat(t.c, m, x[0])
			num[v.Index] = t.keep(x)
		}
	}
	t.uniform[v] = num[v.Index]
}

// keep is x where it stays until it is needed.
func (t *function) keep(x val) arg {
	if !t.way.frame {
		return x
	}
	if t.wide {
		m := t.c.AllocLocal(8) // frames are of words
		t.storeOne(x, m)
		return constant{m}
	}
	m := t.c.AllocLocal(t.lanes * t.size)
	t.store(t.c, x[0], m)
	return constant{m}
}

func (t *function) storeOne(x val, m Mem) {
	pick(t.form, t.c.VMOVSS, t.c.VMOVSD)(x[0].AsX(), m)
}

// clear sets a fold to that of nothing.
func (t *function) clear(i int) {
	l := &lanes{form: t.form, c: t.c, count: t.way.step, pool: t.pool}
	a, put := &t.fold[i], t.k.Folds[i].Put
	if put == Sum {
		a.val = l.new()
		t.form.clear(t.c, a.val...)
		return
	}
	if put.Places() {
		b := l.none(put)
		a.val, a.at, a.bad = b.val, b.at, b.nan
		return
	}
	a.val, a.bad = l.copy(l.num(empty(put))), l.new()
	t.form.clear(t.c, a.bad...)
}

// result is what a fold has come to, in the first lane.
func (t *function) result(i int) reg.VecVirtual {
	a, put := t.fold[i], t.k.Folds[i].Put
	if a.once {
		return a.val[0]
	}
	x := t.finish(t.c, a.val, t.one().top(put))
	if put != Sum {
		bad := t.finish(t.c, a.bad, t.one().top(Sum))
		pick(t.form, t.c.VADDSS, t.c.VADDSD)(bad, x, x)
	}
	return x
}

// place is the index that a fold has come to.
func (t *function) place(i int) reg.GPVirtual {
	a := t.fold[i]
	l := &lanes{form: t.form, c: t.c, count: t.way.step, pool: t.pool}
	return l.place(best{a.val, a.at, a.bad}, t.k.Folds[i].Put)
}

// keepPlace stores it for the row.
func (t *function) keepPlace(i int) {
	at := t.place(i)
	t.c.MOVQ(at, t.found[i])
	for j, x := range t.k.Ints {
		if x.Fold == i+1 {
			n := t.c.GP64()
			t.c.LEAQ(Mem{Base: at, Disp: int(x.Plus)}, n)
			t.c.MOVQ(n, t.ints[j])
		}
	}
}

// cells reads the integers of a row.
func (t *function) cells() {
	c := t.c
	for i, x := range t.k.Ints {
		if x.Cell == 0 {
			continue
		}
		v := c.GP64()
		c.MOVQ(t.param("cell", x.Cell-1), v)
		c.MOVLQSX(Mem{Base: v}, v)
		if x.Plus != 0 {
			c.ADDQ(I32(int32(x.Plus)), v)
		}
		c.MOVQ(v, t.ints[i])
	}
}

// next goes to the next row, if there is one.
func (t *function) next() {
	c := t.c
	for i, x := range t.k.Rows {
		to := Op(t.param("row", i))
		if i < t.way.near {
			to = t.ptr[i]
		}
		switch {
		case x.Move > 0:
			by := c.GP64()
			c.MOVQ(t.param("move", x.Move-1), by)
			c.ADDQ(by, to)
		case x.By != 0:
			c.ADDQ(I32(int32(x.By)*int32(t.size)), to)
		}
	}
	for i, x := range t.k.Cells {
		switch {
		case x.Move > 0:
			by := c.GP64()
			c.MOVQ(t.param("move", x.Move-1), by)
			if t.size == 8 { // bytes of reals
				c.SARQ(U8(1), by)
			}
			c.ADDQ(by, t.param("cell", i))
		case x.By != 0:
			c.ADDQ(I32(int32(x.By)*4), t.param("cell", i))
		}
	}
	for i, x := range t.k.Ints {
		if x.Param() && x.Plus != 0 {
			c.ADDQ(I32(int32(x.Plus)), t.ints[i])
		}
	}
	c.DECQ(t.param("m", -1))
	c.JNZ(LabelRef("row"))
}

// phase is what is done once and one loop.
func (t *function) phase(i int, p Phase) {
	e := &evaluation{lanes: t.one(), fn: t}
	for _, s := range p.Once {
		switch {
		case s.Put == SetIndex:
			i, to := t.c.GP64(), t.c.GP64()
			t.c.MOVQ(t.found[s.Value.Index], i)
			t.c.MOVQ(t.param("cell", s.To), to)
			t.c.MOVL(i.As32(), Mem{Base: to})
		case s.Put == Set:
			t.storeOne(e.reg(e.once(s.Value)), Mem{Base: t.row(s.To)})
		case s.Put.folds():
			e.foldOne(s, e.once(s.Value))
		default:
			e.once(s.Value)
		}
	}
	if len(p.Each) == 0 {
		return
	}
	for _, s := range p.Each {
		e.prepare(s.Value)
		if s.Put.folds() && !t.k.Folds[s.To].Out {
			t.clear(s.To)
		}
	}
	t.loop(i, p.Len, func(l *lanes, m *mask) {
		e := &evaluation{lanes: l, fn: t, mask: m, memo: map[*Value]arg{}, uses: map[*Value]int{}, stored: map[*Value]int{}, tests: map[position]test{}}
		e.run(p.Each)
	})
	for _, s := range p.Each {
		if !s.Put.folds() || t.k.Folds[s.To].Out {
			continue
		}
		if s.Put.Places() {
			t.keepPlace(s.To)
			continue
		}
		x := t.result(s.To)
		v := t.one().new()
		pick(t.form, t.c.VBROADCASTSS, t.c.VBROADCASTSD)(x.AsX(), v[0])
		t.folded[s.To] = t.keep(v)
	}
}

// loop calls body for whole steps, and for the rest one vector at a time, masked.
func (t *function) loop(i, length int, body func(l *lanes, m *mask)) {
	c, count := t.c, t.k.Lens[length]
	n := Op(I32(int32(count)))
	if count == 0 {
		params := 0
		for _, x := range t.k.Lens[:length] {
			if x == 0 {
				params++
			}
		}
		n = t.param("n", params)
	}
	label := func(s string) string { return fmt.Sprintf("%s%d", s, i) }
	size := t.lanes * t.way.step
	t.at = c.GP64()
	c.XORQ(t.at, t.at)
	if count == 0 || count >= int64(size) {
		next := c.GP64()
		c.Label(label("whole"))
		if count == 0 {
			c.LEAQ(Mem{Base: t.at, Disp: size}, next)
			c.CMPQ(next, n)
			c.JGT(LabelRef(label("rest")))
		}
		body(&lanes{form: t.form, c: c, count: t.way.step, pool: t.pool}, nil)
		c.ADDQ(I32(int32(size)), t.at)
		if count == 0 {
			c.JMP(LabelRef(label("whole")))
		} else if last := count / int64(size) * int64(size); last > int64(size) {
			c.CMPQ(t.at, I32(int32(last)))
			c.JLT(LabelRef(label("whole")))
		}
	}
	if count > 0 && count%int64(size) == 0 {
		return
	}
	left := c.GP64()
	c.Label(label("rest"))
	c.MOVQ(n, left)
	c.SUBQ(t.at, left)
	c.JLE(LabelRef(label("done")))
	if !t.wide {
		full := c.GP64()
		c.MOVQ(I32(int32(t.lanes)), full)
		c.CMPQ(left, full)
		c.CMOVQGT(full, left)
	}
	m := t.first(left)
	body(&lanes{form: t.form, c: c, count: 1, pool: t.pool}, &m)
	c.ADDQ(I32(int32(t.lanes)), t.at)
	c.JMP(LabelRef(label("rest")))
	c.Label(label("done"))
}

// first is [form.maskOf] with as few registers as can be, as pointers need them.
func (t *function) first(count reg.GPVirtual) mask {
	if !t.wide {
		return t.maskOf(t.c, count)
	}
	k := t.c.K()
	t.c.BZHIL(count.As32(), t.pool.bits(math.MaxUint64>>(64-8*t.size)).mem, count.As32())
	t.c.KMOVW(count.As32(), k)
	return mask{k: k}
}

// row is a register with a pointer.
func (t *function) row(i int) reg.Register {
	if i < t.way.near {
		return t.ptr[i]
	}
	return t.c.Load(t.c.Param(fmt.Sprintf("row%d", i)), t.c.GP64())
}

// read is the elements of a row in one step.
func (t *function) read(l *lanes, i int, m *mask) val {
	v, p := l.new(), t.row(i)
	for j := range v {
		at := Mem{Base: p, Index: t.at, Scale: uint8(t.size), Disp: j * t.lanes * t.size}
		if m != nil {
			t.loadMasked(t.c, at, *m, v[j])
		} else {
			t.load(t.c, at, v[j])
		}
	}
	return v
}

func (t *function) write(i int, v val, m *mask) {
	p := t.row(i)
	for j := range v {
		at := Mem{Base: p, Index: t.at, Scale: uint8(t.size), Disp: j * t.lanes * t.size}
		if m != nil {
			t.storeMasked(t.c, v[j], *m, at)
		} else {
			t.store(t.c, v[j], at)
		}
	}
}
