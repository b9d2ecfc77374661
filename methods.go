package nnc

import (
	"fmt"

	"github.com/nnc-lang/nnc/ir"
)

// method is one method of the emitted Go: what it gives, and with respect to
// which arguments.
type method struct {
	entry *ir.Entry
	kind  string // value, lossgrad, or a request: grad jvp vjp hvp jacobian hessian hessdiag
	wrt   []*ir.Arg
	by    string
	mode  ir.Mode
	low   *ir.Lowered
}

func (m *method) name() string { return m.entry.Name + "." + m.kind }

// methods lists what is emitted for an entry: Forward of a model, Loss and
// LossGrad of a loss, Value of an fn, and what `derive` asks for. LossGrad is
// compiled with train = true, all else with false.
func methods(e *ir.Entry) ([]*method, error) {
	mode := ir.Mode{Frame: e.Frame}
	low, err := e.Lower(mode)
	if err != nil {
		return nil, err
	}
	list := []*method{{entry: e, kind: "value", mode: mode, low: low}}
	if e.Kind == ir.LossEntry {
		g, err := lossGrad(e)
		if err != nil {
			return nil, err
		}
		if len(g.wrt) > 0 {
			list = append(list, g)
		}
	}
	ofData := e.Kind == ir.LossEntry && len(defaultModels(low)) == 0
	for _, r := range e.Requests {
		if ofData && r.What == "grad" {
			continue // LossGrad gives it
		}
		m := &method{entry: e, kind: r.What, by: r.By, mode: mode, low: low}
		if m.wrt, err = wrtArgs(low, r.Wrt); err != nil {
			return nil, fmt.Errorf("derive %s: %s: %w", e.Name, r.What, err)
		}
		list = append(list, m)
	}
	return list, nil
}

// lossGrad is LossGrad, with respect to all models that are not frozen; of a
// loss of data alone, with respect to what `derive` asks for.
func lossGrad(e *ir.Entry) (*method, error) {
	m := &method{entry: e, kind: "lossgrad", by: "auto", mode: ir.Mode{Train: true}}
	var err error
	if m.low, err = e.Lower(m.mode); err != nil {
		return nil, err
	}
	if m.wrt = defaultModels(m.low); len(m.wrt) > 0 {
		return m, nil
	}
	var names []string
	for _, r := range e.Requests {
		if r.What == "grad" {
			m.by = r.By
			if names = append(names, r.Wrt...); len(r.Wrt) == 0 {
				m.wrt, err = wrtArgs(m.low, nil)
				return m, err
			}
		}
	}
	if len(names) > 0 {
		m.wrt, err = wrtArgs(m.low, names)
	}
	return m, err
}

// defaultModels are the models that are not frozen.
func defaultModels(low *ir.Lowered) (models []*ir.Arg) {
	for _, a := range low.Args {
		if a.Bundle != nil && !a.Frozen {
			models = append(models, a)
		}
	}
	return models
}

// wrtArgs finds the arguments of the given names; without names, every model
// that is not frozen, else all real data.
func wrtArgs(low *ir.Lowered, names []string) ([]*ir.Arg, error) {
	if len(names) == 0 {
		if models := defaultModels(low); len(models) > 0 {
			return models, nil
		}
	}
	var out []*ir.Arg
	var known []string
	for _, a := range low.Args {
		known = append(known, a.Name)
		isReal := a.Bundle != nil || a.Leaves[0].Elem == ir.Real
		switch {
		case len(names) == 0 && isReal && a.Bundle == nil, contains(names, a.Name) && isReal:
			out = append(out, a)
		case contains(names, a.Name):
			return nil, fmt.Errorf("%s holds %ss, which have no derivative", a.Name, a.Leaves[0].Elem)
		}
	}
	for _, n := range names {
		if !contains(known, n) {
			return nil, unknown(n, n, known)
		}
	}
	return out, nil
}
