package nnc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
)

// differentiate makes the program that gives the value and what was asked.
func (e *evaluation) differentiate(c Case) error {
	j := &job{name: c.Entry, program: e.low.Program, options: c.Options, plain: c.Plain}
	j.want.what, j.want.wrt = e.what, leavesOf(e.wrt)
	var err error
	switch e.what {
	case "grad", "hvp", "hessian", "hessdiag":
		if j.want.of, err = e.scalar(); err != nil {
			return err
		}
	}
	switch e.what {
	case "hvp":
		// H[wrt, all]·v: a direction may leave the arguments asked for.
		for _, a := range leavesOf(e.active) {
			if !slices.Contains(j.want.wrt, a) {
				j.want.wrt = append(j.want.wrt, a)
			}
		}
	case "jvp":
		if len(e.active) > 0 {
			j.want.wrt = leavesOf(e.active)
		}
	}
	if e.what != "value" && len(j.want.wrt) == 0 {
		return fmt.Errorf("%s has no real argument to differentiate with respect to; name one in wrt", e.entry.Name)
	}
	if err := j.run(); err != nil {
		return err
	}
	e.program = j.program
	return nil
}

// bind gives every input of the program its numbers.
func (e *evaluation) bind(req *request) error {
	p := e.program
	dims, err := req.readDims(e.low.Program)
	if err != nil {
		return err
	}
	b := &binder{e, &sizes{b: p.Builder, dims: dims, from: map[string]string{}, refused: map[string]string{}}}
	for d := range dims {
		b.sizes.from[d] = "dims"
	}
	if e.mapped {
		b.sizes.given = append(b.sizes.given, given{e.frameFrom, []*ir.Expr{p.Dim(e.entry.Frame[0])}, []int{product(e.frame)}})
	}
	leaves, err := b.bindArgs(req)
	if err != nil {
		return err
	}
	for _, l := range leaves {
		l.shared = e.shared[l.array.Name] && e.mapped && l.array.Role == ir.Data
	}
	if err := b.measure(leaves); err != nil {
		return err
	}
	if err := b.sizes.solve(); err != nil {
		return err
	}
	if err := b.sizes.complete(e.low.Program); err != nil {
		return err
	}
	e.dims, e.inputs = b.sizes.dims, map[*ir.Array]*interp.Tensor{}
	for _, l := range leaves {
		if e.inputs[l.array], err = b.read(l); err != nil {
			return err
		}
	}
	if err := b.bindTangents(req); err != nil {
		return err
	}
	return b.bindCotangents(req)
}

// bindTangents reads directions, shaped like the arguments; absent is zero.
func (b *binder) bindTangents(req *request) error {
	given := map[*ir.Array]*leaf{}
	for _, a := range b.active {
		n, path := req.tangents.get(a.Name), "tangents."+a.Name
		var leaves []*leaf
		if a.Bundle == nil {
			leaves = append(leaves, &leaf{array: a.Leaves[0], path: path, node: n, shared: b.mapped && b.shared[a.Name]})
		} else { // which may have no leaves
			var err error
			if leaves, err = bundleLeaves(a.Bundle, a.Leaves, n, path, nil, ""); err != nil {
				return err
			}
		}
		for _, l := range leaves {
			if l.node != nil {
				given[l.array] = l
			}
		}
	}
	for _, in := range b.program.Inputs {
		if in.Role != ir.Tangent {
			continue
		}
		l := given[in.Of]
		if l == nil {
			b.inputs[in] = interp.Zeros(b.sizes.shape(in.Shape)...)
			continue
		}
		b.sizes.given = nil
		if err := b.measure([]*leaf{l}); err != nil {
			return err
		}
		if err := b.sizes.check(); err != nil {
			return err
		}
		var err error
		if b.inputs[in], err = b.read(l); err != nil {
			return err
		}
	}
	return nil
}

