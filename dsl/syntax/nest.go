package syntax

import "github.com/nnc-lang/nnc/dsl/diag"

// maxDepth bounds how deep a tree may be, so that whatever walks it may
// recurse. It is far beyond what anybody writes.
const maxDepth = 500

// The classes of what makes a tree deeper, loosest first: an operator of one
// class puts an end to the chains of the tighter ones to its left.
const (
	nestIf = iota // if, |>: one chain to the end of the expression
	nestOr
	nestAnd
	nestCmp
	nestSum
	nestReduce // a reducer takes a product, with whatever reducers are in it
	nestTerm
	nestTight // unary -, not, ^, ??
	nestPostfix
	nestClasses
)

// checkNesting refuses what is nested too deep before the parser, which
// recurses, sees it. It counts on the tokens: the depth at a token is at most
// the brackets open there, plus the operators whose chains are open there.
func checkNesting(tokens []token) *diag.Diagnostic {
	type level struct {
		open   int // depth outside of the bracket, and the bracket
		count  [nestClasses]int
		binder bool // the brackets of a reducer, which no operand ends with
	}
	stack := make([]level, 1, 16)
	operand := false // the token before ends an operand
	for i := range tokens {
		t := &tokens[i]
		top := &stack[len(stack)-1]
		class := -1
		after := operand
		operand = t.operand()
		switch {
		case t.kind == kReducer:
			if i+1 < len(tokens) && tokens[i+1].is("[") {
				class = nestReduce
				top.count[nestReduce] += top.count[nestTight]
			}
		case t.kind != kPunct && t.kind != kKeyword:
		case t.is("(", "[", "{"):
			if after && t.text != "{" {
				top.count[nestPostfix]++
			}
			in := level{open: top.open + 1, binder: t.text == "[" && i > 0 && tokens[i-1].kind == kReducer}
			for _, n := range top.count {
				in.open += n
			}
			stack = append(stack, in)
			top = &stack[len(stack)-1]
		case t.is(")", "]", "}"):
			if len(stack) > 1 {
				operand = operand && !top.binder
				stack = stack[:len(stack)-1]
				top = &stack[len(stack)-1]
			}
			if t.text == "}" {
				top.count = [nestClasses]int{}
			}
		case t.is("if", "|>"):
			class = nestIf
		case t.is("then", "else"):
			top.count = [nestClasses]int{nestIf: top.count[nestIf]}
		case t.is("or"):
			class = nestOr
		case t.is("and"):
			class = nestAnd
		case t.is("==", "!=", "<", "<=", ">", ">="):
			class = nestCmp
		case t.is("-") && !after, t.is("not", "^", "??"):
			class = nestTight
		case t.is("+", "-"):
			class = nestSum
		case t.is("*", "/", "@", "%"):
			class = nestTerm
		case t.is("'", "."):
			class = nestPostfix
		default: // = ~ <- : , ; .. in -> and the keywords start a new expression
			top.count = [nestClasses]int{}
		}
		if class >= 0 {
			top.count[class]++
			for c := class + 1; c < nestPostfix; c++ {
				if class != nestReduce || c != nestTerm {
					top.count[c] = 0
				}
			}
			if class != nestPostfix {
				top.count[nestPostfix] = 0
			}
		}
		depth := top.open
		for _, n := range top.count {
			depth += n
		}
		if depth > maxDepth {
			return diag.New("NN001", t.span, "nested deeper than %d levels", maxDepth).
				WithHint("give parts of it names of their own")
		}
	}
	return nil
}
