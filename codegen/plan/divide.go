package plan

import "github.com/nnc-lang/nnc/ir"

// What a Go compiler needs for a function grows with the square of its length,
// so a program of more than longest steps is divided into parts of about part
// steps, each to be a function of its own.
const (
	longest = 1000
	part    = 60
)

// divide makes Parts of Body. What accumulates in a variable stays together.
func (p *Plan) divide() {
	size := make([]int, len(p.Body))
	last := map[*Def]int{} // where an accumulator is used
	total := 0
	for i, n := range p.Body {
		Visit([]Node{n}, func(n Node) {
			size[i]++
			if d := DefOf(n); d != nil && d.Scalar {
				last[d] = i
			}
		})
		total += size[i]
	}
	p.Parts = [][]Node{p.Body}
	if total <= longest {
		return
	}
	p.Parts = nil
	start, steps, until := 0, 0, 0
	for i, n := range p.Body {
		if d := DefOf(n); d != nil && d.Scalar {
			until = max(until, last[d])
		}
		if steps += size[i]; steps >= part && until <= i && i+1 < len(p.Body) {
			p.Parts = append(p.Parts, p.Body[start:i+1])
			start, steps = i+1, 0
		}
	}
	p.Parts = append(p.Parts, p.Body[start:])
}

// apart reports whether a is used in several parts, or in one and by the caller.
func (s *storer) apart(a *ir.Array, output bool) bool {
	uses := s.uses[a]
	for _, u := range uses {
		if u.part != uses[0].part {
			return true
		}
	}
	return output && len(s.p.Parts) > 1
}
