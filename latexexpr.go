package nnc

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// Binding strengths in LaTeX.
const (
	latexSum    = 1
	latexTerm   = 2
	latexFactor = 3
	latexAtom   = 4
)

// latexer prints expressions.
type latexer struct {
	known  map[string]bool // names of arrays, to tell an adjoint
	inputs map[string]bool // those of them that are never one
	model  string          // left out in front of parameters
	names  map[ir.Index]string
	taken  map[string]bool
}

func (x *latexer) fresh(hint string) string {
	if hint == "" {
		hint = "i"
	}
	for n := hint; ; n += "'" {
		if !x.taken[n] {
			x.taken[n] = true
			return primes(n)
		}
	}
}

// texFunctions are the operators that have a form of their own; %s stands for
// their arguments.
var texFunctions = map[string]string{
	"exp": `e^{%s}`, "sqrt": `\sqrt{%s}`, "root": `\sqrt{%s}`, "abs": `\left|%s\right|`, "floor": `\left\lfloor %s \right\rfloor`,
	"ceil": `\left\lceil %s \right\rceil`, "div": `\left\lfloor \frac{%s}{%s} \right\rfloor`, "/": `\frac{%s}{%s}`,
	"expm1": `\left(e^{%s} - 1\right)`, "log1p": `\log\left(1 + %s\right)`, "sigmoid": `\sigma\left(%s\right)`,
	"lgamma": `\log\Gamma\left(%s\right)`, "digamma": `\psi\left(%s\right)`,
}

var texInfix = map[string]string{
	"+": " + ", "-": " - ", "*": ` \, `, "%": ` \bmod `, "and": ` \wedge `, "or": ` \vee `,
	"==": " = ", "!=": ` \ne `, "<": " < ", "<=": ` \le `, ">": " > ", ">=": ` \ge `,
}

var texKnown = map[string]bool{"log": true, "sin": true, "cos": true, "tan": true, "tanh": true, "sinh": true, "cosh": true, "max": true, "min": true}

// expr is e, in parentheses if it binds less than min.
func (x *latexer) expr(e *ir.Expr, min int) string {
	s, strength := x.form(e)
	if strength < min {
		return `\left(` + s + `\right)`
	}
	return s
}

// form is e and how strongly it binds.
func (x *latexer) form(e *ir.Expr) (string, int) {
	switch e.Kind {
	case ir.KConst:
		return texConst(e)
	case ir.KDim:
		return texName(e.Name), latexAtom
	case ir.KIndex:
		return x.names[e.Idx], latexAtom
	case ir.KParam:
		return fmt.Sprintf("a_{%d}", e.N), latexAtom
	case ir.KRead:
		var idx []string
		for _, a := range e.Args {
			idx = append(idx, x.expr(a, 0))
		}
		return x.symbol(e.Array.Name) + subscript(idx), latexAtom
	case ir.KIf:
		return x.branch(e)
	case ir.KReduce:
		return x.reduce(e)
	case ir.KCustom:
		return x.function(e.Fn.Name, e.Args), latexAtom
	}
	return x.call(e)
}

func (x *latexer) call(e *ir.Expr) (string, int) {
	op := e.Op
	if form := texFunctions[op.Name]; form != "" {
		args := []any{x.expr(e.Args[0], 0)}
		if len(e.Args) > 1 {
			args = append(args, x.expr(e.Args[1], 0))
		}
		strength := latexAtom
		if op == ir.Exp || op == ir.Div {
			strength = latexFactor
		}
		return fmt.Sprintf(form, args...), strength
	}
	switch {
	case op == ir.ToReal:
		return x.form(e.Args[0])
	case op == ir.Neg:
		return "-" + x.expr(e.Args[0], latexTerm), latexSum
	case op == ir.Not:
		return `\neg ` + x.expr(e.Args[0], latexAtom), latexFactor
	case op == ir.Pow:
		return x.expr(e.Args[0], latexAtom) + "^{" + x.expr(e.Args[1], 0) + "}", latexFactor
	case op == ir.Add:
		return x.expr(e.Args[0], latexSum) + " + " + x.expr(e.Args[1], latexSum), latexSum
	case op == ir.Sub:
		return x.expr(e.Args[0], latexSum) + " - " + x.expr(e.Args[1], latexTerm), latexSum
	case op == ir.Mul:
		sep := texInfix["*"]
		if r := x.expr(e.Args[1], latexTerm); r[0] >= '0' && r[0] <= '9' {
			sep = ` \cdot `
		}
		return x.expr(e.Args[0], latexFactor) + sep + x.expr(e.Args[1], latexTerm), latexTerm
	case op.Class == ir.Logic:
		return x.expr(e.Args[0], 0) + texInfix[op.Name] + x.expr(e.Args[1], 0), 0
	case op.Class == ir.Compare:
		return x.expr(e.Args[0], latexSum) + texInfix[op.Name] + x.expr(e.Args[1], latexSum), latexSum - 1
	case texInfix[op.Name] != "":
		return x.expr(e.Args[0], latexFactor) + texInfix[op.Name] + x.expr(e.Args[1], latexFactor), latexTerm
	}
	return x.function(op.Name, e.Args), latexAtom
}

