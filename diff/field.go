package diff

import (
	"github.com/nnc-lang/nnc/ir"
)

// A field is the derivative that belongs to an array: an array of derivatives,
// or, where nothing needs to be stored, a term in the axes.
//
// When a whole matrix of derivatives is wanted, the arrays have seed axes
// besides: one element of them for each element of what is differentiated
// (forward, behind the own axes) or of the result (reverse, before them).
type field struct {
	array  *ir.Array
	inline *term
	axes   []ir.Index // own axes in inline
	some   *ir.Expr   // of array, see term; in its axes
}

// at is the field at given indices; all are the indices of the array of
// derivatives, own those among them that the axes of inline stand for.
func (d *engine) at(f field, all, own []*ir.Expr) term {
	if f.inline == nil {
		t := term{v: d.Read(f.array, all...)}
		if f.some != nil {
			sub := map[ir.Index]*ir.Expr{}
			for k, x := range all {
				sub[ir.Axis(k)] = x
			}
			t.some = d.Subst(f.some, sub)
		}
		return t
	}
	sub := map[ir.Index]*ir.Expr{}
	for k, x := range own {
		sub[f.axes[k]] = x
	}
	return d.substTerm(*f.inline, sub)
}

// stored reports whether a sum of terms needs an array. A single term that is
// a number or a size, under conditions on indices, does not.
func stored(d *engine, ts []term) bool {
	if len(ts) != 1 || len(ts[0].over) > 0 {
		return true
	}
	return !d.plain(d.value(ts[0]))
}

// selves finds the nodes of a body whose value is the element being defined:
// the body itself and, under the conditions met on the way, the arms of its
// outermost branches. They can be read back instead of being recomputed.
func selves(root, read *ir.Expr) map[*ir.Expr]*ir.Expr {
	uses := map[*ir.Expr]int{}
	ir.Walk(root, func(e *ir.Expr) bool {
		for _, a := range e.Args {
			uses[a]++
		}
		return true
	})
	out := map[*ir.Expr]*ir.Expr{root: read}
	for e := []*ir.Expr{root}; len(e) > 0; e = e[1:] {
		if e[0].Kind != ir.KIf {
			continue
		}
		for _, arm := range e[0].Args[1:] {
			if uses[arm] == 1 {
				out[arm] = read
				e = append(e, arm)
			}
		}
	}
	return out
}
