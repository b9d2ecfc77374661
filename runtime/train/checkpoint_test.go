package train

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	rt "github.com/nnc-lang/nnc/runtime"
	"github.com/nnc-lang/nnc/runtime/optim"
)

// alone is a model as an emitted one writes itself.
type alone struct{ *line }

func (a alone) WriteTo(w io.Writer) (int64, error) {
	return rt.WriteParams(w, rt.SchemaOf(a.Params()), a.Params())
}

// TestForeignCheckpoint: a file that is not of this run is an error, and stays.
func TestForeignCheckpoint(t *testing.T) {
	file := filepath.Join(t.TempDir(), "run")
	first, _ := fitLine(optim.NewAdam[float32](2, 0.05))
	first.Checkpoint.File = file
	if _, err := first.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		want string
		file []byte
		set  func(l *Loop[float32])
	}{
		{"", whole, func(l *Loop[float32]) { l.Epochs = 9 }},
		{"", whole, func(l *Loop[float32]) { l.Epochs = 2 }},
		{"another run: seed 3", whole, func(l *Loop[float32]) { l.Seed = 4 }},
		{"another run", whole, func(l *Loop[float32]) { l.Rows = l.Rows[1:] }},
		{"batches of 5", whole, func(l *Loop[float32]) { l.Size = 6 }},
		{"in order", whole, func(l *Loop[float32]) { l.InOrder = true }},
		{"highest", whole, func(l *Loop[float32]) { l.Keep = Highest("wave") }},
		{`no tensor "optimizer.adamax`, whole, func(l *Loop[float32]) { l.Optimizer = optim.NewAdamax[float32](2, 0.05) }},
		{"ends within", whole[:len(whole)-1], func(l *Loop[float32]) {}},
		{"ends within", nil, func(l *Loop[float32]) {}},
		{"position of the run", []byte(strings.Replace(string(whole), `"train.steps":"30"`, `"train.steps":"-1"`, 1)), func(l *Loop[float32]) {}},
		{"epoch 7 is missing", []byte(strings.Replace(string(whole), `"train.steps":"30"`, `"train.steps":"99"`, 1)), func(l *Loop[float32]) {}},
	}
	for _, c := range tests {
		if err := os.WriteFile(file, c.file, 0o666); err != nil {
			t.Fatal(err)
		}
		l, m := fitLine(optim.NewAdam[float32](2, 0.05))
		l.Checkpoint.File = file
		c.set(l)
		_, err := l.Run(t.Context())
		if c.want == "" {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
		if now, _ := os.ReadFile(file); string(now) != string(c.file) || m.w[0] != 0 {
			t.Errorf("%s: the file or the model was changed", c.want)
		}
	}
	// A model without a run says so, and a run's file is no model.
	if err := rt.SaveFile(file, alone{newLine()}); err != nil {
		t.Fatal(err)
	}
	if _, err := first.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "not the checkpoint of a run") {
		t.Error(err)
	}
}

// TestSaveTimes counts how often a run of 30 steps is saved.
func TestSaveTimes(t *testing.T) {
	for _, c := range []struct {
		set  Checkpoint
		want int
	}{
		{Checkpoint{}, 6},                 // after each epoch, the last one at the end again
		{Checkpoint{Steps: 4}, 7},         // 4, 8, …, 28
		{Checkpoint{Steps: 100}, 0},       // only at the end
		{Checkpoint{Every: time.Hour}, 0}, //
		{Checkpoint{Every: 1}, 30},        // each step is longer
		{Checkpoint{Steps: 15, Every: 1e15}, 2},
	} {
		file := filepath.Join(t.TempDir(), "run")
		l, _ := fitLine(optim.NewSGD[float32](2, 0.1))
		l.Checkpoint = c.set
		l.Checkpoint.File = file
		saves := 0
		var before os.FileInfo
		seen := func() {
			if info, err := os.Stat(file); err == nil && (before == nil || !os.SameFile(info, before)) {
				before = info
				saves++
			}
		}
		l.OnStep = func(Batch, float32) error { seen(); return nil }
		if _, err := l.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if c.want == 0 && saves != 0 || c.want > 0 && saves < c.want-1 {
			t.Errorf("%+v: %d saves before the end, want %d", c.set, saves, c.want)
		}
		if seen(); before == nil {
			t.Errorf("%+v: nothing saved at the end", c.set)
		}
	}
}
