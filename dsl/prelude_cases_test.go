package dsl_test

import "math"

func sq(x float64) float64 { return x * x }

func tanh(x float64) float64 { return math.Tanh(x) }

func dot(a, b *array) float64 {
	return sum(func(i []int) float64 { return a.data[i[0]] * b.data[i[0]] }, len(a.data))
}

func minus(a, b *array) *array {
	return fill([]int{len(a.data)}, func(i []int) float64 { return a.data[i[0]] - b.data[i[0]] })
}

func length(a *array) float64 { return math.Sqrt(dot(a, a)) }
func mean(a *array) float64 {
	return sum(func(i []int) float64 { return a.data[i[0]] }, len(a.data)) / float64(len(a.data))
}
func variance(a *array) float64 {
	m := mean(a)
	return sum(func(i []int) float64 { return sq(a.data[i[0]] - m) }, len(a.data)) / float64(len(a.data))
}

func each(a *array, f func(float64) float64) []float64 {
	return fill([]int{len(a.data)}, func(i []int) float64 { return f(a.data[i[0]]) }).data
}

func soft(z []float64) []float64 {
	total := 0.0
	for _, v := range z {
		total += math.Exp(v)
	}
	out := []float64{}
	for _, v := range z {
		out = append(out, math.Exp(v)/total)
	}
	return out
}

// prob makes probabilities of what was drawn, as the sources do by softmax.
func prob(a *array) []float64 { return soft(a.data) }

func one(f func(p params) float64) func(params) []float64 {
	return func(p params) []float64 { return []float64{f(p)} }
}

var (
	x5    = map[string][]int{"x": {5}}
	pair  = map[string][]int{"a": {4}, "b": {4}}
	two   = map[string][]int{"x": {3, 2}, "y": {3, 2}}
	class = map[string]any{"y": 2}
)

