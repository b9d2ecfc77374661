package dsl_test

import "math"

func init() { arrayCases = append(arrayCases, seriesCases...) }

// gates is x @ W + b and h @ U of a cell.
func gates(p params, path string, x, h []float64) (a, g []float64) {
	a = affine(p, path, x)
	u := p[path+".U"]
	return a, affine(params{"u.W": u, "u.b": fill([]int{u.shape[1]}, func([]int) float64 { return 0 })}, "u", h)
}

func rnn(p params, path string, x []float64, s [][]float64) [][]float64 {
	a, g := gates(p, path, x, s[0])
	return [][]float64{apply(add(a, g), tanh)}
}

func gru(p params, path string, x []float64, s [][]float64) [][]float64 {
	a, g := gates(p, path, x, s[0])
	n := len(s[0])
	return [][]float64{fill([]int{n}, func(i []int) float64 {
		r, u := logistic(a[i[0]]+g[i[0]]), logistic(a[n+i[0]]+g[n+i[0]])
		return u*s[0][i[0]] + (1-u)*tanh(a[2*n+i[0]]+r*g[2*n+i[0]])
	}).data}
}

func lstm(p params, path string, x []float64, s [][]float64) [][]float64 {
	a, g := gates(p, path, x, s[0])
	z, n := add(a, g), len(s[0])
	c := fill([]int{n}, func(i []int) float64 {
		return logistic(z[n+i[0]]+1)*s[1][i[0]] + logistic(z[i[0]])*tanh(z[2*n+i[0]])
	})
	return [][]float64{fill([]int{n}, func(i []int) float64 { return logistic(z[3*n+i[0]]) * tanh(c.at(i...)) }).data, c.data}
}

type cell func(p params, path string, x []float64, s [][]float64) [][]float64

// run carries a cell of size 2 over the rows of x, from the end if back.
func run(c cell, path string, back bool, p params, x *array) *array {
	s := [][]float64{make([]float64, 2), make([]float64, 2)}
	y := &array{[]int{x.shape[0], 2}, make([]float64, 2*x.shape[0])}
	for k := range x.shape[0] {
		t := k
		if back {
			t = x.shape[0] - 1 - k
		}
		s = c(p, path, x.data[t*x.shape[1]:(t+1)*x.shape[1]], s)
		copy(y.data[2*t:], s[0])
	}
	return y
}

func over(c cell, path string, back bool) func(params) []float64 {
	return func(p params) []float64 { return run(c, path+".cell", back, p, p["x"]).data }
}

func both(c cell, path, layer string) func(params) []float64 {
	return func(p params) []float64 {
		a := run(c, path+"."+layer+"1.cell", false, p, p["x"])
		b := run(c, path+"."+layer+"Back1.cell", true, p, p["x"])
		return fill([]int{a.shape[0], 4}, func(i []int) float64 { return a.at(i...) + b.at(i[0], i[1]-2) }).data
	}
}

func step(c cell, path string) func(params) []float64 {
	return func(p params) []float64 {
		s := [][]float64{p["h"].data}
		if p["c"] != nil {
			s = append(s, p["c"].data)
		}
		s = c(p, path, p["x"].data, s)
		if len(s) == 2 { // results in the order of their names
			return append(s[1], s[0]...)
		}
		return s[0]
	}
}

// attention of the rows of x to those of m, in plain loops.
func attention(p params, path string, x, m *array, causal bool) []float64 {
	q, k, v := p[path+".Wq"], p[path+".Wk"], p[path+".Wv"]
	heads, size := q.shape[1], q.shape[2]
	project := func(w, x *array, h, t, e int) float64 {
		return sum(func(d []int) float64 { return x.at(t, d[0]) * w.at(d[0], h, e) }, x.shape[1])
	}
	return fill(x.shape, func(o []int) float64 {
		return sum(func(i []int) float64 {
			h, e := i[0], i[1]
			s := fill([]int{m.shape[0]}, func(j []int) float64 {
				if causal && j[0] > o[0] {
					return math.Inf(-1)
				}
				return sum(func(f []int) float64 { return project(q, x, h, o[0], f[0]) * project(k, m, h, j[0], f[0]) }, size) / math.Sqrt(float64(size))
			})
			a := prob(s)
			return p[path+".Wo"].at(h, e, o[1]) * sum(func(j []int) float64 { return a[j[0]] * project(v, m, h, j[0], e) }, m.shape[0])
		}, heads, size)
	}).data
}

// rows applies f to each row.
func rows(x []float64, width int, f func(row []float64) []float64) (out []float64) {
	for ; len(x) > 0; x = x[width:] {
		out = append(out, f(x[:width:width])...)
	}
	return out
}

func position(t, d, size int) float64 {
	angle := float64(t) / math.Pow(10000, float64(d-d%2)/float64(size))
	if d%2 == 0 {
		return math.Sin(angle)
	}
	return math.Cos(angle)
}

var (
	cells = map[string][]int{"x": {3}, "h": {2}}
	even  = map[string][]int{"x": {5, 4}}
)

