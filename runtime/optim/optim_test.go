package optim

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"testing"

	rt "github.com/nnc-lang/nnc/runtime"
)

// net is softmax(tanh(x @ w1' + b1) @ w2' + b2) with mean cross-entropy, by hand.
type net struct {
	in, hidden, out int
	params, grad    []float64
	h, p            []float64
}

func newNet(in, hidden, out int) *net {
	n := hidden*in + hidden + out*hidden + out
	return &net{in, hidden, out, make([]float64, n), make([]float64, n), make([]float64, hidden), make([]float64, out)}
}

func (n *net) views(s []float64) (w1, b1, w2, b2 []float64) {
	a := n.hidden * n.in
	b := a + n.hidden
	c := b + n.out*n.hidden
	return s[:a], s[a:b], s[b:c], s[c:]
}

// lossGrad sets n.grad and returns the loss.
func (n *net) lossGrad(x []float64, labels []int) float64 {
	w1, b1, w2, b2 := n.views(n.params)
	d1, e1, d2, e2 := n.views(n.grad)
	clear(n.grad)
	loss, count := 0.0, float64(len(labels))
	for s, label := range labels {
		xs := x[s*n.in : (s+1)*n.in]
		copy(n.h, b1)
		rt.Gemm(n.hidden, 1, n.in, w1, n.in, 1, xs, 1, 1, n.h, 1, 1, true)
		for i, v := range n.h {
			n.h[i] = math.Tanh(v)
		}
		copy(n.p, b2)
		rt.Gemm(n.out, 1, n.hidden, w2, n.hidden, 1, n.h, 1, 1, n.p, 1, 1, true)
		top, sum := math.Inf(-1), 0.0
		for _, v := range n.p {
			top = max(top, v)
		}
		for _, v := range n.p {
			sum += math.Exp(v - top)
		}
		lse := top + math.Log(sum)
		loss += (lse - n.p[label]) / count
		for k, v := range n.p {
			dz := math.Exp(v - lse)
			if k == label {
				dz--
			}
			n.p[k] = dz / count
			e2[k] += n.p[k]
		}
		rt.Gemm(n.out, n.hidden, 1, n.p, 1, 1, n.h, 1, 1, d2, n.hidden, 1, true)
		for i, h := range n.h {
			var dh float64
			for k := range n.p {
				dh += n.p[k] * w2[k*n.hidden+i]
			}
			da := dh * (1 - h*h)
			e1[i] += da
			for j, v := range xs {
				d1[i*n.in+j] += da * v
			}
		}
	}
	return loss
}

type values struct {
	Shape []int
	Data  []float64
}

type trajectory struct {
	ID, Optimizer string
	Options       struct {
		LR          float64
		Momentum    float64
		Dampening   float64
		Nesterov    bool
		Betas       [2]float64
		Eps         float64
		WeightDecay float64 `json:"weight_decay"`
		LRDecay     float64 `json:"lr_decay"`
		Alpha       float64
		Centered    bool
	}
	Steps       int
	X           values
	T           struct{ Data []int }
	Init, Final map[string]values
	Losses      []float64
	Tol         struct{ RTol, ATol float64 }
	Clip        float64   `json:"clip_global_norm"`
	Rates       []float64 `json:"lr_per_step"`
}

func (c *trajectory) optimizer(n int) Optimizer[float64] {
	o := c.Options
	switch c.Optimizer {
	case "SGD":
		return &SGD[float64]{Rate: Rate(o.LR), Momentum: o.Momentum, Dampening: o.Dampening, WeightDecay: o.WeightDecay, Nesterov: o.Nesterov, n: n}
	case "Adam", "AdamW":
		a := NewAdam[float64](n, o.LR)
		a.Beta1, a.Beta2, a.Epsilon, a.WeightDecay, a.Decoupled = o.Betas[0], o.Betas[1], o.Eps, o.WeightDecay, c.Optimizer == "AdamW"
		return a
	case "Adamax":
		a := NewAdamax[float64](n, o.LR)
		a.Beta1, a.Beta2, a.Epsilon, a.WeightDecay = o.Betas[0], o.Betas[1], o.Eps, o.WeightDecay
		return a
	case "Adagrad":
		a := NewAdaGrad[float64](n, o.LR)
		a.RateDecay, a.Epsilon, a.WeightDecay = o.LRDecay, o.Eps, o.WeightDecay
		return a
	case "RMSprop":
		a := NewRMSProp[float64](n, o.LR)
		a.Alpha, a.Epsilon, a.Momentum, a.WeightDecay, a.Centered = o.Alpha, o.Eps, o.Momentum, o.WeightDecay, o.Centered
		return a
	}
	return nil
}

// TestTrajectories follows PyTorch for 30 steps on one network.
func TestTrajectories(t *testing.T) {
	file, err := os.Open("../../shared/cases/torch/trajectories.jsonl")
	if err != nil {
		if file, err = os.Open("../../../shared/cases/torch/trajectories.jsonl"); err != nil {
			t.Skip("no outside cases")
		}
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var c trajectory
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		t.Run(c.ID, func(t *testing.T) { c.run(t) })
	}
}

