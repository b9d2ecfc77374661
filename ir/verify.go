package ir

import (
	"fmt"
	"slices"
)

// Verify checks what every pass may rely on: definitions stand before their
// readers, indices are bound, types and ranks fit, names are unique.
func Verify(p *Program) error {
	n := len(p.Inputs) + len(p.Defs)
	v := verifier{p: p, known: make(map[*Array]bool, n), dims: make(map[string]bool, len(p.Dims)), good: map[*Expr]bool{}}
	names := make(map[string]bool, n)
	for _, d := range p.Dims {
		v.dims[d.Name] = true
	}
	for _, a := range p.Inputs {
		if a.Def != Input {
			return v.err(a, "is listed as an input but defined by an equation")
		}
		v.known[a] = true
	}
	for _, a := range slices.Concat(p.Inputs, p.Defs) {
		if names[a.Name] {
			return v.err(a, "is the second array of that name")
		}
		names[a.Name] = true
		for _, d := range a.Shape {
			if d.Type != Int || len(d.Free()) > 0 {
				return v.err(a, fmt.Sprintf("has a size that is not a plain integer expression: %s", d))
			}
			if v.good[d] {
				continue
			}
			if err := v.expr(a, d, nil); err != nil {
				return err
			}
			v.good[d] = true
		}
	}
	if err := v.groups(p.Defs, 0, map[*Recurrence]bool{}); err != nil {
		return err
	}
	for i, a := range p.Defs {
		if a.Rec != nil && !v.known[a] { // its whole group may be read
			for _, o := range p.Defs[i : i+Together(p.Defs[i:], 0)] {
				v.known[o] = true
			}
		}
		if err := v.def(a); err != nil {
			return err
		}
		v.known[a] = true
	}
	for _, o := range p.Outputs {
		if !v.known[o.Array] {
			return fmt.Errorf("ir: bug: output %s of %s is not defined", o.Name, p.Name)
		}
	}
	return nil
}

type verifier struct {
	p     *Program
	known map[*Array]bool
	dims  map[string]bool
	good  map[*Expr]bool // sizes, which many arrays share
}

func (v *verifier) err(a *Array, msg string) error {
	return fmt.Errorf("ir: bug: in program %s, %s %s\n\t%s", v.p.Name, a.Name, msg, Equate(a))
}

// groups checks that the arrays of a recurrence stand together, in the step
// of the recurrence around it, and have its time axis.
func (v *verifier) groups(defs []*Array, depth int, seen map[*Recurrence]bool) error {
	for len(defs) > 0 {
		n := Together(defs, depth)
		if r := defs[0].Rec.Around(depth); r != nil {
			if seen[r] {
				return v.err(defs[0], "stands apart from its recurrence")
			}
			seen[r] = true
			for _, a := range defs[:n] {
				k := a.TimeIn(r)
				switch {
				case a.Def != Equation:
					return v.err(a, "is no equation, but in a recurrence")
				case len(a.Outer) != a.Rec.Depth()-1 || k < 0 || k >= a.Rank():
					return v.err(a, "lacks the time axis of a recurrence")
				}
			}
			if err := v.groups(defs[:n], depth+1, seen); err != nil {
				return err
			}
		}
		defs = defs[n:]
	}
	return nil
}

func (v *verifier) def(a *Array) error {
	var scope []Index
	switch a.Def {
	case Equation:
		for k := range a.Shape {
			scope = append(scope, Axis(k))
		}
		if a.Body == nil || a.Body.Type != a.Elem {
			return v.err(a, "has no body of its type")
		}
	case Accumulate:
		if len(a.At) != a.Rank() {
			return v.err(a, "accumulates at the wrong number of indices")
		}
		for _, d := range a.Domain {
			scope = append(scope, d.Idx)
		}
	case Draw:
		for k := range a.Shape {
			scope = append(scope, Axis(k))
		}
	default:
		return v.err(a, "is an input among the definitions")
	}
	for _, e := range a.Exprs() {
		if err := v.expr(a, e, scope); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) expr(a *Array, e *Expr, scope []Index) error {
	for _, i := range e.Free() {
		if !slices.Contains(scope, i) {
			return v.err(a, fmt.Sprintf("uses index %d outside its scope", i))
		}
	}
	var bad error
	Walk(e, func(x *Expr) bool {
		switch {
		case bad != nil:
			return false
		case x.Kind == KDim && !v.dims[x.Name]:
			bad = v.err(a, "uses the unknown dim "+x.Name)
		case x.Kind == KRead && !v.known[x.Array]:
			bad = v.err(a, "reads "+x.Array.Name+" before its definition")
		case x.Kind == KRead && len(x.Args) != x.Array.Rank():
			bad = v.err(a, "reads "+x.Array.Name+" with the wrong number of indices")
		case x.Kind == KRead && slices.ContainsFunc(x.Args, func(y *Expr) bool { return y.Type != Int }):
			bad = v.err(a, "reads "+x.Array.Name+" at an index that is no integer")
		case x.Kind == KIf && x.Args[0].Type != Bool:
			bad = v.err(a, "has a condition that is no boolean")
		case x.Kind == KParam:
			bad = v.err(a, "holds a formal argument")
		}
		return true
	})
	return bad
}
