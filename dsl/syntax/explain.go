package syntax

import "github.com/nnc-lang/nnc/dsl/diag"

func explain(tokens []token, i int) *diag.Diagnostic {
	if tokens[i].kind == kBad {
		return tokens[i].why
	}
	return diag.New("NN001", tokens[i].span, "unexpected %s", symbolName(&tokens[i]))
}
