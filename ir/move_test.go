package ir_test

import (
	"slices"
	"testing"

	"github.com/nnc-lang/nnc/ir"
)

// A program that was moved is the same program and shares nothing: what is done
// with it leaves the other as it was.
func TestMove(t *testing.T) {
	p, err := ir.Parse(mlp)
	if err != nil {
		t.Fatal(err)
	}
	moved := ir.Move(p, p)
	q := moved[0]
	if err := ir.Verify(q); err != nil {
		t.Fatal(err)
	}
	if got := ir.Print(q); got != mlp {
		t.Errorf("moved, it is\n%s", got)
	}
	if q.Builder == p.Builder || moved[1].Builder != q.Builder {
		t.Error("the copies must share a Builder that is not the old one")
	}
	known := map[*ir.Array]bool{}
	for _, a := range slices.Concat(p.Inputs, p.Defs) {
		known[a] = true
	}
	for _, a := range slices.Concat(q.Inputs, q.Defs) {
		for _, r := range append(a.Reads(), a) {
			if known[r] {
				t.Errorf("%s reads an array of the other program, %s", a.Name, r.Name)
			}
		}
	}
	x, y := p.Lookup("h").Body.Args, q.Lookup("h").Body.Args
	if (x[0].ID() < x[1].ID()) != (y[0].ID() < y[1].ID()) {
		t.Error("expressions have another order")
	}
	for _, a := range q.Defs {
		a.Name += "2"
	}
	if got := ir.Print(p); got != mlp {
		t.Errorf("the other became\n%s", got)
	}
}
