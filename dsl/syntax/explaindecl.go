package syntax

import "fmt"

const wantType = "real, int, bool, [N, D], in K, or the name of a layer or model"

// typeMissing is about "name: type".
func typeMissing(e *place) (string, string, bool) {
	kindOf := map[string]string{"param": "parameter", "state": "state"}
	switch {
	case e.pp.is("param", "state") && e.p.kind == kIdent && e.can(":"):
		hint := e.pp.text + " " + e.p.text + ": "
		switch rest := e.text(e.i, e.lineEnd(e.i)); {
		case e.newLine() || rest == "":
			hint += "real"
		case e.t.is("=", "~"):
			hint += "real " + rest
		case e.t.is("[", "real", "int", "bool", "in", "frozen") || e.t.kind == kIdent:
			hint += rest
		default:
			hint += "real"
		}
		return fmt.Sprintf("expected ':' and a type after the %s's name", kindOf[e.pp.text]), hint, true
	case e.p.is(":", "frozen") && e.can("real"):
		return fmt.Sprintf("expected a type after '%s', found %s", e.p.text, describe(e.t)), wantType, true
	case e.t.is("[") && e.p.kind == kIdent && e.can(":") && !e.can("[") && len(e.open) > 0 && e.inHead():
		return fmt.Sprintf("expected ':' and a type after the name %s", e.p.text), e.p.text + ": " + e.text(e.i, e.lineEnd(e.i)), true
	case e.t.is("in") && e.opener().is("[") && e.afterOpener().is(":") && e.can("]"):
		return "the bound of the values stands behind the brackets", "[N] in K", true
	case e.can(",") && e.can("]") && len(e.open) > 0 && e.afterOpener().is(":") && e.t.is("="):
		return "a dimension has no default value", "", true
	}
	return "", "", false
}

// inHead reports whether the place is between a function's name and its body.
func (e *place) inHead() bool {
	if !e.tokens[e.decl].is("fn", "layer", "model", "loss") {
		return false
	}
	for j := e.decl; j < e.i; j++ {
		if e.tokens[j].is("{") {
			return false
		}
	}
	return len(e.open) > 0 && e.open[0] <= e.decl+2 || e.p.is("->") || len(e.open) == 1 && e.afterOpener().is("->")
}

// headMistake is about the head of a function.
func headMistake(e *place) (string, string, bool) {
	head := e.tokens[e.decl]
	name := ""
	if e.decl+1 < e.i {
		name = e.tokens[e.decl+1].text
	}
	if !head.is("fn", "layer", "model", "loss") {
		return "", "", false
	}
	switch {
	case e.i == e.decl+1:
		return fmt.Sprintf("expected a name after %s, found %s", head.text, describe(e.t)), "", true
	case e.p.is("->") && e.t.is("real", "int", "bool", "[", "in", "frozen"):
		return "a result has a name before its type", "-> y: " + e.text(e.i, e.typeEnd()), true
	case e.p.is("->"):
		return fmt.Sprintf("expected the name of a result after '->', found %s", describe(e.t)), "-> y: [N]", true
	case len(e.open) == 0 && e.can("(") && !e.can("+", "=", "1"):
		return fmt.Sprintf("expected '(' and the arguments of %s", name), head.text + " " + name + "(x: [N])", true
	case len(e.open) == 0 && e.can("{") && e.t.is(":") && e.p.is(")"):
		return "the results of a function follow '->'", "-> y: " + e.text(e.i+1, e.typeEnd()), true
	case len(e.open) == 0 && e.can("{") && !e.can("1"):
		return fmt.Sprintf("expected '=' or '{' and the body of %s, found %s", name, describe(e.t)), "", true
	case e.inHead() && e.p.kind == kIdent && e.can(":") && e.t.is("-", ".", "/") && e.i+1 < len(e.tokens) && e.tokens[e.i+1].word():
		return "a name has only letters, digits and _ in it", e.p.text + "_" + e.tokens[e.i+1].text, true
	case len(e.open) == 1 && e.inHead() && e.can(",") && e.can(")", "]") && (e.t.word() || e.t.kind == kNumber):
		return fmt.Sprintf("expected ',' before %s", describe(e.t)), ", " + e.t.text, true
	case len(e.open) == 1 && e.inHead() && e.namePlace():
		what := "an argument"
		switch {
		case e.opener().is("["):
			what = "a static argument"
		case e.afterOpener().is("->"):
			what = "a result"
		}
		return fmt.Sprintf("expected the name of %s, found %s", what, describe(e.t)), "", true
	case e.p.kind == kIdent && e.pp.is("deriv", ",") && e.can(":") && !e.can("="):
		return fmt.Sprintf("expected ':' and the derivative with respect to %s", e.p.text), "deriv " + e.p.text + ": ...", true
	}
	return "", "", false
}

