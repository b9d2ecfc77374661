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
