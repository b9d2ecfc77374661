package dsl

import (
	"fmt"
	"strings"

	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// reduce elaborates sum[k in K] body.
func (s *scope) reduce(e *syntax.Reduce) *value {
	if e.Op == "grad" || e.Op == "jacobian" {
		return s.gradExpr(e)
	}
	in := s.child()
	var binders []ir.Index
	for k, b := range e.Binds {
		for _, later := range e.Binds[k+1:] {
			if b.In != nil && in.lookup(later.Name.Name) == nil && (uses(b.In.Lo, later.Name.Name) || uses(b.In.Hi, later.Name.Name)) {
				s.report(diag.New("NN204", b.Span, "the range of %s depends on %s, which is bound behind it", b.Name.Name, later.Name.Name).
					WithHint("%s[%s, %s] …", e.Op, s.source(later.Span), s.source(b.Span)))
				return bad
			}
		}
		lo, hi, ok := in.bindRange(b, e.Body)
		if !ok {
			return bad
		}
		t := s.temp(b.Name.Name, lo, hi)
		binders = append(binders, t)
		v := scalarOf(s.Idx(t))
		v.bound, v.def = hi, b.Name.Span
		in.names[b.Name.Name] = v
		if s.hidden == nil {
			s.hidden = map[string]diag.Span{}
		}
		s.hidden[b.Name.Name] = e.OpSpan.To(e.Binds[len(e.Binds)-1].Span)
	}
	body := in.array(e.Body)
	if body.kind == badValue {
		return bad
	}
	return s.reduction(e.Op, e.Span, body, binders)
}

// reduceAll elaborates sum(x), over the whole array.
func (s *scope) reduceAll(op string, at diag.Span, arg syntax.Expr) *value {
	v := s.array(arg)
	if v.kind == badValue {
		return bad
	}
	if v.rank() == 0 && s.body.restSet && len(s.body.rest) == 0 && op != "argmax" && op != "argmin" {
		one := *v // a function of [..] was given a number
		return s.reduction(op, at, &one, nil)
	}
	if v.rank() == 0 {
		return s.errorf("NN215", at, "%s reduces an array, %s is a scalar", op, s.source(arg.At()))
	}
	if (op == "argmax" || op == "argmin") && v.rank() != 1 {
		return s.errorf("NN215", at, "%s(x) needs a vector, %s is %s; hint: %s[k] names the axis", op, s.source(arg.At()), s.shapeText(v.shape), op)
	}
	ts, idx := s.temps(v.shape, s.axisNames(v))
	elem := &value{kind: arrayValue, elem: v.elem, at: func([]*ir.Expr) *ir.Expr { return v.at(idx) }}
	return s.reduction(op, at, elem, ts)
}

// reduction reduces body over binders; the axes of body remain.
func (s *scope) reduction(op string, at diag.Span, body *value, ts []ir.Index) *value {
	name := op
	if op == "mean" {
		name = "sum"
	}
	red := ir.LookupReducer(name)
	if isBool := red == ir.Any || red == ir.All; isBool != (body.elem == ir.Bool) {
		d := diag.New("NN213", at, "%s cannot reduce %s", op, body.elem)
		if !isBool {
			d.WithHint("if … then 1 else 0 in it")
		} else if len(ts) > 0 {
			d.WithHint("a condition in parentheses, which a reducer else ends before: %s[%s] (… > …)", op, s.index[ts[0]].name)
		}
		s.report(d)
		return bad
	}
	if (red == ir.ArgMax || red == ir.ArgMin) && len(ts) != 1 {
		return s.errorf("NN215", at, "%s takes one index", op)
	}
	for _, t := range ts {
		for _, d := range body.shape {
			if d.Depends(t) {
				return s.errorf("NN204", at, "the shape of the term is %s, and %s ends with the %s; hint: sum over it too", s.shapeText(body.shape), s.index[t].name, op)
			}
		}
	}
	out := &value{kind: arrayValue, shape: body.shape}
	out.at = func(idx []*ir.Expr) *ir.Expr {
		var bs []ir.Binder
		for _, t := range ts {
			bs = append(bs, s.binder(t))
		}
		elem := body.at(idx)
		if op == "mean" {
			elem = s.Real(elem)
		}
		e := s.Reduce(red, bs, elem)
		if op == "mean" {
			e = s.Call(ir.Div, e, s.Real(s.count(bs)))
		}
		return e
	}
	switch {
	case red == ir.ArgMax || red == ir.ArgMin:
		out.elem, out.bound = ir.Int, s.index[ts[0]].hi
	case red.Result == ir.Bool:
		out.elem = ir.Bool
	case op == "mean" || red.RealOnly:
		out.elem = ir.Real
	default:
		out.elem = body.elem
	}
	if len(out.shape) == 0 {
		e := out.at(nil)
		out.at = func([]*ir.Expr) *ir.Expr { return e }
	}
	return out
}

// count is the number of elements that binders run over.
func (s *scope) count(bs []ir.Binder) *ir.Expr {
	n := s.Int(1)
	for k := len(bs) - 1; k >= 0; k-- {
		size := s.Call(ir.Sub, bs[k].Hi, bs[k].Lo)
		if n.Depends(bs[k].Idx) { // triangular: count by summing
			n = s.Reduce(ir.Sum, bs[k:k+1], n)
			continue
		}
		n = s.Call(ir.Mul, size, n)
	}
	return n
}

// bindRange is the range of a bound index: what `in` says, else the axis
// where the index stands bare.
func (s *scope) bindRange(b *syntax.Bind, body syntax.Expr) (lo, hi *ir.Expr, ok bool) {
	if b.In != nil {
		return s.rangeOf(b.In)
	}
	return s.inferRange(b.Name.Name, b.Name.Span, body)
}

func (s *scope) rangeOf(r *syntax.Range) (lo, hi *ir.Expr, ok bool) {
	lo = s.Int(0)
	if r.Hi == nil {
		hi = s.intExpr(r.Lo)
		return lo, hi, hi != nil
	}
	lo, hi = s.intExpr(r.Lo), s.intExpr(r.Hi)
	return lo, hi, lo != nil && hi != nil
}

// rangeHint says what to do about two axes for one index.
func (s *scope) rangeHint(name string, x, y *ir.Expr) string {
	if len(x.Free())+len(y.Free()) > 0 || s.resolve(x).Kind == ir.KConst && s.resolve(y).Kind == ir.KConst {
		return "say the range: " + name + " in …"
	}
	return fmt.Sprintf("give both the same dim; or where %s == %s, tested when the call binds them; or say the range: %s in …", s.dimText(x), s.dimText(y), name)
}

// inferRange looks for reads of arrays at the bare index.
func (s *scope) inferRange(name string, at diag.Span, exprs ...syntax.Expr) (lo, hi *ir.Expr, ok bool) {
	f := &bareFinder{s: s, name: name}
	for _, e := range exprs {
		f.walk(e)
	}
	if len(f.found) == 0 && f.bad {
		return nil, nil, false // the mistake is in what it reads
	}
	if len(f.found) == 0 {
		size := "0..n" // for one
		switch dim := strings.ToUpper(name); {
		case s.dim(dim) != nil:
			size = dim
		case name == "n":
			size = "0..m"
		}
		s.report(diag.New("NN204", at, "the range of index %s is not known", name).
			Note("it stands bare in no axis of a known array").WithHint("%s in %s", name, size))
		return nil, nil, false
	}
	first := f.found[0]
	for _, o := range f.found[1:] {
		if !s.equal(first.size, o.size) {
			d := diag.New("NN204", first.at, "index %s runs over two different axes: %s and %s", name, s.dimText(first.size), s.dimText(o.size)).Also(o.at)
			s.report(d.Note("axis %d of %s is %s, axis %d of %s is %s", first.axis, first.text, s.dimText(first.size), o.axis, o.text, s.dimText(o.size)).
				WithHint("%s", s.rangeHint(name, first.size, o.size)))
			return nil, nil, false
		}
	}
	return s.Int(0), first.size, true
}

type bareUse struct {
	size *ir.Expr
	at   diag.Span
	text string
	axis int
}

// bareFinder collects the axes at which an index stands bare.
type bareFinder struct {
	s     *scope
	name  string
	found []bareUse
	bad   bool // something it stands in was refused
}

func (f *bareFinder) walk(e syntax.Expr) {
	switch e := e.(type) {
	case *syntax.Paren:
		f.walk(e.X)
	case *syntax.If:
		f.walk(e.Cond)
		f.walk(e.Then)
		f.walk(e.Else)
	case *syntax.Binary:
		f.walk(e.X)
		f.walk(e.Y)
	case *syntax.Unary:
		f.walk(e.X)
	case *syntax.Call:
		f.walk(e.Fun)
		for _, a := range e.Args {
			f.walk(a.Value)
		}
	case *syntax.Field:
		f.walk(e.X)
	case *syntax.Reduce:
		for _, b := range e.Binds {
			if b.Name.Name == f.name {
				return // another index of that name
			}
			if b.In != nil {
				f.walk(b.In.Lo)
				if b.In.Hi != nil {
					f.walk(b.In.Hi)
				}
			}
		}
		f.walk(e.Body)
	case *syntax.List:
		for _, x := range e.Elems {
			f.walk(x)
		}
	case *syntax.Default:
		f.walk(e.Else)
		if x, ok := e.X.(*syntax.IndexExpr); ok {
			f.read(x)
		}
	case *syntax.Pipe:
		f.walk(e.X)
		f.walk(e.F)
	case *syntax.IndexExpr:
		f.read(e)
	}
}

func (f *bareFinder) read(e *syntax.IndexExpr) {
	f.walk(e.X)
	mention := false
	for _, ix := range e.Indices {
		if ix.Expr != nil {
			f.walk(ix.Expr)
			if n, ok := syntax.Unparen(ix.Expr).(*syntax.Name); ok && n.Name == f.name && !ix.Slice {
				mention = true
			}
		}
		if ix.To != nil {
			f.walk(ix.To)
		}
	}
	if !mention {
		return
	}
	v := f.s.shapeOf(e.X)
	if v == nil {
		if q := f.s.quiet(e.X); q != nil && q.kind == badValue {
			f.bad = true
		}
		return
	}
	axis := 0
	for k, ix := range e.Indices {
		if ix.All {
			axis = v.rank() - (len(e.Indices) - 1 - k)
			continue
		}
		if n, ok := syntax.Unparen(orNil(ix.Expr)).(*syntax.Name); ok && !ix.Slice && n.Name == f.name && axis < v.rank() {
			f.found = append(f.found, bareUse{v.shape[axis], ix.Span, f.s.source(e.X.At()), axis})
		}
		axis++
	}
}

func orNil(e syntax.Expr) syntax.Expr {
	if e == nil {
		return &syntax.Number{}
	}
	return e
}

// shapeOf is the value of an expression that is read, when it can be had
// without effects: a name, a field of one, a transpose.
func (s *scope) shapeOf(e syntax.Expr) *value {
	switch e := syntax.Unparen(e).(type) {
	case *syntax.Name:
		if v := s.lookup(e.Name); v != nil && v.kind == arrayValue {
			return v
		}
	case *syntax.Unary:
		if v := s.shapeOf(e.X); v != nil && e.Op == "'" && v.rank() >= 2 {
			w := *v
			n := v.rank()
			w.shape = append(append([]*ir.Expr(nil), v.shape[:n-2]...), v.shape[n-1], v.shape[n-2])
			return &w
		}
	case *syntax.Field:
		if b := s.quiet(e.X); b != nil && (b.kind == instValue || b.kind == recordValue) {
			if v := s.field(e); v.kind == arrayValue {
				return v
			}
		}
	case *syntax.Call:
		saved := s.diags
		v := s.probe(e)
		s.diags = saved
		if v != nil && v.kind == arrayValue {
			return v
		}
	}
	return nil
}

// probe elaborates a call for its shape alone and takes back what that made.
func (s *scope) probe(e *syntax.Call) *value {
	if s.body == nil || s.body.build == nil {
		return nil
	}
	b := *s.body.build
	prog := *b.prog
	trial := b
	trial.prog = &prog
	trial.taken = map[string]bool{}
	trial.leaves = map[string]*ir.Array{}
	for k, v := range b.leaves {
		trial.leaves[k] = v
	}
	t := s.child()
	body := *s.body
	body.build, body.counters = &trial, map[string]int{}
	t.body = &body
	if body.inst != nil {
		inst := *body.inst
		sch := *inst.sch
		inst.sch, inst.build = &sch, &trial
		body.inst = &inst
	}
	seen := s.seen
	s.seen = map[string]bool{}
	defer func() { s.seen = seen }()
	return t.expr(e)
}
