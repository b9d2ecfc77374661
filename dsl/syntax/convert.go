package syntax

import (
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"github.com/nnc-lang/nnc/dsl/diag"
)

// A converter makes the tree of ast.go from the grammar's structs.
type converter struct {
	file     string
	tokens   []token
	comments []comment
	err      *diag.Diagnostic // the first thing that the grammar lets pass but the language does not
}

func (c *converter) fail(at diag.Span, hint, format string, args ...any) {
	if c.err == nil || at.Pos.Offset < c.err.Pos().Offset {
		c.err = diag.New("NN001", at, format, args...)
		c.err.Hint = hint
	}
}

// loc is the place of the tokens from pos up to, not including, end.
func (c *converter) loc(pos, end lexer.Position) Loc {
	return Loc{c.tokens[pos.Offset].span.To(c.tokens[max(end.Offset-1, pos.Offset)].span)}
}

// at is the place of token i.
func (c *converter) at(i int) diag.Span { return c.tokens[i].span }

func to(a, b Node) Loc { return Loc{a.At().To(b.At())} }

func (c *converter) fileNode(g *gFile) *File {
	f := &File{Name: c.file, Doc: c.fileDoc(), tokens: c.tokens, comments: c.comments}
	f.Span = c.tokens[0].span.To(c.tokens[max(len(c.tokens)-2, 0)].span)
	if g.Package != nil {
		f.Package = g.Package.Name
	}
	if g.Dtype != nil {
		f.Dtype = g.Dtype.Name
	}
	for _, i := range g.Imports {
		im := &Import{Path: strings.Trim(i.Path, `"`), Loc: c.loc(i.Pos, i.EndPos)}
		if i.As != nil {
			im.As = i.As.Name
		}
		f.Imports = append(f.Imports, im)
	}
	for _, d := range g.Decls {
		f.Decls = append(f.Decls, c.decl(d))
	}
	return f
}

func (c *converter) decl(g *gDecl) Decl {
	loc := c.loc(g.Pos, g.EndPos)
	doc := c.docAbove(g.Pos.Offset)
	switch {
	case g.Func != nil:
		f := c.fn(g.Func)
		f.Doc, f.Loc = doc, loc
		return f
	case g.Derive != nil:
		d := &Derive{Name: c.ident(g.Derive.Name), Doc: doc, Loc: loc}
		for _, r := range g.Derive.Requests {
			kind := Ident{r.Kind.Name, c.loc(r.Kind.Pos, r.Kind.EndPos)}
			d.Requests = append(d.Requests, &Request{kind, each(r.Args, c.ident), r.By, c.loc(r.Pos, r.EndPos)})
		}
		return d
	}
	k := &Const{Doc: doc, Loc: loc}
	if doc == "" && len(g.Const) == 1 {
		k.Doc = c.doc(g.Pos.Offset, g.EndPos.Offset)
	}
	for _, i := range g.Const {
		k.Items = append(k.Items, ConstItem{c.ident(i.Name), c.expr(i.Value), c.loc(i.Pos, i.EndPos)})
	}
	return k
}

func (c *converter) fn(g *gFunc) *Func {
	f := &Func{
		Kind: g.Kind,
		Name: c.ident(g.Name),
		Statics: each(g.Statics, func(s *gStatic) *Static {
			return &Static{c.ident(s.Name), c.expr(s.Default), c.loc(s.Pos, s.EndPos)}
		}),
		Args: each(g.Args, func(a *gArg) *Arg {
			return &Arg{c.ident(a.Name), c.typ(a.Type), c.expr(a.Default), c.doc(a.Pos.Offset, a.EndPos.Offset), c.loc(a.Pos, a.EndPos)}
		}),
		Results: each(g.Results, func(r *gResult) *Result {
			return &Result{c.ident(r.Name), c.typ(r.Type), c.loc(r.Pos, r.EndPos)}
		}),
		Where: each(g.Where, c.expr),
		Body:  c.expr(g.Body.Expr),
		Stmts: each(g.Body.Stmts, c.stmt),
		Block: g.Body.Block,
		Derivs: each(g.Derivs, func(d *gDeriv) *Deriv {
			return &Deriv{c.ident(d.Name), c.expr(d.Value), c.loc(d.Pos, d.EndPos)}
		}),
	}
	return f
}

