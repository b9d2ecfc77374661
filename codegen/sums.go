package codegen

import (
	"fmt"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// sums are what the iterations of a shared loop add to. Each part of the loop has
// its own, and they are added up in order.
type sums struct {
	list  []sum
	size  *ir.Expr // of one part
	apart *ir.Expr // from part to part
}

// sum is an array or a number that is added to.
type sum struct {
	to, name string // outside, and in a part
	at, size *ir.Expr
	number   bool
}

// sumApart has what is printed next add to sums of its own; nil: there are none.
// The result ends that.
func (b *body) sumApart(l *plan.Share) (into *sums, done func()) {
	var undo []func()
	done = func() {
		for _, f := range undo {
			f()
		}
	}
	if len(l.Sums)+len(l.Totals) == 0 {
		return nil, done
	}
	into = &sums{size: b.b.Int(0)}
	add := func(to, name string, size *ir.Expr, number bool) {
		into.list = append(into.list, sum{to, name, into.size, size, number})
		into.size = b.b.Call(ir.Add, into.size, size)
	}
	for _, a := range l.Sums {
		size := b.b.Int(1)
		for _, n := range a.Shape {
			size = b.b.Call(ir.Mul, size, n)
		}
		st, to := b.plan.Store[a], b.arr[a]
		whole := st.Size
		st.Size, b.arr[a] = size, b.names.pick(local(last(a.Name)))
		undo = append(undo, func() { st.Size, b.arr[a] = whole, to })
		add(to, b.arr[a], size, false)
	}
	for _, d := range l.Totals {
		to, array := b.sums[d], b.arr[d.Array]
		b.sums[d] = b.names.pick(to)
		undo = append(undo, func() { b.sums[d], b.arr[d.Array] = to, array })
		add(to, b.sums[d], b.b.Int(1), true)
	}
	into.apart = b.b.Call(ir.Add, into.size, b.b.Int(betweenSlots))
	m := b.sharing.m
	m.sums = append(m.sums, into.apart)
	return into, done
}

// cut is the line that cuts the sums of a part.
func (s *sums) cut(b *body) string {
	h := b.sharing
	return fmt.Sprintf("%s := %s.sums[%s*%s:][:%s]", h.sums, h.e.self, b.expr(s.apart, binary["*"]), h.part, b.expr(s.size, 0))
}

// of is where an array is in the sums of a part.
func (s *sums) of(b *body, x sum) string {
	from := ""
	if !x.at.IsConst(0) {
		from = "[" + b.expr(x.at, 0) + ":]"
	}
	return fmt.Sprintf("%s%s[:%s]", b.sharing.sums, from, b.expr(x.size, 0))
}

// declare begins the sums of a part.
func (s *sums) declare(b *body) []string {
	out := []string{s.cut(b), fmt.Sprintf("clear(%s)", b.sharing.sums)}
	for _, x := range s.list {
		if x.number {
			out = append(out, fmt.Sprintf("var %s %s", x.name, b.real()))
		} else {
			out = append(out, fmt.Sprintf("%s := %s", x.name, s.of(b, x)))
		}
	}
	return out
}

// keep stores the numbers among them.
func (s *sums) keep(b *body) {
	if s == nil {
		return
	}
	for _, x := range s.list {
		if x.number {
			b.line("%s[%s] = %s", b.sharing.sums, b.expr(x.at, 0), x.name)
		}
	}
}

// add adds the sums of a part to what they belong to.
func (s *sums) add(b *body) {
	b.line("%s", s.cut(b))
	for _, x := range s.list {
		if x.number {
			b.line("%s += %s[%s]", x.to, b.sharing.sums, b.expr(x.at, 0))
		} else {
			b.line("%s(%s, %s, %s)", b.rt("Adds"), x.to, x.to, s.of(b, x))
		}
	}
}