func (x *latexer) function(name string, list []*ir.Expr) string {
	var args []string
	for _, a := range list {
		args = append(args, x.expr(a, 0))
	}
	head := `\operatorname{` + strings.ReplaceAll(name, "_", `\_`) + `}`
	if texKnown[name] {
		head = `\` + name
	}
	return head + `\left(` + strings.Join(args, ", ") + `\right)`
}

// branch is an if: cases, or a bracket that is 1 where its condition holds.
func (x *latexer) branch(e *ir.Expr) (string, int) {
	if e.Args[1].IsConst(1) && e.Args[2].IsConst(0) {
		return `\mathbf{1}\left[` + x.expr(e.Args[0], 0) + `\right]`, latexAtom
	}
	var s strings.Builder
	s.WriteString(`\begin{cases} `)
	for e.Kind == ir.KIf {
		s.WriteString(x.expr(e.Args[1], 0) + ` & \text{if } ` + x.expr(e.Args[0], 0) + ` \\ `)
		e = e.Args[2]
	}
	s.WriteString(x.expr(e, 0) + ` & \text{otherwise} \end{cases}`)
	return s.String(), latexAtom
}

var texReducers = map[string]string{"sum": `\sum`, "prod": `\prod`, "logsumexp": `\log \sum`, "max": `\max`, "min": `\min`,
	"argmax": `\operatorname*{argmax}`, "argmin": `\operatorname*{argmin}`, "any": `\bigvee`, "all": `\bigwedge`}

// reduce writes one sign for each index, with its range: from 0, up to and
// with the last.
func (x *latexer) reduce(e *ir.Expr) (string, int) {
	sign, signs := texReducers[e.Red.Name], ""
	var restore []func()
	var plain []string
	for k, b := range e.Binders {
		lo, hi := x.expr(b.Lo, 0), x.last(b)
		old, had := x.names[b.Idx]
		taken := x.taken
		n := b.Name
		for n == "" || x.taken[n] {
			if n == "" {
				n = "i"
			} else {
				n += "'"
			}
		}
		x.taken[n] = true
		x.names[b.Idx] = primes(n)
		restore = append(restore, func() {
			delete(taken, n)
			if delete(x.names, b.Idx); had {
				x.names[b.Idx] = old
			}
		})
		switch e.Red {
		case ir.Sum, ir.Prod, ir.Any, ir.All:
			signs += fmt.Sprintf("%s_{%s=%s}^{%s} ", sign, primes(n), lo, hi)
		case ir.LogSumExp:
			if k == 0 {
				signs = `\log `
			}
			signs += fmt.Sprintf(`\sum_{%s=%s}^{%s} `, primes(n), lo, hi)
		default:
			plain = append(plain, fmt.Sprintf(`%s \le %s \le %s`, lo, primes(n), hi))
		}
	}
	if len(plain) > 0 {
		signs = sign + "_{" + strings.Join(plain, `,\ `) + "} "
	}
	body := x.expr(e.Args[0], latexTerm)
	if e.Red == ir.LogSumExp {
		body = "e^{" + x.expr(e.Args[0], 0) + "}"
	}
	for _, f := range restore {
		f()
	}
	return signs + body, latexSum
}

// last is the last value of an index.
func (x *latexer) last(b ir.Binder) string {
	if b.Hi.Kind == ir.KConst {
		return strconv.FormatInt(b.Hi.N-1, 10)
	}
	return x.expr(b.Hi, 0) + " - 1"
}

func texConst(e *ir.Expr) (string, int) {
	v := e.Val
	switch {
	case e.Type == ir.Bool:
		return `\text{` + strconv.FormatBool(e.N != 0) + `}`, latexAtom
	case e.Type == ir.Int:
		v = float64(e.N)
	case math.IsInf(v, 1):
		return `\infty`, latexAtom
	case math.IsInf(v, -1):
		return `-\infty`, latexSum
	case v == math.Pi:
		return `\pi`, latexAtom
	}
	s := strconv.FormatFloat(v, 'g', -1, 64)
	if e.Type == ir.Int {
		s = strconv.FormatInt(e.N, 10)
	}
	if mantissa, exp, ok := strings.Cut(s, "e"); ok {
		n, _ := strconv.Atoi(exp)
		s = fmt.Sprintf("10^{%d}", n)
		if mantissa != "1" {
			s = mantissa + ` \cdot ` + s
		}
		return s, latexTerm
	}
	if v < 0 {
		return s, latexSum
	}
	return s, latexAtom
}
