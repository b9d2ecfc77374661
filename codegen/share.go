package codegen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// sharing prints the loops of a method that processors share:
//
//	f.lossGrad.loop = (*fitLossGrad).gelu
//	rt.Share(&f.lossGrad, N, 2304*T, f.slots)
//
// Each is a method of a type that holds what a call is about, and lies in the
// workspace: function literals that other goroutines run would be allocated.
type sharing struct {
	e      *entry
	m      *method
	typ    string // what a call is about
	field  string // where it lies
	params []string
	cut    declarations

	call, lo, hi, slot, own, part, sums string // names in the methods
	names                               *names // of the methods
	used                                map[string]bool
	atTop                               bool // the method tells at its top what it is called with
	texts                               []string
}

// betweenSlots is how many elements lie between what two processors overwrite, so
// that no cache line is written by both.
const betweenSlots = 16

// newSharing is nil where the plan has no loops to share.
func (f *file) newSharing(e *entry, m *method, ns *names, params, cut []string) *sharing {
	if m.call == "" {
		return nil
	}
	s := &sharing{e: e, m: m, typ: m.call, field: lower(m.Go), params: slices.Clone(params), cut: findable(cut), names: newNames(), used: map[string]bool{}}
	for _, d := range e.dims {
		if e.batch != "" || !slices.Contains(e.asked, d) {
			s.params = append(s.params, f.dimVar(d)+" int")
		}
	}
	for _, p := range s.params {
		name, _, _ := strings.Cut(p, " ")
		s.names.taken[name] = true
	}
	for _, name := range []string{e.self, "loop", "Range"} {
		s.names.taken[name] = true
	}
	for name, to := range map[string]*string{"call": &s.call, "lo": &s.lo, "hi": &s.hi, "slot": &s.slot, "own": &s.own, "part": &s.part, "sums": &s.sums} {
		*to = ns.pick(name)
	}
	return s
}

// sharedLoop prints a loop as a method and the call of it, if its iterations can be
// done side by side.
func (b *body) sharedLoop(l *plan.Loop) bool {
	s := b.sharing
	if s == nil || l.Share == nil || !b.inOne(l) {
		return false
	}
	var last *plan.Def
	var defs []*plan.Def
	plan.Visit(l.Body, func(n plan.Node) {
		switch n := n.(type) {
		case *plan.Stmt:
			defs, last = append(defs, n.Def), n.Def
		case *plan.Window:
			defs, last = append(defs, n.Def), n.Def
		}
	})
	b.say(defs...)
	name := s.names.pick(local(last.For.Name))

	if l.Share.Row {
		b.sharedRow(l, name)
		return true
	}
	var into *sums
	b.aside(func() {
		var done func()
		into, done = b.sumApart(l.Share)
		b.hoist(l)
		if !b.nestBetween(l) {
			b.between(l)
		}
		into.keep(b)
		b.sharedMethod(name, l.Share.Own, sweep(b.w.String()), into)
		done()
	})
	s.atTop = true
	if into == nil {
		b.shareCall("Share", l, name)
		return true
	}
	b.shareCall("ShareSums", l, name)
	into.add(b)
	b.line("}")
	return true
}

// shareCall prints the call that shares a loop, of which a method does parts.
func (b *body) shareCall(fn string, l *plan.Loop, name string) {
	s := b.sharing
	b.line("%s.%s.loop = (*%s).%s", s.e.self, s.field, s.typ, name)
	call := fmt.Sprintf("%s(&%s.%s, %s, %s, %s.slots)", b.rt(fn), s.e.self, s.field, b.expr(l.Hi, 0), b.expr(l.Share.Cost, 0), s.e.self)
	if fn == "ShareSums" {
		call = fmt.Sprintf("for %s := range %s {", s.part, call)
	}
	b.line("%s", call)
}

// inOne reports whether a loop is printed in one piece.
func (b *body) inOne(l *plan.Loop) bool {
	if b.folded(l) != nil || b.never(l.Dim) || b.backwards(l.Dim) {
		return false
	}
	if at, _ := b.only(l); at != nil {
		return false
	}
	parts, _ := b.parts(l)
	return parts == nil
}

// aside calls f, which prints a method, with nothing known of what surrounds its loop.
func (b *body) aside(f func()) {
	before, names, vars, rows, cut, scratch := b.w.String(), b.names, b.vars, b.rows, b.cut, b.scratch
	b.fresh(names.scope())
	f()
	b.w.Reset()
	b.w.WriteString(before)
	for _, r := range b.scratch {
		b.names.release(r.name)
	}
	b.names, b.vars, b.rows, b.cut, b.scratch = names, vars, rows, cut, scratch
}

// between prints the iterations of a loop from lo to hi.
func (b *body) between(l *plan.Loop) {
	s := b.sharing
	done := b.push()
	i := b.names.pick(local(l.Name))
	b.line("for %s := %s; %s < %s; %s++ {", i, s.lo, i, s.hi, i)
	b.idx[l.Idx] = i
	b.loops, b.runs = append(b.loops, l), append(b.runs, b.rest(l))
	b.list(l.Body, l)
	b.loops, b.runs = b.loops[:len(b.loops)-1], b.runs[:len(b.runs)-1]
	b.line("}")
	done()
}

// nestBetween prints them as a kernel too, if that is possible.
func (b *body) nestBetween(l *plan.Loop) bool {
	plain := true
	plan.Visit(l.Body, func(n plan.Node) {
		switch n.(type) {
		case *plan.Window, *plan.Branch:
			plain = false
		}
	})
	if !plain || b.kernels == nil {
		return false
	}
	loops := b.loops
	part := b.portion(l)
	defer func() { b.loops = loops }()
	return b.rowNest(part, func() {
		b.loops = loops
		b.between(l)
	})
}