func (c *converter) stmt(g *gStmt) Stmt {
	loc := c.loc(g.Pos, g.EndPos)
	doc := c.doc(g.Pos.Offset, g.EndPos.Offset)
	switch {
	case g.Param != nil:
		return &Param{c.ident(g.Param.Name), c.typ(g.Param.Type), g.Param.Op, c.expr(g.Param.Value), doc, loc}
	case g.State != nil:
		return &State{c.ident(g.State.Name), c.typ(g.State.Type), c.expr(g.State.Value), doc, loc}
	}
	q := g.Equation
	return &Equation{each(q.Targets, func(t *gTarget) *Target {
		return &Target{c.ident(t.Name), each(t.Indices, c.index), c.loc(t.Pos, t.EndPos)}
	}), c.typ(q.Type), q.Op, c.expr(q.Value), doc, loc}
}

func (c *converter) typ(g *gType) *Type {
	if g == nil {
		return nil
	}
	t := &Type{Frozen: g.Frozen, Loc: c.loc(g.Pos, g.EndPos)}
	switch {
	case g.Array != nil:
		t.Elem = g.Array.Elem
		if g.Array.Dims != nil {
			t.HasDims = true
			t.Dims = each(g.Array.Dims.Dims, func(d *gDim) Dim {
				return Dim{d.Rest, c.sum(d.Expr), c.loc(d.Pos, d.EndPos)}
			})
		}
		t.In = c.sum(g.Array.In)
	case g.In != nil:
		t.In = c.sum(g.In)
	default:
		r := &TypeRef{Name: c.ident(g.Ref.Name), Args: each(g.Ref.Args, c.sarg), Loc: c.loc(g.Ref.Pos, g.Ref.EndPos)}
		if g.Ref.Sel != nil {
			module := r.Name
			r.Module, r.Name = &module, c.ident(g.Ref.Sel)
		}
		if g.Ref.Times != nil {
			r.Times = c.unary(g.Ref.Times)
		}
		t.Ref = r
	}
	return t
}

func (c *converter) ident(g *gIdent) Ident { return Ident{g.Name, c.loc(g.Pos, g.EndPos)} }

// argName is the name before the "=" of a named argument, "" if x is none.
func (c *converter) argName(x Expr) string {
	if n, ok := x.(*Name); ok {
		return n.Name
	}
	c.fail(x.At(), "equality is written ==", "expected a name before '=', to name an argument")
	return ""
}

func (c *converter) sarg(g *gSArg) *SArg {
	a := &SArg{Value: c.expr(g.X), Loc: c.loc(g.Pos, g.EndPos)}
	if g.Value != nil {
		a.Name, a.Value = c.argName(a.Value), c.expr(g.Value)
	}
	return a
}

func (c *converter) index(g *gIndex) *Index {
	x := &Index{All: g.All, Loc: c.loc(g.Pos, g.EndPos)}
	if g.All {
		return x
	}
	x.Expr = c.expr(g.X)
	if g.Value != nil {
		x.Name, x.Expr = c.argName(x.Expr), c.expr(g.Value)
	}
	x.To, x.Slice = c.expr(g.To), g.To != nil
	x.In = c.rng(g.In)
	return x
}

func (c *converter) rng(g *gRange) *Range {
	if g == nil {
		return nil
	}
	return &Range{c.sum(g.Lo), c.sum(g.Hi), c.loc(g.Pos, g.EndPos)}
}

// each is f of every element; nil for none.
func each[G, N any](in []G, f func(G) N) []N {
	var out []N
	for _, g := range in {
		out = append(out, f(g))
	}
	return out
}
