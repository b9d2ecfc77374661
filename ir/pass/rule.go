package pass

import (
	"embed"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/nnc-lang/nnc/ir"
)

//go:embed *.rules
var files embed.FS

// A rule is one line `lhs => rhs if guard` of a .rules file.
//
// A pattern is an expression in the text form of package ir, in which letters
// stand for expressions:
//
//	x y z a b  any real expression
//	c d        a real constant
//	m n        any integer, converted to real
//	g h        any boolean
//	i j k      the indices of a reduction: sum[i] x is over any ranges
//
// Equal letters stand for equal expressions. + and * match in either order.
// What stands on the right must not use an index outside its reduction;
// otherwise the rule does not match.
type rule struct {
	text    string
	at      string // file:line
	through bool   // patterns below the root also match what a read stands for
	lhs     *ir.Expr
	rhs     *ir.Expr
	guards  []guard
}

// ruleSet is a file of rules, by the operator at the root of the pattern.
type ruleSet struct {
	all    []*rule
	byRoot map[any][]*rule
}

var loadRules = struct{ simplify, stabilise func() *ruleSet }{
	sync.OnceValue(func() *ruleSet { return mustLoad("simplify.rules") }),
	sync.OnceValue(func() *ruleSet { return mustLoad("stabilise.rules") }),
}

func mustLoad(name string) *ruleSet {
	text, err := files.ReadFile(name)
	if err == nil {
		var s *ruleSet
		if s, err = parseRules(name, string(text)); err == nil {
			return s
		}
	}
	panic("ir/pass: bug: " + err.Error())
}

var (
	bound = regexp.MustCompile(`\b(sum|prod|max|min|logsumexp)\[([ijk])\]`)
	space = regexp.MustCompile(`\s+`)
)

// parseRules reads a file of rules: one a line, // comments, and the lines
// `through` and `local`, which say how the rules below them match.
func parseRules(name, text string) (*ruleSet, error) {
	s := &ruleSet{byRoot: map[any][]*rule{}}
	b := ir.NewBuilder()
	through := false
	for n, line := range strings.Split(text, "\n") {
		at := fmt.Sprintf("%s:%d", name, n+1)
		line, _, _ = strings.Cut(line, "//")
		line = strings.TrimSpace(line)
		switch line {
		case "":
			continue
		case "through", "local":
			through = line == "through"
			continue
		}
		r := &rule{text: space.ReplaceAllString(line, " "), at: at, through: through}
		left, right, ok := strings.Cut(r.text, " => ")
		if !ok {
			return nil, fmt.Errorf("%s: a rule has the form lhs => rhs if guard", at)
		}
		// `if g then` is an expression, `if guard` ends the rule.
		if k := strings.LastIndex(right, " if "); k >= 0 && !strings.Contains(right[k:], " then ") {
			for _, g := range strings.Split(right[k+len(" if "):], " and ") {
				gd, err := parseGuard(g)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", at, err)
				}
				r.guards = append(r.guards, gd)
			}
			right = right[:k]
		}
		var err error
		if r.lhs, err = parsePattern(b, left); err != nil {
			return nil, fmt.Errorf("%s: %w", at, err)
		}
		if r.rhs, err = parsePattern(b, right); err != nil {
			return nil, fmt.Errorf("%s: %w", at, err)
		}
		if r.rhs.Type != r.lhs.Type {
			return nil, fmt.Errorf("%s: the sides are %s and %s", at, r.lhs.Type, r.rhs.Type)
		}
		s.all = append(s.all, r)
		s.byRoot[root(r.lhs)] = append(s.byRoot[root(r.lhs)], r)
	}
	return s, nil
}

// root is the key by which rules are looked up.
func root(e *ir.Expr) any {
	switch e.Kind {
	case ir.KCall:
		return e.Op
	case ir.KReduce:
		return e.Red
	}
	return e.Kind
}

var letters = map[string]ir.Elem{
	"x": ir.Real, "y": ir.Real, "z": ir.Real, "a": ir.Real, "b": ir.Real,
	"c": ir.Real, "d": ir.Real, "m": ir.Int, "n": ir.Int, "g": ir.Bool, "h": ir.Bool,
}

// parsePattern reads a pattern. A letter becomes a read of a scalar array of
// that name, and sum[i] a sum over i in the unknown integer i.
func parsePattern(b *ir.Builder, text string) (*ir.Expr, error) {
	env := map[string]*ir.Expr{}
	for l, t := range letters {
		env[l] = b.Read(&ir.Array{Name: l, Elem: t})
	}
	for _, l := range []string{"i", "j", "k"} {
		env["range_"+l] = b.Dim(l)
	}
	return b.ParseExpr(bound.ReplaceAllString(text, "$1[$2 in range_$2]"), env)
}

// apply is e changed by the first rule that matches, or nil.
func (s *ruleSet) apply(r *rewriter, e *ir.Expr) *ir.Expr {
	for _, rule := range s.byRoot[root(e)] {
		if out := rule.apply(r, e); out != nil && out != e {
			r.count(func() string { return rule.at })
			return out
		}
	}
	return nil
}

// apply is e changed by the rule, or nil. The result is normal if what the
// letters stand for is.
func (rl *rule) apply(r *rewriter, e *ir.Expr) (out *ir.Expr) {
	if !rl.fits(e) {
		return nil
	}
	m := &matcher{r: r, through: rl.through}
	m.match(rl.lhs, e, func() bool {
		for _, g := range rl.guards {
			if !g.holds(m) {
				return false
			}
		}
		if !m.closes(rl.rhs, nil) {
			return false
		}
		out = m.build(rl.rhs)
		return true
	})
	return out
}
