package random

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// Program is a random program, as the tree of its text.
type Program struct {
	Seed  uint64
	dims  []*dim
	funcs []*stmt // functions, layers and models, each before its first use
	args  []*arg
	body  []*stmt // of the loss F
	terms []*node // what the loss adds up
	outs  []*arg  // arrays of the body that are results of G
	train bool
}

// dim is a size: a constant of the file, or told by the data.
type dim struct {
	name     string
	size     int
	constant bool
}

// arg is an argument of the loss, or a parameter of a model.
type arg struct {
	name   string
	model  string // the type of a model
	fields []*arg // its parameters
	dims   []string
	in     string // integers below this dim
	bool   bool
	state  bool // a parameter that is none: numbers that are kept, not below 0
}

// stmt is a declaration or an equation: its text, and the names it defines.
type stmt struct {
	names []string
	text  *node
}

// node is a piece of text with holes for others: parts stand before, between
// and behind kids. A node that reads an array has its name.
type node struct {
	parts []string
	kids  []*node
	of    string
}

func leaf(text string) *node { return &node{parts: []string{text}} }

// with puts nodes into the holes of a text, each written §.
func with(text string, kids ...*node) *node {
	parts := strings.Split(text, "§")
	if len(parts) != len(kids)+1 {
		panic("random: " + text)
	}
	return &node{parts: parts, kids: kids}
}

func (n *node) write(b *strings.Builder) {
	for i, p := range n.parts {
		b.WriteString(p)
		if i < len(n.kids) {
			n.kids[i].write(b)
		}
	}
}

func (n *node) String() string {
	var b strings.Builder
	n.write(&b)
	return b.String()
}

// Source is the text of the program, a file with a loss F and, for some seeds,
// a function G of the same body, with several results.
func (p *Program) Source() string {
	var b strings.Builder
	b.WriteString("dtype f64\n")
	for _, d := range p.dims {
		if d.constant {
			fmt.Fprintf(&b, "const %s = %d\n", d.name, d.size)
		}
	}
	for _, f := range p.funcs {
		fmt.Fprintf(&b, "%s\n", f.text)
	}
	var args, terms []string
	for _, a := range p.args {
		args = append(args, a.String())
	}
	for _, t := range p.terms {
		terms = append(terms, t.String())
	}
	fmt.Fprintf(&b, "loss F(%s) -> l {\n", strings.Join(args, ", "))
	for _, s := range p.body {
		fmt.Fprintf(&b, "  %s\n", s.text)
	}
	if len(terms) == 0 {
		terms = []string{"0"}
	}
	fmt.Fprintf(&b, "  l = %s\n}\n", strings.Join(terms, " + "))
	if outs := p.results(); len(outs) > 0 {
		fmt.Fprintf(&b, "fn G(%s) -> (%s) {\n", strings.Join(args, ", "), strings.Join(outs, ", "))
		for _, s := range p.body {
			fmt.Fprintf(&b, "  %s\n", s.text)
		}
		b.WriteString("}\n")
	}
	return b.String()
}

// results are the results of G, if there is one.
func (p *Program) results() (out []string) {
	if p.Seed%4 != 0 {
		return nil
	}
	for _, a := range p.outs {
		if slices.ContainsFunc(p.body, func(s *stmt) bool { return slices.Contains(s.names, a.name) }) {
			out = append(out, a.String())
		}
	}
	return out
}

func (a *arg) String() string {
	t := "[" + strings.Join(a.dims, ", ") + "]"
	switch {
	case a.model != "":
		t = a.model
	case a.bool:
		t = "bool" + t
	case a.in != "" && len(a.dims) == 0:
		t = "in " + a.in
	case a.in != "":
		t += " in " + a.in
	case len(a.dims) == 0:
		t = "real"
	}
	return a.name + ": " + t
}

// Input is the input of `nnc eval`: numbers for all arguments, a direction for
// those that are real, and a seed.
func (p *Program) Input() []byte { return p.input(0) }

// Nudged is Input with every real moved by a part of itself.
func (p *Program) Nudged(part float64) []byte { return p.input(part) }

func (p *Program) input(part float64) []byte {
	args, tangents, state := map[string]any{}, map[string]any{}, map[string]any{}
	wrt := []string{}
	for _, a := range p.args {
		args[a.name] = p.numbers(a, "x", a.name, part)
		if a.in == "" && !a.bool {
			tangents[a.name] = p.numbers(a, "v", a.name, 0)
			wrt = append(wrt, a.name)
		}
		if s := p.numbers(a, "s", a.name, 0); a.model != "" && len(s.(map[string]any)) > 0 {
			state[a.name] = s
		}
	}
	text, err := json.Marshal(map[string]any{"args": args, "tangents": tangents, "state": state, "wrt": wrt, "seed": p.Seed, "train": p.train})
	if err != nil {
		panic(err)
	}
	return text
}

// numbers draws what an argument holds: each array from a stream of its own,
// so that it stays as it is when another one goes. Numbers are short fractions
// that no two are equal of but by bad luck. Kind s is that of state, of which
// there is none in the others.
func (p *Program) numbers(a *arg, kind, path string, part float64) any {
	if a.model != "" {
		out := map[string]any{}
		for _, f := range a.fields {
			if f.model == "" && f.state != (kind == "s") {
				continue
			}
			of := p.numbers(f, kind, path+"."+f.name, part)
			if m, ok := of.(map[string]any); !ok || len(m) > 0 {
				out[f.name] = of
			}
		}
		return out
	}
	h := fnv.New64a()
	h.Write([]byte(kind + path))
	r := rand.New(rand.NewPCG(p.Seed, h.Sum64()))
	var fill func(dims []string) any
	fill = func(dims []string) any {
		if len(dims) > 0 {
			out := []any{}
			for range p.size(dims[0]) {
				out = append(out, fill(dims[1:]))
			}
			return out
		}
		switch {
		case a.in != "":
			return r.IntN(p.size(a.in))
		case a.bool:
			return r.IntN(2) == 0
		}
		// Magnitudes 0.05 to 1.5: what is done to them stays tame.
		x := float64(r.IntN(5800)+200) / 4096
		if a.state {
			return x
		}
		return x * float64(1-2*r.IntN(2)) * (1 + part*(r.Float64()-0.5))
	}
	return fill(a.dims)
}

// size is a dim, a number, or a number times one.
func (p *Program) size(name string) int {
	if n, of, ok := strings.Cut(name, "*"); ok {
		return p.size(n) * p.size(of)
	}
	if n, err := strconv.Atoi(name); err == nil {
		return n
	}
	i := slices.IndexFunc(p.dims, func(d *dim) bool { return d.name == name })
	return p.dims[i].size
}
