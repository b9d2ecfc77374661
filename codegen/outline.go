package codegen

import (
	"bytes"
	"fmt"
	"go/scanner"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/internal/simd"
)

// A network of many equal layers has the same loop in each: a kernel, and what does
// the same in Go. Where that was printed often, it becomes a function of what differs
// between its places, so that there is less to read, and to compile for Go.

// often is how many equal places make a function.
const often = 4

// site is a place that a kernel is called in, with what stands there for processors
// without it.
type site struct {
	from, to int    // in the text
	key      string // the text, with numbers for names
	args     []string
	types    []string // of the arguments
}

var kernelCall = regexp.MustCompile(`(?m)^[ \t]*if ([\pL_][\pL\pN_]*) != nil.*\{$`)

// outline makes functions of the loops that stand often in the text of a file.
func (f *file) outline(list []simd.Named) {
	signature := map[string]string{}
	for _, k := range list {
		signature[k.Name] = k.Kernel.Signature()
	}
	text := f.out.Bytes()
	var places []*site
	many := map[string]int{}
	for _, m := range kernelCall.FindAllSubmatchIndex(text, -1) {
		name := string(text[m[2]:m[3]])
		method := text[bytes.LastIndex(text[:m[0]], []byte("\nfunc "))+1 : m[0]]
		if p := f.site(text[m[0]:blockEnd(text, m[0])], method, name, signature[name]); p != nil {
			p.from, p.to = p.from+m[0], p.to+m[0]
			places = append(places, p)
			many[p.key]++
		}
	}
	var out, functions bytes.Buffer
	names := map[string]string{}
	at, mark := 0, 0
	write := func(to int) {
		for ; mark < len(f.marks) && f.marks[mark] <= to; mark++ {
			out.Write(text[at:f.marks[mark]])
			at, f.marks[mark] = f.marks[mark], out.Len()
		}
		out.Write(text[at:to])
		at = to
	}
	for _, p := range places {
		if many[p.key] < often {
			continue
		}
		write(p.from)
		if names[p.key] == "" {
			kernel := string(kernelCall.FindSubmatch(text[p.from:p.to])[1])
			name := kernel + "Rows"
			for n := 2; begins(text, name) || begins(functions.Bytes(), name); n++ {
				name = fmt.Sprintf("%sRows%d", kernel, n)
			}
			names[p.key] = name
			fmt.Fprintf(&functions, "\n// %s is a loop that stands in %d places.\nfunc %s(%s) {\n%s\n}\n", name, many[p.key], name, p.params(), text[p.from:p.to])
		}
		fmt.Fprintf(&out, "%s(%s)", names[p.key], strings.Join(p.args, ", "))
		at = p.to
	}
	write(len(text))
	f.out = out
	if functions.Len() > 0 {
		f.out.Write(functions.Bytes())
		f.mark()
	}
}

// blockEnd is the end of the block, with its else, that begins in the line at from.
func blockEnd(text []byte, from int) int {
	depth := 0
	for at := from; ; {
		n := bytes.IndexByte(text[at:], '\n')
		if n < 0 {
			return len(text)
		}
		line := bytes.TrimSpace(text[at : at+n])
		if bytes.HasPrefix(line, []byte("}")) {
			depth--
		}
		if bytes.HasSuffix(line, []byte("{")) {
			depth++
		}
		if depth == 0 {
			return at + n
		}
		at += n + 1
	}
}

// params is the list of parameters of a function made of p.
func (p *site) params() string {
	var s strings.Builder
	for k, a := range p.args {
		s.WriteString(a)
		switch {
		case k == len(p.args)-1:
			s.WriteString(" " + p.types[k])
		case p.types[k+1] == p.types[k]:
			s.WriteString(", ")
		default:
			s.WriteString(" " + p.types[k] + ", ")
		}
	}
	return s.String()
}

// lexeme is a token of Go, and the text of it.
type lexeme struct {
	tok  token.Token
	text string
}

func lexemes(text []byte) (out []lexeme) {
	var s scanner.Scanner
	fset := token.NewFileSet()
	s.Init(fset.AddFile("", -1, len(text)), text, nil, scanner.ScanComments)
	for {
		_, tok, lit := s.Scan()
		if tok == token.EOF {
			return out
		}
		if tok.IsOperator() && tok != token.SEMICOLON || lit == "" {
			lit = tok.String()
		}
		out = append(out, lexeme{tok, lit})
	}
}

