package simd

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// dotRows is how many rows dots takes at once.
const dotRows = 4

// dots is y[4] (+)= A[4,k] @ x[k] with contiguous rows and x: four inner
// products that share the loads of x, two vectors deep.
func (f *form) dots(c *build.Context) {
	c.Function("dots" + f.name)
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr(fmt.Sprintf("func(k int, a *%[1]s, ars int, x *%[1]s, y *%[1]s, ys int, acc bool)", f.elem))
	c.Pragma("noescape")
	shift := U8(uint8(pick(f, 2, 3)))
	k, x := c.Load(c.Param("k"), c.GP64()), c.Load(c.Param("x"), c.GP64())
	ars := c.Load(c.Param("ars"), c.GP64())
	c.SHLQ(shift, ars)
	rows := make([]reg.Register, dotRows)
	for i := range rows {
		rows[i] = c.GP64()
		if i == 0 {
			c.Load(c.Param("a"), rows[0])
		} else {
			c.LEAQ(Mem{Base: rows[i-1], Index: ars, Scale: 1}, rows[i])
		}
	}
	var sums [dotRows][2]reg.VecVirtual
	for i := range sums {
		for j := range sums[i] {
			sums[i][j] = f.vec(c)
		}
		f.clear(c, sums[i][:]...)
	}
	step := func(vectors int, m *mask) {
		xs := make([]reg.VecVirtual, vectors)
		for j := range xs {
			xs[j] = f.vec(c)
			at := Mem{Base: x, Disp: j * f.lanes * f.size}
			if m != nil {
				f.loadMasked(c, at, *m, xs[j])
			} else {
				f.load(c, at, xs[j])
			}
		}
		for i := range rows {
			for j := range xs {
				at := Mem{Base: rows[i], Disp: j * f.lanes * f.size}
				if m != nil {
					v := f.vec(c)
					f.loadMasked(c, at, *m, v)
					f.fma(c, v, xs[j], sums[i][j])
				} else {
					f.fma(c, at, xs[j], sums[i][j])
				}
			}
		}
		bytes := I32(int32(vectors * f.lanes * f.size))
		for i := range rows {
			c.ADDQ(bytes, rows[i])
		}
		c.ADDQ(bytes, x)
	}
	c.Label("pairs")
	c.CMPQ(k, I32(int32(2*f.lanes)))
	c.JLT(LabelRef("single"))
	step(2, nil)
	c.SUBQ(I32(int32(2*f.lanes)), k)
	c.JMP(LabelRef("pairs"))
	c.Label("single")
	c.CMPQ(k, I32(int32(f.lanes)))
	c.JLT(LabelRef("tail"))
	step(1, nil)
	c.SUBQ(I32(int32(f.lanes)), k)
	c.Label("tail")
	c.TESTQ(k, k)
	c.JZ(LabelRef("reduce"))
	m := f.maskOf(c, k)
	step(1, &m)
	c.Label("reduce")
	y, ys := c.Load(c.Param("y"), c.GP64()), c.Load(c.Param("ys"), c.GP64())
	c.SHLQ(shift, ys)
	acc := c.Load(c.Param("acc"), c.GP8())
	for i := range rows {
		v := sums[i][0]
		f.add(c, sums[i][1], v, v)
		sum := f.horizontal(c, v)
		skip := fmt.Sprintf("write%d", i)
		c.TESTB(acc, acc)
		c.JZ(LabelRef(skip))
		pick(f, c.VADDSS, c.VADDSD)(Mem{Base: y}, sum, sum)
		c.Label(skip)
		pick(f, func(a, b Op) { c.VMOVSS(a, b) }, func(a, b Op) { c.VMOVSD(a, b) })(sum, Mem{Base: y})
		if i < dotRows-1 {
			c.ADDQ(ys, y)
		}
	}
	c.VZEROUPPER()
	c.RET()
}

// horizontal sums the lanes of v, halves first.
func (f *form) horizontal(c *build.Context, v reg.VecVirtual) reg.VecVirtual {
	if f.wide {
		h := c.YMM()
		c.VEXTRACTF64X4(U8(1), v, h)
		f.add(c, h, v.AsY(), v.AsY())
	}
	h := c.XMM()
	f.upper(c, v, h)
	s := c.XMM()
	f.add(c, h, v.AsX(), s)
	c.VPERMILPD(U8(1), s, h)
	f.add(c, h, s, s)
	if f.size == 4 {
		c.VMOVSHDUP(s, h)
		f.add(c, h, s, s)
	}
	return s
}
