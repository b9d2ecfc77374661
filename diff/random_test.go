package diff_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// generator writes random programs: windows, gathers, sums over parts of
// ranges, branches, reshapes and recurrences, of functions that are smooth.
type generator struct {
	*rand.Rand
	text   strings.Builder
	arrays []shaped
	names  int
}

// shaped is an array and its sizes.
type shaped struct {
	name string
	dims []int
}

// index is an index in scope with its range.
type index struct {
	name string
	hi   int // largest value + 1
}

func (g *generator) pick(list ...string) string { return list[g.IntN(len(list))] }

func (g *generator) fresh(prefix string) string {
	g.names++
	return fmt.Sprintf("%s%d", prefix, g.names)
}

// at is an index expression that lies in 0..size, or one that does under the
// condition cond.
func (g *generator) at(in []index, size int) (e, cond string) {
	if len(in) == 0 || g.IntN(12) == 0 {
		return fmt.Sprint(g.IntN(size)), ""
	}
	i := in[g.IntN(len(in))]
	within := func(e string) (string, string) { return e, fmt.Sprintf("0 <= %s and %s < %d", e, e, size) }
	switch g.IntN(9) {
	case 0, 1, 2:
		if i.hi <= size {
			return i.name, ""
		}
		return within(i.name)
	case 3:
		j := in[g.IntN(len(in))]
		return within(fmt.Sprintf("%s%s%s - %d", i.name, g.pick(" + ", " - "), j.name, g.IntN(2)))
	case 4:
		j := in[g.IntN(len(in))]
		return within(fmt.Sprintf("%d*%s + %s", 2+g.IntN(2), i.name, j.name))
	case 5:
		return within(fmt.Sprintf("%d - %s", size-1, i.name))
	case 6:
		if i.hi <= 5 && size >= 3 {
			return fmt.Sprintf("ids[%s]", i.name), ""
		}
		return fmt.Sprintf("%s %% %d", i.name, size), ""
	case 7:
		return within(fmt.Sprintf("div(%s + %d, 2)", i.name, g.IntN(2)))
	}
	return fmt.Sprintf("%s %% %d", i.name, size), ""
}

func (g *generator) read(in []index) string {
	a := g.arrays[g.IntN(len(g.arrays))]
	if len(a.dims) == 0 {
		return a.name
	}
	var idx, conds []string
	for _, n := range a.dims {
		e, c := g.at(in, n)
		idx = append(idx, e)
		if c != "" {
			conds = append(conds, c)
		}
	}
	r := a.name + "[" + strings.Join(idx, ", ") + "]"
	if len(conds) > 0 {
		return fmt.Sprintf("(if %s then %s else %s)", strings.Join(conds, " and "), r, g.pick("0", "0.5", "1"))
	}
	return r
}

func (g *generator) expr(in []index, depth int) string {
	if depth == 0 {
		return g.read(in)
	}
	sub := func() string { return g.expr(in, depth-1) }
	switch g.IntN(9) {
	case 0, 1:
		return "(" + sub() + g.pick(" + ", " - ") + sub() + ")"
	case 2:
		return "(" + sub() + "*" + sub() + ")"
	case 3:
		return g.pick("sin", "tanh", "sigmoid", "cos") + "(" + sub() + ")"
	case 4:
		if len(in) > 0 {
			i := in[g.IntN(len(in))]
			return fmt.Sprintf("(if %s %s %d then %s else %s)", i.name, g.pick("==", "<", ">=", "!="), g.IntN(i.hi), sub(), sub())
		}
	case 5, 6:
		if len(in) < 4 {
			return g.reduction(in, depth)
		}
	case 7:
		return sub() + "/" + fmt.Sprint(2+g.IntN(3))
	}
	return sub()
}

