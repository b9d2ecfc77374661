package simd

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// narrow is a strip of one vector. A load for each multiply-add is more than there are
// ports for, so four numbers of A that are neighbours are loaded at once, to all quarters
// of a vector, and spread over the lanes from there.
type narrow struct {
	*stripCode
	a        []reg.Register
	b        reg.GPVirtual
	k        reg.Register
	acs, brs reg.GPVirtual // in bytes
	load     func(v Op)    // of the row of B
	sums     [][]reg.VecVirtual
	name     func(string) string
}

func (n *narrow) quarters(m Mem) reg.VecVirtual {
	v := n.vec(n.c)
	pick(n.form, n.c.VBROADCASTF32X4, n.c.VBROADCASTF64X4)(m, v)
	return v
}

// addFrom adds the row of B by one of four numbers.
func (n *narrow) addFrom(four reg.VecVirtual, which, i int, row reg.VecVirtual) {
	x := n.vec(n.c)
	pick(n.form, n.c.VPERMILPS, n.c.VPERMPD)(U8(uint8(0x55*which)), four, x)
	n.fma(n.c, row, x, n.sums[i][0])
}

// addBy adds the row of B by a number in memory.
func (n *narrow) addBy(m Mem, i int, row reg.VecVirtual) {
	pick(n.form, n.c.VFMADD231PS_BCST, n.c.VFMADD231PD_BCST)(m, row, n.sums[i][0])
}

// fours is for contiguous rows of A, four steps of k at a time.
func (n *narrow) fours() {
	c := n.c
	left := c.GP64()
	c.CMPQ(n.acs, I32(int32(n.size)))
	c.JNE(LabelRef(n.name("sum")))
	c.MOVQ(n.k, left)
	c.SHRQ(U8(2), left)
	c.JZ(LabelRef(n.name("sum")))
	c.ANDQ(I32(3), n.k)
	c.Label(n.name("fours"))
	four, row := make([]reg.VecVirtual, len(n.a)), n.vec(c)
	for j := range four { // of each third row
		four[j] = n.quarters(n.row(n.a, 3*j))
	}
	for q := range 4 {
		n.load(row)
		c.ADDQ(n.brs, n.b)
		for i := range n.rows {
			if i%3 == 0 {
				n.addFrom(four[i/3], q, i, row)
				continue
			}
			m := n.row(n.a, i)
			m.Disp = q * n.size
			n.addBy(m, i, row)
		}
	}
	for _, r := range n.a {
		c.ADDQ(I32(int32(4*n.size)), r)
	}
	c.DECQ(left)
	c.JNZ(LabelRef(n.name("fours")))
	c.TESTQ(n.k, n.k)
	c.JZ(LabelRef(n.name("end")))
}

// turned is for contiguous columns of A.
func (n *narrow) turned() {
	c, next := n.c, n.name("rows")
	c.CMPQ(n.ars, I32(int32(n.size)))
	c.JNE(LabelRef(next))
	c.Label(n.name("turned"))
	row := n.vec(c)
	n.load(row)
	four := n.quarters(Mem{Base: n.a[0]})
	for i := range n.rows {
		if i < 4 {
			n.addFrom(four, i, i, row)
		} else {
			n.addBy(Mem{Base: n.a[0], Disp: i * n.size}, i, row)
		}
	}
	c.ADDQ(n.acs, n.a[0])
	c.ADDQ(n.brs, n.b)
	c.DECQ(n.k)
	c.JNZ(LabelRef(n.name("turned")))
	c.JMP(LabelRef(n.name("end")))
	c.Label(next)
}
