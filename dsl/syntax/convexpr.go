package syntax

// expr is the layer of the grammar that lets |> and if stand; the methods
// below are the tighter ones, in order. Each returns nil (no Expr at all) for
// a nil g, an optional part that was left out.
func (c *converter) expr(g *gExpr) Expr {
	switch {
	case g == nil:
		return nil
	case g.X == nil:
		return &If{c.expr(g.Cond), c.expr(g.Then), c.expr(g.Else), c.loc(g.Pos, g.EndPos)}
	}
	x := c.or(g.X)
	for _, p := range g.Pipes {
		f := c.postfix(p)
		x = &Pipe{x, f, to(x, f)}
	}
	return x
}

// binary is x op y; the operator is the token before the one numbered first.
func (c *converter) binary(op string, x, y Expr, first int) Expr {
	return &Binary{op, x, y, c.at(first - 1), to(x, y)}
}

func (c *converter) or(g *gOr) Expr {
	x := c.and(g.X)
	for _, y := range g.Rest {
		x = c.binary("or", x, c.and(y), y.X.Pos.Offset)
	}
	return x
}

func (c *converter) and(g *gAnd) Expr {
	x := c.not(g.X)
	for _, y := range g.Rest {
		x = c.binary("and", x, c.not(y), y.Pos.Offset)
	}
	return x
}

func (c *converter) not(g *gNot) Expr {
	x := c.cmp(g.X)
	if g.Not {
		x = &Unary{"not", x, Loc{c.at(g.Pos.Offset).To(x.At())}}
	}
	return x
}

func (c *converter) cmp(g *gCmp) Expr {
	x := c.sum(g.X)
	if r := g.Rest; r != nil {
		x = c.binary(r.Op, x, c.sum(r.Y), r.Y.X.X.Pos.Offset)
	}
	return x
}

func (c *converter) sum(g *gSum) Expr {
	if g == nil {
		return nil
	}
	x := c.term(g.X)
	for _, r := range g.Rest {
		x = c.binary(r.Op, x, c.term(r.Y), r.Y.X.Pos.Offset)
	}
	return x
}

func (c *converter) term(g *gTerm) Expr {
	x := c.unary(g.X)
	for _, r := range g.Rest {
		x = c.binary(r.Op, x, c.unary(r.Y), r.Y.Pos.Offset)
	}
	return x
}

func (c *converter) unary(g *gUnary) Expr {
	first := c.at(g.Pos.Offset)
	switch {
	case g.Neg != nil:
		x := c.unary(g.Neg)
		return &Unary{"-", x, Loc{first.To(x.At())}}
	case g.Reduce != nil:
		binds := each(g.Reduce.Binds, func(b *gBind) *Bind {
			return &Bind{c.ident(b.Name), c.rng(b.In), c.loc(b.Pos, b.EndPos)}
		})
		body := c.term(g.Reduce.Body)
		return &Reduce{g.Reduce.Op, first, binds, body, Loc{first.To(body.At())}}
	}
	x := c.postfix(g.Power.X)
	if y := g.Power.Y; y != nil {
		x = c.binary("^", x, c.unary(y), y.Pos.Offset)
	}
	return x
}

func (c *converter) postfix(g *gPostfix) Expr {
	x := c.prim(g.Prim)
	for _, s := range g.Suffixes {
		loc := c.loc(g.Pos, s.EndPos)
		switch {
		case s.Call:
			x = &Call{x, each(s.Args, c.sarg), loc}
		case s.Indices != nil:
			x = &IndexExpr{x, each(s.Indices, c.index), loc}
		case s.Field != nil:
			x = &Field{x, c.ident(s.Field), loc}
		default:
			x = &Unary{"'", x, loc}
		}
	}
	if g.Else != nil {
		y := c.otherwise(g.Else)
		x = &Default{x, y, to(x, y)}
	}
	return x
}

func (c *converter) otherwise(g *gElse) Expr {
	if g.Neg == nil {
		return c.postfix(g.X)
	}
	x := c.otherwise(g.Neg)
	return &Unary{"-", x, Loc{c.at(g.Pos.Offset).To(x.At())}}
}

func (c *converter) prim(g *gPrim) Expr {
	loc := c.loc(g.Pos, g.EndPos)
	switch {
	case g.Number != "":
		return &Number{g.Number, loc}
	case g.Name != "":
		return &Name{g.Name, loc}
	case g.Reducer != "":
		return &ReducerName{g.Reducer, loc}
	case g.Paren != nil:
		return &Paren{c.expr(g.Paren), loc}
	}
	return &List{each(g.List, c.expr), loc}
}
