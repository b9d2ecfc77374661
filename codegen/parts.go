package codegen

import (
	"fmt"
	"go/scanner"
	"go/token"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// divide prints the steps of a long method as methods of their own, which the
// body then calls. They get its parameters and sizes; all else that one leaves
// to another is in memory, as the plan sees to.
func (f *file) divide(e *entry, m *method, b *body, params, cut []string) []string {
	before, names := b.w.String(), b.names
	fresh := func() { b.fresh(names.scope()) }
	declared := findable(cut)
	var texts []string
	for k, list := range m.plan.Parts {
		fresh()
		b.part = k
		b.list(list, nil)
		b.before += len(list)
		text := sweep(b.w.String())
		texts = append(texts, strings.Join(append(declared.needed(text), b.cutScratch(e.self)...), "\n")+"\n\n"+text)
	}
	fresh()
	for _, d := range e.dims {
		if b.used[d] && !(e.batch == "" && slices.Contains(e.asked, d)) {
			params = append(params, f.dimVar(d)+" int")
		}
	}
	var args []string
	for _, p := range params {
		name, _, _ := strings.Cut(p, " ")
		args = append(args, name)
	}
	b.w.WriteString(before)
	for k, text := range texts {
		name := fmt.Sprintf("%sPart%d", lower(m.Go), k+1)
		b.line("%s.%s(%s)", e.self, name, strings.Join(args, ", "))
		texts[k] = fmt.Sprintf("// %s is part %d of %d of %s.\nfunc (%s *%s) %s(%s) {\n%s}\n\n",
			name, k+1, len(texts), m.Go, e.self, e.Go, name, strings.Join(params, ", "), text)
	}
	return texts
}

// fresh makes b ready for the text of another function.
func (b *body) fresh(names *names) {
	b.w.Reset()
	b.names, b.vars, b.rows, b.cut, b.scratch = names, []map[*ir.Expr]string{{}}, map[*ir.Array][]row{}, nil, nil
}

// declarations are lines of the form name := value or var name type, which are found by name.
type declarations struct {
	list []string
	at   map[string]int
}

func findable(list []string) declarations {
	d := declarations{list, map[string]int{}}
	for k, s := range list {
		name, _, _ := strings.Cut(strings.TrimPrefix(s, "var "), " ")
		d.at[name] = k
	}
	return d
}

// needed are the declarations of what a text of statements uses, in order.
func (d declarations) needed(text string) []string {
	var found []int
	for name := range variables(text) {
		if k, ok := d.at[name]; ok {
			found = append(found, k)
		}
	}
	slices.Sort(found)
	var out []string
	for _, k := range found {
		out = append(out, d.list[k])
	}
	return out
}

// variables are the identifiers in statements that stand by themselves: not
// behind a dot, nor before the colon of a literal.
func variables(text string) map[string]bool {
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile("", -1, len(text)), []byte(text), nil, 0)
	out := map[string]bool{}
	var last token.Token
	name, key := "", false // it may be that of a field in a literal
	for {
		_, tok, lit := s.Scan()
		if name != "" && !(key && tok == token.COLON) {
			out[name] = true
		}
		if name = ""; tok == token.IDENT && last != token.PERIOD {
			name, key = lit, last == token.LBRACE || last == token.COMMA
		}
		if last = tok; tok == token.EOF {
			return out
		}
	}
}
