package pass

import (
	"github.com/nnc-lang/nnc/ir"
)

// rooted reports whether e has the form in which Split leaves definitions
// with a reduction.
func rooted(e *ir.Expr) bool {
	r := core(e)
	return r != nil && len(r.Free()) == len(e.Free()) && !r.Args[0].Reduces()
}

// core is the one reduction that may stay in a definition with the body e:
//
//   - any reduction that is the whole body, since derivatives read its result;
//   - a sum times a number or a size, plus terms without reductions;
//   - either in one branch of an `if` whose other branch has no reduction.
func core(e *ir.Expr) *ir.Expr {
	switch {
	case e.Kind == ir.KReduce:
		return e
	case e.Kind == ir.KIf:
		switch {
		case e.Args[0].Reduces():
		case !e.Args[2].Reduces():
			return core(e.Args[1])
		case !e.Args[1].Reduces():
			return core(e.Args[2])
		}
		return nil
	case e.Kind != ir.KCall:
		return nil
	}
	var r *ir.Expr
	x := e.Args[0]
	var y *ir.Expr
	if len(e.Args) > 1 {
		y = e.Args[1]
	}
	switch e.Op {
	case ir.Neg:
		r = core(x)
	case ir.Mul:
		if scalar(x) {
			r = core(y)
		} else if scalar(y) {
			r = core(x)
		}
	case ir.Div:
		if scalar(y) {
			r = core(x)
		}
	case ir.Add, ir.Sub:
		if !x.Reduces() {
			r = core(y)
		} else if !y.Reduces() {
			r = core(x)
		}
	}
	if r != nil && r.Red != ir.Sum {
		return nil
	}
	return r
}

// scalar reports whether e is a number or made of sizes.
func scalar(e *ir.Expr) bool {
	return len(e.Free()) == 0 && !e.ReadsAny() && !e.Reduces()
}

// suffix names the array that a reduction gets.
func suffix(e *ir.Expr) string {
	r := core(e)
	switch r.Red {
	case ir.LogSumExp:
		return "_lse"
	case ir.Sum:
		if e == r && !contracts(r.Args[0]) {
			return "_sum"
		}
		if e.IsCall(ir.Div) && e.Args[0] == r && len(r.Binders) == 1 && !contracts(r.Args[0]) {
			return "_mean"
		}
		return "_a"
	}
	return "_" + r.Red.Name
}

// contracts reports whether e is a product of two reads.
func contracts(e *ir.Expr) bool {
	return e.IsCall(ir.Mul) && e.Args[0].ReadsAny() && e.Args[1].ReadsAny()
}
