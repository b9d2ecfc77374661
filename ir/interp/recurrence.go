package interp

import "github.com/nnc-lang/nnc/ir"

// recurrence is a group that is being run.
type recurrence struct {
	*machine
	steps map[*ir.Array]func()
	now   map[*ir.Recurrence]*int // the time at hand
}

// run evaluates what belongs to one time of the recurrences above depth: the
// definitions in order, and those of a recurrence from end to end.
func (r *recurrence) run(defs []*ir.Array, depth int) {
	for len(defs) > 0 {
		n := ir.Together(defs, depth)
		if rec := defs[0].Rec.Around(depth); rec == nil {
			r.machine.now = r.arrays[defs[0]]
			r.steps[defs[0]]()
		} else {
			r.scan(rec, defs[:n], depth+1)
		}
		defs = defs[n:]
	}
}

func (r *recurrence) scan(rec *ir.Recurrence, defs []*ir.Array, depth int) {
	length := r.arrays[defs[0]].shape[defs[0].TimeIn(rec)]
	for _, d := range defs {
		if n := r.arrays[d].shape[d.TimeIn(rec)]; n != length {
			r.fail("%s runs over %d steps, %s over %d", defs[0].Name, length, d.Name, n)
		}
	}
	for k := range length {
		if rec.Down {
			k = length - 1 - k
		}
		*r.now[rec] = k
		r.run(defs, depth)
	}
}

// step evaluates an equation at the time at hand.
func (r *recurrence) step(a *array) func() {
	c := newCompiler(r.machine)
	body := c.compile(a.Body)
	times := make([]*int, a.Rank())
	for o := a.Rec; o != nil; o = o.In {
		times[a.TimeIn(o)] = r.now[o]
	}
	return func() {
		r.loop(a, c, 0, 0, times, func(at int) {
			a.data[at] = body()
			a.done[at] = true
		})
	}
}
