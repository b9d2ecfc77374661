package diff_test

import (
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/diff"
	"github.com/nnc-lang/nnc/ir"
)

// TestNothingPicked differentiates what is steep where no side was picked that
// leads to it, by both modes: 0, also where arrays stand between, rather than
// 0 times the infinite slope.
func TestNothingPicked(t *testing.T) {
	x, none := []float64{-1, -2}, []float64{0, 0}
	for _, c := range []struct {
		text string
		x    []float64
		want []float64
	}{
		{"s = sum[i in 2] max(x[i], 0)\nl = sqrt(s)", x, none},
		{"r[i] = max(x[i], 0)  i in 2\ns = sum[i in 2] r[i]\nl = sqrt(s)", x, none},
		{"r[i] = max(x[i], 0)  i in 2\ns = sum[i in 2] r[i]\nl = sqrt(s)", []float64{-1, 4}, []float64{0, 0.25}},
		{"r[i] = max(x[i], 0)  i in 2\ns = sum[i in 2] r[i]*real(i + 1)\nl = sqrt(s)", x, none}, // a contraction
		{"r[i] = max(x[i], 0)  i in 2\ns = sum[i in 2] r[i]*real(i + 1)\nl = sqrt(s)", []float64{-1, 2}, []float64{0, 0.5}},
		{"r[i] = max(x[i], 0)  i in 2\ns[k] = sum[i in 2] r[i]*real(i + k)  k in 2\nl = sum[k in 2] sqrt(s[k])", x, none},
		{"r[i] = max(x[i], 0)  i in 2\nq[i] = r[i]*3 + r[1 - i]  i in 2\nl = sum[i in 2] sqrt(q[i])", x, none},
		{"r[i] = max(x[i], 0)  i in 2\nu[i] = r[i]*sin(r[i])  i in 2\nl = sum[i in 2] u[i]^0.5", x, none},
		{"r[i] = max(x[i], 0)  i in 2\ns = sum[i in 2] r[i]\nl = s/s*0 + (if s > 0 then log(s) else 0)", x, none},
		{"r[i] = max(x[i], 0)  i in 2\ns = sum[i in 2] r[i]\nl = (if s > 0 then 1/s else 0) + exp(-1/s)", x, none},
		{"s = if x[0] > 0 then x[0] else if x[1] > 0 then x[1] else 0\nq = 2*s\nl = sqrt(q)", x, none},
		{"m = max[i in 2] (if x[i] > 0 then x[i] else 0)\nl = sqrt(m)", x, none},
		{"r[i] = max(x[i], 0)  i in 2\ns = 1 + r[0]\nq = r[1]/0\nl = s + q", []float64{2, -1}, []float64{1, 0}},
		{"y[i] = x[i]^2  i in 2\nz[i] = 2*y[i]  i in 2\nl = sqrt(z[0])", []float64{2, 0}, []float64{1.4142135623730951, 0}},
	} {
		m := newModel(t, "input x: real[2] param\n"+c.text+"\noutput l = l")
		m.at(map[string][]float64{"x": c.x})
		g := m.first()["grad.x"].Data
		m.compare(c.text, g, c.want, 1e-14, m.p)
		p := must(m)(diff.JVP(m.p, m.wrt))
		m.in["x_t"] = nil
		jvp := m.run(p)["jvp.l"].Data
		m.compare("jvp "+c.text, jvp, []float64{g[0]*m.in["x_t"].Data[0] + g[1]*m.in["x_t"].Data[1]}, 1e-13, p)
	}
}

// Where no slope is infinite, no condition is carried along.
func TestNothingCarried(t *testing.T) {
	m := newModel(t, `input x: real[3, 4] param
input W: real[4, 4] param
h[n, i] = max(x[n, i], 0)  n in 3, i in 4
m[n] = (sum[i in 4] h[n, i])/4  n in 3
v[n] = (sum[i in 4] (h[n, i] - m[n])^2)/4  n in 3
z[n, i] = (h[n, i] - m[n])/sqrt(v[n] + 1.0e-5)  n in 3, i in 4
g[n, j] = sum[i in 4] z[n, i]*W[i, j]  n in 3, j in 4
l = sum[n in 3, j in 4] log(1.0 + exp(g[n, j]))
output l = l`)
	columns := newModel(t, `sizes N=3
input x: real[N, 4] param
m[i] = (sum[n in N] x[n, i])/N  i in 4
v[i] = (sum[n in N] (x[n, i] - m[i])^2)/N  i in 4
z[n, i] = max((x[n, i] - m[i])/sqrt(v[i] + 1.0e-5), 0)  n in N, i in 4
l = sum[n in N, i in 4] z[n, i]*z[n, i]
output l = l`)
	for _, p := range []string{
		ir.Print(must(m)(diff.JVP(m.p, m.wrt))), ir.Print(must(m)(diff.HVP(m.p, "l", m.wrt, false))),
		ir.Print(must(columns)(diff.Gradient(columns.p, "l", columns.wrt))),
	} {
		if strings.Contains(p, "any") || strings.Contains(p, "_on") {
			t.Errorf("conditions are carried where no slope is infinite:\n%s", p)
		}
	}
}
