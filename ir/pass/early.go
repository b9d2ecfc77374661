package pass

import "github.com/nnc-lang/nnc/ir"

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
	unit := make([]int, len(p.Defs)) // that each definition belongs to, by its last one
	for i := 0; i < len(p.Defs); {
		n := ir.Together(p.Defs[i:], 0)
		for k := range n {
			unit[i+k] = i + n - 1
		}
		i += n
	}
	made := map[*ir.Array]int{}
	read := map[*ir.Array]bool{}
	for i, a := range p.Defs {
		made[a] = unit[i]
		for _, r := range a.Reads() {
			read[r] = true
		}
	}
	behind := make([][]*ir.Array, len(p.Defs))
	for i, a := range p.Defs {
		at := i
		if !read[a] && a.Rec == nil {
			last := -1
			for _, r := range a.Reads() {
				if k, ok := made[r]; ok {
					last = max(last, k)
				}
			}
			if last >= 0 {
				at = last
			}
		}
		behind[at] = append(behind[at], a)
	}
	defs := make([]*ir.Array, 0, len(p.Defs))
	for _, list := range behind {
		defs = append(defs, list...)
	}
	p.Defs = defs
	return nil
}
