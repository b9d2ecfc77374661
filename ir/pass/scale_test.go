package pass

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/ir"
)

// deep is the text of a network of many residual layers with its gradient as
// the chain rule makes it.
func deep(layers int) string {
	var in, fwd, back, out strings.Builder
	fmt.Fprintf(&in, "program deep\ndim N call\ninput x: real[N, 8] data\n")
	fmt.Fprintf(&fwd, "h0[n, j] = x[n, j]  n in N, j in 8\n")
	for l := 1; l <= layers; l++ {
		fmt.Fprintf(&in, "input W%d: real[8, 8] param\ninput b%d: real[8] param\n", l, l)
		fmt.Fprintf(&fwd, "a%d[n, j] = (sum[i in 8] h%d[n, i]*W%d[i, j]) + b%d[j]  n in N, j in 8\n", l, l-1, l, l)
		fmt.Fprintf(&fwd, "h%d[n, j] = h%d[n, j] + max(a%d[n, j], 0)*1  n in N, j in 8\n", l, l-1, l)
	}
	fmt.Fprintf(&fwd, "l = (sum[n in N, j in 8] h%d[n, j]^2)/N\n", layers)
	fmt.Fprintf(&back, "dl = 1\ndh%d[n, j] = dl*(1/N)*(2*h%d[n, j]^1)  n in N, j in 8\n", layers, layers)
	for l := layers; l >= 1; l-- {
		fmt.Fprintf(&back, "da%d[n, j] = if a%d[n, j] > 0 then dh%d[n, j]*1 else 0  n in N, j in 8\n", l, l, l)
		fmt.Fprintf(&back, "dW%d[i, j] = sum[n in N] da%d[n, j]*1*h%d[n, i]  i in 8, j in 8\n", l, l, l-1)
		fmt.Fprintf(&back, "db%d[j] = sum[n in N] da%d[n, j]  j in 8\n", l, l)
		fmt.Fprintf(&back, "dh%d[n, i] = 1*dh%d[n, i] + (sum[j in 8] da%d[n, j]*W%d[i, j])  n in N, i in 8\n", l-1, l, l, l)
		fmt.Fprintf(&out, "output dW%d = dW%d\noutput db%d = db%d\n", l, l, l, l)
	}
	return in.String() + fwd.String() + back.String() + "output l = l\n" + out.String()
}

// TestLinear: ten times the layers may take about ten times the work. Work is
// counted in allocations, which do not depend on what else the machine does.
func TestLinear(t *testing.T) {
	run := func(layers int) uint64 {
		p, err := ir.Parse(deep(layers))
		if err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := Run(p, slices.Concat(Before, After, Emit)...); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return after.Mallocs - before.Mallocs
	}
	run(5)
	small, big := run(40), run(400)
	t.Logf("40 layers %d allocations, 400 layers %d", small, big)
	if big > 13*small {
		t.Errorf("400 layers take %d allocations, 40 take %d", big, small)
	}
}

func BenchmarkDeep(b *testing.B) {
	text := deep(1000)
	for b.Loop() {
		b.StopTimer()
		p, err := ir.Parse(text)
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if err := Run(p, slices.Concat(Before, After, Emit)...); err != nil {
			b.Fatal(err)
		}
	}
}