var arrayCases = []arrayCase{
	// whole arrays
	{"fn F(x: [N]) = sumsq(x)", x5, nil, one(func(p params) float64 { return dot(p["x"], p["x"]) })},
	{"fn F(x: [N]) = norm(x)", x5, nil, one(func(p params) float64 { return length(p["x"]) })},
	{"fn F(x: [N]) = l1(x)", x5, nil, one(func(p params) float64 {
		return sum(func(i []int) float64 { return math.Abs(p["x"].at(i...)) }, 5)
	})},
	{"fn F(x: [N]) = variance(x)", x5, nil, one(func(p params) float64 { return variance(p["x"]) })},
	{"fn F(x: [N]) = deviation(x)", x5, nil, one(func(p params) float64 { return math.Sqrt(variance(p["x"])) })},
	{"fn F(x: [N]) -> y: [N] = normalize(x)", x5, nil, func(p params) []float64 {
		return each(p["x"], func(v float64) float64 { return v / length(p["x"]) })
	}},
	{"fn F(a: [N], b: [N]) = distance(a, b)", pair, nil, one(func(p params) float64 { return length(minus(p["a"], p["b"])) })},
	{"fn F(a: [N], b: [N]) -> y: [N, N] = outer(a, b)", pair, nil, func(p params) []float64 {
		return fill([]int{4, 4}, func(i []int) float64 { return p["a"].at(i[0]) * p["b"].at(i[1]) }).data
	}},
	{"fn F(a: [3, 3]) = trace(a)", map[string][]int{"a": {3, 3}}, nil, one(func(p params) float64 {
		return sum(func(i []int) float64 { return p["a"].at(i[0], i[0]) }, 3)
	})},
	{"fn F(x: [N]) -> y: [N] = cumsum(x)", x5, nil, func(p params) []float64 {
		return fill([]int{5}, func(i []int) float64 { return sum(p["x"].of, i[0]+1) }).data
	}},
	{"fn F(x: [2*H]) -> y: [H] = glu(x)", map[string][]int{"x": {6}}, nil, gated(logistic)},
	{"fn F(x: [2*H]) -> y: [H] = swiglu(x)", map[string][]int{"x": {6}}, nil, gated(func(v float64) float64 { return v * logistic(v) })},
	{"fn F(x: [2*H]) -> y: [H] = geglu(x)", map[string][]int{"x": {6}}, nil, gated(func(v float64) float64 { return v * math.Erfc(-v/math.Sqrt2) / 2 })},

	// probabilities
	{"fn F(x: [N]) -> y: [N] = softmax(x)", x5, nil, func(p params) []float64 { return prob(p["x"]) }},
	{"fn F(x: [N]) -> y: [N] = log_softmax(x)", x5, nil, func(p params) []float64 {
		return each(&array{nil, prob(p["x"])}, math.Log)
	}},
	{"fn F(x: [N]) -> y: [N] = softmin(x)", x5, nil, func(p params) []float64 {
		return soft(each(p["x"], func(v float64) float64 { return -v }))
	}},
	{"fn F(x: [N]) = entropy(softmax(x))", x5, nil, one(func(p params) float64 {
		return -dot(&array{nil, prob(p["x"])}, &array{nil, each(&array{nil, prob(p["x"])}, math.Log)})
	})},
	{"fn F(x: [N], y: [3] in 4) -> q: [3, 4] { q[n, k] = onehot(y)[n, k] + 0*sum(x) }", x5, map[string]any{"y": []any{0, 3, 1}}, func(params) []float64 {
		return []float64{1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0}
	}},
	{"fn F(x: [5], y: in 5) = correct(x, y) + 0*sum(x)", x5, class, one(func(p params) float64 {
		for _, v := range p["x"].data {
			if v > p["x"].data[2] {
				return 0
			}
		}
		return 1
	})},

	// losses
	{"fn F(x: [N, 2], y: [N, 2]) = mse(x, y)", two, nil, one(func(p params) float64 { return dot(minus(p["x"], p["y"]), minus(p["x"], p["y"])) / 6 })},
	{"fn F(x: [N, 2], y: [N, 2]) = mae(x, y)", two, nil, one(func(p params) float64 {
		return mean(&array{nil, each(minus(p["x"], p["y"]), math.Abs)})
	})},
	{"fn F(x: [5], y: in 5) = multi_hinge(x, y)", x5, class, one(func(p params) float64 {
		return sum(func(i []int) float64 { return max(0, 1+p["x"].at(i...)-p["x"].at(2)) }, 5) - 1
	})},
	{"fn F(x: [5], y: in 5) = crammer_singer(x, y)", x5, class, one(func(p params) float64 {
		best := 0.0
		for k, v := range p["x"].data {
			if k != 2 {
				best = max(best, 1+v-p["x"].at(2))
			}
		}
		return best
	})},
	{"fn F(x: [5], y: in 5) = cross_entropy(softmax(x), y)", x5, class, one(func(p params) float64 { return -math.Log(prob(p["x"])[2]) })},
	{"fn F(x: [5], y: in 5) = cross_entropy_logits(x, y)", x5, class, one(func(p params) float64 { return -math.Log(prob(p["x"])[2]) })},
	{"fn F(a: [4], b: [4]) = cross_entropy_soft(softmax(a), softmax(b))", pair, nil, one(func(p params) float64 {
		return -dot(&array{nil, prob(p["b"])}, &array{nil, each(&array{nil, prob(p["a"])}, math.Log)})
	})},
	{"fn F(x: [5], y: in 5) = cross_entropy_smooth(softmax(x), y)", x5, class, one(func(p params) float64 {
		l := &array{[]int{5}, each(&array{nil, prob(p["x"])}, math.Log)}
		return -(0.9*l.at(2) + 0.1*mean(l))
	})},
	{"fn F(x: [5], y: in 5) = nll(log_softmax(x), y)", x5, class, one(func(p params) float64 { return -math.Log(prob(p["x"])[2]) })},
	{"fn F(a: [4], b: [4]) = kl(softmax(a), softmax(b))", pair, nil, one(func(p params) float64 {
		a, b := prob(p["a"]), prob(p["b"])
		return sum(func(i []int) float64 { return a[i[0]] * math.Log(a[i[0]]/b[i[0]]) }, 4)
	})},
	{"fn F(a: [4], b: [4]) = cosine(a, b)", pair, nil, one(func(p params) float64 { return cosine(p) })},
	{"fn F(a: [4], b: [4]) = cosine_loss(a, b, 1) + 10*cosine_loss(a, b, -1, -2)", pair, nil, one(func(p params) float64 {
		return 1 - cosine(p) + 10*(cosine(p)+2)
	})},
	{"fn F(a: [4], b: [4]) = contrastive(a, b, 1) + 10*contrastive(a, b, 0, 5)", pair, nil, one(func(p params) float64 {
		d := length(minus(p["a"], p["b"]))
		return d*d/2 + 10*sq(max(0, 5-d))/2
	})},
	{"fn F(a: [4], p: [4], n: [4]) = triplet(a, p, n, 3)", map[string][]int{"a": {4}, "p": {4}, "n": {4}}, nil, one(func(p params) float64 {
		return max(0, sq(length(minus(p["a"], p["p"])))-sq(length(minus(p["a"], p["n"])))+3)
	})},
	{"fn F(a: [N, 3], b: [N, 3]) = info_nce(a, b, 0.5)", map[string][]int{"a": {4, 3}, "b": {4, 3}}, nil, one(func(p params) float64 {
		return -sum(func(n []int) float64 {
			z := fill([]int{4}, func(m []int) float64 {
				return sum(func(k []int) float64 { return p["a"].at(n[0], k[0]) * p["b"].at(m[0], k[0]) / 0.5 }, 3)
			})
			return math.Log(prob(z)[n[0]]) / 4
		}, 4)
	})},
	{"fn F(x: [N, 2], y: [N, 2]) = dice(sigmoid(x), sigmoid(y))", two, nil, one(func(p params) float64 {
		a, b := &array{nil, each(p["x"], logistic)}, &array{nil, each(p["y"], logistic)}
		return 1 - (2*dot(a, b)+1)/(6*mean(a)+6*mean(b)+1)
	})},
}

// of reads a vector, for [sum].
func (a *array) of(i []int) float64 { return a.at(i...) }

func cosine(p params) float64 { return dot(p["a"], p["b"]) / (length(p["a"]) * length(p["b"])) }

func gated(f func(float64) float64) func(params) []float64 {
	return func(p params) []float64 {
		return fill([]int{3}, func(i []int) float64 { return p["x"].at(i[0]) * f(p["x"].at(i[0]+3)) }).data
	}
}
