package nnc_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/nnc-lang/nnc"
)

const fitNet = "loss Fit(m: Net, x: [N, 8], y: [N, 8]) = mse(m(x), y)\n"

// deepNet has n layers, each an equation.
func deepNet(n int) string {
	var s strings.Builder
	s.WriteString("model Net(x: [8]) -> y: [8] {\n  h0 = x\n")
	for k := range n {
		fmt.Fprintf(&s, "  h%d = h%d |> Dense[8] |> tanh\n", k+1, k)
	}
	fmt.Fprintf(&s, "  y = h%d\n}\n", n)
	return s.String() + fitNet
}

// repeatedNet has n blocks of one layer.
func repeatedNet(n int) string {
	return fmt.Sprintf(`layer Block(x: [8]) -> y: [8] = x + (x |> Dense[8] |> tanh)
model Net(x: [8]) -> y: [8] {
  param body: Block * %d
  y = x |> body
}
`, n) + fitNet
}

// longStep is a recurrence with n equations in its step.
func longStep(n int) string {
	var s strings.Builder
	s.WriteString("model Net(x: [T, 8]) -> y: [T, 8] {\n  param a: [8] = 0.1\n  h[-1] = zeros[8]\n  g0[t] = x[t] + h[t-1]\n")
	for k := range n {
		fmt.Fprintf(&s, "  g%d[t] = tanh(a * g%d[t])\n", k+1, k)
	}
	fmt.Fprintf(&s, "  h[t] = g%d[t]\n  y = h\n}\nloss Fit(m: Net, x: [N, T, 8], y: [N, T, 8]) = mse(m(x), y)\n", n)
	return s.String()
}

// longPipe is one pipe of 2*n functions.
func longPipe(n int) string {
	return "model Net(x: [8]) -> y: [8] = x" + strings.Repeat(" |> Dense[8] |> tanh", n) + "\n" + fitNet
}

// longSum is one sum of n terms.
func longSum(n int) string {
	var s strings.Builder
	s.WriteString("loss L(a) = a")
	for k := range n {
		fmt.Fprintf(&s, " + sin(%d*a)", k)
	}
	return s.String() + "\n"
}

func compileNet(t testing.TB, src string) {
	r, err := nnc.Compile("net.nn", []byte(src), nnc.Options{Package: "net"})
	if err != nil || r.Go == nil {
		t.Fatal(err, r.Diagnostics)
	}
}

// What is allocated from source to Go grows with the number of layers, and a
// layer costs no more than it did.
func TestCompileLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, c := range []struct {
		name  string
		net   func(int) string
		layer uint64 // allocations that one may take
	}{
		{"pipe", longPipe, 11_700},
		{"deep", deepNet, 11_200},
		{"repeated", repeatedNet, 12_900},
		{"step", longStep, 8_000},
	} {
		made := func(n int) uint64 {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			compileNet(t, c.net(n))
			runtime.ReadMemStats(&after)
			return after.Mallocs - before.Mallocs
		}
		made(1) // the prelude, rules and operators are read once
		few, many := made(50), made(200)
		t.Logf("%s: 50 layers take %d allocations, 200 take %d", c.name, few, many)
		if layer := (many - few) / 150; layer > c.layer {
			t.Errorf("%s: a layer takes %d allocations, not at most %d", c.name, layer, c.layer)
		}
		if float64(many) > 4.4*float64(few) {
			t.Errorf("%s: 50 layers take %d allocations, 200 take %d", c.name, few, many)
		}
	}
}

// Chains are no nesting: as many as anybody generates are compiled.
func TestLongChains(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	compileNet(t, longPipe(500))
	compileNet(t, longSum(5000))
}

// A kernel of hundreds of functions would take minutes to write: such a loop has none.
func TestLargestKernel(t *testing.T) {
	for _, n := range []int{10, 100} {
		r, err := nnc.Compile("net.nn", []byte(longStep(n)), nnc.Options{Package: "net", SIMD: true})
		if err != nil || r.Go == nil {
			t.Fatal(err, r.Diagnostics)
		}
		if k := len(r.Assembly); (n == 10) != (k > 50_000) {
			t.Errorf("%d steps have %d bytes of assembly", n, k)
		}
	}
}

// BenchmarkCompile is what `nnc compile` does with a network of many layers.
func BenchmarkCompile(b *testing.B) {
	for _, n := range []int{500, 1000, 2000} {
		src := deepNet(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				compileNet(b, src)
			}
		})
	}
}
