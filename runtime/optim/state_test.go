package optim

import (
	"maps"
	"slices"
	"testing"
)

// TestState stops each optimiser after three steps and goes on with another one,
// which must make the same fourth and fifth.
func TestState(t *testing.T) {
	const n = 3
	centered := func() Optimizer[float32] {
		o := NewRMSProp[float32](n, 0.1)
		o.Centered, o.Momentum = true, 0.9
		return o
	}
	late := func() Optimizer[float32] { // momentum set after New
		o := NewSGD[float32](n, 0.1)
		o.Momentum, o.Dampening = 0.9, 0.5
		return o
	}
	tests := map[string]func() Optimizer[float32]{
		"sgd":      func() Optimizer[float32] { return NewSGD[float32](n, 0.1) },
		"late":     late,
		"nesterov": func() Optimizer[float32] { return NewMomentum[float32](n, 0.1, 0.9, true) },
		"adagrad":  func() Optimizer[float32] { return NewAdaGrad[float32](n, 0.1) },
		"rmsprop":  centered,
		"adam":     func() Optimizer[float32] { return NewAdam[float32](n, 0.1) },
		"adamw":    func() Optimizer[float32] { return NewAdamW[float32](n, 0.1, 0.3) },
		"adamax":   func() Optimizer[float32] { return NewAdamax[float32](n, 0.1) },
	}
	for _, name := range slices.Sorted(maps.Keys(tests)) {
		whole, part, rest := tests[name](), tests[name](), tests[name]()
		want, got := []float32{1, 2, 3}, []float32{1, 2, 3}
		for i := range 5 {
			if i == 3 {
				saved := map[string][]float32{}
				for p := range part.State() {
					saved[p.Name] = slices.Clone(p.Data)
				}
				rest.SetSteps(part.Steps())
				for p := range rest.State() {
					if p.Shape[0] != len(p.Data) || copy(p.Data, saved[p.Name]) != n {
						t.Errorf("%s: %s is %d of %v", name, p.Name, p.Shape, saved)
					}
				}
				part = rest
			}
			grad := []float32{1, float32(i) - 2, 0.1}
			whole.Step(want, grad)
			part.Step(got, grad)
		}
		if !slices.Equal(got, want) || part.Steps() != 5 {
			t.Errorf("%s: %v after going on, want %v; %d steps", name, got, want, part.Steps())
		}
	}
}
