package simd

import (
	"fmt"
	"strings"

	"github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/reg"
)

// Kernel is a loop over contiguous rows of equal length: its statements run
// element by element, in order. No element of a row that is written may be
// another element of a row that is read.
type Kernel struct {
	F64              bool
	Rows, Nums, Sums int
	Steps            []Step
}

// Step is one statement.
type Step struct {
	Put   Put
	To    int // the row, or the sum
	Value *Value
}

// Put says where a value goes.
type Put int

const (
	Set Put = iota // to an element of a row
	Add            // it is added to an element of a row
	Sum            // it is added to a sum, which the function returns
)

// Value is an operation, or with Op "" a leaf. Equal pointers are computed once.
type Value struct {
	Op    string // add sub mul div neg fma fnma gate, or a function of one argument
	Args  []*Value
	Leaf  Leaf
	Index int     // of a row or a number
	Const float64 // rounded to the element type
}

// Leaf is what a value without an operation is.
type Leaf int

const (
	RowLeaf Leaf = iota // an element of a row, as it was before the loop
	NumLeaf             // a parameter
	ConstLeaf
)

// Row, Num and Const are leaves.
func Row(i int) *Value       { return &Value{Index: i} }
func Num(i int) *Value       { return &Value{Leaf: NumLeaf, Index: i} }
func Const(x float64) *Value { return &Value{Leaf: ConstLeaf, Const: x} }

// String is the kernel as text, equal for equal kernels.
func (k *Kernel) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "f64=%v rows=%d nums=%d sums=%d", k.F64, k.Rows, k.Nums, k.Sums)
	number := map[*Value]int{}
	var write func(v *Value) int
	write = func(v *Value) int {
		if n, ok := number[v]; ok {
			return n
		}
		var args []int
		for _, a := range v.Args {
			args = append(args, write(a))
		}
		n := len(number)
		number[v] = n
		fmt.Fprintf(&s, "\n%d = %s%v %d %d %x", n, v.Op, args, v.Leaf, v.Index, v.Const)
		return n
	}
	for _, x := range k.Steps {
		n := write(x.Value)
		fmt.Fprintf(&s, "\nput %d %d %d", x.Put, x.To, n)
	}
	return s.String()
}

// Fitted is a kernel with the way in which each of its forms has enough registers.
type Fitted struct {
	*Kernel
	ways []way
}

// way is how a form of a kernel is unrolled.
type way struct {
	form   *form
	step   int  // vectors of a step
	reload bool // rows are read again rather than kept
}

// Fit finds the forms of a kernel; nil if that with most registers has none.
func (k *Kernel) Fit() *Fitted {
	out := &Fitted{Kernel: k}
	for _, f := range forms {
		if (f.size == 8) != k.F64 {
			continue
		}
		w, ok := k.way(f)
		if ok {
			out.ways = append(out.ways, w)
		} else if f.wide {
			return nil
		}
	}
	return out
}

func (k *Kernel) way(f *form) (way, bool) {
	for _, step := range []int{2, 1} {
		for _, reload := range []bool{false, true} {
			w := way{f, step, reload}
			c := build.NewContext()
			p := newPool(f)
			w.print(c, p, k, "f")
			file, err := c.Result()
			if err == nil && pass.Compile.Execute(file) == nil && (f.wide || !beyondAVX2(file)) {
				return w, true
			}
		}
	}
	return way{}, false
}

// print writes the function of one form.
func (w way) print(c *build.Context, p *pool, k *Kernel, name string) {
	f := w.form
	var ptrs, nums, sums []string
	for i := range k.Rows {
		ptrs = append(ptrs, fmt.Sprintf("row%d", i))
	}
	for i := range k.Nums {
		nums = append(nums, fmt.Sprintf("num%d", i))
	}
	for i := range k.Sums {
		sums = append(sums, fmt.Sprintf("sum%d %s", i, f.elem))
	}
	var more []string
	if len(sums) > 0 {
		more = append(more, "->("+strings.Join(sums, ", ")+")")
	}
	r, spread := f.open(c, p, name, ptrs, nums, w.step, false, more...)
	acc := make([]val, k.Sums)
	for i := range acc {
		acc[i] = (&lanes{form: f, c: c, count: w.step}).new()
		f.clear(c, acc[i]...)
	}
	r.pass(func(l *lanes, m *mask) {
		e := &evaluation{lanes: l, row: r, way: w, mask: m, spread: spread, memo: map[*Value]arg{}, stored: map[*Value]int{}}
		e.run(k, acc)
	})
	for i, s := range acc {
		c.Store(f.finish(c, s, pick(f, c.VADDPS, c.VADDPD)), c.ReturnIndex(i))
	}
	r.close()
}

