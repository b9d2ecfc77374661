package pass

import (
	"fmt"

	"github.com/nnc-lang/nnc/ir"
)

// A rewriter brings the expressions of one definition into normal form, from
// the leaves up: every node it makes goes through [rewriter.node], so that
// rules and the functions beside them see normal arguments only.
type rewriter struct {
	*ir.Builder
	bounds
	facts  *Facts
	rules  *ruleSet
	native []func(*rewriter, *ir.Expr) *ir.Expr // tried before the rules; nil: no change

	// customs are the operators that custom functions turned out to be.
	customs map[*ir.Custom]*ir.Operator

	whole  map[*ir.Expr]*ir.Expr // memo of expr
	single map[*ir.Expr]*ir.Expr // memo of node
	opened map[*ir.Expr]opened
	depth  int
	steps  int
	limit  int
	trace  []string
}

// opened is a reduction with temporaries for its indices.
type opened struct {
	binders []ir.Binder
	body    *ir.Expr
}

type looped struct{ trace []string }

// rewrite normalises all definitions of p in order.
func rewrite(p *ir.Program, rules *ruleSet, native ...func(*rewriter, *ir.Expr) *ir.Expr) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case looped:
			err = fmt.Errorf("bug: rewriting does not end: %q", r.trace)
		default:
			panic(r)
		}
	}()
	r := newRewriter(p, rules, native)
	for _, a := range p.Defs {
		r.begin(p, a)
		r.definition(a)
	}
	return nil
}

func newRewriter(p *ir.Program, rules *ruleSet, native []func(*rewriter, *ir.Expr) *ir.Expr) *rewriter {
	return &rewriter{
		Builder: p.Builder, bounds: newBounds(p, nil), facts: NewFacts(p), rules: rules, native: native,
		customs: map[*ir.Custom]*ir.Operator{},
	}
}

// begin forgets what was found out about one definition, and is for the next.
func (r *rewriter) begin(p *ir.Program, a *ir.Array) {
	size := 0
	for _, e := range a.Exprs() {
		size = min(size+e.Size(), 1<<20)
	}
	r.bounds.reset(p, a)
	r.depth, r.steps, r.limit, r.trace = 0, 0, 1000+100*size, nil
	emptied(&r.whole)
	emptied(&r.single)
	emptied(&r.opened)
}

func (r *rewriter) definition(a *ir.Array) {
	if a.Body != nil {
		a.Body = r.expr(a.Body)
	}
	for k := range a.At {
		a.At[k] = r.expr(a.At[k])
	}
	for k := range a.DistArgs {
		a.DistArgs[k] = r.expr(a.DistArgs[k])
	}
	r.facts.forget(a)
}

func (r *rewriter) reset() {
	r.whole, r.single, r.opened = map[*ir.Expr]*ir.Expr{}, map[*ir.Expr]*ir.Expr{}, map[*ir.Expr]opened{}
}

// expr is the normal form of e.
func (r *rewriter) expr(e *ir.Expr) *ir.Expr {
	if out, ok := r.whole[e]; ok {
		return out
	}
	out := e
	switch {
	case e.Kind == ir.KReduce:
		o := r.open(e)
		bs, body := r.ranges(o.binders), r.expr(o.body)
		out = r.node(r.Close(e.Red, bs, body)) // the indices of e are those of nothing else
	case len(e.Args) > 0:
		var few [4]*ir.Expr
		args := few[:0]
		for _, x := range e.Args {
			args = append(args, r.expr(x))
		}
		out = r.node(r.Rebuild(e, args))
	}
	r.whole[e], r.whole[out] = out, out
	return out
}

func (r *rewriter) ranges(binders []ir.Binder) []ir.Binder {
	out := append([]ir.Binder(nil), binders...)
	for k := range out {
		out[k].Lo, out[k].Hi = r.expr(out[k].Lo), r.expr(out[k].Hi)
	}
	return out
}

// open is e with temporaries for its indices, the same ones each time.
func (r *rewriter) open(e *ir.Expr) opened {
	o, ok := r.opened[e]
	if !ok {
		o.binders, o.body = r.Opened(e)
		r.opened[e] = o
		r.enter(o.binders)
	}
	return o
}

// reduce closes a reduction over temporaries and normalises it.
func (r *rewriter) reduce(red *ir.Reducer, binders []ir.Binder, body *ir.Expr) *ir.Expr {
	return r.node(r.Reduce(red, binders, body))
}

// call and cond build a normal expression from normal arguments.
func (r *rewriter) call(op *ir.Operator, args ...*ir.Expr) *ir.Expr {
	return r.node(r.Call(op, args...))
}

func (r *rewriter) cond(g, x, y *ir.Expr) *ir.Expr { return r.node(r.If(g, x, y)) }

// node is the normal form of an expression whose arguments are normal.
func (r *rewriter) node(e *ir.Expr) *ir.Expr {
	if out, ok := r.single[e]; ok {
		return out
	}
	if r.depth++; r.depth > 2000 {
		panic(looped{append(r.trace, e.String())})
	}
	defer func() { r.depth-- }()
	out := e
	for {
		n := r.step(out)
		if n == nil || n == out {
			break
		}
		if out = n; r.single[out] != nil {
			out = r.single[out]
			break
		}
	}
	r.single[e], r.single[out] = out, out
	return out
}

// step makes one change at the root; what it returns is normal.
func (r *rewriter) step(e *ir.Expr) *ir.Expr {
	for _, f := range r.native {
		if n := f(r, e); n != nil && n != e {
			r.count(func() string { return fmt.Sprint(e, " => ", n) })
			return n
		}
	}
	if r.rules != nil {
		return r.rules.apply(r, e)
	}
	return nil
}

func (r *rewriter) count(what func() string) {
	r.steps++
	if r.steps > r.limit {
		r.trace = append(r.trace, what())
		if len(r.trace) > 12 {
			panic(looped{r.trace})
		}
	}
}
