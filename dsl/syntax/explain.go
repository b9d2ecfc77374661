package syntax

import (
	"fmt"

	"github.com/nnc-lang/nnc/dsl/diag"
)

// explain is the message for token i, which cannot follow what is before it.
func explain(src []byte, tokens []token, i int) *diag.Diagnostic {
	if tokens[i].kind == kBad {
		return tokens[i].why
	}
	e := newPlace(src, tokens, i)
	at := e.t.span
	if e.t.kind == kEOF && i > 0 {
		at = diag.Span{Pos: e.p.span.End, End: e.p.span.End}
	}
	for _, rule := range explanations {
		if msg, hint, ok := rule(e); ok && len(msg)+len(hint) < 300 {
			return diag.New("NN001", at, "%s", msg).WithHint("%s", hint)
		}
	}
	return diag.New("NN001", at, "%s", e.fallback())
}

// explanations are tried in order; the first that knows the situation gives
// message and hint.
var explanations = []func(e *place) (msg, hint string, ok bool){
	foreignWord, keywordAsName, wrongBracket, typeMissing, headMistake, declMistake,
	statementMistake, expressionMistake, unclosed,
}

// fallback names what could stand here, coarsely, and what does.
func (e *place) fallback() string {
	var parts []string
	add := func(name string, texts ...string) {
		if e.can(texts...) {
			parts = append(parts, name)
		}
	}
	switch {
	case e.can("1"):
		parts = append(parts, "an operand")
	case e.can("name"):
		parts = append(parts, "a name")
	}
	add("an operator", "+")
	for _, s := range []string{":", "=", "~", ",", ")", "]", "(", "{", "}", "->", "..", "then", "else"} {
		add("'"+s+"'", s)
	}
	if e.can("const") {
		parts = append(parts, "a declaration")
	}
	if len(parts) == 0 || len(parts) > 6 {
		return fmt.Sprintf("%s cannot stand here", describe(e.t))
	}
	return fmt.Sprintf("expected %s, found %s", listing(parts), describe(e.t))
}

// foreignWord is about words of other languages.
func foreignWord(e *place) (string, string, bool) {
	prev, word := e.p, e.t
	switch {
	case prev.kind == kIdent && prev.text == "return" && (e.can("=") || e.operatorPlace()):
		return "there is no return: a result is the equation of the name that the head gives it", "y = " + e.text(e.i, e.lineEnd(e.i)), true
	case prev.kind == kIdent && !e.newLine() && isOneOf(prev.text, "let", "var", "val") && e.can("="):
		return fmt.Sprintf("an equation needs no %q", prev.text), e.with(e.i, e.i, ""), true
	case prev.kind == kIdent && !e.newLine() && isOneOf(prev.text, "for", "while") && e.can("="):
		return "there are no loops: an index on the left runs over its axis, a recurrence refers to t-1",
			"y[i] = f(x[i])", true
	case word.kind == kIdent && len(e.open) == 0 && e.can("fn") && isOneOf(word.text, "def", "func", "function", "fun", "let"):
		return fmt.Sprintf("there is no %q: functions start with fn", word.text), "fn " + e.text(e.i+1, e.lineEnd(e.i)), true
	case word.kind == kIdent && len(e.open) == 0 && e.can("fn") && isOneOf(word.text, "class", "struct", "type", "module"):
		return fmt.Sprintf("there is no %q: parameters belong to a layer or a model", word.text), "", true
	}
	return "", "", false
}

func isOneOf(s string, words ...string) bool {
	for _, w := range words {
		if s == w {
			return true
		}
	}
	return false
}

// keywordAsName is about a keyword or reducer where only a name may stand.
func keywordAsName(e *place) (string, string, bool) {
	if e.t.kind != kKeyword && e.t.kind != kReducer {
		return "", "", false
	}
	named := e.namePlace() && !e.can("fn", "param") && (!e.p.is("->", ":", "frozen") || e.t.kind == kReducer)
	// In a body a reducer can start no statement, but is likely meant to be
	// the name of one if an equation's sign follows.
	named = named || e.t.kind == kReducer && e.can("param") && e.i+1 < len(e.tokens) && e.tokens[e.i+1].is("=", "~", "<-")
	if !named {
		return "", "", false
	}
	return fmt.Sprintf("%s is a keyword and cannot be a name", e.t.text), e.t.text + "_", true
}

// wrongBracket is about brackets that do not match, or close nothing.
func wrongBracket(e *place) (string, string, bool) {
	if !e.t.is(")", "]", "}") {
		return "", "", false
	}
	closer := map[string]string{"(": ")", "[": "]", "{": "}"}
	o := e.opener()
	switch {
	case o.text == "", o.text == "{" && e.t.text != "}":
		return fmt.Sprintf("'%s' closes nothing", e.t.text), "", true
	case closer[o.text] != e.t.text && e.can(closer[o.text]):
		return fmt.Sprintf("expected '%s' before '%s': the '%s' at %s is still open", closer[o.text], e.t.text, o.text, where(o)),
			"", true
	case e.p.is(","):
		return fmt.Sprintf("a ',' before '%s' and nothing between", e.t.text), e.t.text, true
	case o == e.p && e.t.is("]"):
		return "nothing stands between the brackets", "", true
	case o == e.p && e.operandPlace():
		return "nothing stands between the parentheses", "", true
	}
	return "", "", false
}

// unclosed is about the file ending early.
func unclosed(e *place) (string, string, bool) {
	if e.t.kind != kEOF {
		return "", "", false
	}
	if len(e.open) > 0 {
		o := e.opener()
		return fmt.Sprintf("the file ends, but the '%s' at %s is still open", o.text, where(o)), "", true
	}
	return "", "", false
}
