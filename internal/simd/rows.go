package simd

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/printer"
	"github.com/mmcloughlin/avo/reg"
)

// row is a loop over slices: whole steps of several vectors, then masked ones.
// A masked element goes through the same instructions as any other.
type row struct {
	*form
	c    *build.Context
	pool *pool
	n    reg.Register
	ptr  []reg.Register
	step int // vectors of a whole step
}

// open begins a function of n, pointers, to elements or as in "at *int", and
// numbers, which are spread over vectors, and perhaps a result. It may have more
// parameters, "m int", or another result, "-> int".
func (f *form) open(c *build.Context, p *pool, name string, ptrs, nums []string, step int, result bool, more ...string) (*row, []reg.VecVirtual) {
	c.Function(name + f.name)
	c.Attributes(attr.NOSPLIT)
	params := []string{"n int"}
	for _, s := range ptrs {
		if !strings.Contains(s, " ") {
			s += " *" + f.elem
		}
		params = append(params, s)
	}
	for _, s := range nums {
		params = append(params, s+" "+f.elem)
	}
	end := ""
	if result {
		end = " " + f.elem
	}
	for _, s := range more {
		if t, ok := strings.CutPrefix(s, "->"); ok {
			end = t
		} else {
			params = append(params, s)
		}
	}
	sig := "func(" + strings.Join(params, ", ") + ")" + end
	c.SignatureExpr(sig)
	c.Pragma("noescape")
	r := &row{form: f, c: c, pool: p, step: step, n: c.Load(c.Param("n"), c.GP64())}
	for _, s := range ptrs {
		s, _, _ = strings.Cut(s, " ")
		r.ptr = append(r.ptr, c.Load(c.Param(s), c.GP64()))
	}
	var spread []reg.VecVirtual
	for _, s := range nums {
		v := f.vec(c)
		pick(f, c.VBROADCASTSS, c.VBROADCASTSD)(c.Load(c.Param(s), c.XMM()), v)
		spread = append(spread, v)
	}
	return r, spread
}

// loop calls body for whole steps and for the rest; k is the mask, or nil.
func (r *row) loop(body func(l *lanes, k *mask)) {
	c := r.c
	steps := []int{r.step, 1, 0}
	if r.step == 1 {
		steps = steps[1:]
	}
	for _, step := range steps {
		name := fmt.Sprintf("step%d", step)
		size := r.lanes * max(step, 1)
		l := &lanes{form: r.form, c: c, count: max(step, 1), pool: r.pool}
		c.Label(name)
		var k *mask
		if step > 0 {
			next := "step0"
			if step == r.step && step > 1 {
				next = "step1"
			}
			c.CMPQ(r.n, I32(int32(size)))
			c.JLT(LabelRef(next))
			body(l, nil)
		} else {
			c.TESTQ(r.n, r.n)
			c.JLE(LabelRef("done"))
			m := r.maskOf(c, r.n)
			k = &m
			body(l, k)
			continue
		}
		for _, p := range r.ptr {
			c.ADDQ(I32(int32(size*r.size)), p)
		}
		c.SUBQ(I32(int32(size)), r.n)
		c.JMP(LabelRef(name))
	}
	c.Label("done")
}

func (r *row) close() {
	r.c.VZEROUPPER()
	r.c.RET()
}

func (r *row) read(l *lanes, p reg.Register, k *mask) val {
	v := l.new()
	for i := range v {
		m := Mem{Base: p, Disp: i * r.lanes * r.size}
		if k != nil {
			r.loadMasked(r.c, m, *k, v[i])
		} else {
			r.load(r.c, m, v[i])
		}
	}
	return v
}

func (r *row) write(p reg.Register, v val, k *mask) {
	for i := range v {
		m := Mem{Base: p, Disp: i * r.lanes * r.size}
		if k != nil {
			r.storeMasked(r.c, v[i], *k, m)
		} else {
			r.store(r.c, v[i], m)
		}
	}
}

// same is one register standing for all vectors of a step.
func (l *lanes) same(v reg.VecVirtual) val {
	out := make(val, l.count)
	for i := range out {
		out[i] = v
	}
	return out
}

// kernel is dst = f(x, y, z; a, b), element by element.
type kernel struct {
	name string
	ins  int // slices beside dst
	nums int
	step int // most vectors of a step
	f    func(l *lanes, x []val, a []val) val
}

func one(f func(l *lanes, x arg) val) func(*lanes, []val, []val) val {
	return func(l *lanes, x, _ []val) val { return f(l, x[0]) }
}

