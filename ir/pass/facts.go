package pass

import (
	"math"

	"github.com/nnc-lang/nnc/ir"
)

// Fact is what is known of a value that is not NaN: Lo ≤ value ≤ Hi, and
// value ≠ Lo if Open.
type Fact struct {
	Lo, Hi float64
	Open   bool
	// Prob: the elements along the last axis are ≥ 0 and add up to 1. Only
	// facts about whole arrays have it.
	Prob bool
}

var anything = Fact{Lo: math.Inf(-1), Hi: math.Inf(1)}

// String is the fact as the operator table writes it.
func (f Fact) String() string {
	switch {
	case f.Prob:
		return "probability along the last axis"
	case f.Lo >= 0 && f.Hi <= 1:
		return "[0,1]"
	case f.Lo > 0 || f.Lo == 0 && f.Open:
		return ">0"
	case f.Lo == 0:
		return ">=0"
	case f.Lo >= -1 && f.Hi <= 1:
		return "[-1,1]"
	}
	return "real"
}

// Facts is a small range analysis of the values of a program.
type Facts struct {
	p      *ir.Program
	exprs  map[*ir.Expr]Fact
	arrays map[*ir.Array]Fact
	busy   map[*ir.Array]bool
}

// NewFacts prepares the analysis of p; facts are found when they are asked
// for. They hold until a definition changes its meaning.
func NewFacts(p *ir.Program) *Facts {
	return &Facts{p: p, exprs: map[*ir.Expr]Fact{}, arrays: map[*ir.Array]Fact{}, busy: map[*ir.Array]bool{}}
}

// forget drops what was found about a, whose text has changed.
func (f *Facts) forget(a *ir.Array) { delete(f.arrays, a) }

// Array is what is known of every element of a.
func (f *Facts) Array(a *ir.Array) Fact {
	if r, ok := f.arrays[a]; ok {
		return r
	}
	if f.busy[a] { // a recurrence
		return anything
	}
	f.busy[a] = true
	r := anything
	switch {
	case a.Def == ir.Equation && a.Elem == ir.Real:
		r = f.Of(a.Body)
		if f.isSoftmax(a) {
			r = Fact{Lo: 0, Hi: 1, Prob: true}
		}
	case a.Def == ir.Accumulate:
		if x := f.Of(a.Body); x.Lo >= 0 {
			r.Lo = 0
		}
	case a.Def == ir.Draw && (a.Dist == "bernoulli"):
		r = Fact{Lo: 0, Hi: 1}
	case a.Def == ir.Draw && a.Dist == "uniform":
		lo, hi := f.Of(a.DistArgs[0]), f.Of(a.DistArgs[1])
		r = Fact{Lo: lo.Lo, Hi: hi.Hi}
	}
	delete(f.busy, a)
	f.arrays[a] = r
	return r
}

// Of is what is known of a real expression.
func (f *Facts) Of(e *ir.Expr) Fact {
	if r, ok := f.exprs[e]; ok {
		return r
	}
	r := f.of(e)
	if r.Hi < r.Lo || r.Lo != r.Lo || r.Hi != r.Hi {
		r = anything
	}
	r.Prob = false
	if len(f.busy) == 0 || r == anything {
		f.exprs[e] = r
	}
	return r
}

func (f *Facts) of(e *ir.Expr) Fact {
	switch e.Kind {
	case ir.KConst:
		if e.Type == ir.Real {
			return Fact{Lo: e.Val, Hi: e.Val}
		}
	case ir.KRead:
		if e.Type == ir.Real {
			return f.Array(e.Array)
		}
	case ir.KIf:
		return union(f.Of(e.Args[1]), f.Of(e.Args[2]))
	case ir.KReduce:
		return f.reduction(e)
	case ir.KCall:
		if e.Type == ir.Real {
			return f.call(e)
		}
	}
	return anything
}

func union(x, y Fact) Fact {
	r := Fact{Lo: math.Min(x.Lo, y.Lo), Hi: math.Max(x.Hi, y.Hi)}
	r.Open = r.Lo < x.Lo && y.Open || r.Lo < y.Lo && x.Open || x.Lo == y.Lo && x.Open && y.Open
	return r
}

