package pass

import (
	"slices"

	"github.com/nnc-lang/nnc/ir"
)

// early moves each result that nothing reads behind the last definition that it
// reads. Differentiation leaves the gradients of parameters at the end:
//
//	ddense[n,j] = …                                  ddense[n,j] = …
//	dh[n,i]     = sum[j] ddense[n,j]*W[i,j]          dW[i,j]     = sum[n] h[n,i]*ddense[n,j]
//	…                                           =>   db[j]       = sum[n] ddense[n,j]
//	dW[i,j]     = sum[n] h[n,i]*ddense[n,j]          dh[n,i]     = sum[j] ddense[n,j]*W[i,j]
//	db[j]       = sum[n] ddense[n,j]
//
// So what they read is still in the cache, or in the loop that makes it, and its
// memory is free for what comes next.
func early(p *ir.Program) error {
	made := make(map[*ir.Array]int, len(p.Defs)) // the end of the unit of each definition
	last := make(map[*ir.Array]int, len(p.Defs)) // the end of the last unit that it reads
	read := make(map[*ir.Array]bool, len(p.Defs))
	for end := 0; end < len(p.Defs); {
		unit := p.Defs[end : end+ir.Together(p.Defs[end:], 0)]
		end += len(unit)
		for _, a := range unit {
			made[a] = end
		}
		for _, a := range unit {
			for _, r := range a.Reads() {
				read[r] = true
				last[a] = max(last[a], made[r])
			}
		}
	}
	at := func(a *ir.Array) int {
		if n := last[a]; !read[a] && a.Rec == nil && n > 0 {
			return n
		}
		return made[a]
	}
	slices.SortStableFunc(p.Defs, func(a, b *ir.Array) int { return at(a) - at(b) })
	return nil
}
