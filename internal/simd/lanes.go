package simd

import (
	"math"

	"github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// lanes writes arithmetic on vectors as on numbers: each value stands for the
// vectors of an unrolled step, and an operation is one instruction for each of
// them, so that what depends on each other is apart. Operations return new
// registers; names that end in To overwrite their first argument.
type lanes struct {
	*form
	c     *build.Context
	count int // vectors of a step
	pool  *pool
}

// arg is a value or a constant in memory.
type arg interface{ at(i int) Op }

type val []reg.VecVirtual

func (v val) at(i int) Op { return v[i] }

type constant struct{ mem Mem }

func (k constant) at(int) Op { return k.mem }

// test is the outcome of a comparison: an opmask, or a vector of ones and zeros.
type test struct {
	k []reg.Register
	v val
}

// pool is the constants of one form, a full vector each.
type pool struct {
	*form
	index map[uint64]int
	list  []uint64
}

func newPool(f *form) *pool { return &pool{form: f, index: map[uint64]int{}} }

func (p *pool) bits(b uint64) constant {
	k, ok := p.index[b]
	if !ok {
		k = len(p.list)
		p.index[b], p.list = k, append(p.list, b)
	}
	return constant{NewDataAddr(Symbol{Name: "numbers" + p.name, Static: true}, k*p.lanes*p.size)}
}

// data writes the constants.
func (p *pool) data(c *build.Context) {
	c.StaticGlobal("numbers" + p.name)
	c.DataAttributes(8 | 16) // RODATA, NOPTR
	for _, b := range p.list {
		for range p.lanes {
			if p.size == 4 {
				c.AppendDatum(U32(uint32(b)))
			} else {
				c.AppendDatum(U64(b))
			}
		}
	}
}

// num is the constant x, rounded to the element type.
func (l *lanes) num(x float64) constant { return l.pool.bits(l.bitsOf(x)) }

func (f *form) bitsOf(x float64) uint64 {
	if f.size == 4 {
		return uint64(math.Float32bits(float32(x)))
	}
	return math.Float64bits(x)
}

// choose is the constant of the element type.
func (l *lanes) choose(f32, f64 float64) constant { return l.num(pick(l.form, f32, f64)) }

func (l *lanes) new() val {
	v := make(val, l.count)
	for i := range v {
		v[i] = l.vec(l.c)
	}
	return v
}

// copy is a in registers that may be overwritten.
func (l *lanes) copy(a arg) val {
	v := l.new()
	for i := range v {
		if m, ok := a.at(i).(Mem); ok {
			l.load(l.c, m, v[i])
		} else {
			l.c.VMOVAPS(a.at(i), v[i])
		}
	}
	return v
}

// reg is a in registers.
func (l *lanes) reg(a arg) val {
	if v, ok := a.(val); ok {
		return v
	}
	return l.copy(a)
}

type instruction = func(...Op)

func (l *lanes) binary(op instruction, a, b arg) val {
	x, out := l.reg(a), l.new()
	for i := range out {
		op(b.at(i), x[i], out[i])
	}
	return out
}

func (l *lanes) binaryTo(op instruction, a val, b arg) {
	for i := range a {
		op(b.at(i), a[i], a[i])
	}
}

func (l *lanes) add(a, b arg) val { return l.binary(pick(l.form, l.c.VADDPS, l.c.VADDPD), a, b) }
func (l *lanes) sub(a, b arg) val { return l.binary(pick(l.form, l.c.VSUBPS, l.c.VSUBPD), a, b) }
func (l *lanes) mul(a, b arg) val { return l.binary(pick(l.form, l.c.VMULPS, l.c.VMULPD), a, b) }
func (l *lanes) div(a, b arg) val { return l.binary(pick(l.form, l.c.VDIVPS, l.c.VDIVPD), a, b) }

// min and max give b where either is NaN, and where both are zeros.
func (l *lanes) min(a, b arg) val { return l.binary(pick(l.form, l.c.VMINPS, l.c.VMINPD), a, b) }
func (l *lanes) max(a, b arg) val { return l.binary(pick(l.form, l.c.VMAXPS, l.c.VMAXPD), a, b) }

// clamp keeps a NaN.
func (l *lanes) clamp(x arg, lo, hi constant) val {
	return l.max(lo, l.min(hi, x))
}

func (l *lanes) sqrt(a arg) val {
	out := l.new()
	for i := range out {
		pick(l.form, l.c.VSQRTPS, l.c.VSQRTPD)(a.at(i), out[i])
	}
	return out
}

// mulAddTo is a = a*b + c, subMulTo is a -= b*c, addMulTo is a += b*c.
func (l *lanes) mulAddTo(a, b val, c arg) {
	for i := range a {
		pick(l.form, l.c.VFMADD213PS, l.c.VFMADD213PD)(c.at(i), b[i], a[i])
	}
}

func (l *lanes) mulSubTo(a, b val, c arg) {
	for i := range a {
		pick(l.form, l.c.VFMSUB213PS, l.c.VFMSUB213PD)(c.at(i), b[i], a[i])
	}
}

func (l *lanes) addMulTo(a, b val, c arg) {
	for i := range a {
		pick(l.form, l.c.VFMADD231PS, l.c.VFMADD231PD)(c.at(i), b[i], a[i])
	}
}

func (l *lanes) subMulTo(a val, b val, c arg) {
	for i := range a {
		pick(l.form, l.c.VFNMADD231PS, l.c.VFNMADD231PD)(c.at(i), b[i], a[i])
	}
}

// polynomial is by Horner's rule, highest power first.
func (l *lanes) polynomial(x val, c ...float64) val {
	p := l.copy(l.num(c[0]))
	for _, k := range c[1:] {
		l.mulAddTo(p, x, l.num(k))
	}
	return p
}

// On bits.

func (l *lanes) ints(wide32, wide64, narrow32, narrow64 instruction) instruction {
	if l.wide {
		return pick(l.form, wide32, wide64)
	}
	return pick(l.form, narrow32, narrow64)
}

// three makes an instruction of the form with three operands variadic.
func three(f func(a, b, c Op)) instruction { return func(o ...Op) { f(o[0], o[1], o[2]) } }

func (l *lanes) and(a, b arg) val {
	c := l.c
	return l.binary(l.ints(c.VPANDD, c.VPANDQ, three(c.VPAND), three(c.VPAND)), a, b)
}

func (l *lanes) andNot(a, b arg) val { // b without a
	c := l.c
	return l.binary(l.ints(c.VPANDND, c.VPANDNQ, three(c.VPANDN), three(c.VPANDN)), a, b)
}

func (l *lanes) or(a, b arg) val {
	c := l.c
	return l.binary(l.ints(c.VPORD, c.VPORQ, three(c.VPOR), three(c.VPOR)), a, b)
}

func (l *lanes) addInt(a, b arg) val {
	return l.binary(pick(l.form, l.c.VPADDD, l.c.VPADDQ), a, b)
}

func (l *lanes) shiftLeftTo(a val, by int) {
	for i := range a {
		pick(l.form, l.c.VPSLLD, l.c.VPSLLQ)(U8(uint8(by)), a[i], a[i])
	}
}

func (l *lanes) shiftRight(a val, by int) val {
	out := l.new()
	for i := range out {
		pick(l.form, l.c.VPSRLD, l.c.VPSRLQ)(U8(uint8(by)), a[i], out[i])
	}
	return out
}

func (l *lanes) signBit() constant { return l.pool.bits(pick(l.form, uint64(1<<31), uint64(1<<63))) }

func (l *lanes) abs(a arg) val { return l.andNot(l.signBit(), a) }

// withSign is a, which is not negative, with the sign of b.
func (l *lanes) withSign(a val, b arg) val { return l.or(a, l.and(l.reg(b), l.signBit())) }

// Predicates of VCMPPS.
const (
	equal     = 0
	less      = 1
	notLess   = 5 // or NaN
	greater   = 30
	unordered = 3
)

func (l *lanes) compare(a arg, how int, b arg) test {
	x := l.reg(a)
	var t test
	if !l.wide {
		t.v = l.new()
	}
	for i := range x {
		if l.wide {
			k := l.c.K()
			pick(l.form, l.c.VCMPPS, l.c.VCMPPD)(U8(uint8(how)), b.at(i), x[i], k)
			t.k = append(t.k, k)
			continue
		}
		pick(l.form, l.c.VCMPPS, l.c.VCMPPD)(U8(uint8(how)), b.at(i), x[i], t.v[i])
	}
	return t
}

// blend is a where t holds, else b. With opmasks it is a masked move: avo takes
// what a VBLENDM writes for something it reads.
func (l *lanes) blend(t test, a, b arg) val {
	if l.wide {
		out := l.copy(b)
		for i := range out {
			pick(l.form, l.c.VMOVUPS, l.c.VMOVUPD)(a.at(i), t.k[i], out[i])
		}
		return out
	}
	y, out := l.reg(b), l.new()
	for i := range out {
		pick(l.form, l.c.VBLENDVPS, l.c.VBLENDVPD)(t.v[i], a.at(i), y[i], out[i])
	}
	return out
}