var seriesCases = []arrayCase{
	{"model M(x: [3], h: [2]) -> n: [2] = RNN[2](x, h)", cells, nil, step(rnn, "RNN1")},
	{"model M(x: [3], h: [2]) -> n: [2] = GRU[2](x, h)", cells, nil, step(gru, "GRU1")},
	{"model M(x: [3], h: [2], c: [2]) -> (hn: [2], cn: [2]) { hn, cn = LSTM[2](x, h, c) }", map[string][]int{"x": {3}, "h": {2}, "c": {2}}, nil, step(lstm, "LSTM1")},
	{"model M(x: [T, 3]) -> y: [T, 2] = x |> RNNs[2]", series, nil, over(rnn, "RNNs1", false)},
	{"model M(x: [T, 3]) -> y: [T, 2] = x |> GRUs[2]", series, nil, over(gru, "GRUs1", false)},
	{"model M(x: [T, 3]) -> y: [T, 2] = x |> LSTMs[2]", series, nil, over(lstm, "LSTMs1", false)},
	{"model M(x: [T, 3]) -> y: [T, 2] = x |> RNNsBack[2]", series, nil, over(rnn, "RNNsBack1", true)},
	{"model M(x: [5, 3]) -> y: [5, 2] = x |> GRUsBack[2]", series, nil, over(gru, "GRUsBack1", true)},
	{"model M(x: [T, 3]) -> y: [T, 2] = x |> LSTMsBack[2]", series, nil, over(lstm, "LSTMsBack1", true)},
	{"model M(x: [T, 3]) -> y: [T, 4] = x |> BiRNN[2]", series, nil, both(rnn, "BiRNN1", "RNNs")},
	{"model M(x: [T, 3]) -> y: [T, 4] = x |> BiGRU[2]", series, nil, both(gru, "BiGRU1", "GRUs")},
	{"model M(x: [T, 3]) -> y: [T, 4] = x |> BiLSTM[2]", series, nil, both(lstm, "BiLSTM1", "LSTMs")},
	{"model M(x: [T, 3]) -> y: [T, 2] = x |> LSTMs[2] |> LSTMs[2]", series, nil, func(p params) []float64 {
		return run(lstm, "LSTMs2.cell", false, p, run(lstm, "LSTMs1.cell", false, p, p["x"])).data
	}},
	{"model M(x: [T, 3]) -> y: [2] { h = x |> GRUs[2];  y = h[T-1] }", series, nil, func(p params) []float64 {
		return run(gru, "GRUs1.cell", false, p, p["x"]).data[8:]
	}},

	{"fn F(q: [T, 3], k: [S, 3], v: [S, 2]) -> y: [T, 2] = attend(q, k, v)", map[string][]int{"q": {2, 3}, "k": {4, 3}, "v": {4, 2}}, nil, func(p params) []float64 {
		return fill([]int{2, 2}, func(o []int) float64 {
			a := prob(fill([]int{4}, func(j []int) float64 {
				return sum(func(e []int) float64 { return p["q"].at(o[0], e[0]) * p["k"].at(j[0], e[0]) / math.Sqrt(3) }, 3)
			}))
			return sum(func(j []int) float64 { return a[j[0]] * p["v"].at(j[0], o[1]) }, 4)
		}).data
	}},
	{"model M(x: [T, 4]) -> y: [T, 4] = x |> Attention[2, 3]", even, nil, func(p params) []float64 {
		return attention(p, "Attention1", p["x"], p["x"], false)
	}},
	{"model M(x: [5, 4]) -> y: [5, 4] = x |> Attention[2, 3, causal = 1]", even, nil, func(p params) []float64 {
		return attention(p, "Attention1", p["x"], p["x"], true)
	}},
	{"model M(x: [T, 4], m: [S, 3]) -> y: [T, 4] = CrossAttention[2, 3](x, m)", map[string][]int{"x": {5, 4}, "m": {2, 3}}, nil, func(p params) []float64 {
		return attention(p, "CrossAttention1", p["x"], p["m"], false)
	}},
	{"model M(x: [T, 4]) -> y: [T, 4] = x |> TransformerBlock[2, 3, 6, causal = 1]", even, nil, func(p params) []float64 {
		const b = "TransformerBlock1."
		n := &array{[]int{5, 4}, rows(p["x"].data, 4, func(r []float64) []float64 { return layerNorm(p, b+"LayerNorm1", r) })}
		a := add(p["x"].data, attention(p, b+"Attention1", n, n, true))
		return add(a, rows(a, 4, func(r []float64) []float64 {
			h := apply(affine(p, b+"Dense1", layerNorm(p, b+"LayerNorm2", r)), func(v float64) float64 { return v * math.Erfc(-v/math.Sqrt2) / 2 })
			return affine(p, b+"Dense2", h)
		}))
	}},
	{"fn F(x: [T, 4]) -> y: [T, 4] = positions(x) + 0*x", even, nil, func(p params) []float64 {
		return fill([]int{5, 4}, func(i []int) float64 { return position(i[0], i[1], 4) }).data
	}},
	{"model M(x: [T, 4]) -> y: [T, 4] = x |> PositionalEncoding", even, nil, func(p params) []float64 {
		return fill([]int{5, 4}, func(i []int) float64 { return p["x"].at(i...) + position(i[0], i[1], 4) }).data
	}},
	{"model M(x: [T, 4]) -> y: [T, 4] where T <= 7 = x |> LearnedPositions[7]", even, nil, func(p params) []float64 {
		return fill([]int{5, 4}, func(i []int) float64 { return p["x"].at(i...) + p["LearnedPositions1.P"].at(i...) }).data
	}},
	{"fn F(x: [T, 4]) -> y: [T, 4] = rotary(x)", even, nil, func(p params) []float64 {
		return fill([]int{5, 4}, func(i []int) float64 {
			angle := float64(i[0]) / math.Pow(10000, float64(i[1]%2)/2)
			other := p["x"].at(i[0], (i[1]+2)%4)
			if i[1] < 2 {
				other = -other
			}
			return p["x"].at(i...)*math.Cos(angle) + other*math.Sin(angle)
		}).data
	}},
}
