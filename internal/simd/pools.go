package simd

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Images are rows of n elements: windows that slide over one, and their opposite,
// an image of which each element is several.

// pools writes the kernels on images.
func (f *form) pools(c *build.Context, p *pool) {
	f.shuffles(c)
	f.stretch(c, p)
	for _, right := range []int{1, 2} {
		f.window(c, p, fmt.Sprint("windowSum", right), right, f.windowFold(0, func(l *lanes, s, x val) {
			l.binaryTo(pick(f, c.VADDPS, c.VADDPD), s, x)
		}))
		f.window(c, p, fmt.Sprint("windowMax", right), right, f.windowFold(math.Inf(-1), func(l *lanes, s, x val) {
			// The instruction gives its second argument where one is NaN.
			bad := l.compare(x, unordered, x)
			for i, v := range l.blend(bad, x, l.max(x, s)) {
				c.VMOVAPS(v, s[i])
			}
		}))
		f.window(c, p, fmt.Sprint("windowPlace", right), right, f.windowPlace())
	}
}

// shuffles are the tables of the permutations below.
func (f *form) shuffles(c *build.Context) {
	table := func(name string, at func(i int) int) {
		c.StaticGlobal(name + f.name)
		c.DataAttributes(8 | 16) // RODATA, NOPTR
		for i := range f.lanes {
			if f.size == 4 {
				c.AppendDatum(U32(at(i)))
			} else {
				c.AppendDatum(U64(at(i)))
			}
		}
	}
	table("twice", func(i int) int { return i / 2 })
	if f.wide {
		table("even", func(i int) int { return 2 * i })
	}
}

func (f *form) shuffle(c *build.Context, name string) reg.VecVirtual {
	v := f.vec(c)
	f.load(c, NewDataAddr(Symbol{Name: name + f.name, Static: true}, 0), v)
	return v
}

// half is the lower half of a vector.
func (f *form) half(v reg.VecVirtual) reg.Register {
	if f.wide {
		return v.AsY()
	}
	return v.AsX()
}

// stretch copies rows rows of (n+1)/2 elements, stride apart in x, each element
// to two neighbours and each row to times rows of n below each other in dst.
func (f *form) stretch(c *build.Context, p *pool) {
	r, _ := f.open(c, p, "stretch", []string{"dst", "x"}, nil, 1, false, "rows int", "times int", "stride int")
	rows, times, stride := c.Load(c.Param("rows"), c.GP64()), c.Load(c.Param("times"), c.GP64()), c.Load(c.Param("stride"), c.GP64())
	dst, x := r.ptr[0], r.ptr[1]
	scale := U8(uint8(pick(f, 2, 3)))
	c.SHLQ(scale, stride)
	width := c.GP64()
	c.MOVQ(r.n, width)
	c.SHLQ(scale, width)
	twice := f.shuffle(c, "twice")
	double := func(v reg.VecVirtual) reg.VecVirtual {
		out := f.vec(c)
		switch {
		case f.wide:
			pick(f, c.VPERMPS, c.VPERMPD)(v, twice, out)
		case f.size == 4:
			c.VPERMPS(v, twice, out)
		default:
			c.VPERMPD(U8(0x50), v, out)
		}
		return out
	}
	c.Label("row")
	left, from, to := c.GP64(), c.GP64(), c.GP64()
	c.MOVQ(r.n, left)
	c.MOVQ(x, from)
	c.MOVQ(dst, to)
	copies := func(name string, store func(m Mem)) {
		at, count := c.GP64(), c.GP64()
		c.MOVQ(to, at)
		c.MOVQ(times, count)
		c.Label(name)
		store(Mem{Base: at})
		c.ADDQ(width, at)
		c.DECQ(count)
		c.JNZ(LabelRef(name))
	}
	c.Label("vector")
	c.CMPQ(left, I32(int32(f.lanes)))
	c.JLT(LabelRef("rest"))
	v := f.vec(c)
	f.load(c, Mem{Base: from}, f.half(v))
	d := double(v)
	copies("copy", func(m Mem) { f.store(c, d, m) })
	c.ADDQ(I32(int32(f.lanes/2*f.size)), from)
	c.ADDQ(I32(int32(f.lanes*f.size)), to)
	c.SUBQ(I32(int32(f.lanes)), left)
	c.JMP(LabelRef("vector"))
	c.Label("rest")
	c.TESTQ(left, left)
	c.JLE(LabelRef("next"))
	lanes := f.maskOf(c, left)
	count := c.GP64()
	c.LEAQ(Mem{Base: left, Disp: 1}, count)
	c.SHRQ(U8(1), count)
	v = f.vec(c)
	f.loadMasked(c, Mem{Base: from}, f.maskOf(c, count), v)
	d = double(v)
	copies("copyRest", func(m Mem) { f.storeMasked(c, d, lanes, m) })
	c.Label("next")
	c.ADDQ(stride, x)
	c.MOVQ(times, count)
	c.Label("down")
	c.ADDQ(width, dst)
	c.DECQ(count)
	c.JNZ(LabelRef("down"))
	c.DECQ(rows)
	c.JNZ(LabelRef("row"))
	r.close()
}

