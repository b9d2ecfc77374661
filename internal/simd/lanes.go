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

// pool is the constants of one form: a number each where an instruction can spread
// it over the lanes, else a full vector. Go aligns no data to 64 bytes, so vectors of
// AVX-512 would lie across two lines of the cache.
type pool struct {
	*form
	index   map[uint64]int
	list    []uint64
	vectors int // of the numbers of lanes, 0, 1, 2, …
}

func newPool(f *form) *pool { return &pool{form: f, index: map[uint64]int{}} }

func (p *pool) bits(b uint64) constant {
	k, ok := p.index[b]
	if !ok {
		k = len(p.list)
		p.index[b], p.list = k, append(p.list, b)
	}
	return constant{NewDataAddr(Symbol{Name: "numbers" + p.name, Static: true}, k*p.each()*p.size)}
}

// each is how often a constant stands there.
func (p *pool) each() int {
	if p.wide {
		return 1
	}
	return p.lanes
}

// numbers is vector i of the numbers of lanes, as integers.
func (p *pool) numbers(i int) Mem {
	p.vectors = max(p.vectors, i+1)
	return NewDataAddr(Symbol{Name: "lanes" + p.name, Static: true}, i*p.lanes*p.size)
}

// data writes the constants.
func (p *pool) data(c *build.Context) {
	if p.vectors > 0 {
		c.StaticGlobal("lanes" + p.name)
		c.DataAttributes(8 | 16) // RODATA, NOPTR
		for i := range p.vectors * p.lanes {
			if p.size == 4 {
				c.AppendDatum(U32(uint32(i)))
			} else {
				c.AppendDatum(U64(uint64(i)))
			}
		}
	}
	if len(p.list) == 0 {
		return
	}
	c.StaticGlobal("numbers" + p.name)
	c.DataAttributes(8 | 16) // RODATA, NOPTR
	for _, b := range p.list {
		for range p.each() {
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
		if m, ok := a.at(i).(Mem); ok && l.wide {
			l.splat(l.c, m, v[i])
		} else if ok {
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

// on is the instruction of the element type that takes a as an operand; the last
// two spread a number in memory over the lanes.
func (l *lanes) on(a arg, ps, pd, eachPS, eachPD instruction) instruction {
	if _, ok := a.(constant); ok && l.wide {
		return pick(l.form, eachPS, eachPD)
	}
	return pick(l.form, ps, pd)
}

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

func (l *lanes) add(a, b arg) val {
	c := l.c
	return l.binary(l.on(b, c.VADDPS, c.VADDPD, c.VADDPS_BCST, c.VADDPD_BCST), a, b)
}

func (l *lanes) sub(a, b arg) val {
	c := l.c
	return l.binary(l.on(b, c.VSUBPS, c.VSUBPD, c.VSUBPS_BCST, c.VSUBPD_BCST), a, b)
}

func (l *lanes) mul(a, b arg) val {
	c := l.c
	return l.binary(l.on(b, c.VMULPS, c.VMULPD, c.VMULPS_BCST, c.VMULPD_BCST), a, b)
}

func (l *lanes) div(a, b arg) val {
	c := l.c
	return l.binary(l.on(b, c.VDIVPS, c.VDIVPD, c.VDIVPS_BCST, c.VDIVPD_BCST), a, b)
}

// min and max give b where either is NaN, and where both are zeros.
func (l *lanes) min(a, b arg) val {
	c := l.c
	return l.binary(l.on(b, c.VMINPS, c.VMINPD, c.VMINPS_BCST, c.VMINPD_BCST), a, b)
}

func (l *lanes) max(a, b arg) val {
	c := l.c
	return l.binary(l.on(b, c.VMAXPS, c.VMAXPD, c.VMAXPS_BCST, c.VMAXPD_BCST), a, b)
}

// clamp keeps a NaN.
func (l *lanes) clamp(x arg, lo, hi constant) val {
	return l.max(lo, l.min(hi, x))
}

func (l *lanes) sqrt(a arg) val {
	c, out := l.c, l.new()
	op := l.on(a, c.VSQRTPS, c.VSQRTPD, c.VSQRTPS_BCST, c.VSQRTPD_BCST)
	for i := range out {
		op(a.at(i), out[i])
	}
	return out
}

// mulAddTo is a = a*b + c, subMulTo is a -= b*c, addMulTo is a += b*c.
func (l *lanes) mulAddTo(a, b val, c arg) {
	of := l.c
	op := l.on(c, of.VFMADD213PS, of.VFMADD213PD, of.VFMADD213PS_BCST, of.VFMADD213PD_BCST)
	for i := range a {
		op(c.at(i), b[i], a[i])
	}
}

func (l *lanes) mulSubTo(a, b val, c arg) {
	of := l.c
	op := l.on(c, of.VFMSUB213PS, of.VFMSUB213PD, of.VFMSUB213PS_BCST, of.VFMSUB213PD_BCST)
	for i := range a {
		op(c.at(i), b[i], a[i])
	}
}

func (l *lanes) addMulTo(a, b val, c arg) {
	of := l.c
	op := l.on(c, of.VFMADD231PS, of.VFMADD231PD, of.VFMADD231PS_BCST, of.VFMADD231PD_BCST)
	for i := range a {
		op(c.at(i), b[i], a[i])
	}
}

func (l *lanes) subMulTo(a val, b val, c arg) {
	of := l.c
	op := l.on(c, of.VFNMADD231PS, of.VFNMADD231PD, of.VFNMADD231PS_BCST, of.VFNMADD231PD_BCST)
	for i := range a {
		op(c.at(i), b[i], a[i])
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

// bits is the instruction on bits for the form that takes b as an operand.
func (l *lanes) bits(b arg, wide32, wide64, each32, each64 instruction, narrow func(a, b, c Op)) instruction {
	if l.wide {
		return l.on(b, wide32, wide64, each32, each64)
	}
	return three(narrow)
}

// three makes an instruction of the form with three operands variadic.
func three(f func(a, b, c Op)) instruction { return func(o ...Op) { f(o[0], o[1], o[2]) } }

func (l *lanes) and(a, b arg) val {
	c := l.c
	return l.binary(l.bits(b, c.VPANDD, c.VPANDQ, c.VPANDD_BCST, c.VPANDQ_BCST, c.VPAND), a, b)
}

func (l *lanes) andNot(a, b arg) val { // b without a
	c := l.c
	return l.binary(l.bits(b, c.VPANDND, c.VPANDNQ, c.VPANDND_BCST, c.VPANDNQ_BCST, c.VPANDN), a, b)
}

func (l *lanes) or(a, b arg) val {
	c := l.c
	return l.binary(l.bits(b, c.VPORD, c.VPORQ, c.VPORD_BCST, c.VPORQ_BCST, c.VPOR), a, b)
}

func (l *lanes) addInt(a, b arg) val {
	c := l.c
	return l.binary(l.on(b, c.VPADDD, c.VPADDQ, c.VPADDD_BCST, c.VPADDQ_BCST), a, b)
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
	notAtMost = 6 // or NaN
	greater   = 30
	unordered = 3
	ordered   = 7
)

func (l *lanes) compare(a arg, how int, b arg) test {
	x, c := l.reg(a), l.c
	op := l.on(b, c.VCMPPS, c.VCMPPD, c.VCMPPS_BCST, c.VCMPPD_BCST)
	var t test
	if !l.wide {
		t.v = l.new()
	}
	for i := range x {
		if l.wide {
			k := l.c.K()
			op(U8(uint8(how)), b.at(i), x[i], k)
			t.k = append(t.k, k)
			continue
		}
		op(U8(uint8(how)), b.at(i), x[i], t.v[i])
	}
	return t
}

// both holds where t and u do.
func (l *lanes) both(t, u test) test {
	for i := range t.k {
		l.c.KANDW(t.k[i], u.k[i], t.k[i])
	}
	for i := range t.v {
		l.c.VANDPS(t.v[i], u.v[i], t.v[i])
	}
	return t
}

// blend is a where t holds, else b. With opmasks it is a masked move: avo takes
// what a VBLENDM writes for something it reads.
func (l *lanes) blend(t test, a, b arg) val {
	if l.wide {
		c, out := l.c, l.copy(b)
		op := l.on(a, c.VMOVUPS, c.VMOVUPD, c.VBROADCASTSS, c.VBROADCASTSD)
		for i := range out {
			op(a.at(i), t.k[i], out[i])
		}
		return out
	}
	y, out := l.reg(b), l.new()
	for i := range out {
		pick(l.form, l.c.VBLENDVPS, l.c.VBLENDVPD)(t.v[i], a.at(i), y[i], out[i])
	}
	return out
}
