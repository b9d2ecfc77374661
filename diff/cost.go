package diff

import (
	"github.com/nnc-lang/nnc/ir"
)

// facts remembers of expressions what is asked of seeds again and again.
type facts map[*ir.Expr]bool

// holds reports whether found holds for e or for anything below it.
func (m facts) holds(e *ir.Expr, found func(*ir.Expr) bool) bool {
	if v, ok := m[e]; ok {
		return v
	}
	v := found(e)
	for _, a := range e.Args {
		v = v || m.holds(a, found)
	}
	m[e] = v
	return v
}

// plain reports whether e holds no reads and no reductions.
func (d *engine) plain(e *ir.Expr) bool {
	return !d.reads.holds(e, func(x *ir.Expr) bool { return x.Kind == ir.KRead || x.Kind == ir.KReduce })
}

// dear reports whether e costs more than arithmetic.
func (d *engine) dear(e *ir.Expr) bool {
	return d.costs.holds(e, func(x *ir.Expr) bool {
		return x.Kind == ir.KReduce || x.Kind == ir.KCustom || transcendental(x)
	})
}

// comparesReals reports whether a condition looks at computed values.
func (d *engine) comparesReals(c *ir.Expr) bool {
	return d.reals.holds(c, func(x *ir.Expr) bool { return x.Type == ir.Real })
}

// cheap reports whether e is a read, or one and a number.
func (d *engine) cheap(e *ir.Expr) bool {
	if d.plain(e) || e.Kind == ir.KRead {
		return true
	}
	if e.Kind != ir.KCall || d.dear(e) {
		return false
	}
	reads := 0
	for _, a := range e.Args {
		switch {
		case a.Kind == ir.KRead:
			reads++
		case !d.plain(a):
			return false
		}
	}
	return reads <= 1
}