func (g *generator) reduction(in []index, depth int) string {
	i := index{g.fresh("i"), 2 + g.IntN(3)}
	lo, hi := "0", fmt.Sprint(i.hi)
	if len(in) > 0 && g.IntN(4) == 0 {
		o := in[g.IntN(len(in))]
		if g.IntN(2) == 0 {
			hi = o.name + " + 1"
			i.hi = o.hi
		} else if o.hi < i.hi {
			lo = o.name
		}
	}
	red := g.pick("sum", "sum", "sum", "logsumexp", "prod")
	body := g.expr(append(in[:len(in):len(in)], i), depth-1)
	if red == "logsumexp" && lo == "0" || red == "prod" {
		return fmt.Sprintf("%s[%s in %s..%s](%s)", red, i.name, lo, hi, body)
	}
	return fmt.Sprintf("(sum[%s in %s..%s] (%s))", i.name, lo, hi, body)
}

func (g *generator) definition() {
	a := shaped{name: g.fresh("a")}
	var in []index
	for range g.IntN(3) {
		i := index{g.fresh("k"), 2 + g.IntN(3)}
		in, a.dims = append(in, i), append(a.dims, i.hi)
	}
	line := ""
	if len(in) > 0 && g.IntN(3) == 0 {
		line = g.recurrence(&a, in)
	} else {
		line = a.name + g.left(in) + " = tanh(" + g.expr(in, 3) + ")" + g.ranges(in)
	}
	g.text.WriteString(line + "\n")
	g.arrays = append(g.arrays, a)
}

func (g *generator) recurrence(a *shaped, in []index) string {
	k := g.IntN(len(in))
	way, base, from := "up", "== 0", " - 1"
	if g.IntN(2) == 0 {
		way, base, from = "down", fmt.Sprintf("== %d", in[k].hi-1), " + 1"
	}
	idx := make([]string, len(in))
	for j, i := range in {
		switch {
		case j == k:
			idx[j] = i.name + from
		case g.IntN(3) == 0:
			idx[j] = fmt.Sprintf("%d - %s", i.hi-1, i.name)
		default:
			idx[j] = i.name
		}
	}
	prev := a.name + "[" + strings.Join(idx, ", ") + "]"
	return fmt.Sprintf("%s%s = if %s %s then %s else tanh(%s*%s%s%s)%s  scan %d %s axis %d", a.name, g.left(in), in[k].name, base,
		g.expr(in, 1), prev, g.expr(in, 1), g.pick(" + ", " - "), g.expr(in, 2), g.ranges(in), g.names, way, k)
}

func (g *generator) left(in []index) string {
	if len(in) == 0 {
		return ""
	}
	var s []string
	for _, i := range in {
		s = append(s, i.name)
	}
	return "[" + strings.Join(s, ", ") + "]"
}

func (g *generator) ranges(in []index) string {
	var s []string
	for _, i := range in {
		s = append(s, fmt.Sprintf("%s in %d", i.name, i.hi))
	}
	if len(s) == 0 {
		return ""
	}
	return "  " + strings.Join(s, ", ")
}

func randomProgram(seed uint64) string {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 17))}
	g.text.WriteString("input x: real[4] param\ninput w: real[3, 5] param\ninput s: real param\ninput ids: int[5] in 3 data\n")
	g.arrays = []shaped{{"x", []int{4}}, {"w", []int{3, 5}}, {"s", nil}}
	for range 3 {
		g.definition()
	}
	last := g.arrays[len(g.arrays)-1]
	var in []index
	for _, n := range last.dims {
		in = append(in, index{g.fresh("m"), n})
	}
	l := last.name + g.left(in) + "^2"
	if len(in) > 0 {
		l = "sum[" + strings.TrimSpace(g.ranges(in)) + "] " + l
	}
	fmt.Fprintf(&g.text, "l = %s + %s\noutput l = l\noutput y = %s\n", l, g.expr(nil, 2), last.name)
	return g.text.String()
}

// TestRandomPrograms checks all modes on programs that nobody wrote.
func TestRandomPrograms(t *testing.T) {
	n := uint64(40)
	if testing.Short() {
		n = 10
	}
	for seed := range n {
		text := randomProgram(seed)
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			defer func() {
				if t.Failed() {
					t.Log(text)
				}
			}()
			newModel(t, text).all()
		})
	}
}
