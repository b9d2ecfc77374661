package nnc

import (
	"fmt"
	"math"
	"slices"

	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
)

// leaf is an input array of a program next to what the request gives for it.
type leaf struct {
	array  *ir.Array
	path   string // "args.net.W1"
	node   *node  // nil: absent
	init   *ir.Init
	shared bool // declared without the frame that the program has
}

// binder fills the inputs of one entry from a request.
type binder struct {
	*evaluation
	sizes *sizes
}

// bindArgs collects the leaves of every argument with what args, params and
// state hold for them.
func (b *binder) bindArgs(req *request) ([]*leaf, error) {
	var leaves []*leaf
	for _, a := range b.low.Args {
		n, path := req.args.get(a.Name), "args."+a.Name
		st, stPath := req.state.get(a.Name), "state."+a.Name
		if a.Name == ownParams && b.entry.Kind == ir.ModelEntry {
			n, path, st, stPath = req.params, "params", req.state, "state"
		}
		if a.Bundle == nil {
			if n == nil && a.Default == nil {
				return nil, fmt.Errorf("%s is missing: %s", path, b.declaration(a))
			}
			leaves = append(leaves, &leaf{array: a.Leaves[0], path: path, node: n, init: a.Default})
			continue
		}
		if n == nil && len(leavesOf([]*ir.Arg{a})) > 0 {
			return nil, fmt.Errorf("%s is missing: an object of the parameters of %s", path, a.Bundle.Name)
		}
		got, err := bundleLeaves(a.Bundle, a.Leaves, n, path, st, stPath)
		if err != nil {
			return nil, err
		}
		leaves = append(leaves, got...)
	}
	for _, l := range leaves {
		if l.node == nil && l.init == nil {
			return nil, fmt.Errorf("%s is missing: %s", l.path, typeText(l.array.Elem, l.array.Shape))
		}
	}
	return leaves, nil
}

// declaration is how the source declares a data argument.
func (b *binder) declaration(a *ir.Arg) string {
	l := a.Leaves[0]
	s := a.Name + ": " + typeText(l.Elem, b.declared(l))
	if l.In != nil {
		s += " in " + ir.Sprint(l.In)
	}
	return s
}

// bundleLeaves walks the fields of a bundle beside its leaves and beside the
// objects of parameters and of state.
func bundleLeaves(bundle *ir.Bundle, arrays []*ir.Array, params *node, path string, state *node, statePath string) ([]*leaf, error) {
	w := &bundleWalk{arrays: arrays}
	if err := w.bundle(bundle, params, path, state, statePath); err != nil {
		return nil, err
	}
	if len(w.arrays) > 0 {
		return nil, bugf("%s has %d leaves too many", bundle.Name, len(w.arrays))
	}
	return w.leaves, nil
}

type bundleWalk struct {
	arrays []*ir.Array // not yet taken
	leaves []*leaf
}

