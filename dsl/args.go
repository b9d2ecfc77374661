package dsl

import (
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

// bindArgs binds the arguments of a call in the callee's scope: it unifies
// dims, finds the frame that the call is mapped over, and gives each argument
// as its cell. It returns the indices of the frame.
func (s *scope) bindArgs(in *scope, a *application) ([]ir.Index, bool) {
	fd := a.fd
	args, exprs, ok := s.orderArgs(in, a)
	if !ok {
		return nil, false
	}
	var frame []ir.Index
	var frameOf int // argument that set the frame
	for k, p := range fd.Args {
		v := args[k]
		if p.Type != nil && p.Type.Ref != nil {
			if !s.bindBundle(in, p, v, exprs[k]) {
				return nil, false
			}
			continue
		}
		if v.kind != arrayValue {
			s.errorf("NN106", exprs[k].At(), "%s of %s is numbers, here is %s", p.Name.Name, fd.Name.Name, kindText(v))
			return nil, false
		}
		rest, rank := cellRank(p.Type)
		if v.rank() < rank {
			s.reportRank(a, p, v, exprs[k], in)
			return nil, false
		}
		if rank > 0 || rest {
			caller := *s
			if caller.hint == "" {
				caller.hint = p.Name.Name
			}
			v = caller.store(hintOf(v, p.Name.Name), v, exprs[k].At(), nil)
		}
		extra := v.rank() - rank
		if rest {
			extra = 0
		}
		if extra > 0 {
			if fd.hasState() {
				s.reportRank(a, p, v, exprs[k], in)
				return nil, false
			}
			if frame == nil {
				frameOf = k
				for _, d := range v.shape[:extra] {
					frame = append(frame, s.temp(s.frameName(v, len(frame)), s.Int(0), d))
				}
			} else if !s.sameShape(v.shape[:extra], s.sizes(frame)) {
				d := diag.New("NN103", a.at, "%s is mapped over %s and over %s", fd.Name.Name, s.shapeText(s.sizes(frame)), s.shapeText(v.shape[:extra]))
				d.Spans = []diag.Span{exprs[frameOf].At(), exprs[k].At()}
				d.Note("%s; %s", s.describe(exprs[frameOf], args[frameOf]), s.describe(exprs[k], v))
				hint := "give both the same leading axes"
				if len(frame) == 1 && extra == 1 {
					hint = s.frameHint(hint, args[frameOf], exprs[k])
					d.Note("%s and %s are different dimensions: each was bound by its own argument", s.dimText(s.sizes(frame)[0]), s.dimText(v.shape[0]))
				}
				s.report(d.WithHint("%s", hint))
				return nil, false
			}
		}
		cell := s.cellOf(v, frame, extra)
		in.body.dependsOn(s, cell)
		cell.def, cell.text = p.Name.Span, ""
		if !in.bindType(p, cell, a, exprs[k]) {
			return nil, false
		}
		in.names[p.Name.Name] = in.coerce(p, cell)
	}
	return frame, true
}

// frameHint says how an argument y of the function around is declared so that
// it has the leading axis of x; other is for what is no argument.
func (s *scope) frameHint(other string, x *value, y syntax.Expr) string {
	n, ok := syntax.Unparen(y).(*syntax.Name)
	if !ok || s.body.decl == nil {
		return other
	}
	for _, p := range s.body.decl.Args {
		if p.Name.Name == n.Name && p.Type != nil && len(p.Type.Dims) > 0 {
			old := s.source(p.Type.Dims[0].Span)
			return n.Name + ": " + strings.Replace(s.source(p.Type.Span), old, s.dimText(x.shape[0]), 1)
		}
	}
	return other
}

// orderArgs puts named and default arguments in their places.
func (s *scope) orderArgs(in *scope, a *application) ([]*value, []syntax.Expr, bool) {
	fd := a.fd
	args, exprs := make([]*value, len(fd.Args)), make([]syntax.Expr, len(fd.Args))
	if len(a.args) > len(fd.Args) {
		s.report(diag.New("NN110", a.at, "%s takes %d argument%s, here are %d", fd.Name.Name, len(fd.Args), plural(len(fd.Args)), len(a.args)).
			Note("%s", s.signature(fd)))
		return nil, nil, false
	}
	names := map[int]string{}
	for n, k := range a.named {
		names[k] = n
	}
	for k := range a.args {
		at := k
		if n, ok := names[k]; ok {
			at = slices.IndexFunc(fd.Args, func(p *syntax.Arg) bool { return p.Name.Name == n })
			if at < 0 {
				s.errorf("NN110", a.exprs[k].At(), "%s has no argument %s", fd.Name.Name, n)
				return nil, nil, false
			}
		}
		if args[at] != nil {
			s.errorf("NN110", a.exprs[k].At(), "argument %s of %s is given twice", fd.Args[at].Name.Name, fd.Name.Name)
			return nil, nil, false
		}
		args[at], exprs[at] = a.args[k], a.exprs[k]
	}
	for k, p := range fd.Args {
		if args[k] == nil && p.Default != nil {
			args[k], exprs[k] = in.expr(p.Default), p.Default
		}
		if args[k] == nil {
			s.report(diag.New("NN110", a.at, "%s needs its argument %s", fd.Name.Name, p.Name.Name).Note("%s", s.signature(fd)))
			return nil, nil, false
		}
		if args[k].kind == badValue {
			return nil, nil, false
		}
	}
	return args, exprs, true
}

// signature is the head of a function as its source has it.
func (c *checker) signature(fd *funcDecl) string {
	end := fd.Name.Span
	for _, p := range fd.Args {
		end = p.Span
	}
	for _, r := range fd.Results {
		end = r.Span
	}
	text := fd.Kind + " " + c.source(fd.Name.Span.To(end))
	if len(fd.Results) != 1 {
		text += ")"
	}
	return text
}

// cellRank is the rank of a declared argument; rest says that it is `[..]`.
func cellRank(t *syntax.Type) (rest bool, rank int) {
	if t == nil {
		return false, 0
	}
	for _, d := range t.Dims {
		if d.Rest {
			rest = true
		} else {
			rank++
		}
	}
	return rest, rank
}

// cellOf is one cell of v under the frame; a scalar cell is computed once.
func (s *scope) cellOf(v *value, frame []ir.Index, extra int) *value {
	cell := *v
	cell.shape = v.shape[extra:]
	if extra == 0 {
		return &cell
	}
	if v.extent != nil {
		cell.extent = v.extent.moved(v.extent.axis - extra)
	}
	lead := make([]*ir.Expr, extra)
	for k := range lead {
		lead[k] = s.Idx(frame[k])
	}
	if len(cell.shape) == 0 {
		e := v.at(lead)
		cell.at = func([]*ir.Expr) *ir.Expr { return e }
		return &cell
	}
	cell.at = func(idx []*ir.Expr) *ir.Expr { return v.at(append(slices.Clone(lead), idx...)) }
	return &cell
}

func (s *scope) sizes(frame []ir.Index) []*ir.Expr {
	var out []*ir.Expr
	for _, t := range frame {
		out = append(out, s.index[t].hi)
	}
	return out
}

// frameName is a letter for axis k of a frame: the one the argument has.
func (s *scope) frameName(v *value, k int) string {
	if names := s.axisNames(v); k < len(names) {
		return names[k]
	}
	return "n"
}

// bindType unifies the declared type of an argument with its cell.
func (in *scope) bindType(p *syntax.Arg, cell *value, a *application, e syntax.Expr) bool {
	t, hint := p.Type, ""
	mismatch := func(format string, args ...any) bool {
		d := diag.New("NN106", e.At(), format, args...)
		if cell.extent != nil {
			d.Code = "NN502"
			if b := cell.extent.base; b != nil {
				d.Note("%s is a recurrence, and its base fixes its shape: %s (line %d)", in.source(e.At()), in.source(b.Span), b.Span.Pos.Line)
				if strings.Contains(in.source(b.Span), "zeros[") && t != nil {
					d.WithHint("zeros%s", in.declaredShape(t))
				}
			}
		}
		if d.Note("%s", in.signature(a.fd)); hint != "" {
			d.WithHint("%s", hint)
		}
		in.report(d)
		return false
	}
	name := a.fd.Name.Name
	if cell.elem == ir.Bool != (t != nil && t.Elem == "bool") {
		return mismatch("%s of %s is %s, here is %s", p.Name.Name, name, typeWord(t), cell.elem)
	}
	wantInt := t != nil && (t.In != nil || t.Elem == "int")
	if wantInt && cell.elem != ir.Int {
		return mismatch("%s of %s is integers, here is %s", p.Name.Name, name, cell.elem)
	}
	if t == nil {
		return true
	}
	if rest, rank := cellRank(t); rest {
		if rank > 0 {
			return mismatch("%s of %s: .. stands alone", p.Name.Name, name)
		}
		if in.body.restSet && !in.sameShape(in.body.rest, cell.shape) {
			return mismatch("%s needs arguments of equal shape: %s and %s", name, in.shapeText(in.body.rest), in.shapeText(cell.shape))
		}
		in.body.rest, in.body.restSet = cell.shape, true
	} else {
		for k, d := range t.Dims {
			if !in.unify(d.Expr, cell.shape[k]) {
				want := in.declaredShape(t)
				if n := in.intExpr(d.Expr); n != nil {
					for _, q := range in.solutions(in.Call(ir.Sub, n, in.resolve(cell.shape[k]))) {
						if left := in.Call(ir.Mod, q[0], q[1]); left.Kind != ir.KConst {
							hint = "where " + in.dimText(left) + " == 0, tested when the call binds them"
						}
					}
				}
				return mismatch("%s of %s is %s, here is %s", p.Name.Name, name, want, in.shapeText(cell.shape))
			}
		}
	}
	if t.In != nil {
		if cell.bound == nil && cell.lit {
			cell.bound = in.Call(ir.Add, cell.expr(), in.Int(1))
		}
		if n, ok := t.In.(*syntax.Name); ok && in.dim(n.Name) == nil {
			if cell.bound == nil {
				return mismatch("%s of %s: nothing bounds these integers; hint: declare them `in %s`", p.Name.Name, name, n.Name)
			}
			in.names[n.Name] = scalarOf(cell.bound)
			return true
		}
		b := in.intExpr(t.In)
		if b == nil {
			return false
		}
		if cell.bound == nil {
			return mismatch("%s of %s is integers in %s, here nothing bounds them; hint: declare them `in %s`", p.Name.Name, name, in.dimText(b), in.dimText(b))
		}
		if !in.equal(cell.bound, b) && !in.nonNegative(in.Call(ir.Sub, b, cell.bound)) {
			return mismatch("%s of %s is integers in %s, here they are in %s", p.Name.Name, name, in.dimText(b), in.dimText(cell.bound))
		}
	}
	return true
}

// coerce converts integers for a real argument.
func (in *scope) coerce(p *syntax.Arg, cell *value) *value {
	if cell.elem == ir.Int && (p.Type == nil || p.Type.In == nil && p.Type.Elem != "int") {
		return in.real(cell)
	}
	return cell
}

func typeWord(t *syntax.Type) string {
	if t == nil || t.Elem == "" {
		return "real"
	}
	return t.Elem
}

func kindText(v *value) string {
	switch v.kind {
	case instValue, instList:
		return "a model"
	case recordValue:
		return "several results"
	case funcValue:
		return "a function"
	}
	return "not"
}

// dim looks a dim name up where a type may see it: what the function bound,
// its static arguments, and constants of its file.
func (in *scope) dim(name string) *value {
	for t := in; t != nil; t = t.parent {
		if v := t.names[name]; v != nil {
			return v
		}
	}
	if v := in.mod.names[name]; v != nil && v.kind == arrayValue {
		return v
	}
	return nil
}

// unify matches a declared dim with a size: a new name is bound, an
// expression with new names is solved for them, everything else must agree.
func (in *scope) unify(e syntax.Expr, size *ir.Expr) bool {
	if n, ok := syntax.Unparen(e).(*syntax.Name); ok && in.dim(n.Name) == nil {
		v := scalarOf(size)
		v.def = n.Span
		in.names[n.Name] = v
		return true
	}
	for _, n := range freeNames(e) {
		if in.dim(n) == nil {
			in.names[n] = scalarOf(in.meta(n))
		}
	}
	want := in.intExpr(e)
	return want != nil && in.equal(want, size)
}

// freeNames lists the names in a dim expression.
func freeNames(e syntax.Expr) []string {
	switch e := e.(type) {
	case *syntax.Name:
		return []string{e.Name}
	case *syntax.Paren:
		return freeNames(e.X)
	case *syntax.Unary:
		return freeNames(e.X)
	case *syntax.Binary:
		return append(freeNames(e.X), freeNames(e.Y)...)
	}
	return nil
}

// declaredShape is a declared type with the dims known so far filled in.
func (in *scope) declaredShape(t *syntax.Type) string {
	text := ""
	for k, d := range t.Dims {
		if k > 0 {
			text += ", "
		}
		text += in.source(d.Span)
		if n, ok := d.Expr.(*syntax.Name); ok {
			if v := in.dim(n.Name); v != nil && v.scalar() {
				if e := in.resolve(v.expr()); e.Kind == ir.KConst {
					text = text[:len(text)-len(n.Name)] + in.dimText(e)
				}
			}
		}
	}
	return "[" + text + "]"
}

// names reports whether a function uses a name.
func (fd *funcDecl) names(name string) (found bool) {
	syntax.Walk(fd.Func, func(n syntax.Node) bool {
		x, ok := n.(*syntax.Name)
		found = found || ok && x.Name == name
		return !found
	})
	return found
}

// batched is the head of a function with an axis n in front of each array.
func (s *scope) batched(fd *funcDecl, n string) string {
	typed := func(name string, t *syntax.Type) string {
		switch {
		case t == nil:
			return name + ": [" + n + "]"
		case t.Ref != nil:
			return name + ": " + s.source(t.Span)
		}
		dims := []string{n}
		for _, d := range t.Dims {
			dims = append(dims, s.source(d.Span))
		}
		text := name + ": " + t.Elem + "[" + strings.Join(dims, ", ") + "]"
		if t.In != nil {
			text += " in " + s.source(t.In.At())
		}
		return text
	}
	var args, results []string
	for _, a := range fd.Args {
		args = append(args, typed(a.Name.Name, a.Type))
	}
	for _, r := range fd.Results {
		results = append(results, typed(r.Name.Name, r.Type))
	}
	head := fd.Name.Name + "(" + strings.Join(args, ", ") + ")"
	switch len(results) {
	case 0:
		return head
	case 1:
		return head + " -> " + results[0]
	}
	return head + " -> (" + strings.Join(results, ", ") + ")"
}

// reportRank tells that an argument has too few axes, or that a layer which
// needs its batch was given something else.
func (s *scope) reportRank(a *application, p *syntax.Arg, v *value, e syntax.Expr, in *scope) {
	name := a.fd.Name.Name
	if a.fd.hasState() {
		d := diag.New("NN105", a.at, "%s needs the batch: it takes %s, here is %s", name, s.source(p.Type.Span), s.oneExample(v))
		d.Note("a layer with state is never mapped")
		b := s.body.decl
		switch {
		case b == nil || b.Kind != "model":
		case v.rank() < len(p.Type.Dims):
			n := "N"
			if b.names("N") {
				n = "Batch"
			}
			d.WithHint("declare the model on a batch, %s; what is mapped is mapped over %s by itself", s.batched(b, n), n)
		default:
			d.WithHint("put all examples along one axis: z: %s = reshape(…)", s.source(p.Type.Span))
		}
		s.report(d)
		return
	}
	d := diag.New("NN106", e.At(), "%s of %s is %s, here is %s", p.Name.Name, name, in.declaredShape(p.Type), s.shapeText(v.shape))
	s.report(d.Note("%s", s.signature(a.fd)))
}

func (s *scope) oneExample(v *value) string {
	if v.rank() == 1 {
		return "one example, " + s.shapeText(v.shape)
	}
	return s.shapeText(v.shape)
}

// dependsOn notes the indices that an argument depends on.
func (b *body) dependsOn(s *scope, cell *value) {
	own, idx := s.temps(cell.shape, nil)
	for _, t := range cell.at(idx).Free() {
		if !slices.Contains(own, t) && !slices.Contains(b.env, t) {
			b.env = append(b.env, t)
		}
	}
	slices.SortFunc(b.env, func(x, y ir.Index) int { return int(y) - int(x) })
}

// hasState reports whether a layer keeps state, so that it is never mapped.
func (fd *funcDecl) hasState() bool {
	for _, st := range fd.Stmts {
		if _, ok := st.(*syntax.State); ok {
			return true
		}
	}
	return false
}