// pass is loop with one vector at a time, masked, after the whole steps.
func (r *row) pass(body func(l *lanes, k *mask)) {
	c := r.c
	for _, whole := range []bool{true, false} {
		l := &lanes{form: r.form, c: c, count: r.step, pool: r.pool}
		label, next := "whole", "rest"
		var k *mask
		if whole {
			c.Label(label)
			c.CMPQ(r.n, I32(int32(r.lanes*r.step)))
			c.JLT(LabelRef(next))
		} else {
			l.count, label, next = 1, "rest", "done"
			c.Label(label)
			c.TESTQ(r.n, r.n)
			c.JLE(LabelRef(next))
			count := r.n
			if !r.wide {
				count = c.GP64()
				full := c.GP64()
				c.MOVQ(r.n, count)
				c.MOVQ(I32(int32(r.lanes)), full)
				c.CMPQ(count, full)
				c.CMOVQGT(full, count)
			}
			m := r.maskOf(c, count)
			k = &m
		}
		body(l, k)
		for _, p := range r.ptr {
			c.ADDQ(I32(int32(r.lanes*l.count*r.size)), p)
		}
		c.SUBQ(I32(int32(r.lanes*l.count)), r.n)
		c.JMP(LabelRef(label))
	}
	c.Label("done")
}

// evaluation is the statements of a kernel on the vectors of one step.
type evaluation struct {
	*lanes
	row    *row
	way    way
	mask   *mask
	spread []reg.VecVirtual
	memo   map[*Value]arg
	stored map[*Value]int // the row that holds a value
}

func (e *evaluation) run(k *Kernel, acc []val) {
	last := map[int]int{} // the last statement that writes a row
	for i, s := range k.Steps {
		if s.Put != Sum {
			last[s.To] = i
		}
	}
	reads := map[int][]*Value{} // leaves of rows that are written, which are read before that
	seen := map[*Value]bool{}
	var note func(v *Value)
	note = func(v *Value) {
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
	for _, s := range k.Steps {
		note(s.Value)
	}
	add := pick(e.form, e.c.VADDPS, e.c.VADDPD)
	for i, s := range k.Steps {
		x := e.value(s.Value)
		if s.Put == Sum {
			v := e.reg(x)
			if e.mask != nil {
				v = e.within(*e.mask, v, e.num(0))
			}
			e.binaryTo(add, acc[s.To][:e.count], v)
			continue
		}
		for _, leaf := range reads[s.To] {
			e.memo[leaf] = e.value(leaf)
		}
		delete(reads, s.To)
		v := e.reg(x)
		if s.Put == Add {
			v = e.add(v, e.row.read(e.lanes, e.row.ptr[s.To], e.mask))
		}
		e.row.write(e.row.ptr[s.To], v, e.mask)
		if e.way.reload && s.Put == Set && last[s.To] == i && s.Value.Op != "" {
			delete(e.memo, s.Value)
			e.stored[s.Value] = s.To
		}
	}
}

func (e *evaluation) value(v *Value) arg {
	if x, ok := e.memo[v]; ok {
		return x
	}
	if i, ok := e.stored[v]; ok {
		return e.row.read(e.lanes, e.row.ptr[i], e.mask)
	}
	var x arg
	switch {
	case v.Op == "" && v.Leaf == RowLeaf:
		x = e.row.read(e.lanes, e.row.ptr[v.Index], e.mask)
		if e.way.reload {
			return x
		}
	case v.Op == "" && v.Leaf == NumLeaf:
		return e.same(e.spread[v.Index])
	case v.Op == "":
		return e.num(v.Const)
	default:
		x = e.operate(v)
	}
	e.memo[v] = x
	return x
}

// operate is an operation. Comparisons pick the third of four operands where they
// hold of the first two, else the last; of what is picked no NaN is lost and of the
// other none is seen.
func (e *evaluation) operate(v *Value) val {
	var a [4]arg
	for i, x := range v.Args {
		a[i] = e.value(x)
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
		return e.extreme(e.max(a[0], a[1]), a[0], a[1], e.and)
	case "min":
		return e.extreme(e.min(a[0], a[1]), a[0], a[1], e.or)
	case "fma": // a[0] a[1] + a[2]
		x := e.copy(a[0])
		e.mulAddTo(x, e.reg(a[1]), a[2])
		return x
	case "fnma": // a[2] - a[0] a[1]
		x := e.copy(a[2])
		e.subMulTo(x, e.reg(a[0]), a[1])
		return x
	}
	if how, ok := predicates[v.Op]; ok {
		return e.blend(e.compare(a[0], how, a[1]), a[2], a[3])
	}
	for _, k := range kernelTable {
		if k.name == v.Op && k.ins == 1 && k.nums == 0 {
			return k.f(e.lanes, []val{e.reg(a[0])}, nil)
		}
	}
	panic("simd: no operation " + v.Op)
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

// extreme is m, the larger or smaller of x and y, but NaN where one of them is, and
// of two zeros the one that both joins.
func (l *lanes) extreme(m val, x, y arg, both func(a, b arg) val) val {
	m = l.blend(l.compare(x, equal, y), both(x, y), m)
	return l.blend(l.compare(x, unordered, y), l.add(x, y), m)
}
