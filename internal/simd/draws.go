package simd

import (
	"math"
	"math/bits"
	"strings"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// drawStep is how many elements a step draws: two for each block in a vector.
func drawStep(f *form) int { return 2 * pick(f, f.lanes/2, f.lanes) }

// draws are the random numbers of whole steps of elements, two for each block of
// Philox4x32-10 from block on; how makes two elements of two numbers in [0,1). The pool
// is of float64, as what they are computed in.
func (f *form) draws(c *build.Context, p *pool, name string, nums []string, how func(l *lanes, u, v val, a []val) (x, y val)) {
	c.Function(name + f.name)
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr("func(steps int, dst *" + f.elem + ", block, seed, path uint64, " + strings.Join(nums, ", ") + " float64)")
	c.Pragma("noescape")
	l := &lanes{form: p.form, c: c, count: 1, pool: p} // of a word in a lane, the low half counts
	load := func(s string) val { return l.same(l.spreadInt(c.Load(c.Param(s), c.GP64()).(reg.GPVirtual))) }
	steps, dst := c.Load(c.Param("steps"), c.GP64()), c.Load(c.Param("dst"), c.GP64())
	seed, path := load("seed"), load("path")
	var as []val
	for _, s := range nums {
		v := l.vec(c)
		c.VBROADCASTSD(c.Load(c.Param(s), c.XMM()), v)
		as = append(as, l.same(v))
	}
	// The even lanes hold the first half of the blocks of a vector, so that pairs of
	// lanes are pairs of elements in their order.
	block := l.new()
	c.VMOVUPD(l.pool.numbers(0), block[0])
	odd := l.and(block, l.pool.bits(1))
	l.shiftLeftTo(odd, bits.Len(uint(l.lanes/2))-1)
	block = l.addInt(l.addInt(l.shiftRight(block, 1), odd), load("block"))

	c.Label("step")
	c.TESTQ(steps, steps)
	c.JLE(LabelRef("done"))
	w := l.philox(block, path, seed)
	x, y := how(l, l.unit(w[0], w[1]), l.unit(w[2], w[3]), as)
	for k, unpack := range []instruction{c.VUNPCKLPD, c.VUNPCKHPD} { // the even lanes of both, the odd ones
		pair, m := l.vec(c), Mem{Base: dst, Disp: k * l.lanes * f.size}
		unpack(y[0], x[0], pair)
		switch {
		case f.size == 8:
			c.VMOVUPD(pair, m)
		case l.wide:
			c.VCVTPD2PS(pair, pair.AsY())
			c.VMOVUPS(pair.AsY(), m)
		default:
			c.VCVTPD2PSY(pair, pair.AsX())
			c.VMOVUPS(pair.AsX(), m)
		}
	}
	l.binaryTo(l.on(l.num(0), c.VPADDQ, c.VPADDQ, c.VPADDQ_BCST, c.VPADDQ_BCST), block, l.pool.bits(uint64(l.lanes)))
	c.ADDQ(I32(int32(2*l.lanes*f.size)), dst)
	c.DECQ(steps)
	c.JMP(LabelRef("step"))
	c.Label("done")
	c.VZEROUPPER()
	c.RET()
}

// product32 is the product of the low halves of lanes.
func (l *lanes) product32(a, b arg) val {
	c := l.c
	return l.binary(l.on(b, c.VPMULUDQ, c.VPMULUDQ, c.VPMULUDQ_BCST, c.VPMULUDQ_BCST), a, b)
}

func (l *lanes) xor(a, b arg) val {
	c := l.c
	return l.binary(l.bits(b, c.VPXORD, c.VPXORQ, c.VPXORD_BCST, c.VPXORQ_BCST, c.VPXOR), a, b)
}

// philox is Philox4x32-10, see the runtime, of the counters (block, path) with a key.
func (l *lanes) philox(block, path, key val) [4]val {
	m0, m1 := l.pool.bits(0xD2511F53), l.pool.bits(0xCD9E8D57)
	x := [4]val{block, l.shiftRight(block, 32), path, l.shiftRight(path, 32)}
	k0, k1 := key, l.shiftRight(key, 32)
	for round := range 10 {
		if round > 0 {
			k0, k1 = l.addInt(k0, l.pool.bits(0x9E3779B9)), l.addInt(k1, l.pool.bits(0xBB67AE85))
		}
		p0, p1 := l.product32(x[0], m0), l.product32(x[2], m1)
		x[0], x[2] = l.xor(l.xor(l.shiftRight(p1, 32), x[1]), k0), l.xor(l.xor(l.shiftRight(p0, 32), x[3]), k1)
		x[1], x[3] = p1, p0
	}
	return x
}

// unit is the number in [0,1) that the upper 53 bits of two words are.
func (l *lanes) unit(low, high val) val {
	n := l.and(low, l.pool.bits(math.MaxUint32))
	high = l.copy(high)
	l.shiftLeftTo(high, 32)
	n = l.shiftRight(l.or(n, high), 11)
	// each half as the last bits of a number, which is taken away
	top := l.or(l.shiftRight(n, 32), l.num(0x1p84))
	end := l.or(l.and(n, l.pool.bits(math.MaxUint32)), l.num(0x1p52))
	sum := l.add(l.sub(top, l.num(0x1p84+0x1p52)), end)
	return l.mul(sum, l.num(0x1p-53))
}

// bernoulli is 1 below a probability, else 0.
func bernoulli(l *lanes, u, v val, a []val) (x, y val) {
	one := func(u val) val { return l.blend(l.compare(u, less, a[0]), l.num(1), l.num(0)) }
	return one(u), one(v)
}

// uniform is from a number on, by as much as the other.
func uniform(l *lanes, u, v val, a []val) (x, y val) {
	return l.add(l.mul(u, a[1]), a[0]), l.add(l.mul(v, a[1]), a[0])
}

// The sine of πf/2 over f, and its cosine less 1 over f², in f² for |f| <= 1/2,
// interpolated at Chebyshev's points with 60 digits.
var (
	sin64 = []float64{5.6339337815378539538e-8, -3.598643352982309702e-6, 0.00016044115074219091052, -0.0046817541323409759917,
		0.079692626246043003134, -0.64596409750624431573, 1.5707963267948966143}
	cos64 = []float64{-6.3293963449674235121e-9, 4.7106784055052271063e-7, -0.000025202039028029176105, 0.00091926027454684461873,
		-0.020863480763340772521, 0.25366950790104782321, -1.2337005501361698269}
)

// normal is the transform of Box and Muller of numbers in [0,1), with a mean and a
// standard deviation. The runtime has the same in Go: each step here rounds as there.
func normal(l *lanes, u, v val, a []val) (x, y val) {
	k, m := l.parts(l.sub(l.num(1), u), l.num(l.noOffset()))
	r := l.sqrt(l.mul(l.logOf(k, l.sub(m, l.num(1))), l.num(-2)))
	t := l.add(l.mul(v, l.num(4)), l.num(l.magic())) // the quarter turns in its last bits
	f := l.copy(v)
	l.mulSubTo(f, l.reg(l.num(4)), l.sub(t, l.num(l.magic())))
	z := l.mul(f, f)
	sin := l.mul(l.polynomial(z, sin64...), f)
	cos := l.polynomial(z, cos64...)
	l.mulAddTo(cos, z, l.num(1))
	even := l.even(t)
	x = l.signed(l.blend(even, cos, sin), l.addInt(t, l.pool.bits(1)))
	y = l.signed(l.blend(even, sin, cos), t)
	std := func(x val) val { return l.add(l.mul(l.mul(r, x), a[1]), a[0]) }
	return std(x), std(y)
}
