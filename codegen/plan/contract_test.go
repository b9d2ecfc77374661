package plan_test

import (
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// What has to be a contraction, however it is written.
func TestContractions(t *testing.T) {
	for _, c := range []struct {
		name, program string
		want, not     string
	}{
		{"a window with padding reads a copy with zeros around it", `program P
dim N call
input x: real[N, 8, 28] data
input k: real[6, 8, 5] param
y[n, o, i] = sum[c in 8, u in 5] k[o, c, u]*(if i + u - 2 >= 0 and i + u - 2 < 28 then x[n, c, i + u - 2] else 0)  n in N, o in 6, i in 28
output y = y
`, "contract y[n, o, i] = sum[c, u] y_in[n, c, u + i] * k[o, c, u]", ""},
		{"the gradient of a window's input, with the kernel backwards", `program P
dim N call
input dy: real[N, 6, 24] data
input k: real[6, 8, 5] param
dx[n, c, i] = sum[o in 6, u in 5] (if 0 <= i - u and i - u < 24 then dy[n, o, i - u]*k[o, c, u] else 0)  n in N, c in 8, i in 28
output dx = dx
`, "contract dx[n, c, i] = sum[o, u]", ""},
		{"a triangular sum masks one factor", `program P
dim T call
input s: real[T, T] data
input v: real[T, 64] data
y[t, e] = sum[j in t + 1] s[t, j]*v[j, e]  t in T, e in 64
output y = y
`, "contract y[t, e] = sum[j] y_in[t, j] * v[j, e]", ""},
		{"what alone depends on an index is summed first", `program P
dim N call
input z: real[N, 25, 64] data
input q: real[25, 64, 64] data
d[k, j] = sum[n in N, i in 64] z[n, k, i]*q[k, i, j]  k in 25, j in 64
output d = d
`, "contract d[k, j] = sum[i] q[k, i, j] * d_sum[k, i]", "loop j"},
		{"a guard that does not bound the read stays a guard", `program P
dim N call
input x: real[N, 64] data
input w: real[64, 64] param
y[n, o] = sum[i in 64] w[o, i]*(if x[n, i] > 0 then x[n, i] else 0)  n in N, o in 64
output y = y
`, "contract y[n, o] = sum[i] y_in[n, i] * w[o, i]", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := ir.Parse(c.program)
			if err != nil {
				t.Fatal(err)
			}
			got := plan.Make(p, map[*ir.Array]bool{p.Outputs[0].Array: true}).String()
			if !strings.Contains(got, c.want) || c.not != "" && strings.Contains(got, c.not) {
				t.Errorf("want %q and not %q in\n%s", c.want, c.not, got)
			}
		})
	}
}

// What goes into a relu lives for one iteration: the product behind it is
// computed where the relu's result will be.
func TestMemory(t *testing.T) {
	p, err := ir.Parse(`program P
dim N call
input x: real[N, 300] data
input w: real[300, 64] param
b[n, j] = (sum[i in 300] x[n, i]*w[i, j]) + w[0, j]  n in N, j in 64
h[n, j] = max(b[n, j], 0)  n in N, j in 64
l = sum[n in N, j in 64] h[n, j]
m = sum[n in N, j in 64] h[n, j]*h[n, 63 - j]
output l = l
output m = m
`)
	if err != nil {
		t.Fatal(err)
	}
	got := plan.Make(p, nil).String()
	if strings.Contains(got, "b is") || !strings.Contains(got, "h is 64*N at") {
		t.Errorf("b has memory of its own, or h has none:\n%s", got)
	}
}
