package interp

import (
	"github.com/nnc-lang/nnc/ir"
)

// compiler turns the expressions of one definition into closures. What is
// used twice, and every reduction, is kept until an index it depends on
// changes: cells carry the time of their last change.
type compiler struct {
	*machine
	cells  map[ir.Index]*cell
	params []*cell // of the Custom whose value is being compiled
	uses   map[*ir.Expr]int
	memo   map[*ir.Expr]func() float64
}

// cell is an index or a formal argument.
type cell struct {
	v float64
	t uint64
}

func newCompiler(m *machine) *compiler {
	return &compiler{m, map[ir.Index]*cell{}, nil, map[*ir.Expr]int{}, map[*ir.Expr]func() float64{}}
}

func (m *machine) set(c *cell, v float64) {
	m.clock++
	c.v, c.t = v, m.clock
}

func (c *compiler) cell(i ir.Index) *cell {
	if c.cells[i] == nil {
		c.cells[i] = &cell{}
	}
	return c.cells[i]
}

// compile is e as a closure that reads the cells of its free indices.
func (c *compiler) compile(e *ir.Expr) func() float64 {
	ir.Walk(e, func(x *ir.Expr) bool {
		for _, a := range x.Args {
			c.uses[a]++
		}
		for _, b := range x.Binders {
			c.uses[b.Lo]++
			c.uses[b.Hi]++
		}
		return true
	})
	return c.expr(e)
}

func (c *compiler) expr(e *ir.Expr) func() float64 {
	if f := c.memo[e]; f != nil {
		return f
	}
	f := c.build(e)
	if e.Kind == ir.KReduce || c.uses[e] > 1 && (e.Kind == ir.KCall || e.Kind == ir.KIf || e.Kind == ir.KCustom) {
		f = c.kept(e, f)
	}
	c.memo[e] = f
	return f
}

// kept evaluates f again only when an index has changed since.
func (c *compiler) kept(e *ir.Expr, f func() float64) func() float64 {
	var on []*cell
	for _, i := range e.Free() {
		on = append(on, c.cell(i))
	}
	on = append(on, c.params...)
	var v float64
	var at uint64
	have := false
	return func() float64 {
		if have {
			for _, i := range on {
				if i.t > at {
					have = false
					break
				}
			}
		}
		if !have {
			at = c.clock
			v = f()
			have = true
		}
		return v
	}
}

func (c *compiler) build(e *ir.Expr) func() float64 {
	switch e.Kind {
	case ir.KConst:
		v := e.Val
		if e.Type != ir.Real {
			v = float64(e.N)
		}
		return func() float64 { return v }
	case ir.KDim:
		n, ok := c.env.Dims[e.Name]
		if !ok {
			c.fail("the dim %s is not given", e.Name)
		}
		v := float64(n)
		return func() float64 { return v }
	case ir.KIndex:
		i := c.cell(e.Idx)
		return func() float64 { return i.v }
	case ir.KParam:
		if int(e.N) >= len(c.params) {
			c.fail("the formal argument %d stands outside a function", e.N)
		}
		i := c.params[e.N]
		return func() float64 { return i.v }
	case ir.KRead:
		return c.read(e)
	case ir.KIf:
		cond, x, y := c.expr(e.Args[0]), c.expr(e.Args[1]), c.expr(e.Args[2])
		return func() float64 {
			if cond() != 0 {
				return x()
			}
			return y()
		}
	case ir.KReduce:
		return c.reduce(e)
	case ir.KCustom:
		return c.custom(e)
	}
	return c.call(e)
}

func (c *compiler) call(e *ir.Expr) func() float64 {
	eval, x := e.Op.Eval, c.expr(e.Args[0])
	if e.Op.Arity == 1 {
		if e.Type == ir.Int && e.Op.EvalInt != nil {
			return func() float64 { return float64(e.Op.EvalInt(int64(x()))) }
		}
		return func() float64 { return eval(x(), 0) }
	}
	y := c.expr(e.Args[1])
	switch e.Op {
	case ir.And:
		return func() float64 {
			if x() == 0 {
				return 0
			}
			return y()
		}
	case ir.Or:
		return func() float64 {
			if x() != 0 {
				return 1
			}
			return y()
		}
	}
	return func() float64 { return eval(x(), y()) }
}

// custom evaluates the value of a function in cells of its own.
func (c *compiler) custom(e *ir.Expr) func() float64 {
	inner := newCompiler(c.machine)
	var args []func() float64
	for _, a := range e.Args {
		args = append(args, c.expr(a))
		inner.params = append(inner.params, &cell{})
	}
	body := inner.compile(e.Fn.Value)
	vals := make([]float64, len(args))
	return func() float64 {
		for i, a := range args {
			vals[i] = a()
		}
		for i, v := range vals {
			c.set(inner.params[i], v)
		}
		return body()
	}
}

// axis is one index of a read.
type axis struct {
	f            func() float64
	e            *ir.Expr
	size, stride int
}

func (c *compiler) read(e *ir.Expr) func() float64 {
	a := c.arrays[e.Array]
	if a == nil {
		return func() float64 { c.fail("%s is not given", e.Array.Name); return 0 }
	}
	var idx []axis
	for k, x := range e.Args {
		idx = append(idx, axis{c.expr(x), x, a.shape[k], a.stride[k]})
	}
	if a.done != nil {
		return func() float64 {
			at := c.offset(a, idx)
			if !a.done[at] {
				c.fail("%s is read before it is computed", e)
			}
			return a.data[at]
		}
	}
	return func() float64 { return a.data[c.offset(a, idx)] }
}

// offset finds an element of a, or fails outside.
func (m *machine) offset(a *array, idx []axis) int {
	at := 0
	for k := range idx {
		x := &idx[k]
		v := x.f()
		i := int(v)
		if uint(i) >= uint(x.size) || float64(i) != v {
			m.fail("%s has no element at index %v of axis %d, of size %d", a.Name, v, k, x.size)
		}
		at += i * x.stride
	}
	return at
}
