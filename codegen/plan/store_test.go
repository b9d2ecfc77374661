package plan_test

import (
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// TestSucceed: of b a step reads what the one before left before it sets its
// own, so that one step is kept; c is multiplied with a matrix and d is read at
// other positions than the one that is set, so that they keep all.
func TestSucceed(t *testing.T) {
	p, err := ir.Parse(`program P
dim T call
input x: real[64] data
input W: real[64, 64] data
a[t, n] = (if t == 0 then 0 else b[t - 1, n]) + x[n]  t in T, n in 64  scan 1 up axis 0
b[t, n] = sum[m in 64] a[t, m]*W[m, n]  t in T, n in 64  scan 1 up axis 0
c[t, n] = if t == 0 then x[n] else sum[m in 64] c[t - 1, m]*W[m, n]  t in T, n in 64  scan 2 up axis 0
ofC[t, n] = sum[m in 64] c[t, m]*W[m, n]  t in T, n in 64  scan 2 up axis 0
d[t, n] = (if t == 0 then x[n] else d[t - 1, 63 - n]) + x[n]  t in T, n in 64  scan 3 up axis 0
ofD[t, n] = sum[m in 64] d[t, m]*W[m, n]  t in T, n in 64  scan 3 up axis 0
y = sum[t in T, n in 64] (ofC[t, n] + ofD[t, n])*a[t, n]
output y = y
`)
	if err != nil {
		t.Fatal(err)
	}
	got := plan.Make(p, map[*ir.Array]bool{}).String()
	for _, want := range []string{"\nb is 64 at", "\nc is 64*T at", "\nd is 64*T at"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