// bindCotangents reads the weights on the results, shaped like the value.
func (b *binder) bindCotangents(req *request) error {
	if b.what != "vjp" {
		return nil
	}
	results := b.results()
	if req.cotangents == nil {
		if len(results) == 1 {
			return fmt.Errorf("cotangents is missing: weights on the result %s, shaped like it", results[0].Name)
		}
		return fmt.Errorf("cotangents is missing: an object of weights on the results, each shaped like its result")
	}
	var reals []string
	for _, r := range results {
		if r.Array.Elem == ir.Real {
			reals = append(reals, r.Name)
		}
	}
	if len(results) > 1 {
		if err := req.cotangents.object("cotangents", reals...); err != nil {
			return err
		}
	}
	for _, in := range b.program.Inputs {
		if in.Role != ir.Cotangent {
			continue
		}
		n, path := req.cotangents, "cotangents"
		if strings.HasPrefix(in.Name, "d.state.") {
			b.inputs[in] = interp.Zeros(b.sizes.shape(in.Shape)...)
			continue
		}
		if len(results) > 1 {
			name := in.Name[len("d."):]
			if n, path = n.get(name), path+"."+name; n == nil {
				b.inputs[in] = interp.Zeros(b.sizes.shape(in.Shape)...)
				continue
			}
		}
		// A cotangent has the frame as data do.
		like := *in
		if b.mapped {
			like.Role = ir.Data
		}
		l := &leaf{array: &like, path: path, node: n}
		b.sizes.given = nil
		if err := b.measure([]*leaf{l}); err != nil {
			return err
		}
		if err := b.sizes.check(); err != nil {
			return err
		}
		var err error
		if b.inputs[in], err = b.read(l); err != nil {
			return err
		}
	}
	return nil
}

// bindInit draws the initial values of the models of the entry. Their sizes
// come from dims, and from arguments where those are given.
func (e *evaluation) bindInit(req *request) error {
	p := e.low.Program
	dims, err := req.readDims(p)
	if err != nil {
		return err
	}
	b := &binder{e, &sizes{b: p.Builder, dims: dims, from: map[string]string{}, refused: map[string]string{}}}
	s := b.sizes
	for d := range dims {
		s.from[d] = "dims"
	}
	if e.mapped {
		s.given = append(s.given, given{e.frameFrom, []*ir.Expr{p.Dim(e.entry.Frame[0])}, []int{product(e.frame)}})
	}
	var data []*leaf
	for _, a := range e.low.Args {
		if n := req.args.get(a.Name); n != nil && a.Bundle == nil {
			l := a.Leaves[0]
			data = append(data, &leaf{array: l, path: "args." + a.Name, node: n, shared: e.shared[l.Name] && e.mapped})
		}
	}
	if err := b.measure(data); err != nil {
		return err
	}
	if err := s.solve(); err != nil {
		return err
	}
	e.inputs = map[*ir.Array]*interp.Tensor{}
	models := false
	for _, a := range e.low.Args {
		if a.Bundle == nil {
			continue
		}
		models = true
		leaves, err := bundleLeaves(a.Bundle, a.Leaves, nil, a.Name, nil, a.Name)
		if err != nil {
			return err
		}
		inits := fieldInits(a.Bundle)
		for i, l := range leaves {
			for _, d := range l.array.Shape {
				if _, ok := s.eval(d); !ok {
					return fmt.Errorf("%s is [%s]: dims, or an argument, must say how large", l.path, text(l.array.Shape))
				}
			}
			if e.inputs[l.array], err = initial(inits[i], s.shape(l.array.Shape), s, e.seed, initPath(a, l.array.Name), e.module.F64); err != nil {
				return err
			}
		}
	}
	if !models {
		return fmt.Errorf("%s has no parameters", e.entry.Name)
	}
	return nil
}

// fieldInits lists how the leaves of a bundle start, in their order.
func fieldInits(b *ir.Bundle) []*ir.Init {
	var out []*ir.Init
	for _, f := range b.Fields {
		for range max(1, f.Count) {
			if f.Bundle != nil {
				out = append(out, fieldInits(f.Bundle)...)
			} else {
				out = append(out, f.Init)
			}
		}
	}
	return out
}

// interpret runs the program in package interp, in float64 whatever the type
// of reals, and prints the answer.
func (e *evaluation) interpret() ([]byte, error) {
	if e.what == "init" {
		return e.init(), nil
	}
	out, err := interp.Run(e.program, &interp.Env{Dims: e.dims, Inputs: e.inputs, Seed: e.seed})
	if err != nil {
		return nil, err
	}
	return e.answer(out, 64)
}
