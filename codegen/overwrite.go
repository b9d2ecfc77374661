package codegen

import (
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// overwrites finds the results of a method that may be the slice of an argument,
// and says so for its comment; "": none may.
//
//	// p2 may be the slice p, m2 the slice m.
func (b *body) overwrites(e *entry, m *method, s *signature) string {
	b.over = map[*ir.Array]bool{}
	var out []string
	for _, o := range m.prog.Outputs {
		r := s.arrays[o.Array]
		if !m.outs[o.Array] || b.over[o.Array] || !slices.ContainsFunc(s.params, func(p Param) bool { return p.Go == r && p.What == Result }) {
			continue
		}
		var names []string
		for _, a := range m.plan.Overwrites(o.Array) {
			if x, _ := e.owner(a); x != nil && x.bundle == nil && s.arrays[a] == x.text {
				names = append(names, x.text)
			}
		}
		if len(names) == 0 {
			continue
		}
		b.over[o.Array] = true
		last := len(names) - 1
		list := names[last]
		if last > 0 {
			list = strings.Join(names[:last], ", ") + " or " + list
		}
		out = append(out, r+" may be the slice "+list)
	}
	if len(out) == 0 {
		return ""
	}
	return strings.Join(out, ", ") + "."
}