// site looks at a block that calls a kernel of the given signature, behind the text of
// its method so far. It is nil if the block sets what stands outside of it, or has names
// whose types are not told.
func (f *file) site(block, method []byte, kernel, signature string) *site {
	if signature == "" {
		return nil
	}
	from := len(block) - len(bytes.TrimLeft(block, " \t\n"))
	list := lexemes(block)
	local := map[string]bool{}
	for i, x := range list {
		switch {
		case x.tok == token.DEFINE:
			for j := i - 1; j >= 0 && (list[j].tok == token.IDENT || list[j].tok == token.COMMA); j-- {
				local[list[j].text] = true
			}
		case x.tok == token.VAR:
			local[list[i+1].text] = true
		}
	}
	free := func(i int) bool {
		x := list[i]
		if x.tok != token.IDENT || local[x.text] || x.text == kernel || list[i-1].tok == token.PERIOD {
			return false
		}
		call := list[min(i+1, len(list)-1)].tok == token.LPAREN
		return !call && !f.imports[x.text] && types.Universe.Lookup(x.text) == nil
	}
	known := typesTold(list, kernel, signature)
	p := &site{from: from, to: len(block)}
	number := map[string]int{}
	var key strings.Builder
	for i, x := range list {
		switch {
		case x.tok == token.RETURN || x.tok == token.COMMENT:
			return nil
		case i+1 < len(list) && free(i) && sets(list[i+1].tok):
			return nil
		case free(i) && !slices.Contains(p.args, x.text):
			if known[x.text] == "" && ofWorkspace(method, x.text) {
				known[x.text] = "[]" + f.T
			}
			if known[x.text] == "" {
				return nil
			}
			p.args, p.types = append(p.args, x.text), append(p.types, known[x.text])
		}
		if x.tok == token.IDENT && (local[x.text] || free(i)) && (i == 0 || list[i-1].tok != token.PERIOD) {
			if _, seen := number[x.text]; !seen {
				number[x.text] = len(number)
			}
			fmt.Fprintf(&key, "$%d ", number[x.text])
			continue
		}
		key.WriteString(x.text + " ")
	}
	p.key = key.String()
	return p
}

// ofWorkspace reports whether a method says that a name is a slice of the memory of its
// workspace, as scratch rows are.
func ofWorkspace(method []byte, name string) bool {
	_, behind, ok := bytes.Cut(method, []byte("\n"+name+" := "))
	line, _, _ := bytes.Cut(behind, []byte("\n"))
	return ok && bytes.Contains(line, []byte(".mem["))
}

// sets reports whether the name before a token is set by it.
func sets(t token.Token) bool {
	return t == token.ASSIGN || t == token.INC || t == token.DEC || t >= token.ADD_ASSIGN && t <= token.AND_NOT_ASSIGN
}

// typesTold are the types of names that a call of a kernel tells: `if k != nil && N > 0`,
// `an := a[8*n:][:8]` and `k(N, &an[0], s)`.
func typesTold(list []lexeme, kernel, signature string) map[string]string {
	params, _, _ := strings.Cut(strings.TrimPrefix(signature, "("), ")")
	of := strings.Split(params, ", ")
	for k := len(of) - 1; k >= 0; k-- { // a, b int
		if _, typ, ok := strings.Cut(of[k], " "); ok {
			of[k] = typ
		} else {
			of[k] = of[k+1]
		}
	}
	out, from := map[string]string{}, map[string]string{}
	is := func(i int, toks ...token.Token) bool {
		for k, t := range toks {
			if i+k >= len(list) || list[i+k].tok != t {
				return false
			}
		}
		return true
	}
	for i, x := range list {
		switch {
		case is(i, token.IDENT, token.GTR, token.INT):
			out[x.text] = "int"
		case is(i, token.IDENT, token.DEFINE, token.IDENT, token.LBRACK):
			from[x.text] = list[i+2].text
		}
	}
	call := slices.IndexFunc(list, func(x lexeme) bool { return x.text == kernel })
	call += 1 + slices.IndexFunc(list[call+1:], func(x lexeme) bool { return x.text == kernel })
	depth, arg := 0, 0
	for i := call + 1; i < len(list) && arg < len(of); i++ {
		switch list[i].tok {
		case token.LPAREN, token.LBRACK:
			depth++
		case token.RPAREN, token.RBRACK:
			if depth--; depth == 0 {
				return out
			}
		case token.COMMA:
			if depth == 1 {
				arg++
			}
		case token.IDENT:
			name, typ := list[i].text, of[arg]
			switch elem, pointer := strings.CutPrefix(typ, "*"); {
			case pointer && list[i-1].tok == token.AND:
				for name != "" && out[name] == "" {
					out[name] = "[]" + elem
					name = from[name]
				}
			case !pointer && depth == 1 && (is(i+1, token.COMMA) || is(i+1, token.RPAREN)) && (list[i-1].tok == token.COMMA || list[i-1].tok == token.LPAREN):
				out[name] = typ
			}
		}
	}
	return out
}