func (c *trajectory) run(t *testing.T) {
	n := newNet(c.X.Shape[1], c.Init["w1"].Shape[0], c.Init["w2"].Shape[0])
	w1, b1, w2, b2 := n.views(n.params)
	views := map[string][]float64{"w1": w1, "b1": b1, "w2": w2, "b2": b2}
	for name, v := range views {
		copy(v, c.Init[name].Data)
	}
	near := func(got, want float64) bool { return math.Abs(got-want) <= c.Tol.ATol+c.Tol.RTol*math.Abs(want) }
	o := c.optimizer(len(n.params))
	if o == nil {
		t.Fatalf("no optimiser %s", c.Optimizer)
	}
	for s := range c.Steps {
		if c.Rates != nil {
			o.SetRate(c.Rates[s])
		}
		if loss := n.lossGrad(c.X.Data, c.T.Data); !near(loss, c.Losses[s]) {
			t.Fatalf("step %d: loss %v, want %v", s, loss, c.Losses[s])
		}
		if c.Clip > 0 {
			ClipNorm(n.grad, c.Clip)
		}
		o.Step(n.params, n.grad)
	}
	for name, v := range views {
		for i := range v {
			if want := c.Final[name].Data[i]; !near(v[i], want) {
				t.Errorf("%s[%d] = %v, want %v", name, i, v[i], want)
			}
		}
	}
}

// TestSteps checks two steps from p = 1 with gradients 0.5 and -0.25 against the
// formulas worked out by hand.
func TestSteps(t *testing.T) {
	rms1 := 1 - 0.1*0.5/(math.Sqrt(0.01*0.25)+1e-8)
	tests := []struct {
		name string
		o    Optimizer[float64]
		want [2]float64
	}{
		{"sgd", NewSGD[float64](1, 0.1), [2]float64{0.95, 0.975}},
		{"momentum", NewMomentum[float64](1, 0.1, 0.5, false), [2]float64{0.95, 0.95}},
		{"nesterov", NewMomentum[float64](1, 0.1, 0.5, true), [2]float64{0.925, 0.95}},
		{"adagrad", NewAdaGrad[float64](1, 0.1), [2]float64{0.9, 0.9 + 0.025/math.Sqrt(0.3125)}},
		{"rmsprop", NewRMSProp[float64](1, 0.1), [2]float64{rms1, rms1 + 0.1*0.25/(math.Sqrt(0.99*0.0025+0.01*0.0625)+1e-8)}},
		{"adam", NewAdam[float64](1, 0.1), [2]float64{0.9, 0.9 - 0.1*(0.9*0.05-0.025)/0.19/math.Sqrt((0.999*0.00025+0.0000625)/0.001999)}},
		{"adamw", NewAdamW[float64](1, 0.1, 0.5), [2]float64{0.85, 0.85*0.95 - 0.1*(0.9*0.05-0.025)/0.19/math.Sqrt((0.999*0.00025+0.0000625)/0.001999)}},
		{"adamax", NewAdamax[float64](1, 0.1), [2]float64{0.9, 0.9 - 0.1*(0.9*0.05-0.025)/0.19/(0.999*0.5)}},
	}
	for _, c := range tests {
		p := []float64{1}
		for i, g := range []float64{0.5, -0.25} {
			c.o.Step(p, []float64{g})
			if math.Abs(p[0]-c.want[i]) > 1e-7 {
				t.Errorf("%s step %d: %v, want %v", c.name, i+1, p[0], c.want[i])
			}
		}
		grad := []float64{0.5}
		if n := testing.AllocsPerRun(10, func() { c.o.Step(p, grad) }); n != 0 {
			t.Errorf("%s: %v allocations a step", c.name, n)
		}
	}
}

func TestSchedules(t *testing.T) {
	tests := []struct {
		name string
		s    Schedule
		t    int
		want float64
	}{
		{"constant", Constant(2), 9, 2},
		{"step", StepDecay(1, 0.5, 3), 2, 1},
		{"step", StepDecay(1, 0.5, 3), 6, 0.25},
		{"exponential", Exponential(1, 0.5), 3, 0.125},
		{"cosine", Cosine(1, 0.2, 10), 5, 0.6},
		{"cosine", Cosine(1, 0.2, 10), 50, 0.2},
		{"linear", Linear(1, 0.5, 10), 5, 0.75},
		{"linear", Linear(1, 0.5, 10), 50, 0.5},
		{"inverse root", InverseRoot(2, 4), 3, 2},
		{"inverse root", InverseRoot(2, 4), 16, 1},
		{"per epoch", PerEpoch(10, Exponential(1, 0.5)), 25, 0.25},
		{"warmup", Warmup(4, Constant(1)), 0, 0.25},
		{"warmup", Warmup(4, Exponential(1, 0.5)), 5, 0.5},
	}
	for _, c := range tests {
		if got := c.s(c.t); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("%s(%d) = %v, want %v", c.name, c.t, got, c.want)
		}
	}
}

func TestClipNorm(t *testing.T) {
	g := []float32{3, 4}
	if n := ClipNorm(g, 10); n != 5 || g[0] != 3 {
		t.Error(n, g)
	}
	if n := ClipNorm(g, 1); n != 5 || math.Abs(Norm(g)-1) > 1e-6 {
		t.Error(n, g)
	}
	if ClipValue(g, 0.7); g[0] != 0.6 && math.Abs(float64(g[0])-0.6) > 1e-6 || g[1] != 0.7 {
		t.Error(g)
	}
	g[0] = float32(math.Inf(1))
	if n := ClipNorm(g, 1); !math.IsInf(n, 1) || !math.IsInf(float64(g[0]), 1) {
		t.Error(n, g)
	}
}
