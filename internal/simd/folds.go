package simd

import (
	"math"

	"github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Reductions keep a vector of partial results for each vector of a step, and
// put them together in an order that depends on the length alone.

const foldStep = 4

// fold opens a reduction with the given parts, all lanes set to empty.
func (f *form) fold(c *build.Context, p *pool, name string, ptrs, nums []string, step, parts int, empty float64) (*row, []reg.VecVirtual, []val) {
	r, spread := f.open(c, p, name, ptrs, nums, step, true)
	l := &lanes{form: f, c: c, count: step, pool: p}
	out := make([]val, parts)
	for i := range out {
		if i > 0 || empty == 0 {
			out[i] = l.new()
			f.clear(c, out[i]...)
		} else {
			out[i] = l.copy(l.num(empty))
		}
	}
	return r, spread, out
}

// finish joins vectors to a number; the result is in the first lane.
func (f *form) finish(c *build.Context, v val, op instruction) reg.VecVirtual {
	for n := len(v); n > 1; n /= 2 {
		for i := range n / 2 {
			op(v[i+n/2], v[i], v[i])
		}
	}
	x := v[0]
	if f.wide {
		h := c.YMM()
		c.VEXTRACTF64X4(U8(1), x, h)
		op(h, x.AsY(), x.AsY())
	}
	h, s := c.XMM(), c.XMM()
	f.upper(c, x, h)
	op(h, x.AsX(), s)
	c.VPERMILPD(U8(1), s, h)
	op(h, s, s)
	if f.size == 4 {
		c.VMOVSHDUP(s, h)
		op(h, s, s)
	}
	return s
}

// empty is what a reduction begins with.
func empty(p Put) float64 {
	switch p {
	case Max, ArgMax:
		return math.Inf(-1)
	case Min, ArgMin:
		return math.Inf(1)
	}
	return 0
}

// top is the instruction of a reduction.
func (l *lanes) top(p Put) instruction {
	c := l.c
	switch p {
	case Max, ArgMax:
		return pick(l.form, c.VMAXPS, c.VMAXPD)
	case Min, ArgMin:
		return pick(l.form, c.VMINPS, c.VMINPD)
	}
	return pick(l.form, c.VADDPS, c.VADDPD)
}

// upper puts the second quarter of x into h, which may be any register of the
// form: VEXTRACTF128 knows the lower sixteen only.
func (f *form) upper(c *build.Context, x, h reg.VecVirtual) {
	if f.wide {
		c.VEXTRACTF32X4(U8(1), x.AsY(), h)
	} else {
		c.VEXTRACTF128(U8(1), x.AsY(), h)
	}
}

// result returns the first lane of v.
func (r *row) result(v reg.VecVirtual) {
	r.c.Store(v, r.c.ReturnIndex(0))
	r.close()
}

func (f *form) folds(c *build.Context, p *pool) {
	add := pick(f, c.VADDPS, c.VADDPD)

	r, _, s := f.fold(c, p, "sum", []string{"x"}, nil, foldStep, 1, 0)
	r.loop(func(l *lanes, k *mask) {
		l.binaryTo(add, s[0][:l.count], r.read(l, r.ptr[0], k))
	})
	r.result(f.finish(c, s[0], add))

	r, _, s = f.fold(c, p, "dot", []string{"x", "y"}, nil, foldStep, 1, 0)
	r.loop(func(l *lanes, k *mask) {
		l.addMulTo(s[0][:l.count], r.read(l, r.ptr[0], k), r.read(l, r.ptr[1], k))
	})
	r.result(f.finish(c, s[0], add))

	f.extremum(c, p, "max", Max)
	f.extremum(c, p, "min", Min)
	step := f.unrolled(foldStep, func(c *build.Context, p *pool, step int) { f.argument(c, p, "argMax", ArgMax, step) })
	f.argument(c, p, "argMax", ArgMax, step)
	f.argument(c, p, "argMin", ArgMin, step)
	f.squareDist(c, p)
	f.expSum(c, p, f.unrolled(foldStep, f.expSum))
}

// extremum is the maximum or the minimum of a row. Those instructions forget a
// NaN: the ones met are kept beside it and added, else 0.
func (f *form) extremum(c *build.Context, p *pool, name string, put Put) {
	add := pick(f, c.VADDPS, c.VADDPD)
	top := (&lanes{form: f, c: c}).top(put)
	r, _, s := f.fold(c, p, name, []string{"x"}, nil, foldStep, 2, empty(put))
	r.loop(func(l *lanes, k *mask) {
		x := r.read(l, r.ptr[0], k)
		if k != nil {
			x = l.within(*k, x, l.num(empty(put)))
		}
		l.binaryTo(top, s[0][:l.count], x)
		t := l.compare(x, unordered, x)
		for i, v := range l.blend(t, x, s[1][:l.count]) {
			c.VMOVAPS(v, s[1][i])
		}
	})
	m, bad := f.finish(c, s[0], top), f.finish(c, s[1], add)
	pick(f, c.VADDSS, c.VADDSD)(bad, m, m)
	r.result(m)
}

// expSum is dst = e^(x-a), and its sum.
func (f *form) expSum(c *build.Context, p *pool, step int) {
	add := pick(f, c.VADDPS, c.VADDPD)
	r, a, s := f.fold(c, p, "expSum", []string{"dst", "x"}, []string{"a"}, step, 1, 0)
	r.loop(func(l *lanes, k *mask) {
		y := l.exp(l.sub(r.read(l, r.ptr[1], k), l.same(a[0])))
		r.write(r.ptr[0], y, k)
		if k != nil {
			y = l.within(*k, y, l.num(0))
		}
		l.binaryTo(add, s[0][:l.count], y)
	})
	r.result(f.finish(c, s[0], add))
}

// within is a in the lanes of the mask, b in the others.
func (l *lanes) within(k mask, a val, b arg) val {
	if l.wide {
		return l.blend(test{k: []reg.Register{k.k}}, a, b)
	}
	return l.blend(test{v: val{k.v.(reg.VecVirtual)}}, a, b)
}
