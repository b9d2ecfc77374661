package nnc

import (
	"strings"
	"testing"
)

// TestForms: programs of which all dear sums are products, and all passes over images rows,
// stay so; TestFound says that the numbers are right, and would not notice loops.
func TestForms(t *testing.T) {
	for _, c := range []struct {
		name, source string
		products     int // in LossGrad and Loss
		rows         []string
	}{
		{"strides", "loss F(m: Conv[16, 3, 2, 1], k: Conv[32, 3, 2, 1], x: [N, 8, 32, 32]) = mean(relu(k(relu(m(x))))^2)", 2 + 2 + 3, nil},
		{"a kernel for each channel", "loss F(m: Conv[16, 3, 1, 1], d: DepthwiseConv[3, 1, 1], x: [N, 8, 28, 28]) = mean(d(relu(m(x)))^2)", 2 + 2 + 3, []string{"rt.ReluBacks("}},
		{"transposed", "loss F(m: Conv[16, 3, 2, 1], k: ConvTranspose[8, 4, 2, 1], x: [N, 8, 28, 28]) = mean(k(relu(m(x)))^2)", 2 + 2 + 3, []string{"rt.ReluBacks("}},
		{"one axis", "loss F(m: Conv1[16, 5, 2, 2], k: Conv1[32, 5, 2, 2], x: [N, 4, 256]) = mean(relu(k(relu(m(x))))^2)", 2 + 2 + 3, nil},
		{"lengths", "loss F(g: GRU[64], x: [N, 32, 16], len: [N] in 33) -> l { h[n in N, -1] = zeros[64];  h[n, t in 32] = if t < len[n] then g(x[n, t], h[n, t - 1]) else h[n, t - 1];  l = mean[n] sumsq(h[n, 31]) }", 2 + 2 + 3, nil},
		{"a mean of embeddings", "loss F(m: Embedding[1000, 32], ids: [N, 64] in 1000) -> l { e = m(ids);  h[n, d] = mean[t] e[n, t, d];  l = mean(h^2) }", 0, []string{"rt.Adds(", "rt.Adds("}},
		{"rotary positions", "loss F(m: Dense[64], x: [N, 64, 64]) = mean(rotary(m(x))^2)", 1 + 1 + 1, []string{"rt.Coss(", "rt.Sins("}},
	} {
		r, err := Compile("t.nn", []byte(c.source), Options{Package: "t"})
		if err != nil || r.Go == nil {
			t.Fatal(c.name, err, r.Diagnostics)
		}
		text := string(r.Go)
		if n := strings.Count(text, "rt.Contract(") + strings.Count(text, "rt.Gemm("); n != c.products {
			t.Errorf("%s: %d products, not %d", c.name, n, c.products)
		}
		if strings.Contains(text, "_at[") && c.products == 7 {
			t.Errorf("%s: elements of a gradient are added one by one", c.name)
		}
		for _, row := range c.rows {
			_, behind, ok := strings.Cut(text, row)
			if !ok {
				t.Errorf("%s: %s is not there", c.name, row)
			}
			text = behind
		}
	}
}
