package dsl

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// noteCall remembers the frame of a call, for those who want to see it. What
// the prelude calls within is nobody's concern.
func (s *scope) noteCall(a *application, frame []*ir.Expr) {
	if s.mod.std == nil {
		return
	}
	text := s.source(a.at)
	if len(a.exprs) > 0 && a.exprs[0].At().Pos.Offset < a.at.Pos.Offset {
		text = "|> " + text
	}
	depth := 0
	for _, fd := range s.stack[:len(s.stack)-1] { // the last is called here
		if fd.mod.std != nil {
			depth++
		}
	}
	s.body.build.calls = append(s.body.build.calls, ir.CallFrame{Text: text, Pos: posOf(a.at), Depth: depth, Frame: frame})
}

// callFrames settles the sizes, and lists each call once: copies of a layer
// and repeated elaboration tell the same again.
func (c *checker) callFrames(list []ir.CallFrame) (out []ir.CallFrame) {
	seen := map[string]bool{}
	for _, f := range list {
		f.Frame = slices.Clone(f.Frame)
		key := fmt.Sprint(f.Depth, f.Pos, f.Text)
		for k, d := range f.Frame {
			f.Frame[k] = c.nameMetas(c.resolve(d))
			key += "," + ir.Sprint(f.Frame[k])
		}
		if !seen[key] {
			seen[key] = true
			out = append(out, f)
		}
	}
	return out
}
