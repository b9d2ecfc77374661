package train

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	rt "github.com/nnc-lang/nnc/runtime"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/optim"
)

// line is y = w0 + w1*x, with a count of the steps as its state.
type line struct{ w, state []float32 }

func newLine() *line { return &line{make([]float32, 2), make([]float32, 1)} }

func (m *line) Flat() []float32 { return m.w }

func (m *line) Params() iter.Seq[rt.Param[float32]] {
	return slices.Values([]rt.Param[float32]{{Name: "w", Shape: []int{2}, Data: m.w}, {Name: "State.steps", Data: m.state}})
}

const points = 23

// fitLine is a loop over points of y = 2x - 1 that is noisy in a way that depends
// on the seed of the step, as dropout is.
func fitLine(opt optim.Optimizer[float32]) (*Loop[float32], *line) {
	m, grad := newLine(), newLine()
	return &Loop[float32]{
		Model: m, Grad: grad, Optimizer: opt,
		Rows: data.All(points), Size: 5, Epochs: 6, Seed: 3,
		Step: func(b Batch) (loss float32, err error) {
			clear(grad.w)
			m.state[0]++
			for i, n := range b.Rows {
				x := float32(n) / points
				noise := float32(rt.NewStream(b.Seed, "noise").Normal(i)) / 10
				d := m.w[0] + m.w[1]*x + noise - (2*x - 1)
				loss += d * d / float32(len(b.Rows))
				grad.w[0] += 2 * d / float32(len(b.Rows))
				grad.w[1] += 2 * d * x / float32(len(b.Rows))
			}
			return loss, nil
		},
		Validate: func(e *Epoch) error {
			e.Set("distance", math.Hypot(float64(m.w[0])+1, float64(m.w[1])-2))
			e.Set("wave", math.Abs(float64(e.N)-4))
			return nil
		},
	}, m
}

func timeless(list []Epoch) []Epoch {
	list = slices.Clone(list)
	for i := range list {
		list[i].Time = 0
	}
	return list
}

func bits(x []float32) (b []uint32) {
	for _, v := range x {
		b = append(b, math.Float32bits(v))
	}
	return b
}

// TestResume ends a run after every possible step and goes on with another
// process's objects: all bits must be those of the run in one piece.
func TestResume(t *testing.T) {
	adam := func() optim.Optimizer[float32] { return optim.NewAdam[float32](2, 0.05) }
	tests := []struct {
		name string
		opt  func() optim.Optimizer[float32]
		set  func(l *Loop[float32])
	}{
		{"adam", adam, func(l *Loop[float32]) {}},
		{"sgd", func() optim.Optimizer[float32] { return optim.NewSGD[float32](2, 0.1) }, func(l *Loop[float32]) { l.Clip = 0.5 }},
		{"momentum, keep", func() optim.Optimizer[float32] { return optim.NewMomentum[float32](2, 0.01, 0.9, true) },
			func(l *Loop[float32]) { l.Keep = Lowest("wave") }},
		{"schedule, patience", adam, func(l *Loop[float32]) {
			l.Keep, l.Patience, l.Schedule = Lowest("wave"), 1, optim.Cosine(0.1, 0.01, 30)
		}},
		{"load, drop last", adam, func(l *Loop[float32]) {
			l.DropLast = true
			l.Load = func(Batch) error { return nil }
		}},
		{"in order", adam, func(l *Loop[float32]) { l.InOrder = true }},
	}
	for _, c := range tests {
		want, whole := fitLine(c.opt())
		c.set(want)
		all, err := want.Run(t.Context())
		if err != nil {
			t.Fatal(c.name, err)
		}
		for cut := 1; cut < all.Steps; cut += 1 + cut%2 { // at every place in an epoch
			file := filepath.Join(t.TempDir(), "run")
			ctx, cancel := context.WithCancel(t.Context())
			first, _ := fitLine(c.opt())
			c.set(first)
			first.Checkpoint = Checkpoint{File: file, Steps: 1000} // only at the end
			first.OnStep = func(b Batch, _ float32) error {
				if b.Step == cut-1 {
					cancel()
				}
				return nil
			}
			if part, err := first.Run(ctx); !errors.Is(err, context.Canceled) || part.Steps != cut {
				t.Fatalf("%s: cut after %d: %d steps, %v", c.name, cut, part.Steps, err)
			}
			second, m := fitLine(c.opt())
			c.set(second)
			second.Checkpoint = Checkpoint{File: file, Steps: 1000}
			for again := range 2 { // the second time, there is nothing left to do
				got, err := second.Run(t.Context())
				if err != nil {
					t.Fatal(c.name, err)
				}
				same := fmt.Sprint(timeless(got.Epochs)) == fmt.Sprint(timeless(all.Epochs)) && got.Best.N == all.Best.N &&
					got.Stopped == all.Stopped && got.Steps == all.Steps && got.Resumed == []int{cut, all.Steps}[again]
				if !same || !slices.Equal(bits(m.w), bits(whole.w)) || m.state[0] != whole.state[0] {
					t.Fatalf("%s: cut after step %d, run %d: %v %v %+v, want %v %v %+v", c.name, cut, again+1, m.w, m.state, got, whole.w, whole.state, all)
				}
			}
		}
	}
}