func (w *bundleWalk) bundle(b *ir.Bundle, params *node, path string, state *node, statePath string) error {
	var inParams, inState []string
	for _, f := range b.Fields {
		if f.Bundle != nil || !f.State {
			inParams = append(inParams, f.Name)
		}
		if f.Bundle != nil || f.State {
			inState = append(inState, f.Name)
		}
	}
	if err := params.object(path, inParams...); err != nil {
		return err
	}
	if err := state.object(statePath, inState...); err != nil {
		return err
	}
	for _, f := range b.Fields {
		p, s := params.get(f.Name), state.get(f.Name)
		at, stAt := path+"."+f.Name, statePath+"."+f.Name
		if f.Bundle == nil {
			if len(w.arrays) == 0 {
				return bugf("%s has too few leaves", b.Name)
			}
			l := &leaf{array: w.arrays[0], path: at, node: p}
			if f.State {
				l.path, l.node, l.init = stAt, s, f.Init
			}
			w.leaves, w.arrays = append(w.leaves, l), w.arrays[1:]
			continue
		}
		if f.Count == 0 {
			if err := w.bundle(f.Bundle, p, at, s, stAt); err != nil {
				return err
			}
			continue
		}
		if err := copies(p, at, f); err != nil {
			return err
		}
		if err := copies(s, stAt, f); err != nil {
			return err
		}
		for i := range f.Count {
			if err := w.bundle(f.Bundle, p.item(i), fmt.Sprintf("%s[%d]", at, i), s.item(i), fmt.Sprintf("%s[%d]", stAt, i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// copies checks the list that stands for `Block * n`.
func copies(n *node, path string, f ir.Field) error {
	switch {
	case n == nil:
	case n.kind != '[':
		return fmt.Errorf("%s is %s, not a list of %d objects (%s * %d)", path, n.what(), f.Count, f.Bundle.Name, f.Count)
	case len(n.items) != f.Count:
		return fmt.Errorf("%s has %s, needed are %d (%s * %d)", path, count(len(n.items), "element"), f.Count, f.Bundle.Name, f.Count)
	}
	return nil
}

func (n *node) item(i int) *node {
	if n == nil {
		return nil
	}
	return &n.items[i]
}

// declared is the shape of a leaf as the source has it, without the frame.
func (e *evaluation) declared(a *ir.Array) []*ir.Expr {
	if e.mapped && a.Role == ir.Data {
		return a.Shape[1:]
	}
	return a.Shape
}

// measure notes the shapes of the given leaves with the sizes to be solved.
func (b *binder) measure(leaves []*leaf) error {
	for _, l := range leaves {
		if l.node == nil {
			continue
		}
		want := l.array.Shape
		if l.shared {
			want = want[1:]
		}
		lead := 0
		if b.mapped && l.array.Role == ir.Data && !l.shared {
			lead = len(b.frame) - 1
		}
		shape, more := measure(l.node, len(want)+lead)
		if more && len(shape) == 0 {
			return fmt.Errorf("%s is a list, needed is a number", l.path)
		}
		if more {
			return fmt.Errorf("%s has more than %s, [%s] has %d", l.path, count(len(shape), "axis"), text(want), len(want)+lead)
		}
		if len(shape) < len(want)+lead {
			if len(shape) == 0 {
				return fmt.Errorf("%s is %s, needed is [%s]", l.path, l.node.what(), text(want))
			}
			return fmt.Errorf("%s has %s, [%s] has %d", l.path, count(len(shape), "axis"), text(want), len(want)+lead)
		}
		if lead > 0 || b.mapped && l.array.Role == ir.Data && !l.shared {
			if !slices.Equal(shape[:len(b.frame)], b.frame) {
				return fmt.Errorf("%s is mapped over %s, %s over %s", b.frameFrom, ints(b.frame), l.path, ints(shape[:len(b.frame)]))
			}
			var lead []*ir.Expr
			for _, n := range b.frame {
				lead = append(lead, b.sizes.b.Int(int64(n)))
			}
			want = append(lead, want[1:]...)
		}
		b.sizes.given = append(b.sizes.given, given{l.path, want, shape})
	}
	return nil
}

// product is the number of elements of an array, saturating.
func product(shape []int) int {
	n := 1
	for _, d := range shape {
		if d > 0 && n > math.MaxInt/d {
			return math.MaxInt
		}
		n *= d
	}
	return n
}

// read turns what is given for a leaf into a tensor of its whole shape.
func (b *binder) read(l *leaf) (*interp.Tensor, error) {
	a := l.array
	shape := b.sizes.shape(a.Shape)
	if product(shape) > interp.MaxElements {
		return nil, fmt.Errorf("%s has more than %d elements", l.path, interp.MaxElements)
	}
	if l.node == nil {
		return initial(l.init, shape, b.sizes, b.seed, a.Name, b.module.F64)
	}
	r := reader{bits: b.bits, elem: a.Elem, hi: -1}
	if a.In != nil {
		r.hi, _ = b.sizes.eval(a.In)
	}
	if !b.mapped || a.Role != ir.Data {
		return r.tensor(l.node, l.path, shape)
	}
	if l.shared {
		t, err := r.tensor(l.node, l.path, shape[1:])
		if err != nil {
			return nil, err
		}
		return repeat(t, shape[0]), nil
	}
	t, err := r.tensor(l.node, l.path, append(slices.Clone(b.frame), shape[1:]...))
	if err != nil {
		return nil, err
	}
	return reshape(t, len(b.frame), shape[:1]), nil
}
