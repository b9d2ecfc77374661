package nnc

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
)

// Case is one question to [Eval]: an entry point of a source file and a JSON
// object with its arguments.
type Case struct {
	File    string
	Source  []byte
	Options Options
	// Entry is a model, a loss or an exported fn, and behind a dot what is
	// asked: "Fit", "Fit.grad", "MLP.jacobian", "MLP.init".
	Entry string
	// Input is a JSON object, every key optional: args, params, state, dims,
	// wrt, tangents, cotangents, seed, train.
	Input []byte
	// Plain evaluates the program as it was written, before any pass.
	Plain bool
}

// Eval runs one entry point in the interpreter, without writing Go, and
// returns a JSON object: the value, and what was asked. Shapes and numbers
// are as the manual of `nnc eval` says; reals are printed so that they read
// back to the same bits.
func Eval(c Case) ([]byte, error) {
	e, err := prepare(c, false)
	if err != nil {
		return nil, err
	}
	return e.interpret()
}

// evaluation is a Case with everything resolved but the numbers that come out.
type evaluation struct {
	module *ir.Module
	entry  *ir.Entry
	what   string
	low    *ir.Lowered
	bits   int // of reals
	seed   uint64
	train  bool

	// A model that is mapped over leading axes is lowered with one frame dim;
	// frame is what that dim stands for.
	mapped    bool
	frame     []int
	frameFrom string
	shared    map[string]bool // data arguments without the frame

	wrt     []*ir.Arg
	active  []*ir.Arg // those with tangents
	program *ir.Program
	dims    map[string]int
	inputs  map[*ir.Array]*interp.Tensor
}

// prepare checks a case and makes the program that answers it. Numbers are
// rounded to the element type of the file only where typed.
func prepare(c Case, typed bool) (*evaluation, error) {
	name, what, _ := strings.Cut(c.Entry, ".")
	if what == "" {
		what = "value"
	}
	if !contains(whats, what) {
		return nil, unknown(c.Entry, what, whats)
	}
	req, err := parseRequest(c.Input)
	if err != nil {
		return nil, err
	}
	m, err := module(c.File, c.Source, c.Options)
	if err != nil {
		return nil, err
	}
	entry, err := findEntry(m, name)
	if err != nil {
		return nil, err
	}
	e := &evaluation{module: m, entry: entry, what: what, seed: req.seed, train: req.train, bits: 64}
	if typed && !m.F64 {
		e.bits = 32
	}
	if err := e.lower(req); err != nil {
		return nil, err
	}
	if what == "init" {
		return e, e.bindInit(req)
	}
	if err := e.choose(req); err != nil {
		return nil, err
	}
	if err := e.differentiate(c); err != nil {
		return nil, err
	}
	return e, e.bind(req)
}

func findEntry(m *ir.Module, name string) (*ir.Entry, error) {
	var names []string
	for _, e := range m.Entries {
		if e.Name == name {
			return e, nil
		}
		names = append(names, e.Name)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s has no model, loss or capitalised fn to evaluate", m.File)
	}
	return nil, unknown(name, name, names)
}

// lower makes the program of the entry, mapped over the leading axes that the
// arguments have beyond what the entry declares.
func (e *evaluation) lower(req *request) error {
	low, err := e.entry.Lower(ir.Mode{Train: req.train})
	if err != nil {
		return err
	}
	if err := req.checkKeys(e.entry, low.Args); err != nil {
		return err
	}
	e.low, e.shared = low, map[string]bool{}
	if e.entry.Kind != ir.ModelEntry || len(e.entry.Frame) == 0 {
		return nil
	}
	for _, a := range low.Args {
		n := req.args.get(a.Name)
		if a.Bundle != nil || n == nil {
			continue
		}
		declared := a.Leaves[0].Shape
		d := depth(n)
		extra := d - len(declared)
		if extra <= 0 && d > 0 && len(n.items) == 0 {
			extra = 1 // [] is no examples, rather than an empty one
		}
		if extra <= 0 {
			e.shared[a.Name] = true
			continue
		}
		shape, _ := measure(n, extra)
		if !e.mapped {
			e.mapped, e.frame, e.frameFrom = true, shape, "args."+a.Name
		} else if !slices.Equal(shape, e.frame) {
			return fmt.Errorf("%s is mapped over %s, args.%s over %s", e.frameFrom, ints(e.frame), a.Name, ints(shape))
		}
	}
	if !e.mapped {
		return nil
	}
	e.low, err = e.entry.Lower(ir.Mode{Train: req.train, Frame: e.entry.Frame[:1]})
	return err
}

// choose settles with respect to what is differentiated: the arguments named,
// else every model that is not frozen, else all real data.
func (e *evaluation) choose(req *request) error {
	var err error
	if e.wrt, err = wrtArgs(e.low, req.wrt); err != nil {
		return fmt.Errorf("wrt: %w", err)
	}
	if req.hasWrt && len(req.wrt) == 0 {
		return errors.New("wrt names nothing to differentiate by")
	}
	for _, a := range e.low.Args {
		if req.tangents.get(a.Name) == nil {
			continue
		}
		if a.Bundle == nil && a.Leaves[0].Elem != ir.Real {
			return fmt.Errorf("tangents.%s: %s holds %ss, which have no derivative", a.Name, a.Name, a.Leaves[0].Elem)
		}
		e.active = append(e.active, a)
	}
	return nil
}

// results are the outputs of the entry itself, without new state.
func (e *evaluation) results() []ir.Output {
	var out []ir.Output
	for _, o := range e.low.Program.Outputs {
		if !strings.HasPrefix(o.Name, "state.") {
			out = append(out, o)
		}
	}
	return out
}

// scalar is the name of the one real number that a gradient is of.
func (e *evaluation) scalar() (string, error) {
	r := e.results()
	if len(r) != 1 || r[0].Array.Elem != ir.Real || r[0].Array.Rank() > 0 {
		what := "several results"
		if len(r) == 1 {
			a := r[0].Array
			what = fmt.Sprintf("the result %s: %s", r[0].Name, a.Elem)
			if e.mapped {
				what = fmt.Sprintf("the result %s for each of %s", r[0].Name, ints(e.frame))
			} else if a.Rank() > 0 {
				what = fmt.Sprintf("the result %s: [%s]", r[0].Name, text(a.Shape))
			}
		}
		return "", fmt.Errorf("%s needs one real number, %s has %s; see %s.vjp and %s.jacobian", e.what, e.entry.Name, what, e.entry.Name, e.entry.Name)
	}
	return r[0].Name, nil
}

// leavesOf are the differentiable leaves of arguments.
func leavesOf(args []*ir.Arg) []*ir.Array {
	var out []*ir.Array
	for _, a := range args {
		for _, l := range a.Leaves {
			if l.Role != ir.State && l.Elem == ir.Real {
				out = append(out, l)
			}
		}
	}
	return out
}
