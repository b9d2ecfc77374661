package nnc

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// attribute gives each definition to a layer: to that whose parameters it
// reads or, where it reads none, to the innermost that holds both what it is
// computed from and what is computed from it.
func (s *summariser) attribute() {
	p := s.low.Program
	own := map[*ir.Array]bool{}
	for _, a := range p.Inputs {
		own[a] = a.Role == ir.Parameter || a.Role == ir.State
	}
	path := map[*ir.Array]string{}
	given := map[*ir.Array]bool{}
	for _, a := range p.Defs {
		for _, r := range a.Reads() {
			if own[r] {
				at := layerOf(r.Name)
				if given[a] {
					at = common(at, path[a])
				}
				path[a], given[a] = at, true
			}
		}
	}
	before, behind := map[*ir.Array]string{}, map[*ir.Array]string{}
	merge := func(m map[*ir.Array]string, a *ir.Array, at string) {
		if old, ok := m[a]; ok {
			at = common(old, at)
		}
		m[a] = at
	}
	at := func(a *ir.Array, side map[*ir.Array]string) (string, bool) {
		if given[a] {
			return path[a], true
		}
		v, ok := side[a]
		return v, ok
	}
	for _, a := range p.Defs {
		for _, r := range a.Reads() {
			if v, ok := at(r, before); ok {
				merge(before, a, v)
			}
		}
	}
	for _, a := range slices.Backward(p.Defs) {
		if v, ok := at(a, behind); ok {
			for _, r := range a.Reads() {
				merge(behind, r, v)
			}
		}
	}
	s.cost = map[string]*layerCost{}
	for _, a := range p.Defs {
		layer := path[a]
		if !given[a] {
			layer = common(before[a], behind[a])
		}
		n := s.Int(0)
		if a.Body != nil {
			n = s.multiplyAdds(a)
		}
		for at := layer; ; at = parent(at) { // what it computes, its owner does
			c := s.cost[at]
			if c == nil {
				c = &layerCost{adds: s.Int(0)}
				s.cost[at] = c
			}
			c.last = a
			if at == layer {
				c.adds = s.Call(ir.Add, c.adds, n)
			}
			if at == "" {
				break
			}
		}
	}
}

var numerals = regexp.MustCompile(`\b[0-9]{4,}\b`)

// layerOf is the layer that a parameter belongs to.
func layerOf(name string) string { return name[:max(strings.LastIndexByte(name, '.'), 0)] }

func parent(path string) string { return layerOf(path) }

// common is the innermost layer that holds two.
func common(a, b string) string {
	p, q := strings.Split(a, "."), strings.Split(b, ".")
	n := 0
	for n < len(p) && n < len(q) && p[n] == q[n] {
		n++
	}
	return strings.Join(p[:n], ".")
}

// multiplyAdds counts the terms of sums of products, each sum once for all
// that it does not depend on.
func (s *summariser) multiplyAdds(a *ir.Array) *ir.Expr {
	n := s.Int(0)
	trips := map[ir.Index]*ir.Expr{}
	for k, d := range a.Shape {
		trips[ir.Axis(k)] = d
	}
	for _, d := range a.Domain {
		trips[d.Idx] = s.Call(ir.Sub, d.Hi, d.Lo)
	}
	ir.Walk(a.Body, func(x *ir.Expr) bool {
		for _, b := range x.Binders { // canonical indices are those of one nest
			trips[b.Idx] = s.Call(ir.Sub, b.Hi, b.Lo)
		}
		if !x.IsReduce(ir.Sum) {
			return true
		}
		terms := s.Int(products(x.Args[0]))
		free := x.Free()
		for _, b := range x.Binders {
			free = append(slices.Clip(free), b.Idx)
		}
		for _, i := range free {
			if t := trips[i]; t != nil && len(t.Free()) == 0 {
				terms = s.Call(ir.Mul, terms, t)
			}
		}
		n = s.Call(ir.Add, n, terms)
		return true
	})
	return n
}

// products counts the multiplications of a term.
func products(e *ir.Expr) int64 {
	n := int64(0)
	ir.Walk(e, func(y *ir.Expr) bool {
		if y.IsCall(ir.Mul) && y.Type == ir.Real || y.IsCall(ir.Pow) && y.Args[1].IsConst(2) {
			n++
		}
		return y.Kind != ir.KReduce
	})
	return n
}

// under are the multiply-adds of a layer itself.
func (s *summariser) under(path string) *ir.Expr {
	if c := s.cost[path]; c != nil {
		return c.adds
	}
	return s.Int(0)
}

// deep are those of a layer and of all below it.
func (s *summariser) deep(path string) *ir.Expr {
	n := s.under(path)
	for _, at := range keysOf(s.cost) {
		if strings.HasPrefix(at, path+".") {
			n = s.Call(ir.Add, n, s.cost[at].adds)
		}
	}
	return n
}

func keysOf(m map[string]*layerCost) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func (s *summariser) size(shape []*ir.Expr) *ir.Expr {
	n := s.Int(1)
	for _, d := range shape {
		n = s.Call(ir.Mul, n, d)
	}
	return n
}

// value is e with the sizes that are known.
func (s *summariser) value(e *ir.Expr) *ir.Expr {
	return s.Map(e, func(x *ir.Expr) *ir.Expr {
		if n, ok := s.dims[x.Name]; ok && x.Kind == ir.KDim {
			return s.Int(int64(n))
		}
		return x
	})
}

// count is a number with its thousands apart; nothing for zero.
func (s *summariser) count(e *ir.Expr) string {
	if e == nil {
		return ""
	}
	if e = s.value(e); e.IsConst(0) {
		return ""
	}
	if e.Kind == ir.KConst {
		return thousands(strconv.FormatInt(e.N, 10))
	}
	t := strings.ReplaceAll(ir.Sprint(e), "*", "·")
	for _, d := range s.low.Program.Dims {
		t = strings.ReplaceAll(t, d.Name+"·"+d.Name, d.Name+"²")
	}
	return numerals.ReplaceAllStringFunc(t, thousands)
}

func (s *summariser) memory(e *ir.Expr, bytes int64) string {
	e = s.value(s.Call(ir.Mul, e, s.Int(bytes)))
	if e.Kind != ir.KConst {
		return s.count(e) + " B"
	}
	switch n := float64(e.N); {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", n/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", n/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", n/(1<<10))
	}
	return fmt.Sprintf("%d B", e.N)
}

func (s *summariser) shape(a *ir.Array) string { return s.shapeText(a.Shape) }

func (s *summariser) shapeText(shape []*ir.Expr) string {
	if len(shape) == 0 {
		return ""
	}
	parts := make([]string, len(shape))
	for k, d := range shape {
		parts[k] = strings.ReplaceAll(ir.Sprint(s.value(d)), " ", "")
	}
	return "[" + strings.Join(parts, ",") + "]"
}

func thousands(s string) string {
	for k := len(s) - 3; k > 0; k -= 3 {
		s = s[:k] + "," + s[k:]
	}
	return s
}
