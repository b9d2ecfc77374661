package sound

// means is the classifier to beat: the word whose mean over the training
// sounds, or whose mean of some feature of them, is nearest.
type means struct {
	feature func(x []float32) []float32
	centre  [K][]float64
}

// nearest learns the means of a feature of spectrograms.
func nearest(b FitBatch, feature func(x []float32) []float32) *means {
	m := &means{feature: feature}
	var n [K]float64
	for i, y := range b.Y {
		f := feature(b.X[i*B*T:][:B*T])
		if m.centre[y] == nil {
			m.centre[y] = make([]float64, len(f))
		}
		n[y]++
		for j, v := range f {
			m.centre[y][j] += (float64(v) - m.centre[y][j]) / n[y]
		}
	}
	return m
}

// accuracy is the share of the sounds that m knows.
func (m *means) accuracy(b FitBatch) float64 {
	right := 0
	for i, y := range b.Y {
		f := m.feature(b.X[i*B*T:][:B*T])
		best, least := -1, 0.0
		for k, c := range m.centre {
			d := 0.0
			for j, v := range f {
				d += (float64(v) - c[j]) * (float64(v) - c[j])
			}
			if best < 0 || d < least {
				best, least = k, d
			}
		}
		if int32(best) == y {
			right++
		}
	}
	return float64(right) / float64(len(b.Y))
}

// average is the spectrum of a spectrogram: what is left without time.
func average(x []float32) []float32 {
	f := make([]float32, B)
	for b := range B {
		for _, v := range x[b*T:][:T] {
			f[b] += v / T
		}
	}
	return f
}
