package codegen_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

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

// TestLong compares the methods of a network that are so long that they are
// divided with the interpreter: numbers and scratch rows are used in many parts.
func TestLong(t *testing.T) {
	var s strings.Builder
	s.WriteString("layer Cell(x: [2], e: real) -> y: [2] { param g: real = 1;  param a: [2] = 0.1;  y = softmax(tanh(g * (x |> Dense[2]) + a) - e) }\n")
	s.WriteString("model Net(x: [2]) -> y: [2] {\n  param g: real = 1;  h0 = x;  e = exp(g)\n")
	for k := range 52 {
		fmt.Fprintf(&s, "  h%d = h%d |> Cell(e)\n", k+1, k)
	}
	s.WriteString("  y = h52 * g\n}\nloss Fit(m: Net, x: [N, 2], y: [N, 2], w: real) = exp(w) * mse(m(x), y) + tanh(w)\n")
	m, methods := load(t, "long.nn", []byte(s.String()), "value", "grad")
	out, err := codegen.Emit(m, methods, codegen.Options{Package: "long", Source: "long.nn"})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"initPart2", "paramsPart9", "cutPart3", "lossGradPart2"} {
		if !strings.Contains(string(out), ") "+part+"(") {
			t.Errorf("there is no %s", part)
		}
	}
	dir := newModule(t)
	addPackage(t, dir, "long", m, methods)
	runModule(t, dir)
}

// TestLinear bounds how the work to emit grows with the number of layers, by
// what is allocated, which does not depend on what else runs.
func TestLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	made := map[int]uint64{}
	for _, n := range []int{125, 1000} {
		m, methods := load(t, "deep.nn", deep(n), "value", "grad")
		for range 2 { // the first also makes what is made once
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			if _, err := codegen.Emit(m, methods, codegen.Options{Package: "deep", Source: "deep.nn"}); err != nil {
				t.Fatal(err)
			}
			runtime.ReadMemStats(&after)
			made[n] = after.Mallocs - before.Mallocs
		}
	}
	if made[1000] > 10*made[125] {
		t.Errorf("125 layers take %d allocations, 1000 take %d", made[125], made[1000])
	}
}