// portion is the iterations of a loop from lo to hi, counted from 0, within loops that
// tell how far lo and hi go, which are open then.
func (b *body) portion(l *plan.Loop) *plan.Loop {
	i, lo, hi := b.b.Temp(l.Name), b.b.Temp(b.sharing.lo), b.b.Temp(b.sharing.hi) // bounded in this order
	b.idx[lo], b.idx[hi] = b.sharing.lo, b.sharing.hi
	zero, one := b.b.Int(0), b.b.Int(1)
	shift := map[ir.Index]*ir.Expr{l.Idx: b.b.Call(ir.Add, b.b.Idx(i), b.b.Idx(lo))}
	body := b.copy(l.Body, func(e *ir.Expr) *ir.Expr { return b.b.Subst(e, shift) }, map[*plan.Def]*plan.Def{})
	b.loops = append(b.loops[:len(b.loops):len(b.loops)],
		&plan.Loop{Dim: plan.Dim{Idx: hi, Lo: zero, Hi: b.b.Call(ir.Add, l.Hi, one)}},
		&plan.Loop{Dim: plan.Dim{Idx: lo, Lo: zero, Hi: b.b.Call(ir.Add, b.b.Idx(hi), one)}})
	return b.plan.Variant(l, plan.Dim{Idx: i, Name: l.Name, Lo: zero, Hi: b.b.Call(ir.Sub, b.b.Idx(hi), b.b.Idx(lo))}, body)
}

// sharedMethod keeps the method of a loop, with what it uses declared at its top.
func (b *body) sharedMethod(name string, arrays []*ir.Array, text string, into *sums) {
	s := b.sharing
	// What each that runs overwrites is its own.
	size := b.b.Int(0)
	var own []string
	place := func(name string, n *ir.Expr) {
		from := ""
		if !size.IsConst(0) {
			from = "[" + b.expr(size, 0) + ":]"
		}
		own = append(own, fmt.Sprintf("%s := %s%s[:%s]", name, s.own, from, b.expr(n, 0)))
		size = b.b.Call(ir.Add, size, n)
	}
	for _, a := range arrays {
		place(b.arr[a], b.plan.Store[a].Size)
	}
	for _, r := range b.scratch {
		place(r.name, r.size)
	}
	top := slices.DeleteFunc(s.cut.needed(text), func(line string) bool {
		return slices.ContainsFunc(arrays, func(a *ir.Array) bool { return strings.HasPrefix(line, b.arr[a]+" ") })
	})
	slot := "_"
	if len(own) > 0 {
		slot = s.slot
		apart := b.b.Call(ir.Add, size, b.b.Int(betweenSlots))
		top = append(top, fmt.Sprintf("%s := %s.own[%s*%s:][:%s]", s.own, s.e.self, b.expr(apart, binary["*"]), slot, b.expr(size, 0)))
		top = append(top, own...)
		if !slices.Contains(s.m.own, apart) {
			s.m.own = append(s.m.own, apart)
		}
	}
	part := "_"
	if into != nil {
		part = s.part
		top = append(top, into.declare(b)...)
	}
	text = strings.Join(top, "\n") + "\n" + text
	used := variables(text)
	var names, values []string
	for _, p := range append([]string{s.e.self + " "}, s.params...) {
		if name, _, _ := strings.Cut(p, " "); used[name] {
			s.used[name] = true
			names, values = append(names, name), append(values, s.call+"."+name)
		}
	}
	if len(names) > 0 {
		text = strings.Join(names, ", ") + " := " + strings.Join(values, ", ") + "\n" + text
	}
	s.texts = append(s.texts, fmt.Sprintf("func (%s *%s) %s(%s, %s, %s, %s int) {\n%s}\n\n", s.call, s.typ, name, s.lo, s.hi, slot, part, text))
}

// sharedLoops are the declarations of the loops of a method that processors share;
// the method tells them what it is called with.
func (b *body) sharedLoops() []string {
	s := b.sharing
	if s == nil || len(s.texts) == 0 {
		return nil
	}
	s.m.shares = true
	self := s.e.self
	fields := []string{self + " *" + s.e.Go, fmt.Sprintf("loop func(%s *%s, %s, %s, %s, %s int)", s.call, s.typ, s.lo, s.hi, s.slot, s.part)}
	values := []string{self + ": " + self}
	for _, p := range s.params {
		if name, _, _ := strings.Cut(p, " "); s.used[name] {
			fields, values = append(fields, p), append(values, name+": "+name)
		}
	}
	where := fmt.Sprintf("%s.%s = %s", self, s.field, s.typ)
	text := told(b.w.String(), fmt.Sprintf("%s{%s}\n", where, strings.Join(values, ", ")), where+"{}\n", s.atTop)
	b.w.Reset()
	b.w.WriteString(text)
	about := fmt.Sprintf("// %s is a call of %s.%s, whose loops processors share.\ntype %s struct {\n%s\n}\n\n"+
		"// Range implements %s.\nfunc (%s *%s) Range(%s, %s, %s, %s int) { %s.loop(%s, %s, %s, %s, %s) }\n\n",
		s.typ, s.e.Go, s.m.Go, s.typ, strings.Join(fields, "\n"), b.rt("Loop"),
		s.call, s.typ, s.lo, s.hi, s.slot, s.part, s.call, s.call, s.lo, s.hi, s.slot, s.part)
	return append([]string{about}, s.texts...)
}
