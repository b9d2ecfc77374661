package diff

import (
	"maps"
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// bounds are the ranges of indices.
type bounds map[ir.Index]ir.Binder

func (in bounds) with(binders ...ir.Binder) bounds {
	out := bounds{}
	for i, b := range in {
		out[i] = b
	}
	for _, b := range binders {
		out[b.Idx] = b
	}
	return out
}

// axes are the ranges of axes numbered from first on.
func (d *engine) axes(first int, shape []*ir.Expr, names []string) []ir.Binder {
	out := make([]ir.Binder, len(shape))
	for k, n := range shape {
		out[k] = ir.Binder{Idx: ir.Axis(first + k), Lo: d.Int(0), Hi: n}
		if k < len(names) {
			out[k].Name = names[k]
		}
	}
	return out
}

func idxs(binders []ir.Binder) []ir.Index {
	out := make([]ir.Index, len(binders))
	for k, b := range binders {
		out[k] = b.Idx
	}
	return out
}

func dependsOnAny(e *ir.Expr, over []ir.Index) bool {
	return slices.ContainsFunc(e.Free(), func(i ir.Index) bool { return slices.Contains(over, i) })
}

// atLeastZero proves e ≥ 0 from the ranges of indices; dims are ≥ 0. One after
// the other, indices are replaced by the end of their range that makes e
// least, those first that no other index's range depends on.
func (d *engine) atLeastZero(e *ir.Expr, in bounds) bool {
	for range 32 {
		at := slices.IndexFunc(e.Free(), func(i ir.Index) bool {
			_, ok := in[i]
			return ok && !slices.ContainsFunc(e.Free(), func(o ir.Index) bool {
				return o != i && in[o].Lo != nil && (in[o].Lo.Depends(i) || in[o].Hi.Depends(i))
			})
		})
		if at < 0 {
			break
		}
		i := e.Free()[at]
		coef, rest, ok := d.Affine(e, []ir.Index{i})
		if !ok || coef[i] == nil {
			break
		}
		end := in[i].Lo
		if !d.nonNegative(coef[i]) {
			if !d.nonNegative(d.Call(ir.Neg, coef[i])) {
				return false
			}
			end = d.Call(ir.Sub, in[i].Hi, d.Int(1))
		}
		e = d.Call(ir.Add, rest, d.Call(ir.Mul, coef[i], end))
	}
	if d.nonNegative(e) {
		return true
	}
	for _, i := range slices.Sorted(maps.Keys(in)) { // an index exists, so its range is not empty
		b := in[i]
		if d.nonNegative(d.Call(ir.Add, d.Call(ir.Sub, e, d.Call(ir.Sub, b.Hi, b.Lo)), d.Int(1))) {
			return true
		}
	}
	return false
}

// most is the largest value of e over the ranges of indices.
func (d *engine) most(e *ir.Expr, in bounds) (*ir.Expr, bool) {
	for len(e.Free()) > 0 {
		i := e.Free()[0] // temporaries: the innermost is the lowest
		coef, rest, ok := d.Affine(e, []ir.Index{i})
		if !ok || in[i].Lo == nil || coef[i] == nil {
			return nil, false
		}
		end := in[i].Lo
		if d.nonNegative(coef[i]) {
			end = d.Call(ir.Sub, in[i].Hi, d.Int(1))
		} else if !d.nonNegative(d.Call(ir.Neg, coef[i])) {
			return nil, false
		}
		e = d.Call(ir.Add, rest, d.Call(ir.Mul, coef[i], end))
	}
	return e, true
}

// nonNegative reports whether e has no negative coefficient and holds nothing
// but dims, remainders and elements of arrays that hold indices.
func (d *engine) nonNegative(e *ir.Expr) bool {
	for _, t := range d.PolyOf(e) {
		if t.Coef < 0 {
			return false
		}
		for _, a := range t.Atoms {
			if a.Kind != ir.KDim && !(a.IsCall(ir.Mod) && d.NonNegative(a.Args[1])) && (a.Kind != ir.KRead || a.Array.In == nil) {
				return false
			}
		}
	}
	return true
}

// decide simplifies a condition on indices that is the same over all of their
// ranges to true or false.
func (d *engine) decide(c *ir.Expr, in bounds) *ir.Expr {
	switch {
	case c.IsCall(ir.Not):
		return d.not(d.decide(c.Args[0], in))
	case c.IsCall(ir.Or):
		return d.Call(ir.Or, d.decide(c.Args[0], in), d.decide(c.Args[1], in))
	}
	if c.Kind != ir.KCall || c.Op.Holds == nil || c.Args[0].Type != ir.Int {
		return c
	}
	diff := d.Call(ir.Sub, c.Args[0], c.Args[1])
	flip := d.Call(ir.Neg, diff)
	one := d.Int(1)
	positive := d.atLeastZero(d.Call(ir.Sub, diff, one), in)
	negative := d.atLeastZero(d.Call(ir.Sub, flip, one), in)
	var can []int
	if !d.atLeastZero(diff, in) {
		can = append(can, -1)
	}
	if !positive && !negative {
		can = append(can, 0)
	}
	if !d.atLeastZero(flip, in) {
		can = append(can, 1)
	}
	if len(can) == 0 { // the range is empty
		return c
	}
	for _, s := range can {
		if c.Op.Holds(s) != c.Op.Holds(can[0]) {
			return c
		}
	}
	return d.Bool(c.Op.Holds(can[0]))
}

// inside proves that index f lies in 0..size.
func (d *engine) inside(f, size *ir.Expr, in bounds) bool {
	if f.Kind == ir.KRead && f.Array.In == size && size != nil {
		return d.readInside(f, in)
	}
	return d.atLeastZero(f, in) && d.atLeastZero(d.Call(ir.Sub, d.Call(ir.Sub, size, d.Int(1)), f), in)
}

// readInside proves that a read is within its array.
func (d *engine) readInside(read *ir.Expr, in bounds) bool {
	for k, f := range read.Args {
		if !d.inside(f, read.Array.Shape[k], in) {
			return false
		}
	}
	return true
}

// estimate is about how large an integer is, to choose between sums.
func (d *engine) estimate(e *ir.Expr) float64 {
	s := 0.0
	for _, t := range d.PolyOf(e) {
		x := float64(t.Coef)
		for _, a := range t.Atoms {
			if x *= 100; d.call[a] { // batches and lengths are larger
				x *= 10
			}
		}
		s += x
	}
	return s
}
