package codegen

import "github.com/nnc-lang/nnc/ir"

// Call tells how Go calls an emitted method, for programs that write the call.
type Call struct {
	Method    *Method
	Go        string   // LossGrad
	Workspace string   // Fit; made by New + Workspace
	DimsType  string   // the argument of New: FitDims, "" for an int or none
	Dims      []string // dims of the program; in DimsType they are the fields DimFields
	DimFields []string
	Batch     string // FitBatch, "" where data are parameters
	Fields    []Param
	Params    []Param
	Returns   []string // names of the outputs returned, before the error
}

// Param is a parameter of a method or a field of its batch.
type Param struct {
	Go   string // its name
	Type string
	What What
	// Arg is the argument that it is or is shaped like; Leaves are, for a
	// model, the Go selectors of its leaves, in the order of [ir.Arg.Leaves].
	Arg    string
	Model  string   // for a model, its Go type; made by New + Model
	Sizes  []string // fields of <Model>Dims that New is given, if any
	Leaves []string
	// Name is the dim, or the input or output of the program, where that is
	// no model.
	Name string
}

// What says what a parameter is for.
type What int

// The parameters of methods.
const (
	Argument  What = iota // of the entry
	Size                  // a dim that no length tells
	Batch                 // the struct of all data
	Seed                  // of random draws
	Direction             // a tangent
	Weights               // on a result
	Result                // is overwritten
)

// Calls tells how the methods that Emit prints are called, in their order.
func Calls(m *ir.Module, methods []*Method, opt Options) ([]*Call, error) {
	f, err := emit(m, methods, opt)
	if err != nil {
		return nil, err
	}
	return f.calls, nil
}

// describe begins the description of a method with what all of its entry have.
func (f *file) describe(e *entry, m *method) *Call {
	c := &Call{Method: m.Method, Go: m.Go, Workspace: e.Go, DimsType: e.dimsTyp, Dims: e.dims, DimFields: f.dimFieldsOf(e.dims), Batch: e.batch}
	for _, a := range e.args {
		if a.bundle != nil {
			c.Params = append(c.Params, f.model(a.Go, Argument, a))
		}
	}
	to := &c.Params
	if e.batch != "" {
		c.Params = append(c.Params, Param{Go: "b", Type: e.batch, What: Batch})
		to = &c.Fields
	}
	for _, d := range e.asked {
		name := f.dimVar(d)
		if e.batch != "" {
			name = f.dimField(d)
		}
		*to = append(*to, Param{Go: name, Type: "int", What: Size, Name: d})
	}
	for _, a := range e.args {
		if a.bundle == nil {
			*to = append(*to, Param{Go: a.Go, Type: f.goType(a.Leaves[0]), What: Argument, Arg: a.Name, Name: a.Leaves[0].Name})
		}
	}
	if m.plan.Draws {
		c.Params = append(c.Params, Param{Go: "seed", Type: "uint64", What: Seed})
	}
	return c
}

func (f *file) model(name string, what What, a *arg) Param {
	p := Param{Go: name, Type: "*" + a.bundle.Go, What: what, Arg: a.Name, Model: a.bundle.Go}
	if a.bundle.dims != "" {
		p.Sizes = f.dimFieldsOf(a.bundle.Dims)
	}
	for _, l := range a.bundle.ordered() {
		p.Leaves = append(p.Leaves, l.path)
	}
	return p
}
