package ir

import (
	"fmt"
	"slices"
)

// Verify checks what every pass may rely on: definitions stand before their
// readers, indices are bound, types and ranks fit, names are unique.
func Verify(p *Program) error {
	v := verifier{p: p, known: map[*Array]bool{}, dims: map[string]bool{}}
	names := map[string]bool{}
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
			if err := v.expr(a, d, nil); err != nil {
				return err
			}
		}
	}
	for i, a := range p.Defs {
		if a.Rec != nil && !v.known[a] { // its whole group may be read
			for _, o := range p.Defs[i:] {
				if o.Rec != a.Rec {
					break
				}
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
}

func (v *verifier) err(a *Array, msg string) error {
	return fmt.Errorf("ir: bug: in program %s, %s %s\n\t%s", v.p.Name, a.Name, msg, Equate(a))
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
