package dsl

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nnc-lang/nnc/ir"
)

// TestLower pins the equations that small programs become, of which the lines
// after the inputs are compared.
func TestLower(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"a default inside a function that is given a cell of a recurrence", `
fn F(x: [N]) -> v: [N] {
  u[-1] = zeros[N]
  u[t in 4] = shift(u[t-1])
  v = u[3]
}
fn shift(y: [N]) -> z: [N] { z[i] = y[i-1] ?? 1 }
`, `
y[t, j] = if t - 1 == -1 then 0 else u[t - 1, j]  t in 4, j in N  scan 1 up axis 0  // f.nn:4
z[t, i] = if i - 1 >= 0 then y[t, i - 1] else 1  t in 4, i in N  scan 1 up axis 0  // f.nn:7
u[t, i] = z[t, i]  t in 4, i in N  scan 1 up axis 0  // f.nn:4
v[i] = u[3, i]  i in N  // f.nn:5
output v = v
`},
		{"what a step gives beside the recurrence", `
fn F(x: [N]) -> (u: [N], w: [N]) {
  u[-1] = 0
  u[t], w[t] = step(u[t-1], x[t])
}
fn step(a, b) -> (c, d) { c = a + b; d = a * b }
`, `
c[t] = (if t - 1 == -1 then 0 else u[t - 1]) + x[t]  t in N  scan 1 up axis 0  // f.nn:6
d[t] = (if t - 1 == -1 then 0 else u[t - 1])*x[t]  t in N  scan 1 up axis 0  // f.nn:6
u[t] = c[t]  t in N  scan 1 up axis 0  // f.nn:4
w[t] = d[t]  t in N  scan 1 up axis 0  // f.nn:4
output u = u
output w = w
`},
		{"the remainder of a quotient rounded down", `
fn F(x: [N], p: [N] in N) = sum[i] (if floor(i / (p[i] + 1)) % 2 == 1 then x[i] else 0)
`, `
y = sum[i in N] (if floor(i/(p[i] + 1))%2 == 1 then x[i] else 0)  // f.nn:2
output y = y
`},
		{"reshape keeps the axes that stay", `
fn F(x: [C, N]) -> y: [C, N] where C % 2 == 0 {
  u: [2, C/2, N] = reshape(x)
  v[g, c, n] = u[g, c, n] * u[0, c, n]
  y = reshape(v)
}
`, `
where C%2 == 0
u[i, j, n] = x[i*floor(C/2) + j, n]  i in 2, j in floor(C/2), n in N  // f.nn:3
v[g, c, n] = u[g, c, n]*u[0, c, n]  g in 2, c in floor(C/2), n in N  // f.nn:4
y[c, n] = v[floor(c/floor(C/2)), c%floor(C/2), n]  c in C, n in N  // f.nn:5
output y = y
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, ds := Load("f.nn", []byte(c.src), Options{})
			if len(ds) > 0 {
				t.Fatal(ds.Error())
			}
			l, err := m.Entries[0].Lower(ir.Mode{})
			if err != nil {
				t.Fatal(err)
			}
			if err := ir.Verify(l.Program); err != nil {
				t.Error(err)
			}
			got := "\n"
			for _, line := range strings.SplitAfter(ir.Print(l.Program), "\n") {
				if !strings.HasPrefix(line, "program") && !strings.HasPrefix(line, "dim") && !strings.HasPrefix(line, "input") {
					got += line
				}
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("lowers differently (-want +got):\n%s", d)
			}
		})
	}
}
