package simd

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// transposer opens a function that copies blocks of the given size from src to
// their transposes in dst, along a row of blocks of src.
func transposer(c *build.Context, name, elem string, block, size int, body func(src, srs, dst, drs reg.Register)) {
	c.Function(name)
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr("func(blocks int, src *" + elem + ", srs int, dst *" + elem + ", drs int)")
	c.Pragma("noescape")
	n := c.Load(c.Param("blocks"), c.GP64())
	src, dst := c.Load(c.Param("src"), c.GP64()), c.Load(c.Param("dst"), c.GP64())
	srs, drs := c.Load(c.Param("srs"), c.GP64()), c.Load(c.Param("drs"), c.GP64())
	shift := uint8(2)
	if size == 8 {
		shift = 3
	}
	c.SHLQ(U8(shift), srs)
	c.SHLQ(U8(shift), drs)
	c.Label("block")
	body(src, srs, dst, drs)
	c.ADDQ(I32(int32(block*size)), src)
	step := c.GP64()
	c.MOVQ(drs, step)
	c.SHLQ(U8(uint8(map[int]int{4: 2, 8: 3}[block])), step)
	c.ADDQ(step, dst)
	c.DECQ(n)
	c.JNZ(LabelRef("block"))
	c.VZEROUPPER()
	c.RET()
}

// walk returns the addresses of the rows of a block.
func walk(c *build.Context, p, stride reg.Register) func() Mem {
	at, first := c.GP64(), true
	return func() Mem {
		if first {
			c.MOVQ(p, at)
			first = false
		} else {
			c.ADDQ(stride, at)
		}
		return Mem{Base: at}
	}
}

// transpose32 turns 8 by 8 blocks: the halves of rows i and i+4 are loaded into
// one register, which leaves 4 by 4 transposes within the halves.
func transpose32(c *build.Context) {
	transposer(c, "transpose32", "float32", 8, 4, func(src, srs, dst, drs reg.Register) {
		at := walk(c, src, srs)
		var lo, hi [4]reg.VecVirtual
		for i := range 4 {
			lo[i], hi[i] = c.YMM(), c.YMM()
			m := at()
			c.VMOVUPS(m, lo[i].AsX())
			c.VMOVUPS(m.Offset(16), hi[i].AsX())
		}
		for i := range 4 {
			m := at()
			c.VINSERTF128(U8(1), m, lo[i], lo[i])
			c.VINSERTF128(U8(1), m.Offset(16), hi[i], hi[i])
		}
		out := walk(c, dst, drs)
		for _, r := range [][4]reg.VecVirtual{lo, hi} {
			var t [4]reg.VecVirtual
			for i := range t {
				t[i] = c.YMM()
			}
			c.VUNPCKLPS(r[1], r[0], t[0])
			c.VUNPCKHPS(r[1], r[0], t[1])
			c.VUNPCKLPS(r[3], r[2], t[2])
			c.VUNPCKHPS(r[3], r[2], t[3])
			for i := range 2 {
				x := c.YMM()
				c.VUNPCKLPD(t[i+2], t[i], x)
				c.VMOVUPS(x, out())
				y := c.YMM()
				c.VUNPCKHPD(t[i+2], t[i], y)
				c.VMOVUPS(y, out())
			}
		}
	})
}

// transpose64 turns 4 by 4 blocks in the same way.
func transpose64(c *build.Context) {
	transposer(c, "transpose64", "float64", 4, 8, func(src, srs, dst, drs reg.Register) {
		at := walk(c, src, srs)
		var lo, hi [2]reg.VecVirtual
		for i := range 2 {
			lo[i], hi[i] = c.YMM(), c.YMM()
			m := at()
			c.VMOVUPD(m, lo[i].AsX())
			c.VMOVUPD(m.Offset(16), hi[i].AsX())
		}
		for i := range 2 {
			m := at()
			c.VINSERTF128(U8(1), m, lo[i], lo[i])
			c.VINSERTF128(U8(1), m.Offset(16), hi[i], hi[i])
		}
		out := walk(c, dst, drs)
		for _, r := range [][2]reg.VecVirtual{lo, hi} {
			x, y := c.YMM(), c.YMM()
			c.VUNPCKLPD(r[1], r[0], x)
			c.VMOVUPD(x, out())
			c.VUNPCKHPD(r[1], r[0], y)
			c.VMOVUPD(y, out())
		}
	})
}