var kernelTable = []kernel{
	{"exp", 1, 0, 4, one((*lanes).exp)},
	{"expm1", 1, 0, 2, one((*lanes).expm1)},
	{"log", 1, 0, 2, one((*lanes).log)},
	{"log1p", 1, 0, 2, one((*lanes).log1p)},
	{"tanh", 1, 0, 4, one((*lanes).tanh)},
	{"sigmoid", 1, 0, 4, one((*lanes).sigmoid)},
	{"softplus", 1, 0, 2, one((*lanes).softplus)},
	{"silu", 1, 0, 2, one((*lanes).silu)},
	{"erf", 1, 0, 2, one((*lanes).erf)},
	{"phi", 1, 0, 2, one((*lanes).phi)},
	{"sqrt", 1, 0, 2, one((*lanes).sqrt)},
	{"sin", 1, 0, 2, one((*lanes).sin)},
	{"cos", 1, 0, 2, one((*lanes).cos)},
	{"pow", 2, 0, 2, func(l *lanes, x, _ []val) val { return l.pow(x[0], x[1]) }},
	{"raise", 1, 1, 2, func(l *lanes, x, a []val) val { return l.pow(x[0], a[0]) }},
	{"relu", 1, 0, 4, func(l *lanes, x, _ []val) val { return l.relu(x[0]) }},
	{"add", 2, 0, 4, func(l *lanes, x, _ []val) val { return l.add(x[0], x[1]) }},
	{"sub", 2, 0, 4, func(l *lanes, x, _ []val) val { return l.sub(x[0], x[1]) }},
	{"mul", 2, 0, 4, func(l *lanes, x, _ []val) val { return l.mul(x[0], x[1]) }},
	{"div", 2, 0, 4, func(l *lanes, x, _ []val) val { return l.div(x[0], x[1]) }},
	{"addRelu", 2, 0, 4, func(l *lanes, x, _ []val) val { return l.relu(l.add(x[0], x[1])) }},
	{"reluBack", 2, 0, 4, func(l *lanes, x, _ []val) val {
		return l.blend(l.compare(x[0], greater, l.num(0)), x[1], l.num(0))
	}},
	{"fma", 3, 0, 4, func(l *lanes, x, _ []val) val {
		l.mulAddTo(x[0], x[1], x[2])
		return x[0]
	}},
	{"tanhBack", 2, 0, 4, func(l *lanes, x, _ []val) val {
		// dy (1 - y²), as dy - dy y²
		t := l.copy(l.num(1))
		l.subMulTo(t, x[0], x[0])
		return l.mul(x[1], t)
	}},
	{"sigmoidBack", 2, 0, 4, func(l *lanes, x, _ []val) val {
		return l.mul(x[1], l.mul(x[0], l.sub(l.num(1), x[0])))
	}},
	{"affine", 1, 2, 4, func(l *lanes, x, a []val) val {
		l.mulAddTo(x[0], a[0], a[1])
		return x[0]
	}},
	{"scale", 1, 1, 4, func(l *lanes, x, a []val) val { return l.mul(x[0], a[0]) }},
	{"shift", 1, 1, 4, func(l *lanes, x, a []val) val { return l.add(x[0], a[0]) }},
	{"from", 1, 1, 4, func(l *lanes, x, a []val) val { return l.sub(a[0], x[0]) }},
	{"over", 1, 1, 4, func(l *lanes, x, a []val) val { return l.div(x[0], a[0]) }},
	{"under", 1, 1, 4, func(l *lanes, x, a []val) val { return l.div(a[0], x[0]) }},
	{"axpy", 2, 1, 4, func(l *lanes, x, a []val) val { // x + a y
		l.addMulTo(x[0], x[1], a[0])
		return x[0]
	}},
}

// relu keeps a NaN; adding 0 makes -0 the 0 that max(-0, 0) is.
func (l *lanes) relu(x val) val { return l.add(l.max(l.num(0), x), l.num(0)) }

// unrolled is the most vectors of a step, up to most, for which the registers
// of a function suffice.
func (f *form) unrolled(most int, print func(c *build.Context, p *pool, step int)) int {
	for step := most; step > 1; step /= 2 {
		c := build.NewContext()
		print(c, newPool(f), step)
		file, err := c.Result()
		if err != nil {
			panic(err)
		}
		if compile(file) == nil && (f.wide || !beyondAVX2(file)) {
			return step
		}
	}
	return 1
}

// highRegister is one that only AVX-512 can name; avo hands them out to all.
var highRegister = regexp.MustCompile(`\b[XY](1[6-9]|2\d|3[01])\b`)

func beyondAVX2(file *ir.File) bool {
	text, err := printer.NewGoAsm(printer.Config{Name: "gen", Pkg: "kernels"}).Print(file)
	return err != nil || highRegister.Match(text)
}

func (f *form) kernel(c *build.Context, p *pool, k kernel, step int) {
	ptrs := []string{"dst", "x", "y", "z"}[:1+k.ins]
	r, nums := f.open(c, p, k.name, ptrs, []string{"a", "b"}[:k.nums], step, false)
	r.loop(func(l *lanes, m *mask) {
		var ins, as []val
		for _, q := range r.ptr[1:] {
			ins = append(ins, r.read(l, q, m))
		}
		for _, v := range nums {
			as = append(as, l.same(v))
		}
		r.write(r.ptr[0], k.f(l, ins, as), m)
	})
	r.close()
}
