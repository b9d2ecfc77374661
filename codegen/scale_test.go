package codegen_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nnc-lang/nnc/codegen"
)

// deep is a network of n layers.
func deep(n int) []byte {
	var s strings.Builder
	s.WriteString("model Net(x: [8]) -> y: [8] {\n  h0 = x\n")
	for k := range n {
		fmt.Fprintf(&s, "  h%d = h%d |> Dense[8] |> tanh\n", k+1, k)
	}
	fmt.Fprintf(&s, "  y = h%d\n}\nloss Fit(m: Net, x: [N, 8], y: [N, 8]) = mse(m(x), y)\n", n)
	return []byte(s.String())
}

// TestLinear bounds how the time to emit grows with the number of layers.
func TestLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	took := map[int]time.Duration{}
	for _, n := range []int{125, 1000} {
		m, methods := load(t, "deep.nn", deep(n), "value", "grad")
		best := time.Hour
		for range 2 {
			start := time.Now()
			out, err := codegen.Emit(m, methods, codegen.Options{Package: "deep", Source: "deep.nn"})
			if err != nil {
				t.Fatal(err)
			}
			best = min(best, time.Since(start))
			t.Logf("%d layers: %d bytes in %v", n, len(out), time.Since(start))
		}
		took[n] = best
	}
	if took[1000] > 24*took[125] {
		t.Errorf("125 layers take %v, 1000 take %v", took[125], took[1000])
	}
}
