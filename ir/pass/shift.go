package pass

import (
	"math"

	"github.com/nnc-lang/nnc/ir"
)

// shift takes logsumexp apart where its readers undo it, by the largest
// argument c and the sum s of what is left:
//
//	lse = logsumexp[k](z[k])    c = max[k](z[k])    s = sum[k] exp(z[k] - c)
//	exp(z[k] - lse)         =>  exp(z[k] - c)/s
//	lse - z[y]              =>  c - z[y] + log(s)
//
// A softmax then takes one exponential for each element, since the one in s is
// the one above, and the loss of logits around 1000 is not rounded to what a
// logsumexp around 1000 can hold. Where the largest is infinite c is 0, which
// gives what the undivided forms give.
func shift(p *ir.Program) error {
	s := &shifter{splitter: newSplitter(p), parts: map[*ir.Array]parted{}, sums: map[*ir.Array]*ir.Array{}, undone: map[*ir.Array]bool{}}
	for _, a := range p.Defs {
		for _, e := range a.Exprs() {
			ir.Walk(e, func(x *ir.Expr) bool {
				if x.IsCall(ir.Sub) {
					for _, y := range x.Args {
						if y.Kind == ir.KRead {
							s.undone[y.Array] = true
						}
					}
				}
				return true
			})
		}
	}
	s.walk(s.definition)
	return nil
}

type shifter struct {
	*splitter
	parts  map[*ir.Array]parted
	sums   map[*ir.Array]*ir.Array // s to c
	undone map[*ir.Array]bool
}

// parted is what a logsumexp was taken apart into.
type parted struct{ c, s *ir.Array }

func (s *shifter) definition(a *ir.Array) {
	if a.Def == ir.Equation && a.Rec == nil && a.Body.IsReduce(ir.LogSumExp) && s.undone[a] {
		s.part(a)
	} else {
		for _, r := range a.Reads() {
			if _, ok := s.parts[r]; ok {
				a.Rewrite(s.Builder, s.undo)
				break
			}
		}
	}
	s.put(a)
}

// part makes the arrays of a logsumexp, which keeps its name.
func (s *shifter) part(a *ir.Array) {
	def := func(suffix string, body *ir.Expr) *ir.Expr {
		n := &ir.Array{Name: s.unused(a.Name + suffix), Def: ir.Equation, Shape: a.Shape, Axes: a.Axes, Pos: a.Pos, Body: body}
		s.put(n)
		return s.Read(n, s.Axes(a.Rank())...)
	}
	bs, x := s.Open(a.Body)
	m := def("_max", s.Reduce(ir.MaxOver, bs, x))
	finite := s.Call(ir.Lt, s.Call(abs, m), s.Const(math.Inf(1)))
	c := def("_shift", s.If(finite, m, s.Const(0)))
	bs, x = s.Open(a.Body)
	sum := def("_sum", s.Reduce(ir.Sum, bs, s.Call(ir.Exp, s.Call(ir.Sub, x, c))))
	a.Body = s.Call(ir.Add, c, s.Call(ir.Log, sum))
	s.parts[a] = parted{c.Array, sum.Array}
	s.sums[sum.Array] = c.Array
}

// undo rewrites a difference with a logsumexp, and the exponential of one.
func (s *shifter) undo(e *ir.Expr) *ir.Expr {
	switch {
	case e.IsCall(ir.Sub):
		if x, c, sum := s.read(e.Args[1]); x {
			return s.Call(ir.Sub, s.Call(ir.Sub, e.Args[0], c), s.Call(ir.Log, sum))
		}
		if x, c, sum := s.read(e.Args[0]); x {
			return s.Call(ir.Add, s.Call(ir.Sub, c, e.Args[1]), s.Call(ir.Log, sum))
		}
	case e.IsCall(ir.Exp) && e.Args[0].IsCall(ir.Sub) && e.Args[0].Args[1].IsCall(ir.Log):
		d, sum := e.Args[0].Args[0], e.Args[0].Args[1].Args[0]
		if sum.Kind == ir.KRead && d.IsCall(ir.Sub) && d.Args[1].Kind == ir.KRead {
			if s.sums[sum.Array] == d.Args[1].Array {
				return s.Call(ir.Div, s.Call(ir.Exp, d), sum)
			}
		}
	}
	return e
}

// read is e, a read of a logsumexp, as reads of its parts.
func (s *shifter) read(e *ir.Expr) (ok bool, c, sum *ir.Expr) {
	if e.Kind != ir.KRead {
		return false, nil, nil
	}
	q, ok := s.parts[e.Array]
	if !ok {
		return false, nil, nil
	}
	return true, s.Read(q.c, e.Args...), s.Read(q.s, e.Args...)
}
