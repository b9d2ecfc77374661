package ir

import (
	"fmt"
	"strconv"
	"strings"
)

// Binding strengths of the text form.
const (
	precLowest = 0
	precNot    = 3
	precSum    = 5
	precTerm   = 6
	precNeg    = 7
	precPower  = 8
	precAtom   = 9
)

// Printer turns expressions of one definition into text. Names gives the
// names of free indices; bound ones get their hint or a fresh letter.
type Printer struct {
	Names  map[Index]string
	Params []string        // names of formal arguments
	Taken  map[string]bool // names that an index must not have
	most   int             // length after which an ellipsis stands for what follows, if not 0
	short  bool            // the ellipsis is there
	b      strings.Builder
}

// Sprint is e as text, with axes named by the given names.
func Sprint(e *Expr, axes ...string) string {
	p := &Printer{Names: map[Index]string{}, Taken: map[string]bool{}}
	for k, n := range axes {
		p.Names[Axis(k)] = n
	}
	return p.Expr(e)
}

func (e *Expr) String() string {
	return Sprint(e, "i0", "i1", "i2", "i3", "i4", "i5", "i6", "i7", "i8", "i9")
}

// Expr is e as text.
func (p *Printer) Expr(e *Expr) string {
	p.b.Reset()
	p.avoid(e)
	p.expr(e, precLowest)
	return p.b.String()
}

// avoid takes the names that stand bare in e: dims and arrays.
func (p *Printer) avoid(e *Expr) {
	Walk(e, func(x *Expr) bool {
		switch x.Kind {
		case KDim:
			p.Taken[x.Name] = true
		case KRead:
			p.Taken[x.Array.Name] = true
		case KIndex:
			if n, ok := p.Names[x.Idx]; ok {
				p.Taken[n] = true
			}
		}
		return true
	})
}

func (p *Printer) open(strong bool) {
	if strong {
		p.b.WriteByte('(')
	}
}

func (p *Printer) shut(strong bool) {
	if strong {
		p.b.WriteByte(')')
	}
}

func (p *Printer) expr(e *Expr, min int) {
	if p.most > 0 && p.b.Len() > p.most {
		if !p.short {
			p.b.WriteString("…")
		}
		p.short = true
		return
	}
	switch e.Kind {
	case KConst:
		p.constant(e, min)
	case KDim:
		p.b.WriteString(e.Name)
	case KIndex:
		p.b.WriteString(p.index(e.Idx))
	case KParam:
		if int(e.N) < len(p.Params) {
			p.b.WriteString(p.Params[e.N])
		} else {
			fmt.Fprintf(&p.b, "$%d", e.N)
		}
	case KRead:
		p.b.WriteString(e.Array.Name)
		p.list("[", e.Args, "]")
	case KCustom:
		p.b.WriteString(e.Fn.Name)
		p.list("(", e.Args, ")")
	case KIf:
		p.open(min > precLowest)
		p.b.WriteString("if ")
		p.expr(e.Args[0], precLowest+1)
		p.b.WriteString(" then ")
		p.expr(e.Args[1], precLowest+1)
		p.b.WriteString(" else ")
		p.expr(e.Args[2], precLowest)
		p.shut(min > precLowest)
	case KReduce:
		p.reduce(e, min)
	case KCall:
		p.call(e, min)
	}
}

func (p *Printer) constant(e *Expr, min int) {
	switch {
	case e.Type == Bool:
		p.b.WriteString([]string{"false", "true"}[e.N])
	case e.Type == Int:
		p.open(e.N < 0 && min >= precTerm)
		p.b.WriteString(strconv.FormatInt(e.N, 10))
		p.shut(e.N < 0 && min >= precTerm)
	default:
		s := strconv.FormatFloat(e.Val, 'g', -1, 64)
		switch s {
		case "NaN":
			s = "nan"
		case "+Inf":
			s = "inf"
		case "-Inf":
			s = "-inf"
		}
		neg := s[0] == '-' && min >= precTerm
		p.open(neg)
		p.b.WriteString(s)
		p.shut(neg)
	}
}

func (p *Printer) list(open string, args []*Expr, shut string) {
	if len(args) == 0 && open == "[" {
		return
	}
	p.b.WriteString(open)
	for i, a := range args {
		if i > 0 {
			p.b.WriteString(", ")
		}
		p.expr(a, precLowest)
	}
	p.b.WriteString(shut)
}

