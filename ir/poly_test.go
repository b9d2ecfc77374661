package ir_test

import (
	"testing"

	"github.com/nnc-lang/nnc/ir"
)

// TestSquares: integers that square each other 60 times stay polynomials of few terms,
// whose products of many are atoms, and equal ones are one.
func TestSquares(t *testing.T) {
	b := ir.NewBuilder()
	square := func(plus int64) *ir.Expr {
		x := b.Idx(ir.Axis(0))
		for range 60 {
			x = b.Call(ir.Add, b.Call(ir.Mul, x, x), b.Int(plus))
		}
		return x
	}
	x := square(1)
	if n := len(b.PolyOf(x)); n > 256 {
		t.Errorf("%d terms", n)
	}
	if d := b.Call(ir.Sub, x, square(1)); !d.IsConst(0) {
		t.Error("the same squares differ")
	}
	if b.Call(ir.Sub, x, square(2)).IsConst(0) {
		t.Error("other squares are the same")
	}
}

// TestRemainder: multiples of the divisor are nothing to a remainder, and a quotient
// of a quotient is one.
func TestRemainder(t *testing.T) {
	b := ir.NewBuilder()
	i := b.Idx(ir.Axis(0))
	for _, c := range []struct{ moved, divisor, rest int64 }{{-32, 16, 0}, {16, 16, 0}, {-65, 16, 15}, {3, 2, 1}, {7, -4, -1}, {-8, -4, 0}} {
		got := b.Call(ir.Mod, b.Call(ir.Add, i, b.Int(c.moved)), b.Int(c.divisor))
		if want := b.Call(ir.Mod, b.Call(ir.Add, i, b.Int(c.rest)), b.Int(c.divisor)); got != want {
			t.Errorf("(i + %d)%%%d is %s, not %s", c.moved, c.divisor, got, want)
		}
	}
	if got := b.Call(ir.IDiv, b.Call(ir.IDiv, i, b.Int(3)), b.Int(5)); got != b.Call(ir.IDiv, i, b.Int(15)) {
		t.Errorf("floor(floor(i/3)/5) is %s", got)
	}
	if got := b.Call(ir.Mod, b.Call(ir.Mul, i, b.Int(12)), b.Int(4)); !got.IsConst(0) {
		t.Errorf("12*i%%4 is %s", got)
	}
}
