package simd

import (
	"fmt"

	"github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// squareDist is dst[i] += sum of (x[j]-c[j*stride+i])² over j < m, with the
// sums of a step in registers throughout.
func (f *form) squareDist(c *build.Context, p *pool) {
	r, _ := f.open(c, p, "squareDist", []string{"dst", "x", "c"}, nil, 4, false, "m int", "stride int")
	m, stride := c.Load(c.Param("m"), c.GP64()), c.Load(c.Param("stride"), c.GP64())
	c.SHLQ(U8(uint8(pick(f, 2, 3))), stride)
	dst, x, col := r.ptr[0], r.ptr[1], r.ptr[2]
	r.ptr = []reg.Register{dst, col} // x starts again for each step
	c.TESTQ(m, m)
	c.JLE(LabelRef("done"))
	r.loop(func(l *lanes, k *mask) {
		sums := r.read(l, dst, k)
		at, row, left := c.GP64(), c.GP64(), c.GP64()
		c.MOVQ(x, at)
		c.MOVQ(col, row)
		c.MOVQ(m, left)
		name := fmt.Sprintf("sum%d", l.count)
		if k != nil {
			name = "sum0"
		}
		c.Label(name)
		a := f.vec(c)
		f.splat(c, Mem{Base: at}, a)
		d := l.sub(l.same(a), r.read(l, row, k))
		l.addMulTo(sums, d, d)
		c.ADDQ(I32(int32(f.size)), at)
		c.ADDQ(stride, row)
		c.DECQ(left)
		c.JNZ(LabelRef(name))
		r.write(dst, sums, k)
	})
	r.close()
}

// find is the first index at which x is a, n if there is none.
func (f *form) find(c *build.Context, p *pool) {
	r, a := f.open(c, p, "find", []string{"x"}, []string{"a"}, 1, false, "-> int")
	at, bits := c.GP64(), c.GP64()
	c.XORQ(at, at)
	r.loop(func(l *lanes, k *mask) {
		t := l.compare(r.read(l, r.ptr[0], k), equal, l.same(a[0]))
		if f.wide {
			c.KMOVW(t.k[0], bits.As32())
		} else {
			pick(f, c.VMOVMSKPS, c.VMOVMSKPD)(t.v[0], bits.As32())
		}
		if k != nil { // what is beyond the end may be found too, after the rest
			c.BTSQ(r.n, bits)
		}
		c.TESTL(bits.As32(), bits.As32())
		c.JNZ(LabelRef("found"))
		if k == nil {
			c.ADDQ(I32(int32(f.lanes)), at)
		} else {
			c.JMP(LabelRef("done"))
			c.Label("found")
			c.TZCNTQ(bits, bits)
			c.ADDQ(bits, at)
		}
	})
	c.VZEROUPPER()
	c.Store(at, c.ReturnIndex(0))
	c.RET()
}
