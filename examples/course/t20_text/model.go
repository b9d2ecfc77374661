package text

import (
	"math"
	"math/rand/v2"

	"github.com/nnc-lang/nnc/runtime/train"
)

// span is the length of the texts that a network is trained on and sees.
const span = Ctx

// model is a network with what it takes to train and use it.
type model struct {
	name     string
	model    train.Model[float32]
	grad     train.Model[float32]
	rate     float64
	lossGrad func(text, next []int32) (float32, error)
	forward  func(t int, text []int32, p []float32) error
}

// recurrent returns the LSTM for batches of n texts.
func recurrent(n int, seed uint64) *model {
	m, dm := NewRecurrent(), NewRecurrent()
	m.Init(seed)
	fit, eval := NewFitRecurrent(FitRecurrentDims{N: n, T: span}), NewRecurrentEval(RecurrentDims{N: n, T: span})
	return &model{
		name: "LSTM", model: m, grad: dm, rate: 6e-3,
		lossGrad: func(text, next []int32) (float32, error) {
			return fit.LossGrad(m, FitRecurrentBatch{T: span, Text: text, Next: next}, dm)
		},
		forward: func(t int, text []int32, p []float32) error { return eval.Forward(m, t, text, p) },
	}
}

// transformer returns the transformer for batches of n texts.
func transformer(n int, seed uint64) *model {
	m, dm := NewTransformer(), NewTransformer()
	m.Init(seed)
	fit, eval := NewFitTransformer(FitTransformerDims{N: n, T: span}), NewTransformerEval(TransformerDims{N: n, T: span})
	return &model{
		name: "transformer", model: m, grad: dm, rate: 4e-3,
		lossGrad: func(text, next []int32) (float32, error) {
			return fit.LossGrad(m, FitTransformerBatch{T: span, Text: text, Next: next}, dm)
		},
		forward: func(t int, text []int32, p []float32) error { return eval.Forward(m, t, text, p) },
	}
}

// learn trains on the texts that begin at the places at: now and next are
// buffers for them and for the same one character later.
func (m *model) learn(text []int32, at []int, now, next []int32) (float32, error) {
	for i, at := range at {
		copy(now[i*span:][:span], text[at:])
		copy(next[i*span:][:span], text[at+1:])
	}
	n := len(at) * span
	return m.lossGrad(now[:n], next[:n])
}

// bits is the mean of -log2 p over the text, each character predicted from the
// 32 to 63 before it.
func (m *model) bits(text []int32, n int) (float64, error) {
	const half = span / 2
	p := make([]float32, n*span*V)
	now := make([]int32, 0, n*span)
	var want []int32
	sum, count := 0.0, 0
	for at := 0; at+span < len(text); at += half {
		now = append(now, text[at:at+span]...)
		want = append(want, text[at+1:at+span+1]...)
		if len(now) < n*span && at+half+span < len(text) {
			continue
		}
		if err := m.forward(span, now, p[:len(now)*V]); err != nil {
			return 0, err
		}
		for i, c := range want {
			if i%span >= half {
				sum -= math.Log2(max(1e-30, float64(p[i*V+int(c)])))
				count++
			}
		}
		now, want = now[:0], want[:0]
	}
	return sum / float64(count), nil
}

// sample writes on after the prompt: n characters, drawn with the probabilities
// raised to the power 1/temperature.
func (m *model) sample(prompt []int32, n int, temperature float64, rnd *rand.Rand) ([]int32, error) {
	text := append([]int32(nil), prompt...)
	p := make([]float32, span*V)
	w := make([]float64, V)
	for range n {
		seen := text[max(0, len(text)-span):]
		if err := m.forward(len(seen), seen, p[:len(seen)*V]); err != nil {
			return nil, err
		}
		total := 0.0
		for k, v := range p[(len(seen)-1)*V:][:V] {
			w[k] = math.Pow(float64(v), 1/temperature)
			total += w[k]
		}
		u, k := rnd.Float64()*total, 0
		for ; k < V-1 && u >= w[k]; k++ {
			u -= w[k]
		}
		text = append(text, int32(k))
	}
	return text, nil
}