// typeEnd is where a type that starts at the place ends on its line.
func (e *place) typeEnd() int {
	j, depth := e.i, 0
	for ; j < e.lineEnd(e.i); j++ {
		switch t := &e.tokens[j]; {
		case t.is("["):
			depth++
		case t.is("]"):
			depth--
		case depth == 0 && t.is("=", "{", "where", ","):
			return j
		}
	}
	return j
}

// declMistake is about what stands between functions, and about const,
// derive and import.
func declMistake(e *place) (string, string, bool) {
	top := len(e.open) == 0 && (e.can("fn") || e.i == 0)
	switch {
	case e.p.is("import"):
		return "expected the file's name in double quotes after import", importHint(e), true
	case e.p.is("dtype"):
		return "expected f32 or f64 after dtype", "dtype f64", true
	case e.p.is("package"):
		return fmt.Sprintf("expected the package's name, found %s", describe(e.t)), "", true
	case top && e.t.is("import", "dtype", "package"):
		return fmt.Sprintf("%s comes too late: the order is package, dtype, imports, declarations", e.t.text), "", true
	case top && e.t.is("param", "state"):
		return fmt.Sprintf("a %s outside of a body: it belongs between the { } of a layer or model", e.t.text), "", true
	case top && e.t.is(";"):
		return "';' separates the equations of a body; nothing stands between declarations", "delete it", true
	case top && e.i == e.decl, top && e.newLine() && e.t.word() && !e.t.is("then", "else", "and", "or", "in"), top && e.t.kind == kString:
		if e.i+1 < len(e.tokens) && e.tokens[e.i+1].is("=", "[", "~", "<-", ",") {
			return "an equation outside of a body: it belongs between the { } of a function", "const " + e.t.text + " = ... names a number", true
		}
		return fmt.Sprintf("expected a declaration (const, fn, layer, model, loss or derive), found %s", describe(e.t)), "", true
	case len(e.open) > 0 && e.t.is("fn", "layer", "model", "loss", "const", "derive", "import"):
		o := &e.tokens[e.open[0]]
		if e.opener().is("{") && e.can("}") {
			return fmt.Sprintf("expected '}' before %s: the '{' at %s is still open", e.t.text, where(o)), "", true
		}
		return fmt.Sprintf("the '%s' at %s is still open where %s starts", e.opener().text, where(e.opener()), e.t.text), "", true
	}
	if c := e.tokens[e.decl]; c.is("const") && e.i > e.decl {
		switch {
		case e.namePlace():
			return fmt.Sprintf("expected the name of a constant, found %s", describe(e.t)), "const H = 128", true
		case e.p.kind == kIdent && !e.operatorPlace() && e.can("="):
			return fmt.Sprintf("expected '=' and the value of %s", e.p.text), "const " + e.p.text + " = " + e.text(e.i, e.lineEnd(e.i)), true
		}
	} else if c.is("derive") && e.i > e.decl {
		switch {
		case e.p.is("by"):
			return "expected forward, reverse or auto after by", "by forward", true
		case e.i == e.decl+2:
			return "expected ':' and what is asked for", "derive " + e.p.text + ": hvp", true
		case e.namePlace():
			return fmt.Sprintf("expected a name, found %s", describe(e.t)), "derive Fit: jvp, hvp, grad[x]", true
		}
	}
	return "", "", false
}

func importHint(e *place) string {
	if e.t.kind == kIdent {
		return fmt.Sprintf("import %q", e.t.text+".nn")
	}
	return `import "blocks.nn"`
}