// windowResult is what becomes of the elements of windows, one in each lane.
type windowResult struct {
	dst   string // the parameter
	size  int    // of a result
	begin func(l *lanes)
	step  func(l *lanes, x val)
	store func(l *lanes, m Mem, k *mask)
}

// windowFold is the sum of the elements, from empty on, or another reduction.
func (f *form) windowFold(empty float64, op func(l *lanes, s, x val)) *windowResult {
	var s val
	return &windowResult{"dst", f.size,
		func(l *lanes) { s = l.copy(l.num(empty)) },
		func(l *lanes, x val) { op(l, s, x) },
		func(l *lanes, m Mem, k *mask) {
			if k != nil {
				f.storeMasked(l.c, s[0], *k, m)
			} else {
				f.store(l.c, s[0], m)
			}
		}}
}

// windowPlace is which element is the first of the largest, or the first NaN.
func (f *form) windowPlace() *windowResult {
	var best, at, now, one val
	return &windowResult{"dst *int", 8,
		func(l *lanes) {
			best, at, now = l.copy(l.num(math.Inf(-1))), l.new(), l.new()
			one = l.copy(l.pool.bits(1))
			f.clear(l.c, append(at, now...)...)
		},
		func(l *lanes, x val) {
			t := l.both(l.compare(x, notAtMost, best), l.compare(best, ordered, best))
			for i, v := range l.blend(t, x, best) {
				l.c.VMOVAPS(v, best[i])
			}
			for i, v := range l.blend(t, now, at) {
				l.c.VMOVAPS(v, at[i])
			}
			pick(f, l.c.VPADDD, l.c.VPADDQ)(one[0], now[0], now[0])
		},
		func(l *lanes, m Mem, k *mask) { f.storeInts(l.c, at[0], m, k) }}
}

// storeInts stores the integers in the lanes of v, all or those of k, in 64 bits each.
func (f *form) storeInts(c *build.Context, v reg.VecVirtual, m Mem, k *mask) {
	if f.size == 8 {
		if k != nil {
			f.storeMasked(c, v, *k, m)
		} else {
			f.store(c, v, m)
		}
		return
	}
	high := func(v reg.VecVirtual) reg.Register {
		if f.wide {
			h := c.YMM()
			c.VEXTRACTI64X4(U8(1), v, h)
			return h
		}
		h := c.XMM()
		c.VEXTRACTI128(U8(1), v, h)
		return h
	}
	for half := range 2 {
		out, from := f.vec(c), f.half(v)
		if half == 1 {
			from, m.Disp = high(v), m.Disp+4*f.lanes
		}
		c.VPMOVSXDQ(from, out)
		switch {
		case k == nil:
			c.VMOVUPD(out, m)
		case f.wide:
			lanes := k.k
			if half == 1 {
				lanes = c.K()
				c.KSHIFTRW(U8(8), k.k, lanes)
			}
			c.VMOVUPD(out, lanes, m)
		default:
			lanes, some := k.v.(reg.VecVirtual), c.YMM()
			from := f.half(lanes)
			if half == 1 {
				from = high(lanes)
			}
			c.VPMOVSXDQ(from, some)
			c.VMASKMOVPD(out, some, m)
		}
	}
}

