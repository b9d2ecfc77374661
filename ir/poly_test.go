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
