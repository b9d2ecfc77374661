package dsl

import (
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// sel selects along one axis: one entry, a slice, or a gather.
type sel struct {
	entry  *ir.Expr // one entry
	lo     *ir.Expr // slice from lo
	size   *ir.Expr
	gather *value // integers of rank > 0
	src    *syntax.Index
}

// defaultExpr is a read with a value for what lies outside.
func (s *scope) defaultExpr(e *syntax.Default) *value {
	els := s.array(e.Else)
	x, ok := syntax.Unparen(e.X).(*syntax.IndexExpr)
	if !ok {
		return s.errorf("NN218", e.Span, "?? stands behind a read: a[i] ?? 0")
	}
	if els.kind == badValue {
		return bad
	}
	return s.indexExpr(x, els)
}

// indexExpr elaborates X[…]: a read, or static arguments of a layer.
func (s *scope) indexExpr(e *syntax.IndexExpr, els *value) *value {
	if n, ok := syntax.Unparen(e.X).(*syntax.Name); ok {
		switch n.Name {
		case "zeros", "ones", "eye":
			if s.lookup(n.Name) == nil || s.lookup(n.Name).fn != nil && s.lookup(n.Name).fn.builtin != nil {
				return s.filled(n.Name, e)
			}
		}
	}
	x := s.expr(e.X)
	if s.steps && s.body.scans[x] != nil {
		x = s.body.scans[x]
	}
	switch x.kind {
	case badValue:
		return bad
	case funcValue:
		return s.staticArgs(x, e)
	case instList:
		return s.pickInstance(x, e)
	case arrayValue:
	default:
		return s.array(e.X)
	}
	sels, ok := s.selections(e, x)
	if !ok {
		return bad
	}
	return s.read(e, x, sels, els)
}

// selections pairs the indices of a read with the axes of x.
func (s *scope) selections(e *syntax.IndexExpr, x *value) ([]sel, bool) {
	n := len(e.Indices)
	for _, ix := range e.Indices {
		if ix.All {
			n--
		}
	}
	if n > x.rank() {
		d := diag.New("NN219", e.Span, "%s has %d axes, this read has %d indices", s.source(e.X.At()), x.rank(), n)
		s.report(d.Note("%s", s.describe(e.X, x)))
		return nil, false
	}
	var out []sel
	for k, ix := range e.Indices {
		if ix.All {
			rest := 0 // `..` alone stands for all axes the others leave
			for _, o := range e.Indices[k+1:] {
				if !o.All {
					rest++
				}
			}
			for len(out) < x.rank()-rest {
				out = append(out, sel{lo: s.Int(0), size: x.shape[len(out)]})
			}
			continue
		}
		if ix.Name != "" || ix.In != nil {
			s.errorf("NN219", ix.Span, "a read takes plain indices")
			return nil, false
		}
		one, ok := s.selection(ix, x.shape[len(out)])
		if !ok {
			return nil, false
		}
		out = append(out, one)
	}
	for len(out) < x.rank() {
		out = append(out, sel{lo: s.Int(0), size: x.shape[len(out)]})
	}
	return out, true
}

func (s *scope) selection(ix *syntax.Index, size *ir.Expr) (sel, bool) {
	if ix.Slice {
		lo, hi := s.Int(0), size
		if ix.Expr != nil {
			lo = s.intExpr(ix.Expr)
		}
		if ix.To != nil {
			hi = s.intExpr(ix.To)
		}
		if lo == nil || hi == nil {
			return sel{}, false
		}
		return sel{lo: lo, size: s.Call(ir.Sub, hi, lo), src: ix}, true
	}
	v := s.intValue(ix.Expr)
	if v == nil {
		return sel{}, false
	}
	if v.rank() > 0 {
		return sel{gather: v, src: ix}, true
	}
	return sel{entry: v.expr(), src: ix}, true
}

// read is the value x[sels…]; els, if not nil, is what lies outside.
func (s *scope) read(e *syntax.IndexExpr, x *value, sels []sel, els *value) *value {
	out := &value{kind: arrayValue, elem: x.elem, bound: x.bound}
	var conds []*ir.Expr // that entries lie inside, where it is not provable
	sliced := false
	out.extent = x.extent.moved(-1)
	for k, sl := range sels {
		size := x.shape[k]
		if x.extent != nil && x.extent.axis == k && sl.entry == nil && sl.gather == nil && sl.src == nil {
			out.extent = x.extent.moved(len(out.shape))
		}
		switch {
		case sl.gather != nil:
			if !s.gatherInside(e, x, sl, k) {
				return bad
			}
			out.shape = append(out.shape, sl.gather.shape...)
		case sl.entry != nil:
			prove := s.nonNegative
			if els != nil { // which serves where a size is 0
				prove = s.known
			}
			miss := s.outsideOf(x, k, sl.entry, prove)
			if len(miss) > 0 && els == nil {
				s.reportOutside(e, x, sl, k)
				return bad
			}
			conds = append(conds, miss...)
		default:
			if sl.src != nil && els == nil && (!s.nonNegative(sl.lo) || !s.nonNegative(s.Call(ir.Sub, size, s.Call(ir.Add, sl.lo, sl.size)))) {
				s.reportOutside(e, x, sl, k)
				return bad
			}
			sliced = sliced || sl.src != nil
			out.shape = append(out.shape, sl.size)
		}
	}
	if n := len(sels); n > 0 && sels[n-1].src == nil {
		out.prob = x.prob
	}
	at := func(idx []*ir.Expr) (*ir.Expr, []*ir.Expr) {
		full := make([]*ir.Expr, len(sels))
		more := conds
		p := 0
		for k, sl := range sels {
			switch {
			case sl.gather != nil:
				r := sl.gather.rank()
				full[k] = sl.gather.at(idx[p : p+r])
				p += r
			case sl.entry != nil:
				full[k] = sl.entry
			default:
				full[k] = s.Call(ir.Add, sl.lo, idx[p])
				if els != nil && sl.src != nil {
					more = append(append([]*ir.Expr(nil), more...), s.within(full[k], x.shape[k])...)
				}
				p++
			}
		}
		return x.at(full), more
	}
	if els != nil && els.rank() > 0 && !s.sameShape(els.shape, out.shape) {
		return s.errorf("NN104", e.Span, "?? needs equal shapes or a scalar: %s and %s", s.shapeText(out.shape), s.shapeText(els.shape))
	}
	out.at = func(idx []*ir.Expr) *ir.Expr {
		v, cs := at(idx)
		if els == nil || len(cs) == 0 {
			return v
		}
		g := cs[0]
		for _, c := range cs[1:] {
			g = s.Call(ir.And, g, c)
		}
		o := els.at(idx[:els.rank()])
		if v.Type == ir.Real {
			o = s.Real(o)
		}
		return s.If(g, v, o)
	}
	if els != nil && (len(conds) > 0 || sliced) {
		return s.typed(out)
	}
	return out
}

// within are the conditions 0 <= i and i < size.
func (s *scope) within(i, size *ir.Expr) []*ir.Expr {
	return []*ir.Expr{s.Call(ir.Ge, i, s.Int(0)), s.Call(ir.Lt, i, size)}
}

// outside lists the conditions of within that prove does not prove.
func (s *scope) outside(i, size *ir.Expr, prove func(*ir.Expr) bool) []*ir.Expr {
	var out []*ir.Expr
	if !prove(i) {
		out = append(out, s.Call(ir.Ge, i, s.Int(0)))
	}
	if !prove(s.Call(ir.Sub, s.Call(ir.Sub, size, s.Int(1)), i)) {
		out = append(out, s.Call(ir.Lt, i, size))
	}
	return out
}

// outsideOf is outside for an axis of x, which may be a recurrence with bases
// outside its entries.
func (s *scope) outsideOf(x *value, axis int, i *ir.Expr, prove func(*ir.Expr) bool) []*ir.Expr {
	size := x.shape[axis]
	if x.extent != nil && x.extent.axis == axis {
		if b := x.extent.below; b != nil {
			i, size = s.Call(ir.Add, i, b), s.Call(ir.Add, size, b)
		}
		if b := x.extent.above; b != nil {
			size = s.Call(ir.Add, size, b)
		}
	}
	return s.outside(i, size, prove)
}

// gatherInside checks that an index array is bounded by the axis it reads.
func (s *scope) gatherInside(e *syntax.IndexExpr, x *value, sl sel, axis int) bool {
	g := sl.gather
	text := s.source(sl.src.Span)
	if g.bound == nil {
		_, idx := s.temps(g.shape, nil)
		if len(s.outside(g.at(idx), x.shape[axis], s.nonNegative)) == 0 {
			return true
		}
		s.report(diag.New("NN205", sl.src.Span, "%s may be read outside: nothing bounds %s", s.source(e.X.At()), text).
			WithHint("%s: [..] in %s", text, s.dimText(x.shape[axis])))
		return false
	}
	if s.equal(g.bound, x.shape[axis]) || s.nonNegative(s.Call(ir.Sub, x.shape[axis], g.bound)) {
		return true
	}
	s.report(diag.New("NN205", sl.src.Span, "%s may be read outside: %s lies in 0..%s, the axis is 0..%s", s.source(e.X.At()), text, s.dimText(g.bound), s.dimText(x.shape[axis])).
		Note("%s", s.describe(e.X, x)).WithHint("use the same size for both"))
	return false
}

// reportOutside is NN205 for an index or a slice.
func (s *scope) reportOutside(e *syntax.IndexExpr, x *value, sl sel, axis int) {
	text := s.source(sl.src.Span)
	size := s.dimText(x.shape[axis])
	lo, hi := sl.entry, sl.entry
	if sl.entry == nil {
		lo, hi = sl.lo, s.Call(ir.Sub, s.Call(ir.Add, sl.lo, sl.size), s.Int(1))
	}
	low, ok1 := s.extreme(lo, true)
	high, ok2 := s.extreme(hi, false)
	d := diag.New("NN205", sl.src.Span, "%s may be read outside: the axis is 0..%s", s.source(e.X.At()), size)
	switch v := sl.entry; {
	case v != nil && v.Kind == ir.KConst:
		d.Msg = s.source(e.X.At()) + " is read outside: the index is " + text + ", the axis is 0.." + size
		if v.N < 0 && len(e.Indices) == 1 {
			last := s.dimText(s.Call(ir.Add, x.shape[axis], v))
			s.report(d.WithHint("%s[%s], counted from the end; or say what lies outside: %s ?? 0", s.source(e.X.At()), last, s.source(e.Span)))
			return
		}
	case ok1 && ok2:
		d.Msg = s.source(e.X.At()) + " may be read outside: " + text + " runs over " + s.dimText(low) + ".." +
			s.dimText(s.Call(ir.Add, high, s.Int(1))) + ", the axis is 0.." + size
	}
	var ranges []string
	free := slices.Clone(hi.Free())
	slices.SortFunc(free, func(x, y ir.Index) int { return int(y) - int(x) })
	for _, i := range free {
		info := s.index[i]
		r := s.dimText(info.hi)
		if !info.lo.IsConst(0) {
			r = s.dimText(info.lo) + ".." + r
		}
		ranges = append(ranges, info.name+" in "+r)
	}
	if len(ranges) > 0 {
		d.Note("%s", strings.Join(ranges, ", "))
	}
	s.report(d.WithHint("say what lies outside: %s ?? 0", s.source(e.Span)))
}

// extreme is the least or greatest value of an affine index expression.
func (s *scope) extreme(e *ir.Expr, least bool) (*ir.Expr, bool) {
	for range 64 {
		atom, coef, rest := s.nextAtom(e)
		if atom == nil {
			return e, true
		}
		lo, hi, ok := s.bounds(atom, nil)
		if !ok || lo == nil || hi == nil {
			return nil, false
		}
		up := s.NonNegative(coef)
		if !up && !s.NonNegative(s.Call(ir.Neg, coef)) {
			return nil, false
		}
		if up == least {
			e = s.Call(ir.Add, rest, s.Call(ir.Mul, coef, lo))
		} else {
			e = s.Call(ir.Add, rest, s.Call(ir.Mul, coef, hi))
		}
	}
	return nil, false
}

// filled is zeros[N, D], ones[N] or eye[N].
func (s *scope) filled(name string, e *syntax.IndexExpr) *value {
	out := &value{kind: arrayValue}
	for _, ix := range e.Indices {
		if ix.Expr == nil || ix.Slice {
			return s.errorf("NN216", ix.Span, "%s takes sizes", name)
		}
		d := s.intExpr(ix.Expr)
		if d == nil {
			return bad
		}
		out.shape = append(out.shape, d)
	}
	switch name {
	case "zeros":
		out.at = func([]*ir.Expr) *ir.Expr { return s.Const(0) }
	case "ones":
		out.at = func([]*ir.Expr) *ir.Expr { return s.Const(1) }
	default:
		if len(out.shape) == 1 {
			out.shape = append(out.shape, out.shape[0])
		}
		out.at = func(idx []*ir.Expr) *ir.Expr {
			return s.If(s.Call(ir.Eq, idx[0], idx[1]), s.Const(1), s.Const(0))
		}
	}
	return out
}

// field elaborates X.name: a result, a parameter, or a name of a module.
func (s *scope) field(e *syntax.Field) *value {
	x := s.expr(e.X)
	name := e.Name.Name
	switch x.kind {
	case badValue:
		return bad
	case typeValue:
		if v := x.mod.names[name]; v != nil {
			return v
		}
		d := diag.New("NN201", e.Name.Span, "%s has no %s", s.source(e.X.At()), name)
		if near := (&scope{checker: s.checker, mod: &module{names: x.mod.names}}).near(name); len(near) > 0 {
			d.Note("did you mean %s?", near[0])
		}
		s.report(d)
		return bad
	case recordValue:
		for k, n := range x.names {
			if n == name {
				return x.vals[k]
			}
		}
		return s.errorf("NN220", e.Name.Span, "%s has no result %s; it has %s", s.source(e.X.At()), name, joinNames(x.names))
	case instValue:
		if v := s.member(x.inst, name); v != nil {
			return v
		}
		return s.errorf("NN220", e.Name.Span, "%s has no parameter %s; it has %s", s.source(e.X.At()), name, joinNames(x.inst.memberNames()))
	}
	d := diag.New("NN220", e.Name.Span, "%s is %s and has no field %s", s.source(e.X.At()), s.shapeText(x.shape), name)
	if c, ok := syntax.Unparen(e.X).(*syntax.Call); ok {
		var fd *funcDecl
		switch f := s.expr(c.Fun); f.kind {
		case funcValue:
			fd = f.fn.decl
		case instValue:
			fd = f.inst.decl
		}
		if fd != nil && len(fd.Results) == 1 && fd.Results[0].Name.Name == name {
			d.Note("%s has one result: a call of it is %s", fd.Name.Name, name).WithHint("%s", s.source(e.X.At()))
		}
	}
	s.report(d)
	return bad
}
