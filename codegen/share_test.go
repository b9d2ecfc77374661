package codegen_test

import (
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/codegen"
)

const shared = `
layer Attention[E](x: [T, D]) -> y: [T, E] {
  param Q: [D, E] ~ glorot; param K: [D, E] ~ glorot; param V: [D, E] ~ glorot
  q = x @ Q;  k = x @ K;  v = x @ V
  s[i, j] = if j <= i then sum[e] q[i, e]*k[j, e] else -inf
  a = softmax(s)
  y[i, e] = sum[j] a[i, j]*v[j, e]
}

model Net(x: [T, 16]) -> y: [T, 8] {
  y = x |> Attention[32] |> LayerNorm |> Dense[64] |> gelu |> Dropout[0.3] |> Dense[8] |> softmax
}

loss Fit(m: Net, x: [N, T, 16], y: [N, T, 8]) = mse(m(x), y)
`

// TestShare: emitted loops give the same bits on any number of processors, as do
// several workspaces at once, and allocate nothing.
func TestShare(t *testing.T) {
	m, methods := load(t, "net.nn", []byte(shared), "value", "grad")
	out, err := codegen.Emit(m, methods, codegen.Options{Package: "p", Source: "net.nn"})
	if err != nil {
		t.Fatal(err)
	}
	for _, loop := range []string{".layerNorm", ".gelu", ".a\n", ".ddense"} {
		if !strings.Contains(string(out), loop) {
			t.Errorf("no loop%q is shared", loop)
		}
	}
	run(t, out, `import ("runtime"; "slices"; "sync"; "testing"; rt "github.com/nnc-lang/nnc/runtime")
const n, steps = 100, 60
func data() FitBatch {
	b := FitBatch{T: steps, X: make([]float32, n*steps*16), Y: make([]float32, n*steps*8)}
	rt.Uniform(b.X, 1, "x", -1, 1)
	rt.Uniform(b.Y, 2, "y", 0, 1)
	return b
}
func TestBits(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	net, b := NewNet(), data()
	net.Init(3)
	var want []float32
	for _, procs := range []int{1, 2, 3, 8, 64} {
		runtime.GOMAXPROCS(procs)
		f, d := NewFit(FitDims{N: n, T: steps}), NewNet()
		l, err := f.LossGrad(net, b, 7, d)
		if err != nil { t.Fatal(err) }
		if want == nil {
			want = append(d.Flat(), l)
		} else if !slices.Equal(append(d.Flat(), l), want) {
			t.Errorf("other bits on %d processors", procs)
		}
		if n := testing.AllocsPerRun(5, func() { f.LossGrad(net, b, 7, d) }); n > 0.5 {
			t.Errorf("%v allocations on %d processors", n, procs)
		}
	}
	runtime.GOMAXPROCS(4)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			f, d := NewFit(FitDims{N: n, T: steps}), NewNet()
			for range 5 {
				l, _ := f.LossGrad(net, b, 7, d)
				if !slices.Equal(append(d.Flat(), l), want) { t.Error("other bits beside other calls") }
			}
		})
	}
	all.Wait()
}
`)
}
