package ir

import "slices"

// replacement says what stands for free indices.
type replacement []pair

type pair struct {
	from Index
	to   *Expr
}

func (r replacement) find(i Index) *Expr {
	for _, p := range r {
		if p.from == i {
			return p.to
		}
	}
	return nil
}

// Subst replaces free indices of e. The replacements may hold axes and
// temporaries, never canonical bound indices of an unopened reduction.
func (b *Builder) Subst(e *Expr, sub map[Index]*Expr) *Expr {
	if len(sub) == 0 || len(e.free) == 0 {
		return e
	}
	var few [4]pair
	r := replacement(few[:0])
	for i, x := range sub {
		r = append(r, pair{i, x})
	}
	return b.replace(e, r)
}

func (b *Builder) replace(e *Expr, sub replacement) *Expr {
	if len(sub) == 0 {
		return e
	}
	if e.size <= 16 {
		return b.subst(e, sub, nil)
	}
	return b.subst(e, sub, map[*Expr]*Expr{})
}

// subst is Subst with what is known already, nil for expressions too small to
// remember anything.
func (b *Builder) subst(e *Expr, sub replacement, memo map[*Expr]*Expr) *Expr {
	found := false
	for _, i := range e.free {
		found = found || sub.find(i) != nil
	}
	if !found {
		return e
	}
	if e.Kind == KIndex {
		return sub.find(e.Idx)
	}
	if r, ok := memo[e]; ok {
		return r
	}
	var r *Expr
	if e.Kind == KReduce {
		r = b.substReduce(e, sub, memo)
	} else {
		var few [4]*Expr
		args := few[:0]
		for _, a := range e.Args {
			args = append(args, b.subst(a, sub, memo))
		}
		r = b.Rebuild(e, args)
	}
	if memo != nil {
		memo[e] = r
	}
	return r
}

// substReduce goes below a reduction. What comes in binds nothing (height 0)
// in nearly all cases; then canonical numbers stay canonical and nothing can
// be captured, since bound indices outside are numbered above those inside.
func (b *Builder) substReduce(e *Expr, sub replacement, memo map[*Expr]*Expr) *Expr {
	for _, p := range sub {
		if p.to.height > 0 {
			binders, body := b.Open(e)
			inner := map[*Expr]*Expr{}
			for k := range binders {
				binders[k].Lo = b.subst(binders[k].Lo, sub, inner)
				binders[k].Hi = b.subst(binders[k].Hi, sub, inner)
			}
			return b.Reduce(e.Red, binders, b.subst(body, sub, inner))
		}
	}
	binders := slices.Clone(e.Binders)
	for k := range binders {
		binders[k].Lo = b.subst(binders[k].Lo, sub, memo)
		binders[k].Hi = b.subst(binders[k].Hi, sub, memo)
	}
	return b.intern(&Expr{Kind: KReduce, Type: e.Type, Red: e.Red, Binders: binders}, b.subst(e.Args[0], sub, memo))
}

// Rebuild is e with other arguments (not for reductions: see [Builder.Map]).
func (b *Builder) Rebuild(e *Expr, args []*Expr) *Expr {
	if slices.Equal(e.Args, args) {
		return e
	}
	switch e.Kind {
	case KRead:
		return b.Read(e.Array, args...)
	case KCall:
		return b.Call(e.Op, args...)
	case KCustom:
		return b.CustomCall(e.Fn, args...)
	case KIf:
		return b.If(args[0], args[1], args[2])
	case KReduce:
		panic("ir: bug: Rebuild of a reduction")
	}
	return e
}

// Map rewrites e from the leaves up: f receives each node with its arguments
// already rewritten and returns what stands in its place. Reductions are
// opened on the way down and closed on the way up, so f may insert anything.
func (b *Builder) Map(e *Expr, f func(*Expr) *Expr) *Expr {
	return b.mapExpr(e, f, map[*Expr]*Expr{})
}

func (b *Builder) mapExpr(e *Expr, f func(*Expr) *Expr, memo map[*Expr]*Expr) *Expr {
	if r, ok := memo[e]; ok {
		return r
	}
	var r *Expr
	if e.Kind == KReduce {
		open, body := b.Opened(e)
		binders := slices.Clone(open)
		for k := range binders {
			binders[k].Lo = b.mapExpr(binders[k].Lo, f, memo)
			binders[k].Hi = b.mapExpr(binders[k].Hi, f, memo)
		}
		r = f(b.Close(e.Red, binders, b.mapExpr(body, f, memo)))
	} else {
		var few [4]*Expr
		args := few[:0]
		for _, a := range e.Args {
			args = append(args, b.mapExpr(a, f, memo))
		}
		r = f(b.Rebuild(e, args))
	}
	memo[e] = r
	return r
}

// Apply is the body of fn with its formal arguments replaced.
func (b *Builder) Apply(body *Expr, args []*Expr) *Expr {
	return b.Map(body, func(e *Expr) *Expr {
		if e.Kind == KParam {
			return args[e.N]
		}
		return e
	})
}
