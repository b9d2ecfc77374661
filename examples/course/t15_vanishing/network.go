package vanishing

import (
	"math"
	"math/rand/v2"
)

// network is a deep network of any kind: its weights, and what has come back to
// each layer after step.
type network struct {
	name    string
	weights [L][]float64 // [H,H], of the layers from the input on
	out     []float64    // [H,K]
	back    [L][]float64 // [H]: dl/dz of each layer
	step    func(x []float64, y int32) error
}

// networks returns one network of each kind.
func networks() []*network {
	s, ds, fs := NewDeepSigmoid(), NewDeepSigmoid(), NewFitSigmoid()
	t, dt, ft := NewDeepTanh(), NewDeepTanh(), NewFitTanh()
	r, dr, fr := NewDeepReLU(), NewDeepReLU(), NewFitReLU()
	all := []*network{
		{name: "sigmoid", out: s.Out.W, step: func(x []float64, y int32) error {
			_, err := fs.LossGrad(s, FitSigmoidBatch{X: x, Y: y}, ds)
			return err
		}},
		{name: "tanh", out: t.Out.W, step: func(x []float64, y int32) error {
			_, err := ft.LossGrad(t, FitTanhBatch{X: x, Y: y}, dt)
			return err
		}},
		{name: "ReLU", out: r.Out.W, step: func(x []float64, y int32) error {
			_, err := fr.LossGrad(r, FitReLUBatch{X: x, Y: y}, dr)
			return err
		}},
	}
	for l := range L {
		all[0].weights[l], all[0].back[l] = s.Body[l].W, ds.Body[l].B
		all[1].weights[l], all[1].back[l] = t.Body[l].W, dt.Body[l].B
		all[2].weights[l], all[2].back[l] = r.Body[l].W, dr.Body[l].B
	}
	return all
}

// scheme is how initial weights are drawn.
type scheme struct {
	name string
	draw func(rng *rand.Rand, in, out int) float64
}

// uniform draws from -most..most, whose variance is most²/3.
func uniform(rng *rand.Rand, most float64) float64 { return most * (2*rng.Float64() - 1) }

var schemes = []scheme{
	{"standard", func(rng *rand.Rand, in, out int) float64 { return uniform(rng, 1/math.Sqrt(float64(in))) }},
	{"Glorot", func(rng *rand.Rand, in, out int) float64 { return uniform(rng, math.Sqrt(6/float64(in+out))) }},
	{"He", func(rng *rand.Rand, in, out int) float64 { return rng.NormFloat64() * math.Sqrt(2/float64(in)) }},
}

// draw sets all weights as the scheme says; the biases are 0.
func (n *network) draw(s scheme, rng *rand.Rand) {
	for _, w := range n.weights {
		for i := range w {
			w[i] = s.draw(rng, H, H)
		}
	}
	for i := range n.out {
		n.out[i] = s.draw(rng, H, K)
	}
}
