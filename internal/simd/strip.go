package simd

import (
	"fmt"
	"slices"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// strip is C[rows,n] (+)= A[rows,k] @ B[k,n] for a fixed number of rows. A is
// read in place, rows of B and C are contiguous. It walks along n, keeping the
// sums of rows by widths vectors in registers. How far a step of k moves in A
// and B is read from memory, at each step a further step bytes on: with step 0
// it is one stride, with step 8 a table of differences.
func (f *form) strip(c *build.Context, rows int) {
	if rows == 1 && !f.wide {
		f.laneTable(c)
	}
	c.Function(fmt.Sprintf("strip%sx%d", f.name, rows))
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr(fmt.Sprintf("func(k int, a *%[1]s, ars int, acs *int, b *%[1]s, brs *int, step int, c *%[1]s, crs, n int, acc bool)", f.elem))
	c.Pragma("noescape")
	s := &stripCode{form: f, c: c, rows: rows}
	s.ars = s.bytes("ars")
	s.b, s.dst = c.Load(c.Param("b"), c.GP64()), c.Load(c.Param("c"), c.GP64())
	s.n = c.Load(c.Param("n"), c.GP64())
	widths := f.widths(rows)
	for i, w := range widths {
		last := i == len(widths)-1
		next := fmt.Sprintf("narrower%d", w)
		if last {
			next = "rest"
		}
		c.Label(fmt.Sprintf("width%d", w))
		// With masks the last vector need not be full.
		least := f.lanes * w
		if f.wide {
			least = f.lanes*(w-1) + 1
		}
		c.CMPQ(s.n, I32(int32(least)))
		c.JLT(LabelRef(next))
		s.tile(w, f.wide)
		c.SUBQ(I32(int32(f.lanes*w)), s.n)
		c.JLE(LabelRef("done"))
		c.JMP(LabelRef(fmt.Sprintf("width%d", w)))
		c.Label(next)
	}
	if !f.wide {
		s.tile(1, true)
	}
	c.Label("done")
	c.VZEROUPPER()
	c.RET()
}

// stripCode is what the tiles of one strip share.
type stripCode struct {
	*form
	c         *build.Context
	rows      int
	ars       reg.Register // in bytes
	b, dst, n reg.Register // where the walk along n is
}

// bytes loads a stride and scales it.
func (s *stripCode) bytes(param string) reg.Register {
	r := s.c.Load(s.c.Param(param), s.c.GP64())
	s.c.SHLQ(U8(uint8(pick(s.form, 2, 3))), r)
	return r
}

// pointers loads a pointer to each third row of A; the two rows below are reached
// by scale.
func (s *stripCode) pointers() []reg.Register {
	var a []reg.Register
	for i := 0; i < s.rows; i += 3 {
		p := s.c.GP64()
		if i == 0 {
			s.c.Load(s.c.Param("a"), p)
		} else {
			s.c.LEAQ(Mem{Base: a[len(a)-1], Index: s.ars, Scale: 2}, p)
			s.c.ADDQ(s.ars, p)
		}
		a = append(a, p)
	}
	return a
}

// row is where row i of A stands.
func (s *stripCode) row(a []reg.Register, i int) Mem {
	m := Mem{Base: a[i/3]}
	if i%3 > 0 {
		m.Index, m.Scale = s.ars, uint8(i%3)
	}
	return m
}

// tile is one step of the walk: width vectors, the last of them masked or not.
func (s *stripCode) tile(width int, masked bool) {
	c, f := s.c, s.form
	name := func(what string) string { return fmt.Sprintf("%s%d%v", what, width, masked) }
	var k mask
	if masked {
		count := c.GP64()
		c.MOVQ(s.n, count)
		full := c.GP64()
		c.MOVQ(I32(int32(f.lanes*width)), full)
		c.CMPQ(count, full)
		c.CMOVQGT(full, count)
		if width > 1 {
			c.SUBQ(I32(int32(f.lanes*(width-1))), count)
		}
		k = f.maskOf(c, count)
	}
	sums := make([][]reg.VecVirtual, s.rows)
	for i := range sums {
		for range width {
			sums[i] = append(sums[i], f.vec(c))
		}
	}
	f.clear(c, slices.Concat(sums...)...)
	a := s.pointers()
	b := c.GP64()
	c.MOVQ(s.b, b)
	p := c.Load(c.Param("k"), c.GP64())
	acs, brs := c.Load(c.Param("acs"), c.GP64()), c.Load(c.Param("brs"), c.GP64())
	step := c.Load(c.Param("step"), c.GP64())

	load := func(m Mem, v Op) {
		if masked {
			f.loadMasked(c, m, k, v)
		} else {
			f.load(c, m, v)
		}
	}
	if f.wide && width == 1 && s.rows >= 4 {
		c.TESTQ(step, step)
		c.JNZ(LabelRef(name("sum")))
		n := narrow{s, a, b, p, c.GP64(), c.GP64(), func(v Op) { load(Mem{Base: b}, v) }, sums, name}
		c.MOVQ(Mem{Base: acs}, n.acs)
		c.MOVQ(Mem{Base: brs}, n.brs)
		n.turned()
		n.fours()
	}
	c.Label(name("sum"))
	row := make([]reg.VecVirtual, width)
	for j := range row {
		row[j] = f.vec(c)
		m := Mem{Base: b, Disp: j * f.lanes * f.size}
		if masked && j == width-1 {
			f.loadMasked(c, m, k, row[j])
		} else {
			f.load(c, m, row[j])
		}
	}
	for i := range s.rows {
		if f.wide && width == 1 {
			pick(f, c.VFMADD231PS_BCST, c.VFMADD231PD_BCST)(s.row(a, i), row[0], sums[i][0])
			continue
		}
		x := f.vec(c)
		f.splat(c, s.row(a, i), x)
		for j := range row {
			f.fma(c, row[j], x, sums[i][j])
		}
	}
	if len(a) == 1 {
		c.ADDQ(Mem{Base: acs}, a[0])
	} else {
		by := c.GP64()
		c.MOVQ(Mem{Base: acs}, by)
		for _, r := range a {
			c.ADDQ(by, r)
		}
	}
	c.ADDQ(Mem{Base: brs}, b)
	c.ADDQ(step, acs)
	c.ADDQ(step, brs)
	c.DECQ(p)
	c.JNZ(LabelRef(name("sum")))

	c.Label(name("end"))
	// C is added to or overwritten.
	crs, at2 := s.bytes("crs"), c.GP64()
	acc := c.Load(c.Param("acc"), c.GP8())
	c.TESTB(acc, acc)
	c.JZ(LabelRef(name("store")))
	c.MOVQ(s.dst, at2)
	for i := range s.rows {
		for j := range width {
			m := Mem{Base: at2, Disp: j * f.lanes * f.size}
			if masked && j == width-1 {
				old := f.vec(c)
				f.loadMasked(c, m, k, old)
				f.add(c, old, sums[i][j], sums[i][j])
			} else {
				f.add(c, m, sums[i][j], sums[i][j])
			}
		}
		if i < s.rows-1 {
			c.ADDQ(crs, at2)
		}
	}
	c.Label(name("store"))
	c.MOVQ(s.dst, at2)
	for i := range s.rows {
		for j := range width {
			m := Mem{Base: at2, Disp: j * f.lanes * f.size}
			if masked && j == width-1 {
				f.storeMasked(c, sums[i][j], k, m)
			} else {
				f.store(c, sums[i][j], m)
			}
		}
		if i < s.rows-1 {
			c.ADDQ(crs, at2)
		}
	}
	c.ADDQ(I32(int32(f.lanes*width*f.size)), s.b)
	c.ADDQ(I32(int32(f.lanes*width*f.size)), s.dst)
}
