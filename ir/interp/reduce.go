package interp

import (
	"math"

	"github.com/nnc-lang/nnc/ir"
)

// folds are the reducers that take one element at a time.
var folds = map[*ir.Reducer]func(acc, x float64) float64{
	ir.Sum:     func(acc, x float64) float64 { return acc + x },
	ir.Prod:    func(acc, x float64) float64 { return acc * x },
	ir.MaxOver: func(acc, x float64) float64 { return ir.Max.Eval(acc, x) },
	ir.MinOver: func(acc, x float64) float64 { return ir.Min.Eval(acc, x) },
}

// reduce runs a reduction over its binders in order.
func (c *compiler) reduce(e *ir.Expr) func() float64 {
	body := c.expr(e.Args[0])
	switch e.Red {
	case ir.LogSumExp:
		var xs []float64
		run := c.nest(e.Binders, func() bool { xs = append(xs, body()); return true })
		return func() float64 { xs = xs[:0]; run(); return logSumExp(xs) }
	case ir.ArgMax, ir.ArgMin:
		return c.argExtremum(e, body)
	case ir.Any, ir.All:
		stop := 1 - e.Red.Empty
		var v float64
		run := c.nest(e.Binders, func() bool {
			if body() == stop {
				v = stop
			}
			return v != stop
		})
		return func() float64 { v = e.Red.Empty; run(); return v }
	}
	fold := folds[e.Red]
	if fold == nil {
		c.fail("no reducer %s", e.Red.Name)
	}
	var acc float64
	run := c.nest(e.Binders, func() bool { acc = fold(acc, body()); return true })
	return func() float64 { acc = e.Red.Empty; run(); return acc }
}

// argExtremum is the index of the first largest (smallest) element or NaN.
// Over several indices it is the element's position in the order of the loop.
func (c *compiler) argExtremum(e *ir.Expr, body func() float64) func() float64 {
	better := func(x, best float64) bool { return x > best }
	if e.Red == ir.ArgMin {
		better = func(x, best float64) bool { return x < best }
	}
	var best, at float64
	var n int
	one := c.cell(e.Binders[0].Idx)
	run := c.nest(e.Binders, func() bool {
		x := body()
		if n == 0 || best == best && (x != x || better(x, best)) {
			best, at = x, float64(n)
			if len(e.Binders) == 1 {
				at = one.v
			}
		}
		n++
		return true
	})
	return func() float64 { at, n = e.Red.Empty, 0; run(); return at }
}

// logSumExp shifts by the largest element, so that nothing overflows.
func logSumExp(xs []float64) float64 {
	m := math.Inf(-1)
	for _, x := range xs {
		m = ir.Max.Eval(m, x)
	}
	if math.IsInf(m, 0) || m != m {
		return m
	}
	s := 0.0
	for _, x := range xs {
		s += math.Exp(x - m)
	}
	return m + math.Log(s)
}

// nest runs f over the ranges of binders, the last fastest, until f is false.
func (c *compiler) nest(binders []ir.Binder, f func() bool) func() bool {
	for k := len(binders) - 1; k >= 0; k-- {
		bd, inner := binders[k], f
		i, lo, hi := c.cell(bd.Idx), c.expr(bd.Lo), c.expr(bd.Hi)
		f = func() bool {
			end := hi()
			for v := lo(); v < end; v++ {
				c.set(i, v)
				if !inner() {
					return false
				}
			}
			return true
		}
	}
	return f
}