func (f *Facts) call(e *ir.Expr) Fact {
	r := named(e.Op.Range)
	if e.Op == ir.ToReal {
		if f.p.NonNegative(e.Args[0]) && !e.Args[0].ReadsAny() && len(e.Args[0].Free()) == 0 {
			return Fact{Lo: 0, Hi: math.Inf(1)}
		}
		return anything
	}
	x := f.Of(e.Args[0])
	if e.Op.Arity == 1 {
		switch {
		case e.Op == ir.Neg:
			return Fact{Lo: -x.Hi, Hi: -x.Lo}
		case x.Lo == x.Hi && e.Op.Eval != nil:
			v := e.Op.Eval(x.Lo, 0)
			return Fact{Lo: v, Hi: v}
		case e.Op == ir.Sqrt && x.Lo >= 0:
			return Fact{Lo: math.Sqrt(x.Lo), Hi: math.Sqrt(x.Hi), Open: x.Open}
		}
		return r
	}
	y := f.Of(e.Args[1])
	switch e.Op {
	case ir.Add:
		return Fact{Lo: x.Lo + y.Lo, Hi: x.Hi + y.Hi, Open: x.Open || y.Open}
	case ir.Sub:
		return Fact{Lo: x.Lo - y.Hi, Hi: x.Hi - y.Lo, Open: x.Open}
	case ir.Mul:
		if e.Args[0] == e.Args[1] {
			return Fact{Lo: 0, Hi: math.Inf(1)}
		}
		return product2(x, y)
	case ir.Div:
		if y.Lo > 0 || y.Lo == 0 {
			inv := Fact{Lo: 1 / y.Hi, Hi: 1 / y.Lo}
			return product2(x, inv)
		}
	case ir.Pow:
		if x.Lo > 0 && y.Lo == y.Hi {
			lo, hi := math.Pow(x.Lo, y.Lo), math.Pow(x.Hi, y.Lo)
			return Fact{Lo: math.Min(lo, hi), Hi: math.Max(lo, hi), Open: y.Lo > 0 && x.Open}
		}
		if y.Lo == y.Hi && y.Lo == math.Trunc(y.Lo/2)*2 {
			return Fact{Lo: 0, Hi: math.Inf(1)}
		}
		if x.Lo >= 0 {
			return Fact{Lo: 0, Hi: math.Inf(1)}
		}
	case ir.Max:
		return Fact{Lo: math.Max(x.Lo, y.Lo), Hi: math.Max(x.Hi, y.Hi), Open: x.Lo > y.Lo && x.Open || y.Lo > x.Lo && y.Open}
	case ir.Min:
		return Fact{Lo: math.Min(x.Lo, y.Lo), Hi: math.Min(x.Hi, y.Hi)}
	}
	return r
}

// product2 is the range of a product. A bound 0*Inf is taken as 0: a product
// that is really 0*Inf is NaN, of which facts say nothing.
func product2(x, y Fact) Fact {
	r := Fact{Lo: math.Inf(1), Hi: math.Inf(-1)}
	for _, p := range []float64{x.Lo, x.Hi} {
		for _, q := range []float64{y.Lo, y.Hi} {
			v := p * q
			if v != v {
				v = 0
			}
			r.Lo, r.Hi = math.Min(r.Lo, v), math.Max(r.Hi, v)
		}
	}
	return r
}

func named(text string) Fact {
	inf := math.Inf(1)
	switch text {
	case ">=0":
		return Fact{Lo: 0, Hi: inf}
	case ">0":
		return Fact{Lo: 0, Hi: inf, Open: true}
	case "[0,1]":
		return Fact{Lo: 0, Hi: 1}
	case "[-1,1]":
		return Fact{Lo: -1, Hi: 1}
	}
	return anything
}

func (f *Facts) reduction(e *ir.Expr) Fact {
	if e.Type != ir.Real {
		return anything
	}
	r := named(e.Red.Range)
	x := f.Of(e.Args[0])
	switch e.Red {
	case ir.Sum:
		r = anything
		if x.Lo >= 0 {
			r.Lo = 0 // over an empty range it is 0
		}
		if x.Hi <= 0 {
			r.Hi = 0
		}
	case ir.Prod:
		r = anything
		if x.Lo >= 0 {
			r.Lo = 0
			if x.Hi <= 1 {
				r.Hi = 1
			}
		}
	case ir.MaxOver:
		r.Hi = x.Hi
	case ir.MinOver:
		r.Lo, r.Open = x.Lo, x.Open
	}
	return r
}

// isSoftmax recognises exp(z - logsumexp[k](z[…,k])) and
// exp(z)/(sum[k] exp(z[…,k])) along the last axis of a, also where the
// reduction is a definition of its own.
func (f *Facts) isSoftmax(a *ir.Array) bool {
	if a.Rank() == 0 {
		return false
	}
	last := ir.Axis(a.Rank() - 1)
	e := a.Body
	var z, total *ir.Expr
	var red *ir.Reducer
	switch {
	case e.IsCall(ir.Exp) && e.Args[0].IsCall(ir.Sub):
		z, total, red = e.Args[0].Args[0], e.Args[0].Args[1], ir.LogSumExp
	case e.IsCall(ir.Div):
		z, total, red = e.Args[0], e.Args[1], ir.Sum
		if !z.IsCall(ir.Exp) {
			return false
		}
	default:
		return false
	}
	if total.Kind == ir.KRead && total.Array.Def == ir.Equation {
		sub := map[ir.Index]*ir.Expr{}
		for k, x := range total.Args {
			sub[ir.Axis(k)] = x
		}
		total = f.p.Subst(total.Array.Body, sub)
	}
	if !total.IsReduce(red) || len(total.Binders) != 1 {
		return false
	}
	bs, body := f.p.Open(total)
	return bs[0].Lo.IsConst(0) && bs[0].Hi == a.Shape[a.Rank()-1] &&
		body == f.p.Subst(z, map[ir.Index]*ir.Expr{last: f.p.Idx(bs[0].Idx)})
}

// isSize reports whether e is an integer made of dims only, as a real.
func isSize(e *ir.Expr) bool {
	return e.IsCall(ir.ToReal) && len(e.Free()) == 0 && !e.ReadsAny()
}
