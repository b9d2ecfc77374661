package codegen

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// scratch is a row of the workspace for values on their way.
type scratch struct {
	name string
	size *ir.Expr
	at   *ir.Expr // in the arena, once it has its place
}

// room is the size of scratch rows: that of the loop, or where it is what
// remains of a row that may be shorter than what is gone, that of the row; of a
// strip of a row what it may be.
func (r *rows) room() *ir.Expr {
	n := r.l.Hi
	if r.l == r.strip.l {
		return r.strip.room
	}
	if r.b.NonNegative(n) {
		return n
	}
	return r.b.FromPoly(slices.DeleteFunc(slices.Clone(r.b.PolyOf(n)), func(t ir.Term) bool { return t.Coef < 0 }))
}

// take is a scratch row, perhaps a new one.
func (r *rows) take() string {
	s := ""
	if n := len(r.free); n > 0 {
		s, r.free = r.free[n-1], r.free[:n-1]
	} else {
		s = r.fresh()
	}
	if r.room() == r.l.Hi || r.l == r.strip.l && !r.strip.is(r.l) || r.cutTo[s] {
		return s
	}
	name := r.names.pick("row")
	r.line("%s := %s[:%s]", name, s, r.expr(r.l.Hi, 0))
	r.cutTo[name] = true
	return name
}

// fresh is a new scratch row.
func (r *rows) fresh() string {
	root := r.names
	name := r.names.pick("row")
	for root != nil {
		root.taken[name] = true
		root = root.up
	}
	r.scratch = append(r.scratch, scratch{name: name, size: r.room()})
	return name
}

// release gives scratch rows back that held a value for one use.
func (r *rows) release(list ...string) {
	for _, s := range list {
		if r.own[s] {
			delete(r.own, s)
			r.free = append(r.free, s)
		}
	}
}

// cutScratch gives the scratch rows of a method their places in its workspace,
// and cuts them. Those of its parts share places.
func (b *body) cutScratch(self string) []string {
	var out []string
	free := slices.Clone(b.places)
	for _, s := range b.scratch {
		k := slices.IndexFunc(free, func(p scratch) bool { return p.size == s.size })
		var at *ir.Expr
		if k >= 0 {
			at = free[k].at
			free = slices.Delete(free, k, k+1)
		} else {
			at = b.plan.Arena[ir.Real]
			b.plan.Arena[ir.Real] = b.b.Call(ir.Add, at, s.size)
			b.places = append(b.places, scratch{size: s.size, at: at})
		}
		from := ""
		if !at.IsConst(0) {
			from = "[" + b.expr(at, 0) + ":]"
		}
		out = append(out, fmt.Sprintf("%s := %s.mem%s[:%s]", s.name, self, from, b.expr(s.size, 0)))
	}
	return out
}
