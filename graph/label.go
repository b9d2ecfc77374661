package graph

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// signs are how operators are drawn, where not by their names.
var signs = map[string]string{
	"+": "+", "-": "−", "*": "×", "/": "÷", "neg": "−( )", "sqrt": "√", "root": "√", "abs": "| |",
	"<=": "≤", ">=": "≥", "!=": "≠", "==": "=", "and": "∧", "or": "∨", "not": "¬", "expm1": "exp − 1",
	"log1p": "log(1 + ·)", "lgamma": "log Γ", "digamma": "ψ", "%": "mod",
	"sum": "∑", "prod": "∏", "logsumexp": "logsumexp",
}

func sign(name string) string {
	if s := signs[name]; s != "" {
		return s
	}
	return name
}

func reducerLabel(r *ir.Reducer) string { return sign(r.Name) }

// label is what stands in the box of an operation: its sign, and the number
// that it takes.
func (x *exploder) label(sc scope, e *ir.Expr, args []*ir.Expr) string {
	if e.Kind == ir.KCustom {
		return e.Fn.Name
	}
	s := sign(e.Op.Name)
	if len(args) != 2 {
		return s
	}
	left, right := !args[0].ReadsAny(), !args[1].ReadsAny()
	switch {
	case e.IsCall(ir.Pow) && args[1].IsConst(2):
		return "( )²"
	case e.IsCall(ir.Pow) && right:
		return "( )^" + x.short(sc, args[1])
	case !left && !right:
		return s
	case e.Op.Infix > 0 && right:
		return s + " " + x.short(sc, args[1])
	case e.IsCall(ir.Mul):
		return s + " " + x.short(sc, args[0])
	case e.Op.Infix > 0:
		return x.short(sc, args[0]) + " " + s
	case right:
		return s + "(·, " + x.short(sc, args[1]) + ")"
	}
	return s + "(" + x.short(sc, args[0]) + ", ·)"
}

// short is a number or an expression in indices within a label.
func (x *exploder) short(sc scope, e *ir.Expr) string {
	t := x.text(sc, e)
	if e.Kind == ir.KCall && e.Op.Infix > 0 && e.Op.Infix < 7 {
		return "(" + t + ")"
	}
	return t
}

// text is an expression that reads nothing as people write it.
func (x *exploder) text(sc scope, e *ir.Expr) string {
	if e.IsCall(ir.ToReal) {
		return x.text(sc, e.Args[0])
	}
	if e.Kind == ir.KConst && e.Type == ir.Real {
		if s := x.consts[e.Val]; s != "" {
			return Greek(s)
		}
		return number(e.Val)
	}
	if e.IsCall(ir.Sqrt) && e.Args[0].Kind == ir.KConst || e.IsCall(ir.Sqrt) && e.Args[0].IsCall(ir.ToReal) {
		return "√" + x.text(sc, e.Args[0])
	}
	p := &ir.Printer{Names: map[ir.Index]string{}, Taken: map[string]bool{}}
	for _, b := range sc.idx {
		p.Names[b.Idx] = b.Name
	}
	s := strings.NewReplacer("<=", "≤", ">=", "≥", "==", "=", "!=", "≠", "real(", "(", "3.141592653589793", "π").Replace(p.Expr(e))
	if len([]rune(s)) > 24 {
		return "…"
	}
	return s
}

// number prints v in at most four digits.
func number(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "∞"
	case math.IsInf(v, -1):
		return "−∞"
	case v == math.Pi:
		return "π"
	}
	s := strconv.FormatFloat(v, 'g', 4, 64)
	if mantissa, exp, ok := strings.Cut(s, "e"); ok {
		n, _ := strconv.Atoi(exp)
		s = mantissa + "e" + strconv.Itoa(n)
	}
	return strings.Replace(s, "-", "−", -1)
}

var numbered = regexp.MustCompile(`_\d+$`)

// name is an array's name without the number that made it unique.
func name(s string) string { return numbered.ReplaceAllString(s, "") }

// shape is the shape of an array, for an arrow. A number has none.
func shape(a *ir.Array) string {
	if a.Rank() == 0 {
		return ""
	}
	parts := make([]string, a.Rank())
	for k, d := range a.Shape {
		parts[k] = strings.ReplaceAll(ir.Sprint(d), " ", "")
	}
	return "[" + strings.Join(parts, ",") + "]"
}

// Letters of the Greek alphabet by name.
var letterNames = map[string]string{
	"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eps": "ε", "zeta": "ζ", "eta": "η",
	"theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
	"sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
	"Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}

// Greek is a name with the letter it spells, if it does: lambda is λ, mu2 μ2.
func Greek(s string) string {
	base := strings.TrimRight(s, "0123456789")
	if l := letterNames[base]; l != "" {
		return l + s[len(base):]
	}
	return s
}