func (p *Printer) index(i Index) string {
	if n, ok := p.Names[i]; ok {
		return n
	}
	if i >= boundBase {
		return fmt.Sprintf("b%d", i-boundBase)
	}
	return fmt.Sprintf("i%d", i)
}

func (p *Printer) reduce(e *Expr, min int) {
	p.open(min > precSum)
	p.b.WriteString(e.Red.Name)
	p.b.WriteByte('[')
	old := make([]string, len(e.Binders))
	for k, bd := range e.Binders {
		if k > 0 {
			p.b.WriteString(", ")
		}
		name := p.fresh(bd.Name)
		p.Taken[name] = true
		old[k], p.Names[bd.Idx] = p.Names[bd.Idx], name
		p.b.WriteString(name + " in ")
		p.Range(bd)
	}
	p.b.WriteByte(']')
	if e.Red == Sum {
		p.b.WriteByte(' ')
		p.expr(e.Args[0], precTerm)
	} else {
		p.b.WriteByte('(')
		p.expr(e.Args[0], precLowest)
		p.b.WriteByte(')')
	}
	for k, bd := range e.Binders {
		delete(p.Taken, p.Names[bd.Idx])
		if old[k] == "" {
			delete(p.Names, bd.Idx)
		} else {
			p.Names[bd.Idx] = old[k]
		}
	}
	p.shut(min > precSum)
}

// Range writes lo..hi, or hi alone when lo is 0.
func (p *Printer) Range(bd Binder) {
	if !bd.Lo.IsConst(0) {
		p.expr(bd.Lo, precSum)
		p.b.WriteString("..")
	}
	p.expr(bd.Hi, precSum)
}

func (p *Printer) fresh(hint string) string {
	if hint == "" {
		hint = "i"
	}
	for name := hint; ; name += "'" {
		if !p.Taken[name] && Lookup(name) == nil {
			return name
		}
	}
}

func (p *Printer) call(e *Expr, min int) {
	op := e.Op
	switch {
	case op == Neg:
		p.open(min >= precTerm)
		p.b.WriteByte('-')
		p.expr(e.Args[0], precNeg)
		p.shut(min >= precTerm)
	case op == Not:
		p.open(min > precNot)
		p.b.WriteString("not ")
		p.expr(e.Args[0], precNot)
		p.shut(min > precNot)
	case op == IDiv: // as in the source
		p.b.WriteString("floor(")
		p.expr(e.Args[0], Div.Infix)
		p.b.WriteByte('/')
		p.expr(e.Args[1], Div.Infix+1)
		p.b.WriteByte(')')
	case op.Infix > 0:
		p.infix(e, min)
	default:
		p.b.WriteString(op.Name)
		p.list("(", e.Args, ")")
	}
}

func (p *Printer) infix(e *Expr, min int) {
	op := e.Op
	left, right := op.Infix, op.Infix+1
	switch {
	case op.Class == Compare:
		left = op.Infix + 1
	case op == Pow:
		left, right = precAtom, precNeg
	case op == Add || op == Mul || op.Class == Logic:
		// a right operand keeps its parentheses: the text tells the tree
	}
	p.open(min > op.Infix)
	p.operand(e, 0, left)
	if op.Infix <= precSum {
		p.b.WriteString(" " + op.Name + " ")
	} else {
		p.b.WriteString(op.Name)
	}
	p.operand(e, 1, right)
	p.shut(min > op.Infix)
}

// operand prints a converted integer as the integer where the other operand
// is visibly real.
func (p *Printer) operand(e *Expr, k, min int) {
	x := e.Args[k]
	if x.IsCall(ToReal) && len(e.Args) == 2 {
		if y := e.Args[1-k]; visiblyReal(y) {
			p.expr(x.Args[0], min)
			return
		}
	}
	p.expr(x, min)
}

func visiblyReal(e *Expr) bool {
	switch e.Kind {
	case KRead, KCustom, KParam:
		return e.Type == Real
	case KReduce:
		return e.Type == Real && (e.Red.RealOnly || visiblyReal(e.Args[0]))
	case KIf:
		return e.Type == Real && (visiblyReal(e.Args[1]) || visiblyReal(e.Args[2]))
	case KCall:
		if e.Op.Class != Arith || e.Type != Real {
			return false
		}
		if !e.Op.Ints {
			return true
		}
		for _, a := range e.Args {
			if visiblyReal(a) {
				return true
			}
		}
	}
	return false
}
