package plan_test

import (
	"testing"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

const unraveled = `clear grad
loop n in N
  loop i in 8
    loop i' in 64
      flat[n, i' + 64*i] = E[ctx[n, i], i']
      grad[ctx[n, i], i'] += flat[n, i' + 64*i]
loop n in N
  loop i in 3
    loop i' in 2
      loop i'' in 5
        cut[n, i'' + 5*i' + 10*i] = x[n, i', i, i'']
loop n in N
  loop i in 12
    loop i' in 16
      part[n, i' + 16*i] = if i >= 4 then F[i, i'] else F[i', i]
loop n in N
  loop i in N
    loop i' in M
      sizes[n, M*i + i'] = a[i']
loop n in N
  loop i in 30
    same[n, i] = x1[n, floor(i/15), floor(i/5)%3, i%5]
loop n in N
  loop i in 30
    twice[n, i] = y[n, floor(i/2)]
loop n in N
  loop i in 30
    neither[n, i] = y1[n, i%15]*y1[n, i%10]
loop n in N
  loop i in 30
    short[n, i] = exp(x2[n, floor(i/5)%2, floor(i/10), i%5])
`

// TestUnravel: an axis is taken apart where rows come of it, and not where all
// that is read lies side by side, or elements repeat.
func TestUnravel(t *testing.T) {
	p, err := ir.Parse(`program P
dim N call
dim M call
input E: real[256, 64] data
input ctx: int[N, 8] in 256 data
input F: real[16, 16] data
input x: real[N, 2, 3, 5] data
input x1: real[N, 2, 3, 5] data
input x2: real[N, 2, 3, 5] data
input y: real[N, 15] data
input y1: real[N, 15] data
input a: real[M] data
flat[n, i] = E[ctx[n, floor(i/64)], i%64]  n in N, i in 512
cut[n, i] = x[n, floor(i/5)%2, floor(i/10), i%5]  n in N, i in 30
part[n, i] = if i >= 64 then F[floor(i/16), (i - 32)%16] else F[i%16, floor(i/16)]  n in N, i in 192
sizes[n, i] = a[i%M]  n in N, i in N*M
same[n, i] = x1[n, floor(i/15), floor(i/5)%3, i%5]  n in N, i in 30
twice[n, i] = y[n, floor(i/2)]  n in N, i in 30
neither[n, i] = y1[n, i%15]*y1[n, i%10]  n in N, i in 30
short[n, i] = exp(x2[n, floor(i/5)%2, floor(i/10), i%5])  n in N, i in 30
grad[ctx[n, floor(i/64)], i%64] += flat[n, i]  n in N, i in 512  shape [256, 64]
output flat = flat
output cut = cut
output part = part
output sizes = sizes
output same = same
output twice = twice
output neither = neither
output short = short
output grad = grad
`)
	if err != nil {
		t.Fatal(err)
	}
	outside := map[*ir.Array]bool{}
	for _, o := range p.Outputs {
		outside[o.Array] = true
	}
	if got := plan.Make(p, outside).String(); got != unraveled {
		t.Errorf("the plan is\n%s", got)
	}
}
