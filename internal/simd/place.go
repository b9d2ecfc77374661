package simd

import (
	"math"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// best is the largest or smallest that each lane has seen, or the first NaN, and the
// index of the first element of the step in which that was, which is to be less than
// 2^31 in float32.
type best struct{ val, at val }

// better looks at the elements from index at on. A NaN stays: nothing is better.
func (l *lanes) better(b best, v val, at reg.GPVirtual, put Put) {
	c, how := l.c, notLessEqual
	if put == ArgMin {
		how = notGreaterEqual
	}
	if !l.wide {
		now := l.same(l.spreadInt(at))
		t := test{v: l.and(l.compare(v, how, b.val).v, l.compare(b.val, ordered, b.val).v)}
		l.set(b.at, l.blend(t, now, b.at))
		l.set(b.val, l.blend(t, v, b.val))
		return
	}
	number := l.compare(b.val, ordered, b.val)
	for i, x := range v {
		k := c.K()
		pick(l.form, c.VCMPPS, c.VCMPPD)(U8(uint8(how)), b.val[i], x, number.k[i], k)
		pick(l.form, c.VMOVUPS, c.VMOVUPD)(x, k, b.val[i])
		if l.size == 4 {
			c.VPBROADCASTD(at.As32(), k, b.at[i])
		} else {
			c.VPBROADCASTQ(at, k, b.at[i])
		}
	}
}

// place is the first index of the best of all lanes. One of a NaN comes first: with
// its sign bit set it is less than others.
func (l *lanes) place(b best, top instruction) reg.GPVirtual {
	c := l.c
	m, all := l.finish(c, l.copy(b.val), top), l.vec(c)
	pick(l.form, c.VBROADCASTSS, c.VBROADCASTSD)(m.AsX(), all)
	index := l.new()
	for i := range index {
		pick(l.form, c.VPADDD, c.VPADDQ)(l.pool.numbers(i), b.at[i], index[i])
	}
	x := l.blend(l.compare(b.val, equal, l.same(all)), index, l.pool.bits(math.MaxUint64>>(65-8*l.size)))
	x = l.blend(l.compare(b.val, unordered, b.val), l.or(index, l.signBit()), x)
	i := c.GP64()
	switch {
	case l.size == 4:
		c.VMOVD(l.finish(c, x, c.VPMINSD).AsX(), i.As32())
		c.BTRL(U8(31), i.As32())
		return i
	case l.wide:
		c.VMOVQ(l.finish(c, x, c.VPMINSQ).AsX(), i)
	default:
		c.VMOVQ(l.finish(c, x, l.leastInt).AsX(), i)
	}
	c.BTRQ(U8(63), i)
	return i
}

// leastInt is VPMINSQ, which AVX2 lacks.
func (l *lanes) leastInt(o ...Op) {
	v := l.c.YMM()
	t := Op(v)
	if IsXMM(o[0]) {
		t = v.AsX()
	}
	l.c.VPCMPGTQ(o[0], o[1], t)
	l.c.VBLENDVPD(t, o[0], o[1], o[2])
}

// spreadInt is an integer in all lanes.
func (l *lanes) spreadInt(i reg.GPVirtual) reg.VecVirtual {
	c, v := l.c, l.vec(l.c)
	switch {
	case l.wide && l.size == 4:
		c.VPBROADCASTD(i.As32(), v)
	case l.wide:
		c.VPBROADCASTQ(i, v)
	case l.size == 4:
		x := c.XMM()
		c.VMOVD(i.As32(), x)
		c.VPBROADCASTD(x, v)
	default:
		x := c.XMM()
		c.VMOVQ(i, x)
		c.VPBROADCASTQ(x, v)
	}
	return v
}
