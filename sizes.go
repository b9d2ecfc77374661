package nnc

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// sizes finds the dims of a program from the shapes of what it is given.
type sizes struct {
	b       *ir.Builder
	dims    map[string]int
	from    map[string]string // what told a dim: "args.x"
	refused map[string]string // why a shape does not tell it
	given   []given
}

// given is an array of the input next to the shape it is declared with.
type given struct {
	path     string
	declared []*ir.Expr
	actual   []int // -1: hidden below an empty list
}

// solve binds each dim that some shape tells: one in which it is the only
// unknown, and linear.
func (s *sizes) solve() error {
	for again := true; again; {
		again = false
		for _, g := range s.given {
			for k, e := range g.declared {
				name, n, ok := s.solveOne(e, g.actual[k])
				if !ok {
					if name != "" && s.refused[name] == "" {
						s.refused[name] = fmt.Sprintf("%s is %s, which no %s makes [%s]", g.path, ints(g.actual), name, text(g.declared))
					}
					continue
				}
				if n < 0 {
					return fmt.Errorf("%s is %s, too small for [%s]", g.path, ints(g.actual), text(g.declared))
				}
				s.dims[name], s.from[name] = n, g.path
				again = true
			}
		}
	}
	return s.check()
}

// solveOne solves e == size for the one dim that is unknown in e. Where that
// has no solution in integers only its name is returned.
func (s *sizes) solveOne(e *ir.Expr, size int) (name string, n int, ok bool) {
	if size < 0 {
		return "", 0, false
	}
	coef, rest := 0, size
	for _, t := range s.b.PolyOf(e) {
		v, unknown := int(t.Coef), ""
		for _, a := range t.Atoms {
			switch w, known := s.eval(a); {
			case known:
				v *= w
			case a.Kind == ir.KDim && unknown == "":
				unknown = a.Name
			default:
				return "", 0, false
			}
		}
		switch {
		case unknown == "":
			rest -= v
		case name == "" || name == unknown:
			name = unknown
			coef += v
		default:
			return "", 0, false
		}
	}
	if name == "" || coef == 0 {
		return "", 0, false
	}
	if rest%coef != 0 {
		return name, 0, false
	}
	return name, rest / coef, true
}

// eval is the value of an integer expression, if all its dims are known.
func (s *sizes) eval(e *ir.Expr) (int, bool) {
	switch e.Kind {
	case ir.KConst:
		return int(e.N), true
	case ir.KDim:
		n, ok := s.dims[e.Name]
		return n, ok
	case ir.KCall:
		var v [2]float64
		for i, a := range e.Args {
			x, ok := s.eval(a)
			if !ok {
				return 0, false
			}
			v[i] = float64(x)
		}
		if e.Op.EvalInt != nil {
			return int(e.Op.EvalInt(int64(v[0]))), true
		}
		return int(e.Op.Eval(v[0], v[1])), true
	}
	return 0, false
}

// shape is the value of a shape whose dims are all known.
func (s *sizes) shape(declared []*ir.Expr) []int {
	out := make([]int, len(declared))
	for k, e := range declared {
		out[k], _ = s.eval(e)
	}
	return out
}

// check compares every shape with what the dims make of its declaration.
func (s *sizes) check() error {
	for _, g := range s.given {
		empty, differ := false, false
		for k, e := range g.declared {
			n, ok := s.eval(e)
			if !ok {
				continue
			}
			differ = differ || g.actual[k] >= 0 && g.actual[k] != n
			empty = empty || n == 0
		}
		hidden := slices.Contains(g.actual, -1)
		if len(g.actual) > 0 {
			hidden = hidden || g.actual[len(g.actual)-1] == 0
		}
		if differ && !(empty && hidden) {
			return fmt.Errorf("%s is %s, needed is %s", g.path, ints(g.actual), s.explain(g.declared))
		}
	}
	return nil
}

// explain is a declared shape with what its dims are and who said so:
// [N, 784] with N = 3 (from args.y).
func (s *sizes) explain(declared []*ir.Expr) string {
	names := map[string]bool{}
	for _, e := range declared {
		ir.Walk(e, func(x *ir.Expr) bool {
			if x.Kind == ir.KDim {
				names[x.Name] = true
			}
			return true
		})
	}
	var with []string
	for _, n := range slices.Sorted(maps.Keys(names)) {
		if v, ok := s.dims[n]; ok {
			with = append(with, fmt.Sprintf("%s = %d (from %s)", n, v, s.from[n]))
		}
	}
	out := "[" + text(declared) + "]"
	if len(with) > 0 {
		out += " with " + strings.Join(with, ", ")
	}
	return out
}

// complete checks that each dim of the program is known and that the
// conditions on them hold.
func (s *sizes) complete(p *ir.Program) error {
	var missing []string
	for _, d := range p.Dims {
		if _, ok := s.dims[d.Name]; !ok {
			if why := s.refused[d.Name]; why != "" {
				return errors.New(why)
			}
			missing = append(missing, "dims."+d.Name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("%s is needed: no shape tells it", strings.Join(missing, ", "))
	}
	for _, w := range p.Where {
		if v, ok := s.eval(w); ok && v == 0 {
			_, with, _ := strings.Cut(s.explain([]*ir.Expr{w}), " with ")
			return fmt.Errorf("%s must hold, here %s", w, with)
		}
	}
	return nil
}

// text is a list of sizes as it stands in a type.
func text(shape []*ir.Expr) string {
	parts := make([]string, len(shape))
	for i, e := range shape {
		parts[i] = ir.Sprint(e)
	}
	return strings.Join(parts, ", ")
}

// typeText is a type as the source writes it.
func typeText(elem ir.Elem, shape []*ir.Expr) string {
	switch {
	case len(shape) == 0:
		return elem.String()
	case elem == ir.Real:
		return "[" + text(shape) + "]"
	}
	return elem.String() + "[" + text(shape) + "]"
}

func ints(shape []int) string {
	parts := make([]string, len(shape))
	for i, n := range shape {
		parts[i] = strconv.Itoa(n)
		if n < 0 {
			parts[i] = "…"
		}
	}
	return "[" + strings.Join(parts, ", ") + "]"
}
