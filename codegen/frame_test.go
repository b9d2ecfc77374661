package codegen_test

import (
	"regexp"
	"strconv"
	"testing"

	"github.com/nnc-lang/nnc/codegen"
)

const wideFrame = `
fn F8(u: [M], v: [N], k: [M] in N, x: [M, N], y: [M, N], s: real) -> (t: real, v4: [M, N], v0: [M], v1: [M], v2: [M], v3: [M], v5: [M]) {
  v0[m] = logsumexp[n] (0.5 * x[m, n] + relu((if y[m, n] <= x[m, n] then 0.5 else y[m, n])))
  v1[m] = logsumexp[n] (0.5 * x[m, n] + (if n + 4 < 3 * m then 0.5 / (2 + abs(x[m, n])) else (v0[m] + y[m, n])))
  v2[m] = 0.125 * sum[n] (0.5 * x[m, n] + (relu(v0[m]) - exp(-abs(x[m, n]))))
  v3[m] = mean[n] (0.5 * x[m, n] + (max(s, x[m, n]) - (if n <= m + 2 then y[m, n] else v0[m])))
  v4[m, n] = tanh((s / (2 + abs(s)) * (if y[m, n] <= x[m, n] then y[m, n] else v1[m])))
  v5[m] = logsumexp[n] (0.5 * x[m, n] + ((y[m, n] * v0[m]) - exp(-abs(x[m, n]))))
  t = sum[m] ((0.5 + s) - v4[m, k[m]])
}
`

// TestFrame: a kernel that keeps numbers in memory can be linked. Assembly that cannot
// be stopped has 792 bytes of the stack, of which its caller has some.
func TestFrame(t *testing.T) {
	m, methods := load(t, "f.nn", []byte(wideFrame), "value")
	out, err := codegen.EmitFiles(m, methods, codegen.Options{Package: "p", Source: "f.nn", SIMD: true, F64: true})
	if err != nil {
		t.Fatal(err)
	}
	frames := regexp.MustCompile(`NOSPLIT, \$(\d+)-(\d+)`).FindAllStringSubmatch(string(out.Assembly), -1)
	if len(frames) == 0 {
		t.Fatal("no kernel")
	}
	for _, x := range frames {
		local, _ := strconv.Atoi(x[1])
		params, _ := strconv.Atoi(x[2])
		if local+params > 792-64 {
			t.Errorf("a function has %d bytes of its own, and %d of parameters", local, params)
		}
	}
}
