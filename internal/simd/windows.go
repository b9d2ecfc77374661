package simd

import (
	"fmt"
	"slices"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// windowRows is the most rows of windows and inners.
const windowRows = 8

// windowVectors is how many vectors windows, and columns inners, takes at once.
func windowVectors(rows int) int {
	if rows <= 6 {
		return 4
	}
	return 3
}

// windows is strip for vectors that lie anywhere: at each of them stand the
// offsets in B and C, in bytes, and the mask of its lanes. acs and brs are tables
// of differences. One call does all groups of vectors of an image, so that a
// convolution with short rows is not a call for each of them.
func (f *form) windows(c *build.Context, rows int) {
	width := windowVectors(rows)
	c.Function(fmt.Sprintf("windows%sx%d", f.name, rows))
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr(fmt.Sprintf("func(k int, a *%[1]s, ars int, acs *int, b *%[1]s, brs *int, c *%[1]s, crs int, at *int, groups int, acc bool)", f.elem))
	c.Pragma("noescape")
	s := &stripCode{form: f, c: c, rows: rows}
	s.ars = s.bytes("ars")
	at, groups := c.Load(c.Param("at"), c.GP64()), c.Load(c.Param("groups"), c.GP64())
	field := func(vector, field int) Mem { return Mem{Base: at, Disp: 24*vector + 8*field} }

	c.Label("group")
	b := c.Load(c.Param("b"), c.GP64())
	masks := make([]mask, width)
	offsets := make([]reg.Register, width)
	for j := range width {
		masks[j] = mask{k: c.K()}
		c.KMOVW(field(j, 2), masks[j].k)
		if j > 0 {
			offsets[j] = c.GP64()
			c.MOVQ(field(j, 0), offsets[j])
			c.SUBQ(field(0, 0), offsets[j])
		}
	}
	c.ADDQ(field(0, 0), b)
	sums := make([][]reg.VecVirtual, rows)
	for i := range sums {
		for range width {
			sums[i] = append(sums[i], f.vec(c))
		}
	}
	f.clear(c, slices.Concat(sums...)...)
	a := s.pointers()
	p := c.Load(c.Param("k"), c.GP64())
	acs, brs := c.Load(c.Param("acs"), c.GP64()), c.Load(c.Param("brs"), c.GP64())

	c.Label("sum")
	row := make([]reg.VecVirtual, width)
	for j := range row {
		row[j] = f.vec(c)
		m := Mem{Base: b}
		if j > 0 {
			m.Index, m.Scale = offsets[j], 1
		}
		f.loadMasked(c, m, masks[j], row[j])
	}
	for i := range rows {
		x := f.vec(c)
		f.splat(c, s.row(a, i), x)
		for j := range row {
			f.fma(c, row[j], x, sums[i][j])
		}
	}
	by := c.GP64()
	c.MOVQ(Mem{Base: acs}, by)
	for _, r := range a {
		c.ADDQ(by, r)
	}
	c.ADDQ(Mem{Base: brs}, b)
	c.ADDQ(I32(8), acs)
	c.ADDQ(I32(8), brs)
	c.DECQ(p)
	c.JNZ(LabelRef("sum"))

	crs, old := s.bytes("crs"), f.vec(c)
	acc := c.Load(c.Param("acc"), c.GP8())
	for j := range width {
		to := c.Load(c.Param("c"), c.GP64())
		c.ADDQ(field(j, 1), to)
		store := fmt.Sprintf("store%d", j)
		c.TESTB(acc, acc)
		c.JZ(LabelRef(store))
		from := c.GP64()
		c.MOVQ(to, from)
		for i := range rows {
			f.loadMasked(c, Mem{Base: from}, masks[j], old)
			f.add(c, old, sums[i][j], sums[i][j])
			c.ADDQ(crs, from)
		}
		c.Label(store)
		for i := range rows {
			f.storeMasked(c, sums[i][j], masks[j], Mem{Base: to})
			if i < rows-1 {
				c.ADDQ(crs, to)
			}
		}
	}
	c.ADDQ(I32(int32(24*width)), at)
	c.DECQ(groups)
	c.JNZ(LabelRef("group"))
	c.VZEROUPPER()
	c.RET()
}

// inners is the inner products of some rows of A with windowVectors(rows) rows of B,
// where a row is runs of neighbours: full vectors and one of the lanes of rest. Those
// of A follow each other as whole vectors, those of B stand bAt bytes from the
// beginning of a row, and the rows of B cols bytes from b. The products overwrite or
// are added to C, contiguous in each row; lanes is the mask of those that are wanted.
func (f *form) inners(c *build.Context, rows int) {
	c.Function(fmt.Sprintf("inners%sx%d", f.name, rows))
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr(fmt.Sprintf("func(runs, full, rest int, a *%[1]s, ars int, b *%[1]s, cols *int, bAt *int, c *%[1]s, crs, lanes int, acc bool)", f.elem))
	c.Pragma("noescape")
	s := &stripCode{form: f, c: c, rows: rows}
	s.ars = s.bytes("ars")
	k := mask{k: c.K()}
	c.KMOVW(c.Load(c.Param("rest"), c.GP64()).(reg.GP).As32(), k.k)
	cols := c.Load(c.Param("cols"), c.GP64())
	width := windowVectors(rows)
	offsets := make([]reg.Register, width)
	for j := range offsets {
		if offsets[j] = c.GP64(); j > 0 {
			c.MOVQ(Mem{Base: cols, Disp: 8 * j}, offsets[j])
			c.SUBQ(Mem{Base: cols}, offsets[j])
		}
	}
	c.MOVQ(Mem{Base: cols}, offsets[0])
	sums := make([][]reg.VecVirtual, rows)
	for i := range sums {
		for range width {
			sums[i] = append(sums[i], f.vec(c))
		}
	}
	f.clear(c, slices.Concat(sums...)...)
	runs := c.Load(c.Param("runs"), c.GP64())
	bAt := c.Load(c.Param("bAt"), c.GP64())
	a := s.pointers()

	c.Label("run")
	b := c.Load(c.Param("b"), c.GP64())
	c.ADDQ(offsets[0], b)
	c.ADDQ(Mem{Base: bAt}, b)
	// Registers of both steps: avo takes a masked load for a use of what was there.
	x := f.vec(c)
	col := make([]reg.VecVirtual, width)
	for j := range col {
		col[j] = f.vec(c)
	}
	step := func(load func(m Mem, v Op)) {
		for j := range col {
			m := Mem{Base: b}
			if j > 0 {
				m.Index, m.Scale = offsets[j], 1
			}
			load(m, col[j])
		}
		for i := range rows {
			f.load(c, s.row(a, i), x)
			for j := range col {
				f.fma(c, col[j], x, sums[i][j])
			}
		}
		for _, r := range append(a, b) {
			c.ADDQ(I32(int32(f.lanes*f.size)), r)
		}
	}
	full := c.Load(c.Param("full"), c.GP64())
	c.TESTQ(full, full)
	c.JZ(LabelRef("rest"))
	c.Label("vector")
	step(func(m Mem, v Op) { f.load(c, m, v) })
	c.DECQ(full)
	c.JNZ(LabelRef("vector"))
	c.Label("rest")
	rest := c.Load(c.Param("rest"), c.GP64())
	c.TESTQ(rest, rest)
	c.JZ(LabelRef("next"))
	step(func(m Mem, v Op) { f.loadMasked(c, m, k, v) })
	c.Label("next")
	c.ADDQ(I32(8), bAt)
	c.DECQ(runs)
	c.JNZ(LabelRef("run"))

	to, crs := c.Load(c.Param("c"), c.GP64()), s.bytes("crs")
	c.KMOVW(c.Load(c.Param("lanes"), c.GP64()).(reg.GP).As32(), k.k)
	four := make([]Op, rows)
	for i := range four {
		four[i] = f.sums(c, append(sums[i], sums[i][width-1])[:4])
	}
	acc := c.Load(c.Param("acc"), c.GP8())
	c.TESTB(acc, acc)
	c.JZ(LabelRef("store"))
	from, old := c.GP64(), pick(f, x.AsX(), x.AsY())
	c.MOVQ(to, from)
	for i := range four {
		f.loadMasked(c, Mem{Base: from}, k, old)
		f.add(c, old, four[i], four[i])
		c.ADDQ(crs, from)
	}
	c.Label("store")
	for i := range four {
		f.storeMasked(c, four[i], k, Mem{Base: to})
		c.ADDQ(crs, to)
	}
	c.VZEROUPPER()
	c.RET()
}

// sums is the sums of the lanes of each of four vectors.
func (f *form) sums(c *build.Context, v []reg.VecVirtual) Op {
	pairs := func(low, high func(a, b, to Op), x, y reg.VecVirtual) reg.VecVirtual {
		l, h := f.vec(c), f.vec(c)
		low(y, x, l)
		high(y, x, h)
		f.add(c, h, l, l)
		return l
	}
	low2 := func(a, b, to Op) { c.VUNPCKLPD(a, b, to) }
	high2 := func(a, b, to Op) { c.VUNPCKHPD(a, b, to) }
	quarter := func(v reg.VecVirtual) reg.VecVirtual {
		h, q := c.YMM(), c.XMM()
		c.VEXTRACTF64X4(U8(1), v, h)
		f.add(c, h, v.AsY(), h)
		c.VEXTRACTF32X4(U8(1), h, q)
		f.add(c, h.AsX(), q, q)
		return q
	}
	if f.size == 8 {
		x, y := quarter(pairs(low2, high2, v[0], v[1])), quarter(pairs(low2, high2, v[2], v[3]))
		both := c.YMM()
		c.VINSERTF32X4(U8(1), y, x.AsY(), both)
		return both
	}
	low1 := func(a, b, to Op) { c.VUNPCKLPS(a, b, to) }
	high1 := func(a, b, to Op) { c.VUNPCKHPS(a, b, to) }
	return quarter(pairs(low2, high2, pairs(low1, high1, v[0], v[1]), pairs(low1, high1, v[2], v[3])))
}

// gather copies runs of neighbours, at bytes from src, to whole vectors. The lanes
// that a run does not fill are 0; the next run begins last elements behind the
// beginning of the last vector.
func (f *form) gather(c *build.Context) {
	c.Function("gather" + f.name)
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr(fmt.Sprintf("func(runs, full, rest, last int, src *%[1]s, at *int, dst *%[1]s)", f.elem))
	c.Pragma("noescape")
	k := mask{k: c.K()}
	rest := c.Load(c.Param("rest"), c.GP64())
	c.KMOVW(rest.(reg.GP).As32(), k.k)
	runs, at, dst := c.Load(c.Param("runs"), c.GP64()), c.Load(c.Param("at"), c.GP64()), c.Load(c.Param("dst"), c.GP64())
	last := c.Load(c.Param("last"), c.GP64())
	c.SHLQ(U8(uint8(pick(f, 2, 3))), last)
	v := f.vec(c)
	src, full := c.Load(c.Param("src"), c.GP64()), c.Load(c.Param("full"), c.GP64())
	c.TESTQ(full, full)
	c.JNZ(LabelRef("run"))
	c.Label("short")
	by := c.GP64()
	c.MOVQ(Mem{Base: at}, by)
	f.loadMasked(c, Mem{Base: src, Index: by, Scale: 1}, k, v)
	f.store(c, v, Mem{Base: dst})
	c.ADDQ(last, dst)
	c.ADDQ(I32(8), at)
	c.DECQ(runs)
	c.JNZ(LabelRef("short"))
	c.VZEROUPPER()
	c.RET()
	c.Label("run")
	src = c.Load(c.Param("src"), c.GP64())
	c.ADDQ(Mem{Base: at}, src)
	full = c.Load(c.Param("full"), c.GP64())
	c.TESTQ(full, full)
	c.JZ(LabelRef("rest"))
	bytes := I32(int32(f.lanes * f.size))
	c.Label("vector")
	f.load(c, Mem{Base: src}, v)
	f.store(c, v, Mem{Base: dst})
	c.ADDQ(bytes, src)
	c.ADDQ(bytes, dst)
	c.DECQ(full)
	c.JNZ(LabelRef("vector"))
	c.Label("rest")
	c.TESTQ(rest, rest)
	c.JZ(LabelRef("next"))
	f.loadMasked(c, Mem{Base: src}, k, v)
	f.store(c, v, Mem{Base: dst})
	c.ADDQ(last, dst)
	c.Label("next")
	c.ADDQ(I32(8), at)
	c.DECQ(runs)
	c.JNZ(LabelRef("run"))
	c.VZEROUPPER()
	c.RET()
}
