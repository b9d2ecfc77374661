package simd

import "github.com/mmcloughlin/avo/build"

// step is one step of an optimiser in place: all slices but the last, the
// gradient, are read and written, the parameters first.
type step struct {
	name   string
	slices []string
	nums   []string
	f      func(l *lanes, x, a []val) // changes x
}

var stepTable = []step{
	{"sgd", []string{"p", "dp"}, []string{"rate", "decay"}, func(l *lanes, x, a []val) {
		p, g, rate, decay := x[0], x[1], a[0], a[1]
		l.addMulTo(g, p, decay)
		l.subMulTo(p, g, rate)
	}},
	{"momentum", []string{"p", "v", "dp"}, []string{"rate", "decay", "keep", "fresh"}, func(l *lanes, x, a []val) {
		p, v := x[0], x[1]
		l.momentum(x, a)
		l.subMulTo(p, v, a[0])
	}},
	{"nesterov", []string{"p", "v", "dp"}, []string{"rate", "decay", "keep", "fresh"}, func(l *lanes, x, a []val) {
		p, v, g := x[0], x[1], x[2]
		l.momentum(x, a)
		l.addMulTo(g, v, a[2])
		l.subMulTo(p, g, a[0])
	}},
	{"adam", []string{"p", "m", "v", "dp"}, []string{"rate", "decay", "keep", "b1", "c1", "b2", "c2", "root", "eps"}, func(l *lanes, x, a []val) {
		p, m, v, g := x[0], x[1], x[2], x[3]
		rate, decay, keep, root, eps := a[0], a[1], a[2], a[7], a[8]
		l.addMulTo(g, p, decay)
		l.meanTo(m, g, a[3], a[4])
		l.squareTo(v, g, a[5], a[6])
		d := l.sqrt(v)
		l.mulAddTo(d, root, eps)
		l.productTo(p, keep)
		l.subMulTo(p, l.div(m, d), rate)
	}},
	{"adamax", []string{"p", "m", "u", "dp"}, []string{"rate", "decay", "b1", "c1", "b2", "eps"}, func(l *lanes, x, a []val) {
		p, m, u, g := x[0], x[1], x[2], x[3]
		l.addMulTo(g, p, a[1])
		l.meanTo(m, g, a[2], a[3])
		l.productTo(u, a[4])
		// The larger of both, NaN if either is: a maximum gives the second then.
		size := l.add(l.abs(g), a[5])
		bad := l.compare(u, unordered, u)
		l.set(u, l.blend(bad, u, l.max(u, size)))
		l.subMulTo(p, l.div(m, u), a[0])
	}},
	{"adagrad", []string{"p", "s", "dp"}, []string{"rate", "decay", "eps"}, func(l *lanes, x, a []val) {
		p, s, g := x[0], x[1], x[2]
		l.addMulTo(g, p, a[1])
		l.addMulTo(s, g, g)
		l.productTo(g, a[0])
		l.set(p, l.sub(p, l.div(g, l.add(l.sqrt(s), a[2]))))
	}},
	{"rmsprop", []string{"p", "v", "b", "dp"}, []string{"rate", "decay", "alpha", "rest", "eps", "keep"}, func(l *lanes, x, a []val) {
		p, v, b, g := x[0], x[1], x[2], x[3]
		l.addMulTo(g, p, a[1])
		l.squareTo(v, g, a[2], a[3])
		l.rootStep(p, b, g, l.sqrt(v), a)
	}},
	{"centered", []string{"p", "v", "mean", "b", "dp"}, []string{"rate", "decay", "alpha", "rest", "eps", "keep"}, func(l *lanes, x, a []val) {
		p, v, mean, b, g := x[0], x[1], x[2], x[3], x[4]
		l.addMulTo(g, p, a[1])
		l.squareTo(v, g, a[2], a[3])
		l.meanTo(mean, g, a[2], a[3])
		d := l.copy(v)
		l.subMulTo(d, mean, mean)
		l.rootStep(p, b, g, l.sqrt(d), a)
	}},
}

// momentum is g += decay p; v = keep v + fresh g.
func (l *lanes) momentum(x, a []val) {
	l.addMulTo(x[2], x[0], a[1])
	l.meanTo(x[1], x[2], a[2], a[3])
}

// rootStep is b = keep b + g/(d + eps); p -= rate b.
func (l *lanes) rootStep(p, b, g, d val, a []val) {
	l.mulAddTo(b, a[5], l.div(g, l.add(d, a[4])))
	l.subMulTo(p, b, a[0])
}

// meanTo is m = a*m + b*g.
func (l *lanes) meanTo(m, g, a, b val) {
	l.productTo(m, a)
	l.addMulTo(m, g, b)
}

// squareTo is v = a*v + b*g².
func (l *lanes) squareTo(v, g, a, b val) {
	l.productTo(v, a)
	l.addMulTo(v, l.mul(g, b), g)
}

// productTo is a = a*b.
func (l *lanes) productTo(a, b val) { l.binaryTo(pick(l.form, l.c.VMULPS, l.c.VMULPD), a, b) }

// set is a = b.
func (l *lanes) set(a, b val) {
	for i := range a {
		l.c.VMOVAPS(b[i], a[i])
	}
}

func (f *form) step(c *build.Context, p *pool, s step, most int) {
	r, nums := f.open(c, p, s.name, s.slices, s.nums, most, false)
	r.loop(func(l *lanes, m *mask) {
		var x, a []val
		for _, q := range r.ptr {
			x = append(x, r.read(l, q, m))
		}
		for _, v := range nums {
			a = append(a, l.same(v))
		}
		s.f(l, x, a)
		for i, q := range r.ptr[:len(r.ptr)-1] {
			r.write(q, x[i], m)
		}
	})
	r.close()
}
