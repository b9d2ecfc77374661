package syntax

import "fmt"

// statementMistake is about the equations of a body.
func statementMistake(e *place) (string, string, bool) {
	inBody := e.opener().is("{")
	switch {
	case !inBody:
	case e.p.is("param", "state"):
		return fmt.Sprintf("expected a name after %s, found %s", e.p.text, describe(e.t)), "", true
	case e.can("=") && !e.can("~") && !e.can("1"):
		return "a state needs an initial value: expected '='", e.stateHint(), true
	case e.can("<-") && !e.operatorPlace(): // behind a target
		name := e.p.text
		switch {
		case e.t.is("=="):
			return "an equation is written with one '='", "=", true
		case e.sameLineAsOperand():
			return fmt.Sprintf("expected an operator before %s, or '=' after it if an equation starts here", name), "", true
		case e.t.is("(") && e.p.kind == kIdent:
			return "a call is no equation: its result needs a name", "y = " + e.text(e.i-1, e.lineEnd(e.i)), true
		case e.p.kind == kIdent:
			return fmt.Sprintf("expected '=' after %s: a body is a list of equations", name), name + " = ...", true
		}
		return "expected '=' and the right side of the equation", "", true
	case e.t.is(",") && e.can("param"):
		return "the equations of a body are separated by ';' or a new line", ";", true
	case e.can("param") && e.operatorPlace() && e.t.is("="):
		return "two '=' in one equation; equality is written ==", "==", true
	case e.can("param") && e.t.is(";"):
		return "a ';' without an equation before it", "delete it", true
	case e.can("param") && !e.operatorPlace():
		return fmt.Sprintf("expected an equation, param, state or '}', found %s", describe(e.t)), "", true
	}
	return "", "", false
}

// stateHint is the state that the place follows, with a value.
func (e *place) stateHint() string {
	for j := e.i - 1; j > e.decl; j-- {
		if e.tokens[j].is("state") {
			return e.text(j, e.i) + " = 0"
		}
	}
	return ""
}

// sameLineAsOperand reports whether the name before the place follows another
// operand on the same line, so that an operator is likely missing.
func (e *place) sameLineAsOperand() bool {
	return e.p.kind == kIdent && e.pp.operand() && e.pp.span.End.Line == e.p.span.Pos.Line
}

var comparisons = []string{"==", "!=", "<", "<=", ">", ">="}

// expressionMistake is about expressions, wherever they stand.
func expressionMistake(e *place) (string, string, bool) {
	switch {
	case e.can("then") && e.t.is("="):
		return "equality is written ==", "==", true
	case e.can("then") && (e.t.is("{", ":", "(") || e.t.word() || e.t.kind == kNumber):
		return "expected 'then' after the condition", "if c then a else b", true
	case e.can("else"):
		return fmt.Sprintf("every if has an else: expected 'else', found %s", describe(e.t)), "if c then a else b", true
	case e.t.is(comparisons...) && e.operatorPlace() && !e.can("=="):
		return "comparisons do not chain", "a < b and b < c", true
	case e.t.is("<-") && e.operatorPlace():
		return "'<-' updates a state; a comparison with a negative number needs a space", "x < -1", true
	case e.t.is("deriv") && e.operatorPlace():
		return "a deriv clause stands behind the whole body", "", true
	case e.t.kind == kString:
		return "strings stand only in imports", "", true
	case e.t.is("if") && e.operandPlace():
		return "an if inside an expression needs parentheses", "(if c then a else b)", true
	case e.t.is("not") && e.operandPlace():
		return "not inside an expression needs parentheses", "(not c)", true
	case e.p.is("|>") && e.can("name"):
		return fmt.Sprintf("expected a function after '|>', found %s", describe(e.t)), "x |> f(a) is f(x, a)", true
	case e.t.is("=") && e.operatorPlace():
		return "equality is written ==; each equation has one '='", "==", true
	case e.t.is(":") && e.can("..") && e.opener().is("["):
		return "a slice is written with two points", e.text(e.i-1, e.i) + ".." + e.text(e.i+1, e.i+2), true
	case e.p.is("..") && e.pp.is("[", ",") && e.can("]"):
		return "'..' alone is a whole axis; a slice names its start", "0.." + e.t.text, true
	case e.t.is("..") && e.operatorPlace():
		return "a slice 'a..b' stands only between the brackets of x[a..b]", "", true
	case e.p.kind == kPunct && e.p.is("[") && e.pp.kind == kReducer && e.can("name") && !e.operandPlace():
		return fmt.Sprintf("expected the name of an index: %s[k] sums over k", e.pp.text), e.pp.text + "[k in 3]", true
	case e.t.is("in") && e.operatorPlace():
		return "'in' stands only in types, between brackets, and after the index of a sum", "", true
	case e.p.is("."):
		return fmt.Sprintf("expected a name after '.', found %s", describe(e.t)), "", true
	case e.operandPlace() && e.p.is("="):
		return fmt.Sprintf("expected an expression after '=', found %s", describe(e.t)), "", true
	case e.operandPlace() && e.t.is("'"):
		return "' is the transpose and follows its matrix; strings stand in double quotes", "E'", true
	case e.operandPlace() && e.t.is("*", "/", "+", "@", "%", "^") && e.p.kind == kPunct:
		return fmt.Sprintf("an operand is missing between '%s' and '%s'", e.p.text, e.t.text), "", true
	case e.operandPlace() && e.p.kind != kEOF:
		return fmt.Sprintf("an operand is missing after '%s': found %s", e.p.text, describe(e.t)), "", true
	case e.operatorPlace() && (e.can(")") || e.can("]")) && (e.t.word() || e.t.kind == kNumber):
		if e.can(",") {
			return fmt.Sprintf("expected ',' or an operator before %s", describe(e.t)), e.p.text + ", " + e.t.text, true
		}
		return fmt.Sprintf("expected an operator or ')' before %s", describe(e.t)), e.p.text + "*" + e.t.text, true
	case e.p.kind == kReducer && (e.t.word() || e.t.kind == kNumber):
		return fmt.Sprintf("%s takes an array in parentheses, or names an index", e.p.text), e.p.text + "(" + e.t.text + ")", true
	case e.operatorPlace() && e.t.kind == kNumber && e.p.kind != kPunct:
		return fmt.Sprintf("expected an operator before %s", describe(e.t)), e.p.text + "*" + e.t.text, true
	case e.operatorPlace() && (e.t.word() || e.t.kind == kNumber):
		return fmt.Sprintf("expected an operator before %s", describe(e.t)), "", true
	case e.operatorPlace() && e.t.is(":"):
		return "a ':' in an expression: types stand behind names only", "", true
	}
	return "", "", false
}