// window is dst[i*n+j] = what becomes of x[i*down+j*right+u*line+v] over u < height
// and v < width, in that order.
func (f *form) window(c *build.Context, p *pool, name string, right int, result *windowResult) {
	r, _ := f.open(c, p, name, []string{result.dst, "x"}, nil, 1, false, "rows int", "down int", "height int", "line int", "width int")
	load := func(s string) reg.Register { return c.Load(c.Param(s), c.GP64()) }
	rows, down, height, line, width := load("rows"), load("down"), load("height"), load("line"), load("width")
	dst, x := r.ptr[0], r.ptr[1]
	scale := U8(uint8(pick(f, 2, 3)))
	c.SHLQ(scale, down)
	c.SHLQ(scale, line)
	var even reg.VecVirtual
	if f.wide && right == 2 {
		even = f.shuffle(c, "even")
	}
	l := &lanes{form: f, c: c, count: 1, pool: p}
	c.Label("row")
	left, from := c.GP64(), c.GP64()
	c.MOVQ(r.n, left)
	c.MOVQ(x, from)
	for _, rest := range []bool{false, true} {
		next, sum, column := "vector", "sum", "column"
		if rest {
			next, sum, column = "rest", "sumRest", "columnRest"
		}
		c.Label(next)
		var first, second, out mask
		if !rest {
			c.CMPQ(left, I32(int32(f.lanes)))
			if right == 1 {
				c.JLT(LabelRef("rest"))
			} else { // the last element of two vectors is there if more follow
				c.JLE(LabelRef("rest"))
			}
		} else {
			c.TESTQ(left, left)
			c.JLE(LabelRef("next"))
			out = f.maskOf(c, left)
			if right == 2 { // of the elements, 2*left-1, those in two vectors
				count, none := c.GP64(), c.GP64()
				c.LEAQ(Mem{Base: left, Index: left, Scale: 1, Disp: -1}, count)
				all := c.GP64()
				c.MOVQ(I32(int32(f.lanes)), all)
				c.CMPQ(count, all)
				c.CMOVQLT(count, all)
				first = f.maskOf(c, all)
				c.XORQ(none, none)
				c.SUBQ(I32(int32(f.lanes)), count)
				c.CMOVQLT(none, count)
				second = f.maskOf(c, count)
			} else {
				first = out
			}
		}
		read := func(m Mem, k mask) reg.VecVirtual {
			v := f.vec(c)
			if rest {
				f.loadMasked(c, m, k, v)
			} else {
				f.load(c, m, v)
			}
			return v
		}
		result.begin(l)
		at, high := c.GP64(), c.GP64()
		c.MOVQ(from, at)
		c.MOVQ(height, high)
		c.Label(sum)
		cell, wide := c.GP64(), c.GP64()
		c.MOVQ(at, cell)
		c.MOVQ(width, wide)
		c.Label(column)
		v := read(Mem{Base: cell}, first)
		if right == 2 {
			v = f.even(c, v, read(Mem{Base: cell, Disp: f.lanes * f.size}, second), even)
		}
		result.step(l, val{v})
		c.ADDQ(I32(int32(f.size)), cell)
		c.DECQ(wide)
		c.JNZ(LabelRef(column))
		c.ADDQ(line, at)
		c.DECQ(high)
		c.JNZ(LabelRef(sum))
		if rest {
			result.store(l, Mem{Base: dst}, &out)
			continue
		}
		result.store(l, Mem{Base: dst}, nil)
		c.ADDQ(I32(int32(f.lanes*result.size)), dst)
		c.ADDQ(I32(int32(right*f.lanes*f.size)), from)
		c.SUBQ(I32(int32(f.lanes)), left)
		c.JMP(LabelRef("vector"))
	}
	c.Label("next")
	c.LEAQ(Mem{Base: dst, Index: left, Scale: uint8(result.size)}, dst)
	c.ADDQ(down, x)
	c.DECQ(rows)
	c.JNZ(LabelRef("row"))
	r.close()
}

// even is the elements of even index of two vectors, the second after the first.
func (f *form) even(c *build.Context, v, w, table reg.VecVirtual) reg.VecVirtual {
	if f.wide {
		pick(f, c.VPERMT2PS, c.VPERMT2PD)(w, table, v)
		return v
	}
	t, out := f.vec(c), f.vec(c)
	if f.size == 4 {
		c.VSHUFPS(U8(0x88), w, v, t)
	} else {
		c.VUNPCKLPD(w, v, t)
	}
	c.VPERMPD(U8(0xd8), t, out)
	return out
}
