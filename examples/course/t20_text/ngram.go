package text

import "math"

// ngram predicts a character from the n-1 before it, by counting. What it has
// seen seldom it mixes with what the shorter context says, as much as Witten
// and Bell (1991) advise.
type ngram struct {
	n      int
	counts []map[string]*following // by length of the context
}

// following is how often each character came after a context.
type following struct {
	total, kinds float64
	of           map[int32]float64
}

func count(text []int32, n int) *ngram {
	g := &ngram{n: n}
	key := keys(text)
	for k := range n {
		m := map[string]*following{}
		for i := k; i < len(text); i++ {
			f := m[key[i-k:i]]
			if f == nil {
				f = &following{of: map[int32]float64{}}
				m[key[i-k:i]] = f
			}
			if f.of[text[i]] == 0 {
				f.kinds++
			}
			f.of[text[i]]++
			f.total++
		}
		g.counts = append(g.counts, m)
	}
	return g
}

// keys is the text with a byte for each character, so that parts of it can be
// looked up.
func keys(text []int32) string {
	b := make([]byte, len(text))
	for i, c := range text {
		b[i] = byte(c)
	}
	return string(b)
}

// bits is the mean of -log2 p over the text.
func (g *ngram) bits(text []int32) float64 {
	key, sum := keys(text), 0.0
	for i, c := range text {
		p := 1. / V
		for k := 0; k < g.n && k <= i; k++ {
			if f := g.counts[k][key[i-k:i]]; f != nil {
				p = (f.of[c] + f.kinds*p) / (f.total + f.kinds)
			}
		}
		sum -= math.Log2(p)
	}
	return sum / float64(len(text))
}
