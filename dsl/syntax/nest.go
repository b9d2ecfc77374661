package syntax

import "github.com/nnc-lang/nnc/dsl/diag"

// maxDepth bounds how deep expressions may be nested, and maxTree how deep the
// tree may be, in which x |> f |> g and a + b + c hold the shorter chain. Both
// are far beyond what anybody writes, and whatever walks a tree may recurse.
const (
	maxDepth = 500
	maxTree  = 20_000
)

// The classes of what makes a tree deeper, loosest first: an operator of one
// class puts an end to the chains of the tighter ones to its left.
const (
	nestIf   = iota // one chain to the end of the expression
	nestPipe        // |>
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
		tree   int // that, and the chains outside
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
			in := level{open: top.open + 1, tree: top.tree + 1, binder: t.text == "[" && i > 0 && tokens[i-1].kind == kReducer}
			for c, n := range top.count {
				in.open, in.tree = in.open+nested(c)*n, in.tree+n
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
		case t.is("if"):
			class = nestIf
		case t.is("|>"):
			class = nestPipe
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
		depth, tree := top.open, top.tree
		for c, n := range top.count {
			depth, tree = depth+nested(c)*n, tree+n
		}
		switch {
		case depth > maxDepth:
			return diag.New("NN001", t.span, "nested deeper than %d levels", maxDepth).
				WithHint("give parts of it names of their own")
		case tree > maxTree:
			return diag.New("NN001", t.span, "a chain of more than %d operators", maxTree).
				WithHint("give parts of it names of their own")
		}
	}
	return nil
}

// nested is 1 for what nests expressions, 0 for a chain, which is read in a loop.
func nested(class int) int {
	switch class {
	case nestIf, nestReduce, nestTight, nestPostfix:
		return 1
	}
	return 0
}
