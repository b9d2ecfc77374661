package plan_test

import (
	"testing"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

const unraveled = `loop n in N
  loop i in 8
    loop i' in 64
      flat[n, i' + 64*i] = E[ctx[n, i], i']
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
loop n in N
  loop i in 2
    loop i' in 3
      loop j in 20
        rows[n, i' + 3*i, j] = exp(x3[n, i', i, j])
clear grad
loop n in N
  loop i in 8
    loop i' in 64
      grad[ctx[n, i], i'] += flat[n, i' + 64*i]
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
input x3: real[N, 3, 2, 20] data
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
rows[n, i, j] = exp(x3[n, i%3, floor(i/3), j])  n in N, i in 6, j in 20
grad[ctx[n, floor(i/64)], i%64] += flat[n, i]  n in N, i in 512  shape [256, 64]
output flat = flat
output cut = cut
output part = part
output sizes = sizes
output same = same
output twice = twice
output neither = neither
output short = short
output rows = rows
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

const sumsOfJoined = `contract part_sum[n, t, j, j] = sum[u] z[n, u, j, j] * a[n, j, u, t]
loop n in N
  loop t in T
    loop j in 192
      part[n, t, j] = if j >= 128 then part_sum[n, t, floor(j/16) - 8, j%16] else 0
contract all[n, t, d] = sum[i, i] o[n, i, t, i] * W[d, i + 16*i]
contract along[n, t, d] = sum[i] v[n, t, 16*floor(i/16) + i%16] * W[d, i]
part_sum is 64*N*T at 0
`

// TestJoined: sums of products along an axis that a reshape joined are products along
// those that were joined, unless that axis lies in memory. The text of a plan tells no
// index of a product from another one of its name.
func TestJoined(t *testing.T) {
	p, err := ir.Parse(`program P
dim N call
dim T call
input z: real[N, T, 4, 16] data
input a: real[N, 4, T, T] data
input o: real[N, 4, T, 16] data
input v: real[N, T, 64] data
input W: real[64, 64] param
part[n, t, j] = if j >= 128 then sum[u in T] z[n, u, floor(j/16) - 8, j%16]*a[n, floor(j/16) - 8, u, t] else 0  n in N, t in T, j in 192
all[n, t, d] = sum[i in 64] o[n, floor(i/16), t, i%16]*W[d, i]  n in N, t in T, d in 64
along[n, t, d] = sum[i in 64] v[n, t, 16*floor(i/16) + i%16]*W[d, i]  n in N, t in T, d in 64
output part = part
output all = all
output along = along
`)
	if err != nil {
		t.Fatal(err)
	}
	outside := map[*ir.Array]bool{}
	for _, o := range p.Outputs {
		outside[o.Array] = true
	}
	if got := plan.Make(p, outside).String(); got != sumsOfJoined {
		t.Errorf("the plan is\n%s", got)
	}
}