func TestKeep(t *testing.T) {
	for _, c := range []struct {
		keep     Best
		patience int
		best     int
		epochs   int
	}{
		{Best{}, 0, 6, 6},
		{Lowest("wave"), 0, 4, 6},
		{Lowest("wave"), 1, 4, 5},
		{Highest("wave"), 3, 1, 4},
		{Lowest("loss"), 0, 6, 6},
	} {
		l, m := fitLine(optim.NewAdam[float32](2, 0.05))
		l.Keep, l.Patience = c.keep, c.patience
		var after [][]float32 // the weights after each epoch
		l.OnEpoch = func(Epoch) error {
			after = append(after, slices.Clone(m.w))
			return nil
		}
		r, err := l.Run(t.Context())
		if err != nil || r.Best.N != c.best || len(r.Epochs) != c.epochs || r.Stopped != (c.epochs < 6) {
			t.Errorf("%+v: best %d of %d, stopped %v, %v", c, r.Best.N, len(r.Epochs), r.Stopped, err)
			continue
		}
		if !slices.Equal(m.w, after[c.best-1]) {
			t.Errorf("%+v: the weights are not those of the best epoch", c)
		}
	}
}

// TestBatches: every example once an epoch, in an order of its own each time;
// every step with a seed of its own; with Load, in the slot that was loaded.
func TestBatches(t *testing.T) {
	for _, loaded := range []bool{false, true} {
		l, _ := fitLine(optim.NewSGD[float32](2, 0.1))
		var slots [2]int // the step that is loaded there, plus 1
		if loaded {
			l.Load = func(b Batch) error {
				slots[b.Slot] = b.Step + 1
				return nil
			}
		}
		var orders [][]int
		var order []int
		seeds := map[uint64]bool{}
		l.OnStep = func(b Batch, _ float32) error {
			order = append(order, b.Rows...)
			seeds[b.Seed] = true
			if loaded && slots[b.Slot] != b.Step+1 {
				t.Errorf("step %d finds step %d loaded", b.Step, slots[b.Slot]-1)
			}
			return nil
		}
		l.OnEpoch = func(Epoch) error {
			orders = append(orders, order)
			order = nil
			return nil
		}
		if _, err := l.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i, o := range orders {
			if i > 0 && slices.Equal(o, orders[i-1]) {
				t.Error("two epochs in the same order")
			}
			if !slices.Equal(slices.Sorted(slices.Values(o)), data.All(points)) {
				t.Errorf("an epoch of %v", o)
			}
		}
		if len(seeds) != 30 || len(orders) != 6 {
			t.Errorf("%d seeds in %d epochs", len(seeds), len(orders))
		}
	}
	l, _ := fitLine(optim.NewSGD[float32](2, 0.1))
	if got := l.order(1)[:5]; !slices.Equal(got, []int{17, 7, 4, 3, 5}) {
		t.Errorf("the order for seed 3 has changed to %v: runs on other machines and old checkpoints have another", got)
	}
}

func TestErrors(t *testing.T) {
	bad := errors.New("bad")
	tests := []struct {
		want string
		set  func(l *Loop[float32])
	}{
		{"needs Model", func(l *Loop[float32]) { l.Step = nil }},
		{"no examples", func(l *Loop[float32]) { l.Rows = nil }},
		{"negative", func(l *Loop[float32]) { l.Size = -1 }},
		{"full", func(l *Loop[float32]) { l.Size, l.DropLast = 50, true }},
		{"Patience needs Keep", func(l *Loop[float32]) { l.Patience = 1 }},
		{`asks for "none"`, func(l *Loop[float32]) { l.Keep = Highest("none") }},
		{"epoch 1, step 1: bad", func(l *Loop[float32]) { l.Step = func(Batch) (float32, error) { return 0, bad } }},
		{"loss is NaN in epoch 1, step 1;", func(l *Loop[float32]) {
			l.Step = func(Batch) (float32, error) { return float32(math.NaN()), nil }
		}},
		{"norm of the gradient is +Inf", func(l *Loop[float32]) {
			l.Clip = 1
			l.Step = func(Batch) (float32, error) { l.Grad.Flat()[0] = float32(math.Inf(1)); return 0, nil }
		}},
		{"validation after epoch 1: bad", func(l *Loop[float32]) { l.Validate = func(*Epoch) error { return bad } }},
		{"loading a batch: bad", func(l *Loop[float32]) { l.Load = func(Batch) error { return bad } }},
		{"bad", func(l *Loop[float32]) { l.OnStep = func(Batch, float32) error { return bad } }},
		{"bad", func(l *Loop[float32]) { l.OnEpoch = func(Epoch) error { return bad } }},
		{"save", func(l *Loop[float32]) { l.Checkpoint.File = filepath.Join(t.TempDir(), "none", "run") }},
	}
	for _, c := range tests {
		l, m := fitLine(optim.NewSGD[float32](2, 0.1))
		c.set(l)
		if _, err := l.Run(t.Context()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
		if m.w[0] != m.w[0] || math.IsInf(float64(m.w[0]), 0) {
			t.Errorf("%s: the weights are %v", c.want, m.w)
		}
	}
}

func TestErrStop(t *testing.T) {
	l, _ := fitLine(optim.NewSGD[float32](2, 0.1))
	l.OnStep = func(b Batch, _ float32) error {
		if b.Step == 6 {
			return ErrStop
		}
		return nil
	}
	if r, err := l.Run(t.Context()); err != nil || !r.Stopped || r.Steps != 7 {
		t.Error(r, err)
	}
	l.OnStep, l.OnEpoch = nil, func(Epoch) error { return ErrStop }
	if r, err := l.Run(t.Context()); err != nil || !r.Stopped || r.Steps != 5 {
		t.Error(r, err)
	}
}

func TestStepsAllocateNothing(t *testing.T) {
	l, _ := fitLine(optim.NewSGD[float32](2, 0.1))
	l.Rows, l.Size, l.Validate = data.All(2000), 1, nil
	if n := testing.AllocsPerRun(3, func() { l.Run(t.Context()) }); n > 6*20+50 {
		t.Errorf("%v allocations in 12000 steps", n)
	}
}

// A loop in float64 is the same code.
var _ = (*Loop[float64]).Run
