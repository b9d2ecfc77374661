package random

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// generator makes one program.
type generator struct {
	*rand.Rand
	*Program
	arrays []*array // what a body may read
	calls  []fn
	names  int
	read   map[string]bool
	odd    bool // NaN and infinities may come up
	left   int  // how many formulas are more than a read
}

// array is something that can be read, its sizes as text.
type array struct {
	name string
	dims []string
	in   string // holds integers below this
	bool bool
	// found says that the integers are results: that they are below is not told.
	found bool
}

// index is an index in scope.
type index struct{ name, dim string }

// fn is a function that can be called: of scalars, or of vectors.
type fn struct {
	name   string
	args   int
	vector bool
}

// New makes the program of a seed.
func New(seed uint64) *Program {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 0x6e6e63)), Program: &Program{Seed: seed}, read: map[string]bool{}}
	g.train, g.odd, g.left = g.one(2), g.one(40), 4+g.IntN(11)
	for _, name := range []string{"K", "M", "N", "T"}[:2+g.IntN(3)] {
		d := &dim{name: name, size: 1 + g.IntN(4), constant: name == "K" || g.one(3)}
		if d.constant {
			d.size = max(d.size, 2)
		} else if g.one(60) {
			d.size = 0
		}
		g.dims = append(g.dims, d)
	}
	if g.one(12) { // rows that are longer than a vector of the machine
		g.dims[g.IntN(len(g.dims))].size = 9 + g.IntN(12)
	}
	g.functions()
	g.arguments()
	for range 1 + g.IntN(2+g.IntN(2)) {
		g.statement()
	}
	for _, a := range g.arrays {
		if strings.HasPrefix(a.name, "a") && !g.read[a.name] {
			g.terms = append(g.terms, g.term(a))
			g.outs = append(g.outs, &arg{name: a.name, dims: a.dims})
		}
	}
	return g.Program
}

// one is true once in n times.
func (g *generator) one(n int) bool { return g.IntN(n) == 0 }

func (g *generator) pick(list ...string) string { return list[g.IntN(len(list))] }

func (g *generator) fresh(prefix string) string {
	g.names++
	return fmt.Sprint(prefix, g.names)
}

func (g *generator) dim() string { return g.dims[g.IntN(len(g.dims))].name }

func (g *generator) arguments() {
	add := func(a *arg) {
		g.args = append(g.args, a)
		g.arrays = append(g.arrays, &array{name: a.name, dims: a.dims, in: a.in, bool: a.bool})
	}
	add(&arg{name: "x0", dims: []string{g.dims[len(g.dims)-1].name, g.dim()}})
	add(&arg{name: "x1", dims: []string{g.dim(), g.dim()}[:1+g.IntN(2)]})
	for i, d := range g.dims { // what tells their sizes
		if !d.constant && !slices.ContainsFunc(g.args, func(a *arg) bool { return slices.Contains(a.dims, d.name) }) {
			add(&arg{name: fmt.Sprint("x", 2+i), dims: []string{d.name}})
		}
	}
	if g.one(2) {
		add(&arg{name: "s"})
	}
	if g.one(2) {
		add(&arg{name: "ids", dims: []string{g.dim()}, in: "K"})
	}
	if g.one(5) {
		add(&arg{name: "on", dims: []string{g.dim()}, bool: true})
	}
	if g.one(6) {
		add(&arg{name: "k", in: "K"})
	}
}

// term is an array weighted and added up.
func (g *generator) term(a *array) *node {
	if len(a.dims) == 0 {
		return leaf(a.name)
	}
	var in []string
	w := "0.3"
	var names []string
	for k, d := range a.dims {
		i := fmt.Sprint("i", k)
		in, names = append(in, i+" in "+d), append(names, i)
		w += fmt.Sprintf(" + %d*%s", k+1, i)
	}
	return with(fmt.Sprintf("(sum[%s] § * cos(%s))", strings.Join(in, ", "), w), &node{parts: []string{a.name + "[" + strings.Join(names, ", ") + "]"}, of: a.name})
}
