package simd

import (
	"math"

	"github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// best is the largest or smallest that each lane has seen, and the index at which the
// step began in which that was, which is to be less than 2^31 in float32. The first
// step with a NaN is beside it, and no index without one; what the others are then does
// not matter.
type best struct{ val, at, nan val }

// argument is the index of the largest or the smallest element of a row.
func (f *form) argument(c *build.Context, p *pool, name string, put Put, step int) {
	r, _ := f.open(c, p, name, []string{"x"}, nil, step, false, "-> int")
	all := &lanes{form: f, c: c, count: step, pool: p}
	b, at := all.none(put), c.GP64()
	c.XORQ(at, at)
	r.loop(func(l *lanes, k *mask) {
		x := r.read(l, r.ptr[0], k)
		if k != nil {
			x = l.within(*k, x, l.num(empty(put)))
		}
		l.better(best{b.val[:l.count], b.at[:l.count], b.nan[:l.count]}, x, at, put)
		c.ADDQ(I32(int32(f.lanes*l.count)), at)
	})
	c.Store(all.place(b, put), c.ReturnIndex(0))
	r.close()
}

// none is the best of no elements.
func (l *lanes) none(put Put) best {
	b := best{val: l.copy(l.num(empty(put))), at: l.new(), nan: l.copy(l.noIndex())}
	l.clear(l.c, b.at...)
	return b
}

// better looks at the elements from index at on.
func (l *lanes) better(b best, v val, at reg.GPVirtual, put Put) {
	c, how := l.c, greater
	if put == ArgMin {
		how = less
	}
	now := l.spreadInt(at)
	t, nan := l.compare(v, how, b.val), l.compare(v, unordered, v)
	l.binaryTo(l.top(put), b.val, v)
	for i := range v {
		if l.wide {
			pick(l.form, c.VMOVDQA32, c.VMOVDQA64)(now, t.k[i], b.at[i])
			pick(l.form, c.VPMINUD, c.VPMINUQ)(now, b.nan[i], nan.k[i], b.nan[i])
			continue
		}
		none := c.YMM()
		pick(l.form, c.VPCMPEQD, c.VPCMPEQQ)(l.noIndex().mem, b.nan[i], none)
		c.VPAND(none, nan.v[i], none)
		c.VPBLENDVB(t.v[i], now, b.at[i], b.at[i])
		c.VPBLENDVB(none, now, b.nan[i], b.nan[i])
	}
}

// noIndex is larger than those of elements, as a number without a sign.
func (l *lanes) noIndex() constant { return l.pool.bits(math.MaxUint64 >> (64 - 8*l.size) &^ 1023) }

// place is the first index of the best of all lanes. One of a NaN comes first: with
// its sign bit set it is less than others.
func (l *lanes) place(b best, put Put) reg.GPVirtual {
	c := l.c
	m, all := l.finish(c, l.copy(b.val), l.top(put)), l.vec(c)
	pick(l.form, c.VBROADCASTSS, c.VBROADCASTSD)(m.AsX(), all)
	index, nan := l.new(), l.new()
	for i := range index {
		pick(l.form, c.VPADDD, c.VPADDQ)(l.pool.numbers(i), b.at[i], index[i])
		pick(l.form, c.VPADDD, c.VPADDQ)(l.pool.numbers(i), b.nan[i], nan[i])
	}
	x := l.blend(l.compare(b.val, equal, l.same(all)), index, l.pool.bits(math.MaxUint64>>(65-8*l.size)))
	nan = l.addInt(nan, l.signBit())
	least := pick(l.form, c.VPMINSD, c.VPMINSQ)
	if !l.wide && l.size == 8 {
		least = l.leastInt
	}
	l.binaryTo(least, x, nan)
	i, s := c.GP64(), l.finish(c, x, least).AsX()
	if l.size == 4 {
		c.VMOVD(s, i.As32())
		c.BTRL(U8(31), i.As32())
	} else {
		c.VMOVQ(s, i)
		c.BTRQ(U8(63), i)
	}
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
