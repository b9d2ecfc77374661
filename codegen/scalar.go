package codegen

import (
	"go/token"
	"math"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// scalars prints expressions. What needs statements is left to hook.
type scalars struct {
	*file
	T     string // type of reals, "" for the file's
	dim   func(name string) string
	index func(i ir.Index) string
	read  func(e *ir.Expr) string
	// hook may print e itself: variables, and what is no expression in Go.
	hook func(e *ir.Expr) (string, bool)
}

const (
	unaryPrec = token.UnaryPrec
	atomPrec  = token.HighestPrec
)

func paren(s string, have, want int) string {
	if have < want {
		return "(" + s + ")"
	}
	return s
}

// expr is e in Go, in parentheses if it binds less than prec.
func (p *scalars) expr(e *ir.Expr, prec int) string {
	if p.hook != nil {
		if s, ok := p.hook(e); ok {
			return s
		}
	}
	switch e.Kind {
	case ir.KConst:
		s := p.constant(e)
		if s[0] == '-' {
			return paren(s, unaryPrec, prec)
		}
		return s
	case ir.KDim:
		return p.dim(e.Name)
	case ir.KIndex:
		return p.index(e.Idx)
	case ir.KRead:
		return p.read(e)
	case ir.KCall:
		if c := p.number(e); c != nil {
			return p.expr(c, prec)
		}
		return p.call(e, prec)
	}
	panic("codegen: bug: cannot print " + e.String())
}

func (p *scalars) real() string {
	if p.T != "" {
		return p.T
	}
	return p.file.T
}

func (p *scalars) constant(e *ir.Expr) string {
	switch e.Type {
	case ir.Int:
		return strconv.FormatInt(e.N, 10)
	case ir.Bool:
		return strconv.FormatBool(e.N != 0)
	}
	v, bits := e.Val, 64
	if p.real() == "float32" {
		v, bits = float64(float32(v)), 32
	}
	switch {
	case math.IsInf(v, 1):
		return p.rt("Inf[" + p.real() + "](1)")
	case math.IsInf(v, -1):
		return p.rt("Inf[" + p.real() + "](-1)")
	case v != v:
		return p.rt("NaN[" + p.real() + "]()")
	case v == 0 && math.Signbit(v):
		return p.rt("NegZero[" + p.real() + "]()")
	}
	return strconv.FormatFloat(v, 'g', -1, bits)
}

// balance moves the terms of a comparison of integers to the side where they
// are positive: t - 1 == -1 is t == 0.
func (p *scalars) balance(e *ir.Expr) (x, y *ir.Expr) {
	var left, right ir.Poly
	for _, t := range p.m.PolyOf(p.m.Call(ir.Sub, e.Args[0], e.Args[1])) {
		if t.Coef > 0 {
			left = append(left, t)
		} else {
			right = append(right, ir.Term{Coef: -t.Coef, Atoms: t.Atoms})
		}
	}
	return p.m.FromPoly(left), p.m.FromPoly(right)
}

// call prints an operator through its template.
func (p *scalars) call(e *ir.Expr, prec int) string {
	text := strings.ReplaceAll(e.Op.Go, "{T}", p.real())
	bits := strings.TrimPrefix(p.real(), "float")
	if e.Type == ir.Int && e.Op.Class == ir.Arith {
		text, bits = strings.Replace(text, "rt.", "rt.Int", 1), ""
	}
	text = strings.ReplaceAll(text, "{bits}", bits)
	if e.Op.Class == ir.IntOnly && e.Args[1].Kind == ir.KConst && e.Args[1].N > 0 && p.m.NonNegative(e.Args[0]) {
		text = natural[e.Op]
	}
	if strings.HasPrefix(text, "rt.") {
		p.imports["rt"] = true
	}
	switch sym, mine, kind := template(text); kind {
	case infix:
		left, right := mine, mine+1
		if e.Op.Class == ir.Compare && e.Args[0].Type == ir.Int {
			x, y := p.balance(e)
			if x.Kind == ir.KConst && (e.Op == ir.Eq || e.Op == ir.Ne) {
				x, y = y, x
			}
			return paren(p.expr(x, right)+" "+sym+" "+p.expr(y, right), mine, prec)
		}
		x := p.operand(e, 0, left)
		if d := e.Args[1]; e.Op == ir.Div && d.Kind == ir.KConst && d.Val == 0 { // which Go refuses of two constants
			return paren(x+" * "+p.constant(p.m.Const(math.Copysign(math.Inf(1), d.Val))), mine, prec)
		}
		return paren(x+" "+sym+" "+p.expr(e.Args[1], right), mine, prec)
	case prefix:
		s := p.expr(e.Args[0], unaryPrec)
		if strings.HasPrefix(s, sym) {
			s = "(" + s + ")"
		}
		return paren(sym+s, unaryPrec, prec)
	}
	if e.Op == ir.Max || e.Op == ir.Min { // which take as many arguments as there are
		if name, x := text[:len("max(")], p.operand(e, 0, 0); strings.HasPrefix(x, name) && e.Args[0].IsCall(e.Op) {
			text = strings.TrimSuffix(x, ")") + ", %s)"
			return strings.Replace(text, "%s", p.operand(e, 1, 0), 1)
		}
	}
	out := text
	for k := range e.Args {
		out = strings.Replace(out, "%s", p.operand(e, k, 0), 1)
	}
	return out
}

// operand prints an argument. Where all are constants the first is converted,
// so that Go computes in the element type and not exactly.
func (p *scalars) operand(e *ir.Expr, k, prec int) string {
	s := p.expr(e.Args[k], prec)
	if k > 0 || e.Args[0].Type != ir.Real {
		return s
	}
	for _, a := range e.Args {
		if p.number(a) == nil {
			return s
		}
	}
	return p.real() + "(" + s + ")"
}

// number is the constant that e is or is minus of; nil: it is none. Go would
// take -1 for an integer, and -0 for 0.
func (p *scalars) number(e *ir.Expr) *ir.Expr {
	switch {
	case e.Kind == ir.KConst && e.Type == ir.Real:
		return e
	case e.IsCall(ir.Neg) && e.Type == ir.Real:
		if c := p.number(e.Args[0]); c != nil {
			return p.m.Const(-c.Val)
		}
	}
	return nil
}

// natural is what floor division and remainder are where neither argument is
// negative.
var natural = map[*ir.Operator]string{ir.IDiv: "%s / %s", ir.Mod: "%s % %s"}

type form int

const (
	function form = iota
	infix
	prefix
)

// template tells how an operator's Go text binds: "%s + %s", "-%s", "f(%s)".
func template(text string) (sym string, prec int, kind form) {
	if rest, ok := strings.CutPrefix(text, "%s "); ok {
		if sym, ok = strings.CutSuffix(rest, " %s"); ok {
			return sym, binary[sym], infix
		}
	}
	if sym, ok := strings.CutSuffix(text, "%s"); ok && len(sym) == 1 {
		return sym, unaryPrec, prefix
	}
	return "", atomPrec, function
}

// binary is how strongly Go's operators bind.
var binary = func() map[string]int {
	m := map[string]int{}
	for t := token.ADD; t <= token.GEQ; t++ {
		if p := t.Precedence(); p != token.LowestPrec {
			m[t.String()] = p
		}
	}
	return m
}()
