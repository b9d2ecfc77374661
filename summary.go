package nnc

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/ir"
)

// Summary lists the layers of a model (of all models of the file, if name is
// empty) as a tree: the shape of the last array that each computes,
// parameters, multiply-adds of a forward pass, and the memory of parameters and
// activations. dims are sizes; what they do not tell stays a letter.
func Summary(file string, src []byte, opt Options, name string, dims map[string]int) (string, error) {
	m, err := module(file, src, opt)
	if err != nil {
		return "", err
	}
	entries := slices.DeleteFunc(slices.Clone(m.Entries), func(e *ir.Entry) bool { return e.Kind != ir.ModelEntry })
	if name != "" {
		e, err := findEntry(m, name)
		if err != nil {
			return "", err
		}
		if e.Kind != ir.ModelEntry {
			return "", fmt.Errorf("%s is no model", name)
		}
		entries = []*ir.Entry{e}
	}
	if len(entries) == 0 {
		return "", fmt.Errorf("%s has no model", m.File)
	}
	var b strings.Builder
	known := map[string]bool{}
	for i, e := range entries {
		low, err := e.Lower(ir.Mode{Frame: e.Frame})
		if err != nil {
			return "", err
		}
		shortenPlaces(low.Program)
		for _, d := range low.Program.Dims {
			known[d.Name] = true
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		s := &summariser{Builder: m.Builder, low: low, dims: dims}
		s.write(&b, m, e)
	}
	for d := range dims {
		if !known[d] {
			return "", unknown(d, d, sortedNames(known))
		}
	}
	return b.String(), nil
}

func sortedNames(m map[string]bool) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// summariser counts what one model has and does. Counts are integer
// expressions, so that an unknown size is no obstacle.
type summariser struct {
	*ir.Builder
	low  *ir.Lowered
	dims map[string]int
	cost map[string]*layerCost // by path
}

// layerCost is what belongs to one layer, without those below it.
type layerCost struct {
	adds *ir.Expr  // multiply-adds
	last *ir.Array // what it computes
}

// line is one row of the table.
type line struct {
	name, shape string
	params      *ir.Expr
	adds        *ir.Expr
}

func (s *summariser) write(b *strings.Builder, m *ir.Module, e *ir.Entry) {
	s.attribute()
	var bundle *ir.Bundle
	if a := s.low.Args[0]; a.Name == ownParams {
		bundle = a.Bundle
	}
	var lines []line
	total := line{params: s.Int(0), adds: s.Int(0)}
	if bundle != nil {
		lines, total = s.tree(bundle, "", 1, e.Name)
	} else {
		lines = []line{{name: e.Name, params: total.params, adds: s.under("")}}
		total.adds = lines[0].adds
	}
	lines[0].shape = s.results()
	bytes := int64(4)
	if m.F64 {
		bytes = 8
	}
	activations := s.Int(0)
	for _, a := range s.low.Program.Defs {
		if a.Elem == ir.Real {
			activations = s.Call(ir.Add, activations, s.size(a.Shape))
		}
	}
	rows := [][4]string{{"layer", "shape", "parameters", "multiply-adds"}}
	for _, l := range lines {
		rows = append(rows, [4]string{l.name, l.shape, s.count(l.params), s.count(l.adds)})
	}
	writeColumns(b, rows)
	fmt.Fprintf(b, "\n%s of %s, %s\n", e.Name, e.Pos, map[bool]string{false: "f32", true: "f64"}[m.F64])
	tail := [][2]string{
		{"parameters", s.count(total.params)},
		{"multiply-adds", s.count(total.adds)},
		{"memory of parameters", s.memory(total.params, bytes)},
		{"memory of activations", s.memory(activations, bytes)},
	}
	if state := s.state(); !state.IsConst(0) {
		tail = append(tail, [2]string{"memory of state", s.memory(state, bytes)})
	}
	for _, r := range tail {
		if r[1] == "" {
			r[1] = "0"
		}
		fmt.Fprintf(b, "  %-22s  %s\n", r[0], r[1])
	}
}

// named is the shape of the arrays that a layer in a pipe leaves, which bear its
// name: that of AvgPool1 is avgPool1, and of a copy avgPool1_2. It is empty if
// there are none, or if they differ.
func (s *summariser) named(layer string) string {
	first, n := utf8.DecodeRuneInString(layer)
	name, shape := string(unicode.ToLower(first))+layer[n:], ""
	for _, a := range s.low.Program.Defs {
		base, copy, found := strings.Cut(a.Name, "_")
		if _, err := strconv.Atoi(copy); base != name || found && err != nil {
			continue
		}
		switch t := s.shape(a); shape {
		case "", t:
			shape = t
		default:
			return ""
		}
	}
	return shape
}

// results are the shapes of what the model gives.
func (s *summariser) results() string {
	var out []string
	for _, o := range s.low.Program.Outputs {
		out = append(out, s.shape(o.Array))
	}
	return strings.Join(out, " ")
}

// tree lists a bundle and what is below it, a line each; what it returns as
// total counts all of it.
func (s *summariser) tree(b *ir.Bundle, path string, depth int, title string) ([]line, line) {
	total := line{name: title, params: s.Int(0), adds: s.under(path)}
	if c := s.cost[path]; c != nil && c.last != nil {
		total.shape = s.shape(c.last)
	}
	var below []line
	indent := strings.Repeat("  ", depth)
	for _, f := range b.Fields {
		switch {
		case f.State:
		case f.Bundle == nil:
			n := s.size(f.Shape)
			total.params = s.Call(ir.Add, total.params, n)
			if depth == 1 {
				below = append(below, line{name: indent + f.Name, shape: s.shapeText(f.Shape), params: n})
			}
		default:
			label := f.Name
			if strings.TrimRight(f.Name, "0123456789") != f.Bundle.Name {
				label += ": " + f.Bundle.Name
			}
			sub, one := s.tree(f.Bundle, childPath(path, f.Name, f.Count, 0), depth+1, indent+label)
			if sub[0].shape == "" { // it has no parameters by which its arrays could be told
				sub[0].shape = s.named(f.Name)
			}
			if f.Count > 0 {
				sub[0].name += fmt.Sprintf(" × %d", f.Count)
				one.params = s.Call(ir.Mul, one.params, s.Int(int64(f.Count)))
				one.adds = s.Int(0)
				for k := range f.Count {
					one.adds = s.Call(ir.Add, one.adds, s.deep(childPath(path, f.Name, f.Count, k)))
					if c := s.cost[childPath(path, f.Name, f.Count, k)]; c != nil && c.last != nil {
						sub[0].shape = s.shape(c.last)
					}
				}
				sub[0].params, sub[0].adds = one.params, one.adds
			}
			below = append(below, sub...)
			total.params = s.Call(ir.Add, total.params, one.params)
			total.adds = s.Call(ir.Add, total.adds, one.adds)
		}
	}
	return append([]line{total}, below...), total
}

func childPath(path, name string, count, k int) string {
	if path != "" {
		path += "."
	}
	path += name
	if count > 0 {
		path += "." + strconv.Itoa(k)
	}
	return path
}

// state is the size of the arrays of state.
func (s *summariser) state() *ir.Expr {
	n := s.Int(0)
	for _, a := range s.low.Program.Inputs {
		if a.Role == ir.State {
			n = s.Call(ir.Add, n, s.size(a.Shape))
		}
	}
	return n
}

// writeColumns prints rows under a heading, numbers to the right.
func writeColumns(b *strings.Builder, rows [][4]string) {
	var width [4]int
	for _, r := range rows {
		for k, c := range r {
			width[k] = max(width[k], utf8.RuneCountInString(c))
		}
	}
	pad := func(c string, k int) string { return strings.Repeat(" ", width[k]-utf8.RuneCountInString(c)) }
	for i, r := range rows {
		t := r[0] + pad(r[0], 0) + "  " + r[1] + pad(r[1], 1) + "  " + pad(r[2], 2) + r[2] + "  " + pad(r[3], 3) + r[3]
		b.WriteString(strings.TrimRight(t, " ") + "\n")
		if i == 0 {
			b.WriteString(strings.Repeat("─", width[0]+width[1]+width[2]+width[3]+6) + "\n")
		}
	}
}
